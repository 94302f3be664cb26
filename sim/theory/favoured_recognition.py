"""A legislature of any size in which one member proposes more often than the rest; after Baron & Ferejohn (1989).

APSR 83:1181–1206; unique values: Eraslan (2002), JET 103:11–30. Closed rule, quota q of n. If the favoured member's
value is above the others' its vote is the dearest, so nobody buys it: it has what its own proposals bring. The others
are bought equally often.
"""

from __future__ import annotations

from typing import NamedTuple


class Favoured(NamedTuple):
    """Expected shares of the favoured member and of each other one; `keeps`: what any proposer keeps."""

    first: float
    other: float
    keeps: float


def values(members: int, quota: int, recognition: float, delta: float) -> Favoured:
    """v₁ = p₁ (1 − s)/(1 − p₁ s) with s = δ (q − 1)/(n − 1), the others (1 − v₁)/(n − 1) each.

    members: n ≥ 3. quota: q from 2 to n − 1. recognition: p₁ of the favoured one, at least 1/n; the others share the
    rest equally. delta in [0, 1]. ValueError: outside those ranges, or v₁ below the others' value, where all are alike.
    """
    if not 2 <= quota < members or not 1 / members <= recognition <= 1 or not 0 <= delta <= 1:
        raise ValueError(
            f"members = {members}, quota = {quota}, recognition = {recognition}, delta = {delta}: allowed are quotas "
            "from 2 to one less than the members, recognition from 1/members to 1, delta from 0 to 1"
        )
    bought = delta * (quota - 1) / (members - 1)
    first = recognition * (1 - bought) / (1 - recognition * bought)
    other = (1 - first) / (members - 1)
    if first < other:
        raise ValueError(f"recognition = {recognition}: too little to make the first dearer than the rest")
    return Favoured(first, other, 1 - delta * (quota - 1) * other)
