// Entry: small behaviours for every page at once, larger elements when a page has them.
import "./menu.js";
import "./dialog.js";
import "./toast.js";
import "./request.js";
import "./forms.js";
import "./shortcuts.js";
import "./appearance.js";
import "./relative-time.js";
import "./copy.js";
import "./table.js";
import "./inline.js";

const elements = {
  "gx-palette": () => import("./palette.js"),
  "gx-combobox": () => import("./combobox.js"),
  "gx-combobox-many": () => import("./combobox-many.js"),
  "gx-kanban": () => import("./kanban.js"),
  "gx-selection": () => import("./selection.js"),
  "gx-stage-path": () => import("./stage-path.js"),
  "gx-drop": () => import("./drop.js"),
};

function loadElements(root) {
  for (const [name, load] of Object.entries(elements)) {
    if (!customElements.get(name) && (root.matches?.(name) || root.querySelector(name))) load();
  }
}

loadElements(document);
document.addEventListener("htmx:load", (event) => loadElements(event.target));
