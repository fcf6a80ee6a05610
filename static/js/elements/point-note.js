/* <point-note> opens its form at the point of the chart that was clicked, or at the row of its table. */
class PointNote extends HTMLElement {
  connectedCallback() {
    this.block = this.closest(".block");
    this.fromChart = (event) => this.open(event.detail.label);
    this.fromTable = (event) => {
      if (event.target.closest("a, button")) return;
      const row = event.target.closest("tbody th[data-point]");
      if (row) this.open(row.dataset.point);
    };
    this.block?.addEventListener("pointchosen", this.fromChart);
    this.block?.addEventListener("click", this.fromTable);
  }

  disconnectedCallback() {
    this.block?.removeEventListener("pointchosen", this.fromChart);
    this.block?.removeEventListener("click", this.fromTable);
  }

  open(label) {
    const select = this.querySelector("select");
    const option = [...select.options].find((one) => one.text === label);
    if (!option) return;
    select.value = option.value;
    this.querySelector("details").open = true;
    this.querySelector("textarea").focus();
  }
}
customElements.define("point-note", PointNote);
