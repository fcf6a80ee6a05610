/* <meeting-curtain>: while the facilitator blanks the stage, only the time of day is left of it. */
import { watch } from "./meeting-live.js";

class MeetingCurtain extends HTMLElement {
  connectedCallback() {
    watch(this, (state) => this.closest("[data-stage]").toggleAttribute("data-blank", state.is_blank));
  }
}
customElements.define("meeting-curtain", MeetingCurtain);
