/* <meeting-receipt> says for a while what the last order did to the end: "Ends 13:07 instead of 13:00". */
import { fill, timeOfDay } from "./meeting-time.js";

const SHOWN_MS = 15000;

class MeetingReceipt extends HTMLElement {
  connectedCallback() {
    this.live = this.closest("meeting-live");
    this.paid = ({ detail }) => this.draw(detail);
    this.live.addEventListener("meeting:paid", this.paid);
  }

  disconnectedCallback() {
    this.live.removeEventListener("meeting:paid", this.paid);
    clearTimeout(this.later);
  }

  draw({ before, after }) {
    const [from, to] = [Math.floor(before / 1000), Math.floor(after / 1000)];
    const exact = from !== to && Math.floor(from / 60) === Math.floor(to / 60);
    const zone = this.live.dataset.zone;
    const said = { time: timeOfDay(after, zone, exact), before: timeOfDay(before, zone, exact) };
    this.textContent = fill(Math.abs(from - to) <= 1 ? this.live.words.still_ends : this.live.words.now_ends, said);
    clearTimeout(this.later);
    this.later = setTimeout(() => (this.textContent = ""), SHOWN_MS);
  }
}
customElements.define("meeting-receipt", MeetingReceipt);
