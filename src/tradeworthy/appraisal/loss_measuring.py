"""From a finished run to what it lost."""

import math

import numpy as np
import numpy.typing as npt

from tradeworthy.appraisal.loss_record import LosingRun, Losses, WorstTrade
from tradeworthy.backtest.result import Result
from tradeworthy.backtest.trades import REASONS, ExitReason, Trades
from tradeworthy.core.clock import rfc3339

Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]

_STOP = REASONS.index(ExitReason.STOP) + 1
_ROUNDING = 1e-9
"""Of a stop distance: less than that beyond a stop is not beyond it."""


def losses_of(name: str, result: Result, risk: float, first: int = 0) -> Losses:
    """What the bars from place `first` on took from the strategy called `name`.

    A position that is brought into them counts from its price at the close before, and as a trade from its entry. risk:
    share of the balance a trade loses at its stop, where no account says what is lost.
    """
    t = result.trades
    inside = np.flatnonzero(t.exit_index >= first)
    closed = inside[t.closed[inside]]
    total_r, fall_r = _in_r(result, inside, first)
    money, share, fall = _in_money(result, first) if result.account is not None else (None, None, None)
    if result.account is None and total_r is not None:
        share, fall = compounding(r_path(result, first), risk)
    extremes = _at_the_extreme(t, inside)
    return Losses(
        trades=len(closed),
        total_r=total_r,
        max_drawdown_r=fall_r,
        currency=result.currency if result.account is not None else None,
        money=money,
        return_fraction=share,
        max_drawdown_fraction=fall,
        gapped_stops=int(np.sum(_beyond_stop(t, inside) > _ROUNDING)),
        worst_at_the_extreme_r=float(np.nanmin(extremes)) if np.isfinite(extremes).any() else None,
        worst_trade=_worst(name, result, inside),
        losing_run=_losing_run(result, closed, risk),
        refused_entries=sum(result.refused.values()),
    )


def r_path(result: Result, first: int = 0) -> Floats:
    """(n - first,) the R so far at each close from place `first` on, 0 at the close before it."""
    equity = result.equity_r
    return equity[first:] - (equity[first - 1] if first else 0.0)


def _in_r(result: Result, inside: Whole, first: int) -> tuple[float | None, float | None]:
    """Sum and largest fall; None where trades have no stop."""
    if len(inside) and not np.isfinite(result.trades.r[inside]).all():
        return None, None
    path = np.append(0.0, r_path(result, first))
    return float(path[-1]), float(np.max(np.maximum.accumulate(path) - path))


def compounding(path: Floats, risk: float) -> tuple[float, float]:
    """Return and largest fall, as fractions, of a balance that has `risk` of itself at stake on each R of the path."""
    wealth = np.append(1.0, np.cumprod(np.maximum(0.0, 1.0 + risk * np.diff(path, prepend=0.0))))
    return float(wealth[-1] - 1.0), float(np.max(1.0 - wealth / np.maximum.accumulate(wealth)))


def _in_money(result: Result, first: int) -> tuple[float, float | None, float | None]:
    """Change, and change and largest fall as fractions of the account; None where it had nothing left to begin with."""
    base = float(result.equity[first - 1]) if first else float(result.start)
    path = np.append(base, result.equity[first:])
    money = float(path[-1] - base)
    if base <= 0.0:
        return money, None, None
    peaks = np.maximum.accumulate(path)
    return money, money / base, float(np.max(1.0 - path / peaks))


def _beyond_stop(t: Trades, places: Whole) -> Floats:
    """How far beyond the stop each was filled, in stop distances; 0 where it was not, NaN without a stop."""
    beyond = t.side[places] * (t.stop[places] - t.exit_price[places]) / t.risk[places]
    stopped: Floats = np.where(t.reason[places] == _STOP, beyond, 0.0 * t.risk[places])
    return stopped


def _at_the_extreme(t: Trades, places: Whole) -> Floats:
    """R of each stopped trade, fees left out, at the worst price of the bar it was stopped in; NaN for the others."""
    side, out = t.side[places], t.exit_index[places]
    bid, ask = t.dealing.bid, t.dealing.ask
    worst = np.where(side > 0, bid[2][out] + bid[4][out], ask[1][out] + ask[4][out])
    r = side * (worst - t.entry_price[places]) / t.risk[places]
    stopped: Floats = np.where(t.reason[places] == _STOP, r, math.nan)
    return stopped


def _worst(name: str, result: Result, inside: Whole) -> WorstTrade | None:
    t = result.trades
    if not len(inside):
        return None
    by = t.r[inside] if np.isfinite(t.r[inside]).all() else t.pnl[inside]
    place = inside[int(np.argmin(by))]
    if by.min() >= 0.0:
        return None
    one, here = t[int(place)], np.array([place])
    planned = _or_none(float(t.risked[place]))
    account = result.account is not None
    return WorstTrade(
        strategy=name,
        side=str(one.side),
        entry_time=rfc3339(one.entry_time),
        exit_time=rfc3339(one.exit_time),
        entry_price=one.entry_price,
        exit_price=one.exit_price,
        stop=_or_none(one.stop),
        reason=str(one.reason),
        intended_r=None if planned is None else -1.0,
        realised_r=_or_none(one.r),
        beyond_stop_r=_or_none(float(np.maximum(0.0, _beyond_stop(t, here))[0])),
        at_the_extreme_r=_or_none(float(_at_the_extreme(t, here)[0])),
        intended_money=None if planned is None or not account else -planned,
        realised_money=one.pnl if account else None,
    )


def _losing_run(result: Result, closed: Whole, risk: float) -> LosingRun:
    t = result.trades
    runs = runs_of(t.pnl[closed] < 0.0)
    if not runs:
        return LosingRun(0, 0.0, 0.0, None, None)
    longest = max(stop - start for start, stop in runs)
    chosen = [closed[start:stop] for start, stop in runs if stop - start == longest]
    mine = min(chosen, key=lambda places: float(t.pnl[places].sum()))
    r = t.r[mine]
    return LosingRun(
        longest, float(r.sum()) if np.isfinite(r).all() else None, _compound(result, mine, risk),
        rfc3339(int(t.entry_time[mine[0]])), rfc3339(int(t.exit_time[mine[-1]])),
    )  # fmt: skip


def runs_of(flags: npt.NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Start and end, exclusive, of each unbroken run of flags."""
    edges = np.flatnonzero(np.diff(np.concatenate(([False], flags, [False])).astype(np.int8)))
    return list(zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True))


def compounded(r: Floats, risk: float) -> float:
    """What results in R, one after the other at `risk` of the balance each, take from it, as a fraction of 0 or more."""
    return max(0.0, 1.0 - float(np.prod(np.maximum(0.0, 1.0 + risk * r))))


def _compound(result: Result, mine: Whole, risk: float) -> float | None:
    t = result.trades
    if result.account is None:
        return compounded(t.r[mine], risk) if np.isfinite(t.r[mine]).all() else None
    before = result.start + float(t.pnl[: mine[0]].sum())
    return -float(t.pnl[mine].sum()) / before if before > 0.0 else None


def _or_none(number: float) -> float | None:
    return number if math.isfinite(number) else None
