/* <meeting-live> holds the state of one meeting, the clock and the connection; what stands in it draws itself. */
import { MeetingLink } from "./meeting-link.js";
import { ServerClock } from "./meeting-sync.js";

const GROUPS = { draft: "before", ready: "before", lobby: "before", running: "during", paused: "during", closing: "during" };
const read = (id) => JSON.parse(document.getElementById(id).textContent);

class MeetingLive extends HTMLElement {
  connectedCallback() {
    this.words = read("meeting-words");
    const first = read("meeting-state");
    this.clock = new ServerClock(this.dataset.time, Date.parse(first.server_now));
    this.accept(first);
    this.link = new MeetingLink(this.dataset, {
      state: (state) => this.accept(state),
      beat: (beat) => this.beat(beat),
      change: (kind) => this.changed(kind),
    });
    this.tick();
  }

  disconnectedCallback() {
    clearTimeout(this.ticking);
    this.clock.stop();
    this.link.close();
  }

  now() {
    return this.clock.now();
  }

  get isOffline() {
    return this.dataset.link === "offline";
  }

  /* A newer state replaces the old one; one that comes late is dropped. */
  accept(state) {
    if (this.state && state.seq < this.state.seq) return;
    const before = this.state;
    this.state = state;
    if (before && GROUPS[before.phase] !== GROUPS[state.phase]) this.turn();
    this.dataset.phase = state.phase;
    this.draw();
  }

  /* Between states the beat says what time it is, and when the facilitator's browser was last heard of. */
  beat(beat) {
    this.clock.compare(Date.parse(beat.server_now));
    if (beat.lease_at) this.state.lease_at = beat.lease_at;
  }

  /* The page before, during and after the meeting are different pages. */
  turn() {
    if (!("turns" in this.dataset)) return;
    clearTimeout(this.turning);
    this.turning = setTimeout(() => location.reload(), Math.random() * 800);
  }

  changed(kind) {
    this.dataset.link = kind;
    this.offlineSince = kind === "offline" ? this.now() : 0;
    if (kind === "live") this.clock.sync();
    this.announce("meeting:link", kind);
    this.draw();
  }

  announce(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }

  draw() {
    this.announce("meeting:draw", this.state);
  }

  /* All screens change their digits when the server's second changes. */
  tick() {
    this.draw();
    this.ticking = setTimeout(() => this.tick(), 1005 - (this.now() % 1000));
  }
}

/* Calls `draw(state, now, live)` whenever something may have changed; `element.live` is the meeting. */
export function watch(element, draw) {
  const live = element.closest("meeting-live");
  const seen = () => live.state && draw(live.state, live.now(), live);
  element.live = live;
  live.addEventListener("meeting:draw", seen);
  seen();
}

customElements.define("meeting-live", MeetingLive);
