"""From numbers to words: the verdict of each strategy and of the book, by rules that are fixed in advance."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from tradeworthy.core.counting import counted
from tradeworthy.core.verdict import Advice, BookVerdict, RiskLevel, StrategyVerdict
from tradeworthy.validation.comparison import POWER, Comparison
from tradeworthy.validation.multiplicity import benjamini_hochberg, holm
from tradeworthy.validation.pooling import Pool

LEVEL = 0.05
FIT_FROM = 0.95
UNFIT_UNDER = 0.5
DEGRADED_SHARE = 0.3


@dataclass(frozen=True, slots=True)
class StrategyJudgement:
    """A strategy's verdict and the sentence that goes with it.

    p-values are adjusted for all strategies tested: Holm's decide (chance of even one false alarm), Benjamini and
    Hochberg's stand beside them (share of false ones among the alarms).
    """

    verdict: StrategyVerdict
    reason: str
    p_lower_adjusted: float | None = None
    p_upper_adjusted: float | None = None
    p_lower_discovery: float | None = None
    p_upper_discovery: float | None = None


@dataclass(frozen=True, slots=True)
class BookJudgement:
    """The book's verdict, every reason for it, what to do, and what would decide it and when."""

    verdict: BookVerdict
    reasons: tuple[str, ...]
    advice: Advice
    advice_sentence: str
    what_decides: str


def judge_strategies(
    comparisons: Mapping[str, Comparison], trades_a_week: Mapping[str, float]
) -> dict[str, StrategyJudgement]:
    """A verdict for each strategy that could be compared, Holm-adjusted over all of them, one-sided at 5%."""
    lower, upper = ([getattr(one, side) for one in comparisons.values()] for side in ("p_lower", "p_upper"))
    columns = (holm(lower), holm(upper), benjamini_hochberg(lower), benjamini_hochberg(upper))
    judged = {}
    for (name, one), low, high, *discovery in zip(comparisons.items(), *columns, strict=True):
        found = _judge(one, low, high, trades_a_week[name])
        judged[name] = replace(found, p_lower_discovery=discovery[0], p_upper_discovery=discovery[1])
    return judged


def _judge(one: Comparison, low: float, high: float, trades_a_week: float) -> StrategyJudgement:
    change = one.mean_r
    figures = f"{signed_r(change.now)} a trade against {signed_r(change.baseline)} before"
    power = f"a loss of {one.edge_r:.2f} R would have been seen with {one.power:.0%} power"
    if low <= LEVEL:
        return StrategyJudgement(StrategyVerdict.DEGRADED, f"{figures}: lower than luck explains; {power}", low, high)
    if high <= LEVEL:
        return StrategyJudgement(StrategyVerdict.IMPROVED, f"{figures}: higher than luck explains; {power}", low, high)
    if one.power >= POWER:
        reason = f"{figures}; {power}"
        return StrategyJudgement(StrategyVerdict.HOLDS, reason, low, high)
    return StrategyJudgement(StrategyVerdict.INSUFFICIENT_DATA, _what_would_do(one, trades_a_week), low, high)


def _what_would_do(one: Comparison, trades_a_week: float) -> str:
    have = f"{counted(one.window_trades, 'trade')} in the window"
    if one.trades_needed is None:
        baseline = one.mean_r.baseline or 0.0
        why = f"is too small to show a loss of {one.edge_r:.2f} R" + (
            ", and has no edge to lose" if baseline <= 0 else ""
        )
        return f"{have}; no number would do: the baseline ({one.baseline_trades} trades, {signed_r(baseline)}) {why}"
    span = f", about {span_of(one.trades_needed / trades_a_week)} of them" if trades_a_week > 0 else ""
    smallest = f"{have}, enough to show a loss of {one.detectable_r:.2f} R or more"
    return f"{smallest}; about {one.trades_needed:,} would show one of {one.edge_r:.2f} R{span}"


def span_of(weeks: float) -> str:
    """Weeks as weeks up to two years, as years from there."""
    years = weeks / 52.18
    if years >= 2:
        return f"{years:,.0f} years"
    return "a week" if round(weeks) <= 1 else f"{weeks:,.0f} weeks"


