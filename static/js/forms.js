// Forms: submit once, ask before leaving with changes, save with Ctrl+Enter, filter as one chooses.
import { say } from "./strings.js";

let leaving = false;

function changed(form) {
  return form.hasAttribute("data-changed");
}

document.addEventListener("input", (event) => {
  event.target.closest?.("form[data-guard]")?.setAttribute("data-changed", "");
});

window.addEventListener("beforeunload", (event) => {
  if (!leaving && document.querySelector("form[data-guard][data-changed]")) {
    event.preventDefault();
    event.returnValue = say("unsaved");
  }
});

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.hasAttribute("data-sent")) {
    event.preventDefault();
    return;
  }
  // After other listeners: one of them may have taken the form over.
  setTimeout(() => {
    if (event.defaultPrevented) return;
    leaving = true;
    if (form.method === "get" || form.method === "dialog") return;
    form.setAttribute("data-sent", "");
    event.submitter?.setAttribute("aria-busy", "true");
    document.documentElement.classList.add("busy");
  });
});

// Coming back by the Back button finds the form usable again.
window.addEventListener("pageshow", () => {
  leaving = false;
  document.documentElement.classList.remove("busy");
  document.querySelectorAll("form[data-sent]").forEach((form) => form.removeAttribute("data-sent"));
  document.querySelectorAll("form [aria-busy]").forEach((button) => button.removeAttribute("aria-busy"));
});

document.addEventListener("htmx:afterRequest", (event) => {
  // data-unsaved: the server worked something out for this form and saved nothing.
  const form = event.target.closest?.("form[data-changed]:not([data-unsaved])");
  if (form && event.detail.successful) form.removeAttribute("data-changed");
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
  const form = event.target.closest?.("form");
  if (form) {
    event.preventDefault();
    form.requestSubmit();
  }
});

// <form data-autosubmit>: choosing submits at once, typing after a pause.
let waiting;
function autosubmit(event, delay) {
  const form = event.target.closest?.("form[data-autosubmit]") ?? event.target.form?.closest?.("form[data-autosubmit]");
  if (!form) return;
  clearTimeout(waiting);
  waiting = setTimeout(() => form.requestSubmit(), delay);
}
document.addEventListener("change", (event) => event.target.matches("select, [type=checkbox], [type=radio], [type=date]") && autosubmit(event, 0));
document.addEventListener("input", (event) => event.target.matches("[type=search], [type=text]") && autosubmit(event, 400));

document.querySelector("[data-error-summary]")?.focus();
