"""Scripted: put what the file says, meeting by meeting, and answer by a fixed test."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from pydantic import AfterValidator, ValidationInfo
from pydantic_core import PydanticCustomError

from sim.scenario.base import Names, names_of
from sim.scenario.features import Sets
from sim.scenario.selectors import NEVER, All, Condition, Not, Selector, When, variables
from sim.scenario.strategy import Strategy

if TYPE_CHECKING:
    from sim.arrays import Bools, Ints
    from sim.view import View


def _listed(test: Selector, names: Names | None) -> Selector:
    """The same test with every condition as a list of levels, which can be read without knowing their order."""
    if isinstance(test, Not):
        return Not(_listed(test.part, names))
    if not isinstance(test, Condition):
        return type(test)(tuple(_listed(p, names) for p in test.parts))
    levels = names.issues.get(test.variable) if names is not None else None
    if names is not None and test.variable in names.stocks:
        text = f"a package sets issues; {test.variable} is a stock"
        raise PydanticCustomError("scripted", "{text}", {"text": text})
    if test.how == "is" or (levels is None and names is not None):  # invalid levels are told where they stand
        return test
    if levels is None:
        text = f"the order of the levels of {test.variable} is not known here; list them"
        raise PydanticCustomError("scripted", "{text}", {"text": text})
    low = 0 if test.how == "below" else levels.index(test.values[0])
    high = None if test.how == "at_least" else levels.index(test.values[-1]) + (test.how == "between")
    return Condition(test.variable, "is", levels.names[low:high])


def _passes(test: Selector, package: dict[str, str]) -> bool:
    if isinstance(test, Condition):
        return package.get(test.variable) in test.values
    if isinstance(test, Not):
        return not _passes(test.part, package)
    return (all if isinstance(test, All) else any)(_passes(p, package) for p in test.parts)


def _on_issues(test: Selector, info: ValidationInfo) -> Selector:
    return _listed(test, names_of(info))


class Scripted(Strategy):
    """Commitments made beforehand (Schelling 1966) and kept whatever they cost: it may put and assent to a loss. For
    teaching and for tests: what is scripted can't be a finding.

    `puts`: the k-th is put if its turn comes at the table's k-th meeting, the last one from then on. Issues that a put
    leaves out are set as is best for itself; where no admissible package fits, it puts nothing.
    `accepts`: conditions on the package; left out, it accepts nothing.
    """

    puts: tuple[Sets, ...] = ()
    accepts: Annotated[When, AfterValidator(_on_issues)] = NEVER

    def issues(self) -> set[str]:
        """What it names, which has to be on its table's agenda."""
        return variables(self.accepts).union(*self.puts)

    def propose(self, view: View) -> Ints:
        """The admissible package that fits this meeting's line and is best for itself, ties drawn; -1 for none."""
        import numpy as np

        if not self.puts:
            return np.full(len(view.draw), -1)
        fits = np.array([[put.items() <= p.items() for p in view.packages] for put in self.puts])
        line = np.minimum(view.meeting, len(fits) - 1)
        return view.pick(view.gain, view.allowed & fits[line])

    def assents(self, view: View, package: Ints) -> Bools:
        """Whether the package passes the test, whatever it is worth."""
        import numpy as np

        passing = np.array([_passes(self.accepts, p) for p in view.packages])
        return (package >= 0) & passing[package]
