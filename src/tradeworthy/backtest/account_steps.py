"""One order of an account, compiled: how large, what it costs, what a trade leaves behind. Rules: docs/money.md."""

import numpy as np
import numpy.typing as npt

from tradeworthy.controls.calibration_steps import CalibrationState, closed, entered, permission, started
from tradeworthy.controls.refusals import Refusal
from tradeworthy.controls.sizing_steps import permitted_units, wanted_units
from tradeworthy.indicators.compiling import compiled

Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]

ALLOWED = int(Refusal.NONE)

Charges = tuple[float, float, float, float, float, float, float, float]
"""Fee per unit, as a share of notional, at least; earned per unit and night by a long and a short, in price units, and
as a share of the entry price, by a long and a short; contract multiplier."""
Record = tuple[int, int, float, float]
"""Trades won and lost so far, sum of the won R and of the lost R (above zero)."""
Columns = tuple[Floats, Floats, Whole, Whole, Whole, Whole]
"""Of every bar slippage and rate, moments of financing and nights by them, open and close time of every bar."""
Chances = tuple[Whole, Whole, Whole, Floats]
"""Of every decision: refusal of the filters, minute of the exchange's day, volatility level, a year's volatility."""
Settings = tuple[float, bool, Charges, Floats, tuple[float, float, float, float], Floats, Whole]
"""Starting balance, whether limits hold, charges, sizing, limits, calibration (empty: none), starts of trading days."""
Written = tuple[Floats, Whole]
"""What is filled: rows of money by trade, and why a decision was not entered."""
Account = tuple[Columns, Chances, Settings, Written]
Running = tuple[CalibrationState, Record, int, int]
"""What changes from trade to trade: calibration's state, the record, the trading day, and the moment of financing
that comes next."""

NOT_RUNNING: Running = ((0, 0.0, 0.0, 0, 0, 0, 0, 0), (0, 0, 0.0, 0.0), 0, 0)


@compiled()
def fee(units: float, price: float, rate: float, charges: Charges) -> float:
    """Of one order, in account money."""
    per_unit, share, least, _, _, _, _, multiplier = charges
    return max(least, per_unit * units + share * units * multiplier * price * rate)


@compiled()
def night_earns(side: int, entry: float, charges: Charges) -> float:
    """What a unit earns for one night, in the quote currency."""
    _, _, _, long_price, short_price, long_share, short_share, multiplier = charges
    return multiplier * (long_price + long_share * entry if side > 0 else short_price + short_share * entry)


@compiled()
def with_result(record: Record, r: float) -> Record:
    """The record after one more closed trade; one that came out even, or had no stop and so no R, is not counted."""
    won, lost, gained, given = record
    if r > 0.0:
        return won + 1, lost, gained + r, given
    if r < 0.0:
        return won, lost + 1, gained, given - r
    return won, lost, gained, given


@compiled()
def day_at(day_start: Whole, day: int, moment: int) -> int:
    """The number of the trading day of a moment that is not before the one asked last; `day` is what that gave."""
    while day < len(day_start) and day_start[day] <= moment:
        day += 1
    return day


@compiled()
def night_at(night: Whole, place: int, moment: int, at_open: bool) -> int:
    """How many moments of financing lie before `moment`, which is not before the one asked last (that gave `place`).

    What happens at an open comes just after its moment, everything else just before.
    """
    limit = moment if at_open else moment - 1
    while place < len(night) and night[place] <= limit:
        place += 1
    return place


@compiled()
def running_from(account: Account) -> Running:
    """Before the first trade."""
    return started(account[2][0]), (0, 0, 0.0, 0.0), 0, 0


@compiled()
def entry_size(
    account: Account, running: Running, e: int, j: int, moment: int, price: float, stop_distance: float
) -> tuple[float, float, int]:
    """Units of decision e in bar j, what calibration made of the size, and why there are none (0 where there are)."""
    (_, rate, _, _, _, _), (filtered, minute, level, volatility), settings, _ = account
    _, limited, charges, sizing, (lot_step, min_units, leverage, max_units), calibration, _ = settings
    state, record, day, _ = running
    share, code = 1.0, filtered[e]
    if code == ALLOWED and len(calibration) > 0:
        share, code = permission(state, moment, day, minute[e], level[e], calibration)
    if code != ALLOWED:
        return 0.0, share, code
    if not limited:
        return 1.0, share, ALLOWED
    balance, value = state[1], rate[j] * charges[7]
    units, code = wanted_units(sizing, balance, price, stop_distance, value, volatility[e], record, share)
    if code == ALLOWED:
        units, code = permitted_units(units, price, value, balance, lot_step, min_units, leverage, max_units)
    return units, share, code


@compiled()
def opened(
    account: Account, running: Running, e: int, j: int, at_next_open: bool, price: float, stop_distance: float
) -> tuple[Running, float, float, int]:
    """Decision e is to be filled in bar j: what runs on, units (0: refused, and why is written down), what calibration
    made of the size, and how many moments of financing lie before."""
    (_, _, night, _, open_time, close_time), _, (_, _, _, _, _, _, day_start), (_, refusal) = account
    moment = open_time[j] if at_next_open else close_time[j]
    state, record, day, place = running
    day = day_at(day_start, day, moment)
    place = night_at(night, place, moment, at_next_open)
    units, share, refusal[e] = entry_size(account, (state, record, day, place), e, j, moment, price, stop_distance)
    if refusal[e] == ALLOWED:
        state = entered(state, day)
    return (state, record, day, place), units, share, place


@compiled()
def booked(
    account: Account,
    running: Running,
    k: int,
    size: tuple[float, float, int],
    end: tuple[int, bool, bool],
    places: tuple[int, int],
    paid: tuple[float, float],
    stop_distance: float,
) -> Running:
    """Write the money of trade k and give what runs on.

    size: units, calibration's share, moments of financing before. end: side, whether it is still open, whether at an open.
    places: bars of entry and exit. paid: prices of entry and exit, slippage included.
    """
    (_, rate, night, nights, open_time, close_time), _, settings, (money, _) = account
    charges, calibration, day_start = settings[2], settings[5], settings[6]
    state, record, day, place = running
    (units, share, since), (side, open_, at_open), (j, x), (fill, price) = size, end, places, paid
    left = open_time[x] if at_open else close_time[x]
    place = night_at(night, place, left, at_open)
    entry_fee = fee(units, fill, rate[j], charges)
    exit_fee = 0.0 if open_ else fee(units, price, rate[x], charges)
    swap = units * (nights[place] - nights[since]) * night_earns(side, fill, charges) * rate[x]
    pnl = units * charges[7] * side * (price - fill) * rate[x] + swap - entry_fee - exit_fee
    money[0, k], money[1, k], money[2, k], money[3, k] = units, share, entry_fee, exit_fee
    money[4, k], money[5, k], money[6, k] = swap, pnl, rate[j]
    if open_:
        return state, record, day, place
    day = day_at(day_start, day, left)
    state = closed(state, pnl, left, day, calibration)
    return state, with_result(record, pnl / (units * charges[7] * stop_distance * rate[j])), day, place
