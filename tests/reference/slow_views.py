"""Who knows what: a table's game as each of its members sees it, where deals elsewhere are kept from some."""

from __future__ import annotations

from slow_forecast import Game
from slow_meeting import Meeting, meeting
from slow_solve import solve
from slow_table import Table
from slow_world import Now


def known(table: Table, who: str | None, state: Now) -> Now:
    """The state as an actor knows it, or (nobody) as everyone who sits at this table does."""
    for secret in table.peers.values():
        if secret.announced is None:
            continue
        inside = secret.rules.insiders()
        if (who not in inside) if who else any(p not in inside for p in table.answering):
            levels = [secret.announced.get(i, level) for i, level in zip(table.world.issues, state.levels, strict=True)]
            state = Now(tuple(levels), state.stocks, state.fades)
    return state


class Views:
    """A table's game as each of its members sees it, solved once for every state that someone takes for true."""

    def __init__(self, table: Table, state: Now, t: int):
        self.table, self.state, self.t = table, state, t
        self.solved: dict[Now, Game] = {}
        self.met: dict[tuple[Now, str | None], Meeting] = {}

    def game(self, who: str | None) -> Game:
        now = known(self.table, who, self.state)
        if now not in self.solved:
            self.solved[now] = solve(self.table, now, self.t)
        return self.solved[now]

    def meeting(self, who: str | None, proposer: str | None) -> Meeting:
        key = known(self.table, who, self.state), proposer
        if key not in self.met:
            self.met[key] = meeting(self.table, self.game(who), self.t, proposer)
        return self.met[key]
