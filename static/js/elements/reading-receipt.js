/* <reading-receipt><form>…</form></reading-receipt> at the end of a section: who stays on the section for five seconds
   has seen it. Sent once; never by scrolling past, never while the page is in the background. */
const STAY_MS = 5000;

class ReadingReceipt extends HTMLElement {
  connectedCallback() {
    this.form = this.querySelector("form");
    this.section = this.closest("section");
    if (!this.form || !this.section || !("IntersectionObserver" in window)) return;
    this.observer = new IntersectionObserver(([entry]) => this.look(entry.isIntersecting), {
      rootMargin: "-40% 0px -40% 0px",
    });
    this.observer.observe(this.section);
  }

  disconnectedCallback() {
    this.observer?.disconnect();
    clearTimeout(this.timer);
  }

  look(isHere) {
    clearTimeout(this.timer);
    if (isHere) this.timer = setTimeout(() => this.send(), STAY_MS);
  }

  async send() {
    if (document.hidden) {
      document.addEventListener("visibilitychange", () => this.look(true), { once: true });
      return;
    }
    this.observer.disconnect();
    const said = new FormData(this.form);
    said.set("kind", "seen");
    const answer = await fetch(this.form.action, { method: "POST", body: said }).catch(() => null);
    if (!answer?.ok) this.observer.observe(this.section);
  }
}
customElements.define("reading-receipt", ReadingReceipt);
