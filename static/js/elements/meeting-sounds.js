/* <meeting-sounds>: quiet tones at 80 %, at the end and every two minutes after. Off until this person turns them on. */
import { elapsed, part } from "./meeting-time.js";
import { watch } from "./meeting-live.js";

const KEPT = "meeting-sounds";
const LOUDNESS = 10 ** (-18 / 20);
const AGAIN = 120;
/* [hertz, seconds] one after the other */
const TONES = { ding: [[660, 0.12]], dong: [[523, 0.15], [392, 0.15]], over: [[392, 0.2]] };
const typing = (target) => target.closest?.("input, textarea, select, [contenteditable], dialog[open]");
const kept = () => {
  try {
    return localStorage.getItem(KEPT) === "on";
  } catch {
    return false;
  }
};

class MeetingSounds extends HTMLElement {
  connectedCallback() {
    this.button = this.querySelector("button");
    this.on = kept();
    this.button.addEventListener("click", () => this.turn(!this.on));
    this.press = (event) => this.key(event);
    document.addEventListener("keydown", this.press);
    watch(this, (state, now) => this.draw(state, now));
    this.show();
  }

  disconnectedCallback() {
    document.removeEventListener("keydown", this.press);
    this.audio?.close();
  }

  turn(on) {
    this.on = on;
    try {
      localStorage.setItem(KEPT, on ? "on" : "off");
    } catch {
      /* a private window forgets; the sounds work all the same */
    }
    this.show();
    if (on) this.play("ding"); // the test tone: the browser wants a press before it lets a page be heard
  }

  show() {
    this.button.setAttribute("aria-pressed", String(this.on));
  }

  key(event) {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    if (event.key.toLowerCase() === "m") this.turn(!this.on);
  }

  draw(state, now) {
    const current = part(state);
    if (!current || state.phase !== "running") return;
    const used = elapsed(state, current, now);
    const over = used - current.allot_s;
    const level = over >= 0 ? 2 + Math.floor(over / AGAIN) : used >= current.allot_s * 0.8 ? 1 : 0;
    const before = this.onFloor === current.id ? this.level : level;
    this.onFloor = current.id;
    this.level = level;
    if (level > before && this.on) this.play(level === 1 ? "ding" : level === 2 ? "dong" : "over");
  }

  play(name) {
    this.audio ||= new AudioContext();
    this.audio.resume();
    let at = this.audio.currentTime;
    for (const [hertz, seconds] of TONES[name]) {
      const tone = new OscillatorNode(this.audio, { frequency: hertz, type: "sine" });
      const volume = new GainNode(this.audio, { gain: LOUDNESS });
      volume.gain.setTargetAtTime(0, at + seconds - 0.03, 0.01); // no click at the end
      tone.connect(volume).connect(this.audio.destination);
      tone.start(at);
      tone.stop(at + seconds);
      at += seconds;
    }
    this.dispatchEvent(new CustomEvent("meeting:tone", { detail: name }));
  }
}
customElements.define("meeting-sounds", MeetingSounds);
