// Outcomes with all claims, and without each source, beside the scenario as it is.
import { demo, ends, interval, make, percent, points, table } from "./elements.js";

let way = "";

export function claims(section) {
  const ways = Object.keys(demo.claims);
  section.append(make("h2", { id: "claims-title" }, "Claims on and off"));
  if (!ways.length) return section.append(make("p", {}, "This scenario rests on no claim of any document."));
  const shown = make("div");
  const said = make("p", { role: "status", "aria-live": "polite", class: "small" });
  const choice = (name, text) => make("option", { value: name }, text);
  const choose = make("select", { id: "way", onchange: () => { way = choose.value; show(shown, said); } },
    choice("", "as drawn: each true as often as it is firm"), ...ways.map((w) => choice(w, w === "all" ? "all true" : w)));
  section.append(make("p", {}, make("label", { class: "name", for: "way" }, "Claims count: "), choose), said, shown);
  show(shown, said);
}

function show(shown, said) {
  said.textContent = way ? `Everything else is as in the scenario, in the same worlds. ${way === "all" ? "All claims are true." : `Claims count ${way}.`}` : "Choose which claims count, and see what it changes.";
  const head = ["Outcome", "As it is", ...(way ? ["With these claims", "Change, points"] : [])];
  const row = ([o, text]) => {
    const base = demo.base[o];
    const cells = [`${percent(base.share)} [${interval(base.low, base.high)}]`];
    if (way) {
      const w = demo.claims[way][o];
      cells.push(`${percent(w.share)} [${interval(w.low, w.high)}]`, `${points(w.change)} [${ends(w.change_low, w.change_high)}]`);
    }
    return [text, ...cells];
  };
  shown.replaceChildren(table("ways", "Outcomes under other claims", head, Object.entries(demo.outcomes).map(row)));
}
