"""S&P 500 and NASDAQ Composite daily bars, 1999 to 2018, from the installed package arch."""

from dataclasses import dataclass, replace

from tradeworthy.adapters.files.bar_files import BarOptions, bars_from
from tradeworthy.adapters.files.tables import read_table
from tradeworthy.core.bar import Timeframe
from tradeworthy.core.errors import InputError
from tradeworthy.core.packaged import packaged_file
from tradeworthy.market.bars import Bars

_FILES = {"sp500": "SPX", "nasdaq": "IXIC"}


@dataclass(frozen=True, slots=True)
class PackagedIndices:
    """A store of the two indices, by the names `sp500` and `nasdaq`."""

    @property
    def name(self) -> str:
        """`arch`."""
        return "arch"

    def read(self, symbol: str, timeframe: Timeframe = Timeframe.D) -> Bars:
        """All daily bars of one index."""
        if symbol.lower() not in _FILES or timeframe is not Timeframe.D:
            raise InputError(f"arch:{symbol}: there are daily bars of {' and '.join(_FILES)} only")
        key = symbol.lower()
        table = read_table(packaged_file("arch", "data", key, f"{key}.csv.gz"))
        frame = table.with_columns(table["Date"].str.to_date("%m/%d/%Y"))
        options = BarOptions(instrument=_FILES[key], timeframe=timeframe, timezone="America/New_York")
        return replace(bars_from(frame, options), source=f"package arch, {key}")
