// The data, and small parts of pages. All that is shown is set as text, never as markup.

export const demo = JSON.parse(document.getElementById("data").textContent);
export const COLOURS = { base: "#595959", now: "#0072B2", change: "#D55E00", other: "#009E73" }; // Okabe & Ito

/** An element with attributes (`on…` are listeners) and children, texts among them. */
export function make(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  fill(made, attributes, children);
  return made;
}

/** The same of SVG. */
export function draw(name, attributes = {}, ...children) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", name);
  fill(made, attributes, children);
  return made;
}

function fill(made, attributes, children) {
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
    else if (value !== false && value != null) made.setAttribute(key, value === true ? "" : value);
  }
  made.append(...children.filter((child) => child != null));
}

/** A table that may be scrolled sideways: `head` and `rows` are texts, the first of each row names it. */
export function table(id, says, head, rows, caption = null) {
  const heads = head.map((text, k) => make("th", { scope: "col", class: k ? "num" : false }, text));
  const row = ([name, ...cells]) => make("tr", {}, make("th", { scope: "row" }, name), ...cells.map((text) => make("td", { class: "num" }, text)));
  return make("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": says },
    make("table", { id }, caption && make("caption", {}, caption), make("thead", {}, make("tr", {}, ...heads)), make("tbody", {}, ...rows.map(row))));
}

export const number = (v) => (typeof v === "number" ? String(+v.toPrecision(3)).replace("-", "−") : String(v));
const digits = (share) => (share > 0 && share < 0.00995) || (share < 1 && share > 0.99005) ? 1 : 0;
export const percent = (share) => `${(100 * share).toFixed(digits(share))} %`;
export const interval = (low, high) => `${percent(low).slice(0, -2)} to ${percent(high)}`;
const signed = (share, places) => {
  const text = (100 * share).toFixed(places);
  return /^-?0(\.0)?$/.test(text) ? "0" : text.replace("-", "−").replace(/^(?=\d)/, "+");
};
const places = (...shares) => (Math.max(...shares.map(Math.abs)) < 0.02 ? 1 : 0);
export const points = (share) => signed(share, places(share));
export const ends = (low, high) => `${signed(low, places(low, high))} to ${signed(high, places(low, high))}`;
export const share = (v) => (v == null ? "–" : `${Math.round(100 * v)} %`.replace("-", "−"));
