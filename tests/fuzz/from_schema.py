"""Documents drawn by the JSON Schema of the pydantic models, so that a new field of the language is drawn by itself."""

from __future__ import annotations

from functools import cache
from typing import Any

from hypothesis import strategies as st

NAMES = ("A", "B", "C", "d", "e", "front", "talks", "more", "x", "high", "will", "strong")
LEVELS = ("no", "some", "yes", "none", "0.5")
CLAIMS = ("P1", "P2", "D3")
ODD = (0, 1, -1, 2, 3, 0.5, 1e-300, 1e100, 1e300, -0.0, 10_000, 10**9, 0.1, 0.9, 1 - 1e-12)
PATHS = ("actors.A.discount", "interests.A.x.weight", "horizon", "tables.talks.deadline", "actors.Z")


@cache
def selectors() -> st.SearchStrategy[Any]:
    level = st.sampled_from(LEVELS) | st.sampled_from([0, 0.5, 1])
    test = (
        level | st.lists(level, max_size=3) | st.dictionaries(st.sampled_from(["at_least", "below", "btween"]), level)
    )
    plain = st.dictionaries(st.sampled_from(NAMES[3:6]), test, min_size=1, max_size=2)
    more = st.fixed_dictionaries({}, optional={"not": plain, "any": st.lists(plain, max_size=2)})
    return plain | st.builds(lambda a, b: a | b, plain, more)


@cache
def priors() -> st.SearchStrategy[Any]:
    number = st.sampled_from(ODD)
    two = st.builds(lambda a, b: {"uniform": {"low": a, "high": b}}, number, number)
    cut = st.builds(
        lambda m, s, a, b: {"normal": {"mean": m, "sd": s, "low": a, "high": b}}, number, number, number, number
    )
    return number | two | cut | st.just({"choice": {"0.2": 0.5, "0.7": 0.5}})


class Drawn:
    """The strategies of one model's JSON Schema."""

    def __init__(self, model: Any):
        self.schema = model.model_json_schema()
        self.made: dict[str, st.SearchStrategy[Any]] = {}
        self.given: dict[int, dict[str, st.SearchStrategy[Any]]] = {}  # a mapping's optional fields, made once

    def of(self, node: dict[str, Any]) -> st.SearchStrategy[Any]:
        """The values that a part of the schema allows, and some that it doesn't."""
        if "$ref" in node:
            name = node["$ref"].rsplit("/", 1)[-1]
            if name not in self.made:
                self.made[name] = st.deferred(lambda: self.of(self.schema["$defs"][name]))
            return self.made[name]
        options = node.get("anyOf") or node.get("oneOf")
        if options:
            if sum("properties" in o for o in options) > 3:  # a prior
                return priors()
            return st.one_of([self.of(o) for o in options if o != {"type": "null"}])
        if "const" in node or "enum" in node:
            return st.sampled_from(node.get("enum") or [node.get("const")])
        kind = node.get("type")
        if isinstance(kind, list):
            return st.one_of([self.of({"type": k}) for k in kind])
        return getattr(self, kind or "object")(node)

    def fields(self, node: dict[str, Any], least: int = 0) -> st.SearchStrategy[dict[str, Any]]:
        """Some optional fields of a mapping."""
        if id(node) not in self.given:
            optional = {k: v for k, v in node.get("properties", {}).items() if k not in node.get("required", ())}
            self.given[id(node)] = {k: self.of(v) for k, v in optional.items()}
        given = self.given[id(node)]
        if not given:
            return st.just({})
        some = st.lists(st.sampled_from(sorted(given)), min_size=least, max_size=3, unique=True)
        return some.flatmap(lambda keys: st.fixed_dictionaries({k: given[k] for k in keys}))

    def object(self, node: dict[str, Any]) -> st.SearchStrategy[Any]:
        if "properties" in node:
            needed = st.fixed_dictionaries({k: self.of(node["properties"][k]) for k in node.get("required", ())})
            return st.builds(lambda a, b: a | b, needed, self.fields(node))
        if "conditions" in node.get("description", "") or "additionalProperties" not in node:
            return selectors()
        inner = node["additionalProperties"]
        values = self.of(inner) if isinstance(inner, dict) else st.sampled_from(ODD)
        return st.dictionaries(st.sampled_from(NAMES + LEVELS), values, max_size=2)

    def array(self, node: dict[str, Any]) -> st.SearchStrategy[Any]:
        if "prefixItems" in node:
            return st.tuples(*(self.of(i) for i in node["prefixItems"])).map(list)
        return st.lists(self.of(node.get("items", {"type": "string"})), max_size=3)

    def string(self, node: dict[str, Any]) -> st.SearchStrategy[Any]:
        return st.sampled_from(NAMES + LEVELS + CLAIMS)

    def number(self, node: dict[str, Any]) -> st.SearchStrategy[Any]:
        return st.sampled_from(ODD)

    integer = number

    def boolean(self, node: dict[str, Any]) -> st.SearchStrategy[Any]:
        return st.booleans()

    def null(self, node: dict[str, Any]) -> st.SearchStrategy[Any]:
        return st.none()

    def grown(self, data: Any, node: dict[str, Any] | None = None) -> st.SearchStrategy[Any]:
        """A valid document with some optional fields more, anywhere in it."""
        node = self.schema if node is None else node
        node = self.schema["$defs"][node["$ref"].rsplit("/", 1)[-1]] if "$ref" in node else node
        if "anyOf" in node or "oneOf" in node:  # the member of a union that has this form, else any mapping's
            known = [self._resolved(o) for o in node.get("oneOf", ()) or node["anyOf"]]
            fits = [o for o in known if isinstance(data, dict) and _fits(data, o)]
            node = fits[0] if fits else {}
        if isinstance(data, list):
            return st.tuples(*(self.grown(d, node.get("items", {})) for d in data)).map(list)
        if not isinstance(data, dict) or not node:
            return st.just(data)
        inner, named = node.get("additionalProperties"), node.get("properties", {})
        below = {k: named.get(k, inner if isinstance(inner, dict) else {}) for k in data}
        kept = st.fixed_dictionaries({k: self.grown(v, below[k]) for k, v in data.items()})
        more = st.integers(0, 5).flatmap(lambda n: self.fields(node, 1) if n == 0 else st.just({}))
        return st.builds(lambda a, b: a | b, kept, more)

    def _resolved(self, node: dict[str, Any]) -> dict[str, Any]:
        return self.schema["$defs"][node["$ref"].rsplit("/", 1)[-1]] if "$ref" in node else node


def _fits(data: dict[str, Any], node: dict[str, Any]) -> bool:
    named = node.get("properties", {})
    return set(data) <= set(named) and all("const" not in p or data.get(k) == p["const"] for k, p in named.items())
