/* <meeting-people>: who is here, as they arrive. */
import { language } from "./meeting-time.js";
import { watch } from "./meeting-live.js";

class MeetingPeople extends HTMLElement {
  connectedCallback() {
    this.lang = this.dataset.lang || language();
    watch(this, (state) => this.draw(state.present.people));
  }

  draw(people) {
    const shown = JSON.stringify(people);
    if (this.shown === shown) return;
    this.shown = shown;
    this.querySelector("ul").replaceChildren(
      ...people.map((person) => {
        const line = document.createElement("li");
        line.className = "stamp";
        line.textContent = person[this.lang];
        return line;
      }),
    );
  }
}
customElements.define("meeting-people", MeetingPeople);
