"""Laws of one number: what a prior can be. Drawn by inverse CDF, so that a changed parameter keeps worlds paired.

numpy and scipy are imported only when something is drawn, so that checking a file stays fast.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, ClassVar


@dataclass(frozen=True)
class Prior:
    """A distribution of one number. `ppf(u)` maps uniforms (any shape) to draws; `cdf(x)` the other way."""

    name: ClassVar[str] = ""

    def ppf(self, u: Any) -> Any:
        raise NotImplementedError

    def cdf(self, x: Any) -> Any:
        raise NotImplementedError

    def pdf(self, x: Any) -> Any:
        """Density, or for a discrete law the probability of the value, at any shape of x."""
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

    def pdf(self, x: Any) -> Any:
        return (abs(x - self.value) < 1e-12) * 1.0

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

    def pdf(self, x: Any) -> Any:
        if self.high == self.low:
            return (abs(x - self.low) < 1e-12) * 1.0
        return ((x >= self.low) & (x <= self.high)) / (self.high - self.low)

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

    def pdf(self, x: Any) -> Any:
        from scipy.stats import triang

        if self.high == self.low:
            return (abs(x - self.low) < 1e-12) * 1.0
        width = self.high - self.low
        return triang.pdf(x, (self.mode - self.low) / width, loc=self.low, scale=width)

    def support(self) -> tuple[float, float]:
        return self.low, self.high

    def mean(self) -> float:
        return (self.low + self.mode + self.high) / 3

    def complaint(self) -> str | None:
        return None if self.low <= self.mode <= self.high else "needs low ≤ mode ≤ high"


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

    def pdf(self, x: Any) -> Any:
        from scipy.stats import beta

        return beta.pdf(x, *self._shape())

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

    def pdf(self, x: Any) -> Any:
        return sum(p * (abs(x - v) < 1e-12) for v, p in zip(self.values, self.probabilities, strict=True))

    def support(self) -> tuple[float, float]:
        return min(self.values), max(self.values)

    def mean(self) -> float:
        return sum(v * p for v, p in zip(self.values, self.probabilities, strict=True))

    def complaint(self) -> str | None:
        total = sum(self.probabilities)
        if any(p < 0 for p in self.probabilities):
            return "a probability is negative"
        return None if abs(total - 1) < 1e-9 else f"probabilities sum to {total:g}, not 1"
