"""Priors: named distributions with named parameters.

Drawn by inverse CDF, so that a changed parameter keeps worlds paired.

numpy and scipy are imported only when something is drawn, so that checking a file stays fast.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, fields
from typing import Annotated, Any, ClassVar

from pydantic import AfterValidator, PlainValidator, ValidationInfo, WithJsonSchema
from pydantic_core import PydanticCustomError

from sim.errors import did_you_mean, shown
from sim.scenario.base import problems


@dataclass(frozen=True)
class Prior:
    """A distribution of one number. `ppf(u)` maps uniforms (any shape) to draws; `cdf(x)` the other way."""

    name: ClassVar[str] = ""

    def ppf(self, u: Any) -> Any:
        raise NotImplementedError

    def cdf(self, x: Any) -> Any:
        raise NotImplementedError

    def support(self) -> tuple[float, float]:
        """Smallest interval that holds every draw."""
        raise NotImplementedError

    def mean(self) -> float:
        """Expected value, by midpoint quantiles where there is no closed form."""
        import numpy as np

        return float(np.mean(self.ppf((np.arange(4096) + 0.5) / 4096)))

    def complaint(self) -> str | None:
        """What is wrong with the parameters, if anything."""
        return None


@dataclass(frozen=True)
class Fixed(Prior):
    value: float
    name = "fixed"

    def ppf(self, u: Any) -> Any:
        import numpy as np

        return np.full(np.shape(u), self.value)

    def cdf(self, x: Any) -> Any:
        return (x >= self.value) * 1.0

    def support(self) -> tuple[float, float]:
        return self.value, self.value

    def mean(self) -> float:
        return self.value


@dataclass(frozen=True)
class Uniform(Prior):
    low: float
    high: float
    name = "uniform"

    def ppf(self, u: Any) -> Any:
        return self.low + (self.high - self.low) * u

    def cdf(self, x: Any) -> Any:
        import numpy as np

        if self.high == self.low:
            return (x >= self.low) * 1.0
        return np.clip((x - self.low) / (self.high - self.low), 0.0, 1.0)

    def support(self) -> tuple[float, float]:
        return self.low, self.high

    def mean(self) -> float:
        return (self.low + self.high) / 2

    def complaint(self) -> str | None:
        return None if self.low <= self.high else f"low ({self.low:g}) must not exceed high ({self.high:g})"


@dataclass(frozen=True)
class Triangular(Prior):
    low: float
    mode: float
    high: float
    name = "triangular"

    def ppf(self, u: Any) -> Any:
        import numpy as np

        width = self.high - self.low
        if width == 0:
            return np.full(np.shape(u), self.low)
        cut = (self.mode - self.low) / width
        rising = self.low + np.sqrt(u * width * (self.mode - self.low))
        falling = self.high - np.sqrt((1 - u) * width * (self.high - self.mode))
        return np.where(u < cut, rising, falling)

    def cdf(self, x: Any) -> Any:
        from scipy.stats import triang

        if self.high == self.low:
            return (x >= self.low) * 1.0
        width = self.high - self.low
        return triang.cdf(x, (self.mode - self.low) / width, loc=self.low, scale=width)

    def support(self) -> tuple[float, float]:
        return self.low, self.high

    def mean(self) -> float:
        return (self.low + self.mode + self.high) / 3

    def complaint(self) -> str | None:
        return None if self.low <= self.mode <= self.high else "needs low ≤ mode ≤ high"


@dataclass(frozen=True)
class _Truncatable(Prior):
    """A law on an unbounded line, cut to [low, high] where these are given."""

    def _full_ppf(self, u: Any) -> Any:
        raise NotImplementedError

    def _full_cdf(self, x: Any) -> Any:
        raise NotImplementedError

    _bottom: ClassVar[float] = -math.inf
    low: float | None = None
    high: float | None = None

    def _mass(self) -> tuple[float, float]:
        below = 0.0 if self.low is None else float(self._full_cdf(self.low))
        above = 1.0 if self.high is None else float(self._full_cdf(self.high))
        return below, above

    def ppf(self, u: Any) -> Any:
        import numpy as np

        below, above = self._mass()
        drawn = self._full_ppf(np.clip(below + (above - below) * u, 1e-300, 1 - 1e-16))
        return np.clip(drawn, *self.support())

    def cdf(self, x: Any) -> Any:
        import numpy as np

        if self.low is None and self.high is None:
            return self._full_cdf(x)
        below, above = self._mass()
        return np.clip((self._full_cdf(x) - below) / (above - below), 0.0, 1.0)

    def support(self) -> tuple[float, float]:
        return (self._bottom if self.low is None else self.low, math.inf if self.high is None else self.high)

    def complaint(self) -> str | None:
        low, high = self.support()
        if low >= high:
            return f"truncated to [{low:g}, {high:g}], which is empty"
        wrong = self._parameters()
        if wrong is None and self._below(high) - self._below(low) < 1e-9:
            return f"has next to no mass within [{low:g}, {high:g}]"
        return wrong

    def _below(self, x: float) -> float:
        """The full law's cdf at one number, without scipy, so that checking a file needs none."""
        raise NotImplementedError

    def _parameters(self) -> str | None:
        return None


