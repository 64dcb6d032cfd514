"""S&P 500 and NASDAQ Composite daily bars, 1999 to 2018, from the installed package arch."""

from dataclasses import dataclass

from tradeworthy.adapters.files.bar_files import BarOptions, bars_from
from tradeworthy.adapters.files.ecb import packaged_file
from tradeworthy.core.bar import Timeframe
from tradeworthy.core.errors import InputError
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
        path = packaged_file("arch", "data", key, f"{key}.csv.gz")
        return bars_from(path, BarOptions(instrument=_FILES[key], timeframe=timeframe, timezone="America/New_York"))
