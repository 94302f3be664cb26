// Stocks as strips. The one that is ground is a schematic map: its holder's part, and a front between.
import { COLOURS, demo, draw, make, number } from "./elements.js";

const WIDE = 600;

export function strips(stocks, before) {
  const names = Object.keys(demo.stocks);
  return make("div", { class: "strips" }, ...names.map((n) => strip(n, stocks[n], before ? before[n] : null)));
}

function strip(name, now, before) {
  const { name: title, about, range } = demo.stocks[name];
  const ground = name === demo.map;
  const tall = ground ? 110 : 34;
  const x = (v) => (WIDE * (v - range[0])) / (range[1] - range[0] || 1);
  const moved = before !== null && Math.abs(now - before) > 0.005 ? `, before ${number(before)}` : "";
  const text = `${title}: ${number(now)}${moved}`;
  const picture = draw("svg", { class: "map", viewBox: `0 0 ${WIDE} ${tall}`, role: "img", "aria-label": text },
    draw("rect", { x: 0, y: 0, width: WIDE, height: tall, fill: "#f3ddcf" }),
    draw("path", { d: `M0 0 L${front(x(now), tall, ground)} L0 ${tall} Z`, fill: "#9cc8e4" }));
  if (moved) picture.append(draw("path", { d: `M${front(x(before), tall, ground)}`, fill: "none", stroke: "#595959", "stroke-width": 3, "stroke-dasharray": "7 6" }));
  picture.append(draw("path", { d: `M${front(x(now), tall, ground)}`, fill: "none", stroke: COLOURS.now, "stroke-width": 6 }));
  return make("figure", {}, picture, make("figcaption", {}, text + (about ? ` – ${about}` : "")));
}

/** Points of the line at x from top to bottom: jagged where it is a front. */
function front(x, tall, jagged) {
  const rows = jagged ? 8 : 1;
  const shift = (k) => (jagged && k % 2 && k < rows ? (k % 4 === 1 ? 9 : -6) : 0);
  return Array.from({ length: rows + 1 }, (_, k) => `${Math.min(WIDE, Math.max(0, x + shift(k)))} ${(tall * k) / rows}`).join(" L");
}
