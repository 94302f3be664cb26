"""Reads Gambit's files back, by the format's own rules, and solves trees backwards. Shares nothing with what writes
them."""

from __future__ import annotations

import re

TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}]|[^\s{},]+')


def tokens(text):
    return TOKEN.findall(text)


def word(token):
    return re.sub(r"\\(.)", r"\1", token[1:-1])


def group(found, at):
    """What stands in braces from `at` on, nested as it is, and where it ends."""
    assert found[at] == "{"
    inner, at = [], at + 1
    while found[at] != "}":
        if found[at] == "{":
            part, at = group(found, at)
        else:
            part, at = found[at], at + 1
        inner.append(part)
    return inner, at + 1


def read_nfg(text):
    """players, strategies by player, and the payoffs of a profile."""
    found = tokens(text)
    assert found[:3] == ["NFG", "1", "R"]
    players, at = group(found, 4)
    strategies, at = group(found, at)
    outcomes, at = group(found, at + 1)
    contingencies = [int(t) for t in found[at:]]
    sizes = [len(own) for own in strategies]

    def payoffs(profile):
        place, step = 0, 1
        for k, size in zip(profile, sizes, strict=True):
            place, step = place + k * step, step * size
        name, *numbers = outcomes[contingencies[place] - 1]
        return word(name), [float(n) for n in numbers]

    count = 1
    for size in sizes:
        count *= size
    assert len(contingencies) == count
    return [word(p) for p in players], [[word(s) for s in own] for own in strategies], payoffs


def read_efg(text):
    """players, and the root: ('t', name, payoffs) | ('c', ways with odds) | ('p', player, ways)."""
    found = tokens(text)
    assert found[:3] == ["EFG", "2", "R"]
    players, at = group(found, 4)
    outcomes, sets = set(), set()

    def node(at):
        kind = found[at]
        if kind == "t":
            numbers, after = group(found, at + 4)
            assert not {found[at + 2], found[at + 3]} & outcomes  # Gambit wants every name and number once
            outcomes.update(found[at + 2 : at + 4])
            return ("t", word(found[at + 3]), [float(n) for n in numbers]), after
        player = int(found[at + 2]) if kind == "p" else 0
        at += kind == "p"
        here = {(player, found[at + 2]), (player, found[at + 3])}
        assert not here & sets  # everybody knows where the game is
        sets.update(here)
        listed, at = group(found, at + 4)
        assert found[at] == "0"  # nothing is paid on the way
        at += 1
        names = listed if kind == "p" else listed[::2]
        odds = [None] * len(names) if kind == "p" else [float(p) for p in listed[1::2]]
        ways = []
        for name, p in zip(names, odds, strict=True):
            after, at = node(at)
            ways.append((word(name), p, after))
        return (kind, player - 1, ways), at

    root, end = node(at + 1)
    assert end == len(found)
    return [word(p) for p in players], root


def nodes(node):
    return 1 + sum(nodes(after) for *_, after in node[2]) if node[0] != "t" else 1


def solved(node, tie=1e-9):
    """Subgame-perfect payoffs, and the names on the likeliest path; who is indifferent accepts, and puts the first."""
    if node[0] == "t":
        return node[2], [node[1]]
    found = [(name, odds, *solved(after)) for name, odds, after in node[2]]
    if node[0] == "c":
        assert abs(sum(odds for _, odds, *_ in found) - 1) < 1e-9
        values = [sum(odds * v[i] for _, odds, v, _ in found) for i in range(len(found[0][2]))]
        name, _, _, path = max(found, key=lambda way: way[1])
        return values, [name, *path]
    best = max(v[node[1]] for _, _, v, _ in found)
    name, _, values, path = next(way for way in found if way[2][node[1]] >= best - tie)
    return values, [name, *path]
