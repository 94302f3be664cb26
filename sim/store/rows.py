"""Rows that a long computation has finished: one JSON document a line, kept as they come, so that it can go on."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import Any

from sim.errors import UserError
from sim.scenario.claims import dump
from sim.scenario.loader import Loaded
from sim.store.folder import FORMAT, MANIFEST, check_format, digest, manifest_in, unused, write_json, write_text
from sim.store.writing import writing

Row = dict[str, Any]
ROWS, SUM = "rows.jsonl", "crc32"


class Rows:
    """`rows` that are there; `add` keeps one more, in a file where there is one."""

    def __init__(self, rows: list[Row] | None = None, file: Path | None = None):
        self.rows, self.file = rows or [], file

    def add(self, row: Row) -> None:
        self.rows.append(row)
        if self.file is not None:
            with self.file.open("a", encoding="utf-8") as kept:
                kept.write(_line(row))


@contextmanager
def keeping(folder: Path | None, identity: Row, force: bool = False) -> Iterator[Rows]:
    """The rows in a folder that nobody else writes to meanwhile, or without a folder in memory only. A row that is torn
    or altered is dropped.

    `identity`: what makes two computations the same one, with its `kind`. A folder of another is refused, but with
    `force` replaced. Raises UserError for a folder that can't be used, RunError when it can no longer be written to.
    """
    if folder is None:
        yield Rows()
        return
    with writing(folder):
        file = folder / ROWS
        if not unused(folder) and manifest_in(folder) != identity:
            if not force:
                check_format(folder, {"format": FORMAT} | manifest_in(folder))
                raise UserError(
                    f"{folder} holds {_other(folder, identity)}; give another --out, or --force to replace it."
                )
            file.unlink(missing_ok=True)
        lines = file.read_text(encoding="utf-8", errors="replace").splitlines() if file.exists() else []
        rows = [row for line in lines if (row := _row(line)) is not None]
        write_json(folder / MANIFEST, identity)
        write_text(file, "".join(map(_line, rows)))
        yield Rows(rows, file)


def identity(kind: str, loaded: Loaded, **options: Any) -> Row:
    """What makes two computations on a scenario the same one: its text and claims, the version, and `options`."""
    return identity_of(kind, {"scenario": loaded.text, "claims": dump(loaded.claims)}, **options)


def identity_of(kind: str, texts: Mapping[str, str], **options: Any) -> Row:
    """As `identity`, from all the texts that a computation rests on."""
    hashes = {f"text of the {k}": digest(text) for k, text in texts.items()}
    return {"kind": kind, "format": FORMAT, "version": version("detente"), **options} | hashes


def _other(folder: Path, identity: Row) -> str:
    """What else is there; hashes say nothing to a reader."""
    theirs, kind = manifest_in(folder), identity["kind"]
    if theirs.get("kind") != kind:
        return f"something else than {kind}"
    parts = []
    for key, value in identity.items():
        if theirs.get(key) != value:
            parts.append(f"another {key}" if key.startswith("text") else f"{key} {theirs.get(key)} and not {value}")
    return f"other {kind}: {', '.join(parts)}"


def _line(row: Row) -> str:
    """A row with its checksum, the CRC-32 of the rest."""
    return json.dumps(row | {SUM: _crc(row)}, ensure_ascii=False) + "\n"


def _row(line: str) -> Row | None:
    """The row of a line as it was written; None where it isn't whole."""
    try:
        row = json.loads(line)
    except ValueError:
        return None
    known = isinstance(row, dict) and row.pop(SUM, None) is not None
    return row if known and _line(row) == f"{line}\n" else None


def _crc(row: Row) -> int:
    return zlib.crc32(json.dumps(row, ensure_ascii=False).encode())
