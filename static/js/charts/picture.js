/* A chart as a PNG file: its three title lines and its fingerprint above the drawing, twice as sharp as the screen.

   The drawing comes as an SVG in a data address: the policy of the page allows no image from a blob. */

const SCALE = 2;
const EDGE = 16;
const LINE = 22;

export async function pictured(library, plot, figure) {
  const styles = getComputedStyle(figure);
  const token = (name) => styles.getPropertyValue(`--${name}`).trim();
  const lines = [...figure.querySelectorAll(".chart-head p")].map((line) => line.textContent.trim());
  const frozen = figure.closest(".block")?.querySelector(".block-frozen .fingerprint-short");
  if (frozen) lines.push(frozen.textContent.trim());
  const [width, height] = [plot.clientWidth, plot.clientHeight];
  const drawing = new Image();
  drawing.src = await library.toImage(plot, { format: "svg", width, height });
  await drawing.decode();
  const canvas = document.createElement("canvas");
  const top = EDGE + lines.length * LINE;
  canvas.width = (width + 2 * EDGE) * SCALE;
  canvas.height = (top + height + EDGE) * SCALE;
  const pen = canvas.getContext("2d");
  pen.scale(SCALE, SCALE);
  pen.fillStyle = token("surface");
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.fillStyle = token("text");
  lines.forEach((line, place) => {
    pen.font = `${place ? "400 13px" : "600 16px"} ${styles.fontFamily}`;
    pen.fillText(line, EDGE, EDGE + place * LINE + 14, width);
  });
  pen.drawImage(drawing, EDGE, top, width, height);
  return new Promise((done) => canvas.toBlob(done, "image/png"));
}

export function kept(blob, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
