/* <meeting-capture>: one line and Enter. What cannot be sent now waits here and goes out in order. */
import { fill, language, shortDay } from "./meeting-time.js";
import { number, order } from "./meeting-order.js";
import { watch } from "./meeting-live.js";

const typing = (target) => target.closest?.("input, textarea, select, [contenteditable], dialog[open]");

class MeetingCapture extends HTMLElement {
  connectedCallback() {
    this.waiting = [];
    this.box = this.querySelector("input[name=text]");
    watch(this, (state) => this.draw(state));
    this.live.addEventListener("meeting:link", () => this.sendWaiting());
    this.querySelector("form").addEventListener("submit", (event) => this.submitted(event));
    this.addEventListener("click", (event) => this.begin(event.target.closest("[data-begin]")?.dataset.begin));
    this.press = (event) => this.key(event);
    document.addEventListener("keydown", this.press);
  }

  disconnectedCallback() {
    document.removeEventListener("keydown", this.press);
  }

  /* `/` and the full stop of a Chinese keyboard (、) open the box; on the console D, A and I with their kind. */
  key(event) {
    if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape" && event.target === this.box) return this.box.blur();
    const kind = this.closest(".console") && /^[dai]$/i.test(event.key) ? `/${event.key.toLowerCase()} ` : "";
    if (typing(event.target) || event.defaultPrevented || !(kind || ["/", "、"].includes(event.key))) return;
    event.preventDefault();
    this.begin(kind || "/");
  }

  begin(opener) {
    if (!opener) return;
    const said = this.box.value.replace(/^[/、][a-z]?\s*/, "");
    this.box.value = opener + said;
    this.box.focus();
    this.box.setSelectionRange(this.box.value.length, this.box.value.length);
  }

  submitted(event) {
    event.preventDefault();
    const text = this.box.value.trim();
    if (!text || text === "/") return;
    this.box.value = "";
    this.waiting.push({ text, id: number() });
    this.sendWaiting();
  }

  async sendWaiting() {
    if (this.isSending || this.live.isOffline) return this.say();
    this.isSending = true;
    while (this.waiting.length && !this.live.isOffline) {
      const { text, id } = this.waiting[0];
      this.say();
      const answer = await order(this.live, "capture.add", { text }, id);
      if (!answer) break;
      this.waiting.shift();
      if (answer.status !== 200 && !this.box.value) this.box.value = text; // what was typed is never lost
    }
    this.isSending = false;
    this.say();
  }

  say() {
    const { words } = this.live;
    const note = this.waiting.length ? `${fill(words.unsent, { count: this.waiting.length })} · ${words.outbox}` : "";
    this.querySelector("[data-outbox]").textContent = note;
  }

  draw(state) {
    const list = this.querySelector("[data-last]");
    const shown = JSON.stringify(state.captures.last);
    if (!list || list.dataset.shown === shown) return;
    list.dataset.shown = shown;
    list.replaceChildren(...state.captures.last.map((each) => this.line(each)));
  }

  line(each) {
    const { words } = this.live;
    const line = this.querySelector("template").content.firstElementChild.cloneNode(true);
    const facts = [each.owner?.[language()], each.due_on && shortDay(each.due_on)].filter(Boolean).join(" · ");
    line.dataset.kind = each.kind;
    line.querySelector("[data-kind-word]").textContent = words.capture[each.kind];
    line.querySelector("[data-text]").textContent = each.text;
    line.querySelector("[data-facts]").textContent = facts;
    line.querySelector("[data-gaps]").replaceChildren(
      ...each.missing.filter((gap) => gap !== "link").map((gap) => {
        const chip = document.createElement("span");
        chip.className = "gap";
        chip.textContent = words.missing[gap];
        return chip;
      }),
    );
    return line;
  }
}
customElements.define("meeting-capture", MeetingCapture);
