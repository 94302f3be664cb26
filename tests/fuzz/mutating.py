"""Documents bent out of shape: their nodes, their writing, and their text. Everything goes by a random.Random."""

from __future__ import annotations

import copy
from random import Random
from typing import Any

ESC, WIDE = "\\x1b", "\\u202e"  # as a YAML text writes them
NUMBERS = "0 1 -1 2 0.5 1e100 -1e100 1e-300 1e300 1e309 .nan .inf -.inf 0x1f 0o17 1_000 12:30:00 2025-03-01"
WORDS = "~ null true no yes NaN None inf 9007199254740993 10000 10001 1000000000 0.999999999999 -0.0 1e-320 A B d x P1"
NAMED = "x 1 any not ever before term form weight when claims assumption A deal d talks points range << ? '' é a.b"
ODD = [  # scalars as they stand in a file
    *NUMBERS.split(),
    *WORDS.split(),
    *("''", '""', "' '", f'"{ESC}[31m"', f'"{WIDE}x"', '"\\0"', '"\\ud800"', '"\\U0001F600"', "é", "'а'", "\U0001f600"),
    *("!!python/object/apply:os.system [ls]", "!!binary aGk=", "!!float 1", "!x y", "*a", "&a 1", "&a [*a]", "<<"),
    *("{}", "[]", "{uniform: {low: 1, high: 0}}", "{uniform: {low: 1, high: 1}}", "{normal: {mean: 0, sd: 0}}"),
    *("{choice: {1: 1}}", "{beta: {mean: 0.5, sd: 0.4999}}", "{logistic: {mean: 9, scale: 1e-9, low: 0, high: 1}}"),
    *("{from: 0, to: 1, steps: 100001}", "{among: 8, steps: 9}", "{any: []}", "{not: {d: yes}}", "{d: [no, yes]}"),
    *("../../etc/passwd", "'a\tb'", "%x", "@", "`", "? a", "- a", "a: b", "#", "|", ">", "'", '"', "{", "}", "[", "]"),
]
KEYS = NAMED.split()
TEXT = [*"{}[]:,-?&*!|>'\"%@`#~\t\n", ": ", "- ", "\n  ", "---\n", "...\n", "&a ", "*a", "!!map ", "<<: ", ".nan", "é"]
TEXT += [
    "\x00",
    "\x1b",
    "\x85",
    "\u2028",
    "\ufeff",
    "\ud7ff",
    "9" * 400,
    "\r\n",
    "%YAML 1.2\n",
    "%TAG ! !\n",
    "x" * 2000,
]


class Written(str):
    """A scalar that goes into the file as it is."""


def scalar(value: Any) -> str:
    if isinstance(value, Written):
        return value
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if not isinstance(value, str):
        return repr(value)
    plain = value.replace("_", "").replace(" ", "").isalnum() and not value[0].isdigit() and value.isascii()
    return value if plain else "'" + value.replace("'", "''") + "'"


def write(node: Any, r: Random, odd: float = 0.0) -> str:
    """The node in flow style; with probability `odd` at each mapping with a key twice, an anchor, a merge or a tag."""
    if isinstance(node, list):
        return "[" + ", ".join(write(v, r, odd) for v in node) + "]"
    if not isinstance(node, dict):
        return scalar(node)
    rows = [f"{scalar(k)}: {write(v, r, odd)}" for k, v in node.items()]
    if rows and r.random() < odd:
        at = r.randrange(len(rows))
        key, _, value = rows[at].partition(": ")
        rows[at : at + 1] = {
            0: [rows[at], rows[at]],
            1: [f"{key}: &a {value}", "b: *a"],
            2: [rows[at], "<<: {x: 1}"],
            3: [f"{key}: !t {value}"],
            4: [f"? {key} : {value}"],
        }[r.randrange(5)]
    return "{" + ", ".join(rows) + "}"


def holders(node: Any) -> list[Any]:
    """Every mapping and list that isn't empty."""
    found, left = [], [node]
    while left:
        one = left.pop()
        if isinstance(one, dict | list) and one:
            found.append(one)
            left += one.values() if isinstance(one, dict) else one
    return found


