"""The model after the ODD protocol (Grimm et al. 2020): `python experiments/odd.py` writes docs/odd.md from the words
in experiments/odd.md and tables taken from the schema and the code. `--check` writes nothing and exits 1 if stale.
"""

from __future__ import annotations

import inspect
import re
import sys
from dataclasses import fields
from typing import Any

from page import ROOT, arguments, keep, table

from sim.montecarlo.draws import LAYERS
from sim.scenario.priors import KINDS
from sim.scenario.schema import FORMS, Actor, Change, Event, Issue, Scenario, Stock
from sim.scenario.tables import PROTOCOLS, STRATEGIES, Table
from sim.store.columns import COLUMNS

PAGE, WORDS = ROOT / "docs" / "odd.md", ROOT / "experiments" / "odd.md"
ENTITIES = {"scenario": Scenario, "actor": Actor, "issue": Issue, "stock": Stock, "line of change": Change}
SOURCED = ("claims", "assumption", "about", "name")
STREAMS = {
    "claim": "whether each claim is true, by its strength",
    "weight": "the weight of each term",
    "discount": "each actor's discount factor",
    "hazard": "each hazard of breakdown, of an event, of a secret coming out",
    "start": "where each stock starts",
    "type": "each actor's type",
    "resolve": "each party's resolve at each table",
    "tolerance": "each third party's tolerance at each table",
    "battle": "how far each line moves its stock in each period",
    "breakdown": "whether talks collapse after a refusal",
    "event": "whether each event happens",
    "signal": "whether an event that tells of a type happens, given the type",
    "mediator": "whether a mediator sees rightly",
    "reveal": "whether a secret comes out",
    "recognition": "who may propose, where the protocol draws it",
    "mixing": "which of the packages that a quota's members mix over is put",
    "tie": "which of equally good packages is put",
}


def first(thing: Any) -> str:
    """The first sentence of a docstring, without the name before its colon."""
    text = " ".join((inspect.getdoc(thing) or "").split())
    return re.split(r"(?<=[.!?]) (?=[A-Z`])", text)[0]


def entities() -> str:
    rows = [[name, first(model), _fields(model)] for name, model in ENTITIES.items()]
    rows += [["table", first(Table), _fields(Table)], ["event", first(Event), _fields(Event)]]
    return table(("entity", "what it is", "what a file says of it"), rows)


def _fields(model: Any) -> str:
    return ", ".join(f"`{name}`" for name in model.model_fields if name not in SOURCED)


def outputs() -> str:
    rows = [[f"`{c.pattern}`", c.dtype, c.unit or "–", c.meaning] for c in COLUMNS]
    return table(("column", "type", "unit", "meaning"), rows)


def streams() -> str:
    rows = [[layer, f"`{word}`", STREAMS[word]] for layer, words in LAYERS.items() for word in words]
    return table(("layer", "stream", "what is drawn"), rows)


def plugins(found: dict[str, type]) -> str:
    """One row a file of a folder of plug-ins: the rule in a sentence, and its parameters."""
    rows = [[f"`{name}`", first(sys.modules[c.__module__]), _own(c)] for name, c in found.items()]
    return table(("name", "rule", "parameters"), rows)


def _own(c: Any) -> str:
    common = {"claims", "assumption", "term", "form", "weight", "when"}
    return ", ".join(f"`{n}`" for n in c.model_fields if n not in common) or "–"


def priors() -> str:
    rows = [[f"`{name}`", ", ".join(f"`{f.name.rstrip('_')}`" for f in fields(law))] for name, law in KINDS.items()]
    return table(("prior", "parameters"), rows)


def page() -> str:
    text = WORDS.read_text(encoding="utf-8")
    parts = {
        "entities": entities,
        "outputs": outputs,
        "streams": streams,
        "priors": priors,
        "forms": lambda: plugins(FORMS),
        "protocols": lambda: plugins(PROTOCOLS),
        "strategies": lambda: plugins(STRATEGIES),
    }
    for name, made in parts.items():
        text = text.replace("{{" + name + "}}", made())
    return text


def main() -> None:
    keep([(PAGE, page())], arguments(__doc__).parse_args().check, "odd")


if __name__ == "__main__":
    main()
