"""The words by which people name a source."""

from pathlib import Path
from typing import Any

import pytest

from tradeworthy.core.bar import PriceSide, Timeframe
from tradeworthy.core.errors import InputError
from tradeworthy.settings.tree import DataSettings
from tradeworthy.wiring.sources import bar_store, read_bars

ROWS = "time,open,high,low,close\n2020-01-06 00:00,1,2,0.5,1.5\n2020-01-07 00:00,1,2,0.5,1.5\n"


@pytest.mark.parametrize(
    ("source", "label"), [("ecb:eur/usd", "EUR_USD D"), ("ecb:GBPJPY", "GBP_JPY D"), ("arch:SP500", "SPX D")]
)
def test_bundled_bars_are_asked_for_by_name(source: str, label: str) -> None:
    assert read_bars(source).label == label
    assert len(read_bars(source, timeframe="1d")) > 5000


@pytest.mark.parametrize(
    ("source", "options", "sentence"),
    [
        ("ecb:EUR_USD", {"timeframe": "H4"}, "no H4 bars"), ("arch:sp500", {"timeframe": "H1"}, "daily bars"),
        ("ecb:", {}, "not the name of an instrument"), ("arch:dax", {}, "sp500 and nasdaq only"),
        ("nowhere.csv", {"price_side": "middle"}, "'middle' is not a side of the market; use bid, mid, ask"),
        ("nowhere.csv", {"timeframe": "H3"}, "not a timeframe"), ("nowhere.csv", {}, "no such file"),
    ],
)  # fmt: skip
def test_a_source_that_cannot_be_is_refused(source: str, options: dict[str, str], sentence: str) -> None:
    with pytest.raises(InputError, match=sentence):
        read_bars(source, **options)  # type: ignore[arg-type] # as a user's own dictionary would pass them


def test_the_settings_choose_the_store_and_a_folder_on_the_command_line_wins(tmp_path: Path) -> None:
    bars = tmp_path / "bars"
    bars.mkdir()
    (bars / "EUR_USD_D.csv").write_text(ROWS)
    assert bar_store(DataSettings(), tmp_path).name == "ecb"
    settings = DataSettings(source="folder", timezone="Asia/Tokyo", price_side=PriceSide.BID)
    read = bar_store(settings, tmp_path).read("EUR_USD", Timeframe.D)
    assert (read.price_side, read.open_time[0] % (24 * 3600 * 10**9)) == (PriceSide.BID, 15 * 3600 * 10**9)
    assert bar_store(DataSettings(timezone="UTC"), Path(), bars).read("EUR_USD", Timeframe.D).source == "EUR_USD_D.csv"


@pytest.mark.parametrize("options", [{"price_side": "bid"}, {"instrument": "EUR_USD"}, {"repair": True}])
def test_a_bundled_source_refuses_what_it_would_have_to_ignore(options: dict[str, Any]) -> None:
    with pytest.raises(InputError, match="a bundled source knows its own"):
        read_bars("ecb:EUR_USD", **options)


@pytest.mark.parametrize(
    ("columns", "given", "side"),
    [("bid_open,bid_high,bid_low,bid_close", None, "bid"), ("ask_open,ask_high,ask_low,ask_close", None, "ask"),
     ("open,high,low,close", None, "mid"), ("bid_open,bid_high,bid_low,bid_close", "mid", "mid")],
)  # fmt: skip
def test_the_side_of_the_market_is_what_the_columns_say(
    tmp_path: Path, columns: str, given: str | None, side: str
) -> None:
    path = tmp_path / "EUR_USD_D.csv"
    path.write_text(f"time,{columns}\n2024-01-01T22:00:00Z,1.1,1.2,1.0,1.1\n2024-01-02T22:00:00Z,1.1,1.2,1.0,1.1\n")
    assert read_bars(path, price_side=given).price_side == side
