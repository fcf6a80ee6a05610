/* What a grid says: the state of each cell, the message beside a refused one, and what is known of the active one. */
export class CellNote {
  constructor(grid) {
    this.grid = grid;
    this.words = grid.dataset;
    this.line = document.getElementById("grid-said");
    this.panel = document.getElementById("grid-cell");
    this.check = document.getElementById("grid-check");
  }

  say(text, state = "") {
    if (!this.line) return;
    this.line.textContent = text;
    this.line.dataset.state = state;
  }

  moved(state, edits, problem = "") {
    const shown = { saving: "saving", waiting: "waiting", stopped: "refused" }[state];
    for (const edit of edits) {
      const cell = this.grid.at(edit.row, edit.place);
      if (cell && shown) cell.dataset.state = shown;
    }
    if (state === "stopped") this.say(problem, "refused");
    else if (state !== "saved" || !this.refused()) this.say(this.words[state], state);
  }

  refused() {
    return this.grid.querySelector('[data-state="refused"], [data-state="conflict"]');
  }

  clear(cell) {
    cell.querySelector(".grid-note")?.remove();
    cell.removeAttribute("aria-invalid");
  }

  /* The message next to the cell, with the ways out of it. */
  show(cell, one) {
    this.clear(cell);
    cell.setAttribute("aria-invalid", "true");
    const note = document.createElement("div");
    note.className = "grid-note";
    const text = document.createElement("p");
    text.textContent = one.message;
    note.append(text);
    const isConflict = one.state === "conflict";
    note.append(this.button(isConflict ? this.words.theirs : this.words.back, () => this.grid.settle(cell, one, false)));
    if (isConflict) note.append(this.button(this.words.mine, () => this.grid.settle(cell, one, true)));
    cell.append(note);
    const box = cell.closest(".grid-box").getBoundingClientRect();
    const place = note.getBoundingClientRect();
    note.classList.toggle("grid-note--left", place.right > box.right);
    note.classList.toggle("grid-note--above", place.bottom > box.bottom && cell.offsetTop > place.height + 60);
    this.say(this.words.refused.replace("{place}", cell.dataset.name).replace("{message}", one.message), "refused");
  }

  button(text, act) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn btn-sm";
    button.textContent = text;
    button.addEventListener("click", act);
    return button;
  }

  /* The findings and comments of every row on the page, as they are now. */
  marks(answer) {
    for (const cell of this.grid.cells()) {
      const mark = answer.marks[`${cell.parentElement.dataset.row}:${cell.dataset.place}`];
      if (mark) cell.dataset.mark = mark.severity;
      else delete cell.dataset.mark;
      cell.toggleAttribute("data-asked", Boolean(mark?.asked));
      cell.querySelector(".grid-mark").textContent = mark ? mark.text : "";
    }
    for (const name of ["changed", "errors", "warnings"])
      document.querySelector(`[data-count="${name}"]`).textContent = answer[name];
    if (!this.check) return;
    this.check.toggleAttribute("aria-disabled", !answer.is_changed);
    if (answer.is_changed) this.check.removeAttribute("title");
  }

  /* Findings, comments and former values of a cell, beside the grid. */
  about(cell) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.load(cell), 180);
  }

  async load(cell) {
    const place = new URLSearchParams({ row: cell.parentElement.dataset.row, place: cell.dataset.place });
    try {
      const answer = await fetch(`${this.words.cellUrl}?${place}`, { redirect: "error" });
      if (!answer.ok || this.grid.active !== cell) return;
      this.panel.innerHTML = await answer.text();
      this.panel.hidden = false;
    } catch {
      this.panel.hidden = true; // not connected: the cells say so
    }
  }
}
