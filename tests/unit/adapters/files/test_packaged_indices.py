"""The two indices that come with arch."""

import pandas as pd
import pytest
from arch.data import nasdaq, sp500

from tradeworthy.adapters.files.packaged_indices import PackagedIndices
from tradeworthy.core.bar import Timeframe
from tradeworthy.core.errors import InputError


@pytest.mark.parametrize(("symbol", "load"), [("sp500", sp500.load), ("nasdaq", nasdaq.load)])
def test_the_bars_are_those_that_arch_itself_loads(symbol: str, load: object) -> None:
    assert callable(load)
    table: pd.DataFrame = load()
    bars = PackagedIndices().read(symbol)
    days = pd.to_datetime(bars.open_time, utc=True).tz_convert("America/New_York")
    assert list(days.strftime("%Y-%m-%d")) == list(table.index.strftime("%Y-%m-%d"))
    assert bars.close.tolist() == table["Close"].tolist()
    assert bars.low.tolist() == table["Low"].tolist()
    assert not bars.close_only


@pytest.mark.parametrize(("symbol", "timeframe"), [("dax", "D"), ("", "D"), ("sp500", "H4")])
def test_other_indices_and_timeframes_are_refused(symbol: str, timeframe: str) -> None:
    with pytest.raises(InputError, match="daily bars of sp500 and nasdaq only"):
        PackagedIndices().read(symbol, Timeframe(timeframe))
