/* <meeting-controls>: the facilitator's buttons and keys. A button that asks twice changes its own words. */
import { order, say } from "./meeting-order.js";
import { watch } from "./meeting-live.js";

const PATIENCE = 4000;
const typing = (target) => target.closest?.("input, textarea, select, [contenteditable], dialog[open]");

/* The next question (or the one before) that was not parked. */
function another(questions, from, step) {
  for (let place = 1; place <= questions.length; place += 1) {
    const found = (((from + step * place) % questions.length) + questions.length) % questions.length;
    if (!questions[found].parked) return found;
  }
  return from;
}

class MeetingControls extends HTMLElement {
  connectedCallback() {
    watch(this, (state, now) => this.draw(state, now));
    this.addEventListener("click", (event) => {
      const button = event.target.closest("button[data-command]");
      if (button) this.pressed(button);
    });
    this.addEventListener("change", (event) => "preset" in event.target.dataset && this.prefer(event.target));
    this.press = (event) => this.key(event);
    document.addEventListener("keydown", this.press);
  }

  disconnectedCallback() {
    document.removeEventListener("keydown", this.press);
  }

  draw(state, now) {
    for (const button of this.querySelectorAll("[data-command], [data-choose], [data-prepare-vote]")) {
      const off = this.live.isOffline || (button.dataset.when && !button.dataset.when.split(" ").includes(state.phase));
      button.setAttribute("aria-disabled", off ? "true" : "false");
      if (button.dataset.toggle) button.setAttribute("aria-pressed", String(Boolean(state[button.dataset.toggle])));
    }
    const preset = this.querySelector("[data-preset]");
    if (preset && preset !== document.activeElement) preset.value = state.pays;
    const undo = this.querySelector('[data-command="undo"]');
    const until = Date.parse(state.latest?.undo_until || "");
    const rest = Math.ceil((until - now) / 1000);
    if (!undo) return;
    undo.querySelector("[data-rest]").textContent = rest > 0 ? `${rest} s` : "";
    if (!(rest > 0)) undo.setAttribute("aria-disabled", "true");
  }

  pressed(button) {
    if (button.getAttribute("aria-disabled") === "true" || button.hasAttribute("aria-busy")) return;
    if (button.dataset.twice && !("armed" in button.dataset)) return this.arm(button);
    this.calm(button);
    this.send(button);
  }

  /* A press while another one is under way waits for its answer; the same button pressed again does not. */
  send(button) {
    button.setAttribute("aria-busy", "true");
    this.sent = Promise.resolve(this.sent).then(async () => {
      const answer = await order(this.live, button.dataset.command, this.given(button.dataset));
      if (!answer) say(this.live.words.unanswered);
      button.removeAttribute("aria-busy");
    });
  }

  /* Who pays for overruns from now on. */
  async prefer(select) {
    const answer = await order(this.live, "pay.set", { to: select.value });
    if (!answer) say(this.live.words.unanswered);
    if (answer?.status !== 200) select.value = this.live.state.pays;
  }

  given({ command, seconds, step }) {
    const { question, questions } = this.live.state;
    if (command === "stage.set") return { question: another(questions, question, Number(step || 1)) };
    return seconds ? { seconds: Number(seconds) } : {};
  }

  arm(button) {
    const word = button.querySelector("[data-word]");
    button.dataset.armed = "";
    button.dataset.once = word.textContent;
    word.textContent = button.dataset.twice;
    button.calmLater = setTimeout(() => this.calm(button), PATIENCE);
  }

  calm(button) {
    if (!("armed" in button.dataset)) return;
    clearTimeout(button.calmLater);
    delete button.dataset.armed;
    button.querySelector("[data-word]").textContent = button.dataset.once;
  }

  key(event) {
    if (event.defaultPrevented || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    if (typing(event.target)) return;
    const extending = Date.now() - (this.extendAt || 0) < PATIENCE;
    this.extendAt = event.key.toLowerCase() === "e" ? Date.now() : 0;
    this.toggleAttribute("data-extending", this.extendAt > 0);
    const name = `${event.shiftKey && (event.key.length > 1 || event.key === "Q") ? "Shift+" : ""}${event.key.length === 1 ? event.key.toLowerCase() : event.key}`;
    const wanted = extending && /^[125]$/.test(name) ? `e${name}` : name === " " ? "Space" : name;
    const button = [...this.querySelectorAll("[data-keys]")].find(
      (each) => each.offsetParent && each.dataset.keys.split(" ").includes(wanted),
    );
    if (!button) return;
    event.preventDefault();
    button.click();
  }
}
customElements.define("meeting-controls", MeetingControls);
