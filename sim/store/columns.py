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
        "how the table stands: waiting, talking, deal, broken_down, walked_away, expired, promise_broken",
    ),
    Column("table.NAME.deal_period", "int", "period", "period of the first deal, counted from 1; 0: none"),
    Column(
        "table.NAME.deals", "int", "deals", "how many deals: more than one where a deal lapses or leaves talks open"
    ),
    Column("table.NAME.terms.ISSUE", "name", "", "the level last agreed; empty without a deal"),
    Column("table.NAME.zone", "bool", "", "whether at the first meeting some package beat no deal for every party"),
    Column("table.NAME.room", "bool", "", "whether one of these also gave every party its resolve"),
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
    Column("table.NAME.broken", "int", "period", "when a promise was first broken; 0: never; only where one may be"),
    Column("table.NAME.breaches.ACTOR", "int", "times", "how often the party broke a promise; only for who may"),
    Column("table.NAME.revealed", "int", "period", "when a secret deal came out; 0: never; only for secret tables"),
    Column(
        "table.NAME.believed.ACTOR",
        "int",
        "",
        "whether what the mediator said of the party was believed (1) or not (0); -1: it said nothing",
    ),
    Column("announced.ISSUE", "name", "", "the level that those believe who are outside of a secret table, at the end"),
    Column("event.NAME", "int", "times", "how often the event happened"),
    Column("value.ACTOR", "float", "utility", "average discounted payoff"),
    Column("type.ACTOR", "name", "", "the actor's type (private); only for actors that have types"),
    Column("claim.ID", "bool", "", "whether the claim was drawn true"),
)
