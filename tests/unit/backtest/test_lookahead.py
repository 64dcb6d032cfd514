"""Planted leaks are found at the right bar; what only looks like one is not accused."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy import signal

from support.leaks import LEAKS, RuleStrategy, crosses, honest, mean_before, one_veto, plainly_ahead, plainly_first
from tradeworthy.backtest.engine import run_backtest
from tradeworthy.backtest.lookahead import FEWEST_DECISIONS, find_lookahead
from tradeworthy.backtest.lookahead_report import Answer, FoundBy
from tradeworthy.core.errors import InputError, NotEnoughData
from tradeworthy.market.bars import Bars
from tradeworthy.market.synthetic import random_walk_bars
from tradeworthy.reports.lookahead_words import details
from tradeworthy.strategies.ma_cross import MaCrossover
from tradeworthy.strategies.protocol import Decision, Decisions
from tradeworthy.wiring.sources import read_bars

BARS = random_walk_bars(700, seed=4)


@pytest.mark.parametrize("name", LEAKS)
def test_a_planted_leak_is_found_with_its_first_bar_and_its_distance(name: str) -> None:
    strategy = RuleStrategy(LEAKS[name])
    report = find_lookahead(strategy, BARS, cuts=400 if name == "one_rare_bar" else 100)
    assert report.answer is Answer.LOOKS_AHEAD
    assert report.exit_code == 1
    change = report.change
    assert change is not None
    assert change.first
    assert change.bar == plainly_first(strategy, BARS)
    assert change.ahead == plainly_ahead(strategy, BARS, change.bar)
    assert change.time_ns == BARS.close_time[change.bar]
    assert change.with_future != change.without_future
    assert 0 < change.cuts_cut_off <= report.cuts


@pytest.mark.parametrize(
    ("name", "ahead", "settled"), [("next_close", 1, 1), ("centred_average", 5, 5), ("stop_of_tomorrow", 1, 1)]
)
def test_a_leak_of_known_length_is_measured_exactly(name: str, ahead: int, settled: int) -> None:
    change = find_lookahead(RuleStrategy(LEAKS[name]), BARS).change
    assert change is not None
    assert (change.ahead, change.settled) == (ahead, settled)


@pytest.mark.parametrize("name", ["share_of_the_maximum", "z_score", "trend_line"])
def test_a_statistic_of_all_data_settles_late(name: str) -> None:
    change = find_lookahead(RuleStrategy(LEAKS[name]), BARS).change
    assert change is not None
    assert change.settled is not None
    assert change.settled > 20


def at_the_top(bars: Bars) -> tuple[np.ndarray, np.ndarray]:
    """Sells the highest close of all: the first of few bars is that, and one later bar is enough to take it away."""
    side, stop = honest(bars)
    return np.where(bars.close == bars.close.max(), -1, side), np.nan_to_num(stop, nan=0.01)


def far_below(bars: Bars) -> tuple[np.ndarray, np.ndarray]:
    """Buys a deviation below the mean of all closes, which the first bars reach and leave again by chance."""
    score = (bars.close - bars.close.mean()) / max(bars.close.std(), 1e-9)
    below = score < -1
    return (below & ~np.concatenate(([False], below[:-1]))).astype(np.int64), np.full(len(bars), 0.01)


@pytest.mark.parametrize("rule", [at_the_top, far_below])
@pytest.mark.parametrize("seed", [1, 3])
def test_a_statistic_of_all_data_is_not_taken_for_a_look_at_the_next_bars(rule: Any, seed: int) -> None:
    bars = random_walk_bars(700, seed=seed)
    report = find_lookahead(RuleStrategy(rule), bars)
    change = report.change
    assert change is not None
    assert change.first
    assert change.ahead < 30  # where the first bar parts is soon decided
    assert change.settled is not None
    assert change.settled > 100
    assert any("over the whole history" in line for line in details(report))


def test_decisions_that_differ_in_what_they_leave_are_told_in_words() -> None:
    assert str(Decision(1, 2, np.nan, np.nan)) == "long, leaving a short"
    assert str(Decision(-1, 3, 0.1 + 0.2, np.nan)) == "short, leaving either side, stop 0.30000000000000004"
    assert str(Decision(0, 0, np.nan, np.nan)) == "nothing"


@pytest.mark.parametrize("name", [name for name in LEAKS if name not in {"backfill", "one_rare_bar", "second_half"}])
def test_a_strategy_that_refuses_fewer_bars_is_found_by_another_future(name: str) -> None:
    report = find_lookahead(RuleStrategy(LEAKS[name], fewest=len(BARS)), BARS)
    assert report.answer is Answer.LOOKS_AHEAD
    assert report.change is not None
    assert report.change.found_by is FoundBy.REPLACED
    assert report.change.cuts_cut_off == 0
    assert report.refused == report.cuts


def test_a_leak_through_the_number_of_bars_is_seen_only_by_cutting_off() -> None:
    change = find_lookahead(RuleStrategy(LEAKS["second_half"]), BARS).change
    assert change is not None
    assert change.found_by is FoundBy.CUT_OFF
    assert change.cuts_replaced == 0


def test_a_rare_leak_far_into_a_long_history_is_seen_when_every_decision_is_cut() -> None:
    bars = random_walk_bars(4000, seed=2)

    def rare(bars: Bars) -> tuple[np.ndarray, np.ndarray]:
        side, stop = honest(bars)
        if len(bars) > 3000:
            place = int(np.flatnonzero(side[:2900])[-1])
            side[place] = -side[place] if bars.close[place + 1] > 0 else 0
        return side, stop

    few = find_lookahead(RuleStrategy(rare), bars, cuts=2000)
    assert few.change is not None
    assert few.change.bar == int(np.flatnonzero(honest(bars)[0][:2900])[-1])
    assert few.change.ahead == 3000 - few.change.bar


def test_a_single_decision_taken_away_is_seen_when_every_bar_is_cut() -> None:
    strategy = RuleStrategy(one_veto)
    change = find_lookahead(strategy, BARS, cuts=len(BARS)).change
    assert change is not None
    assert (change.bar, change.with_future) == (plainly_first(strategy, BARS), None)
    assert (change.ahead, change.settled, change.cuts_cut_off) == (1, 1, 1)


def test_an_honest_rule_is_clean_and_says_what_was_tested() -> None:
    report = find_lookahead(RuleStrategy(honest), BARS)
    assert report.answer is Answer.CLEAN
    assert report.exit_code == 0
    assert report.change is None
    assert report.cuts == 100
    assert FEWEST_DECISIONS <= report.at_their_bar <= report.decisions
    assert (1 - report.smallest_share_seen) ** report.at_their_bar == pytest.approx(0.05)


@pytest.mark.parametrize("source", ["random", "ecb:EUR_USD", "arch:sp500"])
@pytest.mark.parametrize("numbers", [(5, 20), (160, 20), (1, 2)])
def test_the_moving_average_cross_is_clean(source: str, numbers: tuple[int, int]) -> None:
    bars = random_walk_bars(5000, seed=1) if source == "random" else read_bars(source)
    report = find_lookahead(MaCrossover(*numbers, stop_atr=2.0, target_atr=3.0), bars, cuts=60)
    assert report.answer is Answer.CLEAN
    assert not report.rounded
    assert report.stream.bars == len(bars)
    assert report.stream.bar is None
    assert report.warm_up.entries == report.warm_up.stated


def test_the_moving_average_cross_is_clean_on_real_hours(shared: Path) -> None:
    report = find_lookahead(MaCrossover(20, 60, stop_atr=2.0), read_bars(shared / "data" / "fx" / "EUR_GBP_H1.parquet"))
    assert report.answer is Answer.CLEAN
    assert report.cuts == 100


def test_a_strategy_that_throws_dice_is_not_deterministic() -> None:
    dice = np.random.default_rng(0)

    def random(bars: Bars) -> tuple[np.ndarray, np.ndarray]:
        side, stop = honest(bars)
        return np.where(dice.random(len(bars)) < 0.5, side, 0), stop

    report = find_lookahead(RuleStrategy(random), BARS)
    assert report.answer is Answer.COULD_NOT_TELL
    assert report.exit_code == 3
    assert "not deterministic" in report.reasons[0]


def test_a_strategy_that_remembers_what_it_saw_is_not_deterministic() -> None:
    highest = [0.0]

    def remembering(bars: Bars) -> tuple[np.ndarray, np.ndarray]:
        highest[0] = max(highest[0], float(bars.close.max()))
        _, stop = honest(bars)
        return crosses(bars.close / highest[0] - 0.985), stop

    report = find_lookahead(RuleStrategy(remembering), BARS)
    assert report.answer is Answer.COULD_NOT_TELL
    assert "not deterministic" in report.reasons[0]


def test_an_honest_strategy_that_refuses_short_histories_could_not_be_told() -> None:
    report = find_lookahead(RuleStrategy(honest, fewest=400), BARS)
    assert report.answer is Answer.COULD_NOT_TELL
    assert "ValueError: needs 400 bars" in report.reasons[0]
    assert find_lookahead(RuleStrategy(honest, warm_up=400, fewest=400), BARS).answer is Answer.COULD_NOT_TELL
    assert find_lookahead(RuleStrategy(lambda bars: _after(bars, 399), fewest=400), BARS).answer is Answer.CLEAN


def _after(bars: Bars, place: int) -> tuple[np.ndarray, np.ndarray]:
    side, stop = honest(bars)
    return np.where(np.arange(len(bars)) < place, 0, side), stop


def test_a_strategy_that_raises_on_the_whole_history_is_refused_as_a_backtest_refuses_it() -> None:
    with pytest.raises(InputError, match="raised ValueError: needs 1000000 bars, got 700") as looked:
        find_lookahead(RuleStrategy(honest, fewest=10**6), BARS)
    with pytest.raises(InputError) as traded:
        run_backtest(BARS, RuleStrategy(honest, fewest=10**6))
    assert str(looked.value) == str(traded.value)


def test_a_strategy_that_exits_is_refused_and_a_stream_that_exits_is_not_compared() -> None:
    class Exits(RuleStrategy):
        def decisions(self, bars: Bars) -> Decisions:  # noqa: ARG002 - the contract
            raise SystemExit

    class ExitsLive(RuleStrategy):
        def stream(self) -> Any:
            raise SystemExit(0)

    with pytest.raises(InputError, match=r"decisions\(bars\) called exit\(\) in line"):
        find_lookahead(Exits(honest), BARS)
    assert find_lookahead(ExitsLive(honest), BARS).stream.not_run == "stream() raised SystemExit: 0"


def test_no_decision_at_all_could_not_be_told() -> None:
    report = find_lookahead(RuleStrategy(lambda bars: (np.zeros(len(bars), np.int64), np.zeros(len(bars)))), BARS)
    assert report.answer is Answer.COULD_NOT_TELL
    assert "0 decisions" in report.reasons[0]
    assert report.smallest_share_seen == 1


def test_decisions_that_make_no_sense_are_refused() -> None:
    class Beyond(RuleStrategy):
        def decisions(self, bars: Bars) -> Decisions:
            one = super().decisions(bars)
            return Decisions(one.bar + len(bars), one.enter, one.leave, one.stop_distance, one.target_distance)

    with pytest.raises(InputError, match="places go from 0 to"):
        find_lookahead(Beyond(honest), BARS)


def test_rounding_that_depends_on_later_bars_is_no_leak_and_is_said() -> None:
    def by_fourier(bars: Bars) -> tuple[np.ndarray, np.ndarray]:
        side, _ = honest(bars)
        return side, signal.fftconvolve(bars.high - bars.low, np.full(PERIODS, 0.2))[: len(bars)]

    report = find_lookahead(RuleStrategy(by_fourier), BARS)
    assert report.answer is Answer.CLEAN
    assert report.rounded


PERIODS = 5


def test_the_detector_repeats_itself_for_one_seed_and_cuts_elsewhere_for_another() -> None:
    rule = RuleStrategy(LEAKS["centred_average"])
    bars = random_walk_bars(3000, seed=3)
    one, again, other = (repr(find_lookahead(rule, bars, seed=seed)) for seed in (5, 5, 6))
    assert one == again
    assert one.replace("seed=5", "seed=6") != other


def test_a_small_budget_saves_cuts_first_and_then_the_oldest_bars() -> None:
    bars = random_walk_bars(3000, seed=3)
    rule = RuleStrategy(honest)
    fewer = find_lookahead(rule, bars, budget=600_000)
    assert (fewer.cuts, fewer.bars) == (64, 3000)
    shorter = find_lookahead(rule, bars, budget=100_000)
    assert (shorter.cuts, shorter.bars, shorter.bars_given) == (20, 1470, 3000)
    leak = find_lookahead(RuleStrategy(LEAKS["next_close"]), bars, budget=100_000).change
    assert leak is not None
    assert leak.time_ns == bars.close_time[leak.bar]


def test_a_strategy_called_once_a_bar_is_given_less_work() -> None:
    class Slow(RuleStrategy):
        bar_by_bar = True

    bars = random_walk_bars(20_000, seed=3)
    assert find_lookahead(Slow(honest), bars).bars < 10_000
    assert find_lookahead(RuleStrategy(honest), bars).bars == 20_000


class Fed:
    """A stream that says what the columns said, but for one bar."""

    def __init__(self, strategy: RuleStrategy, bars: Bars, wrong: int) -> None:
        self._rows = {int(bar): i for i, bar in enumerate(strategy.decisions(bars).bar)}
        self._given = strategy.decisions(bars)
        self._wrong = wrong
        self._bar = -1

    def update(self, high: float, low: float, close: float) -> Decision:
        """The next bar's decision."""
        assert low <= close <= high
        self._bar += 1
        i = self._rows.get(self._bar)
        if i is None:
            return Decision(0, 0, np.nan, np.nan)
        enter = int(self._given.enter[i]) * (-1 if self._bar == self._wrong else 1)
        return Decision(enter, int(self._given.leave[i]), float(self._given.stop_distance[i]), np.nan)


