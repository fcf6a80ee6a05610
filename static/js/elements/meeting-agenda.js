/* <meeting-agenda>: every item of the agenda with where it stands; one line for each, kept in place. */
import { language, left, part } from "./meeting-time.js";
import { watch } from "./meeting-live.js";

const MARKS = { done: "✓", now: "▶", next: "○", dropped: "–" };

/* done, now, next or dropped, from the parts of a segment */
export function standing(state, found) {
  const parts = found.parts.map((id) => part(state, id));
  if (found.parts.includes(state.part)) return "now";
  if (parts.some((each) => each.status === "pending")) return "next";
  return parts.every((each) => each.status === "skipped" || each.status === "parked") ? "dropped" : "done";
}

class MeetingAgenda extends HTMLElement {
  connectedCallback() {
    this.lang = this.dataset.lang || language();
    watch(this, (state, now, live) => this.draw(state, now, live.words));
  }

  draw(state, now, words) {
    const list = this.querySelector("ol");
    if (list.children.length !== state.agenda.length) {
      list.replaceChildren(...state.agenda.map(() => this.querySelector("template").content.firstElementChild.cloneNode(true)));
    }
    state.agenda.forEach((found, place) => this.line(list.children[place], state, found, now, words));
  }

  line(line, state, found, now, words) {
    const where = standing(state, found);
    const parts = found.parts.map((id) => part(state, id));
    const minutes = parts.reduce((sum, each) => sum + each.allot_s, 0) / 60;
    line.dataset.state = where;
    if (where === "now") line.setAttribute("aria-current", "step");
    else line.removeAttribute("aria-current");
    const texts = {
      mark: MARKS[where],
      name: found.internal ? words.screen[this.lang].internal : found[this.lang],
      minutes: String(Math.round(minutes * 10) / 10),
    };
    for (const [key, text] of Object.entries(texts)) {
      const spot = line.querySelector(`[data-line="${key}"]`);
      if (spot && spot.textContent !== text) spot.textContent = text;
    }
    line.toggleAttribute("data-over", where === "now" && left(state, part(state), now) < 0);
  }
}
customElements.define("meeting-agenda", MeetingAgenda);
