/* <meeting-lines>: everything that was written down, fetched anew when a line was added or taken away. */
import { watch } from "./meeting-live.js";

class MeetingLines extends HTMLElement {
  connectedCallback() {
    watch(this, (state) => this.draw(JSON.stringify(state.captures)));
  }

  draw(captures) {
    const first = this.captures === undefined;
    if (captures === this.captures) return;
    this.captures = captures;
    if (!first) this.refresh();
  }

  async refresh() {
    const answer = await fetch(this.dataset.address, { cache: "no-store", redirect: "error" }).catch(() => null);
    if (answer?.ok) this.innerHTML = await answer.text();
    else this.captures = "";
  }
}
customElements.define("meeting-lines", MeetingLines);
