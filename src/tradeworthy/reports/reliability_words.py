"""Was the score right before? The words and figures of it, alike in the terminal and on the page."""

from tradeworthy.appraisal.reliability_record import Reliability, ScoreReliability
from tradeworthy.core.counting import counted
from tradeworthy.reports.wording import NOTHING

BINS = ("Said", "Came", "Forecasts", "Interval of what came, 95%", "Where right ones would be, 95%")
ASKED = ("Asked after", "Said", "Deepest fall that came", "Came true")
_SIGN = "\N{MINUS SIGN}"


def lines(one: Reliability) -> list[str]:
    """A sentence for each question."""
    said = [_question(one.asked)]
    if one.shorter is not None:
        short = one.shorter
        said.append(
            f"The same method asked for falls of {_percent(short.limit, 1)} within {counted(short.horizon, 'day')}: "
            f"{_told(short)}"
        )
    return said


def drawn(one: Reliability) -> ScoreReliability | None:
    """The question that has a diagram."""
    return one.asked if one.asked.quality is not None else one.shorter


def bins(one: ScoreReliability) -> list[tuple[str, ...]]:
    """A row for each bin of the diagram."""
    return [
        (
            _percent(bin_.forecast), _percent(bin_.observed), f"{bin_.n:,}",
            f"{_percent(bin_.interval.low)} to {_percent(bin_.interval.high)}",
            f"{_percent(bin_.consistent.low)} to {_percent(bin_.consistent.high)}",
        )
        for bin_ in (() if one.quality is None else one.quality.bins)
    ]  # fmt: skip


def askings(one: ScoreReliability) -> list[tuple[str, ...]]:
    """A row for each forecast."""
    return [
        (held.day, _percent(held.chance), _percent(held.fall, 1), "yes" if held.came else "no") for held in one.held
    ]


def _question(one: ScoreReliability) -> str:
    if one.quality is not None:
        return f"Asked of this record before: {_told(one)}"
    long = "" if one.more_years is None else f" ({one.more_years:.0f} years more)"
    if not one.held:
        return f"Whether the score was right before cannot be said: {one.reason}{long}."
    return f"Asked of this record before: {_told(one)} Too few to say whether it is right: {one.reason}{long}."


def _told(one: ScoreReliability) -> str:
    low, high = one.likely or (0, 0)
    right = f"{low} to {high}" if low < high else f"{low}"
    many = len(one.held) > 1
    times = f"{len(one.held)} times, {one.apart} days apart, it said {_percent(one.said)} in the mean"
    said = times if many else f"once, it said {_percent(one.said)}"
    return f"{said} and {one.came} came true ({right} if right){_scored(one)}."


def _scored(one: ScoreReliability) -> str:
    if one.quality is None:
        return ""
    brier = f"; Brier score {one.quality.brier:.3f}"
    if one.quality.skill is None:
        return f"{brier}, and no skill to speak of where all outcomes are alike"
    between = one.skill_interval
    span = "" if between is None else f" ({_signed(between.low)} to {_signed(between.high)})"
    return f"{brier}, skill {_signed(one.quality.skill)} against the base rate{span}"


def _percent(value: float | None, digits: int = 0) -> str:
    return NOTHING if value is None else f"{100 * value:.{digits}f}%".replace("-", _SIGN)


def _signed(value: float) -> str:
    return f"{100 * value:+.0f}%".replace("-", _SIGN)
