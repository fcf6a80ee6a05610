/* <board-wall every="20">: the next block after so many seconds; ←/→ step, Space stands still, Esc leaves. What cannot be
   read anew stays up and says so. */
const typing = (target) => target.closest?.("input, textarea, select, button, a, [contenteditable], dialog[open]");

class BoardWall extends HTMLElement {
  connectedCallback() {
    this.begin();
    this.beat = setInterval(() => this.tick(), 200);
    this.press = (event) => this.pressed(event);
    document.addEventListener("keydown", this.press);
    this.addEventListener("click", (event) => this.clicked(event));
  }

  disconnectedCallback() {
    clearInterval(this.beat);
    document.removeEventListener("keydown", this.press);
  }

  get length() {
    return Number(this.getAttribute("every")) * 1000;
  }

  begin() {
    this.since = Date.now();
    this.passed = 0;
  }

  tick() {
    const now = Date.now();
    if (!this.stands && !this.busy) this.passed += now - this.since;
    this.since = now;
    this.querySelector(".wall-bar").value = Math.min(1, this.passed / this.length);
    if (this.passed >= this.length) this.step(1);
  }

  clicked(event) {
    const link = event.target.closest("[data-step]");
    if (link) {
      event.preventDefault();
      this.step(Number(link.dataset.step));
    } else if (event.target.closest("[data-pause]")) this.pause();
  }

  pressed(event) {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "ArrowRight" || event.key === "ArrowLeft") this.step(event.key === "ArrowRight" ? 1 : -1);
    else if (event.key === "Escape" && !document.fullscreenElement) this.querySelector("[data-leave]").click();
    else if (event.key === " " && !typing(event.target)) this.pause();
    else return;
    event.preventDefault();
  }

  pause() {
    this.stands = !this.stands;
    this.mark();
  }

  mark() {
    this.toggleAttribute("data-stands", Boolean(this.stands));
    this.querySelector("[data-pause]").setAttribute("aria-pressed", String(Boolean(this.stands)));
  }

  async step(by) {
    if (this.busy) return;
    this.busy = true;
    const url = this.querySelector(`[data-step="${by}"]`).href;
    try {
      const headers = { "HX-Request": "true", "HX-Target": "div#wall", "HX-Current-URL": location.href };
      const answer = await fetch(url, { headers, credentials: "same-origin" });
      const away = answer.headers.get("HX-Redirect");
      if (away) return location.assign(away);
      if (!answer.ok) throw new Error(`status ${answer.status}`);
      const sheet = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("wall");
      const focused = document.activeElement?.closest?.(".wall-tools") && document.activeElement.dataset;
      document.getElementById("wall").replaceWith(document.adoptNode(sheet));
      history.replaceState(null, "", url);
      this.mark();
      if (focused?.step) this.querySelector(`[data-step="${focused.step}"]`).focus();
      else if (focused && "pause" in focused) this.querySelector("[data-pause]").focus();
    } catch (problem) {
      this.querySelector("[data-lost]").hidden = false;
      console.warn(problem);
    } finally {
      this.busy = false;
      this.begin();
    }
  }
}
customElements.define("board-wall", BoardWall);
