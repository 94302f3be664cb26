// Reading computed points. Between two of them numbers are read off along a straight line, and are marked as such.
import { demo } from "./elements.js";

/** A dial's state: `asis`, the file's own value, or `at`, a place among its values, whole or between two. */
export const steps = (dial) => dial.values.map((value, k) => ({ value, k })).filter((s) => s.value !== null);
export const between = (dial) => steps(dial).every((s) => typeof s.value === "number");
export const asItIs = () =>
  demo.dials.map((d) => {
    const k = steps(d).findIndex((s) => s.k === d.now);
    return { asis: k < 0, at: k < 0 ? (steps(d).length - 1) >> 1 : k };
  });
export const isBase = (state) => JSON.stringify(state.map(place)) === JSON.stringify(asItIs().map(place));
export const place = (s) => (s.asis ? "as it is" : s.at);
export const key = (state) => JSON.stringify(state.map(place));

/** The value that a dial stands at. */
export function value(dial, state) {
  if (state.asis) return "as in the scenario";
  const all = steps(dial);
  const low = Math.floor(state.at);
  const part = state.at - low;
  return part === 0 ? all[low].value : all[low].value * (1 - part) + all[low + 1].value * part;
}

/** [[index of a value, its weight], …] of one dial. */
function neighbours(dial, state) {
  if (state.asis) return [[dial.values.indexOf(null), 1]];
  const all = steps(dial);
  const low = Math.floor(state.at);
  const part = state.at - low;
  return part === 0 ? [[all[low].k, 1]] : [[all[low].k, 1 - part], [all[low + 1].k, part]];
}

/** What is known of an outcome there: share and change with the ends of their intervals, and whether it was computed.
 * Between points, intervals are as wide as those of all neighbours together. null: no valid scenario there. */
export function read(outcome, state) {
  let found = [[0, 1]];
  demo.dials.forEach((dial, d) => {
    const near = neighbours(dial, state[d]);
    found = found.flatMap(([k, w]) => near.map(([j, v]) => [k * dial.values.length + j, w * v]));
  });
  const rows = found.map(([k, w]) => [demo.points[outcome][k], w]);
  if (rows.some(([row]) => row === null)) return null;
  const mean = (c) => rows.reduce((sum, [row, w]) => sum + w * row[c], 0);
  const least = (c) => Math.min(...rows.map(([row]) => row[c]));
  const most = (c) => Math.max(...rows.map(([row]) => row[c]));
  return {
    computed: rows.length === 1,
    share: mean(0), low: least(1), high: most(2),
    change: mean(3), changeLow: least(4), changeHigh: most(5),
  };
}
