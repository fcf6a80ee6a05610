/* <meeting-announcer> tells screen readers, politely and seldom, how the part stands; <meeting-alert> at once what cannot wait. */
import { elapsed, fill, left, part } from "./meeting-time.js";
import { spoken } from "./meeting-facts.js";
import { Milestones } from "./meeting-milestones.js";
import { watch } from "./meeting-live.js";

const SPACING = 5000;
const STALE = 20000;
const typing = (target) => target.closest?.("input, textarea, select, [contenteditable], dialog[open]");

/* 18 minutes, 1 minute, 40 seconds */
export function span(seconds, words) {
  const whole = Math.abs(seconds);
  const [number, form] = whole >= 60 ? [Math.floor(whole / 60), "minutes_said"] : [whole, "seconds_said"];
  return fill(words[form][number === 1 ? 0 : 1], { number });
}

class MeetingAnnouncer extends HTMLElement {
  connectedCallback() {
    this.milestones = new Milestones();
    this.waiting = [];
    this.spokeAt = -Infinity;
    this.press = (event) => this.key(event);
    document.addEventListener("keydown", this.press);
    watch(this, (state, now, live) => this.draw(state, now, live.words));
  }

  disconnectedCallback() {
    document.removeEventListener("keydown", this.press);
  }

  draw(state, now, words) {
    const current = part(state);
    if (current && state.phase === "running") {
      const mark = this.milestones.look(current.id, current.allot_s, elapsed(state, current, now));
      if (mark) this.waiting.push({ text: this.worded(mark, state, current, now, words), at: now });
    } else if (!current) this.milestones.look(null, 0, 0);
    this.speak(now);
  }

  worded(mark, state, current, now, words) {
    const rest = left(state, current, now);
    const name = mark === "now_on" && rest <= 0 ? "now_over" : mark.split(" ")[0];
    return fill(words[name], { part: spoken(state, words), left: span(rest, words), over: span(rest, words) });
  }

  /* One at a time, five seconds apart; what is older than twenty seconds is no longer true. */
  speak(now) {
    this.waiting = this.waiting.filter((each) => now - each.at <= STALE);
    if (!this.waiting.length || now - this.spokeAt < SPACING) return;
    this.spokeAt = now;
    this.textContent = this.waiting.shift().text;
  }

  /* T says the time left, whenever it is asked for. */
  key(event) {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    const { state, words } = this.live;
    const current = part(state);
    if (event.key.toLowerCase() !== "t" || !current) return;
    event.preventDefault();
    const rest = left(state, current, this.live.now());
    const form = rest < 0 ? words.still_over : words.left_in;
    this.textContent = fill(form, { part: spoken(state, words), left: span(rest, words), over: span(rest, words) });
    this.spokeAt = this.live.now();
  }
}
customElements.define("meeting-announcer", MeetingAnnouncer);

class MeetingAlert extends HTMLElement {
  connectedCallback() {
    this.live = this.closest("meeting-live");
    this.live.addEventListener("meeting:alert", (event) => (this.textContent = event.detail));
    watch(this, (state, now, live) => this.link(live));
  }

  link(live) {
    const lost = live.isOffline;
    if (lost && !this.wasLost) this.textContent = live.words.link_lost;
    this.wasLost = lost;
  }
}
customElements.define("meeting-alert", MeetingAlert);
