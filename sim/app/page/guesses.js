// Guesses are kept and shown beside the answers.
import { make, percent, points } from "./elements.js";

const all = [];

/** Keep a guess with its answer. */
export function keep(what, where, outcome, guess, answer) {
  all.push({ what, where, outcome, guess, answer });
}

/** The guess at one question; undefined without one. */
export function kept(what) {
  return all.find((g) => g.what === what);
}

/** All guesses as a table, the last first; nothing without any. */
export function table() {
  if (!all.length) return null;
  const row = (g) =>
    make("tr", {}, make("th", { scope: "row" }, `${g.outcome}: ${g.where}`), make("td", { class: "num" }, percent(g.guess)),
      make("td", { class: "num" }, percent(g.answer)), make("td", { class: "num" }, points(g.guess - g.answer)));
  const head = ["What was asked", "The guess", "The answer", "Off by (points)"];
  const cells = head.map((t, k) => make("th", { scope: "col", class: k ? "num" : false }, t));
  return make("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "Guesses" },
    make("table", { id: "guesses" }, make("caption", {}, "Your guesses"), make("thead", {}, make("tr", {}, ...cells)),
      make("tbody", {}, ...[...all].reverse().map(row))));
}
