"""Legislatures: the page's rows."""

from __future__ import annotations

from collections.abc import Iterator

import test_legislatures as tests
from games import figures, house
from theory.lines import Line, Row, label, table

from sim.theory import favoured_recognition, unequal_recognition


def _value_lines(name: str, exact: list[float], found: list[float]) -> list[Line]:
    return [(f"{name}: {member}", e, f, tests.VALUE) for member, e, f in zip("ABCDE", exact, found, strict=False)]


def equal(row: Row) -> tuple[Line, Line]:
    """(a member's value, the least that a proposer keeps)."""
    n, q, delta = row["n"], row["q"], min(row["delta"], tests.PATIENT)
    step, game = 1 / tests.STEPS[n], house([1 / n] * n, delta, f"{{quota: {q}}}", tests.STEPS[n])
    found, name = tests.values(game, delta), label(row, "n", "q", "delta") + f", h = {step:g}"
    furthest = max(found, key=lambda v: abs(v - 1 / n))
    keeps = min(shares[proposer] for proposer, shares in tests.divisions(game))
    return (name, 1 / n, furthest, tests.VALUE), (name, row["proposer"], keeps, (q - 1) * step)


def unequal(row: Row) -> list[Line]:
    game = house(row["p"], row["delta"], "{quota: 2}", 20)
    exact = [row["v1"], row["v2"], row["v3"]]
    return _value_lines(f"p = {'/'.join(f'{p:g}' for p in row['p'])}", exact, tests.values(game, row["delta"]))


def five() -> list[Line]:
    exact = favoured_recognition.values(5, 3, tests.FIVE[0], 0.9)
    found = tests.values(house(tests.FIVE, 0.9, "{quota: 3}", 10), 0.9)
    return _value_lines("p = 0.7/0.075/…", [exact.first] + [exact.other] * 4, found)


def unequal_keeps(row: Row) -> list[Line]:
    game = house(row["p"], row["delta"], "{quota: 2}", 20)
    exact = unequal_recognition.three_members(tuple(row["p"]), row["delta"]).keeps
    kept: dict[int, list[float]] = {}
    for proposer, shares in tests.divisions(game):
        kept.setdefault(proposer, []).append(shares[proposer])
    name = f"p = {'/'.join(f'{p:g}' for p in row['p'])}"
    return [
        (f"{name}: {'ABC'[i]} proposing", exact[i], min(found), 0.05 + row["delta"] * tests.VALUE)
        for i, found in sorted(kept.items())
    ]


def veto() -> list[Line]:
    game = house([1 / 3] * 3, 0.9, "{quota: 2, veto: [A]}", 50)
    exact = [tests.VETO, (1 - tests.VETO) / 2, (1 - tests.VETO) / 2]
    return _value_lines("A has a veto", exact, tests.values(game, 0.9))


def unanimity(row: Row) -> Iterator[Line]:
    """What each keeps when it proposes: the division that is nearest to the one it should put."""
    p, delta, step = row["p"], row["delta"], 0.02
    name = f"p = {'/'.join(f'{x:g}' for x in p)}, {label(row, 'delta')}"
    found = [shares for _, shares in tests.divisions(house(p, delta, "all", round(1 / step)))]
    for i in range(3):
        exact = [row[f"prop{i + 1}_keeps"] if k == i else delta * p[k] for k in range(3)]
        nearest = min(found, key=lambda shares: sum(abs(s - e) for s, e in zip(shares, exact, strict=True)))
        yield f"{name}: {'ABC'[i]} proposing", exact[i], nearest[i], 2 * step


def page() -> str:
    rows = figures("legislative")
    both = [equal(r) for r in rows["baron_ferejohn"]]
    sources = rows["sources"]
    dear = [line for r in rows["bf3_unequal_recognition"] for line in unequal(r)]
    kept = [line for r in rows["bf3_unequal_recognition"] for line in unequal_keeps(r)]
    everyone = [line for r in rows["bf_unanimity"] for line in unanimity(r)]
    return "\n\n".join(
        [
            table("Equal chances: values", [v for v, _ in both], f"{VALUES} Source: {sources['baron_ferejohn']}."),
            table("Equal chances: what the proposer keeps", [k for _, k in both], KEEPS),
            table("Unequal chances: values", dear, f"{DEAR} Source: {sources['bf3_unequal_recognition']}."),
            table("Unequal chances among five: values", five(), AMONG),
            table("Unequal chances: what the proposer keeps", kept, KEPT),
            table("A veto", veto(), BLOCKS),
            table("Everyone must agree", everyone, f"{ALL} Source: {sources['bf_unanimity']}."),
        ]
    )


VALUES = "What a member expects before anyone is recognised: of those alike the one furthest off."
KEEPS = "The least that any proposer kept in the worlds played. Allowed: q − 1 grid steps."
DEAR = "Majority of two among three, δ = .9, shares in twentieths. Who proposes often is dear, so it is bought less."
AMONG = """Majority of three among five, δ = .9, shares in tenths; one proposes more often than the others, who are
alike: v₁ = p₁ (1 − δ/2)/(1 − p₁ δ/2). Source: after Baron & Ferejohn 1989."""
KEPT = "Two out of three again; the least that was kept. Allowed: a grid step and δ times what is allowed of a value."
BLOCKS = """Majority of two among three, equal chances, δ = .9, shares in fiftieths, and nothing passes without A:
v_A = (2 − δ)/(6 − 5δ), worked by hand from v_A = (1 − δ v_B)/3 + 2 δ v_A/3."""
ALL = """Assent of all, chances unequal: the proposer keeps 1 − δ (1 − p_i). Here the look-ahead ends in the Nash
solution, not in a running mean. Shares in fiftieths; allowed: two steps, one for each partner."""
