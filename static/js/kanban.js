// <gx-kanban data-move-url>: cards move by pointer or keys. The server decides: when it refuses,
// the card goes back and the answer says why.
import { csrfToken, say } from "./strings.js";
import { failureText } from "./request.js";
import { toast } from "./toast.js";

const THRESHOLD = 6;

class Kanban extends HTMLElement {
  connectedCallback() {
    this.addEventListener("pointerdown", (event) => this.press(event));
    this.addEventListener("keydown", (event) => this.onKey(event));
    this.addEventListener("click", (event) => this.onClick(event));
    this.addEventListener("submit", (event) => this.onMenu(event));
    this.columns.forEach((column) => { column.dataset.shown = column.querySelectorAll("[data-card]").length; });
  }

  get columns() {
    return [...this.querySelectorAll("[data-stage]")];
  }

  announce(text) {
    this.querySelector("[data-announce]").textContent = text;
  }

  // Pointer ------------------------------------------------------------------
  press(event) {
    const card = event.target.closest("[data-card]");
    const onControl = event.target.closest("button, form, input, select, [popover]");
    if (!card || onControl || event.button !== 0 || event.pointerType === "touch") return;
    const start = { x: event.clientX, y: event.clientY };
    const stop = new AbortController();
    const { signal } = stop;
    const move = (next) => {
      if (!this.drag && Math.hypot(next.clientX - start.x, next.clientY - start.y) < THRESHOLD) return;
      if (!this.drag) this.begin(card, start);
      this.follow(next);
    };
    const end = (dropped) => () => {
      stop.abort();
      if (this.drag) this.finish(dropped);
    };
    window.addEventListener("pointermove", move, { signal });
    window.addEventListener("pointerup", end(true), { signal });
    window.addEventListener("pointercancel", end(false), { signal });
    window.addEventListener("keydown", (key) => key.key === "Escape" && end(false)(), { signal });
  }

  begin(card, start) {
    const box = card.getBoundingClientRect();
    const ghost = document.createElement("li");
    ghost.className = "board-ghost";
    ghost.setAttribute("aria-hidden", "true");
    ghost.style.setProperty("height", `${box.height}px`);
    card.after(ghost);
    card.style.setProperty("width", `${box.width}px`);
    card.classList.add("dragging");
    this.drag = { card, ghost, dx: start.x - box.left, dy: start.y - box.top, from: card.closest("[data-stage]") };
    window.getSelection()?.removeAllRanges();
  }

  follow(event) {
    event.preventDefault();
    const { card, dx, dy } = this.drag;
    card.style.setProperty("left", `${event.clientX - dx}px`);
    card.style.setProperty("top", `${event.clientY - dy}px`);
    const under = document.elementFromPoint(event.clientX, event.clientY)?.closest("[data-stage]");
    this.drag.over = under && this.contains(under) ? under : null;
    this.columns.forEach((column) => column.classList.toggle("over", column === this.drag.over && column !== this.drag.from));
  }

  finish(dropped) {
    const { card, ghost, over, from } = this.drag;
    this.drag = null;
    card.classList.remove("dragging");
    ["left", "top", "width"].forEach((name) => card.style.removeProperty(name));
    ghost.remove();
    this.columns.forEach((column) => column.classList.remove("over"));
    // The click that ends a drag must not open the card.
    const swallow = (event) => { event.preventDefault(); event.stopPropagation(); };
    window.addEventListener("click", swallow, { capture: true, once: true });
    setTimeout(() => window.removeEventListener("click", swallow, { capture: true }), 0);
    if (dropped && over && over !== from) this.move(card, over);
  }

  // Keyboard -----------------------------------------------------------------
  onClick(event) {
    const grip = event.target.closest("[data-grip]");
    if (grip) this.lifted ? this.drop() : this.lift(grip);
    const link = event.target.closest("[data-move]");
    if (link) {
      event.preventDefault();
      this.openMenu(link);
    }
  }

  // One menu for all cards: the columns to move to. Without script the link leads to a page.
  openMenu(link) {
    const card = link.closest("[data-card]");
    const here = card.closest("[data-stage]");
    if (!this.menu) {
      this.menu = document.createElement("div");
      this.menu.className = "gx-menu";
      this.menu.popover = "auto";
      this.menu.dataset.menu = "";
      this.append(this.menu);
    }
    const choose = (column) => {
      this.menu.hidePopover();
      this.move(card, column).then(() => link.isConnected && !document.querySelector("dialog[open]") && link.focus());
    };
    this.menu.replaceChildren(...this.columns.map((column) => {
      const item = document.createElement("button");
      item.type = "button";
      item.textContent = column.dataset.label;
      if (column === here) item.disabled = true;
      item.addEventListener("click", () => choose(column));
      return item;
    }));
    this.menu.showPopover({ source: link });
    const box = link.getBoundingClientRect();
    const size = this.menu.getBoundingClientRect();
    const put = (name, value) => this.menu.style.setProperty(name, value);
    put("position-area", "none");
    put("inset", "auto");
    put("left", `${Math.max(8, Math.min(box.right - size.width, window.innerWidth - size.width - 8))}px`);
    put("top", `${Math.max(8, Math.min(box.bottom + 4, window.innerHeight - size.height - 8))}px`);
    this.menu.querySelector("button:not([disabled])")?.focus();
  }

