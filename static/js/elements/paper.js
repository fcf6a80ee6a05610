/* Paper is light and has a width of its own: charts are drawn for it before a page is printed, and back afterwards.

   A press of [data-print], or Ctrl+P on a page of charts, waits until Plotly is there; a print from the browser's menu
   cannot wait, so what Plotly is not there for prints its table. */
const root = document.documentElement;
const charts = () => [...document.querySelectorAll("metric-chart")];
const sheet = new CSSStyleSheet();
document.adoptedStyleSheets.push(sheet);
let before = null;

// One line at the foot of every sheet; as a string of CSS, so that no name in it ends the rule.
const quoted = (text) => `"${[...text].map((one) => `\\${one.codePointAt(0).toString(16)} `).join("")}"`;

function lay() {
  if (before) return;
  before = { theme: root.dataset.bsTheme, opened: [] };
  root.dataset.bsTheme = "light";
  root.toggleAttribute("data-paper", true);
  const foot = document.querySelector("[data-paper-foot]")?.dataset.paperFoot || document.title;
  sheet.replaceSync(`@page { @bottom-left { content: ${quoted(foot)}; } }`);
  for (const chart of charts()) {
    if (chart.press()) continue;
    const table = chart.closest(".chart")?.querySelector("details:not([open])");
    if (table) before.opened.push(Object.assign(table, { open: true }));
  }
}

function lift() {
  if (!before) return;
  for (const table of before.opened) table.open = false;
  root.dataset.bsTheme = before.theme;
  root.toggleAttribute("data-paper", false);
  before = null;
  dispatchEvent(new CustomEvent("themechange", { detail: root.dataset.bsTheme }));
}

async function print() {
  await Promise.all(charts().map((chart) => chart.draw()));
  window.print();
}

const offer = () => {
  for (const button of document.querySelectorAll("[data-print][hidden]")) button.hidden = false;
};

addEventListener("beforeprint", lay);
addEventListener("afterprint", lift);
document.addEventListener("click", (event) => event.target.closest?.("[data-print]") && print());
document.addEventListener("keydown", (event) => {
  if (event.key !== "p" || !(event.ctrlKey || event.metaKey) || event.shiftKey || event.altKey || !charts().length) return;
  event.preventDefault();
  print();
});
document.addEventListener("htmx:after:swap", offer);
offer();