def judge_book(
    verdicts: Sequence[StrategyVerdict], pooled: Pool | None, parameter_risk: RiskLevel | None, paths: int
) -> BookJudgement:
    """NOT FIT, FIT or COULD NOT TELL, as docs/verdicts.md states the rule. `parameter_risk` None: none to check."""
    tested = [one for one in verdicts if one is not StrategyVerdict.OUT_OF_DATE]
    against = _against(tested, pooled, parameter_risk, paths)
    if against:
        reasons, ends = (tuple(dict.fromkeys(column)) for column in zip(*against, strict=True))
        sentence = "Stop: do not open new trades with this book until the reasons for this are gone."
        return BookJudgement(BookVerdict.NOT_FIT, reasons, Advice.STOP, sentence, " ".join(ends))
    if pooled is None:
        nothing = "no strategy's data reach into the window" if verdicts and not tested else ""
        reason = nothing or "all strategies together have too few closed trades to judge"
        decides = "Newer data" if nothing else "Twenty closed trades over eight weeks, the least that is judged,"
        sentence = "Halve: trade at most half the size until there is enough to judge."
        return BookJudgement(
            BookVerdict.COULD_NOT_TELL, (reason,), Advice.HALVE, sentence, f"{decides} would decide it."
        )
    chance = f"the chance that it earns something after costs is {percent(pooled.probability, paths)}"
    if pooled.probability >= FIT_FROM:
        sentence = "Continue: trade it at its planned size, and validate again when the window has moved on."
        decides = "A degraded pool or a chance under 95% would end it."
        return BookJudgement(BookVerdict.FIT, (chance,), Advice.CONTINUE, sentence, decides)
    sentence = "Halve: trade at most half the size until the answer is in."
    reason = f"{chance}, and 95% are asked for"
    return BookJudgement(BookVerdict.COULD_NOT_TELL, (reason,), Advice.HALVE, sentence, _waiting(pooled))


def _against(
    tested: Sequence[StrategyVerdict], pooled: Pool | None, parameter_risk: RiskLevel | None, paths: int
) -> list[tuple[str, str]]:
    """Every reason why the book is not fit, and what would end it."""
    found: list[tuple[str, str]] = []
    degraded = sum(one is StrategyVerdict.DEGRADED for one in tested)
    back = "It ends when later windows are in line with what came before again."
    if pooled is not None and pooled.probability < UNFIT_UNDER:
        chance = percent(pooled.probability, paths)
        found.append((f"the chance that it earns anything after costs is {chance}", _waiting(pooled)))
    if pooled is not None and pooled.p_lower is not None and pooled.p_lower <= LEVEL:
        now, before = signed_r(pooled.now), signed_r(pooled.baseline)
        found.append((f"all strategies together have degraded ({now} a trade against {before})", back))
    if tested and degraded / len(tested) > DEGRADED_SHARE:
        found.append((f"{degraded} of {len(tested)} strategies have degraded", back))
    if parameter_risk is RiskLevel.HIGH:
        mend = "Parameters are mended in the settings: the findings say which."
        found.append(("over 30% of its strategies have parameters of HIGH risk", mend))
    return found


def signed_r(value: float | None, digits: int = 2) -> str:
    """`+0.21 R`, with a true minus sign; a dash for no number."""
    return "\N{EN DASH}" if value is None else f"{value:+.{digits}f} R".replace("-", "\N{MINUS SIGN}")


def percent(probability: float, paths: int) -> str:
    """With as many digits as it takes to stand on the right side of 0, 50, 95 and 100%, and none that was not drawn."""
    least = 1 / paths
    if probability < least:
        return f"under {least:.2%}"
    if probability > 1 - least:
        return f"over {1 - least:.2%}"
    for digits in (1, 2, 3):
        shown = round(100 * probability, digits)
        if all((shown < 100 * limit) == (probability < limit) for limit in (UNFIT_UNDER, FIT_FROM)) and 0 < shown < 100:
            return f"{shown:.{digits}f}%"
    return f"{probability:.4%}"


def _waiting(pooled: Pool) -> str:
    """Whether waiting decides if the book earns anything, and how long it would take."""
    if pooled.weeks_to_decide is None:
        return "Waiting will not decide it: the book has shown no profit so far, so it needs other strategies or costs."
    if pooled.weeks_to_decide / 52.18 > 50:
        mean = signed_r(pooled.mean_r, 3)
        return f"Waiting will not decide it: at {mean} a trade it would take over 50 years to be sure."
    more = span_of(max(1.0, pooled.weeks_to_decide))
    return f"If it goes on earning {signed_r(pooled.mean_r, 3)} a trade, about {more} more would decide it."
