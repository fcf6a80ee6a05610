/* <meeting-facts> keeps every [data-show] in it up to date, and shows [data-phases] in their phases (and item) only. */
import { badge, digits, fill, language, left, part, projectedEnd, segment, timeOfDay, toStart, waiting } from "./meeting-time.js";
import { watch } from "./meeting-live.js";

const titled = (state, id, words, lang) => {
  const found = segment(state, id);
  if (!found) return "";
  const name = found.internal ? words.screen[lang].internal : found[lang];
  const kind = words.kinds[lang][part(state, id).kind];
  return kind ? `${name} · ${kind}` : name;
};

/* The part on the floor as it is said aloud: "Sales discussion". */
export const spoken = (state, words, id = state.part) => {
  const found = segment(state, id);
  if (!found) return "";
  const name = found.internal ? words.screen[language()].internal : found[language()];
  const form = words.spoken[part(state, id).kind];
  return form ? fill(form, { name }) : name;
};

const SHOWN = {
  title: (state, { words, lang }) => titled(state, state.part, words, lang) || state.title[lang],
  phase: (state, { words, lang }) => words.screen[lang][state.phase] || "",
  start: (state, { zone }) => timeOfDay(Date.parse(state.scheduled), zone),
  waiting: (state, { now }) => digits(waiting(state, now)),
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
    if (found?.parked) return "";
    if (!found?.topic) return found?.[lang] || "";
    return second ? words.screen[lang].topic : found[lang];
  },
  on_stage: (state, known) => {
    const problem = state.issues?.now && state.issues.list.find((each) => each.key === state.issues.now.key);
    return problem ? problem[known.lang] : SHOWN.question(state, known);
  },
  question_of: (state) => (state.questions.length > 1 ? `${state.question + 1}/${state.questions.length}` : ""),
  pause_reason: (state, { words, lang }) => (state.phase === "paused" ? words.screen[lang][`pause_${state.pause_reason}`] || "" : ""),
  parked: (state, { words }) => {
    const count = state.questions.filter((each) => each.parked).length;
    return count ? fill(words.parked_topics, { count }) : "";
  },
  ready: (state, { words, lang }) => {
    const item = state.presents_next?.is_ready && segment(state, state.presents_next.part);
    return item ? `✓ ${fill(words.screen[lang].is_ready, { name: item[lang] })}` : "";
  },
  doubts: (state, { words }) => (state.desk?.doubts ? fill(words.doubts, { count: state.desk.doubts, time: digits(state.desk.doubts_s) }) : ""),
  time: (state, { now, zone }) => timeOfDay(now, zone),
  time_s: (state, { now, zone }) => timeOfDay(now, zone, true),
  ends: (state, { now, zone }) => timeOfDay(projectedEnd(state, now), zone),
  ends_s: (state, { now, zone }) => timeOfDay(projectedEnd(state, now), zone, true),
  hard_end: (state, { zone }) => timeOfDay(Date.parse(state.hard_end), zone),
  standing: (state, { now, words }) => ({ on_time: words.on_time, tight: words.tight, late: words.behind })[badge(state, now)],
  buffer: (state) => digits(state.buffer_s),
  seq: (state) => String(state.seq),
  here: (state, { words }) => fill(words.present, { count: state.present.count }),
  left: (state, { now }) => digits(part(state) ? left(state, part(state), now) : toStart(state, now)),
  here_count: (state) => String(state.present.count),
  decisions: (state) => String(state.captures.decisions),
  actions: (state) => String(state.captures.actions),
  captured: (state, { words }) => fill(words.incomplete, { total: state.captures.total, open: state.captures.incomplete }),
  your_turn: (state, { words, lang, zone }) => {
    if (!state.your_turn_at) return "";
    const said = words.screen[lang];
    if (state.part && state.your_turn_at === state.server_now) return said.your_turn_now;
    return fill(said.your_turn, { time: timeOfDay(Date.parse(state.your_turn_at), zone) });
  },
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
      const item = place.dataset.item; // where a part is on the floor: only while it is one of this item
      const elsewhere = item && state.part && state.part.split(".")[0] !== item;
      place.hidden = elsewhere || !place.dataset.phases.split(" ").includes(state.phase);
    }
    for (const place of this.querySelectorAll("[data-needs]")) {
      place.hidden = !place.querySelector("[data-show]")?.textContent;
    }
  }
}
customElements.define("meeting-facts", MeetingFacts);
