/* <meeting-signals>: off the subject, ready to present, a figure in doubt. The facilitator is asked what to do about them. */
import { digits, fill, language } from "./meeting-time.js";
import { order, say } from "./meeting-order.js";
import { watch } from "./meeting-live.js";

const gone = (from, now) => Math.max(0, Math.floor((now - Date.parse(from)) / 1000));

class MeetingSignals extends HTMLElement {
  connectedCallback() {
    this.me = Number(this.dataset.person) || 0;
    this.addEventListener("click", (event) => this.pressed(event.target.closest("button[data-signal]")));
    this.querySelector("form")?.addEventListener("submit", (event) => this.doubted(event));
    watch(this, (state, now, live) => this.draw(state, now, live.words));
  }

  draw(state, now, words) {
    this.tangents(state, now, words);
    this.doubt(state, now, words);
    this.ready(state, words);
    for (const button of this.querySelectorAll("button[data-signal]")) {
      const off = this.live.isOffline || (button.dataset.when && !button.dataset.when.split(" ").includes(state.phase));
      button.setAttribute("aria-disabled", String(Boolean(off)));
    }
  }

  /* On the console: how many within the last minute; from the third on, one press parks what is on the stage. */
  tangents(state, now, words) {
    const bar = this.querySelector("[data-tangents]");
    if (!bar || !state.desk) return;
    const { tangents, tangents_enough: enough, tangents_within_s: within } = state.desk;
    const count = state.phase === "running" ? tangents.filter((at) => gone(at, now) < within).length : 0;
    const asks = count >= enough;
    bar.hidden = !count;
    bar.toggleAttribute("data-asks", asks);
    this.set(bar, "[data-said]", fill(asks ? words.tangents_ask : words.tangents, { count }));
    for (const button of bar.querySelectorAll("button")) button.hidden = !asks;
    if (asks && !this.asked) this.live.announce("meeting:alert", fill(words.tangents_ask, { count }));
    this.asked = asks;
  }

  doubt(state, now, words) {
    const bar = this.querySelector("[data-doubt]");
    if (!bar) return;
    bar.hidden = !state.doubt;
    if (state.doubt) this.set(bar, "[data-said]", fill(words.doubt_open, { time: digits(gone(state.doubt.since, now)), text: state.doubt.text }));
  }

  /* The button of who presents the next item. */
  ready(state, words) {
    const button = this.querySelector('[data-signal="ready"]');
    if (!button) return;
    const next = state.presents_next;
    const mine = next && (next.people.length ? next.people.includes(this.me) : next.department && next.department === this.dataset.department);
    button.hidden = !mine;
    if (!mine) return;
    button.setAttribute("aria-pressed", String(next.is_ready));
    const found = state.agenda.find((one) => one.parts.includes(next.part));
    this.set(button, "[data-said]", fill(next.is_ready ? words.ready_said : words.ready_say, { part: found?.[language()] || "" }));
  }

  set(within, place, text) {
    const spot = within.querySelector(place);
    if (spot && spot.textContent !== text) spot.textContent = text;
  }

  async pressed(button) {
    if (!button || button.getAttribute("aria-disabled") === "true" || this.isSending) return;
    const answer = await this.send(button.dataset.signal, {});
    if (answer?.status === 200 && button.dataset.signal === "tangent") say(this.live.words.tangent_noted, "info");
  }

  async doubted(event) {
    event.preventDefault();
    const box = event.target.elements.text;
    const answer = await this.send("doubt.add", { text: box.value });
    if (answer?.status !== 200) return;
    box.value = "";
    const fold = event.target.closest("details");
    if (fold) fold.open = false;
  }

  async send(cmd, given) {
    this.isSending = true;
    const answer = await order(this.live, cmd, given);
    if (!answer) say(this.live.words.unanswered);
    this.isSending = false;
    return answer;
  }
}
customElements.define("meeting-signals", MeetingSignals);
