/* <meeting-auto>: a part that ends by itself. Ten seconds before, it says so and counts; "Stay here" keeps the part. Only the
   console's own clock gives the order, and only after it has counted. */
import { fill, left, part } from "./meeting-time.js";
import { order, say } from "./meeting-order.js";
import { watch } from "./meeting-live.js";

const COUNT_S = 10;
const LATE_S = 5;

class MeetingAuto extends HTMLElement {
  connectedCallback() {
    this.addEventListener("click", (event) => event.target.closest("button") && this.stay());
    watch(this, (state, now, live) => this.draw(state, now, live.words));
  }

  draw(state, now, words) {
    const rest = state.phase === "running" && state.is_auto && part(state) ? left(state, part(state), now) : Infinity;
    if (rest > COUNT_S || rest < -LATE_S) this.counted = "";
    if (rest > 0 && rest <= COUNT_S && this.counted !== state.part) {
      this.counted = state.part;
      this.live.announce("meeting:alert", fill(words.auto_in, { seconds: rest }));
    }
    const counts = this.counted !== "" && this.counted === state.part;
    this.hidden = !counts;
    if (!counts) return;
    const said = fill(words.auto_in, { seconds: Math.max(0, rest) });
    const place = this.querySelector("[data-said]");
    if (place.textContent !== said) place.textContent = said;
    if (rest <= 0 && !this.live.isOffline) this.next();
  }

  async next() {
    if (this.isSending) return;
    this.isSending = true;
    this.counted = "";
    if (!(await order(this.live, "next"))) say(this.live.words.unanswered);
    this.isSending = false;
  }

  async stay() {
    if (!(await order(this.live, "part.auto"))) say(this.live.words.unanswered);
  }
}
customElements.define("meeting-auto", MeetingAuto);
