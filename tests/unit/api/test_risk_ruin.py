"""An account that came to nothing ends the record, and is the first thing that is said."""

from typing import Any

import numpy as np
import pytest

from tradeworthy.api.risk_assessment import Assessed, RiskAssessment
from tradeworthy.api.risk_calculator import RiskCalculator
from tradeworthy.appraisal.loss_record import Urgency
from tradeworthy.core.bar import Timeframe
from tradeworthy.core.clock import DAY_NS
from tradeworthy.core.errors import InputError, NotEnoughData
from tradeworthy.core.instrument import instrument_named
from tradeworthy.market.bars import Bars

CROSS = {"fast": 5, "slow": 12, "stop_atr": 2.0, "target_atr": 6.0, "max_risk_per_trade": 0.05}
RUINED = "the account of {} was ruined on {}, and the record ends with that day"


def crashing(n: int, at: int, *, first: int = 18_000, symbol: str = "EUR_USD") -> Bars:
    """Days of which one opens at half the price."""
    close = 1.1 * np.exp(np.cumsum(np.random.default_rng(1).normal(0, 0.004, n)))
    close[at:] *= 0.5
    open_ = np.append(close[:1], close[:-1])
    open_[at : at + 1] = close[at : at + 1]
    opened = (np.arange(n) + first) * DAY_NS
    high, low = np.maximum(open_, close) * 1.001, np.minimum(open_, close) * 0.999
    return Bars(instrument_named(symbol), Timeframe.D, opened, opened + DAY_NS, open_, high, low, close)


def assessed(parameters: dict[str, Any], bars: Any, **more: Any) -> Assessed:
    return RiskAssessment(paths=2_000, scenarios=(), crises=(), **more).run(parameters, bars)


def test_years_after_ruin_are_no_quiet_days() -> None:
    """The same with 60 days after it and with 700: the record and its score are those of the days up to the ruin."""
    short, long = (assessed(CROSS, crashing(n, 300)) for n in (360, 1_000))
    assert short.record.days == long.record.days == 287
    assert short.record.last_day == long.record.last_day == "2020-02-08"
    assert short.record.worst_day == long.record.worst_day == -1.0
    assert short.record.potential == long.record.potential
    assert short.record.trades == long.record.trades


def test_an_account_that_was_ruined_is_said_first_even_where_there_is_no_score() -> None:
    found = assessed(CROSS, crashing(1_000, 60))
    said = RUINED.format("ma_crossover", "2019-06-13")
    assert found.score is None
    assert found.executive_summary[0] == f"T{said[1:]}."
    assert found.executive_summary[1].startswith("There are not enough data for a score: the record has 47 days")
    assert "it ended in ruin, and only smaller sizes make it longer" in found.record.score.reason
    first = found.recommendations[0]
    assert (first.level, first.action) == (Urgency.CRITICAL, "do not trade ma_crossover at these sizes")
    assert first.reason == said
    assert said in found.record.assumptions


def test_a_book_ends_with_the_first_ruin_and_names_the_others() -> None:
    book = {"EUR_USD_D": CROSS, "GBP_USD_D": CROSS}
    found = assessed(book, {"EUR_USD": crashing(600, 303), "GBP_USD": crashing(600, 300, symbol="GBP_USD")})
    assert found.record.last_day == "2020-02-08"
    assert found.executive_summary[0].startswith(
        "The account of GBP_USD_D was ruined on 2020-02-08, and the record ends"
    )
    assert found.executive_summary[0].endswith("; 1 further account came to nothing too.")
    assert (
        "the account of EUR_USD_D was ruined on 2020-02-11, after the last day of the record"
        in found.record.assumptions
    )
    assert found.recommendations[0].action == "do not trade GBP_USD_D and 1 other strategy at these sizes"


def test_a_book_that_was_not_ruined_says_nothing_of_ruin() -> None:
    found = assessed({**CROSS, "max_risk_per_trade": 0.005}, crashing(600, 310), max_risk_per_trade=0.005)
    assert found.record.last_day == "2020-12-03"
    told = " ".join(
        [*found.executive_summary, *found.record.assumptions, *(one.action for one in found.recommendations)]
    )
    assert "ruin" not in told


def test_a_calculator_says_what_ended_its_record() -> None:
    calculator = RiskCalculator()
    score = calculator.drawdown_score(CROSS, crashing(1_000, 300))
    assert score.days == 287
    assert RUINED.format("ma_crossover", "2020-02-08") in calculator.assumptions


def test_losses_are_not_drawn_from_a_few_trades_that_ended_in_ruin() -> None:
    with pytest.raises(
        NotEnoughData,
        match=r"there are 26 closed trades .* at least 30 are needed; bring more history; the account of ma_crossover",
    ):
        RiskCalculator().calculate_max_drawdown_potential(CROSS, crashing(1_000, 300))


def test_a_ruin_before_the_others_could_trade_is_refused_in_a_sentence() -> None:
    book = {"EUR_USD_D": CROSS, "GBP_USD_D": CROSS}
    bars = {"EUR_USD": crashing(600, 60), "GBP_USD": crashing(300, 310, first=18_200, symbol="GBP_USD")}
    with pytest.raises(
        InputError, match="the account of EUR_USD_D was ruined on 2019-06-13, before GBP_USD_D could trade"
    ):
        RiskCalculator().drawdown_score(book, bars)
