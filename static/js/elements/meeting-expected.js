/* <meeting-expected>: who should be here, marked as they arrive; the facilitator marks those without a phone. */
import { order, say } from "./meeting-order.js";
import { watch } from "./meeting-live.js";

class MeetingExpected extends HTMLElement {
  connectedCallback() {
    this.addEventListener("submit", (event) => this.marked(event));
    watch(this, (state) => this.draw(new Set(state.present.ids)));
  }

  draw(here) {
    for (const line of this.querySelectorAll("[data-person]")) line.toggleAttribute("data-here", here.has(Number(line.dataset.person)));
  }

  async marked(event) {
    event.preventDefault();
    const person = Number(event.target.elements.person.value);
    if (!(await order(this.live, "attend", { person }))) say(this.live.words.unanswered);
  }
}
customElements.define("meeting-expected", MeetingExpected);
