// <gx-stage-path>: the arrow keys walk along the stages, and the current one is in view.
class StagePath extends HTMLElement {
  connectedCallback() {
    this.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
    this.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (!step) return;
      const buttons = [...this.querySelectorAll("button.stage")];
      const next = buttons[buttons.indexOf(document.activeElement) + step];
      if (next) {
        event.preventDefault();
        next.focus();
      }
    });
  }
}

customElements.define("gx-stage-path", StagePath);
