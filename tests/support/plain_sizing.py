"""Sizes, read slowly: how many units an entry gets, or the word for why it gets none.

Checked in this order: the rate, what the sizing rule itself needs, the balance, and last the limits.
Standard library only.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from support.plain_setup import Account, Limits


@dataclass(frozen=True)
class Moment:
    """What is known when an entry is sized."""

    balance: float
    multiplier: float
    stop_distance: float
    signal_close: float
    rate: float
    volatility: float
    closed_r: Sequence[float]  # of this run's closed trades


def units_for(account: Account, moment: Moment) -> tuple[float, str]:
    """Units and "", or 0 and why."""
    if math.isnan(moment.rate):
        return 0.0, "NO_RATE"
    wanted, refusal = _wanted(account, moment)
    if refusal:
        return 0.0, refusal
    if moment.balance <= 0:
        return 0.0, "NO_EQUITY"
    units = _limited(wanted, account, moment)
    return (units, "") if units > 0 else (0.0, "BELOW_MINIMUM")


def _wanted(account: Account, moment: Moment) -> tuple[float, str]:
    kind, *numbers = account.sizing
    values = [float(number) for number in numbers]
    if kind == "units":
        return values[0] * moment.multiplier, ""
    if kind == "volatility_target":
        return _volatility_target(values[0], account, moment)
    if math.isnan(moment.stop_distance):
        return 0.0, "NO_STOP"
    if kind == "fixed_fraction":
        return _lost_at_the_stop(values[0], account, moment), ""
    if kind == "kelly":
        return _kelly(values, account, moment)
    raise ValueError(f"no such sizing: {kind!r}")


def _lost_at_the_stop(share: float, account: Account, moment: Moment) -> float:
    """So many units that the way to the stop costs this share of the balance."""
    loss_per_unit = moment.stop_distance * moment.rate * account.contract
    return moment.balance * share * moment.multiplier / loss_per_unit


def _volatility_target(annual: float, account: Account, moment: Moment) -> tuple[float, str]:
    """So many units that a year's standard deviation is this share of the balance."""
    if math.isnan(moment.volatility) or moment.volatility <= 0:
        return 0.0, "NO_VOLATILITY"
    deviation_per_unit = moment.volatility * moment.signal_close * moment.rate * account.contract
    return moment.balance * annual * moment.multiplier / deviation_per_unit, ""


def _kelly(values: Sequence[float], account: Account, moment: Moment) -> tuple[float, str]:
    cap, fraction, z, least_trades, until_then = values
    wins = [r for r in moment.closed_r if r > 0]
    losses = [-r for r in moment.closed_r if r < 0]
    if len(wins) + len(losses) < least_trades or not losses:
        return _lost_at_the_stop(until_then, account, moment), ""
    if not wins:
        return 0.0, "NO_EDGE"
    mean_win, mean_loss = math.fsum(wins) / len(wins), math.fsum(losses) / len(losses)
    probability = wilson_lower(len(wins), len(wins) + len(losses), z)
    odds = mean_win / mean_loss
    edge = probability - (1 - probability) / odds
    if edge <= 0:
        return 0.0, "NO_EDGE"
    for_an_average_loss = min(cap, fraction * edge)
    return _lost_at_the_stop(min(cap, for_an_average_loss / mean_loss), account, moment), ""


def wilson_lower(wins: int, trades: int, z: float) -> float:
    """Lower end of Wilson's two-sided interval: E. B. Wilson, J. Am. Stat. Assoc. 22 (1927), 209."""
    share = wins / trades
    centre = share + z * z / (2 * trades)
    half = z * math.sqrt(share * (1 - share) / trades + z * z / (4 * trades * trades))
    return (centre - half) / (1 + z * z / trades)


def _limited(wanted: float, account: Account, moment: Moment) -> float:
    """Cut to the leverage and to the largest order, rounded down to lots, nothing under the smallest order."""
    limits = account.limits
    notional_per_unit = account.contract * moment.signal_close * moment.rate
    affordable = limits.leverage * moment.balance / notional_per_unit
    units = whole_lots(min(wanted, affordable, limits.max_units), limits)
    return 0.0 if units < limits.min_units else units


def whole_lots(units: float, limits: Limits) -> float:
    """Rounded down, but 0.3 is three steps of 0.1 although the quotient of the two doubles is a hair under 3."""
    steps = units / limits.lot_step
    nearest = round(steps)
    whole = nearest if abs(steps - nearest) <= 1e-9 * max(1.0, abs(steps)) else math.floor(steps)
    return whole * limits.lot_step
