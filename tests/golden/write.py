"""Writes every golden playthrough again: `python tests/golden/write.py`. Read what changes before you keep it."""

from __future__ import annotations

from plays import PLAYS

if __name__ == "__main__":
    for play in PLAYS:
        told = play.told()
        before = play.text.read_text(encoding="utf-8") if play.text.exists() else ""
        if told != before:
            play.text.write_text(told, encoding="utf-8", newline="\n")
            print(f"{play.name}: changed")
