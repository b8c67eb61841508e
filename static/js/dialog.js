// Native dialogs: [data-dialog-open="id"] opens, [data-dialog-close] and a click outside close.
document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-dialog-open]");
  if (opener) {
    const dialog = document.getElementById(opener.dataset.dialogOpen);
    opener.closest("[popover]")?.hidePopover();
    if (dialog && !dialog.open) {
      event.preventDefault();
      dialog.showModal();
    }
    return;
  }
  if (event.target.closest("[data-dialog-close]")) event.target.closest("dialog")?.close();
});

// A press that began inside (say, selecting text) must not close the dialog when it ends outside.
let pressed = null;
document.addEventListener("pointerdown", (event) => { pressed = event.target; });
document.addEventListener("click", (event) => {
  if (event.target.matches("dialog") && pressed === event.target && !event.target.querySelector("[data-changed]")) event.target.close();
});

function showMarked(root) {
  const found = [...root.querySelectorAll("dialog[data-dialog-show]")];
  if (root.matches?.("dialog[data-dialog-show]")) found.push(root);
  for (const dialog of found) {
    dialog.removeAttribute("data-dialog-show");
    dialog.removeAttribute("open");
    dialog.showModal();
  }
}
showMarked(document);
document.addEventListener("htmx:load", (event) => showMarked(event.target));
