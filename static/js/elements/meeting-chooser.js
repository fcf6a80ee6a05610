/* <meeting-chooser>: the ways in which an order can be given, each with what it costs; 1 to 9 choose, Esc closes. */
import { order, say } from "./meeting-order.js";
import { elapsed, part } from "./meeting-time.js";
import { watch } from "./meeting-live.js";

const AGAIN_S = 120;
const typing = (target) => target.closest?.("input, textarea, select, [contenteditable], dialog[open]");

class MeetingChooser extends HTMLElement {
  connectedCallback() {
    this.asked = "";
    this.press = (event) => this.key(event);
    this.open = (event) => this.clicked(event.target.closest?.("[data-choose], [data-choice], [data-close], [data-amount]"));
    document.addEventListener("keydown", this.press, true);
    document.addEventListener("click", this.open);
    watch(this, (state, now, live) => this.draw(state, now, live));
  }

  disconnectedCallback() {
    document.removeEventListener("keydown", this.press, true);
    document.removeEventListener("click", this.open);
  }

  /* Who pays is asked when a discussion is over, and every two minutes after, unless a preset answers. */
  draw(state, now, live) {
    if (!this.hidden && (state.seq !== this.seq || live.isOffline)) this.refresh(state, live);
    const current = part(state);
    if (!current || state.phase !== "running" || state.pays !== "ask" || current.kind === "report" || live.isOffline) return;
    const over = elapsed(state, current, now) - current.allot_s;
    const asked = over < 0 ? "" : `${current.id} ${current.allot_s} ${Math.floor(over / AGAIN_S)}`;
    if (asked === this.asked) return;
    this.asked = asked;
    if (asked) this.show({ do: "extend", seconds: 300, title: live.words.who_pays, quiet: true });
  }

  /* The clock moved: prices are old. What the person looks at is asked anew, or closed when it makes no sense. */
  refresh(state, live) {
    this.seq = state.seq;
    const fits = this.wanted.do === "fac.offer" || ["running", "paused"].includes(state.phase);
    if (!fits || live.isOffline) this.close();
    else this.show({ ...this.wanted, quiet: true });
  }

  clicked(button) {
    if (!button || button.getAttribute("aria-disabled") === "true") return;
    if (button.dataset.choose) {
      const { choose, seconds, title } = button.dataset;
      if (!this.hidden && this.wanted.do === choose) return this.close();
      this.opener = button;
      this.show({ do: choose, seconds: Number(seconds) || 0, title: title || button.dataset.word || button.textContent });
    } else if (!this.contains(button)) return;
    else if ("close" in button.dataset) this.close(true);
    else if (button.dataset.amount) this.show({ ...this.wanted, seconds: Number(button.dataset.amount) });
    else this.choose(button);
  }

  async show(wanted) {
    this.wanted = wanted;
    const number = (this.asking = (this.asking || 0) + 1);
    const query = new URLSearchParams({ do: wanted.do, ...(wanted.seconds ? { seconds: wanted.seconds } : {}) });
    const answer = await fetch(`${this.live.dataset.choices}?${query}`, { cache: "no-store" }).catch(() => null);
    if (number !== this.asking) return;
    if (!answer?.ok) return say(this.live.words.unanswered);
    const { seq, choices } = await answer.json();
    this.seq = Math.max(seq, this.live.state.seq);
    this.fill(wanted, choices);
  }

  fill(wanted, choices) {
    const line = this.querySelector("template").content.firstElementChild;
    this.querySelector("[data-title]").textContent = wanted.title;
    this.querySelector("[data-amounts]").hidden = !["extend", "borrow"].includes(wanted.do);
    for (const button of this.querySelectorAll("[data-amount]")) {
      button.setAttribute("aria-pressed", String(Number(button.dataset.amount) === wanted.seconds));
    }
    const list = this.querySelector("ol");
    const focused = list.contains(document.activeElement) ? [...list.querySelectorAll("button")].indexOf(document.activeElement) : -1;
    list.replaceChildren(...choices.map((choice, place) => this.line(line.cloneNode(true), choice, place)));
    this.querySelector("[data-none]").hidden = choices.length > 0;
    this.hidden = false;
    const buttons = list.querySelectorAll("button");
    if (focused >= 0) buttons[Math.min(focused, buttons.length - 1)]?.focus();
    else if (!wanted.quiet) (buttons[0] || this.querySelector("[data-close]")).focus();
  }

  line(line, choice, place) {
    const button = line.querySelector("button");
    button.order = choice.order;
    if (choice.refused) button.setAttribute("aria-disabled", "true");
    const texts = { key: place < 9 ? String(place + 1) : "", label: choice.label, cost: choice.refused || choice.cost || "", detail: choice.detail };
    for (const [name, text] of Object.entries(texts)) line.querySelector(`[data-line="${name}"]`).textContent = text;
    return line;
  }

  async choose(button) {
    if (this.isSending) return;
    this.isSending = true;
    const { cmd, ...given } = button.order;
    const answer = await order(this.live, cmd, given);
    this.isSending = false;
    if (!answer) say(this.live.words.unanswered);
    else if (answer.status === 200) this.close(true);
  }

  close(focus = false) {
    const had = this.contains(document.activeElement);
    this.asking = (this.asking || 0) + 1;
    this.hidden = true;
    if (focus || had) this.opener?.focus();
  }

  key(event) {
    if (this.hidden || event.isComposing || event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    const extending = document.querySelector("[data-extending]");
    const place = /^[1-9]$/.test(event.key) && !extending ? Number(event.key) - 1 : -1;
    const button = place < 0 ? null : this.querySelectorAll("[data-choice]")[place];
    if (!button && event.key !== "Escape") return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (button) button.click();
    else this.close(true);
  }
}
customElements.define("meeting-chooser", MeetingChooser);
