/* <meeting-chart>: a block of a board on the stage. With a form it picks the block; with data-url it shows what was picked. */
import { fill } from "./meeting-time.js";
import { order } from "./meeting-order.js";
import { watch } from "./meeting-live.js";

class MeetingChart extends HTMLElement {
  connectedCallback() {
    this.form = this.querySelector("form");
    this.form?.addEventListener("submit", (event) => this.pick(event));
    watch(this, (state, now, live) => this.draw(state, live.words));
  }

  draw(state, words) {
    const isLive = ["lobby", "running", "paused", "closing"].includes(state.phase);
    const up = isLive ? state.chart : null;
    if (this.form) return this.mark(up, isLive, words);
    if (this.shown === up?.seq) return;
    this.shown = up?.seq;
    if (up) this.load(up.seq);
    else this.clear();
  }

  /* The picker says what is up, and follows it as long as nobody is choosing. */
  mark(up, isLive, words) {
    const select = this.form.elements.to;
    this.hidden = !isLive;
    if (this.known !== (up?.block || "")) {
      this.known = up?.block || "";
      if (select !== document.activeElement) select.value = this.known;
    }
    const said = this.querySelector("[data-up]");
    const option = up && [...select.options].find((each) => each.value === up.block);
    said.hidden = !up;
    said.textContent = up ? fill(words.chart_up, { block: option?.textContent || up.block }) : "";
  }

  async pick(event) {
    event.preventDefault();
    const answer = await order(this.live, "stage.chart", { to: this.form.elements.to.value }, undefined, true);
    const error = this.querySelector("[data-error]");
    error.hidden = answer?.status === 200;
    error.textContent = error.hidden ? "" : answer?.text || this.live.words.unanswered;
  }

  /* What cannot be read stays away; the next state tries again. */
  async load(seq) {
    try {
      const answer = await fetch(this.dataset.url, { credentials: "same-origin" });
      if (!answer.ok) throw new Error(`status ${answer.status}`);
      const sheet = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector(".stage-sheet");
      if (this.shown !== seq) return;
      this.replaceChildren(document.adoptNode(sheet));
      this.hidden = false;
    } catch {
      if (this.shown === seq) this.shown = undefined;
      this.clear();
    }
  }

  clear() {
    this.replaceChildren();
    this.hidden = true;
  }
}
customElements.define("meeting-chart", MeetingChart);
