"""The questions that a record is asked. Each rests on counts, and none is answered from fewer than the rules ask for."""

from tradeworthy.core.counting import counted
from tradeworthy.monitoring.insights import ERROR, Finding, Insight, answer, fewest_until, run_of, too_few
from tradeworthy.monitoring.latency_metrics import LEVEL, LatencyReading, shown_ms
from tradeworthy.monitoring.performance_config import PerformanceConfig, Stage
from tradeworthy.monitoring.run_chances import run_chance
from tradeworthy.monitoring.share_differences import difference_interval
from tradeworthy.monitoring.signal_metrics import SignalReading
from tradeworthy.monitoring.trade_metrics import TallyReading, TradeReading
from tradeworthy.validation.intervals import Interval, wilson_interval

_SURE = 1.0 - ERROR


def insights_of(
    latencies: dict[Stage, LatencyReading], trades: TradeReading, signals: SignalReading, rules: PerformanceConfig
) -> tuple[Insight, ...]:
    """Every question, answered or not; stages that nothing was measured of are left out."""
    return (
        *(_budget(stage, one, rules) for stage, one in latencies.items() if one.latest),
        *_hours(trades, rules), _runs_of_losses(trades, rules), _turned_away(signals, rules), _bias(signals, rules),
    )  # fmt: skip


def _budget(stage: Stage, one: LatencyReading, rules: PerformanceConfig) -> Insight:
    question = f"Does {stage} keep its budget?"
    if one.latest < rules.fewest:
        return too_few(question, one.latest, rules.fewest, "latency", "latencies")
    allowed, over, n = 1.0 - LEVEL, one.over_budget, one.latest
    found = wilson_interval(over, n, _SURE)
    shows = found.low > allowed
    told = (
        f"{stage}: {over:,} of the latest {n:,} took longer than {shown_ms(one.budget_ms)}, {_range(over / n, found)}"
    )
    fewer = fewest_until(lambda k: k > over or wilson_interval(over - k, n, _SURE).low <= allowed) or 0
    more = fewest_until(lambda k: over + k > n or wilson_interval(over + k, n, _SURE).low > allowed) or 0
    return answer(
        question, Finding.FOUND if shows else Finding.NOTHING_FOUND,
        f"{told}: {'more than' if shows else 'not shown to be over'} the 5% that its P95 allows",
        f"{over - fewer:,} or fewer of as many" if shows else f"{over + more:,} or more of as many", found, _SURE,
        over=over, latest=n,
    )  # fmt: skip


def _hours(trades: TradeReading, rules: PerformanceConfig) -> list[Insight]:
    question = "Is there an hour of the day that wins more or less than the others?"
    hours, fewest = trades.by_hour, rules.fewest
    whole = sum(one.won.of for one in hours.values())
    asked = {hour: one for hour, one in hours.items() if min(one.won.of, whole - one.won.of) >= fewest}
    if not asked:
        most = max((min(one.won.of, whole - one.won.of) for one in hours.values()), default=0)
        return [
            too_few(
                question, most, fewest, "trade in one hour and outside of it", "trades in one hour and outside of it"
            )
        ]
    won = sum(one.won.count for one in hours.values())
    sure = 1.0 - ERROR / len(asked)
    found = [_hour(question, hour, one, won, whole, sure, rules) for hour, one in asked.items()]
    kept = [one for one in found if one.finding is Finding.FOUND]
    sentence = f"none of {counted(len(asked), 'hour')} with {fewest} trades or more is shown to win more or less than the others"
    nothing = answer(
        question, Finding.NOTHING_FOUND, sentence, "an hour whose interval of the difference leaves zero out", None, sure,
        trades=whole, hours=len(asked),
    )  # fmt: skip
    return kept or [nothing]


def _hour(
    question: str, hour: int, one: TallyReading, won: int, whole: int, sure: float, rules: PerformanceConfig
) -> Insight:
    wins, n = one.won.count, one.won.of
    others, rest = won - wins, whole - n
    found = difference_interval(wins, n, others, rest, sure)
    shows = found.low > 0.0 or found.high < 0.0
    better = wins * rest > others * n

    def gone(k: int) -> bool:
        after = difference_interval(wins if better else wins + k, n + k, others, rest, sure)
        return after.low <= 0.0 if better else after.high >= 0.0

    at, way = f"from {hour:02d}:00", "lost" if better else "won"
    change = run_of(fewest_until(gone), f"trade {at}", f"trades {at}", f"all of them {way}")
    return answer(
        question, Finding.FOUND if shows else Finding.NOTHING_FOUND,
        f"trades left from {hour:02d}:00 to {hour:02d}:59 {rules.zone} win {'more' if better else 'less'} often: {wins:,} of {n:,} "
        f"({wins / n:.1%}), the others {others:,} of {rest:,} ({others / rest:.1%}); "
        f"the difference is {found.low:+.1%} to {found.high:+.1%}",
        change, found, sure, hour=hour, wins=wins, trades=n, other_wins=others, other_trades=rest,
    )  # fmt: skip


