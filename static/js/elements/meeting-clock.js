/* <meeting-clock>: time left of the part on the floor, its bar, and what else counts in the other phases. */
import { digits, elapsed, fill, left, part, toStart, waiting } from "./meeting-time.js";
import { watch } from "./meeting-live.js";

const set = (element, text) => element && element.textContent !== text && (element.textContent = text);

/* What the digits say: {text, look, note, value, maximum} */
export function reading(state, now, words) {
  const current = part(state);
  if (state.phase === "paused") {
    const note = fill(words.paused_note, { time: digits(waiting(state, now)) });
    return { text: digits(left(state, current, now)), look: "paused", note, ...bar(state, current, now) };
  }
  if (current) return onFloor(state, current, now, words);
  if (state.phase === "closing") {
    const rest = Math.ceil((Date.parse(state.hard_end) - now) / 1000);
    return { text: digits(rest), look: rest < 0 ? "over" : "running", note: words.closing_note };
  }
  if (state.ended_at) return { text: digits(Math.round((Date.parse(state.ended_at) - Date.parse(state.started_at)) / 1000)), look: "paused", note: words.ended_note };
  const wait = toStart(state, now);
  return { text: digits(wait), look: wait < 0 ? "over" : "running", note: wait < 0 ? words.late_note : words.starts_in };
}

function onFloor(state, current, now, words) {
  const rest = left(state, current, now);
  const used = elapsed(state, current, now);
  const look = rest < 0 ? "over" : used >= current.allot_s * 0.8 ? "last" : "running";
  const note = rest < 0
    ? fill(words.over_note, { allot: digits(current.allot_s) })
    : fill(words.of_used, { allot: digits(current.allot_s), used: digits(used) });
  return { text: digits(rest), look, note, ...bar(state, current, now) };
}

/* In overrun the bar grows anew from nothing. */
function bar(state, current, now) {
  const used = elapsed(state, current, now);
  const over = used - current.allot_s;
  return { value: over > 0 ? over : used, maximum: Math.max(1, current.allot_s) };
}

class MeetingClock extends HTMLElement {
  connectedCallback() {
    watch(this, (state, now, live) => this.draw(reading(state, now, live.words)));
  }

  draw({ text, look, note, value, maximum }) {
    this.dataset.state = look;
    const shown = this.querySelector("[data-digits]");
    set(shown, text);
    if (shown) shown.dataset.state = look;
    set(this.querySelector("[data-note]"), note);
    const progress = this.querySelector("progress");
    if (!progress) return;
    progress.hidden = maximum === undefined;
    progress.max = maximum || 1;
    progress.value = value || 0;
    progress.classList.toggle("bar--warn", look === "last");
    progress.classList.toggle("bar--bad", look === "over");
  }
}
customElements.define("meeting-clock", MeetingClock);
