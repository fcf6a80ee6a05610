/* <meeting-note>: the facilitator's own note, saved when the field is left or Enter is pressed. */
import { order } from "./meeting-order.js";

class MeetingNote extends HTMLElement {
  connectedCallback() {
    this.live = this.closest("meeting-live");
    this.box = this.querySelector("textarea");
    this.kept = this.box.value;
    this.box.addEventListener("change", () => this.keep());
    this.querySelector("form").addEventListener("submit", (event) => {
      event.preventDefault();
      this.keep();
    });
  }

  async keep() {
    const text = this.box.value;
    if (text === this.kept) return;
    const answer = await order(this.live, "note.set", { text });
    if (answer?.status === 200) this.kept = text;
    this.querySelector("[data-said]").textContent = answer?.status === 200 ? this.dataset.kept : this.live.words.unanswered;
  }
}
customElements.define("meeting-note", MeetingNote);
