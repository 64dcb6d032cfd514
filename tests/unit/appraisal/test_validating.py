"""A book validated as a whole, on real rates."""

import re
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
import pytest

from support.samples import history, r_of
from support.validations import example
from tradeworthy.api.progress import Silent
from tradeworthy.api.validation import moment, validate
from tradeworthy.appraisal.book import Book, BookStrategy, Study
from tradeworthy.appraisal.judging import judge, months_before
from tradeworthy.backtest.costs import Costs
from tradeworthy.backtest.engine import run_backtest
from tradeworthy.core.bar import Timeframe
from tradeworthy.core.clock import from_datetime, to_datetime
from tradeworthy.core.errors import InputError
from tradeworthy.core.verdict import RiskLevel, StrategyVerdict
from tradeworthy.strategies.ma_cross import MaCrossover
from tradeworthy.wiring.sources import read_bars


def book_of(*strategies: BookStrategy, **study: int) -> Book:
    """A book without spread."""
    return Book("test", strategies, costs=Costs(0.0), study=Study(**study))


EUR = BookStrategy("EUR_USD_D", "EUR_USD", Timeframe.D, MaCrossover(10, 20, stop_atr=1.5, target_atr=2.25))


def test_the_example_book_gives_a_verdict_for_each_of_its_eight_strategies() -> None:
    record = example()
    assert [one.name for one in record.strategies] == sorted(one.name for one in record.strategies)
    assert len(record.strategies) == 8
    assert record.window_end == "2024-06-29T00:00:00Z"
    assert record.window_start == "2024-03-29T00:00:00Z"
    assert record.parameter_risk is RiskLevel.MEDIUM
    assert record.pool is not None
    assert record.pool.trades == sum(len(one.trades.r) for one in record.strategies)


def test_window_and_baseline_share_every_closed_trade_between_them() -> None:
    for one in example().strategies:
        assert one.baseline_trades + one.window_trades == len(one.trades.r)
        before = [
            r for when, r in zip(one.trades.exit_time, one.trades.r, strict=True) if when <= "2024-03-29T00:00:00Z"
        ]
        assert len(before) == one.baseline_trades
        assert one.baseline_mean_r == pytest.approx(np.mean(before))


def test_the_same_inputs_give_the_same_record() -> None:
    assert validate("fx-daily", as_of="2024-06-28") == example()


def test_a_strategy_is_judged_the_same_by_itself_but_for_the_others_it_is_adjusted_for() -> None:
    alone = validate(book_of(EUR), as_of="2024-06-28").strategies[0]
    two = validate(
        book_of(
            EUR, BookStrategy("GBP_USD_D", "GBP_USD", Timeframe.D, MaCrossover(10, 80, stop_atr=1.5, target_atr=2.25))
        ),
        as_of="2024-06-28",
    ).strategies[0]
    assert alone.comparison is not None
    assert two.comparison is not None
    assert alone.trades == two.trades
    assert alone.comparison.power > two.comparison.power


def test_nothing_after_the_day_asked_for_is_looked_at() -> None:
    for one in validate("fx-daily", as_of="2010-01-29").strategies:
        assert one.data.last <= "2010-01-29T23:59:59Z"
        assert max(one.trades.exit_time) <= "2010-01-29T23:59:59Z"


def test_data_that_end_before_the_window_are_out_of_date() -> None:
    record = validate(book_of(EUR), as_of="2040-01-01")
    assert record.strategies[0].judgement.verdict is StrategyVerdict.OUT_OF_DATE
    assert "before the window begins" in record.strategies[0].judgement.reason
    assert record.pool is None


def test_every_strategy_whose_bars_cannot_be_used_is_named() -> None:
    wrong = BookStrategy("A", "EUR_XAU", Timeframe.D, EUR.rules), BookStrategy("B", "EUR_USD", Timeframe.H4, EUR.rules)
    with pytest.raises(InputError, match=r"2 of the book's inputs(?s:.*)XAU(?s:.*)no H4 bars"):
        validate(book_of(*wrong, EUR))


def test_a_period_longer_than_the_history_is_refused_with_both_numbers() -> None:
    long = BookStrategy("long", "EUR_USD", Timeframe.D, MaCrossover(10, 50_000, stop_atr=1.5, target_atr=2.25))
    with pytest.raises(InputError, match=r"long: [\d]+ bars of EUR_USD D are too few; its longest period needs 50001"):
        validate(book_of(long))


def test_a_strategy_without_a_stop_has_no_r_and_is_refused() -> None:
    with pytest.raises(InputError, match="needs a stop"):
        validate(book_of(BookStrategy("free", "EUR_USD", Timeframe.D, MaCrossover(10, 20))))


