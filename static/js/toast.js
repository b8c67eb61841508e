// Notices: made here, or written by the server. Those with Undo and errors stay until dismissed.
const LASTS = 7000;

export function toast(text, level = "info") {
  const region = document.getElementById("toasts");
  const model = document.getElementById("gx-toast");
  if (!region || !model) return;
  const notice = model.content.cloneNode(true).firstElementChild;
  notice.classList.remove("info");
  notice.classList.add(level);
  notice.querySelector("[data-toast-text]").textContent = text;
  region.append(notice);
  watch(notice);
}

function leave(notice) {
  notice.classList.add("leaving");
  setTimeout(() => notice.remove(), 220);
}

function watch(notice) {
  if (notice.dataset.watched || notice.querySelector("form") || notice.matches(".error, .warning")) return;
  notice.dataset.watched = "1";
  let timer = setTimeout(() => leave(notice), LASTS);
  const hold = () => clearTimeout(timer);
  const release = () => { timer = setTimeout(() => leave(notice), LASTS); };
  notice.addEventListener("pointerenter", hold);
  notice.addEventListener("focusin", hold);
  notice.addEventListener("pointerleave", release);
  notice.addEventListener("focusout", release);
}

document.addEventListener("click", (event) => {
  const close = event.target.closest("[data-toast-close]");
  if (close) leave(close.closest("[data-toast]"));
});

const region = document.getElementById("toasts");
if (region) {
  region.querySelectorAll("[data-toast]").forEach(watch);
  new MutationObserver(() => region.querySelectorAll("[data-toast]").forEach(watch)).observe(region, { childList: true });
}
