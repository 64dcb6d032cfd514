"""Validate a book: run every strategy over its whole history, and hold the latest months against all before."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime

import numpy as np

from tradeworthy.appraisal.against import Against
from tradeworthy.appraisal.baseline_changes import (
    BaselineChange,
    data_changed,
    members_changed,
    rules_changed,
    terms_changed,
)
from tradeworthy.appraisal.book import Book, BookStrategy
from tradeworthy.appraisal.book_scoring import BookScore, ScoreTerms, score_of_book
from tradeworthy.appraisal.judging import (
    Judged,
    closed_trades,
    end_of,
    judge,
    mean_or_none,
    win_rate,
    window_until,
)
from tradeworthy.appraisal.record import DataUsed, StrategyReport, Validation
from tradeworthy.appraisal.window_replays import Member
from tradeworthy.backtest.engine import run_backtest
from tradeworthy.backtest.result import Result
from tradeworthy.core.clock import from_rfc3339, rfc3339
from tradeworthy.core.errors import InputError, NotEnoughData
from tradeworthy.market.bars import Bars
from tradeworthy.market.quality import behind, inspect
from tradeworthy.market.rules import Finding
from tradeworthy.ports import BarStore, Progress
from tradeworthy.validation.judgement import LEVEL
from tradeworthy.validation.parameters import (
    CrossParameters,
    ParameterFinding,
    overall_risk,
    parameter_findings,
    strategy_risk,
)
from tradeworthy.validation.samples import TradeSample, Window
from tradeworthy.validation.selection import Trials


@dataclass(frozen=True, eq=False)
class _Run:
    strategy: BookStrategy
    result: Result
    sample: TradeSample
    findings: tuple[ParameterFinding, ...]


def validate_book(
    book: Book,
    store: BarStore[Bars],
    as_of: datetime | None,
    progress: Progress,
    *,
    trials: Mapping[str, Trials | None],
    against: Against | None = None,
    score: ScoreTerms | None = None,
) -> Validation:
    """The validation of `book` on the bars of `store`.

    trials: by strategy, what is known of the search that it was chosen from. against: a stored baseline to hold the
    window against, instead of all that came before it. Bars that close after `as_of` are not looked at. Raises
    InputError listing every strategy whose bars are missing, broken or too few, and everything in which book or data
    are not the baseline's, unless that is forced. score: also score the risk, by these terms.
    """
    bars = _bars(book, store, as_of, progress)
    newest = max(int(one.close_time[-1]) for one in bars.values())
    window = window_until(end_of(as_of, newest), book.study.months)
    window = window if against is None else against.window(window)
    runs = []
    for done, strategy in enumerate(book.strategies):
        progress.update("backtesting", done, len(book.strategies))
        runs.append(_run(book, strategy, bars[strategy.name]))
    progress.update("backtesting", len(book.strategies), len(book.strategies))
    risk = overall_risk([strategy_risk(run.findings) for run in runs])
    symbols = dict.fromkeys(run.result.bars.instrument for run in runs)
    spreads = {one.symbol: book.costs.spread(one) / float(one.pip) for one in symbols}
    scored = None if score is None else _scored(book, bars, score, progress)
    used = None if against is None else against.used(_changes(against, book, runs, spreads))
    if against is not None:
        trials = {run.strategy.name: against.trials(run.strategy.name, trials.get(run.strategy.name)) for run in runs}
        runs = [replace(run, sample=against.sample(run.sample, window)) for run in runs]
    judged = judge([run.sample for run in runs], window, book.study, risk, progress, trials)
    return Validation(
        book.name, "book", judged.book, risk, rfc3339(window.start_ns), rfc3339(window.end_ns),
        book.study.months, book.study.paths, book.study.seed, LEVEL, judged.pooled,
        tuple(_report(run, judged, window, newest, trials.get(run.strategy.name)) for run in runs), asdict(book.fills),
        spreads, dict(book.assumptions), judged.effective_strategies, used, book.sha256, scored,
    )  # fmt: skip


def _scored(book: Book, bars: Mapping[str, Bars], terms: ScoreTerms, progress: Progress) -> BookScore:
    progress.update("scoring the risk", 0, 1)
    members = [Member(one.name, one.cross, bars[one.name], book.fills, book.costs) for one in book.strategies]
    found = score_of_book(members, terms)
    progress.update("scoring the risk", 1, 1)
    return found


def _changes(against: Against, book: Book, runs: Sequence[_Run], spreads: Mapping[str, float]) -> list[BaselineChange]:
    baseline = against.baseline
    found = terms_changed(baseline, asdict(book.fills), spreads)
    found += members_changed(baseline, [run.strategy.name for run in runs])
    for run in runs:
        was, bars = baseline.strategy(run.strategy.name), run.result.bars
        if was is None:
            continue
        one = run.strategy
        found += rules_changed(was, one.instrument, str(one.timeframe), run.result.strategy, run.result.parameters)
        known = bars.until(from_rfc3339(was.data.last))
        found += data_changed(was, known.data_hash if len(known) else "no bars", len(known))
    return found


def _bars(book: Book, store: BarStore[Bars], as_of: datetime | None, progress: Progress) -> Mapping[str, Bars]:
    problems: list[str] = []
    found: dict[str, Bars] = {}
    for done, strategy in enumerate(book.strategies):
        progress.update("reading bars", done, len(book.strategies))
        try:
            bars = store.read(strategy.instrument, strategy.timeframe)
            found[strategy.name] = _enough(strategy, bars if as_of is None else bars.until(end_of(as_of, 0)), as_of)
            book.costs.spread(bars.instrument)
        except InputError as error:
            problems.append(str(error))
    progress.update("reading bars", len(book.strategies), len(book.strategies))
    different = list(dict.fromkeys(problems))
    if different:
        many = f"{len(different)} of the book's inputs cannot be used:\n  " if len(different) > 1 else ""
        raise InputError(many + "\n  ".join(different))
    return found


def _enough(strategy: BookStrategy, bars: Bars, as_of: datetime | None) -> Bars:
    least = max(strategy.min_candles, strategy.rules.warm_up + 1)
    if len(bars) < least:
        by = "" if as_of is None else f" closed by {as_of:%Y-%m-%d %H:%M %Z}"
        raise NotEnoughData(
            f"{strategy.name}: {len(bars)} bars of {bars.label}{by} are too few; its longest period needs "
            f"{strategy.rules.warm_up} to warm up and its settings ask for {strategy.min_candles}: bring at least {least} bars"
        )
    return bars


def _run(book: Book, strategy: BookStrategy, bars: Bars) -> _Run:
    result = run_backtest(bars, strategy.cross, book.fills, book.costs)
    trades, known = result.trades, result.trades.closed
    exit_time, r = trades.exit_time[known], trades.r[known]
    if not np.isfinite(r).all():
        raise InputError(
            f"{strategy.name}: a book's strategy needs a stop, because R is P&L in units of it; set stop_atr"
        )
    started = int(bars.close_time[min(strategy.rules.warm_up, len(bars) - 1)])
    sample = TradeSample(
        strategy.name, exit_time, r, started, int(bars.close_time[-1]), bars.close_time[1:], np.diff(result.equity_r)
    )
    return _Run(strategy, result, sample, parameter_findings(_cross(strategy, result)))


def _cross(strategy: BookStrategy, result: Result) -> CrossParameters:
    from tradeworthy.indicators import atr

    bars, rules = result.bars, strategy.cross
    ranges = atr(bars.high, bars.low, bars.close, rules.atr_period)
    typical = float(np.nanmedian(ranges)) if np.isfinite(ranges).any() else None
    return CrossParameters(
        rules.fast, rules.slow, rules.stop_atr, rules.target_atr, strategy.min_reward_risk,
        result.costs.spread(bars.instrument), typical, rules.atr_period, strategy.min_candles,
    )  # fmt: skip


def _report(run: _Run, judged: Judged, window: Window, newest: int, trials: Trials | None) -> StrategyReport:
    strategy, result, sample = run.strategy, run.result, run.sample
    now, before = sample.current(window), sample.baseline(window)
    late = behind(result.bars, newest)
    return StrategyReport(
        strategy.name, strategy.instrument, str(strategy.timeframe), result.strategy, dict(result.parameters),
        judged.strategies[strategy.name], len(before), len(now), mean_or_none(before), mean_or_none(now),
        None if judged.pooled is None else judged.pooled.strategy_means.get(strategy.name), win_rate(now),
        judged.comparisons.get(strategy.name), judged.opinions.get(strategy.name), strategy_risk(run.findings),
        run.findings, result.ambiguous_share, int(np.sum(~result.trades.closed)),
        _data(result.bars, () if late is None else (late,)), result.parameter_hash,
        rfc3339(sample.first_ns), trials, judged.selections.get(strategy.name), None, closed_trades(sample, window),
    )  # fmt: skip


def _data(bars: Bars, more: tuple[Finding, ...]) -> DataUsed:
    return DataUsed(
        bars.source, rfc3339(bars.open_time[0]), rfc3339(bars.close_time[-1]), len(bars), "bars",
        str(bars.price_side), str(bars.day_cut), bars.close_only, bars.data_hash, (*inspect(bars), *more),
    )  # fmt: skip