def test_the_book_of_sixteen_runs_on_the_real_bars(shared: Path) -> None:
    record = validate("fx-16", data=shared / "data" / "fx")
    verdicts = {one.name: one.judgement.verdict for one in record.strategies}
    assert len(verdicts) == 16
    late = {name for name, verdict in verdicts.items() if verdict is StrategyVerdict.OUT_OF_DATE}
    assert late == {"NZD_USD_D", "NZD_USD_H4"}
    assert record.window_end == "2022-03-04T22:00:00Z"
    assert record.parameter_risk is RiskLevel.MEDIUM
    high = {one.name for one in record.strategies if one.parameter_risk is RiskLevel.HIGH}
    assert high == {"AUD_USD_H4", "GBP_JPY_D", "USD_CAD_H4"}
    assert record.pool is not None
    assert set(record.pool.strategy_means) == set(verdicts) - late


def test_bars_rebuilt_from_hours_are_cut_at_17_new_york(shared: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRADEWORTHY_DATA__REBUILD", "true")
    record = validate("fx-16", data=shared / "data" / "fx")
    cuts = {one.name: one.data.day_cut for one in record.strategies}
    assert cuts.pop("EUR_USD_H4") == cuts.pop("EUR_USD_D") == "as in the file"
    assert set(cuts.values()) == {"17:00 America/New_York"}


def test_months_are_calendar_months() -> None:
    def before(text: str, months: int) -> str:
        return to_datetime(months_before(from_datetime(datetime.fromisoformat(text)), months)).isoformat()

    assert before("2024-05-31T16:00:00+00:00", 3) == "2024-02-29T16:00:00+00:00"
    assert before("2024-01-15T00:00:00+00:00", 1) == "2023-12-15T00:00:00+00:00"
    assert before("2024-01-15T00:00:00+00:00", 25) == "2021-12-15T00:00:00+00:00"


@pytest.mark.parametrize(
    ("given", "means"),
    [
        ("2024-06-30", datetime(2024, 7, 1, tzinfo=UTC)),
        (date(2024, 6, 30), datetime(2024, 7, 1, tzinfo=UTC)),
        ("2024-06-30T17:00:00Z", datetime(2024, 6, 30, 17, tzinfo=UTC)),
        (None, None),
    ],
)
def test_a_day_means_its_end_and_a_moment_itself(given: str | date | None, means: datetime | None) -> None:
    assert moment(given) == means


@pytest.mark.parametrize(("given", "words"), [("June", "not a day or moment"), ("2024-06-30T17:00:00", "no time zone")])
def test_a_day_that_cannot_be_read_is_refused(given: str, words: str) -> None:
    with pytest.raises(InputError, match=words):
        moment(given)


@pytest.mark.parametrize("study", [{"months": 0}, {"paths": 10}, {"seed": -1}])
def test_an_impossible_study_is_refused_with_its_range(study: dict[str, int]) -> None:
    with pytest.raises(InputError, match=f"validation: {next(iter(study))} must be"):
        Study(**study)


def test_two_strategies_of_one_name_and_a_book_of_none_are_refused() -> None:
    with pytest.raises(InputError, match="two strategies called 'EUR_USD_D'"):
        book_of(EUR, EUR)
    with pytest.raises(InputError, match="at least one strategy"):
        book_of()


@pytest.mark.parametrize("given", ["9999-12-31", 20240628, date(1500, 1, 1), object()])
def test_a_day_no_clock_can_say_is_refused(given: object) -> None:
    with pytest.raises(InputError):
        moment(given)  # type: ignore[arg-type]


def test_only_closed_trades_are_counted_and_the_rate_is_that_of_the_baseline() -> None:
    record = validate(book_of(EUR), as_of="2024-02-29")
    one = record.strategies[0]
    bars = read_bars("ecb:EUR_USD").until(from_datetime(datetime(2024, 3, 1, tzinfo=UTC)))
    result = run_backtest(bars, EUR.rules, costs=Costs(0.0))
    closed = [trade for trade in result.trades if trade.reason != "open"]
    assert one.open_trades == len(result.trades) - len(closed) == 1
    assert list(one.trades.r) == [trade.r for trade in closed]
    start = from_datetime(datetime(2023, 12, 1, tzinfo=UTC))
    earned = np.diff(result.equity_r)[bars.close_time[1:] > start]
    assert one.second_opinion is not None
    assert one.second_opinion.now == pytest.approx(earned.mean(), abs=1e-12)


def test_the_time_until_enough_trades_is_told_at_the_baselines_own_rate() -> None:
    sample, window = history("a", r_of(1_600, 0.3, 1), r_of(5, 0.3, 2), years=8.0)
    judged = judge([sample], window, Study(paths=1_000), None, Silent(), {})
    needed = judged.comparisons["a"].trades_needed
    said = re.search(r"about (\d+) weeks of them", judged.strategies["a"].reason)
    assert needed is not None
    assert said is not None
    assert int(said[1]) == pytest.approx(needed / (200 / 52.14), abs=1)


def test_a_stop_inside_the_spread_is_found_by_the_validation() -> None:
    wide = Book("wide", (EUR,), costs=Costs(200.0), study=Study())
    rules = [finding.rule for finding in validate(wide, as_of="2024-06-28").strategies[0].parameter_findings]
    assert rules == ["stop_near_spread"]


def test_trades_and_a_book_cannot_both_be_judged() -> None:
    with pytest.raises(InputError, match="leave out the one or the other"):
        validate(book_of(EUR), trades="trades.csv")
