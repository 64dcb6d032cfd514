"""Validate a history of trades alone: what a bot really did, with no strategy that could be run again."""

from collections.abc import Sequence
from datetime import datetime

from tradeworthy.appraisal.book import Study
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
) -> Validation:
    """The validation of a trade history, one sample a strategy. Raises NotEnoughData when there is no trade to judge.

    Trades that close after `as_of` are not looked at. There are no parameters and no bars: what needs them is not run.
    """
    newest = max((sample.ends_ns for sample in samples), default=0)
    window = window_until(end_of(as_of, newest), study.months)
    known = [_until(sample, window.end_ns) for sample in samples]
    if not any(len(sample.r) for sample in known):
        raise NotEnoughData(f"{source}: no trade closed by {rfc3339(window.end_ns)}; ask for a later --as-of")
    judged = judge(known, window, study, None, progress)
    return Validation(
        name, "trades", judged.book, None, rfc3339(window.start_ns), rfc3339(window.end_ns), study.months, study.paths,
        study.seed, LEVEL, judged.pooled,
        tuple(_report(sample, judged, window, source, findings) for sample in known), {}, {}, assumptions,
    )  # fmt: skip


def _until(sample: TradeSample, end_ns: int) -> TradeSample:
    keep = sample.exit_time <= end_ns
    ends = min(sample.ends_ns, end_ns)
    return TradeSample(sample.strategy, sample.exit_time[keep], sample.r[keep], sample.first_ns, ends)


def _report(
    sample: TradeSample, judged: Judged, window: Window, source: str, findings: tuple[Finding, ...]
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
        closed_trades(sample, window),
    )  # fmt: skip
