"""Games as text for Gambit (Savani & Turocy): its formats .nfg and .efg, of which other programs read the same.

Nothing is computed here: a strategic game is its outcomes and who brings about which, an extensive game a tree.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import count, product


@dataclass(frozen=True)
class End:
    """A leaf: what it is called and what each player gets."""

    name: str
    payoffs: tuple[float, ...]


@dataclass(frozen=True)
class Choice:
    """A node where `player` (by its place, from 0) chooses, knowing all that has happened: (action, what follows)."""

    player: int
    name: str
    ways: tuple[tuple[str, Node], ...]


@dataclass(frozen=True)
class Chance:
    """A node where chance decides: (event, its probability, what follows)."""

    name: str
    ways: tuple[tuple[str, float, Node], ...]


Node = End | Choice | Chance


def nfg(title: str, comment: str, players: Sequence[str], strategies: Sequence[Sequence[str]],
        outcomes: Sequence[End], brought: dict[tuple[int, ...], int]) -> str:  # fmt: skip
    """A strategic game. brought: a strategy of each player, by its place -> the place of the outcome."""
    lines = [f"NFG 1 R {_text(title)} {_texts(players)}", ""]
    lines += ["{ " + " ".join(_texts(own) for own in strategies) + " }", _text(comment), "", "{"]
    lines += [f"{{ {_text(o.name)} {_numbers(o.payoffs)} }}" for o in outcomes]
    sizes = [range(len(own)) for own in reversed(strategies)]  # the first player's strategies change fastest
    lines += ["}", " ".join(str(brought[profile[::-1]] + 1) for profile in product(*sizes))]
    return "\n".join(lines) + "\n"


def efg(title: str, comment: str, players: Sequence[str], root: Node) -> str:
    """An extensive game of perfect information, its nodes in the order in which they are come to."""
    lines = [f"EFG 2 R {_text(title)} {_texts(players)}", _text(comment), ""]
    return "\n".join([*lines, *_told(root, [count(1) for _ in range(len(players) + 1)], count(1))]) + "\n"


def _told(node: Node, sets: list[count[int]], ends: count[int]) -> Iterator[str]:
    """A node's line and those of what follows. sets: numbers of information sets, chance's first. Names carry the
    number, for Gambit wants each once only."""
    if isinstance(node, End):
        number = next(ends)
        yield f't "" {number} {_text(f"{node.name} ({number})")} {{ {_numbers(node.payoffs)} }}'
    elif isinstance(node, Chance):
        number = next(sets[0])
        odds = [Decimal(_number(p)) for _, p, _ in node.ways[:-1]]
        odds.append(1 - sum(odds, Decimal(0)))  # exactly, whatever was rounded
        ways = " ".join(f"{_text(name)} {p:f}" for (name, *_), p in zip(node.ways, odds, strict=True))
        yield f'c "" {number} {_text(f"{node.name} ({number})")} {{ {ways} }} 0'
        for *_, after in node.ways:
            yield from _told(after, sets, ends)
    else:
        number, names = next(sets[node.player + 1]), _texts([name for name, _ in node.ways])
        yield f'p "" {node.player + 1} {number} {_text(f"{node.name} ({number})")} {names} 0'
        for _, after in node.ways:
            yield from _told(after, sets, ends)


def _text(words: str) -> str:
    return '"' + " ".join(words.split()).replace("\\", "\\\\").replace('"', '\\"') + '"'


def _texts(names: Sequence[str]) -> str:
    return "{ " + " ".join(map(_text, names)) + " }"


def _number(value: float) -> str:
    """A decimal without an exponent, which Gambit doesn't read everywhere; as exact as a double's fifteen digits."""
    text = f"{value:.15f}".rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def _numbers(values: Sequence[float]) -> str:
    return ", ".join(map(_number, values))
