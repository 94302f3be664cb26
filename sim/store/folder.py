"""A run's folder: a manifest that says what the run is, and one file a block, written whole or not at all."""

from __future__ import annotations

import json
import os
import shutil
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np

from sim.arrays import Array
from sim.errors import UserError
from sim.streams import shares

FORMAT = 2
KEPT_OPEN = 100


@dataclass
class Blocks:
    """The blocks of a run, read column by column so that memory doesn't grow with the worlds."""

    worlds: int
    folder: Path | None = None
    memory: dict[int, dict[str, Array]] | None = None
    opened: dict[int, Any] = field(default_factory=dict)  # the first files stay open: opening costs more than reading

    def each(self, *names: str) -> Iterator[tuple[Array, ...]]:
        """Columns `names` of one block after another, cut to the worlds of the run."""
        for block, count in shares(self.worlds):
            source = self.memory[block] if self.memory is not None else self._file(block)
            yield tuple(source[n][:count] for n in names)

    def _file(self, block: int) -> Any:
        assert self.folder is not None
        if block in self.opened:
            return self.opened[block]
        file = np.load(block_file(self.folder, block), allow_pickle=False)
        if len(self.opened) < KEPT_OPEN:
            self.opened[block] = file
        return file

    def column(self, name: str) -> Array:
        """One column over all worlds: (worlds,)."""
        return np.concatenate([c for (c,) in self.each(name)])

    def names(self) -> list[str]:
        if self.memory is not None:
            return list(self.memory[0])
        assert self.folder is not None
        with np.load(block_file(self.folder, 0), allow_pickle=False) as file:
            return list(file.files)


def block_file(folder: Path, block: int) -> Path:
    return folder / "blocks" / f"{block:06d}.npz"


def write_block(folder: Path, block: int, columns: dict[str, Array]) -> None:
    """Write to a temporary name, then rename: a block is there whole or not at all."""
    target = block_file(folder, block)
    target.parent.mkdir(parents=True, exist_ok=True)
    temporary = target.with_suffix(f".{os.getpid()}.tmp")
    with temporary.open("wb") as file:
        np.savez_compressed(file, allow_pickle=False, **columns)
    temporary.replace(target)


def whole(folder: Path, block: int, worlds: int) -> bool:
    """Whether a block is there, every column readable (zip checks its sums), with at least so many worlds."""
    try:
        with np.load(block_file(folder, block), allow_pickle=False) as file:
            return len(file["world"]) >= worlds and all(len(file[name]) >= worlds for name in file.files)
    except (OSError, ValueError, KeyError, BadZipFile, EOFError, zlib.error):
        return False


def write_json(path: Path, document: Any) -> None:
    temporary = path.with_suffix(".tmp")
    temporary.write_text(to_json(document), encoding="utf-8")
    temporary.replace(path)


def to_json(document: Any) -> str:
    """Sorted keys, plain numbers, no NaN: the same document is the same bytes."""
    return json.dumps(document, indent=1, sort_keys=True, ensure_ascii=False, allow_nan=False) + "\n"


def identity(manifest: dict[str, Any]) -> dict[str, Any]:
    """What makes two runs the same run, whatever their number of worlds."""
    keys = ("format", "block", "version", "seed", "options", "claims_sha256")
    return {k: manifest.get(k) for k in keys} | {"scenario": manifest.get("scenario", {}).get("sha256")}


def prepare(folder: Path, manifest: dict[str, Any], force: bool) -> None:
    """Make a folder ready for a run: new, or the same run's, to go on with; another run's only with `force`.

    Raises UserError saying what differs, or that something other than a run is there.
    """
    existing = folder / "manifest.json"
    if folder.exists() and not folder.is_dir():
        raise UserError(f"{folder} is a file; give another --out.")
    if folder.exists() and any(folder.iterdir()):
        try:
            other = json.loads(existing.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            other = None
        if other is None and not force:
            raise UserError(
                f"{folder} holds something that is not a run; give another --out, or --force to replace it."
            )
        if other is None or identity(other) != identity(manifest):
            if not force:
                raise UserError(
                    f"{folder} holds another run: {_differing(other or {}, manifest)}; "
                    "give another --out, or --force to replace it."
                )
            _clear(folder, is_run=other is not None)
    try:
        (folder / "blocks").mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UserError(f"can't write to {folder}: {error.strerror}; give another --out.") from None
    for leftover in (folder / "blocks").glob("*.tmp"):
        leftover.unlink(missing_ok=True)
    write_json(existing, manifest)


def _differing(there: dict[str, Any], here: dict[str, Any]) -> str:
    """How another run differs, in words: its scenario, options, seed or version; hashes say nothing to a reader."""
    mine, theirs = identity(here), identity(there)
    titles = [(m.get("scenario") or {}).get("title") for m in (there, here)]
    if titles[0] != titles[1]:
        return f"of a different scenario ('{titles[0]}' there, '{titles[1]}' here)"
    told = [k for k in ("options", "seed", "version", "format", "block") if mine[k] != theirs[k]]
    words = [f"a different {k} ({json.dumps(theirs[k])} there, {json.dumps(mine[k])} here)" for k in told]
    words += ["a different text of the scenario"] * (mine["scenario"] != theirs["scenario"] and "options" not in told)
    words += ["other texts of the claims"] * (mine["claims_sha256"] != theirs["claims_sha256"])
    return "of " + ", ".join(words)


RUN_FILES = ("blocks", "figures", "manifest.json", "summary.json", "worlds.csv", "scenario.yaml", "claims.yaml")


def _clear(folder: Path, is_run: bool) -> None:
    """Remove a run's own files, and nothing else that may lie there."""
    if not is_run and set(p.name for p in folder.iterdir()) - set(RUN_FILES):
        raise UserError(f"{folder} holds files that no run wrote; give another --out.")
    for name in RUN_FILES:
        path = folder / name
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
