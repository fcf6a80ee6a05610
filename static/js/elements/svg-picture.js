/* <svg-picture>: beside a link to a drawing (SVG) a button that keeps it as a PNG, twice as sharp where it may be.

   The drawing goes into the picture by a data address: the policy of the page allows no image from a blob. */
import { kept } from "../charts/picture.js";

const SCALE = 2;
const LONGEST = 16_000; // of a side that every browser draws

class SvgPicture extends HTMLElement {
  connectedCallback() {
    const button = this.querySelector("[data-png]");
    button.hidden = false;
    button.onclick = async () => {
      button.setAttribute("aria-busy", "true");
      try {
        kept(await this.picture(), button.dataset.png);
      } finally {
        button.removeAttribute("aria-busy");
      }
    };
  }

  async picture() {
    const text = await (await fetch(this.querySelector("a").href)).text();
    const drawing = new Image();
    drawing.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
    await drawing.decode();
    const scale = Math.min(SCALE, LONGEST / Math.max(drawing.width, drawing.height));
    const canvas = document.createElement("canvas");
    canvas.width = drawing.width * scale;
    canvas.height = drawing.height * scale;
    canvas.getContext("2d").drawImage(drawing, 0, 0, canvas.width, canvas.height);
    return new Promise((done) => canvas.toBlob(done, "image/png"));
  }
}
customElements.define("svg-picture", SvgPicture);
