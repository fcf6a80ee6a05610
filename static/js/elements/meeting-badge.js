/* <meeting-badge>: live, asking every five seconds, or offline since when: never silently old. */
import { fill, timeOfDay } from "./meeting-time.js";
import { watch } from "./meeting-live.js";

const LOOKS = { live: "live", polling: "late", offline: "lost" };

class MeetingBadge extends HTMLElement {
  connectedCallback() {
    watch(this, (state, now, live) => this.draw(live));
  }

  draw(live) {
    const kind = live.dataset.link || "live";
    const since = timeOfDay(live.offlineSince || live.now(), live.dataset.zone);
    const text = fill(live.words[kind], { time: since });
    if (this.textContent !== text) this.textContent = text;
    this.dataset.state = LOOKS[kind];
  }
}
customElements.define("meeting-badge", MeetingBadge);
