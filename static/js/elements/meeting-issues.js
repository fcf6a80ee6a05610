/* <meeting-issues>: the problems of the cross-department block. Phones vote and fill their branch, the console takes up and closes. */
import { digits, elapsed, fill, language, part } from "./meeting-time.js";
import { order, say } from "./meeting-order.js";
import { watch } from "./meeting-live.js";

const STEPS = ["identify", "discuss", "solve"];

class MeetingIssues extends HTMLElement {
  connectedCallback() {
    this.lang = this.dataset.lang || language();
    this.mine = new Set((this.dataset.mine || "").split(" ").filter(Boolean));
    this.addEventListener("click", (event) => this.pressed(event.target.closest("button[data-issue]")));
    this.addEventListener("submit", (event) => this.sent(event));
    this.addEventListener("change", (event) => this.changed(event.target));
    watch(this, (state, now, live) => this.draw(state, now, live.words));
  }

  draw(state, now, words) {
    const { issues } = state;
    this.votes = issues?.votes_each || 0; // none: a partner, who has no vote
    const panel = this.closest("[data-issues-panel]") || this;
    panel.hidden = !issues || !["running", "paused"].includes(state.phase);
    if (panel.hidden) return;
    const work = issues.now && issues.list.find((one) => one.key === issues.now.key) ? issues.now : null;
    this.set("[data-left]", "mine" in this.dataset && this.votes ? fill(words.issue_left, { count: Math.max(0, issues.votes_each - this.mine.size) }) : "");
    this.toggle("[data-nothing]", !issues.list.length);
    this.toggle("[data-more]", issues.more > 0);
    this.set("[data-more]", fill(words.issue_more, { count: issues.more }));
    this.toggle("[data-now]", work);
    this.toggle("[data-first]", !work);
    this.list(issues, words, work);
    if (work) this.work(issues, work, state, now, words);
  }

  list(issues, words, work) {
    const list = this.querySelector(".issue-list");
    const onStage = "stage" in this.dataset;
    list.hidden = onStage && Boolean(work);
    const shown = JSON.stringify([issues.list, work?.key, [...this.mine]]);
    if (list.dataset.shown === shown || list.contains(document.activeElement?.closest?.("[data-money]"))) return;
    const focused = document.activeElement?.closest?.(".issue-line") && [document.activeElement.value, document.activeElement.dataset.issue];
    list.dataset.shown = shown;
    const rows = onStage ? issues.list.filter((one) => !one.is_closed).slice(0, 3) : issues.list;
    list.replaceChildren(...rows.map((one) => this.line(one, words, work)));
    if (focused) [...list.querySelectorAll(`[data-issue="${focused[1]}"]`)].find((each) => each.value === focused[0])?.focus();
  }

  line(one, words, work) {
    const line = this.querySelector("template").content.firstElementChild.cloneNode(true);
    const isNow = work?.key === one.key;
    line.querySelector("[data-title]").textContent = one[this.lang] || words.issue_yours;
    const votes = line.querySelector("[data-votes]");
    votes.textContent = "stage" in this.dataset ? fill(words.issue_votes, { count: one.votes }) : String(one.votes);
    const money = line.querySelector("[data-money]");
    const said = one.amount === null ? "" : one.amount.toLocaleString("en-US");
    if (money.matches("input")) [money.value, money.dataset.key] = [said, one.key];
    else money.textContent = said;
    const state = line.querySelector("[data-state]");
    if (state) state.textContent = one.is_closed ? `✓ ${words.issue_solved}` : "";
    line.toggleAttribute("data-current", isNow);
    line.toggleAttribute("data-closed", one.is_closed);
    for (const button of line.querySelectorAll("button")) {
      button.value = one.key;
      const votes = button.dataset.issue === "issue.vote";
      if (votes) {
        button.hidden = !this.votes;
        button.setAttribute("aria-pressed", String(this.mine.has(one.key)));
        button.setAttribute("aria-label", `${one[this.lang]}: ${fill(words.issue_votes, { count: one.votes })}`);
      } else button.hidden = isNow || one.is_closed;
    }
    return line;
  }

