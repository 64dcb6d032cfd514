"""The judgement that books and trade histories share: samples in, verdicts out."""

import calendar
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from tradeworthy.appraisal.book import Study
from tradeworthy.appraisal.record import ClosedTrades
from tradeworthy.core.clock import from_datetime, rfc3339, to_datetime
from tradeworthy.core.counting import counted
from tradeworthy.core.verdict import RiskLevel, StrategyVerdict
from tradeworthy.ports import Progress
from tradeworthy.validation.bar_returns import SecondOpinion, second_opinion
from tradeworthy.validation.comparison import SMALLEST_BASELINE, Comparison, comparable, compare
from tradeworthy.validation.intervals import Interval, wilson_interval
from tradeworthy.validation.judgement import (
    LEVEL,
    BookJudgement,
    StrategyJudgement,
    judge_book,
    judge_strategies,
)
from tradeworthy.validation.pooling import Pool, effective_strategies, pool
from tradeworthy.validation.samples import TradeSample, Window
from tradeworthy.validation.selection import Selection, Trials, discounted, selection_of


@dataclass(frozen=True, slots=True)
class Judged:
    """Everything that follows from the samples alone."""

    book: BookJudgement
    pooled: Pool | None
    strategies: dict[str, StrategyJudgement]
    comparisons: dict[str, Comparison]
    opinions: dict[str, SecondOpinion | None]
    selections: dict[str, Selection | None]
    effective_strategies: float | None


def months_before(end_ns: int, months: int) -> int:
    """The same day and time `months` calendar months earlier; the last day of a shorter month."""
    moment = to_datetime(end_ns)
    year, month = divmod(moment.year * 12 + moment.month - 1 - months, 12)
    day = min(moment.day, calendar.monthrange(year, month + 1)[1])
    return from_datetime(moment.replace(year=year, month=month + 1, day=day))


def window_until(end_ns: int, months: int) -> Window:
    """The window of a study that ends at that moment."""
    return Window(months_before(end_ns, months), end_ns)


def judge(
    samples: Sequence[TradeSample],
    window: Window,
    study: Study,
    parameter_risk: RiskLevel | None,
    progress: Progress,
    trials: Mapping[str, Trials | None],
) -> Judged:
    """Verdicts of every strategy and of the book. trials: by strategy, what is known of the search it was chosen from."""
    judged: dict[str, StrategyJudgement] = {}
    current = [sample for sample in samples if sample.ends_ns > window.start_ns]
    for sample in samples:
        if sample.ends_ns <= window.start_ns:
            reason = f"its data end {rfc3339(sample.ends_ns)}, before the window begins: it was not judged"
            judged[sample.strategy] = StrategyJudgement(StrategyVerdict.OUT_OF_DATE, reason)
    chosen = {one.strategy: trials.get(one.strategy) for one in current}
    selections = {
        one.strategy: None if (known := chosen[one.strategy]) is None else selection_of(one, window, known, study.seed)
        for one in current
    }
    testable = [one for one in current if comparable(one.baseline(window), one.current(window))]
    comparisons: dict[str, Comparison] = {}
    opinions: dict[str, SecondOpinion | None] = {}
    for done, sample in enumerate(testable):
        progress.update("holding now against before", done, len(testable))
        selection = selections[sample.strategy]
        luck = (selection.baseline_luck_r, selection.window_luck_r) if selection else (0.0, 0.0)
        comparisons[sample.strategy] = compare(
            sample.baseline(window), sample.current(window), name=sample.strategy, tests=len(testable), luck=luck,
            level=LEVEL, paths=study.paths, seed=study.seed,
        )  # fmt: skip
        opinions[sample.strategy] = second_opinion(sample, window, study.seed)
    progress.update("holding now against before", len(testable), len(testable))
    rates = {one.strategy: _trades_a_week(one, window) for one in testable}
    judged |= judge_strategies(comparisons, rates)
    judged |= {one.strategy: _untestable(one, window) for one in current if one.strategy not in comparisons}
    honest = [discounted(one, window, selections[one.strategy]) for one in current]
    pooled = pool(honest, window, level=LEVEL, paths=study.paths, seed=study.seed)
    verdicts = [judged[sample.strategy].verdict for sample in samples]
    book = judge_book(verdicts, pooled, parameter_risk, study.paths)
    alike = effective_strategies(testable, window)
    return Judged(book, pooled, judged, comparisons, opinions, selections, alike)


def _trades_a_week(sample: TradeSample, window: Window) -> float:
    weeks = sample.baseline_weeks(window)
    return len(sample.baseline(window)) / weeks if weeks > 0 else 0.0


def _untestable(sample: TradeSample, window: Window) -> StrategyJudgement:
    before, now = sample.baseline(window), len(sample.current(window))
    have = f"{counted(now, 'trade')} in the window"
    if len(before) < SMALLEST_BASELINE:
        reason = f"{have}; no number would do: the baseline has {len(before)} trades and at least {SMALLEST_BASELINE} are needed"
    elif not now:
        rate = _trades_a_week(sample, window)
        reason = f"{have}, against {rate * window.weeks:.1f} expected from the baseline's rate"
    else:
        reason = f"{have}; every trade of the baseline has the same R, so there is nothing to judge by"
    return StrategyJudgement(StrategyVerdict.INSUFFICIENT_DATA, reason)


def win_rate(r: np.ndarray) -> Interval | None:
    """Score interval of the share of winners; None without trades."""
    return wilson_interval(int(np.sum(r > 0)), len(r)) if len(r) else None


def closed_trades(sample: TradeSample, window: Window) -> ClosedTrades:
    """The trades that were judged, for the record."""
    known = sample.exit_time <= window.end_ns
    times = tuple(rfc3339(int(moment)) for moment in sample.exit_time[known])
    return ClosedTrades(times, tuple(float(value) for value in sample.r[known]))


def mean_or_none(r: np.ndarray) -> float | None:
    """The mean of some R's, None of none."""
    return float(r.mean()) if len(r) else None


def trades_hash(sample: TradeSample) -> str:
    """SHA-256 of exit times and R's."""
    return hashlib.sha256(sample.exit_time.tobytes() + sample.r.tobytes()).hexdigest()


def end_of(as_of: datetime | None, newest_ns: int) -> int:
    """When the window ends: the newest data, or the moment asked for if that is earlier or later."""
    return newest_ns if as_of is None else from_datetime(as_of)
