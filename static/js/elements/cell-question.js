/* <cell-question><form>…</form></cell-question> under a table: a press on a cell chooses its row and column in the form.
   The same cell again chooses nothing; the form works without. */
class CellQuestion extends HTMLElement {
  connectedCallback() {
    this.around = this.closest(".block, [data-cells]");
    this.row = this.querySelector("[name=row]");
    this.column = this.querySelector("[name=column]");
    if (!this.around || !this.row) return;
    this.press = (event) => this.choose(event.target);
    this.around.addEventListener("click", this.press);
    for (const select of [this.row, this.column]) select.addEventListener("change", () => this.mark());
    this.section = this.closest("section");
    this.section.querySelector("[data-close]")?.addEventListener("click", () => this.close());
    if (this.section.querySelector("[data-close]")) this.querySelector("[name=text]").focus();
    this.mark();
  }

  disconnectedCallback() {
    this.around?.removeEventListener("click", this.press);
    this.unmark();
  }

  choose(pressed) {
    const cell = pressed.closest("tbody td, tbody th");
    if (!cell || pressed.closest("a, button, .block-box")) return;
    const row = String(cell.parentElement.sectionRowIndex);
    const column = cell.cellIndex ? String(cell.cellIndex) : "";
    const again = this.row.value === row && this.column.value === column;
    this.row.value = again ? "" : row;
    this.column.value = again ? "" : column;
    this.mark();
  }

  mark() {
    this.unmark();
    const line = this.table()?.tBodies[0].rows[this.row.value];
    if (this.row.value === "" || !line) return;
    const cells = this.column.value === "" ? [...line.cells] : [line.cells[this.column.value]];
    for (const cell of cells) cell?.classList.add("is-asked");
  }

  unmark() {
    for (const cell of this.around?.querySelectorAll(".is-asked") ?? []) cell.classList.remove("is-asked");
  }

  table() {
    return [...this.around.querySelectorAll("table")].find((one) => !one.classList.contains("block-box"));
  }

  close() {
    const empty = document.createElement("div");
    empty.id = this.section.id;
    empty.className = "block-talk";
    this.around.querySelector(".block-ask")?.focus();
    this.section.replaceWith(empty);
  }
}
customElements.define("cell-question", CellQuestion);
