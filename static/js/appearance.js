// Theme, density and the folded menu change at once; the server is told where it keeps them.
const root = document.documentElement;

document.addEventListener("submit", (event) => {
  const form = event.target.closest("[data-appearance]");
  const button = event.submitter;
  if (!form || !["theme", "density"].includes(button?.name)) return;
  event.preventDefault();
  root.dataset[button.name] = button.value;
  for (const other of form.querySelectorAll(`[name="${button.name}"]`)) {
    other.setAttribute("aria-pressed", String(other === button));
  }
  const address = form.getAttribute("action");
  if (!address) return;
  const data = new FormData(form);
  data.set(button.name, button.value);
  fetch(address, { method: "POST", body: data, headers: { "X-Requested-With": "fetch" } });
});

function fold(folded) {
  root.toggleAttribute("data-nav", folded);
  if (folded) root.dataset.nav = "folded";
  document.querySelector("[data-nav-fold]")?.setAttribute("aria-pressed", String(folded));
}

document.addEventListener("click", (event) => {
  if (!event.target.closest("[data-nav-fold]")) return;
  fold(root.dataset.nav !== "folded");
  try {
    localStorage.setItem("gx-nav", root.dataset.nav ?? "");
  } catch {
    // Storage may be forbidden; the fold then lasts for this page.
  }
});
fold(root.dataset.nav === "folded");
