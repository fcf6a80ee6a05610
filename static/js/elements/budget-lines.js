/* <budget-lines> adds and removes rows without asking the server; without a script the same buttons do it there. */
class BudgetLines extends HTMLElement {
  connectedCallback() {
    this.addEventListener("click", this);
  }

  handleEvent(event) {
    const button = event.target.closest("button");
    if (button?.name === "do" && button.value === "add") {
      event.preventDefault();
      this.add().querySelector("input").focus();
    } else if (button?.name === "remove") {
      event.preventDefault();
      this.take(button.closest("tr"));
    }
  }

  get body() {
    return this.querySelector("tbody");
  }

  add() {
    this.body.append(this.querySelector("template").content.cloneNode(true));
    return this.body.lastElementChild;
  }

  take(row) {
    const beside = row.nextElementSibling || row.previousElementSibling || this.add();
    row.remove();
    beside.querySelector("input").focus();
    this.dispatchEvent(new Event("change", { bubbles: true }));
  }
}
customElements.define("budget-lines", BudgetLines);
