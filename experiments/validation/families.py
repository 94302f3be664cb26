"""Families of thresholds, fitted by maximum likelihood to acceptance by offer.

Whoever answers an ultimatum accepts offers from a threshold on. Over people the chance that an offer x is accepted is
then the distribution function of their thresholds at x, whatever its family; `fit` finds its parameters. The laws are
scipy's, so nothing here is shared with the priors of `sim.scenario` that are checked by it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from scipy import stats
from scipy.optimize import minimize
from scipy.special import expit

from sim.arrays import Floats

RESAMPLES = 400


class Answers(NamedTuple):
    """Offers as shares of the pie (k,), how often each was made and accepted (k,)."""

    offer: Floats
    made: Floats
    accepted: Floats

    def without(self, k: int) -> Answers:
        return Answers(*(np.delete(column, k) for column in self))

    def only(self, k: int) -> Answers:
        return Answers(*(column[k : k + 1] for column in self))


@dataclass(frozen=True)
class Family:
    """`accepts(parameters, offers)`: the distribution function; `start`: parameters to search from, on the scale on
    which they are free (logarithms of what is positive, logits of shares)."""

    name: str
    start: tuple[float, ...]
    accepts: Callable[[Floats, Floats], Floats]


def _with_mass(law: Callable[[Floats, Floats], Floats]) -> Callable[[Floats, Floats], Floats]:
    """A share of people who accept anything, beside a law of the others; the share's logit comes last."""
    return lambda p, x: expit(p[-1]) + (1 - expit(p[-1])) * law(p[:-1], x)


def _gamma(p: Floats, x: Floats) -> Floats:
    return stats.gamma.cdf(x, np.exp(p[0]), scale=np.exp(p[1]))


def _beta(p: Floats, x: Floats) -> Floats:
    return stats.beta.cdf(x, np.exp(p[0]), np.exp(p[1]))


LOGISTIC = Family("logistic", (0.2, -2.0), lambda p, x: expit((x - p[0]) / np.exp(p[1])))
SELFISH = Family("logit without a threshold", (1.0,), lambda p, x: expit(np.exp(p[0]) * x))
FEHR_SCHMIDT = Family(  # utility x − α(1 − 2x) of less than half, at a precision
    "logit of Fehr & Schmidt's utility",
    (1.5, -1.5),
    lambda p, x: expit(np.exp(p[0]) * (x - np.exp(p[1]) * (1 - 2 * x))),
)
FAMILIES = (
    LOGISTIC,
    Family("normal", (0.2, -2.0), lambda p, x: stats.norm.cdf(x, p[0], np.exp(p[1]))),
    Family("gamma", (0.0, -1.5), _gamma),
    Family("beta", (0.0, 1.0), _beta),
    Family("lognormal", (-1.8, 0.0), lambda p, x: stats.norm.cdf((np.log(x) - p[0]) / np.exp(p[1]))),
    Family("uniform", (-0.1, -0.4), lambda p, x: np.clip((x - p[0]) / np.exp(p[1]), 0, 1)),
    Family(
        "a mass at 0 and normal", (0.25, -2.0, -1.5), _with_mass(lambda p, x: stats.norm.cdf(x, p[0], np.exp(p[1])))
    ),
    Family("a mass at 0 and gamma", (1.0, -2.0, -1.5), _with_mass(_gamma)),
    Family("a mass at 0 and beta", (1.0, 1.5, -1.5), _with_mass(_beta)),
)


def log_loss(family: Family, parameters: Floats, answers: Answers) -> float:
    """−log likelihood of all decisions; infinite where what happened was ruled out."""
    p = family.accepts(parameters, answers.offer)
    with np.errstate(divide="ignore"):
        yes = np.where(answers.accepted > 0, answers.accepted * np.log(p), 0)
        no = np.where(answers.accepted < answers.made, (answers.made - answers.accepted) * np.log1p(-p), 0)
    return -float((yes + no).sum())


def fit(family: Family, answers: Answers, near: Floats | None = None) -> Floats:
    """Parameters of greatest likelihood, on the free scale; `near`: others that can't be far."""

    def loss(parameters: Floats) -> float:
        found = log_loss(family, parameters, answers)
        return found if np.isfinite(found) else 1e12

    wanted = {"xatol": 1e-9, "fatol": 1e-9, "maxiter": 4000} if near is None else {}
    first = minimize(loss, family.start, method="Nelder-Mead", options=wanted).x if near is None else near
    return minimize(loss, first, method="Nelder-Mead", options=wanted).x  # again from there: a simplex can stall


def offer_left_out(family: Family, answers: Answers) -> float:
    """Mean −log likelihood of a decision about an offer that the fit has not seen, each offer left out in turn."""
    lost = sum(log_loss(family, fit(family, answers.without(k)), answers.only(k)) for k in range(len(answers.offer)))
    return lost / float(answers.made.sum())


def decisions(answers: Answers, seed: int = 1) -> list[Answers]:
    """Bootstrap samples in which every decision is a draw of its own."""
    rng = np.random.default_rng(seed)
    shape = RESAMPLES, len(answers.offer)
    drawn = rng.binomial(answers.made.astype(int), answers.accepted / answers.made, shape)
    return [answers._replace(accepted=row.astype(float)) for row in drawn]


def people(answers: Answers, count: int, seed: int = 1) -> list[Answers]:
    """Bootstrap samples of so many people, each with one threshold that all its answers follow.

    Acceptance must rise with the offer: the rise from one offer to the next is the share of thresholds between.
    """
    rng = np.random.default_rng(seed)
    between = np.diff(np.concatenate([[0.0], answers.accepted / answers.made, [1.0]]))
    rates = rng.multinomial(count, between, RESAMPLES)[:, :-1].cumsum(axis=1) / count
    return [answers._replace(accepted=row * answers.made) for row in rates]


def fits(family: Family, answers: Answers, samples: list[Answers]) -> Floats:
    """Parameters of greatest likelihood (samples, p), each searched from those of `answers`."""
    best = fit(family, answers)
    return np.array([fit(family, sample, best) for sample in samples])
