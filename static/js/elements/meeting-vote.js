/* <meeting-vote>: a show of hands. The console opens it, everybody answers, all see the count. */
import { digits, fill } from "./meeting-time.js";
import { order, say } from "./meeting-order.js";
import { watch } from "./meeting-live.js";

const SHOWN_S = 60;
const typing = (target) => target.closest?.("input, textarea, select, [contenteditable], dialog[open]");

class MeetingVote extends HTMLElement {
  connectedCallback() {
    this.addEventListener("click", (event) => this.pressed(event.target.closest("button[data-vote]")));
    this.querySelector("form")?.addEventListener("submit", (event) => this.ask(event));
    if ("console" in this.dataset) {
      this.key = (event) => this.opens(event);
      document.addEventListener("keydown", this.key);
    }
    watch(this, (state, now) => this.draw(state, now));
  }

  disconnectedCallback() {
    if (this.key) document.removeEventListener("keydown", this.key);
  }

  draw(state, now) {
    const vote = state.vote;
    const rest = vote ? Math.ceil((Date.parse(vote.until) - now) / 1000) : -Infinity;
    const open = rest > 0;
    const result = this.querySelector("[data-result]");
    result.hidden = !(open || rest > -SHOWN_S) || state.phase !== "running";
    const form = this.querySelector("form");
    if (form) form.hidden = open || state.phase !== "running" || !this.asking;
    this.hidden = result.hidden && (!form || form.hidden);
    if (result.hidden) return;
    if (open && vote.seq !== this.heard && !("stage" in this.dataset)) {
      this.heard = vote.seq;
      this.live.announce("meeting:alert", fill(this.live.words.vote_open, { seconds: rest, text: vote.text || this.live.words.vote_default }));
    }
    this.set("[data-text]", vote.text || this.live.words.vote_default);
    this.set("[data-rest]", open ? fill(this.live.words.vote_rest, { seconds: rest }) : this.live.words.vote_over);
    this.project(vote, open, rest);
    for (const [choice, count] of Object.entries(vote.counts)) this.set(`[data-count="${choice}"]`, String(count));
    for (const button of result.querySelectorAll("button[data-vote]")) {
      button.setAttribute("aria-disabled", String(!open || this.live.isOffline));
      button.setAttribute("aria-pressed", String(this.mine?.seq === vote.seq && this.mine.choice === button.dataset.vote));
    }
  }

  /* The projector: the question in both languages, how many have answered, and the result once it is over; never who. */
  project(vote, open, rest) {
    const { screen } = this.live.words;
    const second = this.querySelector("[data-text-second]");
    if (!second) return;
    const [first, other] = [this.dataset.lang, second.dataset.lang];
    this.set("[data-text]", vote.text || screen[first].vote_default);
    this.set("[data-text-second]", vote.text ? screen[other].vote : screen[other].vote_default);
    this.set("[data-rest]", open ? digits(rest) : "");
    const cast = Object.values(vote.counts).reduce((sum, count) => sum + count, 0);
    this.set("[data-cast]", open ? fill(screen[first].answers, { count: cast }) : "");
    for (const spot of this.querySelectorAll("[data-tally]")) spot.hidden = open;
  }

  set(place, text) {
    const spot = this.querySelector(place);
    if (spot && spot.textContent !== text) spot.textContent = text;
  }

  async pressed(button) {
    if (!button || button.getAttribute("aria-disabled") === "true") return;
    const { vote } = this.live.state;
    const cmd = button.dataset.vote === "close" ? "vote.close" : "vote.cast";
    const answer = await order(this.live, cmd, cmd === "vote.cast" ? { to: button.dataset.vote } : {});
    if (!answer) say(this.live.words.unanswered);
    if (answer?.status === 200 && cmd === "vote.cast") this.mine = { seq: vote.seq, choice: button.dataset.vote };
    this.draw(this.live.state, this.live.now());
  }

  /* V shows the question to be put; Enter asks it. */
  opens(event) {
    if (event.defaultPrevented || event.isComposing || event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    if (event.key.toLowerCase() !== "v" || this.live.state.phase !== "running") return;
    event.preventDefault();
    this.prepare();
  }

  prepare() {
    this.asking = !this.asking;
    this.draw(this.live.state, this.live.now());
    if (this.asking) this.querySelector("form input")?.focus();
  }

  async ask(event) {
    event.preventDefault();
    const form = event.target;
    const seconds = Number(event.submitter?.value || form.querySelector("button").value);
    const answer = await order(this.live, "vote.open", { text: form.elements.text.value, seconds });
    if (!answer) return say(this.live.words.unanswered);
    if (answer.status !== 200) return;
    form.reset();
    this.asking = false;
    this.draw(this.live.state, this.live.now());
  }
}
customElements.define("meeting-vote", MeetingVote);
document.addEventListener("click", (event) => event.target.closest?.("[data-prepare-vote]") && document.querySelector("meeting-vote")?.prepare());
