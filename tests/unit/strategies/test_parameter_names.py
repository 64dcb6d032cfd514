"""Many spellings, one meaning."""

import re
from pathlib import Path

import pytest

from tradeworthy.core.bar import Timeframe
from tradeworthy.strategies.parameter_names import Role, market_of, meant, role_of, unit_of

PAGE = (Path(__file__).parents[3] / "docs" / "parameters.md").read_text()
ROWS = re.findall(r"^\| `(\w+)` \| [^|]+ \| ([^|]+) \|$", PAGE, re.MULTILINE)


@pytest.mark.parametrize(("role", "spellings"), ROWS)
def test_every_spelling_in_the_documents_is_known(role: str, spellings: str) -> None:
    for name in re.findall(r"`([^`]+)`", spellings):
        assert role_of(name) == role, name


def test_every_meaning_is_documented() -> None:
    assert {role for role, _ in ROWS} == {str(role) for role in Role}


@pytest.mark.parametrize(
    "name", ["short", "long", "allow_long", "trailing_stop", "rsi_period", "period", "lots", "MagicNumber", ""]
)
def test_a_name_that_can_mean_other_things_means_nothing(name: str) -> None:
    assert role_of(name) is None


def test_two_names_for_one_thing_count_only_where_they_agree() -> None:
    same = meant({"fast": 10, "fast_ma": 10})
    assert (same.values[Role.FAST], same.unclear) == (10, ())
    other = meant({"fast": 10, "fast_ma": 12})
    assert Role.FAST not in other.values
    assert other.unclear == ("fast = 10 and fast_ma = 12 could each be its fast, so no rule about that was run",)


def test_a_plain_stop_is_a_multiple_of_atr_only_beside_an_atr_and_of_its_size() -> None:
    assert meant({"sl": 1.5, "tp": 3, "atr_period": 14}).values == {
        Role.STOP_ATR: 1.5, Role.TARGET_ATR: 3, Role.ATR_PERIOD: 14
    }  # fmt: skip
    assert meant({"sl": 1.5}).values == {Role.STOP: 1.5}
    assert Role.STOP_ATR not in meant({"sl": 50, "atr_period": 14}).values
    assert Role.STOP_ATR not in meant({"sl_pips": 5, "atr_period": 14}).values
    assert meant({"sl": 9.0, "sl_atr": 2.0, "atr_period": 14}).values[Role.STOP_ATR] == 2.0


def test_units_are_read_from_the_name() -> None:
    assert [unit_of(name) for name in ("sl_pips", "TakeProfitPips", "stop_loss_pct", "sl")] == ["pip", "pip", "pct", ""]


@pytest.mark.parametrize(
    ("name", "parameters", "market"),
    [
        ("MA_EUR_USD_H4", {}, ("EUR_USD", Timeframe.H4)),
        ("EurUsdDaily", {}, ("EUR_USD", Timeframe.D)),
        ("gbpjpy_15m", {}, ("GBP_JPY", Timeframe.M15)),
        ("X", {"symbol": "eurusd", "tf": "1h"}, ("EUR_USD", Timeframe.H1)),
        ("Other", {"symbol": 5, "timeframe": "often"}, (None, None)),
    ],
)
def test_market_and_timeframe_come_from_parameters_or_the_name(
    name: str, parameters: dict[str, object], market: tuple[str | None, Timeframe | None]
) -> None:
    assert market_of(name, meant(parameters)) == market
