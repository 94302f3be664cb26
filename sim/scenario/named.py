"""Exactly one plug-in under its name, as in `protocol: {ultimatum: {by: A}}` or `strategies: {A: stubborn}`."""

from __future__ import annotations

from typing import Any, ClassVar

from pydantic import create_model, model_validator
from pydantic_core import PydanticCustomError

from sim.errors import did_you_mean
from sim.scenario.base import Strict, problems


class Named(Strict):
    """A mapping with one key, the plug-in's name, and its fields below; the bare name does where it needs none."""

    kind: ClassVar[str] = ""
    known: ClassVar[dict[str, type[Strict]]] = {}

    @model_validator(mode="before")
    @classmethod
    def _bare(cls, data: Any) -> Any:
        if not isinstance(data, str):
            return data
        if data not in cls.known:
            raise problems([((), f"unknown {cls.kind} '{data}'{did_you_mean(data, cls.known)}")])
        if cls.needed(data):
            raise problems([((), f"{data} needs a mapping, {{{data}: {{{', '.join(cls.needed(data))}: …}}}}")])
        return {data: {}}

    @model_validator(mode="after")
    def _one(self) -> Named:
        if len(self.model_fields_set) != 1:
            text = f"give exactly one {self.kind}: {', '.join(self.known)}"
            raise PydanticCustomError("named", "{text}", {"text": text})
        if self.rule is None:
            text = f"a mapping is needed ({', '.join(self.needed(self.name)) or '{}'}); got nothing"
            raise problems([((self.name,), text)])
        return self

    @classmethod
    def needed(cls, name: str) -> list[str]:
        """The fields that a plug-in can't do without."""
        return [k for k, f in cls.known[name].model_fields.items() if f.is_required()]

    @property
    def name(self) -> str:
        return next(iter(self.model_fields_set))

    @property
    def rule(self) -> Any:
        return getattr(self, self.name)

    @classmethod
    def __get_pydantic_json_schema__(cls, core: Any, handler: Any) -> dict[str, Any]:
        """One of the names alone, or a mapping of one name to its fields."""
        given = handler(core)
        here = handler.resolve_ref_schema(given)
        options = {k: next(o for o in v["anyOf"] if o != {"type": "null"}) for k, v in here["properties"].items()}
        mapping = {**here, "properties": options, "minProperties": 1, "maxProperties": 1}
        words = [name for name in cls.known if not cls.needed(name)]
        here.clear()
        here.update({"anyOf": [mapping, {"enum": words}]} if words else mapping)
        return given


def choice(kind: str, known: dict[str, type[Any]], module: str) -> type[Named]:
    """The model of such a mapping, one optional field for each plug-in of this kind; `module` is where it can be
    found again by its name, {Kind}Choice, when a scenario travels between processes."""
    fields: dict[str, Any] = {name: (plug | None, None) for name, plug in known.items()}
    made = create_model(f"{kind.capitalize()}Choice", __base__=Named, __module__=module, **fields)
    made.kind, made.known = kind, known
    return made
