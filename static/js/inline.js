// Inline edit: the field takes the focus, Escape cancels, and the focus returns to the pencil.
document.addEventListener("htmx:load", (event) => {
  const form = event.target.querySelector?.("[data-inline-form]");
  if (form) {
    const field = form.querySelector("input:not([type=hidden]), select, textarea");
    field?.focus();
    field?.select?.();
  } else if (event.target.matches?.("[data-inline]")) {
    event.target.querySelector(".field-edit")?.focus();
  }
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || event.defaultPrevented) return;
  event.target.closest?.("[data-inline-form]")?.querySelector("[data-inline-cancel]")?.click();
});
