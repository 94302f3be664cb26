// The curve of an outcome along one dial, drawn by uPlot; the page says the same in words.
import { COLOURS, demo, number } from "./elements.js";
import { between, read, steps } from "./grid.js";

const FONT = "16px system-ui, sans-serif";

/** Draws into `box`: the dial `d` along the bottom, others as in `state`; `shown(state)` says which points may be
 * seen, `known` whether the scenario as it is may. */
export function chart(box, outcome, state, d, shown, known) {
  const dial = demo.dials[d];
  const all = steps(dial);
  const there = all.map((_, k) => state.map((s, j) => (j === d ? { asis: false, at: k } : s)));
  const rows = there.map((s) => (shown(s) ? read(outcome, s) : null));
  const x = all.map((s, k) => (between(dial) ? s.value : k));
  const column = (name) => rows.map((r) => (r === null ? null : 100 * r[name]));
  const now = x.map((_, k) => (!state[d].asis && state[d].at === k ? column("share")[k] : null));
  const data = [x, column("low"), column("high"), column("share"), x.map(() => (known ? 100 * demo.base[outcome].share : null)), now];
  box.replaceChildren();
  return new uPlot(options(box, dial, all), data, box);
}

function options(box, dial, all) {
  const names = between(dial) ? {} : { splits: all.map((_, k) => k), values: () => all.map((s) => String(s.value)) };
  const axis = { font: FONT, labelFont: FONT, labelSize: 26, stroke: "#1a1a1a", grid: { stroke: "#e4e4e4" } };
  const numbers = { values: (_, ticks) => ticks.map((v) => (v == null ? "" : number(v))) };
  const edge = Math.abs(all.at(-1).value - all[0].value) * 0.03 || 0.1;
  const range = between(dial) ? (_, low, high) => [low - edge, high + edge] : [-0.3, all.length - 0.7];
  const line = (label, stroke, more) => ({ label, stroke, width: 3, points: { show: false }, ...more });
  return {
    width: Math.max(box.clientWidth, 200), height: Math.min(420, Math.max(260, box.clientWidth * 0.55)),
    legend: { show: false }, cursor: { show: false },
    scales: { x: { time: false, range }, y: { range: [-2, 102] } },
    axes: [{ ...axis, ...numbers, ...names, size: 44 }, { ...axis, label: "worlds of 100", size: 48 }],
    bands: [{ series: [2, 1], fill: "rgba(0, 114, 178, .22)" }],
    series: [
      {},
      line("low", "transparent"), line("high", "transparent"),
      line("share", COLOURS.now, { points: { show: true, size: 10, fill: COLOURS.now } }),
      line("as it is", COLOURS.base, { dash: [8, 6] }),
      line("here", COLOURS.change, { width: 0, points: { show: true, size: 18, fill: "#fff", width: 4 } }),
    ],
  };
}
