"""What the authors expected, what the model says of it, and what happened: `python experiments/expectations.py` writes
docs/expectations.md; `--check` writes nothing and exits 1 if the page is stale.

Dated questions with their answers are in experiments/backtest.yaml; nothing else reads that file.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import yaml
from claims_pages import library, uses
from page import ROOT, arguments, keep, table, words
from parallel import each

import sim
from sim.report.style import interval
from sim.scenario.claims import Claim, load_claims
from sim.scenario.loader import Loaded

PAGE, BACKTEST = ROOT / "docs" / "expectations.md", ROOT / "experiments" / "backtest.yaml"
WORLDS, SEED = 500, 1
MONTHS = {"month": 1, "quarter": 3, "year": 12}
DONT = (
    "<!-- Printed by: python experiments/expectations.py. Don't edit; the answers are in experiments/backtest.yaml. -->"
)
NOT_SAID = "no outcome says it; it stands as: "
Probabilities = dict[str, dict[str, dict[str, Any]]]  # scenario -> outcome -> {probability, low, high, …}
Question = dict[str, Any]  # an entry of backtest.yaml


def expectations(scenarios: dict[str, Loaded], claims: dict[str, Claim]) -> Iterator[tuple[Claim, str, str]]:
    """(claim, scenario, outcome) for every outcome that cites a claim of kind expectation, by claim."""
    for c in claims.values():
        for name, loaded in scenarios.items():
            for outcome, o in loaded.scenario.outcomes.items():
                if c.kind == "expectation" and c.id in o.claims:
                    yield c, name, outcome


def due(loaded: Loaded) -> str:
    """The month in which the horizon ends."""
    s, start = loaded.scenario, date.fromisoformat(str(loaded.scenario.as_of))
    month = start.year * 12 + start.month - 1 + s.horizon * MONTHS[s.period]
    return f"{month // 12}-{month % 12 + 1:02d}"


def played(scenarios: dict[str, Loaded], names: set[str]) -> Probabilities:
    wanted = [n for n in scenarios if n in names]
    return dict(zip(wanted, each(outcomes, [(scenarios[n],) for n in wanted]), strict=True))


def outcomes(loaded: Loaded) -> dict[str, Any]:
    return sim.run(loaded, WORLDS, SEED).document["outcomes"]


def clear(questions: list[Question]) -> list[Question]:
    return [q for q in questions if isinstance(q["happened"], bool)]


def brier(forecasts: list[float], happened: list[bool]) -> float:
    """Mean squared distance of probability and answer (Brier 1950): 0 is best, .25 is what always saying .5 gets."""
    return sum((p - y) ** 2 for p, y in zip(forecasts, happened, strict=True)) / len(happened)


def scores(probabilities: Probabilities, questions: list[Question]) -> dict[str, tuple[float, float]]:
    """The Brier scores of the model, of always .5 and of the share of yes, which is known only afterwards: over all
    questions, and with every scenario counted once."""
    rate = sum(q["happened"] for q in questions) / len(questions)
    model = [probabilities[q["scenario"]][q["outcome"]]["probability"] for q in questions]
    said = {"the model": model, "always .5": [0.5] * len(model), f"the share of yes, {rate:.2f}": [rate] * len(model)}
    return {name: (brier(p, [q["happened"] for q in questions]), once(p, questions)) for name, p in said.items()}


def once(forecasts: list[float], questions: list[Question]) -> float:
    """The mean over scenarios of each one's Brier score."""
    by: dict[str, list[int]] = {}
    for k, q in enumerate(questions):
        by.setdefault(q["scenario"], []).append(k)
    each = [brier([forecasts[k] for k in ks], [questions[k]["happened"] for k in ks]) for ks in by.values()]
    return sum(each) / len(each)