@pytest.mark.parametrize("place", [None, 7])
def test_a_stream_that_says_otherwise_is_a_finding_of_its_own(place: int | None) -> None:
    wrong = -1 if place is None else int(RuleStrategy(honest).decisions(BARS).bar[place])

    class Streaming(RuleStrategy):
        def stream(self) -> Fed:
            return Fed(self, BARS, wrong)

    report = find_lookahead(Streaming(honest), BARS)
    assert report.answer is Answer.CLEAN
    assert report.stream.bar == (None if place is None else wrong)
    assert report.exit_code == (0 if place is None else 1)


def test_a_strategy_without_a_stream_is_said_to_have_none() -> None:
    report = find_lookahead(RuleStrategy(honest), BARS)
    assert report.stream.not_run == "stream() raised NotImplementedError: columns only"
    assert report.stream.bars == 0


def ema(x: np.ndarray, n: int) -> np.ndarray:
    """From the first value on, which it never forgets exactly."""
    out = np.empty(len(x))
    out[0] = x[0]
    for i in range(1, len(x)):
        out[i] = out[i - 1] + (x[i] - out[i - 1]) * 2 / (n + 1)
    return out


def test_a_stop_from_a_recursive_average_needs_more_bars_than_stated() -> None:
    def smoothed(bars: Bars) -> tuple[np.ndarray, np.ndarray]:
        return honest(bars)[0], ema(bars.high - bars.low, 10)

    found = find_lookahead(RuleStrategy(smoothed), random_walk_bars(3000, seed=8)).warm_up
    assert found.entries == found.stated == 11
    assert found.loosely is not None
    assert found.distances is not None
    # (9/11)^k of a first difference of the order of the range itself: 0.1% after 34 bars, 1e-6 after 69
    assert 20 < found.loosely < 60
    assert 55 < found.distances < 95


