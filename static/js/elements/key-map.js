/* <key-map>: `?` shows the keys, J and K walk through cards, / searches, G and a figure opens a page. */
const CARDS = ".inbox-card";
const typing = (target) => target.closest?.("input, textarea, select, [contenteditable], dialog[open]");

class KeyMap extends HTMLElement {
  connectedCallback() {
    this.press = (event) => this.pressed(event);
    this.open = (event) => event.target.closest?.("[data-keys-open]") && this.show();
    document.addEventListener("keydown", this.press);
    document.addEventListener("click", this.open);
  }

  disconnectedCallback() {
    document.removeEventListener("keydown", this.press);
    document.removeEventListener("click", this.open);
  }

  show() {
    for (const menu of document.querySelectorAll("details.menu[open]")) menu.open = false;
    this.querySelector("dialog").showModal();
  }

  pressed(event) {
    if (event.defaultPrevented || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    if (typing(event.target)) return;
    const key = event.key.toLowerCase();
    const going = Date.now() - (this.wentAt || 0) < 1500;
    this.wentAt = key === "g" ? Date.now() : 0;
    if (event.key === "?") this.show();
    else if (going && /^[1-9]$/.test(key)) document.querySelectorAll(".rail-link")[key - 1]?.click();
    else if (key === "j" || key === "k") this.step(key === "j" ? 1 : -1);
    else if (key === "/") this.search(event);
  }

  step(by) {
    const links = [...document.querySelectorAll(`${CARDS} .inbox-title :is(a, button)`)];
    const at = links.findIndex((link) => link.closest(CARDS).contains(document.activeElement));
    links[Math.min(Math.max(at + by, 0), links.length - 1)]?.focus();
  }

  search(event) {
    const box = document.querySelector('main input[type="search"]');
    if (!box) return;
    event.preventDefault();
    box.focus();
  }
}
customElements.define("key-map", KeyMap);
