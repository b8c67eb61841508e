// Keys: "/" search, "?" help, "g" then a letter goes to a page, "n" then a letter makes something.
let first = "";
let firstAt = 0;

function typing(target) {
  return target.closest?.("input, textarea, select, [contenteditable], [role=listbox]");
}

function follow(selector) {
  const link = document.querySelector(selector);
  link?.click();
  return Boolean(link);
}

function searchHere() {
  const field = document.querySelector("main [data-page-search], main input[type=search]");
  if (field) {
    field.focus();
    field.select();
    return true;
  }
  return follow("[data-palette-open]");
}

function openHelp() {
  const dialog = document.getElementById("shortcuts-dialog");
  if (dialog && !dialog.open) dialog.showModal();
}

const newThings = { c: "customer", p: "contact", d: "deal", t: "task", a: "activity" };

function second(key) {
  if (first === "g") return follow(`[data-go="${CSS.escape(key)}"]`);
  if (first === "n" && newThings[key]) return follow(`#create-menu [data-new="${newThings[key]}"]`);
  return false;
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.defaultPrevented) return;
  if (typing(event.target) || document.querySelector("dialog[open]")) return;
  let done = false;
  if (first && Date.now() - firstAt < 1200) {
    done = second(event.key);
    first = "";
  } else if (event.key === "/") done = searchHere();
  else if (event.key === "?") { openHelp(); done = true; }
  else if (event.key === "g" || event.key === "n") { first = event.key; firstAt = Date.now(); }
  if (done) event.preventDefault();
});

document.addEventListener("click", (event) => {
  if (!event.target.closest("[data-shortcuts-open]")) return;
  event.target.closest("[popover]")?.hidePopover();
  openHelp();
});
