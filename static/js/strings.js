// Translated sentences, which the server wrote into the page.
export function say(name, ...values) {
  const text = document.getElementById("gx-strings")?.dataset[name] ?? "";
  return text.replace(/%(s|\d)/g, (_, which) => values[which === "s" ? 0 : Number(which) - 1] ?? "");
}

export function csrfToken() {
  const headers = document.body.getAttribute("data-hx-headers");
  return headers ? JSON.parse(headers)["X-CSRFToken"] : "";
}
