// <gx-combobox-many>: a <select multiple> that can be searched. What is chosen stands above the
// field, each with a button that takes it off; Backspace in the empty field takes off the last.
import { Combobox } from "./combobox.js";
import { say } from "./strings.js";

class ComboboxMany extends Combobox {
  build() {
    super.build();
    this.tags = document.createElement("ul");
    this.tags.className = "combo-tags";
    this.prepend(this.tags);
    this.tags.addEventListener("click", (event) => {
      const button = event.target.closest("button");
      if (button) this.choose(button.dataset.value, false);
    });
    this.input.addEventListener("keydown", (event) => {
      const last = this.select.selectedOptions[this.select.selectedOptions.length - 1];
      if (event.key === "Backspace" && !this.input.value && last) this.choose(last.value, false);
    });
  }

  mirror() {
    this.input.value = "";
    const chosen = [...this.select.selectedOptions];
    this.tags.hidden = !chosen.length;
    this.tags.replaceChildren(...chosen.map((option) => this.tag(option)));
  }

  tag(option) {
    const tag = document.createElement("li");
    tag.className = "chip";
    const text = document.createElement("span");
    text.className = "chip-text";
    text.textContent = option.textContent.trim();
    const button = document.createElement("button");
    Object.assign(button, { type: "button", className: "chip-remove", textContent: "×" });
    button.setAttribute("aria-label", say("remove", text.textContent));
    button.dataset.value = option.value;
    tag.append(text, button);
    return tag;
  }

  local(question) {
    return super.local(question).filter((option) => !option.selected);
  }

  pick(line) {
    if (!line.hasAttribute("aria-disabled")) this.choose(line.dataset.value, true);
  }

  choose(value, selected) {
    const option = [...this.select.options].find((one) => one.value === value);
    if (!option) return;
    option.selected = selected;
    this.select.dispatchEvent(new Event("input", { bubbles: true }));
    this.select.dispatchEvent(new Event("change", { bubbles: true }));
    this.close();
    this.mirror();
    this.input.focus();
  }
}

customElements.define("gx-combobox-many", ComboboxMany);
