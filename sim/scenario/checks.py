"""What one part of a scenario asks of another. Each check looks at one thing and returns where it fails to hold.

A check takes a Scenario, or the valid parts of one that has other faults, so that all is told at once. Checks of
actors, interests and stocks are here; those of tables in `table_checks`, `package_checks` and `knowledge_checks`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from sim.errors import did_you_mean
from sim.scenario import knowledge_checks, package_checks, table_checks
from sim.scenario.base import Names
from sim.scenario.faults import Fault, repeats
from sim.scenario.interest import Interest
from sim.scenario.laws import Fixed, Prior
from sim.scenario.priors import leaves
from sim.scenario.reading import Path
from sim.scenario.schema import Actor, ContinuousType, Scenario, TypeValue

LEAST_WEIGHT = 1e-6


def check(scenario: Scenario, names: Names) -> list[Fault]:
    """Every fault that all checks find."""
    return [fault for one in CHECKS for fault in one(scenario, names)]


def type_probabilities(scenario: Scenario, names: Names) -> Iterator[Fault]:
    for actor, name, values in _discrete(scenario):
        total = sum(v.probability for v in values.values())
        if abs(total - 1) > 1e-9:
            yield Fault(("actors", actor, "types", name), f"the probabilities sum to {total:.6g}, not 1", key=True)


def type_terms(scenario: Scenario, names: Names) -> Iterator[Fault]:
    """Whatever a type scales or sets is a term of its actor, and not both."""
    for actor, path, value in _type_values(scenario):
        known = names.terms.get(actor, set())
        for verb in ("scale", "set"):
            for term in getattr(value, verb):
                if term not in known:
                    text = f"{actor} has no term '{term}'{did_you_mean(term, known)}"
                    yield Fault((*path, verb, term), text, key=True)
        for term in value.scale.keys() & value.set.keys():
            yield Fault((*path, "set", term), f"'{term}' is scaled and set at once; give one", key=True)


def type_sources(scenario: Scenario, names: Names) -> Iterator[Fault]:
    for _, path, value in _type_values(scenario):
        if (value.scale or value.set) and not (value.claims or value.assumption or names.covered):
            yield Fault(path, "nothing says where this comes from; give `claims: [ID, …]` or `assumption: why`")


def term_names(scenario: Scenario, names: Names) -> Iterator[Fault]:
    seen: set[tuple[str, str]] = set()
    for actor, k, term in _terms(scenario):
        if (actor, term.term) in seen:
            yield Fault(("interests", actor, k, "term"), f"{actor} has two terms called '{term.term}'")
        seen.add((actor, term.term))


def weights_felt(scenario: Scenario, names: Names) -> Iterator[Fault]:
    """What is at stake by less than a trillionth counts as nothing (`sim.answers.STAKELESS`); a file whose weights are
    all so small would be played as if nobody wanted anything. Normalised weights are shares, whatever their size."""
    if names.partial or scenario.normalise:
        return
    for actor, terms in scenario.interests.items():
        sizes = [_size(term.weight) for term in terms]
        set_by_types = [_set(one) for _, one in _of_actor(actor, scenario.actors[actor])]
        most = max([*sizes, *set_by_types], default=0.0)
        if 0 < most < LEAST_WEIGHT:
            k = sizes.index(most) if most in sizes else 0
            text = (
                f"at most {most:g}, and nothing that {actor} wants weighs more; weights below {LEAST_WEIGHT:g} are "
                "lost in rounding: give larger ones, or `normalise: true`"
            )
            yield Fault(("interests", actor, k, "weight"), text)


def _size(prior: Prior | float) -> float:
    """The largest that it can be, whatever its sign."""
    return abs(prior) if isinstance(prior, int | float) else max(map(abs, prior.support()))


def _set(one: TypeValue | ContinuousType) -> float:
    return max(map(_size, one.set.values()), default=0.0)


def own_regard(scenario: Scenario, names: Names) -> Iterator[Fault]:
    for actor, k, term in _terms(scenario):
        if term.regards() == actor:
            yield Fault(("interests", actor, k, "actor"), f"regard is for another actor's payoff; got {actor}'s own")


def resolve_floor(scenario: Scenario, names: Names) -> Iterator[Fault]:
    """A prior of resolve is floored at 0; a bare number below 0 is a slip."""
    for name, actor in scenario.actors.items():
        for key in ("resolve", "tolerance"):
            prior = getattr(actor, key)
            if isinstance(prior, Fixed) and prior.value < 0:
                yield Fault(("actors", name, key), f"must be at least 0; got {prior.value:g}")


def stock_ranges(scenario: Scenario, names: Names) -> Iterator[Fault]:
    for name, stock in scenario.stocks.items():
        low, high = stock.range
        if low >= high:
            yield Fault(("stocks", name, "range"), f"low must be below high; got [{low:g}, {high:g}]")
        elif text := leaves(stock.start, low, high):
            yield Fault(("stocks", name, "start"), text)


def shared_names(scenario: Scenario, names: Names) -> Iterator[Fault]:
    for name in scenario.stocks:
        if name in names.issues:
            yield Fault(("stocks", name), f"'{name}' is an issue already; a stock needs a name of its own", key=True)
    for k, name in enumerate(scenario.report):
        if name in names.actors and name in names.known("variable"):
            yield Fault(("report", k), f"'{name}' is an actor and an issue or stock; rename one of them")
    for k in repeats(scenario.report):
        yield Fault(("report", k), f"'{scenario.report[k]}' is listed twice")


def _terms(scenario: Scenario) -> Iterator[tuple[str, int, Interest]]:
    """(actor, position, term) for all terms; an invalid one is None among the valid parts."""
    for actor, terms in scenario.interests.items():
        yield from ((actor, k, term) for k, term in enumerate(terms) if term is not None)


def _discrete(scenario: Scenario) -> Iterator[tuple[str, str, dict[str, TypeValue]]]:
    for name, actor in scenario.actors.items():
        for kind, values in actor.types.items():
            if not isinstance(values, ContinuousType):
                yield name, kind, values


def _type_values(scenario: Scenario) -> Iterator[tuple[str, Path, TypeValue | ContinuousType]]:
    for name, actor in scenario.actors.items():
        yield from ((name, path, value) for path, value in _of_actor(name, actor))


def _of_actor(name: str, actor: Actor) -> Iterator[tuple[Path, TypeValue | ContinuousType]]:
    for kind, values in actor.types.items():
        here: Path = ("actors", name, "types", kind)
        if isinstance(values, ContinuousType):
            yield here, values
        else:
            yield from (((*here, value), one) for value, one in values.items())


CHECKS: tuple[Callable[[Scenario, Names], Iterator[Fault]], ...] = (
    type_probabilities,
    type_terms,
    type_sources,
    term_names,
    weights_felt,
    own_regard,
    resolve_floor,
    stock_ranges,
    shared_names,
    table_checks.parties,
    table_checks.third_parties,
    table_checks.agendas,
    table_checks.undoing,
    table_checks.together,
    package_checks.packages,
    knowledge_checks.signals,
    knowledge_checks.laws_by_type,
    knowledge_checks.mediators,
    knowledge_checks.grids,
    knowledge_checks.foresight,
)
