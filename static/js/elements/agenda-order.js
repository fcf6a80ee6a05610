/* <agenda-order> moves its items: by dragging the grip, by the arrow buttons, by Alt+↑ and Alt+↓ anywhere in an item. */
class AgendaOrder extends HTMLElement {
  connectedCallback() {
    for (const name of ["click", "keydown", "pointerdown", "pointermove", "pointerup", "pointercancel"]) {
      this.addEventListener(name, this);
    }
  }

  handleEvent(event) {
    this[event.type]?.(event);
  }

  get rows() {
    return [...this.querySelectorAll("[data-item]")];
  }

  click(event) {
    const button = event.target.closest("[data-move]");
    if (!button) return;
    event.preventDefault();
    this.move(button.closest("[data-item]"), Number(button.dataset.move), button);
  }

  keydown(event) {
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    const row = event.target.closest("[data-item]");
    if (!event.altKey || !step || !row) return;
    event.preventDefault();
    this.move(row, step, event.target);
  }

  move(row, step, focus) {
    const beside = step < 0 ? row.previousElementSibling : row.nextElementSibling;
    if (!beside) return;
    if (step < 0) beside.before(row);
    else beside.after(row);
    focus.focus();
    this.settle(row);
  }

  pointerdown(event) {
    const grip = event.target.closest("[data-grip]");
    if (!grip || event.button) return;
    event.preventDefault();
    this.dragged = grip.closest("[data-item]");
    this.dragged.dataset.dragged = "";
    this.setPointerCapture(event.pointerId);
  }

  pointermove(event) {
    if (!this.dragged) return;
    const others = this.rows.filter((row) => row !== this.dragged);
    const next = others.find((row) => {
      const box = row.getBoundingClientRect();
      return event.clientY < box.top + box.height / 2;
    });
    if (next) {
      if (next.previousElementSibling !== this.dragged) next.before(this.dragged);
    } else if (others.length && this.rows.at(-1) !== this.dragged) {
      others.at(-1).after(this.dragged);
    }
  }

  pointerup() {
    if (!this.dragged) return;
    delete this.dragged.dataset.dragged;
    this.settle(this.dragged);
    this.dragged = null;
  }

  pointercancel() {
    this.pointerup();
  }

  /* Which arrows lead nowhere, and where the item stands now. */
  settle(row) {
    const rows = this.rows;
    rows.forEach((each, place) => {
      const [up, down] = each.querySelectorAll("[data-move]");
      up.toggleAttribute("aria-disabled", place === 0);
      down.toggleAttribute("aria-disabled", place === rows.length - 1);
      if (place === 0) up.setAttribute("aria-disabled", "true");
      if (place === rows.length - 1) down.setAttribute("aria-disabled", "true");
    });
    const words = { item: row.dataset.title, place: rows.indexOf(row) + 1, count: rows.length };
    this.querySelector("[data-told]").textContent = this.dataset.moved.replace(/\{(\w+)\}/g, (_, name) => words[name]);
  }
}
customElements.define("agenda-order", AgendaOrder);
