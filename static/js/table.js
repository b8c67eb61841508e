// A table wider than its frame scrolls inside it, and then cannot stick to the page.
const frames = new ResizeObserver((entries) => {
  for (const { target } of entries) {
    const frame = target.closest(".table-frame");
    frame.classList.toggle("scrolls", target.firstElementChild.scrollWidth > frame.clientWidth + 1);
  }
});

function watch(root) {
  root.querySelectorAll?.(".table-frame.sticky-head > .table-scroll").forEach((area) => frames.observe(area));
}
watch(document);
document.addEventListener("htmx:load", (event) => watch(event.target));
