/* <meeting-prices>: what Next, Back and Skip would cost now, before they are pressed. Asked anew as the clock moves. */
import { watch } from "./meeting-live.js";

const EVERY = 15000;

class MeetingPrices extends HTMLElement {
  connectedCallback() {
    watch(this, (state, now, live) => this.draw(state, now, live));
  }

  draw(state, now, live) {
    const shows = state.phase === "running" && !live.isOffline;
    this.hidden = !shows;
    const due = state.seq !== this.seq || now - this.askedAt >= EVERY;
    if (!shows || !due || document.visibilityState !== "visible") return;
    [this.seq, this.askedAt] = [state.seq, now];
    this.ask();
  }

  async ask() {
    const answer = await fetch(this.dataset.address, { cache: "no-store" }).catch(() => null);
    if (!answer?.ok) return;
    const { prices } = await answer.json();
    for (const place of this.querySelectorAll("[data-price]")) {
      const price = prices[place.dataset.price];
      place.textContent = price ? price.refused || [price.cost, price.detail].filter(Boolean).join(" · ") : "";
    }
  }
}
customElements.define("meeting-prices", MeetingPrices);
