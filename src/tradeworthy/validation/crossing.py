"""The chance that a sum that grows look by look leaves its bounds, by integrating its density from look to look.

Armitage, McPherson, Rowe 1969. A standard Brownian motion is looked at at the times `information`; it goes on as long as
B(t) / sqrt(t), the z-value of the look, stays within the bounds.
"""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

_FAR = 8.5  # standard deviations beyond which nothing is left in double precision
_STRETCH = 120  # places handled at once
_POINTS, _PANEL = 12, 3.0  # Gauss points of a panel, and its width in standard deviations of a step: 1e-11 or better


@dataclass(frozen=True, slots=True, eq=False)
class Continuing:
    """Density of the motion at a look, of those paths that have not left: weights at places, and when that was."""

    place: Floats
    weight: Floats
    time: float

    def beyond(self, z: float, time: float) -> float:
        """Probability of having continued and then standing above `z` at the look at `time`."""
        from scipy.special import ndtr

        step = math.sqrt(time - self.time)
        return float(self.weight @ ndtr((self.place - z * math.sqrt(time)) / step))

    def below(self, z: float, time: float) -> float:
        """The same below `z`."""
        from scipy.special import ndtr

        step = math.sqrt(time - self.time)
        return float(self.weight @ ndtr((z * math.sqrt(time) - self.place) / step))

    def after(self, low: float, high: float, time: float, step_next: float) -> "Continuing":
        """Those that continue between z-values `low` and `high` at `time`; the next step will be as wide as `step_next`."""
        step = math.sqrt(time - self.time)
        edge = math.sqrt(time)
        place, width = _nodes(max(low, -_FAR) * edge, min(high, _FAR) * edge, min(step, step_next))
        return Continuing(place, width * self._density(place, step), time)

    def _density(self, place: Floats, step: float) -> Floats:
        """Density at the growing `place`, each stretch of it fed only by the old places that are near enough to matter."""
        found = np.empty(len(place))
        for begin in range(0, len(place), _STRETCH):
            new = place[begin : begin + _STRETCH]
            first, last = np.searchsorted(self.place, [new[0] - _FAR * step, new[-1] + _FAR * step])
            kernel = np.exp(-0.5 * np.square((new[:, None] - self.place[first:last]) / step))
            found[begin : begin + _STRETCH] = kernel @ self.weight[first:last]
        return found / (step * math.sqrt(2 * math.pi))


def start() -> Continuing:
    """At time 0, in one place."""
    return Continuing(np.zeros(1), np.ones(1), 0.0)


def _nodes(low: float, high: float, step: float) -> tuple[Floats, Floats]:
    """Places and weights of a composite Gauss-Legendre rule from `low` to `high`, fine enough for steps of `step`."""
    panels = max(1, math.ceil((high - low) / (_PANEL * step)))
    point, weight = np.polynomial.legendre.leggauss(_POINTS)
    half = (high - low) / panels / 2
    middle = low + half * (2 * np.arange(panels) + 1)
    return (middle[:, None] + half * point).ravel(), np.tile(half * weight, panels)
