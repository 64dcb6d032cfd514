"""Every setting reaches the book."""

from dataclasses import asdict

from tradeworthy.core.bar import Timeframe
from tradeworthy.core.instrument import instrument_named
from tradeworthy.settings.books import book_from
from tradeworthy.settings.loading import from_text

TEXT = """schema = 1
[desk]
name = "mine"
[validation]
months = 7
paths = 2345
seed = 11
[fills]
entry = "close"
stops_from = "signal_close"
check_entry_bar = false
gap = "trigger"
both = "target"
open_first = false
reenter_on_exit_bar = "after_signal"
[costs.spread_pips]
GBPJPY = 3.5
[strategies.A]
instrument = "GBP/JPY"
timeframe = "H4"
fast = 7
slow = 33
atr_period = 9
stop_atr = 1.25
target_atr = 4.5
min_atr = 0.125
exit_on_opposite_cross = false
min_reward_risk = 2.75
min_candles = 345
"""


def test_every_setting_reaches_the_book() -> None:
    book = book_from(from_text(TEXT, "text", {}))
    assert book.name == "mine"
    assert asdict(book.study) == {"months": 7, "paths": 2345, "seed": 11}
    assert asdict(book.fills) == {
        "entry": "close", "stops_from": "signal_close", "check_entry_bar": False, "gap": "trigger", "both": "target",
        "open_first": False, "reenter_on_exit_bar": "after_signal",
    }  # fmt: skip
    assert book.costs.spread(instrument_named("GBP_JPY")) == 0.035
    (one,) = book.strategies
    assert (one.name, one.instrument, one.timeframe) == ("A", "GBP_JPY", Timeframe.H4)
    assert (one.min_reward_risk, one.min_candles) == (2.75, 345)
    assert asdict(one.rules) == {
        "fast": 7, "slow": 33, "atr_period": 9, "stop_atr": 1.25, "target_atr": 4.5, "min_atr": 0.125,
        "exit_on_opposite_cross": False,
    }  # fmt: skip
