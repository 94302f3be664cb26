// Asks every other moment whether anything has changed, and if so shows the page as it is then.
const SOON = 1500, LATER = 5000; // milliseconds
const status = document.getElementById("status");
let lost = false;

const stamp = () => document.getElementById("room").dataset.stamp;

async function look() {
  let next = SOON;
  try {
    const answer = await fetch("turn");
    if (!answer.ok) throw new Error(answer.status);
    const now = await answer.json();
    if (now.stamp !== stamp()) await show();
    else if (lost) tell("");
    lost = false;
  } catch {
    next = LATER;
    if (!lost) tell("The game doesn’t answer. It may have been stopped; this page goes on trying.", true);
    lost = true;
  }
  setTimeout(look, next);
}

async function show() {
  const answer = await fetch("./");
  if (!answer.ok) throw new Error(answer.status);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const main = document.getElementById("main");
  const held = main.contains(document.activeElement);
  main.replaceWith(page.getElementById("main"));
  document.title = page.title;
  scrollTo(0, 0);
  if (held) document.getElementById("head").focus();
  tell(page.title);
}

function tell(text, seen = false) {
  status.textContent = text;
  status.className = seen ? "alert" : "unseen";
}

setTimeout(look, SOON);
