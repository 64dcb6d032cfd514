"""A market under a scenario: new prices out of its own log returns, as bars that every rule of bars holds for.

The path through every `trend_bars`-th close is the trend; what the bars do around it is the deviation. With r the
log return from close to close, d its mean within the stretch, g the part of it between close and open:

    r' = trend x d + volatility x (r - d - g) + gap x g

so each stretch ends up `trend` times as far away as it did, and deviations keep their signs and their order. High and low
lie as far above and below open and close, in logarithms, as they did, times the volatility.
"""

import numpy as np
import numpy.typing as npt

from tradeworthy.core.clock import rfc3339
from tradeworthy.core.counting import counted
from tradeworthy.core.errors import InputError, NotEnoughData
from tradeworthy.core.finite import shown, whole_number
from tradeworthy.market.bars import Bars
from tradeworthy.risk.moved_bars import LogBars, bars_of, log_bars
from tradeworthy.risk.scenarios import Scenario, Shock

Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]

FEWEST_BARS = 10
TINY = 1e-12
"""A standard deviation below it is rounding, not movement."""


def stressed_bars(bars: Bars, scenario: Scenario, seed: int = 0) -> Bars:
    """The same bars as `scenario` would have made them; times and volume stay, the first close too.

    seed: of the bar that a shock falls on and of redrawn deviations; the same seed gives the same bytes, and without
    either of those it changes nothing. Bars of one price each stay so, and their gaps are their moves: `gap` does not apply.
    Raises NotEnoughData for fewer than 10 bars; InputError for prices that never move, a shock at a bar that is not there,
    and a price that would no longer be a number above zero, naming its bar.
    """
    for given, kind in ((bars, Bars), (scenario, Scenario)):
        if not isinstance(given, kind):
            raise InputError(f"stressed_bars takes Bars and a Scenario, and not {type(given).__name__}")
    number = whole_number(seed)
    if number is None or number < 0:
        raise InputError(f"seed must be a whole number of 0 or more, not {shown(seed)}")
    if len(bars) < FEWEST_BARS:
        raise NotEnoughData(
            f"{bars.label}: {counted(len(bars), 'bar')} are too few to strain; bring at least {FEWEST_BARS}"
        )
    rng = np.random.default_rng(number)
    was = log_bars(bars)
    _check_moves(bars, was, scenario)
    place = None if scenario.shock is None else shock_bar(scenario.shock, len(bars), rng)
    now = _factored(was, scenario, rng)
    if scenario.shock is not None and place is not None:
        now = now.shocked(scenario.shock, place)
    return bars_of(bars, was, now, f"{scenario.name} on {bars.source}, seed {shown(number)}", scenario.name)


def shock_bar(shock: Shock, n: int, rng: np.random.Generator) -> int:
    """The place of the bar it falls on; drawn from the second half where none was named, so that there are bars before.

    Drawn as a share of the bars, so that bars of the same span jump together whatever their length.
    """
    if shock.bar is None:
        return min(n - 1, n // 2 + int(rng.random() * (n - n // 2)))
    place = shock.bar if shock.bar >= 0 else n + shock.bar
    if not 1 <= place < n:
        raise InputError(
            f"shock: there is no bar {shock.bar} to jump to among {counted(n, 'bar')}; "
            f"places go from 1 to {n - 1:,}, or from -1 down to {1 - n:,}"
        )
    return place


def _check_moves(bars: Bars, was: LogBars, scenario: Scenario) -> None:
    if float(np.std(np.diff(was.close))) < TINY:
        raise InputError(
            f"{bars.label}: the close moves by the same at every bar, so there is no volatility to scale by "
            f"{scenario.volatility:g}; bring bars of a market that moves"
        )


def _factored(was: LogBars, scenario: Scenario, rng: np.random.Generator) -> LogBars:
    """Levels in logarithms under the factors, counted from the first close."""
    gap = np.zeros_like(was.close) if was.close_only else was.gap
    drift = _drift(was.close, scenario.trend_bars)
    own = np.diff(was.close, prepend=was.close[:1]) - drift - gap
    upper, lower = was.upper, was.lower
    more_volatility, more_trend, more_gap = scenario.volatility - 1.0, scenario.trend - 1.0, scenario.gaps - 1.0
    moved = np.zeros_like(was.close)
    if scenario.block is not None:
        drawn = _drawn(len(gap), scenario.block, rng)
        moved = own[drawn] - own + gap[drawn] - gap
        moved[0] = 0.0
        own, gap, upper, lower = own[drawn], gap[drawn], upper[drawn], lower[drawn]
    added = more_volatility * own + more_trend * drift + more_gap * gap + moved
    added[0] = 0.0
    close_added = np.cumsum(added)
    close = was.close + close_added
    before = np.concatenate((close_added[:1], close_added[:-1]))
    open_added = before + scenario.gaps * gap - was.gap
    return LogBars(
        close_added if was.close_only else open_added, close_added, was.open + open_added, close,
        upper + more_volatility * upper, lower + more_volatility * lower, was.close_only,
    )  # fmt: skip


def _drift(close: Floats, trend_bars: int) -> Floats:
    """Mean log return within each stretch, at every bar; the last stretch takes what is left over."""
    n = len(close)
    nodes = np.arange(0, n, trend_bars)
    if len(nodes) > 1 and n - 1 - nodes[-1] < trend_bars // 2:
        nodes = nodes[:-1]
    nodes = np.append(nodes, n - 1) if nodes[-1] != n - 1 else nodes
    lengths = np.diff(nodes)
    drift = np.zeros(n)
    drift[1:] = np.repeat(np.diff(close[nodes]) / lengths, lengths)
    return drift


def _drawn(n: int, block: float, rng: np.random.Generator) -> Whole:
    """Places 1 to n - 1 in blocks of geometric length that wrap round (Politis, Romano 1994); 0 stays where it is."""
    fresh = rng.random(n - 1) < 1.0 / block
    fresh[0] = True
    starts = rng.integers(0, n - 1, n - 1)
    first = np.maximum.accumulate(np.where(fresh, np.arange(n - 1), 0))
    places = (starts[first] + np.arange(n - 1) - first) % (n - 1) + 1
    return np.concatenate((np.zeros(1, np.int64), places))


def realised_factors(before: Bars, after: Bars, trend_bars: int) -> tuple[float, float]:
    """How much the deviations and the trend really grew: ratios of the deviations' standard deviation, and of the drifts' size.

    before, after: bars of the same times. Raises InputError where they are not.
    """
    if not np.array_equal(before.open_time, after.open_time):
        raise InputError(f"{after.label}: bars of other times than before; compare bars with what they were made from")
    old, new = np.log(before.close), np.log(after.close)
    drifts = _drift(old, trend_bars), _drift(new, trend_bars)
    own = [np.std(np.diff(level) - drift[1:]) for level, drift in zip((old, new), drifts, strict=True)]
    sizes = [float(np.sqrt(np.mean(drift**2))) for drift in drifts]
    if own[0] < TINY or sizes[0] < TINY:
        raise InputError(
            f"{before.label}: bars without movement have no factors; last bar {rfc3339(before.close_time[-1])}"
        )
    return float(own[1] / own[0]), sizes[1] / sizes[0]
