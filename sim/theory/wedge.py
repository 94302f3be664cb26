"""A wedge between allies, priced; after Crawford (2008, 2011).

Timothy W. Crawford, Security Studies 17(1); International Studies 35(4):155–189; the auction is derived after him. A
would split B off from its ally C. Having B on its side is worth V_A to A, V_C to C; B has sympathies a_A, a_C for
either, in the same units. Both bid for B.
"""

from __future__ import annotations

from typing import NamedTuple


class Bidding(NamedTuple):
    """`split`: whether B goes to A. `pays`: what the winner gives B. `net`: what winning leaves it."""

    split: bool
    pays: float
    net: float


def auction(value_a: float, value_c: float, sympathy_a: float, sympathy_c: float) -> Bidding:
    """Bids rise until one side gives up: split iff V_A + a_A ≥ V_C + a_C, at max(0, V_C + a_C − a_A).

    Values ≥ 0. A tie goes to A. ValueError: a negative value.
    """
    _check(value_a, value_c)
    if value_a + sympathy_a >= value_c + sympathy_c:
        pays = max(0.0, value_c + sympathy_c - sympathy_a)
        return Bidding(True, pays, value_a - pays)
    pays = max(0.0, value_a + sympathy_a - sympathy_c)
    return Bidding(False, pays, value_c - pays)


def first_offer(value_a: float, value_c: float, sympathy_a: float, sympathy_c: float, reply: bool = True) -> Bidding:
    """A offers once, and then C, if it can `reply`, once: the order of moves decides the price.

    A must pre-empt the most that C would give, max(0, V_C + a_C − a_A); if C cannot reply, only B's sympathy,
    max(0, a_C − a_A). It does so where the price is at most V_A; otherwise it offers nothing, and C keeps B for
    max(0, a_A − a_C), which is then less than V_C. `pays` and `net` are A's where B goes to A, else C's.
    ValueError: a negative value.
    """
    _check(value_a, value_c)
    price = max(0.0, (value_c if reply else 0.0) + sympathy_c - sympathy_a)
    if price <= value_a:
        return Bidding(True, price, value_a - price)
    keeps = max(0.0, sympathy_a - sympathy_c)
    return Bidding(False, keeps, value_c - keeps)


def _check(value_a: float, value_c: float) -> None:
    if min(value_a, value_c) < 0:
        raise ValueError(f"value_a = {value_a}, value_c = {value_c}: values are at least 0")
