/* <metric-chart figure="id-of-json"> draws a Plotly figure in the page's colours, when it comes into view, or before it is printed. */
import { inColours } from "../charts/colours.js";
import { fitted } from "../charts/narrow.js";
import { kept, pictured } from "../charts/picture.js";

const CONFIG = {
  displaylogo: false,
  displayModeBar: false,
  showSendToCloud: false,
  plotlyServerURL: "",
  responsive: true,
  scrollZoom: false,
  doubleClick: false,
};
const files = document.querySelector('meta[name="plotly"]');
let library;

const brought = (make) =>
  new Promise((done, failed) => {
    const element = make();
    element.onload = done;
    element.onerror = () => failed(new Error(`not loaded: ${element.src || element.href}`));
    document.head.append(element);
  });

const script = (src) => brought(() => Object.assign(document.createElement("script"), { src }));

// Plotly writes no <style> of its own when this link stands there (strict CSP).
const style = (href) =>
  brought(() =>
    Object.assign(document.createElement("link"), {
      id: "plotly.js-style-global", className: "no-inline-styles", rel: "stylesheet", href,
    }),
  );

const plotly = () =>
  (library ||= (async () => {
    await style(files.dataset.style);
    await script(files.content);
    if (document.documentElement.lang.startsWith("zh")) await script(files.dataset.locale);
    return window.Plotly;
  })());

class MetricChart extends HTMLElement {
  connectedCallback() {
    this.redraw = () => this.hasAttribute("data-drawn") && this.draw();
    addEventListener("themechange", this.redraw);
    this.watch = new IntersectionObserver((seen) => seen.some((one) => one.isIntersecting) && this.draw(), {
      rootMargin: "300px",
    });
    this.watch.observe(this);
  }

  disconnectedCallback() {
    removeEventListener("themechange", this.redraw);
    this.watch.disconnect();
    if (this.plot && window.Plotly) window.Plotly.purge(this.plot);
  }

  get figure() {
    return JSON.parse(document.getElementById(this.getAttribute("figure")).textContent);
  }

  // The button stands in the page without a script's help, but can do nothing before the chart is drawn.
  offer(library) {
    const chart = this.closest(".chart");
    const button = chart?.querySelector("[data-png]");
    if (!button) return;
    button.hidden = false;
    button.onclick = async () => kept(await pictured(library, this.plot, chart), `${chart.id}.png`);
  }

  async draw() {
    this.watch.disconnect();
    try {
      const library = await plotly();
      if (!this.isConnected) return;
      await this.paint(library);
      this.toggleAttribute("data-drawn", true);
      if (!this.hears) {
        this.hears = true;
        this.plot.on("plotly_click", ({ points }) => {
          const url = points[0].data.meta?.urls?.[points[0].pointNumber];
          if (url) return location.assign(url);
          this.dispatchEvent(new CustomEvent("pointchosen", { bubbles: true, detail: { label: String(points[0].x) } }));
        });
        if (this.figure.layout?.meta?.areas) this.plot.addEventListener("click", (event) => this.enter(event));
      }
      this.offer(library);
    } catch (problem) {
      this.toggleAttribute("data-failed", true);
      const table = this.closest(".chart")?.querySelector("details");
      if (table) table.open = true; // the figures are there even when the drawing is not
      console.error(problem);
    }
  }

  paint(library, size = {}) {
    const { data, layout } = inColours(this.figure, getComputedStyle(this));
    const locale = document.documentElement.lang.startsWith("zh") ? "zh-CN" : "en-US";
    this.plot = this.querySelector(".chart-plot");
    return library.react(this.plot, data, { ...fitted(layout, this.clientWidth), ...size }, { ...CONFIG, locale });
  }

  // A press beside the bubbles leads to the list of the area that it lies in.
  enter(event) {
    const { xaxis, yaxis, meta } = this.plot._fullLayout;
    const box = this.plot.getBoundingClientRect();
    const [x, y] = [event.clientX - box.left - xaxis._offset, event.clientY - box.top - yaxis._offset];
    const isInside = x >= 0 && y >= 0 && x <= xaxis._length && y <= yaxis._length;
    if (!isInside || this.plot._hoverdata?.length) return; // a bubble leads to its own
    const [right, above] = [xaxis.p2d(x) >= meta.lines[0], yaxis.p2d(y) >= meta.lines[1]];
    location.assign(meta.areas[(above ? 0 : 2) + (right ? 0 : 1)]);
  }

  // For paper: as large as it stands there, and at once, for Plotly draws before it answers. False before it has come.
  press() {
    if (!window.Plotly || this.hasAttribute("data-failed")) return false;
    this.watch.disconnect();
    this.paint(window.Plotly, { autosize: false, width: this.clientWidth, height: this.clientHeight });
    this.toggleAttribute("data-drawn", true);
    return true;
  }
}
customElements.define("metric-chart", MetricChart);
