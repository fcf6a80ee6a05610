/* On a phone an axis of time keeps every second tick, counted from the last one. */

const NARROW = 480;
const MOST = 8;

export function fitted(layout, width) {
  const axis = layout.xaxis;
  if (width >= NARROW || !axis?.tickvals || axis.tickvals.length <= MOST) return layout;
  const last = axis.tickvals.length - 1;
  const kept = (_, place) => (last - place) % 2 === 0;
  return {
    ...layout,
    xaxis: { ...axis, tickvals: axis.tickvals.filter(kept), ticktext: axis.ticktext.filter(kept) },
  };
}