  lift(grip) {
    const card = grip.closest("[data-card]");
    this.lifted = { grip, card, at: this.columns.indexOf(card.closest("[data-stage]")) };
    grip.setAttribute("aria-pressed", "true");
    card.classList.add("lifted");
    this.announce(say("lifted", card.dataset.label));
  }

  onKey(event) {
    if (!this.lifted) return;
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step) this.look(step);
    else if (event.key === "Escape") this.letGo(true);
    else if (event.key === "Tab") { this.letGo(true); return; }
    else return;
    event.preventDefault();
  }

  look(step) {
    const columns = this.columns;
    this.lifted.at = Math.max(0, Math.min(columns.length - 1, this.lifted.at + step));
    columns.forEach((column, index) => column.classList.toggle("over", index === this.lifted.at));
    columns[this.lifted.at].scrollIntoView({ block: "nearest", inline: "nearest" });
    this.announce(say("over", columns[this.lifted.at].dataset.label));
  }

  letGo(back) {
    const { card, grip } = this.lifted;
    this.lifted = null;
    grip.setAttribute("aria-pressed", "false");
    card.classList.remove("lifted");
    this.columns.forEach((column) => column.classList.remove("over"));
    if (back) this.announce(say("putBack", card.dataset.label));
  }

  drop() {
    const { card, at, grip } = this.lifted;
    const target = this.columns[at];
    this.letGo(false);
    if (target === card.closest("[data-stage]")) return this.announce(say("putBack", card.dataset.label));
    this.move(card, target).then(() => grip.focus());
  }

  onMenu(event) {
    const card = event.target.closest("[data-card]");
    const target = this.columns.find((column) => column.dataset.stage === event.submitter?.value);
    if (!card || !target) return;
    event.preventDefault();
    event.target.hidePopover?.();
    this.move(card, target);
  }

  // The move itself ------------------------------------------------------------
  async move(card, target) {
    if (target.dataset.needs) return this.askFirst(card, target);
    const from = card.closest("[data-stage]");
    const next = card.nextElementSibling;
    target.querySelector("[data-cards]").prepend(card);
    card.classList.add("waiting");
    const failure = await this.send(card, target);
    card.classList.remove("waiting");
    if (failure) {
      from.querySelector("[data-cards]").insertBefore(card, next);
      this.announce(say("putBack", card.dataset.label));
      if (failure.ask) await this.ask(failure.ask, `${card.dataset.label}: ${target.dataset.label}`);
      else toast(failure.message, "error");
    } else {
      this.recount();
      this.announce(say("moved", card.dataset.label, target.dataset.label));
      this.dispatchEvent(new CustomEvent("gx-moved", { bubbles: true, detail: { card: card.dataset.card, stage: target.dataset.stage } }));
    }
  }

  // What the stage asks for before this card may enter: the server's own form, in a dialog.
  async ask(url, title) {
    const dialog = document.getElementById("board-ask");
    const place = dialog.querySelector("[data-ask]");
    await window.htmx.ajax("GET", url, { target: place, select: "#content form", swap: "innerHTML" });
    const form = place.querySelector("form");
    if (!form) return location.assign(url);
    form.action = url;
    dialog.querySelector("h2").textContent = title;
    form.querySelector("a[href]")?.addEventListener("click", (event) => {
      event.preventDefault();
      dialog.close();
    });
    dialog.showModal();
    form.querySelector("input:not([type=hidden]), select, textarea")?.focus();
  }

  // Some stages want to know something first: their dialog's own form posts the move.
  askFirst(card, target) {
    const dialog = document.getElementById(target.dataset.needs);
    if (!dialog) return;
    const values = { card: card.dataset.card, version: card.dataset.version, stage: target.dataset.stage };
    for (const [name, value] of Object.entries(values)) {
      const field = dialog.querySelector(`[name="${name}"]`);
      if (field) field.value = value;
    }
    dialog.showModal();
  }

  async send(card, target) {
    const body = new FormData();
    body.set("card", card.dataset.card);
    body.set("stage", target.dataset.stage);
    body.set("version", card.dataset.version);
    try {
      const answer = await fetch(this.dataset.moveUrl, { method: "POST", body, headers: { "X-CSRFToken": csrfToken(), "X-Requested-With": "fetch", Accept: "application/json" } });
      const isJson = answer.headers.get("Content-Type")?.startsWith("application/json");
      const data = isJson ? await answer.json() : {};
      if (!answer.ok || answer.redirected) {
        return { ask: data.ask, message: data.message || failureText(answer.redirected ? 401 : answer.status) };
      }
      if (data.version !== undefined) card.dataset.version = data.version;
      if (data.message) toast(data.message, "success");
      return null;
    } catch {
      return { message: say("network") };
    }
  }

  // Counts and sums are the server's, where the board says who answers them.
  recount() {
    if (this.dataset.headsUrl) {
      window.htmx.ajax("GET", this.dataset.headsUrl, { source: this, swap: "none" });
      return;
    }
    for (const column of this.columns) {
      const label = column.querySelector("[data-count]");
      const shown = column.querySelectorAll("[data-card]").length;
      const before = Number(column.dataset.shown);
      if (label && /^\d+$/.test(label.textContent)) label.textContent = String(Number(label.textContent) + shown - before);
      column.dataset.shown = shown;
    }
  }
}

customElements.define("gx-kanban", Kanban);
