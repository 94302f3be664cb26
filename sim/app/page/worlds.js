// One world, step by step: the table, the offer, what it gains each side, and what only the actor itself knows.
import { COLOURS, demo, draw, make, share } from "./elements.js";
import { strips } from "./map.js";

let story = 0;
let step = 0;
let secrets = false; // resolve and answers are shown
let why = false;
const parts = {};
const failures = demo.stories.map((s, k) => [s, k]).filter(([s]) => s.kind !== null).map(([, k]) => k);

export function worlds(section) {
  const button = (id, text, onclick, more = {}) => (parts[id] = make("button", { type: "button", id, onclick, ...more }, text));
  const choose = make("select", { id: "story", onchange: (event) => go(+event.target.value, 0) },
    ...demo.stories.map((s, k) => make("option", { value: k }, title(s))));
  parts.choose = choose;
  section.append(make("h2", { id: "worlds-title" }, "One world, step by step"));
  if (!demo.stories.length) return section.append(make("p", {}, "No world was worth telling."));
  section.append(
    make("p", {}, make("label", { class: "name", for: "story" }, "The world: "), choose),
    make("div", { class: "buttons" },
      button("back", "← Back", () => go(story, step - 1)), button("forward", "Forward →", () => go(story, step + 1), { class: "main" }),
      button("secrets", "Show resolve and answers", () => { secrets = !secrets; show(); }, { "aria-pressed": "false" }),
      button("why", "Why?", () => { why = !why; show(); }, { "aria-expanded": "false" }),
      button("failure", "Next typical failure", next)),
    (parts.about = make("p", { class: "small" })),
    (parts.said = make("p", { role: "status", "aria-live": "polite", class: "where", id: "where" })),
    (parts.step = make("div", { class: "step", id: "step" })));
  parts.failure.disabled = failures.length === 0;
  section.addEventListener("keydown", keys);
  show();
}

function title(s) {
  const often = s.kind === null ? "" : ` (${s.count} of ${s.of} failures)`;
  return `${s.kind === null ? "" : "Failure: "}${s.title}${often}`;
}

/** Arrow keys step, but where they move something else. */
function keys(event) {
  if (["SELECT", "INPUT"].includes(event.target.tagName) || event.altKey || event.ctrlKey || event.metaKey) return;
  if (event.key === "ArrowRight") go(story, step + 1);
  else if (event.key === "ArrowLeft") go(story, step - 1);
}

function next() {
  const at = failures.indexOf(story);
  go(failures[(at + 1) % failures.length], 0);
}

function go(to, at) {
  if (to !== story) secrets = why = false;
  story = to;
  step = Math.max(0, Math.min(demo.stories[story].steps.length - 1, at));
  show();
}

function show() {
  const s = demo.stories[story];
  const now = s.steps[step];
  const m = now.meeting;
  parts.choose.value = story;
  parts.back.disabled = step === 0;
  parts.forward.disabled = step === s.steps.length - 1;
  parts.secrets.setAttribute("aria-pressed", String(secrets));
  parts.secrets.textContent = secrets ? "Hide resolve and answers" : "Show resolve and answers";
  parts.why.setAttribute("aria-expanded", String(why));
  const types = Object.entries(s.private).map(([a, kind]) => `${a} is of type ${kind}`).join(", ");
  const about = [`World ${s.world} of seed ${s.seed}.`, s.changed.length ? `Changed: ${s.changed.join("; ")}.` : "",
    secrets && types ? `What the others don't know: ${types}.` : "", secrets && s.off.length ? `Claims not true here: ${s.off.join(", ")}.` : ""];
  parts.about.textContent = about.filter(Boolean).join(" ");
  parts.said.textContent = `Step ${step + 1} of ${s.steps.length}. ${now.when}${m ? `, ${m.table}: ${head(m)}` : ""}`;
  const before = step ? s.steps[step - 1].stocks : null;
  parts.step.replaceChildren(...(m ? meeting(m) : []), ...(why || !m ? [telling(now.lines)] : []), strips(now.stocks, before), ...last(s));
}

