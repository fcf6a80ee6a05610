/* <meeting-lease>: who holds the console. The facilitator's browser says that it is there; others may take over. */
import { digits, fill, language, left, part } from "./meeting-time.js";
import { order, say } from "./meeting-order.js";
import { spoken } from "./meeting-facts.js";
import { watch } from "./meeting-live.js";

const PRESENCE = 20000;
const LEASE = 60000;
const RETRY = 1500;
const LIVE = ["lobby", "running", "paused", "closing"];

class MeetingLease extends HTMLElement {
  connectedCallback() {
    this.me = Number(this.dataset.person);
    this.isConsole = "here" in this.dataset;
    this.addEventListener("click", (event) => this.pressed(event.target.closest("[data-answer]")));
    watch(this, (state, now) => this.draw(state, now));
    if (this.isConsole) {
      this.present();
      this.presence = setInterval(() => this.present(), PRESENCE);
      if (location.hash === "#taken") this.welcome();
    }
  }

  disconnectedCallback() {
    clearInterval(this.presence);
  }

  present() {
    const headers = { "X-CSRFToken": this.live.dataset.csrf };
    fetch(this.live.dataset.presence, { method: "POST", headers, keepalive: true }).catch(() => {});
  }

  /* Told once, and aloud, to who has just become the facilitator. */
  welcome() {
    history.replaceState(null, "", location.pathname);
    const { state, words } = this.live;
    const current = part(state);
    const rest = current ? fill(words.left_in, { left: digits(left(state, current, this.live.now())), part: spoken(state, words) }) : "";
    this.live.announce("meeting:alert", [words.now_you, rest].filter(Boolean).join(" "));
    say([words.now_you, rest].filter(Boolean).join(" "));
  }

  draw(state, now) {
    if (this.moves(state)) return;
    const words = this.live.words;
    const asked = state.handover;
    const rest = asked ? Math.max(0, Math.ceil((Date.parse(asked.until) - now) / 1000)) : 0;
    const mine = state.facilitator_id === this.me;
    const shows = LIVE.includes(state.phase) && (asked ? this.asked(asked, mine, rest) : this.unasked(state, mine, now));
    this.hidden = !shows;
    if (asked?.kind === "claimed" && asked.to === this.me && !rest) this.insist(state.seq);
    if (!shows) return;
    this.toggleAttribute("data-calm", shows.text === "holder_there");
    const values = { name: asked?.name?.[language()] || state.facilitator?.[language()] || "", seconds: rest };
    const text = fill(words[shows.text], values);
    const line = this.querySelector("[data-text]");
    if (line.textContent !== text) line.textContent = text;
    for (const button of this.querySelectorAll("[data-answer]")) {
      button.hidden = !shows.answers.includes(button.dataset.answer);
      button.setAttribute("aria-disabled", String(this.live.isOffline || Boolean(this.isSending)));
    }
  }

  /* The console is where its holder is. */
  moves(state) {
    if (this.left) return true;
    if (this.isConsole && state.facilitator_id !== this.me) this.go(this.dataset.meeting);
    else if (!this.isConsole && this.was && this.was !== this.me && state.facilitator_id === this.me) this.go(`${this.dataset.console}#taken`);
    this.was = state.facilitator_id;
    return Boolean(this.left);
  }

  go(address) {
    this.left = true;
    location.assign(address);
  }

  asked(asked, mine, rest) {
    if (asked.kind === "claimed" && mine) return { text: "claimed_of_you", answers: ["keep", "give"] };
    if (asked.kind === "claimed") return asked.to === this.me ? { text: rest ? "claim_waits" : "claim_goes", answers: [] } : null;
    if (asked.to === this.me) return { text: "offered_to_you", answers: ["accept", "decline"] };
    return mine ? { text: "offered_by_you", answers: ["withdraw"] } : null;
  }

  /* Nobody asked: the console of a facilitator whose browser is silent may be taken, by an executive always. */
  unasked(state, mine, now) {
    if (mine) return null;
    const silent = !state.lease_at || now - Date.parse(state.lease_at) >= LEASE;
    return { text: silent ? "holder_silent" : "holder_there", answers: ["claim"] };
  }

  /* Ten seconds went by without an answer: that is a yes. */
  insist(seq) {
    if (this.insisted === seq) return;
    this.insisted = seq;
    setTimeout(() => this.send("fac.claim"), RETRY);
  }

  pressed(button) {
    if (!button || button.getAttribute("aria-disabled") === "true") return;
    this.send(button.dataset.order);
  }

  async send(cmd) {
    if (this.isSending) return;
    this.isSending = true;
    const answer = await order(this.live, cmd);
    this.isSending = false;
    if (!answer) say(this.live.words.unanswered);
  }
}
customElements.define("meeting-lease", MeetingLease);
