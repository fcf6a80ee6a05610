/* <meeting-announcer> tells screen readers, politely and seldom: a new part, half time, 80 %, time up. */
import { digits, elapsed, fill, language, left, part, segment } from "./meeting-time.js";
import { watch } from "./meeting-live.js";

const SHORT = 300;
const OVER_EVERY = 300;

class MeetingAnnouncer extends HTMLElement {
  connectedCallback() {
    this.said = "";
    watch(this, (state, now, live) => this.draw(state, now, live.words));
  }

  draw(state, now, words) {
    const current = part(state);
    if (!current || state.phase !== "running") return;
    const mark = this.milestone(state, current, now);
    const key = `${current.id} ${current.allot_s} ${mark}`;
    if (key === this.said) return;
    const first = !this.said;
    this.said = key;
    if (!mark || first) return;
    const found = segment(state);
    const kind = words.kinds[language()][current.kind];
    const name = found.internal ? words.screen[language()].internal : found[language()];
    const rest = left(state, current, now);
    const values = { part: kind ? `${name} · ${kind}` : name, left: digits(rest), over: digits(rest) };
    this.textContent = fill(words[mark.split(" ")[0]], values);
  }

  milestone(state, current, now) {
    const used = elapsed(state, current, now);
    const share = used / Math.max(1, current.allot_s);
    if (share >= 1) {
      const late = Math.floor((used - current.allot_s) / OVER_EVERY);
      return late ? `still_over ${late}` : "time_up";
    }
    if (share >= 0.8) return "wrap_up";
    if (share >= 0.5 && current.allot_s >= SHORT) return "half";
    return "now_on";
  }
}
customElements.define("meeting-announcer", MeetingAnnouncer);
