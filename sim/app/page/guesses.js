// Guesses are kept and shown beside the answers.
import { percent, points, table } from "./elements.js";

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
export function guesses() {
  if (!all.length) return null;
  const row = (g) => [`${g.outcome}: ${g.where}`, percent(g.guess), percent(g.answer), points(g.guess - g.answer)];
  const head = ["What was asked", "The guess", "The answer", "Off by (points)"];
  return table("guesses", "Guesses", head, [...all].reverse().map(row), "Your guesses");
}
