"""Random tables: who sits there, the protocol, and every feature that may stand beside it."""

from __future__ import annotations

from typing import Any

from random_parts import Parts

Rules = dict[str, Any]


def tables(w: Parts) -> dict[str, Rules]:
    found = {f"table{k}": _table(w, agenda) for k, agenda in enumerate(w.agendas)}
    order = w.r.sample(list(found), len(found))  # each may foresee some of those after it here, so none in a circle
    for k, name in enumerate(order):
        others = [n for n in order[k + 1 :] if _inside(found[name], found[n]) and w.chance(0.8)]
        if others and "assent" not in found[name] and w.has("foresees", 0.5):
            found[name]["foresees"] = others
    return found


def _inside(rules: Rules, other: Rules) -> bool:
    """Whether a table's parties all know what another agrees."""
    helpers = [other[f]["by"] for f in ("mediator", "guarantor") if f in other]
    inside = {*other["parties"], *other.get("consent", {}), *helpers}
    return "secret" not in other or set(rules["parties"]) <= inside


def _table(w: Parts, agenda: list[str]) -> Rules:
    parties = w.r.sample(w.actors, 3 if len(w.actors) == 3 and w.chance(0.35) else 2)
    outside = [a for a in w.actors if a not in parties]
    hidden = w.has("secret", 0.2)
    if hidden and w.chance(0.7):
        outside = []  # nobody else has a part in it, so that somebody doesn't know
    found: Rules = {"parties": parties, "protocol": _protocol(w, parties), "agenda": agenda}
    joint = found["protocol"] == "simultaneous"
    if not joint and w.has("quota", 0.4 if len(parties) == 3 else 0.05):
        found["assent"] = _assent(w, parties)
    quota = "assent" in found
    if w.chance(0.35):
        found["deadline"] = w.r.choice([1, 2, 3, 4]) + w.friendly
    if w.chance(0.9):
        found["lookahead"] = w.r.choice([1, 2, 3, 4, 5] if not quota else [1, 2])
    if w.chance(0.2):
        found["require"] = w.selector()
    if w.chance(0.1 if w.friendly else 0.4):
        found["forbid"] = [{"when": w.selector()} | w.source(0.4) for _ in range(w.r.choice([1, 1, 2]))]
    if w.chance(0.25):
        found["opens"] = {"when": w.selector()} | w.source(0.2)
    if w.chance(0.25 if w.friendly else 0.6):
        found["breakdown"] = {"hazard": w.hazard(), "sets": w.sets()} | w.source(0.2)
    if w.chance(0.2 if w.friendly else 0.5) and not (quota or joint):
        by = parties if w.chance(0.4) and len(parties) == 2 else w.r.choice(parties)
        found["walk_away"] = {"by": by, "sets": w.sets()} | w.source(0.2)
    if outside and w.has("consent", 0.5):
        on = w.r.sample(agenda, w.r.choice([1, len(agenda)]))
        found["consent"] = {outside[0]: {"on": on} | w.source(0.2)}
    _after(w, found, outside)
    if hidden:
        found["secret"] = {"revealed": {"hazard": w.prior(0.05, 0.4)}} | w.source(0.2)
    if outside and not quota and w.has("mediator", 0.3):
        found["mediator"] = _mediator(w, parties, outside[0])
    return found


def _protocol(w: Parts, parties: list[str]) -> Any:
    one, kind = w.r.choice(parties), w.r.random()
    if w.has("simultaneous", 0.12):
        return "simultaneous"
    if w.has("salami", 0.12):
        return {"salami": {"demands": one, "step": w.r.choice([1, 1, 2])}}
    if w.has("random", 0.2):
        shares = [0.5, 0.5] if len(parties) == 2 else [0.5, 0.3, 0.2]
        return {"random": dict(zip(parties, w.r.choice([shares, [1.0]]), strict=False))}
    return {"ultimatum": {"by": one}} if kind < 0.2 else {"alternating_offers": {"first": one}}


def _assent(w: Parts, parties: list[str]) -> Rules:
    found: Rules = {"quota": w.r.choice(range(1, len(parties) + 1))}
    if w.chance(0.3):
        found |= {"weights": {parties[0]: 2, parties[1]: w.r.choice([0, 0.5])}}
        found["quota"] = w.r.choice([1, 1.5, 2])
    if w.chance(0.3):
        found["veto"] = [w.r.choice(parties)]
    return found


def _after(w: Parts, found: Rules, outside: list[str]) -> None:
    """What becomes of a deal."""
    quota, agenda, parties = "assent" in found, found["agenda"], found["parties"]
    if w.has("reopens", 0.2) and "salami" not in found["protocol"]:
        found["reopens"] = True
    lapsing = [i for i in agenda if "irreversible" not in w.issues[i]]
    if lapsing and not quota and w.has("lapses", 0.2):
        n = w.r.choice([1, 2, 3])
        found["lapses"] = dict.fromkeys(w.r.sample(lapsing, w.r.choice([1, len(lapsing)])), n)
    elif not quota and w.has("renege", 0.4):
        promises = {p: _renege(w, agenda) for p in parties if w.chance(0.7)}
        found["renege"] = {p: r for p, r in promises.items() if r["sets"]}
        if found["renege"] and outside and w.chance(0.4):
            found["guarantor"] = {"by": outside[0], "penalty": w.number(0, 0.2)} | w.source(0.3)


def _renege(w: Parts, agenda: list[str]) -> Rules:
    """What a party may break, more often than not by helping itself to something."""
    sets, levels = {}, w.sets()
    if w.chance(0.7):
        elsewhere = [i for i in w.issues if i not in agenda]  # what the deal itself doesn't give already
        name = w.r.choice(elsewhere or list(w.issues))
        levels = {name: list(w.issues[name]["levels"])[-1]}
    for name, level in levels.items():
        issue, names = w.issues[name], list(w.issues[name]["levels"])
        never = "irreversible" in issue and names.index(level) <= names.index(issue["start"])
        closed = "claims" in issue and name in agenda and level != issue["start"]
        sets |= {} if never or closed else {name: level}
    return {"sets": sets, "penalty": w.r.choice([0.0, 0.0, w.number(0, 0.3)])} | w.source(0.2)


def _mediator(w: Parts, parties: list[str], by: str) -> Rules:
    found: Rules = {"by": by, "accuracy": w.r.choice([0.6, 0.8, 0.95, 1.0])} | w.source(0.2)
    typed = [p for p in parties if p in w.types]
    if typed and w.chance(0.6):
        actor = w.r.choice(typed)
        found["about"] = {"actor": actor, "type": w.r.choice(list(w.types[actor]))}
    elif w.chance(0.5):
        found["about"] = {"actor": w.r.choice(parties)}
    return found
