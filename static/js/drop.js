// <gx-drop>: files dropped on the frame go into the file input inside it.
class Drop extends HTMLElement {
  connectedCallback() {
    const input = this.querySelector("input[type=file]");
    const over = (on) => (event) => {
      event.preventDefault();
      this.classList.toggle("over", on);
    };
    this.addEventListener("dragover", over(true));
    this.addEventListener("dragleave", over(false));
    this.addEventListener("drop", (event) => {
      over(false)(event);
      if (!event.dataTransfer.files.length) return;
      input.files = event.dataTransfer.files;
      input.dispatchEvent(new Event("change", { bubbles: true }));
    });
    input.addEventListener("change", () => this.show(input));
  }

  show(input) {
    const size = new Intl.NumberFormat(document.documentElement.lang, { style: "unit", unit: "kilobyte", maximumFractionDigits: 0 });
    const names = [...input.files].map((file) => `${file.name} · ${size.format(Math.max(1, file.size / 1000))}`);
    this.querySelector("[data-drop-name]").textContent = names.join(", ");
  }
}

customElements.define("gx-drop", Drop);
