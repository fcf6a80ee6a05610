/* Reading a meeting's state at an instant (milliseconds of the server) and writing seconds. Pure. */
export const two = (n) => String(n).padStart(2, "0");
export const chinese = () => document.documentElement.lang.startsWith("zh");
export const language = () => (chinese() ? "zh" : "en");

/* 12:30 · 1:02:03 · an overrun as +01:12 */
export function digits(seconds) {
  const total = Math.abs(seconds);
  const [hours, minutes, rest] = [Math.floor(total / 3600), Math.floor((total % 3600) / 60), total % 60];
  const text = hours ? `${hours}:${two(minutes)}:${two(rest)}` : `${two(minutes)}:${two(rest)}`;
  return seconds < 0 ? `+${text}` : text;
}

export const fill = (words, values) => words.replace(/\{(\w+)\}/g, (all, name) => values[name] ?? all);

export const part = (state, id = state.part) => state.parts.find((each) => each.id === id);
export const segment = (state, id = state.part) => state.agenda.find((each) => each.parts.includes(id));

const gone = (from, now) => Math.max(0, Math.floor((now - Date.parse(from)) / 1000));

export function elapsed(state, each, now) {
  const running = state.phase === "running" && each.id === state.part;
  return each.closed_s + (running ? gone(state.since, now) : 0);
}

export const left = (state, each, now) => each.allot_s - elapsed(state, each, now);

/* Seconds that count up while the meeting does not run: late in the lobby, paused. */
export const waiting = (state, now) =>
  state.phase === "paused" ? gone(state.paused_at, now) : gone(state.scheduled, now);

/* Seconds to the start; negative when it is late. */
export const toStart = (state, now) => Math.ceil((Date.parse(state.scheduled) - now) / 1000);

/* When the meeting ends if nothing else happens, added up from the parts to come (experience §3.4). */
export function projectedEnd(state, now) {
  if (state.ended_at) return Date.parse(state.ended_at);
  if (state.phase === "closing") return Math.max(now, Date.parse(state.projected_end));
  const current = part(state);
  let seconds = state.buffer_s + (current ? Math.max(0, left(state, current, now)) : 0);
  for (const each of state.parts) {
    if (each.status === "pending") seconds += Math.max(0, each.allot_s - each.closed_s);
  }
  const start = current ? Math.floor(now / 1000) * 1000 : Math.max(now, Date.parse(state.scheduled));
  return start + seconds * 1000;
}

/* on_time, tight (up to five minutes), late */
export function badge(state, now) {
  const slip = Math.floor((projectedEnd(state, now) - Date.parse(state.hard_end)) / 1000);
  return slip <= 0 ? "on_time" : slip <= 300 ? "tight" : "late";
}

/* A calendar day such as 2026-12-05: 5 Dec, 12月5日 */
export const shortDay = (on) =>
  new Intl.DateTimeFormat(chinese() ? "zh-CN" : "en-GB", { month: "short", day: "numeric", timeZone: "UTC" }).format(Date.parse(on));

/* A time of day in the reader's zone: 09:37 or 09:37:30 */
export function timeOfDay(at, zone, seconds = false) {
  const style = { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: zone };
  if (seconds) style.second = "2-digit";
  return new Intl.DateTimeFormat("en-GB", style).format(at);
}
