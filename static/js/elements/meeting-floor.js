/* <meeting-floor>: who speaks, who waits. On a phone a hand goes up; on the console the floor is given. */
import { digits, fill, language } from "./meeting-time.js";
import { order, say } from "./meeting-order.js";
import { watch } from "./meeting-live.js";

const TURN_S = 120;
const STAGE_NEXT = 3;
const typing = (target) => target.closest?.("input, textarea, select, [contenteditable], dialog[open]");
const person = (one, lang) => (one.department ? `${one.name[lang]} (${one.department})` : one.name[lang]);

class MeetingFloor extends HTMLElement {
  connectedCallback() {
    this.me = Number(this.dataset.person) || 0;
    this.lang = this.dataset.lang || language();
    this.addEventListener("click", (event) => this.pressed(event.target.closest("button[data-floor]")));
    this.addEventListener("change", (event) => event.target.dataset.sort !== undefined && this.give("queue.sort", { to: event.target.value }));
    if ("console" in this.dataset) {
      this.press = (event) => this.key(event);
      document.addEventListener("keydown", this.press);
    }
    watch(this, (state, now, live) => this.draw(state, now, live.words));
  }

  disconnectedCallback() {
    if (this.press) document.removeEventListener("keydown", this.press);
  }

  draw(state, now, words) {
    const { floor } = state;
    this.hidden = !["running", "paused"].includes(state.phase);
    if (this.hidden) return;
    const turn = floor.speaking;
    const seconds = turn ? Math.max(0, Math.floor((now - Date.parse(turn.since)) / 1000)) : 0;
    this.set("[data-speaker]", turn ? person(turn, this.lang) : words.floor_free);
    this.set("[data-turn]", turn ? digits(seconds) : "");
    this.toggleAttribute("data-long", seconds >= TURN_S);
    this.toggleAttribute("data-free", !turn);
    this.set("[data-next]", floor.waiting.slice(0, STAGE_NEXT).map((one) => person(one, this.lang)).join(" · "));
    for (const place of this.querySelectorAll("[data-has-next]")) place.hidden = !floor.waiting.length;
    this.mine(floor, turn, words);
    this.list(floor, words);
    this.shares(state.desk?.talk || [], words);
    for (const button of this.querySelectorAll("button[data-floor]")) this.enable(button, state, turn);
    const sort = this.querySelector("[data-sort]");
    if (sort && sort !== document.activeElement) sort.value = floor.order;
  }

  /* What a phone says about its own hand. */
  mine(floor, turn, words) {
    const own = floor.waiting.find((one) => one.person === this.me);
    const speaks = turn?.person === this.me;
    this.standing = speaks ? "speaking" : own ? "waiting" : "";
    if (speaks && this.heard !== turn.since) {
      this.heard = turn.since;
      this.live.announce("meeting:alert", words.floor_yours);
      if (navigator.userActivation?.hasBeenActive) navigator.vibrate?.(80);
    }
    const said = speaks ? words.floor_yours : own ? fill(words.floor_place, { place: own.place }) : floor.is_locked ? words.floor_locked : "";
    this.set("[data-mine]", said);
    for (const button of this.querySelectorAll("[data-standing]")) button.hidden = !button.dataset.standing.split(" ").includes(this.standing || "out");
  }

  list(floor, words) {
    const list = this.querySelector("ol");
    if (!list) return;
    const shown = JSON.stringify([floor.waiting, floor.is_locked]);
    if (list.dataset.shown === shown) return;
    list.dataset.shown = shown;
    list.replaceChildren(...floor.waiting.map((one) => this.line(one, words)));
    this.querySelector("[data-nobody]").hidden = floor.waiting.length > 0;
    const lock = this.querySelector('[data-floor="queue.lock"]');
    lock.setAttribute("aria-pressed", String(floor.is_locked));
  }

  line(one, words) {
    const line = this.querySelector("template").content.firstElementChild.cloneNode(true);
    line.querySelector("[data-key]").textContent = one.place < 10 ? String(one.place) : "";
    line.querySelector("[data-name]").textContent = person(one, this.lang);
    line.querySelector("[data-way]").textContent = one.way === "reply" ? words.floor_reply : "";
    line.querySelector("button").value = one.person;
    return line;
  }

  /* Talk time by department, for the facilitator alone: state.desk is in nobody else's document. */
  shares(talk, words) {
    const place = this.querySelector("[data-talk]");
    if (!place) return;
    const whole = talk.reduce((sum, one) => sum + one.seconds, 0);
    const said = talk.filter((one) => one.seconds).map((one) => `${one[this.lang] || words.floor_others} ${Math.round((100 * one.seconds) / whole)} %`);
    this.set("[data-talk]", said.join(" · "));
    place.parentElement.hidden = !said.length;
  }

  enable(button, state, turn) {
    const needs = { "queue.done": turn, "queue.call": state.phase === "running" && (button.value || state.floor.waiting.length) };
    const locked = button.dataset.floor === "queue.join" && state.floor.is_locked;
    const off = this.live.isOffline || locked || needs[button.dataset.floor] === null || needs[button.dataset.floor] === false || needs[button.dataset.floor] === 0;
    button.setAttribute("aria-disabled", String(off));
  }

  set(place, text) {
    for (const spot of this.querySelectorAll(place)) if (spot.textContent !== text) spot.textContent = text;
  }

  pressed(button) {
    if (!button || button.getAttribute("aria-disabled") === "true") return;
    const { floor, to } = button.dataset;
    this.give(floor, { ...(to ? { to } : {}), ...(button.value ? { person: Number(button.value) } : {}) });
  }

  async give(cmd, given) {
    if (this.isSending) return;
    this.isSending = true;
    if (!(await order(this.live, cmd, given))) say(this.live.words.unanswered);
    this.isSending = false;
    this.draw(this.live.state, this.live.now(), this.live.words);
  }

  /* 1 to 9 give the floor, 0 takes it back, L locks the queue. */
  key(event) {
    if (this.hidden || event.defaultPrevented || event.isComposing || event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    const { floor } = this.live.state;
    const named = { 0: "queue.done", l: "queue.lock" }[event.key.toLowerCase()];
    const button = named ? this.querySelector(`[data-floor="${named}"]`) : /^[1-9]$/.test(event.key) && floor.waiting[event.key - 1] ? this.querySelectorAll("ol button")[event.key - 1] : null;
    if (!button) return;
    event.preventDefault();
    button.click();
  }
}
customElements.define("meeting-floor", MeetingFloor);
