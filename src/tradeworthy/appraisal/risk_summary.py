"""The answer of an assessment in sentences, and all that it recommends, the most urgent first."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tradeworthy.appraisal.loss_advice import floored
from tradeworthy.appraisal.loss_record import MaximumLoss, Ran, Recommendation, Urgency
from tradeworthy.appraisal.open_exposure import BookExposure
from tradeworthy.appraisal.risk_record import LossMeasure, PortfolioRisk, method_word
from tradeworthy.appraisal.sizing_rules import SizingVerdict, SizingWord
from tradeworthy.appraisal.stop_costs import StopLosses
from tradeworthy.core.counting import counted
from tradeworthy.core.errors import NotEnoughData
from tradeworthy.risk.drawdown_scoring import drawdown_score
from tradeworthy.risk.loss_measures import LossMethod
from tradeworthy.risk.score_record import HIGH_UNDER, MODERATE_UNDER, DrawdownLevel, DrawdownScore, level_of
from tradeworthy.risk.shares import Span

Floats = npt.NDArray[np.float64]

_ORDER = tuple(Urgency)
MISSED_R, MUCH_MISSED_R = 1.2, 1.5
"""Mean loss at a stop, of what was meant to be lost, from which on it is said."""
FEWEST_STOPS = 20
SURE = 0.05
USUAL_DAYS, UNUSUAL = 252, 0.10
"""Trading days a year as people take them, and how far off a record may be without a word."""
FEWEST = 0.01
"""Of its sizes: less than that is not to trade."""


@dataclass(frozen=True, slots=True)
class SmallerSizes:
    """Sizes as a share of what they are, and the score that they would have. loses: the record loses money at any size."""

    share: float
    score: float
    loses: bool = False


def executive_summary(
    score: DrawdownScore,
    loss: MaximumLoss | None,
    measures: Sequence[LossMeasure],
    portfolio: PortfolioRisk | None,
    *,
    ruined: Sequence[str] = (),
    periods: float | None = None,
    record: str = "",
    cuts: Sequence[str] = (),
) -> tuple[str, ...]:
    """A few sentences, the score first; before it that accounts were ruined (a sentence each), where any was.

    periods: days a year of the record. record, cuts: what it is drawn from, and what was left out of it. Without a score no
    chance and no part of one is told.
    """
    said = list(score_sentences(score, periods, ruined))
    said += [f"{one[:1].upper()}{one[1:]}." for one in (record, *cuts) if one]
    said += _worst_case(score, loss)
    if score.score is None:
        return tuple(said)
    near = next((one for one in measures if one.level == 0.99 and one.method == LossMethod.HISTORICAL), None)
    if near is not None and near.value_at_risk is not None:
        tail = (
            "" if near.expected_shortfall is None else f", and {_percent(near.expected_shortfall)} in the mean of those"
        )
        said.append(
            f"One day in a hundred lost {_percent(near.value_at_risk)} of equity or more (historical value at risk){tail}."
        )
    if portfolio is not None:
        spared = 1.0 - portfolio.value_at_risk / portfolio.undiversified if portfolio.undiversified > 0.0 else 0.0
        said.append(
            f"Its {len(portfolio.shares)} strategies together lose {100 * spared:.0f}% less on a bad day than each alone, added up."
        )
    return tuple(said)


def score_sentences(score: DrawdownScore, periods: float | None, ruined: Sequence[str] = ()) -> tuple[str, ...]:
    """That accounts were ruined, the score, how long its horizon is where a year of the record has unusually many days, and
    what is open about it."""
    return (*_ruined(ruined), _scored(score), *_unusual_year(score, periods), *_doubt(score))


def _worst_case(score: DrawdownScore, loss: MaximumLoss | None) -> list[str]:
    """Told by its fall and the limit alone: the levels of falls are another scale than those of the score."""
    cases = () if loss is None else loss.worst_case_scenarios.cases
    if not cases or cases[0].losses.max_drawdown_fraction is None:
        return []
    fall, limit = _percent(cases[0].losses.max_drawdown_fraction), _percent(score.limit)
    if cases[0].kind == "history":
        past = "its own record" if len(cases) > 1 else "the record"
        return [f"The deepest fall looked at is that of {past}: {fall} from a peak, and {limit} is the limit."]
    return [f"In the worst case looked at ({cases[0].case}) it falls by {fall} from a peak, and {limit} is the limit."]


def _scored(score: DrawdownScore) -> str:
    if score.score is None:
        return f"There are not enough data for a score: {score.reason}."
    return (
        f"{_points_word(score.score)} of 100 futures fall by {_percent(score.limit)} or more from a peak within {score.horizon:,} "
        f"trading days: {_word(score.level)} risk."
    )


def _unusual_year(score: DrawdownScore, periods: float | None) -> list[str]:
    """How long the horizon really is, where a year of the record has other than the usual number of days."""
    if score.score is None or periods is None or abs(periods / USUAL_DAYS - 1.0) <= UNUSUAL:
        return []
    months = 12.0 * score.horizon / periods
    long = f"{months:.1f}" if months >= 1.0 else f"{months:.1g}"
    return [f"This record has {periods:.0f} days a year, so that {score.horizon:,} of them are {long} months."]


def _ruined(sentences: Sequence[str]) -> list[str]:
    if not sentences:
        return []
    first, more = sentences[0], len(sentences) - 1
    others = f"; {counted(more, 'further account')} came to nothing too" if more else ""
    return [f"{first[:1].upper()}{first[1:]}{others}."]


def _doubt(score: DrawdownScore) -> list[str]:
    if score.score is None or score.estimation is None or score.monte_carlo is None:
        return []
    drawn = max(score.monte_carlo.high - score.score, score.score - score.monte_carlo.low)
    said = (
        f"A record of this length allows scores from {_points_word(score.estimation.low)} to "
        f"{_points_word(score.estimation.high)} ({100 * score.confidence:g}%){_levels(score.estimation)}; "
        f"that no more than {score.paths:,} futures were drawn adds {drawn:.1f} points either way."
    )
    return [said]


def _levels(open_: Span) -> str:
    """Which levels the interval spans, where it is more than two that meet."""
    low, high = list(DrawdownLevel).index(level_of(open_.low)), list(DrawdownLevel).index(level_of(open_.high))
    if high - low < 2:
        return ""
    return f", anything from {_word(level_of(open_.low))} to {_word(level_of(open_.high))}"


def all_recommendations(
    score: DrawdownScore,
    risk: float | None,
    loss: MaximumLoss | None,
    measures: Sequence[LossMeasure],
    sizing: SizingVerdict | None,
    stops: Mapping[str, StopLosses],
    exposure: BookExposure | None,
    portfolio: PortfolioRisk | None,
    smaller: SmallerSizes | None,
) -> tuple[Recommendation, ...]:
    """Each with the number that caused it. risk: per trade, None where strategies have several."""
    found = [
        *_of_score(score, risk, smaller),
        *([] if loss is None else (one for one in loss.risk_recommendations if not _answered(one, score))),
        *_of_stops(stops),
        *_of_exposure(exposure),
        *_of_models(measures),
        *_of_portfolio(portfolio),
        *_of_sizing(sizing),
    ]
    return tuple(sorted(found, key=lambda one: _ORDER.index(one.level)))


def _answered(one: Recommendation, score: DrawdownScore) -> bool:
    """The fall of the whole record asks for a smaller risk; a score that is much asks the same of one horizon, and better."""
    much = score.score is not None and score.score >= MODERATE_UNDER
    return much and one.name == "max_drawdown_fraction" and one.level is Urgency.CRITICAL


def _of_score(score: DrawdownScore, risk: float | None, smaller: SmallerSizes | None) -> Iterator[Recommendation]:
    if score.score is None:
        yield Recommendation(
            Urgency.MEDIUM, "bring a longer record before trusting any of this", score.reason, "days", float(score.days),
            float(score.days_needed),
        )  # fmt: skip
        return
    if score.score < MODERATE_UNDER:
        return
    urgency = Urgency.CRITICAL if score.score >= HIGH_UNDER else Urgency.HIGH
    action = "do not trade it: no smaller size was found that would do"
    if smaller is not None and smaller.loses:
        action = "do not trade it as it is: its record loses money, and smaller sizes only lose it more slowly"
    elif smaller is not None:
        size = f"trade {_percent(smaller.share)} of these sizes"
        if risk is not None:
            small = floored(risk * smaller.share)
            size = f"risk {_percent(small)} of equity a trade instead of {_percent(risk)}"
        action = f"{size}: the score would be {smaller.score:.0f}"
    reason = (
        f"{score.score:.0f} of 100 futures fall by {_percent(score.limit)}; from {MODERATE_UNDER:g} of 100 on the risk is "
        "called HIGH"
    )
    yield Recommendation(urgency, action, reason, "score", score.score, MODERATE_UNDER)


def _of_stops(stops: Mapping[str, StopLosses]) -> Iterator[Recommendation]:
    """One for all whose stops cost clearly more than was meant."""
    missed = {
        name: one.mean_r
        for name, one in stops.items()
        if one.mean_r is not None and one.stops >= FEWEST_STOPS and one.mean_r >= MISSED_R
    }
    if not missed:
        return
    worst, mean = max(missed.items(), key=lambda item: item[1])
    many = f"{len(missed)} strategies, {worst} most of all," if len(missed) > 1 else worst
    yield Recommendation(
        Urgency.HIGH if mean >= MUCH_MISSED_R else Urgency.MEDIUM,
        f"size {many} for more than 1 R at a stop, or be flat when the market is closed",
        f"the {stops[worst].stops:,} stops of {worst} lost {mean:.2f} R in the mean where 1 R was meant, at most "
        f"{stops[worst].worst_r or 0.0:.1f} R",
        "mean_r", mean, MISSED_R,
    )  # fmt: skip


def _of_exposure(exposure: BookExposure | None) -> Iterator[Recommendation]:
    if exposure is None:
        return
    if exposure.over_limit > 0.0:
        yield Recommendation(
            Urgency.HIGH, "limit what is open at once",
            f"at {_percent(exposure.over_limit)} of closes positions stood above {exposure.limit:g} times equity, at most at "
            f"{exposure.gross_largest:.1f} times on {exposure.gross_at[:10]}",
            "gross_largest", exposure.gross_largest, exposure.limit,
        )  # fmt: skip
    worst = max(exposure.currencies, key=lambda one: one.stop_risk, default=None)
    if worst is not None and worst.positions > 1 and worst.stop_risk > 0.05:
        yield Recommendation(
            Urgency.MEDIUM, f"cap all positions in {worst.currency} together",
            f"on {worst.stop_risk_at[:10]} a move of {worst.currency} against them would have lost {_percent(worst.stop_risk)} of "
            "equity at their stops",
            "stop_risk", worst.stop_risk, 0.05,
        )  # fmt: skip


def _of_models(measures: Sequence[LossMeasure]) -> Iterator[Recommendation]:
    """Methods that lost more often than they may have; one sentence for all of them."""
    failed = [
        one
        for one in measures
        if one.p_frequency is not None
        and one.p_frequency < SURE
        and one.exceptions is not None
        and one.expected is not None
        and one.exceptions > one.expected
    ]
    if failed:
        worst = min(failed, key=lambda one: one.p_frequency or 0.0)
        names = " and ".join(dict.fromkeys(method_word(one.method) for one in failed))
        yield Recommendation(
            Urgency.MEDIUM, f"do not size by the {names} value at risk",
            f"{worst.exceptions} of {worst.asked:,} days did worse than the {method_word(worst.method)} one said at "
            f"{100 * worst.level:g}%, where {worst.expected:.0f} may", "exceptions", float(worst.exceptions or 0), worst.expected,
        )  # fmt: skip


def _of_portfolio(portfolio: PortfolioRisk | None) -> Iterator[Recommendation]:
    if portfolio is None:
        return
    over = {name: one for name, one in portfolio.shares.items() if one.share > portfolio.cap}
    for name, one in over.items():
        yield Recommendation(
            Urgency.MEDIUM, f"trade {name} at {100 * one.capped:.0f}% of its size",
            f"it carries {100 * one.share:.0f}% of the book's risk", "share", one.share, portfolio.cap,
        )  # fmt: skip


def _of_sizing(sizing: SizingVerdict | None) -> Iterator[Recommendation]:
    if sizing is None:
        return
    levels = {SizingWord.HIGH_RISK: Urgency.HIGH, SizingWord.LOW_RETURN: Urgency.LOW}
    for one in sizing.findings:
        if one.word in levels:
            yield Recommendation(
                levels[one.word], one.sentence, "position sizing by its rules", "sizing_rule", one.number, one.limit
            )


def smaller_sizes(score: DrawdownScore, at: Callable[[float], Floats]) -> SmallerSizes | None:
    """Sizes that bring the score under 20, as a share of what they are; None where none is asked for or found.

    at: the book's days (d,) at so much of its sizes, traded again: limits and whole lots make them more than a multiple.
    """
    if score.score is None or score.score < MODERATE_UNDER:
        return None
    if float(at(1.0).mean()) <= 0.0:
        return SmallerSizes(1.0, score.score, loses=True)
    low, high = 0.0, 1.0
    for _ in range(7):
        middle = (low + high) / 2.0
        points = _points(at, middle, score)
        low, high = (middle, high) if points is not None and points < MODERATE_UNDER else (low, middle)
    share = floored(low)
    points = _points(at, share, score) if share >= FEWEST else None
    return None if points is None else SmallerSizes(share, points)


def _points(at: Callable[[float], Floats], share: float, score: DrawdownScore) -> float | None:
    """The score at so much of the sizes; None where they leave too little, or nothing that makes a whole lot."""
    try:
        returns = at(share)
    except NotEnoughData:
        return None
    return drawdown_score(
        returns, score.limit, score.horizon, paths=min(score.paths, 4_000), resamples=40, seed=score.seed, block=score.block,
    ).score  # fmt: skip


def _points_word(points: float) -> str:
    """Whole points, and tenths of them under 10, where 0 would be said of what is not."""
    return f"{points:.0f}" if points >= 10.0 or points == 0.0 else f"{points:.1f}" if points >= 0.05 else "under 0.1"


def _word(level: object) -> str:
    return str(level).replace("_", " ")


def _percent(share: float) -> str:
    return f"{100 * share:.3g}%"


def not_run_words(loss: MaximumLoss | None) -> dict[str, str]:
    """What the look at losses could not do, by part."""
    if loss is None:
        return {}
    missing = {f"stress {name}": one.why for name, one in loss.stress_test_results.items() if one.status is not Ran.RUN}
    return missing | {
        f"crisis {name}": one.why for name, one in loss.crisis_period_analysis.items() if one.status is not Ran.RUN
    }
