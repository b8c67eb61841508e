// [data-copy="text"]: copies, and says so.
import { toast } from "./toast.js";
import { say } from "./strings.js";

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  try {
    await navigator.clipboard.writeText(button.dataset.copy);
    toast(say("copied"), "success");
  } catch {
    toast(say("failed"), "error");
  }
});
