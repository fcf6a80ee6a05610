/* <notice-bell src="…"> counts again every two minutes and when its page comes back into view.

Not htmx: a count that cannot be fetched says nothing, and an ended session leaves the page as it is. */
const APART = 120_000;
const SOON = 15_000;

class NoticeBell extends HTMLElement {
  connectedCallback() {
    this.askedAt = Date.now();
    this.again = () => this.ask(SOON);
    this.now = () => this.ask(0);
    addEventListener("focus", this.again);
    document.addEventListener("noticesRead", this.now);
    this.timer = setInterval(() => this.ask(SOON), APART);
  }

  disconnectedCallback() {
    clearInterval(this.timer);
    removeEventListener("focus", this.again);
    document.removeEventListener("noticesRead", this.now);
  }

  async ask(apart) {
    if (document.hidden || Date.now() - this.askedAt < apart) return;
    this.askedAt = Date.now();
    try {
      const answer = await fetch(this.getAttribute("src"), { redirect: "error" });
      if (answer.ok) this.show(await answer.text());
    } catch {
      /* offline or signed out: the old count stays */
    }
  }

  show(markup) {
    if (markup === this.innerHTML) return;
    const focused = this.contains(document.activeElement);
    this.innerHTML = markup;
    if (focused) this.querySelector("a").focus();
  }
}
customElements.define("notice-bell", NoticeBell);
