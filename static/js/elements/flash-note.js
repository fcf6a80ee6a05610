/* <flash-note> leaves by itself unless it is an error, or somebody is reading it. */
const STAY = 6000;

class FlashNote extends HTMLElement {
  connectedCallback() {
    this.addEventListener("click", (event) => event.target.closest("[data-dismiss]") && this.remove());
    if (["error", "warning"].includes(this.dataset.level)) return;
    this.addEventListener("pointerenter", () => clearTimeout(this.timer));
    this.addEventListener("focusin", () => clearTimeout(this.timer));
    this.addEventListener("pointerleave", () => this.wait());
    this.wait();
  }

  disconnectedCallback() {
    clearTimeout(this.timer);
  }

  wait() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.remove(), STAY);
  }
}
customElements.define("flash-note", FlashNote);