def _runs_of_losses(trades: TradeReading, rules: PerformanceConfig) -> Insight:
    question = "Do losses come in longer runs than luck gives?"
    n, lost, run = trades.all.won.of, trades.all.lost, trades.longest_losing_streak
    if n < rules.fewest:
        return too_few(question, n, rules.fewest, "trade")
    rate = lost / n
    chance = run_chance(run, n, rate) if run else 1.0
    found = wilson_interval(lost, n, _SURE)
    told = f"the longest run of losses is {run}; with {lost:,} of {n:,} lost, luck alone gives one as long in {chance:.2g} of cases"
    if chance < ERROR:
        return answer(
            question, Finding.FOUND, f"{told}: losses come together", "many more trades without such a run", found, _SURE,
            trades=n, losses=lost, longest_run=run,
        )  # fmt: skip
    longer = _usual_run(run, n, rate)
    change = "losses and wins both" if not 0 < lost < n else f"a run of {longer} losses in a record of this length"
    return answer(question, Finding.NOTHING_FOUND, told, change, found, _SURE, trades=n, losses=lost, longest_run=run)


def _usual_run(run: int, n: int, rate: float) -> int:
    """The shortest run, longer than this, that luck alone gives in under 1% of cases."""
    longer = fewest_until(lambda k: run_chance(run + k, n, rate) < ERROR)
    return run + (longer or 0)


def _turned_away(signals: SignalReading, rules: PerformanceConfig) -> Insight:
    question = "Does one reason turn most signals away?"
    n = signals.efficiency.of
    if n < rules.fewest:
        return too_few(question, n, rules.fewest, "signal")
    reason, count = next(iter(signals.turned_away.items()), ("", 0))
    found = wilson_interval(count, n, _SURE)
    told = (
        f"{reason!r} turned {count:,} of {n:,} signals away, {_range(count / n, found)}"
        if count
        else "none was turned away"
    )
    shows = found.low > 0.5
    if shows:
        change = run_of(
            fewest_until(lambda k: wilson_interval(count, n + k, _SURE).low <= 0.5),
            "signal",
            "signals",
            "none turned away by it",
        )
    else:
        change = run_of(
            fewest_until(lambda k: wilson_interval(count + k, n + k, _SURE).low > 0.5),
            "signal",
            "signals",
            "all turned away by one reason",
        )
    finding = Finding.FOUND if shows else Finding.NOTHING_FOUND
    return answer(question, finding, told, change, found, _SURE, turned_away=count, signals=n)


def _bias(signals: SignalReading, rules: PerformanceConfig) -> Insight:
    question = "Is the bias of signals better or worse than a coin?"
    right, n = signals.bias.count, signals.bias.of
    if n < rules.fewest:
        return too_few(question, n, rules.fewest, "signal whose bias was judged", "signals whose bias was judged")
    found = wilson_interval(right, n, _SURE)
    told = f"the bias was right {right:,} times of {n:,}, {_range(right / n, found)}"
    if found.low <= 0.5 <= found.high:
        further = fewest_until(lambda k: wilson_interval(right + k, n + k, _SURE).low > 0.5)
        change = run_of(further, "signal", "signals", "all of them right")
        return answer(
            question, Finding.NOTHING_FOUND, f"{told}: not shown to differ from a coin", change, found, _SURE,
            right=right, judged=n,
        )  # fmt: skip
    better = found.low > 0.5

    def gone(k: int) -> bool:
        after = wilson_interval(right if better else right + k, n + k, _SURE)
        return after.low <= 0.5 if better else after.high >= 0.5

    change = run_of(fewest_until(gone), "signal", "signals", f"all of them {'wrong' if better else 'right'}")
    word = "better" if better else "worse"
    return answer(question, Finding.FOUND, f"{told}: {word} than a coin", change, found, _SURE, right=right, judged=n)


def _range(share: float, found: Interval) -> str:
    return f"{share:.1%} ({_SURE:.0%} interval {found.low:.1%} to {found.high:.1%})"
