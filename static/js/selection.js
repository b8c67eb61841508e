// <gx-selection>: rows of a table chosen one by one, all of the page, or all results.
import { say } from "./strings.js";

const number = new Intl.NumberFormat(document.documentElement.lang || "en");

class Selection extends HTMLElement {
  connectedCallback() {
    this.addEventListener("change", (event) => {
      if (event.target.matches("[data-select-page]")) this.setPage(event.target.checked);
      else if (event.target.matches("[name=selected]")) this.setAll(false);
    });
    this.addEventListener("click", (event) => {
      if (event.target.closest("[data-select-all]")) this.setAll(true);
      else if (event.target.closest("[data-select-none]")) this.setPage(false);
      else this.range(event);
    });
    this.update();
  }

  get boxes() {
    return [...this.querySelectorAll("[name=selected]")];
  }

  // Shift+click takes every row between.
  range(event) {
    if (!event.target.matches?.("[name=selected]")) return;
    const boxes = this.boxes;
    const at = boxes.indexOf(event.target);
    if (event.shiftKey && this.last !== undefined) {
      const [from, to] = [Math.min(at, this.last), Math.max(at, this.last)];
      boxes.slice(from, to + 1).forEach((box) => { box.checked = event.target.checked; });
      this.update();
    }
    this.last = at;
  }

  setPage(checked) {
    this.boxes.forEach((box) => { box.checked = checked; });
    this.setAll(false);
  }

  setAll(all) {
    const field = this.querySelector("[data-all-results]");
    if (field) field.value = all ? "1" : "";
    this.update();
  }

  update() {
    const boxes = this.boxes;
    const some = boxes.filter((box) => box.checked).length;
    const all = this.querySelector("[data-all-results]")?.value === "1";
    const head = this.querySelector("[data-select-page]");
    if (head) {
      head.checked = some > 0 && some === boxes.length;
      head.indeterminate = some > 0 && some < boxes.length;
    }
    this.toggleAttribute("data-some", some > 0);
    const offer = this.querySelector("[data-select-all]");
    if (offer) offer.hidden = all || some < boxes.length || Number(this.dataset.total) <= some;
    const label = this.querySelector("[data-selection-count]");
    if (label) label.textContent = say("selected", number.format(all ? this.dataset.total : some));
  }
}

customElements.define("gx-selection", Selection);
