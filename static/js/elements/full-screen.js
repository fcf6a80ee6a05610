/* <full-screen>: its button, or F, shows the page on the whole screen and back. */
const typing = (target) => target.closest?.("input, textarea, select, [contenteditable], dialog[open]");

class FullScreen extends HTMLElement {
  connectedCallback() {
    this.addEventListener("click", () => this.toggle());
    this.press = (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
      if (event.key.toLowerCase() === "f") this.toggle();
    };
    document.addEventListener("keydown", this.press);
  }

  disconnectedCallback() {
    document.removeEventListener("keydown", this.press);
  }

  toggle() {
    if (document.fullscreenElement) document.exitFullscreen();
    else document.documentElement.requestFullscreen?.().catch(() => {});
  }
}
customElements.define("full-screen", FullScreen);
