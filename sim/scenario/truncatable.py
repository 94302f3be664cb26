"""Laws on an unbounded line, which `low` and `high` may truncate: normal, lognormal, logistic."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, ClassVar

from sim.scenario.laws import Prior


@dataclass(frozen=True)
class Truncatable(Prior):
    """A law on an unbounded line, cut to [low, high] where these are given."""

    def _full_ppf(self, u: Any) -> Any:
        raise NotImplementedError

    def _full_cdf(self, x: Any) -> Any:
        raise NotImplementedError

    def _full_pdf(self, x: Any) -> Any:
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

    def pdf(self, x: Any) -> Any:
        below, above = self._mass()
        low, high = self.support()
        return self._full_pdf(x) * ((x >= low) & (x <= high)) / (above - below)

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
class Normal(Truncatable):
    mean_: float
    sd: float
    name = "normal"

    def _full_ppf(self, u: Any) -> Any:
        from scipy.special import ndtri

        return self.mean_ + self.sd * ndtri(u)

    def _full_cdf(self, x: Any) -> Any:
        from scipy.special import ndtr

        return ndtr((x - self.mean_) / self.sd)

    def _full_pdf(self, x: Any) -> Any:
        from scipy.stats import norm

        return norm.pdf(x, self.mean_, self.sd)

    def mean(self) -> float:
        return self.mean_ if self.low is None and self.high is None else super().mean()

    def _parameters(self) -> str | None:
        return None if self.sd > 0 else f"sd must be above 0; got {self.sd:g}"

    def _below(self, x: float) -> float:
        return 0.5 * math.erfc((self.mean_ - x) / self.sd / math.sqrt(2))


@dataclass(frozen=True, kw_only=True)
class Lognormal(Truncatable):
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

    def _full_pdf(self, x: Any) -> Any:
        from scipy.stats import lognorm

        return lognorm.pdf(x, self._sigma, scale=self.median)

    def _parameters(self) -> str | None:
        return None if 0 < self.median < self.p90 <= 1e6 * self.median else "needs 0 < median < p90 ≤ a million medians"

    def _below(self, x: float) -> float:
        return 0.5 * math.erfc(-math.log(x / self.median) / self._sigma / math.sqrt(2)) if x > 0 else 0.0


@dataclass(frozen=True, kw_only=True)
class Logistic(Truncatable):
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

    def _full_pdf(self, x: Any) -> Any:
        from scipy.stats import logistic

        return logistic.pdf(x, self.mean_, self.scale)

    def mean(self) -> float:
        return self.mean_ if self.low is None and self.high is None else super().mean()

    def _parameters(self) -> str | None:
        return None if self.scale > 0 else f"scale must be above 0; got {self.scale:g}"

    def _below(self, x: float) -> float:
        return 0.5 * (1 + math.tanh((x - self.mean_) / self.scale / 2))
