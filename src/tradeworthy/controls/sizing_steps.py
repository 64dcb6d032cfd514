"""From money and risk to units, compiled; zero units are no trade and carry the `Refusal` that says why.

`rate` is what one unit of the instrument gains in the account's currency when its price rises by one: the conversion
rate of the quote currency, times the contract's multiplier where it has one. NaN says that it is unknown.
"""

import math

import numpy as np
import numpy.typing as npt

from tradeworthy.controls import sizing as at
from tradeworthy.controls.refusals import Refusal
from tradeworthy.indicators.compiling import compiled

Packed = npt.NDArray[np.float64]

TradeRecord = tuple[int, int, float, float]
"""Wins, losses, sum of the winners' R, sum of the losers' R (of either sign); trades of exactly zero are in neither."""

ALLOWED = int(Refusal.NONE)
NO_MULTIPLIER, NO_EQUITY, NO_PRICE = int(Refusal.NO_MULTIPLIER), int(Refusal.NO_EQUITY), int(Refusal.NO_PRICE)
NO_RATE, NO_STOP, NO_VOLATILITY = int(Refusal.NO_RATE), int(Refusal.NO_STOP), int(Refusal.NO_VOLATILITY)
NOT_ENOUGH_TRADES, NO_EDGE = int(Refusal.NOT_ENOUGH_TRADES), int(Refusal.NO_EDGE)
NO_MARGIN, BELOW_MINIMUM = int(Refusal.NO_MARGIN), int(Refusal.BELOW_MINIMUM)

STEP_NOISE, EPSILON = 1e-9, 2.0**-52


@compiled()
def counts(value: float) -> bool:
    """Above zero and finite; not NaN."""
    return value > 0.0 and value < math.inf


@compiled()
def kelly_fraction(win_probability: float, odds: float) -> float:
    """The share of capital that makes it grow fastest: p - (1 - p) / b (Kelly 1956). Zero or less says: do not bet."""
    return win_probability - (1.0 - win_probability) / odds


@compiled()
def wilson_low(wins: float, n: float, z: float) -> float:
    """Lower end of the score interval of a share (Wilson 1927); the share itself for z = 0."""
    share, shrink = wins / n, 1.0 + z * z / n
    middle = (share + z * z / (2.0 * n)) / shrink
    half = z * math.sqrt(share * (1.0 - share) / n + z * z / (4.0 * n * n)) / shrink
    return max(0.0, middle - half)


@compiled()
def kelly_risk(sizing: Packed, record: TradeRecord) -> tuple[float, int]:
    """The share of equity to lose at a full stop (1 R), and 0 or why there is none.

    The Kelly share is what the average loss may cost; a stop loses 1 R, so it is divided by the average loss in R. The
    cap holds for both, so that small average losses do not make large stops.
    """
    wins, losses, won, lost = record
    if wins + losses < sizing[at.LEAST_TRADES] or losses == 0:
        return (sizing[at.UNTIL_THEN], ALLOWED) if sizing[at.UNTIL_THEN] > 0.0 else (0.0, NOT_ENOUGH_TRADES)
    if wins == 0:
        return 0.0, NO_EDGE
    average_win, average_loss = won / wins, abs(lost) / losses
    if not counts(average_win) or not counts(average_loss):
        return 0.0, NO_EDGE
    chance = wilson_low(float(wins), float(wins + losses), sizing[at.Z])
    share = sizing[at.FRACTION] * kelly_fraction(chance, average_win / average_loss)
    if not share > 0.0:
        return 0.0, NO_EDGE
    return min(sizing[at.CAP], min(sizing[at.CAP], share) / average_loss), ALLOWED


@compiled()
def unusable(equity: float, rate: float) -> int:
    """The `Refusal` of an equity or rate that no size can be computed from, or 0."""
    if not counts(equity):
        return NO_EQUITY
    return ALLOWED if counts(rate) else NO_RATE


@compiled()
def risked(sizing: Packed, record: TradeRecord) -> tuple[float, int]:
    """The share of equity to lose at the stop, for the kinds that size by it."""
    return kelly_risk(sizing, record) if sizing[at.KIND] == at.KELLY else (sizing[at.AMOUNT], ALLOWED)


@compiled()
def wanted_units(
    sizing: Packed,
    equity: float,
    price: float,
    stop_distance: float,
    rate: float,
    annual_volatility: float,
    record: TradeRecord,
    multiplier: float,
) -> tuple[float, int]:
    """Units before limits and 0, or 0.0 and the `Refusal`.

    sizing: `packed()` of its settings; equity in the account's currency; price and stop_distance in price units (NaN:
    none); annual_volatility as a share of the price (NaN: unknown); multiplier: the calibration's.
    """
    kind = sizing[at.KIND]
    units, code = 0.0, unusable(equity, rate)
    if not counts(multiplier):
        code = NO_MULTIPLIER
    elif code != ALLOWED:
        pass
    elif kind == at.UNITS:
        units = sizing[at.AMOUNT]
    elif kind == at.VOLATILITY_TARGET:
        if not counts(annual_volatility) or not counts(price):
            code = NO_PRICE if counts(annual_volatility) else NO_VOLATILITY
        else:
            units = equity * sizing[at.AMOUNT] / (annual_volatility * price * rate)
    elif not counts(stop_distance):
        code = NO_STOP
    else:
        risk, code = risked(sizing, record)
        units = equity * risk / (stop_distance * rate)
    return (units * multiplier if code == ALLOWED else 0.0), code


@compiled()
def whole_steps(units: float, lot_step: float) -> float:
    """Units rounded down to whole lot steps.

    A quotient that float noise left just under a whole number is that number: within a billionth of a step, or within
    what a float of that size can tell apart. Steps such as 0.01 are counted by their inverse, which is exact where
    0.01 is not, so that the result is the float nearest to the decimal size.
    """
    inverse = np.floor(1.0 / lot_step + 0.5)
    by_inverse = lot_step < 1.0 and abs(inverse * lot_step - 1.0) <= 4.0 * EPSILON
    quotient = units * inverse if by_inverse else units / lot_step
    steps = np.floor(quotient + STEP_NOISE + 4.0 * EPSILON * quotient)
    return float(steps / inverse if by_inverse else steps * lot_step)


@compiled()
def permitted_units(
    units: float,
    price: float,
    rate: float,
    equity: float,
    lot_step: float,
    min_units: float,
    leverage: float,
    max_units: float,
) -> tuple[float, int]:
    """Units within the limits, in whole lot steps, and 0; or 0.0 and the `Refusal`: never rounded up to one lot.

    leverage: the most of notional (units x price x rate) / equity; max_units: infinite for no limit. Rounding to lot
    steps may exceed a limit by float noise (a billionth of a step) and by no more.
    """
    code = unusable(equity, rate)
    if code == ALLOWED and not counts(price):
        code = NO_PRICE
    if code != ALLOWED:
        return 0.0, code
    wished = whole_steps(min(units, max_units), lot_step) if units > 0.0 else 0.0
    sized = min(wished, whole_steps(leverage * equity / (price * rate), lot_step))
    least = max(min_units * (1.0 - 4.0 * EPSILON), STEP_NOISE * lot_step)
    if sized >= least:
        return sized, ALLOWED
    return 0.0, NO_MARGIN if wished >= least else BELOW_MINIMUM
