/* <meeting-facts> keeps every [data-show] in it up to date, and shows [data-phases] in their phases only. */
import { badge, digits, fill, language, part, projectedEnd, segment, timeOfDay } from "./meeting-time.js";
import { watch } from "./meeting-live.js";

const titled = (state, id, words, lang) => {
  const found = segment(state, id);
  if (!found) return "";
  const name = found.internal ? words.screen[lang].internal : found[lang];
  const kind = words.kinds[lang][part(state, id).kind];
  return kind ? `${name} · ${kind}` : name;
};

const SHOWN = {
  title: (state, { words, lang }) => titled(state, state.part, words, lang) || state.title[lang],
  phase: (state, { words, lang }) => words.screen[lang][state.phase] || "",
  start: (state, { zone }) => timeOfDay(Date.parse(state.scheduled), zone),
  next: (state, { words, lang }) =>
    state.next ? titled(state, state.next, words, lang) : state.part ? words.screen[lang].nothing_next : "",
  next_minutes: (state, { words }) => {
    const next = state.next && part(state, state.next);
    return next ? fill(words.minutes, { number: Math.round((next.allot_s / 60) * 10) / 10 }) : "";
  },
  part_of: (state, { words, lang }) => {
    const found = segment(state);
    if (!found || found.parts.length < 2) return "";
    return fill(words.screen[lang].part_of, { number: found.parts.indexOf(state.part) + 1, count: found.parts.length });
  },
  question: (state, { words, lang, second }) => {
    const found = state.questions[state.question];
    if (!found?.topic) return found?.[lang] || "";
    return second ? words.screen[lang].topic : found[lang];
  },
  question_of: (state) => (state.questions.length > 1 ? `${state.question + 1}/${state.questions.length}` : ""),
  time: (state, { now, zone }) => timeOfDay(now, zone),
  time_s: (state, { now, zone }) => timeOfDay(now, zone, true),
  ends: (state, { now, zone }) => timeOfDay(projectedEnd(state, now), zone),
  ends_s: (state, { now, zone }) => timeOfDay(projectedEnd(state, now), zone, true),
  hard_end: (state, { zone }) => timeOfDay(Date.parse(state.hard_end), zone),
  standing: (state, { now, words }) => ({ on_time: words.on_time, tight: words.tight, late: words.behind })[badge(state, now)],
  buffer: (state) => digits(state.buffer_s),
  seq: (state) => String(state.seq),
  here: (state, { words }) => fill(words.present, { count: state.present.count }),
  decisions: (state) => String(state.captures.decisions),
  actions: (state) => String(state.captures.actions),
  captured: (state, { words }) => fill(words.incomplete, { total: state.captures.total, open: state.captures.incomplete }),
  your_turn: (state, { words, lang, zone }) =>
    state.your_turn_at ? fill(words.screen[lang].your_turn, { time: timeOfDay(Date.parse(state.your_turn_at), zone) }) : "",
};

class MeetingFacts extends HTMLElement {
  connectedCallback() {
    watch(this, (state, now, live) => this.draw(state, now, live));
  }

  draw(state, now, live) {
    const zone = live.dataset.zone;
    for (const place of this.querySelectorAll("[data-show]")) {
      const known = { now, zone, words: live.words, lang: place.dataset.lang || language(), second: place.classList.contains("second") };
      const text = SHOWN[place.dataset.show](state, known) || "";
      if (place.textContent !== text) place.textContent = text;
      if (place.dataset.show === "standing") place.dataset.standing = badge(state, now);
    }
    for (const place of this.querySelectorAll("[data-phases]")) {
      place.hidden = !place.dataset.phases.split(" ").includes(state.phase);
    }
    for (const place of this.querySelectorAll("[data-needs]")) {
      place.hidden = !place.querySelector("[data-show]")?.textContent;
    }
  }
}
customElements.define("meeting-facts", MeetingFacts);