def test_entries_from_a_recursive_average_that_differ_are_told_apart() -> None:
    def crossing(bars: Bars) -> tuple[np.ndarray, np.ndarray]:
        return crosses(bars.close - ema(bars.close, 60)), mean_before(bars.high - bars.low)

    found = find_lookahead(RuleStrategy(crossing), random_walk_bars(3000, seed=8)).warm_up
    assert found.entries is not None
    assert found.entries > found.stated + 10


def test_a_strategy_that_never_forgets_is_said_not_to_settle() -> None:
    def since_the_beginning(bars: Bars) -> tuple[np.ndarray, np.ndarray]:
        return crosses(bars.close - np.maximum.accumulate(bars.close) + 0.003), mean_before(bars.high - bars.low)

    def counting(bars: Bars) -> tuple[np.ndarray, np.ndarray]:
        side, stop = honest(bars)
        return np.where(np.cumsum(side != 0) % 3 == 0, side, 0), stop

    bars = random_walk_bars(3000, seed=8)
    assert find_lookahead(RuleStrategy(counting), bars).warm_up.entries is None
    assert find_lookahead(RuleStrategy(since_the_beginning), bars).answer is Answer.CLEAN


def test_warm_up_is_not_measured_while_the_past_depends_on_the_future() -> None:
    assert "depend on later bars" in find_lookahead(RuleStrategy(LEAKS["pivots"]), BARS).warm_up.not_run


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"cuts": 0}, "cuts must be a whole number, 1 or more, not 0"),
        ({"cuts": 2.5}, "cuts must be a whole number"),
        ({"budget": -1}, "budget must be a whole number"),
    ],
)
def test_an_impossible_number_is_named(arguments: dict[str, int], words: str) -> None:
    with pytest.raises(InputError, match=words):
        find_lookahead(RuleStrategy(honest), BARS, **arguments)  # type: ignore[arg-type]


def test_too_few_bars_for_the_stated_warm_up_are_refused() -> None:
    with pytest.raises(NotEnoughData, match="takes 104 or more; there are 50"):
        find_lookahead(RuleStrategy(honest, warm_up=100), BARS.slice(0, 50))
    with pytest.raises(InputError, match="RuleStrategy: its warm_up must be a whole number"):
        find_lookahead(RuleStrategy(honest, warm_up=-1), BARS)


def test_how_far_the_work_is_can_be_watched() -> None:
    class Watching:
        def __init__(self) -> None:
            self.seen: list[tuple[str, int, int]] = []

        def update(self, work: str, done: int, total: int) -> None:
            self.seen.append((work, done, total))

    watching = Watching()
    find_lookahead(RuleStrategy(honest), BARS, cuts=30, progress=watching)
    assert watching.seen == [("replays", i, 30) for i in range(1, 31)]
