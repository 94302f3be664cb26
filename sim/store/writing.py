"""Writing into a folder of results: one process at a time, every file whole or not at all, and a failure told."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from sim.errors import RunError, UserError

if TYPE_CHECKING:
    import pandas as pd

LOCK = ".lock"
TOLD = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EACCES, errno.EPERM, errno.EIO)
_ours: ContextVar[frozenset[Path]] = ContextVar("folders that we write to", default=frozenset())


@contextmanager
def writing(folder: Path) -> Iterator[None]:
    """Nobody else writes to the folder meanwhile, which is made if it isn't there; within, the same may be asked again.

    The lock is the operating system's, so it ends with the process, however that ends; where a file system has no locks
    there is none. Raises UserError when another process writes there or nobody can, RunError when that stops being
    possible: what is finished stays.
    """
    real = folder.resolve()
    if real in _ours.get():
        yield
        return
    new = [place for place in (folder, *folder.parents) if not place.exists()]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = _locked(folder)
    except (FileExistsError, NotADirectoryError):
        raise UserError(f"{folder} is a file, or lies in one; give another --out.") from None
    except OSError as error:
        raise UserError(f"can't write to {folder}: {error.strerror}; give another --out.") from None
    before = _ours.set(_ours.get() | {real})
    try:
        yield
    except OSError as error:
        if error.errno not in TOLD:
            raise
        raise RunError(
            f"can't go on writing to {folder}: {error.strerror}; what is finished is kept, and the same command goes "
            "on from there once that is mended."
        ) from None
    finally:
        _ours.reset(before)
        with suppress(OSError):
            (folder / LOCK).unlink()
        os.close(lock)
        with suppress(OSError):  # something was written
            for place in new:
                place.rmdir()


def _locked(folder: Path) -> int:
    """The lock's open file. Its holder removes it at the end, so what was locked may be a file that is no longer there:
    then once more."""
    while True:
        file = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT, 0o666)
        try:
            _lock(file)
        except (BlockingIOError, PermissionError):
            os.close(file)
            raise UserError(
                f"another détente is writing to {folder}; wait until it is done, or give another --out."
            ) from None
        except OSError:  # no locks on this file system
            return file
        with suppress(OSError):
            if os.path.samestat(os.fstat(file), os.stat(folder / LOCK)):
                return file
        os.close(file)


def _lock(file: int) -> None:
    if os.name == "nt":
        import msvcrt

        msvcrt.locking(file, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined,unused-ignore]
    else:
        import fcntl

        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


@contextmanager
def replacing(path: Path, mode: str = "w") -> Iterator[IO[Any]]:
    """A file to write, which takes the place of `path` when it is finished; otherwise nothing is left of it."""
    temporary = path.with_name(f"{path.name}.tmp")
    binary = "b" in mode
    try:
        with temporary.open(mode, encoding=None if binary else "utf-8", newline=None if binary else "") as file:
            yield file
        temporary.replace(path)
    except BaseException:
        with suppress(OSError):
            temporary.unlink()
        raise


def write_frame(path: Path, frame: pd.DataFrame) -> None:
    """A table as CSV, with the same line ends everywhere."""
    with replacing(path) as file:
        frame.to_csv(file, index=False, lineterminator="\n")
