/* <time-left datetime="…" days="d"> counts down to a moment, by the minute; under an hour by the second. */
const two = (n) => String(n).padStart(2, "0");

class TimeLeft extends HTMLElement {
  connectedCallback() {
    this.title ||= this.textContent;
    this.draw();
  }

  disconnectedCallback() {
    clearTimeout(this.timer);
  }

  draw() {
    const left = Math.floor((Date.parse(this.getAttribute("datetime")) - Date.now()) / 1000);
    if (Number.isNaN(left) || left < 0) return;
    const days = Math.floor(left / 86400);
    const hours = Math.floor((left % 86400) / 3600);
    const minutes = Math.floor((left % 3600) / 60);
    const brief = left < 3600;
    const text = brief ? `${two(minutes)}:${two(left % 60)}` : `${two(hours)}:${two(minutes)}`;
    this.textContent = days ? `${days} ${this.getAttribute("days") || "d"} ${text}` : text;
    this.timer = setTimeout(() => this.draw(), brief ? 1000 : 20000);
  }
}
customElements.define("time-left", TimeLeft);
