"""Volatility that switches between states nobody sees: fitted on the past, and told at each bar from the bars so far."""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tradeworthy.core.errors import InputError
from tradeworthy.core.finite import shown, whole_number
from tradeworthy.risk.observations import column

Floats = npt.NDArray[np.float64]
Grid = npt.NDArray[np.float64]

FEWEST = 250
"""Returns that a fit needs."""
_STAYS = (0.95, 0.8, 0.99)
"""Chances of staying from which the search begins."""
_SPREADS = (2.0, 4.0)
"""Ratios of the highest to the lowest volatility from which it begins."""
_TRIED = 3
"""Of those starts, the likeliest."""
_FAR = 30.0
"""Logits beyond this are 0 and 1."""
_LOGS = (-12.0, 6.0)
"""Of a volatility over that of all returns, at the least and the most."""


@dataclass(frozen=True, slots=True)
class SwitchingVolatility:
    """Returns of mean zero whose standard deviation is one of k, by an unseen Markov chain (Hamilton 1989).

    volatility: (k,) per return, rising. moves: (k, k) chances from state to state. log_likelihood, n: of the returns it
    was fitted on.
    """

    volatility: tuple[float, ...]
    moves: tuple[tuple[float, ...], ...]
    log_likelihood: float
    n: int

    @property
    def stationary(self) -> tuple[float, ...]:
        """Long-run share of each state."""
        return tuple(float(one) for one in _long_run(np.array(self.moves)))

    @property
    def expected_duration(self) -> tuple[float, ...]:
        """Returns that each state lasts, 1 / (1 - chance of staying)."""
        return tuple(1.0 / max(1.0 - row[i], 1e-15) for i, row in enumerate(self.moves))

    def filtered(self, x: npt.ArrayLike) -> Grid:
        """(n, k) Chance of each state after each return of `x` (n,), given those returns so far and no later one.

        It begins from the long-run shares. Raises InputError for NaN.
        """
        from tradeworthy.risk.switching_loops import filter_loop

        returns = _column(x, 0)
        out = np.empty((len(returns), len(self.volatility)))
        matrix = np.array(self.moves)
        work = np.empty(len(matrix))
        filter_loop(returns, np.array(self.volatility), matrix, _long_run(matrix), work, out)
        return out


def fit_switching(x: npt.ArrayLike, states: int = 2) -> SwitchingVolatility:
    """Maximum likelihood over returns (n,), oldest first, by Hamilton's filter from the chain's long-run shares.

    states: 2 or 3. No mean is fitted; that of short bars is far below its own error. The search begins at
    several places without derivatives (Powell 1964), and goes on from the best with them (BFGS).
    Raises NotEnoughData for fewer than 250 returns, InputError for NaN, other numbers of states, and returns that are
    nearly all of one size, among which no states can be told.
    """
    from scipy.optimize import minimize

    k = whole_number(states)
    if k not in {2, 3}:
        raise InputError(f"volatility switches between 2 or 3 states, not {shown(states)}")
    returns = _column(x, FEWEST)
    scale = math.sqrt(float(np.mean(np.square(returns))))
    if scale == 0.0 or np.count_nonzero(returns) < len(returns) / 2:
        raise InputError("over half of the returns are zero; states of volatility need prices that move")
    scaled = returns / scale

    def cost(point: Floats) -> float:
        return -_log_likelihood(scaled, *_unpacked(point, k)) / len(scaled)

    starts = [_start(k, stay, spread) for stay in _STAYS for spread in _SPREADS]
    nearest = sorted(starts, key=cost)[:_TRIED]
    found = min((minimize(cost, one, method="Powell") for one in nearest), key=lambda one: float(one.fun))
    closer = minimize(cost, found.x, method="BFGS")
    sigma, matrix = _unpacked(np.asarray(closer.x if closer.fun < found.fun else found.x), k)
    order = np.argsort(sigma)
    matrix = matrix[np.ix_(order, order)]
    return SwitchingVolatility(
        tuple(float(one) for one in sigma[order] * scale),
        tuple(tuple(float(one) for one in row) for row in matrix),
        _log_likelihood(returns, sigma[order] * scale, matrix),
        len(returns),
    )


def _column(x: npt.ArrayLike, least: int) -> Floats:
    return column(x, "return", least, "a fit of states of volatility")


def _log_likelihood(returns: Floats, sigma: Floats, matrix: Grid) -> float:
    from tradeworthy.risk.switching_loops import filter_loop

    k = len(sigma)
    return float(filter_loop(returns, sigma, matrix, _long_run(matrix), np.empty(k), np.empty((0, k))))


def _start(k: int, stay: float, spread: float) -> Floats:
    logs = np.linspace(-0.5, 0.5, k) * math.log(spread)
    return np.concatenate((logs, np.full(k * (k - 1), math.log((1.0 - stay) / (k - 1) / stay))))


def _unpacked(point: Floats, k: int) -> tuple[Floats, Grid]:
    """Volatilities, and the chances of moving as logits against staying."""
    logits = np.zeros((k, k))
    logits[~np.eye(k, dtype=np.bool_)] = np.clip(point[k:], -_FAR, _FAR)
    chances = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.exp(np.clip(point[:k], *_LOGS)), chances / chances.sum(axis=1, keepdims=True)


def _long_run(matrix: Grid) -> Floats:
    """Long-run shares; where states do not lead to each other, those nearest to solving the equations."""
    k = len(matrix)
    equations = np.vstack((matrix.T - np.eye(k), np.ones(k)))
    shares = np.maximum(0.0, np.linalg.lstsq(equations, np.append(np.zeros(k), 1.0), rcond=None)[0])
    found: Floats = shares / shares.sum()
    return found
