/* <cell-grid>: a table of cells that are edited with the keyboard like a spreadsheet's. One cell can be tabbed to. */
import { CellNote } from "./cell-note.js";
import { CellOutbox } from "./cell-outbox.js";

const PAGE = 10;

class CellGrid extends HTMLElement {
  connectedCallback() {
    this.table = this.querySelector("table");
    this.closed = "closed" in this.dataset;
    this.done = [];
    this.note = new CellNote(this);
    this.outbox = new CellOutbox(this.dataset.url, this.dataset.job, {
      told: (answer) => this.told(answer),
      moved: (...news) => this.note.moved(...news),
      rows: () => [...this.table.tBodies[0].rows].map((row) => Number(row.dataset.row)),
    });
    for (const kind of ["keydown", "click", "dblclick", "focusin", "paste", "copy", "compositionstart"])
      this.addEventListener(kind, this);
    addEventListener("online", this);
    addEventListener("hashchange", this);
    this.cells()[0]?.setAttribute("tabindex", "0");
    if (!this.closed) this.resume();
    this.open(location.hash);
    // A quick hand chose a cell before this script was there.
    const here = document.activeElement?.closest(".grid-cell");
    if (here && this.contains(here)) this.focusin({ target: here }, here);
  }

  disconnectedCallback() {
    removeEventListener("online", this);
    removeEventListener("hashchange", this);
  }

  /* What was typed here before and never arrived is sent now, also what was refused then. */
  resume() {
    for (const edit of this.outbox.waiting.values()) {
      edit.held = false;
      this.write(edit, "waiting");
    }
    this.outbox.send();
  }

  open(hash) {
    const goal = /^#(row|at)-/.test(hash) && document.getElementById(hash.slice(1));
    const cell = goal && (goal.matches(".grid-cell") ? goal : goal.querySelector(".grid-cell"));
    if (!cell) return;
    cell.focus({ preventScroll: true });
    cell.scrollIntoView({ block: "center", inline: "center" });
  }

  handleEvent(event) {
    if (event.type === "online") return this.outbox.send();
    if (event.type === "hashchange") return this.open(location.hash);
    const cell = event.target.closest?.(".grid-cell");
    if (!cell || event.target.closest(".grid-note")) return;
    this[event.type](event, cell);
  }

  cells() {
    return this.table.querySelectorAll("tbody .grid-cell");
  }

  at(row, place) {
    return this.table.querySelector(`tr[data-row="${row}"] > [data-place="${place}"]`);
  }

  focusin(event, cell) {
    if (cell === this.active || event.target !== cell) return;
    this.active?.setAttribute("tabindex", "-1");
    this.active = cell;
    cell.setAttribute("tabindex", "0");
    const heads = [...this.table.tHead.rows[0].cells];
    for (const head of heads) head.toggleAttribute("data-here", head.cellIndex === cell.cellIndex);
    this.note.about(cell);
  }

  click(event, cell) {
    if (event.target === cell || event.target.matches(".grid-value")) cell.focus();
  }

  dblclick(event, cell) {
    if (!cell.querySelector("input")) this.edit(cell);
  }

  compositionstart(event, cell) {
    if (event.target === cell) this.edit(cell, "");
  }

  /* --- moving ------------------------------------------------------------------------------------------ */

  keydown(event, cell) {
    if (event.target.matches("input")) return this.typing(event, cell);
    const command = event.ctrlKey || event.metaKey;
    if (command && event.key.toLowerCase() === "z") return this.stopped(event, () => this.undo());
    if (event.key === "Enter" || event.key === "F2") return this.stopped(event, () => this.edit(cell));
    if (event.key === "Delete" || event.key === "Backspace")
      return this.stopped(event, () => this.change([[cell, ""]]));
    const goal = this.goal(event, cell);
    if (goal) return this.stopped(event, () => this.go(goal));
    const begins = event.key.length === 1 || event.key === "Process";
    if (begins && !command && !event.altKey && !this.closed) {
      event.stopPropagation();
      this.edit(cell, "");
    }
  }

  goal(event, cell) {
    const row = cell.parentElement;
    const rows = [...this.table.tBodies[0].rows];
    const cells = [...row.querySelectorAll(".grid-cell")];
    const x = cells.indexOf(cell);
    const y = rows.indexOf(row);
    const far = event.ctrlKey || event.metaKey;
    const to = {
      ArrowLeft: [far ? 0 : x - 1, y],
      ArrowRight: [far ? cells.length - 1 : x + 1, y],
      ArrowUp: [x, far ? 0 : y - 1],
      ArrowDown: [x, far ? rows.length - 1 : y + 1],
      Home: [0, far ? 0 : y],
      End: [cells.length - 1, far ? rows.length - 1 : y],
      PageUp: [x, y - PAGE],
      PageDown: [x, y + PAGE],
    }[event.key];
    if (!to) return undefined;
    const down = Math.min(Math.max(to[1], 0), rows.length - 1);
    return rows[down].querySelectorAll(".grid-cell")[Math.min(Math.max(to[0], 0), cells.length - 1)];
  }

