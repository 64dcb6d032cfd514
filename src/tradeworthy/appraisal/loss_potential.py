"""What simulated futures of a book could lose, as one record."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from tradeworthy.risk.simulation import SimulatedPaths

PERCENTILES = (50, 75, 90, 95, 99)


@dataclass(frozen=True, slots=True)
class DrawdownPotential:
    """Losses and falls as fractions, losses above zero.

    value_at_risk_*: the loss over the whole horizon that 95 or 99 of 100 futures stay within (below zero: even that one
    gains). conditional_var_*: the mean loss of those that do not. worst_case_drawdown_95: the fall from a peak that 95 of
    100 stay within. max_simulated_drawdown: the deepest. mean, std, percentiles: of the falls.
    """

    value_at_risk_95: float
    value_at_risk_99: float
    conditional_var_95: float
    conditional_var_99: float
    worst_case_drawdown_95: float
    max_simulated_drawdown: float
    mean: float
    std: float
    percentiles: tuple[float, ...]

    def to_dict(self) -> dict[str, Any]:
        """Under the names that were promised; the percentiles by their whole numbers."""
        named = {name: getattr(self, name) for name in self.__slots__[:6]}
        spread = {
            "mean": self.mean,
            "std": self.std,
            "percentiles": dict(zip(PERCENTILES, self.percentiles, strict=True)),
        }
        return {**named, "drawdown_distribution": spread}


def drawdown_potential(paths: SimulatedPaths) -> DrawdownPotential:
    """Sample quantiles of the paths' ends and falls (linear between neighbours, Hyndman, Fan 1996, type 7)."""
    losses, falls = -paths.terminal, 0.0 - paths.max_drawdown
    near, far = (float(np.quantile(losses, level)) for level in (0.95, 0.99))
    # a mean of equal numbers may round to less than they are
    beyond_near, beyond_far = (max(one, float(losses[losses >= one].mean())) for one in (near, far))
    deep = tuple(float(one) for one in np.quantile(falls, [level / 100 for level in PERCENTILES]))
    spread = float(falls.std(ddof=1)) if len(falls) > 1 else 0.0
    return DrawdownPotential(
        near, far, beyond_near, beyond_far, deep[3], float(falls.max()), float(falls.mean()), spread, deep
    )  # fmt: skip
