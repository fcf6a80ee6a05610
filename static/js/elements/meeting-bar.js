/* <meeting-bar>: the whole meeting as one line: what is done, what is on, what comes, and the buffer. */
import { elapsed, language } from "./meeting-time.js";
import { standing } from "./meeting-agenda.js";
import { watch } from "./meeting-live.js";

const SVG = "http://www.w3.org/2000/svg";

class MeetingBar extends HTMLElement {
  connectedCallback() {
    watch(this, (state, now) => this.draw(state, now));
  }

  draw(state, now) {
    const svg = this.querySelector("svg");
    const pieces = [...this.pieces(state, now)];
    const total = pieces.reduce((sum, piece) => sum + piece.seconds, 0) || 1;
    let at = 0;
    while (svg.children.length > pieces.length) svg.lastChild.remove();
    pieces.forEach((piece, place) => {
      const rect = svg.children[place] || svg.appendChild(document.createElementNS(SVG, "rect"));
      const width = (piece.seconds / total) * 1000;
      const shown = { x: at, y: 0, width, height: 20, "data-state": piece.state, "data-name": piece.name };
      for (const [name, value] of Object.entries(shown)) rect.setAttribute(name, value);
      at += width;
    });
  }

  /* Used seconds of what was, allotted seconds of what comes; the part on the floor in two pieces. */
  *pieces(state, now) {
    for (const found of state.agenda) {
      const where = standing(state, found);
      for (const id of found.parts) {
        const each = state.parts.find((one) => one.id === id);
        const used = elapsed(state, each, now);
        const name = found[language()];
        if (each.status === "active") {
          yield { name, state: "done", seconds: Math.min(used, each.allot_s) };
          yield { name, state: used > each.allot_s ? "over" : "now", seconds: Math.abs(each.allot_s - used) };
        } else if (each.status === "pending") yield { name, state: "next", seconds: Math.max(each.allot_s, used) };
        else if (used) yield { name, state: where === "dropped" ? "dropped" : "done", seconds: used };
      }
    }
    if (state.buffer_s > 0) yield { name: "", state: "buffer", seconds: state.buffer_s };
  }
}
customElements.define("meeting-bar", MeetingBar);
