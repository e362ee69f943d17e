"""How often chance alone puts points where the rules of a control chart look, told exactly for samples and for counts.

Limits of three sigma take it that values scatter like a bell. Few records or rare events do not: where 11 samples found
nothing, the first single finding lies beyond the limit, and where most samples are perfect, seven perfect ones in a row
are nothing new. So a rule's mark stands only where chance alone would bring it as seldom as the rule means it to.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from bot.insight.exact import stats

BEYOND_THREE_SIGMA = 0.0027  # both tails of a normal distribution, as in the tables of every textbook
BEYOND_TWO_SIGMA = 0.0455
SEVEN_IN_A_ROW = 2 * 0.5**7  # seven tosses of a coin, all heads or all tails
ROUNDING = 1e-9


@dataclass(frozen=True, eq=False)
class Chances:
    """The points of one stretch, each with how many records or periods it rests on, about one centre."""

    values: "np.ndarray[Any, Any]"
    sizes: "np.ndarray[Any, Any]"
    centre: float
    events: bool

    def beyond(self, side: int, value: float | None = None) -> list[float]:
        """For each point the chance, 0 to 1, of `value` (its own where None) or farther out on a side (+1, -1)."""
        reached = (self.values if value is None else value) * self.sizes
        shape = (self.sizes * self.centre,) if self.events else (self.sizes, self.centre)
        family = stats().poisson if self.events else stats().binom
        if side > 0:
            return [float(p) for p in family.sf(np.ceil(reached - ROUNDING) - 1, *shape)]
        return [float(p) for p in family.cdf(np.floor(reached + ROUNDING), *shape)]

    def run_is_seldom(self, side: int, start: int, stop: int) -> bool:
        """Whether a run on one side is as rare as seven tosses of a coin that fall alike.

        Told by the chance that all of its points lie as far out as the nearest of them does."""
        own = self.values[start:stop]
        nearest = float(own.min() if side > 0 else own.max())
        return bool(np.prod(self.beyond(side, nearest)[start:stop]) <= SEVEN_IN_A_ROW)


def of_samples(shares: Sequence[float], sizes: Sequence[int], centre: float) -> Chances:
    """Where each of so many records meets the standard with the chance `centre`, 0 to 1 (binomial)."""
    return Chances(np.array(shares), np.array(sizes), centre, events=False)


def of_events(rates: Sequence[float], periods: Sequence[float], centre: float) -> Chances:
    """Where events come at the rate `centre` a period (Poisson)."""
    return Chances(np.array(rates), np.array(periods), centre, events=True)
