"""Money of the quote currency into money of the account."""

from typing import Any

import numpy as np
import numpy.typing as npt

from tradeworthy.core.errors import InputError
from tradeworthy.core.finite import positive
from tradeworthy.market.bars import Bars

Floats = npt.NDArray[np.float64]
Rates = float | Bars | None


def rate_column(bars: Bars, currency: str, rates: Rates) -> Floats:
    """(n,) account money for one unit of the quote currency, as it was known when each bar opened; NaN before.

    Raises InputError when the account's currency differs from the quote and nothing tells the rate.
    """
    instrument = bars.instrument
    if rates is None:
        if currency == instrument.quote:
            return np.broadcast_to(np.float64(1.0), len(bars))
        if currency == instrument.base:
            return _of_own_price(bars)
        raise InputError(
            f"{bars.label} is paid in {instrument.quote} and the account is in {currency}: no rate between them; give "
            f'rates=read_bars("ecb:{currency}_{instrument.quote}"), other bars of that pair, or a number of {currency} '
            f"for one {instrument.quote}"
        )
    if isinstance(rates, Bars):
        return _as_of(bars.open_time, rates, instrument.quote, currency)
    return np.broadcast_to(np.float64(positive(rates, "account: rates")), len(bars))


def _of_own_price(bars: Bars) -> Floats:
    rate = np.empty(len(bars))
    rate[:1] = 1.0 / bars.open[:1]
    np.divide(1.0, bars.close[:-1], out=rate[1:])
    return rate


def _as_of(times: npt.NDArray[np.int64], rates: Bars, quote: str, currency: str) -> Floats:
    pair = (rates.instrument.base, rates.instrument.quote)
    if pair not in {(quote, currency), (currency, quote)}:
        raise InputError(
            f"account: rates are bars of {rates.instrument.symbol}, which does not tell {quote} in {currency}; "
            f"bring {quote}_{currency} or {currency}_{quote}"
        )
    known = np.searchsorted(rates.close_time, times, side="right")
    padded = np.concatenate(([np.nan], rates.close if pair[0] == quote else 1.0 / rates.close))
    column: Floats = padded[known]
    return column


def told(rates: Rates) -> Any:
    """What names the rates in a hash."""
    return rates.data_hash if isinstance(rates, Bars) else rates
