/* Gives a figure of the server its colours and type: roles of experience §6.1, tokens of css/tokens.css.

   A trace says what it is in `meta.role`: ac, py, bu, target, fc, good, bad, cat-1 … cat-7, change, bridge, heat;
   bars also watch, muted, immature, shade-1 … shade-5; areas band, fair, poor, gap; lines iso. */

const token = (styles, name) => styles.getPropertyValue(`--${name}`).trim();

const LINES = {
  ac: { colour: "chart-ac", width: 2.5 },
  py: { colour: "chart-py", width: 1.5, dash: "dot" },
  bu: { colour: "text-muted", width: 1.5, dash: "dash" },
  fc: { colour: "chart-ac", width: 2.5, dash: "dash" },
  good: { colour: "good", width: 2 },
  bad: { colour: "bad-fill", width: 2 },
  watch: { colour: "warn-fill", width: 2 },
  muted: { colour: "chart-py", width: 1.5 },
  iso: { colour: "edge", width: 1, dash: "dot" },
};
const AREAS = { band: "good-tint", fair: "warn-tint", poor: "bad-tint", gap: "warn-tint" };

const line = (role) =>
  LINES[role] || (role.startsWith("cat-") ? { colour: `chart-${role.slice(4)}`, width: 2 } : LINES.ac);

const bars = {
  py: (colour) => ({ color: colour("chart-py") }),
  bu: (colour) => ({ color: "rgba(0,0,0,0)", line: { color: colour("chart-ac"), width: 1.5 } }),
  fc: (colour) => ({
    color: colour("surface"),
    line: { color: colour("chart-ac"), width: 1 },
    pattern: { shape: "/", fgcolor: colour("chart-ac"), size: 5, solidity: 0.35 },
  }),
};

/* Cells: one blue in five strengths; what is not ripe is hatched. */
bars.immature = (colour) => ({
  color: colour("surface"),
  line: { color: colour("line"), width: 1 },
  pattern: { shape: "/", fgcolor: colour("chart-2"), size: 7, solidity: 0.12 },
});
for (const step of [1, 2, 3, 4, 5])
  bars[`shade-${step}`] = (colour) => ({ color: colour("chart-2"), opacity: 0.1 + 0.11 * (step - 1) });
const CELLS = /^(shade-|immature)/;

/* What colour says of a change: whether it is good (A, B), or where it goes (C, D); then a word says whether it is good. */
const DIRECTIONS = { C: ["market-red", "market-green"], D: ["market-green", "market-red"] };
const directions = () => DIRECTIONS[document.documentElement.dataset.colours];
const upAndDown = (trace) =>
  directions() || (trace.meta.better === "down" ? ["bad-fill", "good"] : ["good", "bad-fill"]);
const along = (trace) => (trace.orientation === "h" ? trace.x : trace.y) || [];

const signs = (trace, colour) => {
  const [up, down] = upAndDown(trace);
  return { color: along(trace).map((value) => colour(!value ? "chart-py" : value > 0 ? up : down)) };
};

const evaluated = (trace) => {
  if (!directions() || trace.meta.better !== "down" || !Array.isArray(trace.text)) return {};
  const { adverse, favourable } = document.querySelector('meta[name="plotly"]').dataset;
  const values = along(trace);
  const isChange = (place) => values[place] && (!trace.measure || trace.measure[place] === "relative");
  const word = (place) => (values[place] > 0 ? adverse : favourable);
  return { text: trace.text.map((text, place) => (isChange(place) ? `${text} ${word(place)}` : text)) };
};

function painted(trace, colour) {
  const role = trace.meta?.role;
  if (!role) return trace;
  if (trace.type === "waterfall") {
    const up = upAndDown(trace);
    return {
      ...trace,
      ...evaluated(trace),
      increasing: { marker: { color: colour(up[0]) } },
      decreasing: { marker: { color: colour(up[1]) } },
      totals: { marker: { color: colour("chart-ac") } },
      connector: { line: { color: colour("line"), width: 1 } },
    };
  }
  if (role === "heat") {
    return { ...trace, marker: { ...trace.marker, colorscale: [[0, colour("surface")], [1, colour("chart-2")]] } };
  }
  if (AREAS[role]) return { ...trace, fillcolor: colour(AREAS[role]), line: { width: 0, color: "rgba(0,0,0,0)" } };
  if (trace.type === "bar") {
    const inside = trace.base && CELLS.test(role) && { insidetextfont: { color: colour("text") } };
    const make = role === "change" ? () => signs(trace, colour) : bars[role];
    const words = role === "change" && evaluated(trace);
    return { ...trace, ...words, marker: { ...(make ? make(colour) : { color: colour(line(role).colour) }), ...trace.marker }, ...inside };
  }
  if (role === "target") {
    const marker = { symbol: "diamond-open", size: 9, color: colour("text"), line: { width: 1.5 } };
    return { ...trace, mode: "markers", marker: { ...marker, ...trace.marker } };
  }
  const { colour: name, width, dash } = line(role);
  return {
    ...trace,
    line: { color: colour(name), width, ...(dash && { dash }), ...trace.line },
    marker: { color: colour(name), size: role === "ac" ? 6 : 5, ...trace.marker },
    ...(trace.meta.area && { fillcolor: colour(AREAS[trace.meta.area]) }),
  };
}

const axis = (colour) => ({
  gridcolor: colour("chart-grid"),
  linecolor: colour("line"),
  zerolinecolor: colour("edge"),
  zerolinewidth: 1,
  tickcolor: colour("line"),
  tickfont: { color: colour("text-muted"), size: 11 },
  title: { font: { color: colour("text-muted"), size: 12 } },
  automargin: true,
  fixedrange: true,
});

function template(colour, font) {
  const text = colour("text");
  return {
    layout: {
      paper_bgcolor: "rgba(0,0,0,0)",
      plot_bgcolor: "rgba(0,0,0,0)",
      font: { family: font, color: text, size: 12 },
      colorway: [1, 2, 3, 4, 5, 6, 7].map((n) => colour(`chart-${n}`)),
      margin: { l: 8, r: 16, t: 12, b: 8, pad: 2 },
      xaxis: { ...axis(colour), showgrid: false, ticks: "outside", ticklen: 4 },
      yaxis: { ...axis(colour), rangemode: "tozero", ticks: "", ticklabelstandoff: 6 },
      bargap: 0.4,
      showlegend: false,
      legend: { orientation: "h", x: 0, y: 1.02, yanchor: "bottom", font: { size: 11, color: colour("text-muted") } },
      hovermode: "x unified",
      hoverlabel: {
        bgcolor: colour("raised"),
        bordercolor: colour("line"),
        font: { family: font, color: text, size: 12 },
      },
      annotationdefaults: { font: { color: colour("text-muted"), size: 11 }, showarrow: false },
      shapedefaults: { line: { color: colour("edge"), width: 1, dash: "dash" } },
      uniformtext: { minsize: 10, mode: "hide" },
    },
  };
}

const annotated = (one, colour) =>
  one.name === "note"
    ? { ...one, bgcolor: colour("surface"), bordercolor: colour("action"), borderwidth: 1, font: { color: colour("action"), size: 11 } }
    : one;

export function inColours(figure, styles) {
  const colour = (name) => token(styles, name);
  const annotations = figure.layout?.annotations?.map((one) => annotated(one, colour));
  return {
    data: (figure.data || []).map((trace) => painted(trace, colour)),
    layout: { ...figure.layout, ...(annotations && { annotations }), autosize: true, template: template(colour, styles.fontFamily) },
  };
}
