"""Validate a history of trades alone: what a bot really did, with no strategy that could be run again."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from tradeworthy.appraisal.against import Against
from tradeworthy.appraisal.baseline_changes import BaselineChange, data_changed, members_changed, unit_changed
from tradeworthy.appraisal.book import Study
from tradeworthy.appraisal.book_scoring import ScoreTerms, score_of_trades
from tradeworthy.appraisal.judging import (
    Judged,
    closed_trades,
    end_of,
    judge,
    mean_or_none,
    trades_hash,
    win_rate,
    window_until,
)
from tradeworthy.appraisal.record import DataUsed, StrategyReport, Validation
from tradeworthy.core.clock import rfc3339
from tradeworthy.core.errors import NotEnoughData
from tradeworthy.market.rules import Finding
from tradeworthy.ports import Progress
from tradeworthy.validation.judgement import LEVEL
from tradeworthy.validation.samples import TradeSample, Window
from tradeworthy.validation.selection import Trials


def validate_trades(
    name: str,
    samples: Sequence[TradeSample],
    study: Study,
    as_of: datetime | None,
    progress: Progress,
    *,
    source: str,
    assumptions: dict[str, str],
    findings: tuple[Finding, ...] = (),
    units: Mapping[str, float] | None = None,
    against: Against | None = None,
    score: ScoreTerms | None = None,
) -> Validation:
    """The validation of a trade history, one sample a strategy. Raises NotEnoughData when there is no trade to judge.

    Trades that close after `as_of` are not looked at. There are no parameters and no bars: what needs them is not run.
    units: by strategy, what stands in for one R as a fraction of the money traded; those with stops are not in it.
    against: a stored baseline to hold the window against, instead of all that came before it. score: also score the risk.
    """
    newest = max((sample.ends_ns for sample in samples), default=0)
    window = window_until(end_of(as_of, newest), study.months)
    window = window if against is None else against.window(window)
    known = [_until(sample, window.end_ns) for sample in samples]
    if not any(len(sample.r) for sample in known):
        raise NotEnoughData(
            f"{source}: no trade closed by {rfc3339(window.end_ns)}; ask for a later day (--as-of, or as_of= in Python)"
        )
    scored = None if score is None else score_of_trades(known, score)
    used = None if against is None else against.used(_changes(against, known, units or {}))
    trials = {one.strategy: against.trials(one.strategy, None) for one in known} if against else {}
    known = known if against is None else [against.sample(one, window) for one in known]
    judged = judge(known, window, study, None, progress, trials)
    return Validation(
        name, "trades", judged.book, None, rfc3339(window.start_ns), rfc3339(window.end_ns), study.months, study.paths,
        study.seed, LEVEL, judged.pooled,
        tuple(
            _report(one, judged, window, source, findings, trials.get(one.strategy), (units or {}).get(one.strategy))
            for one in known
        ), {}, {},
        assumptions, judged.effective_strategies, used, "", scored,
    )  # fmt: skip


def _changes(against: Against, samples: Sequence[TradeSample], units: Mapping[str, float]) -> list[BaselineChange]:
    """Strategies that came or went, and past trades that are not those of the baseline any more.

    A history that only begins after the baseline's end has no past to be compared.
    """
    found = members_changed(against.baseline, [one.strategy for one in samples])
    for one in samples:
        was = against.baseline.strategy(one.strategy)
        past = _until(one, against.until_ns)
        if was is None:
            continue
        found += unit_changed(was, units.get(one.strategy))
        if len(past.r):
            found += data_changed(was, trades_hash(past), len(past.r))
    return found


def _until(sample: TradeSample, end_ns: int) -> TradeSample:
    keep = sample.exit_time <= end_ns
    ends = min(sample.ends_ns, end_ns)
    return TradeSample(sample.strategy, sample.exit_time[keep], sample.r[keep], sample.first_ns, ends)


def _report(
    sample: TradeSample,
    judged: Judged,
    window: Window,
    source: str,
    findings: tuple[Finding, ...],
    trials: Trials | None,
    unit_r: float | None,
) -> StrategyReport:
    now, before = sample.current(window), sample.baseline(window)
    first = rfc3339(int(sample.exit_time[0])) if len(sample.r) else rfc3339(sample.first_ns)
    last = rfc3339(int(sample.exit_time[-1])) if len(sample.r) else rfc3339(sample.ends_ns)
    digest = trades_hash(sample)
    return StrategyReport(
        sample.strategy, "", "", "trade history", {}, judged.strategies[sample.strategy], len(before), len(now),
        mean_or_none(before), mean_or_none(now),
        None if judged.pooled is None else judged.pooled.strategy_means.get(sample.strategy), win_rate(now),
        judged.comparisons.get(sample.strategy), None, None, (), None, 0,
        DataUsed(source, first, last, len(sample.r), "trades", None, None, False, digest, findings), digest,
        rfc3339(sample.first_ns), trials, judged.selections.get(sample.strategy), unit_r, closed_trades(sample, window),
    )  # fmt: skip
