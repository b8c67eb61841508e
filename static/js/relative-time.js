// <time data-relative>: "3 hours ago" for the last week, in the page's language.
const units = [["day", 86400], ["hour", 3600], ["minute", 60]];
const words = new Intl.RelativeTimeFormat(document.documentElement.lang || "en", { numeric: "auto" });

function show(element) {
  const seconds = (new Date(element.dateTime) - Date.now()) / 1000;
  if (Number.isNaN(seconds) || Math.abs(seconds) > 7 * 86400) return;
  const [unit, size] = units.find(([, size]) => Math.abs(seconds) >= size) ?? ["minute", 60];
  element.textContent = words.format(Math.round(seconds / size), unit);
}

function showAll(root) {
  root.querySelectorAll?.("time[data-relative]").forEach(show);
}

showAll(document);
document.addEventListener("htmx:load", (event) => showAll(event.target));
setInterval(() => showAll(document), 60000);
