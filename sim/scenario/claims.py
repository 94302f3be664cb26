"""What the source documents say: `claims.yaml`, read as strictly as a scenario; and where the bundled files are."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, ValidationError

import sim
from sim.errors import Problem, ScenarioError, did_you_mean
from sim.scenario.base import Name, Names, Probability, Strict, Text, Word
from sim.scenario.messages import translate
from sim.scenario.reading import read, read_file

FILE = "claims.yaml"
Kind = Literal["interest", "constraint", "mechanism", "expectation", "fact"]


@dataclass(frozen=True)
class Claim:
    """One statement of one source; `strength` in [0, 1] is how firmly its author puts it."""

    id: str
    source: str
    author: str
    kind: str
    actors: tuple[str, ...]
    issues: tuple[str, ...]
    strength: float
    says: str


class _Source(Strict):
    author: Text
    title: Text
    file: Text | None = None
    date: Word | None = None
    form: Text | None = None


class _Entry(Strict):
    source: str
    kind: Kind
    actors: tuple[Name, ...]
    issues: tuple[Name, ...] = ()
    strength: Probability
    says: Annotated[Text, Field(min_length=1)]


class _ClaimsFile(Strict):
    sources: dict[Name, _Source]
    claims: dict[Name, _Entry]


def load_claims(path: Path | str) -> dict[str, Claim]:
    """The claims of a file by id, in its order. Raises ScenarioError with every problem found."""
    return loads_claims(read_file(path), str(path))


def loads_claims(text: str, file: str) -> dict[str, Claim]:
    """As `load_claims`, from a text."""
    document = read(text, file)
    names = Names()
    try:
        parsed = _ClaimsFile.model_validate(document.data, context=names)
    except ValidationError as error:
        raise ScenarioError([*document.problems, *translate(error, document, names)]) from None
    known = parsed.sources
    problems = document.problems + [
        document.problem(("claims", k, "source"), f"unknown source '{c.source}'{did_you_mean(c.source, known)}")
        for k, c in parsed.claims.items()
        if c.source not in known
    ]
    if problems:
        raise ScenarioError(problems)
    return {k: Claim(id=k, author=known[c.source].author, **c.model_dump()) for k, c in parsed.claims.items()}


def dump(claims: dict[str, Claim]) -> str:
    """The text of a claims file with these claims, for a run's folder; `loads_claims` reads it back."""
    import yaml

    sources = {c.source: {"author": c.author, "title": c.source} for c in claims.values()}
    entries = {
        c.id: {k: list(v) if isinstance(v, tuple) else v for k, v in vars(c).items() if k not in ("id", "author")}
        for c in claims.values()
    }
    return yaml.safe_dump({"sources": sources, "claims": entries}, sort_keys=False, allow_unicode=True, width=120)


def bundled() -> Path:
    """The folder of scenarios that comes with the package: inside an installed one, beside it in a checkout."""
    inside = Path(sim.__file__).parent / "data" / "scenarios"
    return inside if inside.is_dir() else Path(sim.__file__).parent.parent / "scenarios"


def claims_for(path: Path | None) -> Path:
    """The nearest `claims.yaml`: beside the file, up to three folders above, else the bundled one."""
    folders = [path.absolute().parent, *path.absolute().parents[1:4]] if path is not None else []
    return next((f / FILE for f in folders if (f / FILE).is_file()), bundled() / FILE)


def scenarios() -> dict[str, Path]:
    """The bundled scenarios by name, which is the file's without `.yaml`."""
    files = sorted(p for p in bundled().rglob("*.yaml") if p.name != FILE)
    return {p.stem: p for p in files}


def find_scenario(name_or_path: str | Path) -> Path:
    """The file itself where there is one, else the bundled scenario of that name."""
    path, known = Path(name_or_path), scenarios()
    if path.exists() or path.suffix in (".yaml", ".yml"):
        return path
    if str(name_or_path) in known:
        return known[str(name_or_path)]
    message = (
        f"neither a file, nor the folder of a run, nor a bundled scenario{did_you_mean(path.name, known, 'bundled')}"
    )
    raise ScenarioError([Problem(str(name_or_path), 1, 1, message)])


def cited(data: Any) -> Iterator[tuple[str, str]]:
    """Every ("claim", id) and ("assumption", why) in a scenario's data, in its order."""
    if isinstance(data, list):
        for item in data:
            yield from cited(item)
    elif isinstance(data, dict):
        for key, value in data.items():
            if key == "claims" and isinstance(value, list):
                yield from (("claim", str(c)) for c in value)
            elif key == "assumption" and isinstance(value, str):
                yield ("assumption", value)
            else:
                yield from cited(value)