@dataclass(frozen=True, kw_only=True)
class Normal(_Truncatable):
    mean_: float
    sd: float
    name = "normal"

    def _full_ppf(self, u: Any) -> Any:
        from scipy.special import ndtri

        return self.mean_ + self.sd * ndtri(u)

    def _full_cdf(self, x: Any) -> Any:
        from scipy.special import ndtr

        return ndtr((x - self.mean_) / self.sd)

    def mean(self) -> float:
        return self.mean_ if self.low is None and self.high is None else super().mean()

    def _parameters(self) -> str | None:
        return None if self.sd > 0 else f"sd must be above 0; got {self.sd:g}"

    def _below(self, x: float) -> float:
        return 0.5 * math.erfc((self.mean_ - x) / self.sd / math.sqrt(2))


@dataclass(frozen=True, kw_only=True)
class Lognormal(_Truncatable):
    """Given by its median and its 90th percentile."""

    median: float
    p90: float
    name = "lognormal"
    _bottom = 0.0

    @property
    def _sigma(self) -> float:
        return math.log(self.p90 / self.median) / 1.2815515655446004

    def _full_ppf(self, u: Any) -> Any:
        import numpy as np
        from scipy.special import ndtri

        return self.median * np.exp(self._sigma * ndtri(u))

    def _full_cdf(self, x: Any) -> Any:
        import numpy as np
        from scipy.special import ndtr

        with np.errstate(divide="ignore", invalid="ignore"):
            z = (np.log(np.maximum(x, 0.0)) - math.log(self.median)) / self._sigma
        return ndtr(z)

    def _parameters(self) -> str | None:
        return None if 0 < self.median < self.p90 <= 1e6 * self.median else "needs 0 < median < p90 ≤ a million medians"

    def _below(self, x: float) -> float:
        return 0.5 * math.erfc(-math.log(x / self.median) / self._sigma / math.sqrt(2)) if x > 0 else 0.0


@dataclass(frozen=True, kw_only=True)
class Logistic(_Truncatable):
    mean_: float
    scale: float
    name = "logistic"

    def _full_ppf(self, u: Any) -> Any:
        from scipy.special import logit

        return self.mean_ + self.scale * logit(u)

    def _full_cdf(self, x: Any) -> Any:
        import numpy as np

        # written out: twice as fast as scipy's expit, and this is the inner loop of the look-ahead
        return 1.0 / (1.0 + np.exp(np.minimum((self.mean_ - x) / self.scale, 700.0)))

    def mean(self) -> float:
        return self.mean_ if self.low is None and self.high is None else super().mean()

    def _parameters(self) -> str | None:
        return None if self.scale > 0 else f"scale must be above 0; got {self.scale:g}"

    def _below(self, x: float) -> float:
        return 0.5 * (1 + math.tanh((x - self.mean_) / self.scale / 2))


@dataclass(frozen=True)
class Beta(Prior):
    """On [0, 1], given by mean and standard deviation."""

    mean_: float
    sd: float
    name = "beta"

    def _shape(self) -> tuple[float, float]:
        k = self.mean_ * (1 - self.mean_) / self.sd**2 - 1
        return self.mean_ * k, (1 - self.mean_) * k

    def ppf(self, u: Any) -> Any:
        from scipy.special import betaincinv

        return betaincinv(*self._shape(), u)

    def cdf(self, x: Any) -> Any:
        import numpy as np
        from scipy.special import betainc

        return betainc(*self._shape(), np.clip(x, 0.0, 1.0))

    def support(self) -> tuple[float, float]:
        return 0.0, 1.0

    def mean(self) -> float:
        return self.mean_

    def complaint(self) -> str | None:
        if not 0 < self.mean_ < 1:
            return f"mean must lie in (0, 1); got {self.mean_:g}"
        limit = math.sqrt(self.mean_ * (1 - self.mean_))
        if 1e-4 <= self.sd < limit:
            return None
        return f"sd must lie in [0.0001, {limit:.4g}) for this mean; got {self.sd:g}"


@dataclass(frozen=True)
class Choice(Prior):
    """One of several numbers, each with its probability."""

    values: tuple[float, ...]
    probabilities: tuple[float, ...]
    name = "choice"

    def ppf(self, u: Any) -> Any:
        import numpy as np

        steps = np.cumsum(self.probabilities)[:-1]
        return np.asarray(self.values)[np.searchsorted(steps, u, side="right")]

    def cdf(self, x: Any) -> Any:
        return sum(p * (x >= v) for v, p in zip(self.values, self.probabilities, strict=True))

    def support(self) -> tuple[float, float]:
        return min(self.values), max(self.values)

    def mean(self) -> float:
        return sum(v * p for v, p in zip(self.values, self.probabilities, strict=True))

    def complaint(self) -> str | None:
        total = sum(self.probabilities)
        if any(p < 0 for p in self.probabilities):
            return "a probability is negative"
        return None if abs(total - 1) < 1e-9 else f"probabilities sum to {total:g}, not 1"


