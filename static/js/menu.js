// Menus are popovers and open without script; here: arrow keys, and a place where the browser
// cannot anchor them itself.
const anchored = CSS.supports("position-area: block-end");

function choices(menu) {
  return [...menu.querySelectorAll("a[href], button:not([disabled])")].filter((item) => item.offsetParent !== null || item.getClientRects().length);
}

function place(menu, button) {
  const box = button.getBoundingClientRect();
  const size = menu.getBoundingClientRect();
  const end = menu.classList.contains("end");
  const left = end ? box.right - size.width : box.left;
  const below = box.bottom + size.height < window.innerHeight || box.top < size.height;
  menu.style.setProperty("left", `${Math.max(8, Math.min(left, window.innerWidth - size.width - 8))}px`);
  menu.style.setProperty("top", `${below ? box.bottom : box.top - size.height - 8}px`);
}

document.addEventListener("toggle", (event) => {
  const menu = event.target;
  if (!menu.matches?.("[data-menu]")) return;
  const button = document.querySelector(`[popovertarget="${CSS.escape(menu.id)}"]`);
  const open = event.newState === "open";
  button?.setAttribute("aria-expanded", String(open));
  if (!open) return;
  if (!anchored && button) place(menu, button);
  if (button?.matches(":focus-visible")) choices(menu)[0]?.focus();
}, true);

document.addEventListener("keydown", (event) => {
  const menu = event.target.closest?.("[data-menu]");
  if (!menu) return openWithArrow(event);
  const items = choices(menu);
  const at = items.indexOf(document.activeElement);
  const next = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 }[event.key];
  if (next === undefined || event.target.matches("input, textarea, select")) return;
  event.preventDefault();
  items.at(next % items.length)?.focus();
});

function openWithArrow(event) {
  if (event.key !== "ArrowDown" || !event.target.matches?.("button[popovertarget]")) return;
  const menu = document.getElementById(event.target.getAttribute("popovertarget"));
  if (!menu?.matches("[data-menu]")) return;
  event.preventDefault();
  menu.showPopover({ source: event.target });
  choices(menu)[0]?.focus();
}
