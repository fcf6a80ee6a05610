/* <theme-switch action="…"> goes round system, light and dark, here at once and in the profile behind. */
const ORDER = ["auto", "light", "dark"];

class ThemeSwitch extends HTMLElement {
  connectedCallback() {
    this.button = this.querySelector("button");
    this.turn = () => this.choose(ORDER[(ORDER.indexOf(this.theme) + 1) % ORDER.length]);
    this.button.addEventListener("click", this.turn);
    this.show();
  }

  disconnectedCallback() {
    this.button?.removeEventListener("click", this.turn);
  }

  get theme() {
    const theme = document.documentElement.dataset.theme;
    return ORDER.includes(theme) ? theme : "auto";
  }

  choose(theme) {
    document.documentElement.dataset.theme = theme;
    try {
      localStorage.setItem("theme", theme);
    } catch {
      /* storage is switched off: it lasts for this page */
    }
    this.show();
    this.keep(theme);
  }

  show() {
    const theme = this.theme;
    for (const mark of this.querySelectorAll("[data-show]")) mark.hidden = mark.dataset.show !== theme;
    this.button.setAttribute("aria-label", this.button.dataset[theme]);
    this.button.title = this.button.dataset[theme];
  }

  keep(theme) {
    const action = this.getAttribute("action");
    if (!action) return;
    const headers = JSON.parse(document.body.getAttribute("hx-headers:inherited") || "{}");
    fetch(action, { method: "POST", headers, body: new URLSearchParams({ theme }) }).catch(() => {});
  }
}
customElements.define("theme-switch", ThemeSwitch);
