// <gx-combobox data-source="/…/options/">: a <select> that can be searched (ARIA combobox with
// list). The select stays the field that is sent; without script it is all there is.
import { say } from "./strings.js";

let serial = 0;

export class Combobox extends HTMLElement {
  connectedCallback() {
    this.select = this.querySelector("select");
    if (!this.select || this.input) return;
    this.key = `combo-${++serial}`;
    this.build();
    this.mirror();
  }

  build() {
    const select = this.select;
    this.input = document.createElement("input");
    Object.assign(this.input, { type: "text", id: `${select.id}-search`, autocomplete: "off", className: select.className, disabled: select.disabled, placeholder: select.dataset.placeholder ?? "" });
    const list = (this.list = document.createElement("ul"));
    Object.assign(list, { className: "combo-list", id: `${this.key}-list`, hidden: true });
    list.setAttribute("role", "listbox");
    const attributes = { role: "combobox", "aria-expanded": "false", "aria-controls": list.id, "aria-autocomplete": "list" };
    for (const name of ["aria-describedby", "aria-invalid", "aria-label"]) {
      if (select.hasAttribute(name)) attributes[name] = select.getAttribute(name);
    }
    if (select.required) attributes["aria-required"] = "true";
    for (const [name, value] of Object.entries(attributes)) this.input.setAttribute(name, value);
    const label = document.querySelector(`label[for="${CSS.escape(select.id)}"]`);
    if (label) {
      label.htmlFor = this.input.id;
      label.id ||= `${this.key}-label`;
      list.setAttribute("aria-labelledby", label.id);
    } else list.setAttribute("aria-label", select.getAttribute("aria-label") ?? "");
    // Browsers cannot show their own complaint on a field that is not displayed.
    select.required = false;
    select.classList.add("replaced");
    this.append(this.input, list);
    this.listen();
  }

  listen() {
    this.input.addEventListener("input", () => this.ask());
    this.input.addEventListener("keydown", (event) => this.onKey(event));
    this.input.addEventListener("click", () => this.ask("", 0));
    this.input.addEventListener("focus", () => this.input.select());
    this.input.addEventListener("blur", () => setTimeout(() => this.close(), 120));
    this.list.addEventListener("pointerdown", (event) => event.preventDefault());
    this.list.addEventListener("click", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) this.pick(option);
    });
  }

  mirror() {
    const chosen = this.select.selectedOptions[0];
    this.input.value = chosen?.value ? chosen.textContent.trim() : "";
  }

  ask(question = this.input.value.trim(), delay = 150) {
    clearTimeout(this.timer);
    this.question = question;
    if (!this.dataset.source) return this.show(this.local(question));
    this.pending = true;
    this.timer = setTimeout(() => this.fetch(question), delay);
  }

  local(question) {
    const fold = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
    const wanted = fold(question);
    return [...this.select.options].filter((option) => fold(option.textContent).includes(wanted)).slice(0, 200);
  }

  async fetch(question) {
    this.stop?.abort();
    this.stop = new AbortController();
    const address = new URL(this.dataset.source, location.href);
    address.searchParams.set("q", question);
    try {
      const answer = await fetch(address, { headers: { "HX-Request": "true" }, signal: this.stop.signal });
      if (!answer.ok) throw new Error(String(answer.status));
      const page = new DOMParser().parseFromString(`<select>${await answer.text()}</select>`, "text/html");
      const empty = [...this.select.options].filter((option) => !option.value && !question);
      this.show([...empty, ...page.querySelectorAll("option")]);
    } catch (error) {
      if (error.name !== "AbortError") this.note(say("failed"));
    }
  }

  show(options) {
    this.list.replaceChildren(...options.map((option, index) => this.line(option, index)));
    if (!options.length) return this.note(say("noResults"));
    this.open();
    this.activate(this.question ? 0 : Math.max(0, options.findIndex((option) => option.value === this.select.value)));
    this.settle();
  }

  // Enter pressed before the answer came takes the first line of that answer.
  settle() {
    this.pending = false;
    if (this.wanted && this.active) this.pick(this.active);
    this.wanted = false;
  }

  line(option, index) {
    const line = document.createElement("li");
    line.id = `${this.key}-${index}`;
    line.dataset.value = option.value;
    line.dataset.label = option.textContent.trim();
    line.setAttribute("role", "option");
    line.setAttribute("aria-selected", String(option.value === this.select.value));
    line.textContent = option.textContent.trim() || "–";
    if (option.dataset.meta) {
      const note = document.createElement("span");
      note.className = "meta";
      note.textContent = option.dataset.meta;
      line.append(note);
    }
    return line;
  }

  note(text) {
    const line = document.createElement("li");
    line.className = "combo-note";
    line.setAttribute("role", "option");
    line.setAttribute("aria-disabled", "true");
    line.textContent = text;
    this.list.replaceChildren(line);
    this.active = undefined;
    this.open();
    this.settle();
  }

  open() {
    this.list.hidden = false;
    this.input.setAttribute("aria-expanded", "true");
  }

  close() {
    if (this.list.hidden) return;
    this.list.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
    this.mirror();
  }

  activate(index) {
    const lines = [...this.list.querySelectorAll("[role=option]:not([aria-disabled])")];
    if (!lines.length) return;
    this.at = (index + lines.length) % lines.length;
    lines.forEach((line, i) => line.classList.toggle("active", i === this.at));
    this.active = lines[this.at];
    this.input.setAttribute("aria-activedescendant", this.active.id);
    this.active.scrollIntoView({ block: "nearest" });
  }

  pick(line) {
    if (line.hasAttribute("aria-disabled")) return;
    const { value, label } = line.dataset;
    if (![...this.select.options].some((option) => option.value === value)) this.select.add(new Option(label, value));
    this.select.value = value;
    this.select.dispatchEvent(new Event("input", { bubbles: true }));
    this.select.dispatchEvent(new Event("change", { bubbles: true }));
    this.close();
    this.mirror();
  }

  onKey(event) {
    if (event.isComposing) return;
    const open = !this.list.hidden;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (open) this.activate(this.at + (event.key === "ArrowDown" ? 1 : -1));
      else this.ask("", 0);
    } else if (event.key === "Enter" && open && !event.ctrlKey && !event.metaKey) {
      if (this.pending) this.wanted = true;
      else if (this.active) this.pick(this.active);
    } else if (event.key === "Escape" && open) this.close();
    else return;
    event.preventDefault();
  }
}

customElements.define("gx-combobox", Combobox);
