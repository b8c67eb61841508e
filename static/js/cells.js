// Inline edit in a list: double click or Enter on a cell whose head says how it is edited. One cell
// of the table is in the tab order; arrow keys walk through the others.
import { csrfToken, say } from "./strings.js";
import { failureText } from "./request.js";
import { toast } from "./toast.js";

const source = document.querySelector("[data-cell-url]");
const table = document.getElementById("list");
const columns = (source?.dataset.cellColumns ?? "").split(" ");
const firstCell = source ? Number(source.dataset.cellStart) : 0;

const columnOf = (cell) => columns[cell.cellIndex - firstCell] ?? "-";
const editable = (cell) => cell && columnOf(cell) !== "-" && cell.cellIndex >= firstCell;
const cells = () => [...table.tBodies[0].querySelectorAll("td[tabindex]")];

function address(cell) {
  const row = cell.closest("tr");
  return source.dataset.cellUrl.replace("/0/", `/${row.dataset.row}/`).replace("COLUMN", columnOf(cell));
}

async function open(cell) {
  if (!editable(cell) || cell.dataset.was !== undefined) return;
  const answer = await fetch(address(cell), { headers: { "HX-Request": "true" } }).catch(() => null);
  if (!answer || !answer.ok || answer.redirected) {
    toast(answer ? failureText(answer.redirected ? 401 : answer.status) : say("network"), "error");
    return;
  }
  cell.dataset.was = cell.innerHTML;
  show(cell, await answer.text());
}

function show(cell, html) {
  cell.innerHTML = html;
  const field = cell.querySelector("input:not([type=hidden]), select, textarea");
  field?.focus();
  field?.select?.();
}

function close(cell, html) {
  cell.innerHTML = html ?? cell.dataset.was;
  delete cell.dataset.was;
  cell.focus();
}

async function save(cell, form) {
  const body = new FormData(form);
  const answer = await fetch(address(cell), { method: "POST", body, headers: { "X-CSRFToken": csrfToken() } }).catch(() => null);
  if (!answer) return toast(say("network"), "error");
  if (answer.status === 409 || answer.status === 422) return show(cell, await answer.text());
  if (!answer.ok || answer.redirected) return toast(failureText(answer.redirected ? 401 : answer.status), "error");
  const data = await answer.json();
  if (data.gone) return cell.closest("tr").remove();
  cell.closest("tr").dataset.version = data.version;
  return close(cell, data.html);
}

function walk(cell, key) {
  const all = cells();
  const step = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: columns.filter((c) => c !== "-").length, ArrowUp: -columns.filter((c) => c !== "-").length }[key];
  const next = all[all.indexOf(cell) + step];
  if (!next) return;
  cell.tabIndex = -1;
  next.tabIndex = 0;
  next.focus();
}

if (source && table?.tBodies[0]) {
  [...table.tBodies[0].rows].forEach((row) => [...row.cells].filter(editable).forEach((cell) => { cell.tabIndex = -1; }));
  const first = cells()[0];
  if (first) first.tabIndex = 0;
  table.addEventListener("dblclick", (event) => open(event.target.closest("td")));
  table.addEventListener("submit", (event) => {
    event.preventDefault();
    save(event.target.closest("td"), event.target);
  });
  table.addEventListener("click", (event) => {
    if (event.target.closest("[data-cell-cancel]")) close(event.target.closest("td"));
  });
  table.addEventListener("keydown", (event) => {
    const cell = event.target.closest("td");
    if (!cell) return;
    if (cell.dataset.was !== undefined) {
      if (event.key === "Escape") close(cell);
    } else if (event.target === cell && event.key === "Enter") {
      event.preventDefault();
      open(cell);
    } else if (event.target === cell && event.key.startsWith("Arrow")) {
      event.preventDefault();
      walk(cell, event.key);
    }
  });
}
