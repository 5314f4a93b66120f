"""How likely chance alone is: the little statistics that the patterns of risk stand on.

Chances are natural logarithms, so that the very small ones can still be told apart; 0 is "nothing remarkable".
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

#: What is left of a normal distribution's variance when a tenth at either end is drawn in to the tenth's edge.
_WINSORISED: Final = 0.6787
_PRECISE: Final = 1e-12


def poisson(count: float, expected: float) -> float:
    """Return the log of the chance that a Poisson variable of mean `expected` is `count` or more.

    It is the regularised lower incomplete gamma function P(count, expected) by its series (Abramowitz and Stegun,
    6.5.29), so that a count may also be a fraction. 0 where `count` is not above `expected`.
    """
    if count <= expected:
        return 0.0
    if expected <= 0:
        raise ValueError(f"nothing can be expected of {expected}")
    term = total = 1.0
    step = count
    while term > total * _PRECISE:
        step += 1
        term *= expected / step
        total += term
    return min(0.0, count * math.log(expected) - expected - math.lgamma(count + 1) + math.log(total))


def normal(deviations: float) -> float:
    """Return the log of the chance that a normal variable lies so many standard deviations or more above its mean."""
    if deviations <= 0:
        return 0.0
    if deviations < 30:
        return math.log(math.erfc(deviations / math.sqrt(2)) / 2)
    return -deviations * deviations / 2 - math.log(deviations * math.sqrt(2 * math.pi))


def spread(deviations: Iterable[float]) -> float:
    """Return by how much the variance among peers is wider than chance makes it: 1 where it is not.

    People, shifts and counters differ honestly. The standardised deviations are drawn in (a tenth at either end), so
    that the very one that is looked for does not hide itself, and their mean square is taken: D. J. Spiegelhalter,
    "Handling over-dispersion of performance indicators", Qual. Saf. Health Care 14 (2005), with the variance that
    drawing in takes away put back.
    """
    ordered = sorted(deviations)
    if len(ordered) < 2:
        return 1.0
    cut = math.ceil(len(ordered) / 10)
    low, high = ordered[cut], ordered[-1 - cut] if len(ordered) > 2 * cut else ordered[cut]
    drawn_in = [min(max(one, low), high) for one in ordered]
    return max(1.0, sum(one * one for one in drawn_in) / len(drawn_in) / _WINSORISED)


def remarkable(chances: Sequence[float], false_share: float) -> float:
    """Return the greatest chance (log) that is still remarkable among all of those that were looked at.

    Benjamini and Hochberg, J. R. Stat. Soc. B 57 (1995): of what is shown, at most `false_share` is chance alone.
    Minus infinity where nothing is remarkable.
    """
    count = len(chances)
    bound = -math.inf
    for place, chance in enumerate(sorted(chances), start=1):
        if chance <= math.log(false_share * place / count):
            bound = chance
    return bound


@dataclass(frozen=True, slots=True)
class Sums:
    """Count, sum and sum of squares of values, from which one can be taken out again."""

    count: int
    total: float
    squares: float

    @classmethod
    def of(cls, values: Iterable[float]) -> Sums:
        """Sum up `values`."""
        every = list(values)
        return cls(len(every), math.fsum(every), math.fsum(value * value for value in every))

    def but(self, value: float) -> Sums:
        """Return the sums of all but one of these values."""
        return Sums(self.count - 1, self.total - value, self.squares - value * value)

    @property
    def mean(self) -> float:
        """The mean, 0 of none."""
        return self.total / self.count if self.count else 0.0

    @property
    def deviation(self) -> float:
        """The standard deviation (n - 1), 0 of fewer than two."""
        if self.count < 2:
            return 0.0
        return math.sqrt(max(0.0, (self.squares - self.total * self.total / self.count) / (self.count - 1)))
