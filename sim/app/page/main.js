// The page: its head, and its three parts.
import { demo } from "./elements.js";
import { change } from "./change.js";
import { worlds } from "./worlds.js";
import { claims } from "./claims.js";

const put = (id, text) => { document.getElementById(id).textContent = text; };
put("title", demo.title);
put("question", demo.question);
const { worlds: count, seed, horizon, period, set } = demo.about;
put("about", `Every point: the same ${count} worlds of seed ${seed}, ${horizon} ${period}s each${set.length ? `, with ${set.join(", ")}` : ""}. Intervals are 95 % each, and come from chance alone.`);
change(document.getElementById("change"));
worlds(document.getElementById("worlds"));
claims(document.getElementById("claims"));
document.documentElement.dataset.ready = "yes";
