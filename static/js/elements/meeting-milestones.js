/* When a part has something to say: half time, 80 %, the last minute, the end, every five minutes after. Pure. */
const SHORT = 300;
const OVER_EVERY = 300;

/* [name, elapsed second] of every mark of a part up to `used`, in order of time. */
export function passed(allot, used) {
  const marks = [
    ...(allot >= SHORT ? [["half", allot / 2]] : []),
    ["wrap_up", allot * 0.8],
    ...(allot > 120 && allot !== SHORT ? [["last_minute", allot - 60]] : []),
    ["time_up", allot],
  ];
  for (let over = OVER_EVERY; over <= used - allot; over += OVER_EVERY) marks.push([`still_over ${over}`, allot + over]);
  return marks.filter(([, second]) => second <= used).sort((one, other) => one[1] - other[1]).map(([name]) => name);
}

/* Remembers what a part has said. An extension arms all but half time again. */
export class Milestones {
  constructor() {
    this.part = undefined;
  }

  /* What to say now: a mark that was just passed, "now_on" for a new part, or "". The first look says nothing. */
  look(part, allot, used) {
    const now = passed(allot, used);
    if (part !== this.part) {
      const first = this.part === undefined;
      this.part = part;
      this.said = new Set(now);
      return first || !part ? "" : "now_on";
    }
    const fresh = now.filter((mark) => !this.said.has(mark));
    this.said = new Set([...now, ...(this.said.has("half") ? ["half"] : [])]);
    return fresh.at(-1) || "";
  }
}
