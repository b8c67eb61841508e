// <gx-palette data-src="/search/">: Ctrl+K. The server answers ?q=…&palette=1 with links; an empty
// question brings what was used last.
import { failureText } from "./request.js";
import { say } from "./strings.js";

class Palette extends HTMLElement {
  connectedCallback() {
    this.dialog = this.querySelector("dialog");
    this.input = this.querySelector("input");
    this.list = this.querySelector("[role=listbox]");
    this.status = this.querySelector("[data-palette-status]");
    this.input.addEventListener("input", () => this.ask());
    this.input.addEventListener("keydown", (event) => this.key(event));
    this.dialog.addEventListener("close", () => this.stop?.abort());
    document.addEventListener("keydown", (event) => {
      if ((event.ctrlKey || event.metaKey) && !event.shiftKey && event.key.toLowerCase() === "k") {
        event.preventDefault();
        this.open();
      }
    });
    document.addEventListener("click", (event) => {
      const plain = !event.ctrlKey && !event.metaKey && !event.shiftKey;
      if (plain && event.target.closest("[data-palette-open]")) {
        event.preventDefault();
        this.open();
      }
    });
  }

  open() {
    if (this.dialog.open) return;
    this.dialog.showModal();
    this.input.focus();
    this.input.select();
    this.ask(0);
  }

  ask(delay = 120) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.fetch(), delay);
  }

  async fetch() {
    this.stop?.abort();
    this.stop = new AbortController();
    const address = new URL(this.dataset.src, location.href);
    address.searchParams.set("q", this.input.value.trim());
    address.searchParams.set("palette", "1");
    try {
      const answer = await fetch(address, { headers: { "HX-Request": "true" }, signal: this.stop.signal });
      if (answer.redirected || !answer.ok) this.note(failureText(answer.redirected ? 401 : answer.status));
      else this.show(await answer.text());
    } catch (error) {
      if (error.name !== "AbortError") this.note(say("network"));
    }
  }

  show(html) {
    this.list.innerHTML = html;
    this.options = [...this.list.querySelectorAll("a[href]")];
    this.options.forEach((option, index) => {
      option.id = `palette-option-${index}`;
      option.setAttribute("role", "option");
      option.tabIndex = -1;
    });
    if (this.options.length) {
      this.status.textContent = say("results", this.options.length);
      this.choose(0);
    } else this.note(this.list.textContent.trim() || say("noResults"));
  }

  note(text) {
    this.options = [];
    this.input.removeAttribute("aria-activedescendant");
    const line = document.createElement("div");
    line.className = "combo-note";
    line.textContent = text;
    this.list.replaceChildren(line);
    this.status.textContent = text;
  }

  choose(index) {
    if (!this.options?.length) return;
    this.at = (index + this.options.length) % this.options.length;
    this.options.forEach((option, i) => option.setAttribute("aria-selected", String(i === this.at)));
    this.input.setAttribute("aria-activedescendant", this.options[this.at].id);
    this.options[this.at].scrollIntoView({ block: "nearest" });
  }

  key(event) {
    if (event.isComposing) return;
    if (event.key === "ArrowDown") this.choose(this.at + 1);
    else if (event.key === "ArrowUp") this.choose(this.at - 1);
    else if (event.key === "Enter") this.options?.[this.at]?.click();
    // A search field would only empty itself.
    else if (event.key === "Escape") this.dialog.close();
    else return;
    event.preventDefault();
  }
}

customElements.define("gx-palette", Palette);
