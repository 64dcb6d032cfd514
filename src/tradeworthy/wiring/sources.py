"""Where bars and trades come from, by the words that people use for it."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tradeworthy.adapters.files.bar_files import BarOptions, bars_from
from tradeworthy.adapters.files.ecb import EcbRates
from tradeworthy.adapters.files.folder import BarFolder
from tradeworthy.adapters.files.packaged_indices import PackagedIndices
from tradeworthy.core.bar import DayCut, PriceSide, Timeframe
from tradeworthy.core.errors import InputError
from tradeworthy.core.instrument import Instrument, instrument_named
from tradeworthy.market.bars import Bars
from tradeworthy.ports import BarStore
from tradeworthy.settings.tree import DataSettings


def read_bars(
    source: Any,
    *,
    instrument: str | Instrument | None = None,
    timeframe: str | Timeframe | None = None,
    timezone: str | None = None,
    price_side: PriceSide | str | None = None,
    day_cut: DayCut | None = None,
    columns: Mapping[str, str] | None = None,
    repair: bool = False,
) -> Bars:
    """Bars from a file, a dataframe or a bundled source.

    source: a path to Parquet or CSV; a dataframe of pandas, polars, pyarrow and others; `ecb:EUR_USD` (any pair of the
    ECB's currencies, one fixing a day since 1999); `arch:sp500` or `arch:nasdaq` (daily bars 1999 to 2018).
    instrument, timeframe: taken from a file name such as EUR_USD_H4.csv when not given; the timeframe from the bars'
    usual distance otherwise. price_side: that of the columns' names (bid_close), else mid. timezone: of times that
    name none; without it they are refused. columns: `{"close": "Px"}`.
    repair: sort, and drop duplicates and impossible bars, noting it in `bars.findings`, instead of refusing them.
    Raises InputError (BadBars for bars that break a rule) with one sentence that says what to do.
    """
    bundled = Timeframe.D if timeframe is None else Timeframe.parse(timeframe)
    given = [instrument, timezone, price_side, day_cut, columns, repair or None]
    if isinstance(source, str) and source.startswith(("ecb:", "arch:")) and any(one is not None for one in given):
        raise InputError(
            f"{source}: a bundled source knows its own instrument, zone, side and cut; leave those arguments out"
        )
    if isinstance(source, str) and source.startswith("ecb:"):
        return EcbRates().read(instrument_named(source.removeprefix("ecb:")).symbol, bundled)
    if isinstance(source, str) and source.startswith("arch:"):
        return PackagedIndices().read(source.removeprefix("arch:"), bundled)
    if price_side is not None and price_side not in list(PriceSide):
        raise InputError(f"{price_side!r} is not a side of the market; use {', '.join(PriceSide)}")
    side = None if price_side is None else PriceSide(price_side)
    return bars_from(source, BarOptions(instrument, timeframe, timezone, side, day_cut, columns or {}, repair))


def bar_store(data: DataSettings, beside: Path, folder: Path | None = None) -> BarStore[Bars]:
    """The store that the settings name; a `folder` given on the command line wins over them."""
    if folder is None and data.source == "ecb":
        return EcbRates()
    options = BarOptions(timezone=data.timezone, price_side=data.price_side, columns=data.columns, repair=data.repair)
    return BarFolder(folder or beside / data.folder, options, data.rebuild)
