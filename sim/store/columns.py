"""Every column of a worlds table: what its name means, its unit and type. One row is one world."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Column:
    pattern: str
    dtype: str
    unit: str
    meaning: str


COLUMNS = (
    Column("world", "int", "number", "the world, counted from 0; the same seed and number give the same world"),
    Column("outcome.NAME", "bool", "", "whether the outcome holds at the end of the horizon"),
    Column(
        "outcome.NAME.since",
        "int",
        "period",
        "first period of the spell in which it holds; 0: it doesn't, or from the start",
    ),
    Column("level.ISSUE", "name", "", "the issue's level at the end"),
    Column("stock.NAME", "float", "the stock's own", "the stock at the end"),
    Column(
        "table.NAME.status",
        "name",
        "",
        "how the table stands: waiting, talking, deal, broken_down, walked_away, expired",
    ),
    Column("table.NAME.deal_period", "int", "period", "period of the deal, counted from 1; 0: none"),
    Column("table.NAME.terms.ISSUE", "name", "", "the level agreed; empty without a deal"),
    Column("table.NAME.zone", "bool", "", "whether at the first meeting some package beat no deal for every party"),
    Column("table.NAME.refusals.ACTOR", "int", "offers", "how many offers the party refused"),
    Column(
        "table.NAME.shortfall.ACTOR",
        "float",
        "share of stakes",
        "by how much its last refused offer fell short of its resolve",
    ),
    Column("table.NAME.resolve.ACTOR", "float", "share of stakes", "its resolve at that table (private)"),
    Column(
        "table.NAME.vetoes.ACTOR", "int", "packages", "how many agreed packages a third party refused its consent to"
    ),
    Column("table.NAME.tolerance.ACTOR", "float", "share of stakes", "the loss that a third party lets pass (private)"),
    Column("event.NAME", "int", "times", "how often the event happened"),
    Column("value.ACTOR", "float", "utility", "average discounted payoff"),
    Column("type.ACTOR", "name", "", "the actor's type (private); only for actors that have types"),
    Column("claim.ID", "bool", "", "whether the claim was drawn true"),
)