  go(cell) {
    cell.focus({ preventScroll: true });
    cell.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  stopped(event, act) {
    event.preventDefault();
    event.stopPropagation();
    act();
  }

  /* --- editing ----------------------------------------------------------------------------------------- */

  edit(cell, text) {
    if (this.closed || cell.parentElement.matches(".is-removed")) return;
    const input = document.createElement("input");
    input.value = text ?? this.valueOf(cell);
    input.maxLength = 500;
    input.setAttribute("aria-label", this.dataset.edit.replace("{place}", cell.dataset.name));
    input.addEventListener("blur", () => this.commit(cell));
    cell.classList.add("is-edited");
    cell.append(input);
    input.focus();
    if (text === undefined) input.select();
  }

  typing(event, cell) {
    if (event.isComposing) return;
    event.stopPropagation();
    if (event.key === "Escape") this.stopped(event, () => this.leave(cell, true));
    else if (event.key === "Enter") this.stopped(event, () => this.commit(cell, event.shiftKey ? "ArrowUp" : "ArrowDown"));
    else if (event.key === "Tab") this.tab(event, cell);
  }

  tab(event, cell) {
    const all = [...this.cells()];
    const next = all[all.indexOf(cell) + (event.shiftKey ? -1 : 1)];
    if (!next) return this.commit(cell);
    this.stopped(event, () => {
      this.commit(cell);
      this.go(next);
    });
  }

  leave(cell, stays) {
    const input = cell.querySelector("input");
    cell.classList.remove("is-edited");
    if (stays) cell.focus();
    input?.remove();
  }

  commit(cell, key) {
    const input = cell.querySelector("input");
    if (!input || input.dataset.over) return;
    input.dataset.over = "yes"; // taking it out of the page blurs it once more
    this.leave(cell, Boolean(key));
    this.change([[cell, input.value.trim()]]);
    if (key) this.go(this.goal({ key }, cell));
  }

  valueOf(cell) {
    return cell.querySelector(".grid-value").textContent;
  }

  /* Write new values, remember the old ones, and send them on. */
  change(pairs, isUndo = false) {
    const real = pairs.filter(([cell, value]) => this.valueOf(cell) !== value);
    if (this.closed || !real.length) return;
    if (!isUndo) this.done.push(real.map(([cell]) => [cell, this.valueOf(cell)]));
    const edits = real.map(([cell, value]) => ({
      row: Number(cell.parentElement.dataset.row),
      place: Number(cell.dataset.place),
      number: Number(cell.dataset.number),
      value,
    }));
    for (const edit of edits) this.write(edit, "edited");
    this.outbox.put(edits);
  }

  undo() {
    const last = this.done.pop();
    if (!last) return this.note.say(this.dataset.nothing);
    this.change(last, true);
    this.go(last[0][0]);
    this.note.say(this.dataset.undone.replace("{place}", last.map(([cell]) => cell.dataset.name).join(", ")));
  }

  copy(event, cell) {
    if (event.target.matches("input") || String(getSelection())) return;
    event.clipboardData.setData("text/plain", this.valueOf(cell));
    event.preventDefault();
  }

  /* A block from a spreadsheet: rows by lines, cells by tabs, from the active cell on. */
  paste(event, cell) {
    if (event.target.matches("input") || this.closed) return;
    event.preventDefault();
    const lines = event.clipboardData.getData("text/plain").replace(/\r\n?/g, "\n").replace(/\n$/, "").split("\n");
    const rows = [...this.table.tBodies[0].rows];
    const from = rows.indexOf(cell.parentElement);
    const left = [...cell.parentElement.querySelectorAll(".grid-cell")].indexOf(cell);
    const pairs = [];
    let outside = false;
    lines.forEach((line, down) =>
      line.split("\t").forEach((text, right) => {
        const goal = rows[from + down]?.querySelectorAll(".grid-cell")[left + right];
        if (!goal || goal.parentElement.matches(".is-removed")) outside = true;
        else pairs.push([goal, text.trim()]);
      }),
    );
    this.change(pairs);
    const said = this.dataset.pasted.replace("{count}", pairs.length);
    this.note.say(outside ? `${said} ${this.dataset.outside}` : said);
  }

  /* --- what the server says ------------------------------------------------------------------------------ */

  write(edit, state) {
    const cell = this.at(edit.row, edit.place);
    if (!cell) return;
    cell.querySelector(".grid-value").textContent = edit.value;
    this.note.clear(cell);
    cell.dataset.state = state;
  }

  told(answer) {
    for (const one of answer.cells) {
      const cell = this.at(one.row, one.place);
      if (!cell) continue;
      const waits = this.outbox.waiting.get(`${one.row}:${one.place}`);
      cell.dataset.number = one.number;
      if (waits && !waits.held) continue;
      cell.dataset.state = one.state;
      cell.toggleAttribute("data-changed", one.changed);
      if (one.state === "saved") cell.querySelector(".grid-value").textContent = one.value;
      else this.note.show(cell, one);
    }
    this.note.marks(answer);
    if (this.active) this.note.about(this.active);
  }

  /* The other value of a conflict, or the former one of a refusal. */
  settle(cell, one, isMine) {
    const key = { row: one.row, place: one.place };
    const mine = this.outbox.waiting.get(`${one.row}:${one.place}`)?.value;
    this.outbox.drop(key);
    this.note.clear(cell);
    cell.dataset.number = one.number;
    cell.querySelector(".grid-value").textContent = one.value;
    delete cell.dataset.state;
    if (isMine) this.change([[cell, mine]], true);
    else if (!this.outbox.waiting.size) this.note.moved("saved", []);
    cell.focus();
  }
}
customElements.define("cell-grid", CellGrid);
