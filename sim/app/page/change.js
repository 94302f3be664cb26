// What if? The dials, the guess, and the scenario as it is beside the change.
import { demo, ends, interval, make, number, percent, points } from "./elements.js";
import { asItIs, between, isBase, key, place, read, steps, value } from "./grid.js";
import { chart } from "./chart.js";
import { guesses, keep, kept } from "./guesses.js";

const FINE = 4; // places of a slider from one computed point to the next
let state = asItIs();
let outcome = demo.outcome;
let along = 0;
const revealed = new Set();
const parts = {};

const asked = () => `${outcome} ${key(state)}`;
const open = (s = state) => !parts.predict.checked || revealed.has(`${outcome} ${key(s)}`);
const name = () => demo.outcomes[outcome];
const where = () =>
  isBase(state) ? "as it is" : demo.dials.map((d, k) => (place(state[k]) === place(asItIs()[k]) ? "" : `${d.label} ${number(value(d, state[k]))}`))
    .filter(Boolean).join(", ");

export function change(section) {
  parts.predict = make("input", { type: "checkbox", id: "predict", checked: true, onchange: update });
  parts.guess = make("input", { type: "range", id: "guess", min: 0, max: 100, value: 50, oninput: guessed });
  parts.guessed = make("output", { class: "value", for: "guess" });
  parts.reveal = make("button", { class: "main", type: "button", id: "reveal", onclick: reveal }, "Reveal the answer");
  parts.ask = make("div", { class: "panel", id: "ask" },
    make("label", { class: "name", for: "guess" }, "Your guess: in how many worlds of 100? "), parts.guessed, parts.guess,
    make("div", { class: "buttons" }, parts.reveal));
  parts.said = make("p", { id: "said", role: "status", "aria-live": "polite" });
  parts.mine = make("p", { class: "value", id: "mine" });
  parts.numbers = make("dl", { class: "numbers", id: "numbers" });
  parts.chart = make("div", { class: "chart", id: "chart", "aria-hidden": "true" });
  parts.legend = make("p", { class: "small" });
  parts.guesses = make("div");
  parts.reset = make("button", { type: "button", id: "reset", onclick: reset }, "All as in the scenario");
  section.append(make("h2", { id: "change-title" }, "What if?"), make("div", { class: "columns" },
    make("div", {}, which(), ...demo.dials.map(dial), make("div", { class: "buttons" }, parts.reset),
      make("p", {}, parts.predict, make("label", { for: "predict" }, "predict first, then reveal"))),
    make("div", {}, parts.ask, parts.said, parts.numbers, parts.mine, parts.chart, parts.legend, parts.guesses)));
  guessed();
  update();
  addEventListener("resize", redraw);
}

function which() {
  const options = Object.entries(demo.outcomes).map(([o, text]) => make("option", { value: o, selected: o === outcome }, text));
  const choose = (event) => { outcome = event.target.value; update(); };
  return make("p", {}, make("label", { class: "name", for: "outcome" }, "What comes about: "),
    make("select", { id: "outcome", onchange: choose }, ...options));
}

function dial(d, k) {
  const fine = between(d) ? FINE : 1;
  const all = steps(d);
  const shown = make("output", { class: "value", for: `dial-${k}` });
  const slider = make("input", { type: "range", id: `dial-${k}`, min: 0, max: (all.length - 1) * fine, step: 1, list: `ticks-${k}`, oninput: () => turn(k, { asis: false, at: slider.value / fine }) });
  const ticks = make("datalist", { id: `ticks-${k}` }, ...all.map((_, i) => make("option", { value: i * fine })));
  const box = d.values.includes(null) ? make("input", { type: "checkbox", id: `asis-${k}`, onchange: () => turn(k, { ...state[k], asis: box.checked }) }) : null;
  parts[`dial-${k}`] = { slider, shown, box, fine };
  return make("fieldset", {}, make("legend", {}, d.label), make("label", { for: `dial-${k}` }, "Value: "), shown, slider, ticks,
    box && make("label", { for: `asis-${k}` }, box, "as in the scenario"));
}

function turn(k, to) {
  state = state.map((s, j) => (j === k ? to : s));
  along = k;
  update();
}

function reset() {
  state = asItIs();
  update();
}

function guessed() {
  parts.guessed.textContent = parts.guess.value;
}

function reveal() {
  const found = read(outcome, state);
  if (found !== null) keep(asked(), where(), name(), parts.guess.value / 100, found.share);
  revealed.add(asked());
  update();
}

function update() {
  demo.dials.forEach((d, k) => {
    const { slider, shown, box, fine } = parts[`dial-${k}`];
    slider.value = state[k].at * fine;
    const text = number(value(d, state[k])) + (place(state[k]) === place(asItIs()[k]) && !state[k].asis ? " (as in the scenario)" : "");
    shown.textContent = text;
    slider.setAttribute("aria-valuetext", text);
    if (box) box.checked = state[k].asis;
  });
  parts.ask.hidden = open();
  parts.reset.disabled = isBase(state);
  tell(read(outcome, state));
  const mine = kept(asked());
  parts.mine.hidden = !mine;
  if (mine) parts.mine.textContent = `Your guess was ${percent(mine.guess)}: ${far(mine.guess - mine.answer)}.`;
  parts.guesses.replaceChildren(...[guesses()].filter(Boolean));
  redraw();
}

function tell(found) {
  const base = demo.base[outcome];
  const known = !isBase(state) || open();
  const rows = [["base", "As it is", known ? percent(base.share) : "?", known ? `${interval(base.low, base.high)} (${base.count} of ${base.of})` : "guess first"]];
  if (isBase(state)) say(known ? `${name()}: ${percent(base.share)} of worlds as the scenario is.` : `How often, as the scenario is, does this come about: ${name()}?`);
  else if (found === null) say("That makes no valid scenario, and wasn't computed.");
  else if (!open()) {
    rows.push(["new", "With the change", "?", "guess first"], ["change", "Change", "?", "in points"]);
    say(`With the change, how often does this come about: ${name()}?`);
  } else {
    const about = found.computed ? "" : "≈ ";
    rows.push(["new", "With the change", about + percent(found.share), interval(found.low, found.high)],
      ["change", "Change", about + points(found.change), `points: ${ends(found.changeLow, found.changeHigh)}`]);
    say(`${name()}: ${percent(base.share)} as it is, ${about}${percent(found.share)} with the change; ${about}${points(found.change)} points (95 % interval ${ends(found.changeLow, found.changeHigh)}).`);
  }
  parts.numbers.replaceChildren(...rows.map(([kind, term, big, small]) =>
    make("div", { class: kind }, make("dt", {}, term), make("dd", { class: "big" }, big), make("dd", { class: "small" }, small))));
  const mark = found !== null && !found.computed && open();
  parts.said.classList.toggle("between", mark);
  if (mark) parts.said.append(" Between computed points: interpolated.");
}

function far(off) {
  const by = Math.round(Math.abs(100 * off));
  return by === 0 ? "just right" : `${by} point${by === 1 ? "" : "s"} too ${off > 0 ? "high" : "low"}`;
}

function say(text) {
  parts.said.textContent = text;
}

function redraw() {
  if (along >= demo.dials.length) return;
  chart(parts.chart, outcome, state, along, open, !isBase(state) || open());
  const seen = parts.predict.checked ? "Points appear as they are revealed. " : "";
  parts.legend.textContent = `${name()}, along: ${demo.dials[along].label}. Dots were computed, with 95 % intervals; dashed: as it is. ${seen}`;
}