function head(m) {
  if (m.proposer === null) return m.silent ? "nothing holds the demands together" : "all put a package at once";
  return m.silent ? `${m.proposer} proposes nothing; nearest to it:` : `${m.proposer} proposes`;
}

function meeting(m) {
  const found = [];
  if (m.offer) {
    const item = (p) => make("li", { class: p.level === p.from ? false : "moved" },
      p.level === p.from ? `${p.issue}: ${p.level}` : `${p.issue}: ${p.from} → ${p.level}`);
    found.push(make("ul", { class: m.silent ? "offer silent" : "offer", "aria-label": "The offer" }, ...m.offer.map(item)));
  }
  found.push(make("div", { class: "sides" }, ...m.sides.map((side) => card(side, m))));
  if (secrets && m.vetoed.length) found.push(make("p", { class: "answer no" }, `Refused its consent: ${m.vetoed.join(", ")}`));
  if (secrets) found.push(make("p", { class: `answer ${m.deal ? "yes" : "no"}`, id: "fate" }, m.deal ? "Agreed" : `No deal (${m.status})`));
  return found;
}

function card(side, m) {
  const kind = secrets && side.type ? ` (${side.type})` : "";
  const found = make("div", { class: "side" }, make("h4", {}, side.name + kind));
  if (side.gain === null) found.append(make("p", {}, m.offer ? "Nothing is at stake for it here." : "Nothing is offered."));
  else {
    found.append(make("p", {}, `Gains ${share(side.gain)} of its stakes` + (secrets ? `; asks for ${share(side.resolve)} (its resolve)` : "; what it asks for, its resolve, is hidden")));
    found.append(bar(side));
  }
  if (side.thought.length) found.append(make("p", { class: "small" }, `The others think: ${side.thought.join("; ")}.`));
  if (secrets && side.demands) found.append(make("p", {}, `Demands ${side.demands.map((p) => `${p.issue} ${p.level}`).join(", ")}`));
  if (side.proposes) found.append(make("p", { class: "answer" }, "proposes"));
  else if (side.accepts !== null) found.append(make("p", { class: `answer ${!secrets ? "" : side.accepts ? "yes" : "no"}` }, !secrets ? "Will it accept?" : side.accepts ? "✓ accepts" : "✗ refuses"));
  return found;
}

/** The gain as a bar from nothing, and the resolve as a mark once it is shown. */
function bar({ gain, resolve }) {
  const x = (v) => 100 + 2 * Math.max(-45, Math.min(145, 100 * v));
  const label = `gain ${share(gain)}` + (secrets ? `, resolve ${share(resolve)}` : "");
  const made = draw("svg", { class: "bar", viewBox: "0 0 400 48", preserveAspectRatio: "none", role: "img", "aria-label": label },
    draw("rect", { x: 10, y: 12, width: 380, height: 24, fill: "#e9edf0" }),
    draw("rect", { x: Math.min(x(0), x(gain)), y: 12, width: Math.max(2, Math.abs(x(gain) - x(0))), height: 24, fill: gain < 0 ? COLOURS.change : COLOURS.other }),
    draw("line", { x1: x(0), x2: x(0), y1: 6, y2: 42, stroke: "#1a1a1a", "stroke-width": 2 }));
  if (secrets) made.append(draw("line", { x1: x(resolve), x2: x(resolve), y1: 2, y2: 46, stroke: "#1a1a1a", "stroke-width": 5, "stroke-dasharray": "7 3" }));
  return made;
}

function telling(lines) {
  return make("div", { class: "tell", id: "telling" }, ...lines.map((l) => make("p", { class: `d${Math.min(3, l.depth)}` }, l.text)));
}

function last(s) {
  if (step < s.steps.length - 1) return [];
  const rest = s.left ? ` ${s.left} more steps aren't shown.` : "";
  return [make("p", { class: "answer" }, `In the end: ${s.outcomes.join(", ") || "none of the named outcomes"}.${rest}`)];
}
