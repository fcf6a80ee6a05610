/* <due-clock due="…" now="…" left="{clock} left" late="late by {clock}"> counts to a moment by the second, by the
   server's clock: `now` is when the page was written. Without a script the text inside stays. */
const two = (n) => String(n).padStart(2, "0");

/* 172800 → 48:00:00; from the fourth day on with days: 3 d 02:00:05 */
export function spelled(seconds, days) {
  const whole = Math.abs(seconds);
  const many = whole >= 72 * 3600 ? Math.floor(whole / 86400) : 0;
  const rest = whole - many * 86400;
  const clock = `${Math.floor(rest / 3600)}:${two(Math.floor((rest % 3600) / 60))}:${two(rest % 60)}`;
  return many ? `${many} ${days} ${clock}` : clock;
}

class DueClock extends HTMLElement {
  connectedCallback() {
    // Written into a page that is still loading: the server said `now` when the first byte came.
    const page = performance.getEntriesByType("navigation")[0];
    const fresh = document.readyState === "complete" ? 0 : page?.responseStart;
    this.offset = Date.parse(this.getAttribute("now")) - (fresh || performance.now());
    this.title ||= this.textContent.trim();
    this.draw();
  }

  disconnectedCallback() {
    clearTimeout(this.timer);
  }

  /* Whole seconds that are left, a begun one counting; negative when late. */
  get seconds() {
    return Math.ceil((Date.parse(this.getAttribute("due")) - this.offset - performance.now()) / 1000);
  }

  draw() {
    const seconds = this.seconds;
    if (Number.isNaN(seconds)) return;
    const words = this.getAttribute(seconds > 0 ? "left" : "late");
    this.dataset.state = seconds > 4 * 3600 ? "left" : seconds > 0 ? "last" : "late";
    this.textContent = words.replace("{clock}", spelled(seconds, this.getAttribute("days")));
    const ahead = (Date.parse(this.getAttribute("due")) - this.offset - performance.now()) % 1000;
    this.timer = setTimeout(() => this.draw(), (ahead > 0 ? ahead : 1000 + ahead) + 5);
  }
}
customElements.define("due-clock", DueClock);