def _place(node: Any, r: Random) -> tuple[Any, Any] | None:
    there = holders(node)
    if not there:
        return None
    holder = r.choice(there)
    return holder, r.choice(list(holder) if isinstance(holder, dict) else range(len(holder)))


def bent(data: Any, r: Random) -> Any:
    """A copy with one to three of its nodes deleted, doubled, retyped, renamed, swapped or made odd."""
    data = copy.deepcopy(data)
    for _ in range(r.choice((1, 1, 1, 2, 3))):
        place = _place(data, r)
        if place is None:
            return Written(r.choice(ODD))
        holder, key = place
        value = holder[key]
        what = r.randrange(8)
        if what == 0:
            del holder[key]
        elif what == 1 and isinstance(holder, dict):
            items = list(holder.items())
            holder.clear()
            holder.update({Written(r.choice(KEYS)) if k == key else k: v for k, v in items})
        elif what == 1:
            holder.insert(key, copy.deepcopy(value))
        elif what == 2:
            holder[key] = [value] if r.random() < 0.5 else {"x": value}
        elif what == 3:
            other = _place(data, r)
            holder[key] = copy.deepcopy(other[0][other[1]]) if other else value
        elif what == 4 and isinstance(holder, dict):
            holder[Written(r.choice(KEYS))] = copy.deepcopy(value)
        else:
            holder[key] = Written(r.choice(ODD))
    return data


def large(data: Any, r: Random) -> str:
    """A file of one thing many times: entries, levels, nesting, aliases, a long text or many faults."""
    data, n = copy.deepcopy(data), r.choice((60, 400, 3000, 9000))
    holder, key = _place(data, r) or ({}, "x")
    value = holder.get(key) if isinstance(holder, dict) else holder[key]
    what = r.randrange(6)
    if what == 0:
        holder[key] = Written("[" + ", ".join([write(value, r)] * n) + "]")
    elif what == 1:
        holder[key] = Written("{" + ", ".join(f"k{i}: {write(value, r)}" for i in range(n)) + "}")
    elif what == 2:
        holder[key] = Written("[" * n + "]" * n)
    elif what == 3:
        holder[key] = "x" * 30 * n
    elif what == 4 and isinstance(holder, dict):
        holder.update({f"{key}{i}": value for i in range(n)})
    else:
        chain = "".join(f"a{i}: &a{i} [{', '.join([f'*a{i - 1}' if i else 'x'] * 9)}]\n" for i in range(9))
        return chain + write(data, r)[1:-1].replace("\n", " ")
    return write(data, r)


def cut(data: dict[str, Any], r: Random) -> dict[str, Any]:
    """At most two entries of each section, so that it is read quickly."""

    def few(section: Any) -> Any:
        if isinstance(section, dict):
            return {k: section[k] for k in sorted(section, key=lambda _: r.random())[:2]}
        return section[:2] if isinstance(section, list) else section

    return {k: few(v) for k, v in data.items() if k != "about"}


def scribbled(text: str, r: Random) -> str:
    """A text with some of it cut, doubled, or put in."""
    for _ in range(r.choice((1, 1, 2, 3))):
        a = r.randrange(len(text) + 1)
        b = min(len(text), a + r.choice((0, 1, 5, 40)))
        middle = ("", r.choice(TEXT) + text[a:b], text[a:b] * 2, r.choice(TEXT))[r.randrange(4)]
        text = text[:a] + middle + text[b:]
    return text


def corrupted(raw: bytes, r: Random) -> bytes:
    """Bytes changed, cut or put in, for machines without atheris."""
    out = bytearray(raw)
    for _ in range(r.choice((1, 2, 8))):
        at = r.randrange(len(out) + 1)
        what = r.randrange(3)
        if what == 0 and at < len(out):
            out[at] = r.randrange(256)
        elif what == 1:
            out[at:at] = r.randbytes(r.choice((1, 3)))
        else:
            del out[at : at + r.choice((1, 4, 30))]
    return bytes(out)
