"""A run's folder: a manifest that says what the run is, and one file a block, written whole or not at all, with a
checksum."""

from __future__ import annotations

import hashlib
import io
import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

from sim.arrays import Array
from sim.errors import UserError
from sim.store.writing import LOCK, replacing
from sim.streams import shares

FORMAT = 4
KEPT_OPEN = 100
MANIFEST = "manifest.json"


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
    """A zip of columns, as numpy writes it, and after it the SHA-256 of that, which readers of zips pass over."""
    target, data = block_file(folder, block), io.BytesIO()
    # numbers and words, so there is nothing to pickle; `allow_pickle` would be a column to numpy before 2.1
    np.savez_compressed(data, **columns)  # type: ignore[arg-type]
    target.parent.mkdir(parents=True, exist_ok=True)
    with replacing(target, "wb") as file:
        file.write(data.getbuffer())
        file.write(hashlib.sha256(data.getbuffer()).digest())


def whole(folder: Path, block: int, worlds: int) -> bool:
    """Whether a block is there as it was written, with at least so many worlds."""
    try:
        data = block_file(folder, block).read_bytes()
    except OSError:
        return False
    size = hashlib.sha256().digest_size
    if hashlib.sha256(data[:-size]).digest() != data[-size:]:
        return False
    try:
        with np.load(io.BytesIO(data), allow_pickle=False) as file:
            return len(file["world"]) >= worlds
    except (ValueError, KeyError):  # no columns, or pickled ones, which are never read
        return False


def write_text(path: Path, text: str) -> None:
    with replacing(path) as file:
        file.write(text)


def write_json(path: Path, document: Any) -> None:
    write_text(path, to_json(document))


def to_json(document: Any) -> str:
    """Sorted keys, plain numbers, no NaN: the same document is the same bytes."""
    return json.dumps(document, indent=1, sort_keys=True, ensure_ascii=False, allow_nan=False) + "\n"


def digest(text: str) -> str:
    """SHA-256, in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


def identity(manifest: dict[str, Any]) -> dict[str, Any]:
    """What makes two runs the same run, whatever their number of worlds."""
    keys = ("format", "block", "version", "seed", "options", "claims_sha256")
    return {k: manifest.get(k) for k in keys} | {"scenario": manifest.get("scenario", {}).get("sha256")}


def prepare(folder: Path, manifest: dict[str, Any], force: bool) -> None:
    """Make a folder that is there ready for a run: new, or the same run's, to go on with; another run's only with
    `force`.

    Raises UserError saying what differs, or that something other than a run is there.
    """
    if not unused(folder):
        other = read_manifest(folder)
        if other is None or identity(other) != identity(manifest):
            if not force:
                raise _refusal(folder, other, manifest)
            _clear(folder, is_run=other is not None)
    write_json(folder / MANIFEST, manifest)
    (folder / "blocks").mkdir(exist_ok=True)
    for leftover in (folder / "blocks").glob("*.tmp"):
        leftover.unlink(missing_ok=True)


def unused(folder: Path) -> bool:
    """Whether a folder is empty, or as something leaves it that is killed at once."""
    return not {p.name for p in folder.iterdir()} - {LOCK, f"{MANIFEST}.tmp"}


def manifest_in(folder: Path) -> dict[str, Any]:
    """What a folder says of what it holds; empty where it says nothing that can be read."""
    try:
        found = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def read_manifest(folder: Path) -> dict[str, Any] | None:
    """The manifest of the run that a folder holds; None where it holds none."""
    found = manifest_in(folder)
    return found if isinstance(found.get("scenario"), dict) else None


def check_format(folder: Path, manifest: dict[str, Any]) -> None:
    """Raises UserError for results in the form of another version, which this one can neither read nor go on with."""
    if manifest.get("format") != FORMAT:
        raise UserError(
            f"{folder} was made by détente {manifest.get('version', '?')} in form {manifest.get('format', '?')} of its "
            f"files; this is {version('detente')}, with form {FORMAT}. Read it with that version, or compute it again: "
            "here with --force, or with another --out."
        )


def _refusal(folder: Path, other: dict[str, Any] | None, manifest: dict[str, Any]) -> UserError:
    what = "something that is not a run" if other is None else f"another run: {_differing(other, manifest)}"
    if other is not None:
        check_format(folder, other)
    return UserError(f"{folder} holds {what}; give another --out, or --force to replace it.")


def _differing(there: dict[str, Any], here: dict[str, Any]) -> str:
    """How another run differs, in words: its scenario, options, seed or version; hashes say nothing to a reader."""
    mine, theirs = identity(here), identity(there)
    titles = [(m.get("scenario") or {}).get("title") for m in (there, here)]
    if titles[0] != titles[1]:
        return f"of a different scenario ('{titles[0]}' there, '{titles[1]}' here)"
    told = [k for k in ("options", "seed", "version", "block") if mine[k] != theirs[k]]
    words = [f"a different {k} ({json.dumps(theirs[k])} there, {json.dumps(mine[k])} here)" for k in told]
    words += ["a different text of the scenario"] * (mine["scenario"] != theirs["scenario"] and "options" not in told)
    words += ["other texts of the claims"] * (mine["claims_sha256"] != theirs["claims_sha256"])
    return "of " + ", ".join(words)


# the manifest last: what is killed while it clears is still a run
RUN_FILES = (
    "blocks",
    "figures",
    "reasons",
    "report.html",
    "summary.json",
    "worlds.csv",
    "scenario.yaml",
    "claims.yaml",
    MANIFEST,
)


def _clear(folder: Path, is_run: bool) -> None:
    """Remove a run's own files, and nothing else that may lie there."""
    if not is_run and {p.name for p in folder.iterdir()} - {LOCK, *RUN_FILES}:
        raise UserError(f"{folder} holds files that no run wrote; give another --out.")
    for name in RUN_FILES:
        path = folder / name
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
