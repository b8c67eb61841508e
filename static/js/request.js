// What happens around every htmx request: the bar at the top, and words when one fails.
import { toast } from "./toast.js";
import { say } from "./strings.js";

let running = 0;
function count(change) {
  running = Math.max(0, running + change);
  document.documentElement.classList.toggle("busy", running > 0);
}

const quiet = (event) => event.detail.elt?.matches?.("[data-hx-trigger^='every']");
document.addEventListener("htmx:beforeRequest", (event) => quiet(event) || count(1));
document.addEventListener("htmx:afterRequest", (event) => quiet(event) || count(-1));

export function failureText(status, answer = "") {
  if (status === 401) return say("signedOut");
  if (status === 403) return answer || say("forbidden");
  if (status === 404 || status === 410) return say("gone");
  return answer || say("failed");
}

document.addEventListener("htmx:responseError", (event) => toast(failureText(event.detail.xhr.status), "error"));
document.addEventListener("htmx:sendError", () => toast(say("network"), "error"));
document.addEventListener("htmx:timeout", () => toast(say("network"), "error"));

// A session that ended answers with the sign-in page; that must not land inside this one.
document.addEventListener("htmx:beforeSwap", (event) => {
  const address = event.detail.xhr.responseURL;
  if (address && new URL(address).pathname.startsWith("/accounts/login")) {
    event.detail.shouldSwap = false;
    toast(say("signedOut"), "warning");
  }
});

// Links and forms show that they are under way, for servers far away.
window.addEventListener("pagehide", () => document.documentElement.classList.remove("busy"));