def page(scenarios: dict[str, Loaded], claims: dict[str, Claim], questions: list[Question]) -> str:
    expected = list(expectations(scenarios, claims))
    found = played(scenarios, {name for _, name, _ in expected} | {q["scenario"] for q in questions})
    parts = [
        "# What the authors expected, and what happened",
        DONT,
        f"""How often an outcome comes about in the model's worlds, beside what an author expected and what happened
later. An outcome says what the claim says as nearly as the scenario's issues can. {WORLDS} worlds a scenario, seed
{SEED}; the intervals (95 %) are for the number of worlds and not for how right the model is.""",
        "## Expectations",
        expected_table(scenarios, claims, expected, found, questions),
        "## Dated questions",
        """Every outcome of the four scenarios whose horizon was over is asked, and of the later ones those that were
decided. The answers are in no other file, and no weight depends on them.""",
        answered_table(found, questions),
        "Not answered, as it isn't clear:",
        "\n".join(f"- {words(q['scenario'])}, {words(q['outcome'])}: {q['question']} {capital(q['why'])}."
                  for q in questions if q["happened"] == "unknown"),
        "## Scores",
        scored(found, clear(questions)),
    ]  # fmt: skip
    return "\n\n".join(parts) + "\n"


def capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def expected_table(
    scenarios: dict[str, Loaded],
    claims: dict[str, Claim],
    expected: list[tuple[Claim, str, str]],
    found: Probabilities,
    questions: list[Question],
) -> str:
    rows, known = [], {(q["scenario"], q["outcome"]): q for q in questions}
    stands = uses(scenarios)
    for c in (c for c in claims.values() if c.kind == "expectation"):
        said = (c.id, c.author, c.says)
        for _, name, outcome in (e for e in expected if e[0] == c):
            o, q = found[name][outcome], known.get((name, outcome))
            happened = answer(q) if q else f"to be seen by {due(scenarios[name])}"
            model = interval(o["probability"], o["low"], o["high"])
            rows.append((*said, f"{words(name)}: {words(outcome)}", model, happened))
        if c not in [e[0] for e in expected]:
            where = "; ".join(f"{words(n)}: {', '.join(map(words, t))}" for n, t in stands.get(c.id, {}).items())
            rows.append((*said, NOT_SAID + (where or "background"), "–", "–"))
    return table(
        ("claim", "author", "expects (paraphrased)", "the model's outcome", "share of worlds", "happened"), rows
    )


def answer(q: Question) -> str:
    if q["happened"] == "unknown":
        return f"not clear: {q['why']}"
    return f"{'yes' if q['happened'] else 'no'}, {q['by']}"


def answered_table(found: Probabilities, questions: list[Question]) -> str:
    rows = []
    for q in clear(questions):
        o = found[q["scenario"]][q["outcome"]]
        model = interval(o["probability"], o["low"], o["high"])
        rows.append(
            (words(q["scenario"]), q["question"], model, "yes" if q["happened"] else "no", q["by"], q["source"])
        )
    return table(("scenario", "question", "the model's yes", "happened", "settled by", "source"), rows)


def scored(found: Probabilities, questions: list[Question]) -> str:
    yes, rows = sum(q["happened"] for q in questions), scores(found, questions).items()
    heads = ("says", "Brier score", "every scenario counted once")
    return "\n\n".join(
        (
            f"{len(questions)} questions, {yes} of them answered yes. Brier score: the mean squared distance of what "
            "was said and what happened; 0 is best.",
            table(heads, [(name, *(f"{score:.3f}" for score in both)) for name, both in rows]),
            """Few questions, and not independent: one event often answers several, and a scenario's outcomes hang
together. Whoever wrote the scenarios, the questions and their answers knew what had happened, so a good score proves
little and a bad one something. Most answers are no, and most outcomes are rare in the model, which any cautious guess
would share. The share of yes is known only afterwards. A check of plausibility, not a record of forecasts.""",
        )
    )


def main() -> None:
    given = arguments(__doc__).parse_args()
    claims = load_claims(ROOT / "scenarios" / "claims.yaml")
    text = page(library(), claims, yaml.safe_load(BACKTEST.read_text(encoding="utf-8")))
    keep([(PAGE, text)], given.check, "expectations")


if __name__ == "__main__":
    main()
