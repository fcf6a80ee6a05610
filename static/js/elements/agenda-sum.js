/* <agenda-sum> adds the minutes of its form up while they are typed; the server has the last word. */
const HOUR = "(?:h|hrs?|hours?|小时|时)";
const MINUTE = "(?:m|min|mins|minutes?|分钟|分|′|')";
const SHAPES = [
  [`^(\\d{1,4})${MINUTE}?$`, (found) => Number(found[1])],
  ["^(\\d{1,2}):([0-5]\\d)$", (found) => Number(found[1]) * 60 + Number(found[2])],
  [`^(\\d{1,2})${HOUR}(?:([0-5]?\\d)${MINUTE}?)?$`, (found) => Number(found[1]) * 60 + Number(found[2] || 0)],
  [`^(\\d{1,2})[.,](\\d)${HOUR}$`, (found) => Number(found[1]) * 60 + Number(found[2]) * 6],
].map(([shape, minutes]) => [new RegExp(shape), minutes]);

const minutesOf = (typed) => {
  const word = typed.normalize("NFKC").replace(/\s+/g, "").toLowerCase();
  for (const [shape, minutes] of SHAPES) {
    const found = shape.exec(word);
    if (found) return minutes(found);
  }
  return NaN;
};

class AgendaSum extends HTMLElement {
  connectedCallback() {
    this.form = this.closest("form");
    this.form.addEventListener("input", this);
  }

  disconnectedCallback() {
    this.form?.removeEventListener("input", this);
  }

  handleEvent(event) {
    if (event.target.matches("[data-minutes], #budget")) this.add();
  }

  add() {
    const fields = [...this.form.querySelectorAll("[data-minutes]")];
    const total = fields.reduce((sum, field) => sum + minutesOf(field.value), 0);
    const budget = minutesOf(this.form.elements.budget.value);
    if (Number.isNaN(total + budget)) return;
    this.querySelector("[data-total]").textContent = total;
    this.querySelector("[data-budget]").textContent = budget;
    const over = total - budget;
    const words = over > 0 ? this.dataset.over : over < 0 ? this.dataset.spare : this.dataset.even;
    const verdict = this.querySelector("[data-verdict]");
    verdict.textContent = words.replace("{minutes}", Math.abs(over));
    verdict.classList.toggle("danger", over > 0);
  }
}
customElements.define("agenda-sum", AgendaSum);
