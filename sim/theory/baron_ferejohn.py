"""Baron & Ferejohn (1989): dividing a dollar by majority rule, closed rule.

David P. Baron and John A. Ferejohn, APSR 83:1181–1206. Each period one of n members, each as likely as any other,
proposes a split; q votes, the proposer's among them, pass it; refusing costs a period. The stationary equilibrium
buys the q − 1 cheapest votes at their discounted value. On a grid of shares the proposer's share is within (q − 1)
steps of the formula.
"""

from __future__ import annotations

from typing import NamedTuple


class Division(NamedTuple):
    """Shares of the dollar: what the proposer keeps, what each of its q − 1 partners gets, and everybody's
    expectation before the proposer is drawn."""

    proposer: float
    partner: float
    expected: float


def equal_recognition(members: int, quota: int, delta: float) -> Division:
    """The proposer keeps 1 − δ(q − 1)/n, each partner gets δ/n, each member expects 1/n.

    members: n ≥ 1. quota: q from 1 to n. delta: common discount factor in [0, 1].
    ValueError: outside those ranges.
    """
    if members < 1 or not 1 <= quota <= members:
        raise ValueError(f"members = {members}, quota = {quota}: allowed are quotas from 1 to the number of members")
    if not 0 <= delta <= 1:
        raise ValueError(f"delta = {delta}: allowed are 0 to 1")
    return Division(1 - delta * (quota - 1) / members, delta / members, 1 / members)