KINDS: dict[str, type[Prior]] = {c.name: c for c in (Uniform, Triangular, Normal, Lognormal, Logistic, Beta, Choice)}


def _parameters(kind: type[Prior]) -> dict[str, str]:
    """Name in a file -> name of the field; optional ones are low and high of a truncated law."""
    return {f.name.rstrip("_"): f.name for f in fields(kind)}


def _required(kind: type[Prior]) -> set[str]:
    optional = {"low", "high"} if issubclass(kind, _Truncatable) else set()
    return set(_parameters(kind)) - optional


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _choice(given: dict[str, Any]) -> Choice:
    found = []
    pairs = []
    for key, p in given.items():
        if not re.fullmatch(r"[-+]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][-+]?[0-9]{1,2})?", str(key)):
            found.append((("choice", str(key)), f"choice maps numbers to probabilities; '{key}' is not a number"))
        elif not _is_number(p) or not 0 <= p <= 1:
            found.append((("choice", str(key)), f"a probability is a number in [0, 1]; got {shown(p)}"))
        else:
            pairs.append((float(key), float(p)))
    if found or not pairs:
        raise problems(found or [(("choice",), "choice needs at least one value")])
    pairs.sort()  # so that the quantile function rises
    return Choice(tuple(v for v, _ in pairs), tuple(p for _, p in pairs))


def parse(data: Any) -> Prior:
    """A bare number, or one named law with named parameters. Raises a validation error with the path of a fault."""
    if isinstance(data, Prior):
        return data
    if _is_number(data):
        return Fixed(float(data))
    if not isinstance(data, dict) or len(data) != 1:
        text = f"a prior is a finite number or one law such as {{uniform: {{low: 0, high: 1}}}}; got {shown(data)}"
        raise problems([((), text)])
    name, given = next(iter(data.items()))
    kind = KINDS.get(name)
    if kind is None:
        raise problems([((name,), f"unknown prior '{name}'{did_you_mean(str(name), KINDS)}")])
    if not isinstance(given, dict):
        raise problems([((name,), f"{name} takes named parameters: {', '.join(sorted(_required(kind)))}")])
    if kind is Choice:
        prior: Prior = _choice(given)
    else:
        allowed = _parameters(kind)
        found: list[tuple[tuple[str | int, ...], str]] = [
            ((name, k), f"unknown parameter '{k}' of {name}{did_you_mean(str(k), allowed)}")
            for k in given
            if k not in allowed
        ]
        found += [
            ((name, k), f"a finite number is needed; got {shown(v)}")
            for k, v in given.items()
            if k in allowed and not _is_number(v)
        ]
        found += [((name,), f"{name} lacks '{k}'") for k in sorted(_required(kind) - set(given))]
        if found:
            raise problems(found)
        prior = kind(**{allowed[k]: float(v) for k, v in given.items()})
    complaint = prior.complaint()
    if complaint:
        raise problems([((name,), f"{name}: {complaint}")])
    return prior


def _validate(data: Any, info: ValidationInfo) -> Prior:
    return parse(data)


def _schema() -> dict[str, Any]:
    laws = []
    for name, kind in KINDS.items():
        if kind is Choice:
            inner: dict[str, Any] = {"type": "object", "additionalProperties": {"type": "number"}}
        else:
            inner = {
                "type": "object",
                "properties": {k: {"type": "number"} for k in _parameters(kind)},
                "required": sorted(_required(kind)),
                "additionalProperties": False,
            }
        laws.append({"type": "object", "properties": {name: inner}, "required": [name], "additionalProperties": False})
    return {"anyOf": [{"type": "number"}, *laws]}


def leaves(prior: Prior, low: float, high: float, *, open_above: bool = False) -> str | None:
    """What to say of a prior that can leave [low, high]; None if it can't."""
    bottom, top = prior.support()
    if bottom >= low and top <= high and not (open_above and top >= high):
        return None
    text = f"must stay within [{low:g}, {high:g}{')' if open_above else ']'}"
    if bottom == top:
        return f"{text}; got {bottom:g}"
    hint = " (give `low` and `high` to truncate it)" if isinstance(prior, _Truncatable) else ""
    return f"{text}; this can reach [{bottom:g}, {top:g}]{hint}"


def within(low: float, high: float, *, open_above: bool = False) -> AfterValidator:
    """The prior may not leave [low, high] (or [low, high) with `open_above`)."""

    def check(prior: Prior) -> Prior:
        text = leaves(prior, low, high, open_above=open_above)
        if text:
            raise PydanticCustomError("range", "{text}", {"text": text})
        return prior

    return AfterValidator(check)


AnyPrior = Annotated[Prior, PlainValidator(_validate), WithJsonSchema(_schema())]
Discount = Annotated[AnyPrior, within(0, 1, open_above=True)]
Hazard = Annotated[AnyPrior, within(0, 1)]
