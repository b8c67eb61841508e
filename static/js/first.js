// Runs before the first paint: says that scripts work, and restores what this device remembers.
(() => {
  const root = document.documentElement;
  root.classList.add("js");
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  const apply = () => {
    const theme = root.dataset.theme;
    root.dataset.bsTheme = theme === "system" ? (dark.matches ? "dark" : "light") : theme;
  };
  apply();
  dark.addEventListener("change", apply);
  new MutationObserver(apply).observe(root, { attributes: true, attributeFilter: ["data-theme"] });
  try {
    if (localStorage.getItem("gx-nav") === "folded") root.dataset.nav = "folded";
  } catch {
    // Storage may be forbidden; the menu is then unfolded on each page.
  }
})();
