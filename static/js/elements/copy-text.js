/* <copy-text><code>…</code><button hidden data-done="Copied">…</button></copy-text> puts the text on the clipboard. */
class CopyText extends HTMLElement {
  connectedCallback() {
    this.button = this.querySelector("button");
    if (!navigator.clipboard) return;
    this.button.hidden = false;
    this.copy = async () => {
      await navigator.clipboard.writeText(this.querySelector("code").textContent);
      this.button.querySelector("span").textContent = this.button.dataset.done;
    };
    this.button.addEventListener("click", this.copy);
  }

  disconnectedCallback() {
    this.button.removeEventListener("click", this.copy);
  }
}
customElements.define("copy-text", CopyText);
