"""The moving-average cross."""

import pytest

from support.hand_cases import MA_CASES, MaCase
from support.plain_backtest import plain_ma_signals
from support.sameness import same_row
from tradeworthy.core.bar import Timeframe
from tradeworthy.core.clock import HOUR_NS
from tradeworthy.core.errors import InputError
from tradeworthy.core.instrument import instrument_named
from tradeworthy.market.bars import Bars
from tradeworthy.strategies.ma_cross import MaCrossover


@pytest.mark.parametrize("case", MA_CASES, ids=lambda case: case.name)
def test_decisions_are_those_that_paper_gives(case: MaCase) -> None:
    plain = plain_ma_signals(
        case.high, case.low, case.close, case.fast, case.slow, case.atr_period, case.stop_atr, case.target_atr,
        case.min_atr, case.exit_on_opposite_cross,
    )  # fmt: skip
    assert all(same_row(plain[i], case.expected[i]) for i in range(4))
    times = [i * HOUR_NS for i in range(len(case.close))]
    ends = [moment + HOUR_NS for moment in times]
    bars = Bars(
        instrument_named("EUR_USD"), Timeframe.H1, times, ends, case.close, case.high, case.low, case.close  # type: ignore[arg-type]
    )  # fmt: skip
    decisions = MaCrossover(
        case.fast, case.slow, case.atr_period, case.stop_atr, case.target_atr, case.min_atr, case.exit_on_opposite_cross
    ).decisions(bars)
    ours = decisions.columns(len(bars))
    assert all(same_row(ours[i].tolist(), case.expected[i]) for i in range(4))


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"fast": 0, "slow": 5}, "fast must be a whole number of bars, 1 or more, not 0"),
        ({"fast": 5, "slow": 5}, "never cross"),
        ({"fast": 2.5, "slow": 5}, "fast must be a whole number"),
        ({"fast": 2, "slow": 5, "atr_period": True}, "atr_period must be a whole number"),
        ({"fast": 2, "slow": 5, "stop_atr": 0}, "stop_atr must be above zero"),
        ({"fast": 2, "slow": 5, "target_atr": float("nan")}, "target_atr must be above zero"),
        ({"fast": 2, "slow": 5, "min_atr": -1}, "min_atr must be zero or above"),
    ],
)
def test_an_impossible_parameter_is_named_with_its_range(arguments: dict[str, float], words: str) -> None:
    with pytest.raises(InputError, match=words):
        MaCrossover(**arguments)  # type: ignore[arg-type]


def test_an_inverted_cross_can_be_built_and_warms_up_by_its_longer_average() -> None:
    assert MaCrossover(160, 20, stop_atr=1.5, target_atr=2.25).warm_up == 161