  work(issues, work, state, now, words) {
    const one = issues.list.find((each) => each.key === work.key);
    this.set("[data-now] [data-title]", one[this.lang] || words.issue_yours);
    const left = work.box_s - (elapsed(state, part(state), now) - work.from_s);
    const box = this.querySelector("[data-box]");
    const said = { left: digits(Math.max(0, left)), over: digits(Math.max(0, -left)), box: digits(work.box_s) };
    box.toggleAttribute("data-over", left < 0);
    const text = "stage" in this.dataset ? digits(left) : fill(left < 0 ? words.issue_over : words.issue_box, said);
    if (box.textContent !== text) box.textContent = text;
    for (const [number, step] of this.querySelectorAll("[data-step]").entries()) {
      const isOn = STEPS[number] === work.step;
      if (step.matches("button")) {
        step.setAttribute("aria-pressed", String(isOn));
        step.disabled = !("console" in this.dataset);
      } else {
        step.toggleAttribute("data-on", isOn);
        step.textContent = words.screen[this.lang][`step_${STEPS[number]}`];
      }
    }
    for (const [number, side] of this.querySelectorAll("[data-side]").entries()) {
      if (side !== document.activeElement && this.sidesOf !== JSON.stringify(work.between)) side.value = work.between[number]?.code || "";
    }
    this.sidesOf = JSON.stringify(work.between);
    for (const [number, branch] of this.querySelectorAll("[data-branch]").entries()) this.branch(branch, work.between[number]);
  }

  branch(branch, side) {
    branch.hidden = !side;
    if (!side) return;
    branch.dataset.code = side.code;
    branch.querySelector("[data-name]").textContent = side[this.lang];
    const form = branch.querySelector("form");
    if (form) form.hidden = !("console" in this.dataset || this.dataset.own === side.code);
    const empty = branch.querySelector("[data-empty]");
    if (empty) empty.hidden = !side.causes || side.causes.length > 0;
    const list = branch.querySelector("[data-causes]");
    const shown = JSON.stringify(side.causes);
    if (list.dataset.shown === shown) return;
    list.dataset.shown = shown;
    list.replaceChildren(
      ...(side.causes || []).map((cause) => {
        const line = document.createElement("li");
        const number = document.createElement("b");
        [line.textContent, number.textContent, number.className] = [`${cause.text} `, cause.number, "num"];
        line.append(number);
        return line;
      }),
    );
  }

  set(place, text) {
    for (const spot of this.querySelectorAll(place)) if (spot.textContent !== text) spot.textContent = text;
  }

  toggle(place, isOn) {
    for (const spot of this.querySelectorAll(place)) spot.hidden = !isOn;
  }

  pressed(button) {
    if (!button) return;
    const code = button.closest("[data-branch]")?.dataset.code;
    const to = button.dataset.to || button.value;
    this.give(button.dataset.issue, { ...(to ? { to } : {}), ...(code ? { department: code } : {}) });
  }

  changed(field) {
    if (field.dataset.money !== undefined) {
      const amount = Number(field.value.normalize("NFKC").replace(/[,\s]/g, "") || NaN);
      if (Number.isInteger(amount)) this.give("issue.weigh", { to: field.dataset.key, amount });
      return;
    }
    if (field.dataset.side === undefined) return;
    const sides = [...this.querySelectorAll("[data-side]")].map((each) => each.value);
    if (sides.every(Boolean)) this.give("issue.sides", { sides });
  }

  /* A refusal stands beside what was typed, which stays. */
  async sent(event) {
    event.preventDefault();
    const form = event.target;
    const given = Object.fromEntries(new FormData(form));
    const isFill = form.matches("[data-fill]");
    if (isFill) given.department = form.closest("[data-branch]").dataset.code;
    const answer = await this.give(isFill ? "branch.fill" : "issue.close", given, true);
    const error = form.querySelector("[data-error]");
    error.textContent = answer?.status === 200 ? "" : answer?.text || this.live.words.unanswered;
    error.hidden = answer?.status === 200;
    if (answer?.status !== 200) return;
    form.reset();
    form.elements[0].focus();
  }

  async give(cmd, given, quiet = false) {
    const answer = await order(this.live, cmd, given, undefined, quiet);
    if (!answer && !quiet) say(this.live.words.unanswered);
    if (answer?.status === 200 && cmd === "issue.vote") this.mine[answer.payload.is_on ? "add" : "delete"](given.to);
    this.draw(this.live.state, this.live.now(), this.live.words);
    return answer;
  }
}
customElements.define("meeting-issues", MeetingIssues);
