"""What was found out about a strategy and the future, in sentences."""

import math

from tradeworthy.backtest.lookahead_report import Answer, Change, FoundBy, LookaheadReport, StreamParity, WarmUp
from tradeworthy.core.clock import rfc3339
from tradeworthy.core.counting import counted
from tradeworthy.reports.wording import minute, share
from tradeworthy.strategies.protocol import Decision

_SIDES = {1: "long", -1: "short"}
_LEAVES = {1: "leave a long", 2: "leave a short", 3: "leave either side"}


def headline(report: LookaheadReport) -> str:
    """The answer to the question, in one sentence."""
    if report.answer is Answer.COULD_NOT_TELL:
        return f"Nothing is proved either way: {report.reasons[0]}."
    if report.change is None:
        return (
            f"No decision changed in {counted(report.cuts, 'cut')} of the history, which held "
            f"{counted(report.decisions, 'decision')}, {report.at_their_bar:,} of them right before a cut."
        )
    return f"What it decides at bar {_place(report.change.bar, report.change.time_ns)} depends on bars that came later."


def details(report: LookaheadReport) -> list[str]:
    """What the answer rests on and how far it reaches."""
    lines = [] if report.change is None else _change_lines(report.change, report.cuts)
    lines += [f"{reason}." for reason in report.reasons[1 if report.answer is Answer.COULD_NOT_TELL else 0 :]]
    if report.answer is Answer.CLEAN:
        lines.append(
            f"A leak in fewer than about {share(report.smallest_share_seen)} of the decisions could have been missed; "
            "more cuts see rarer ones (--cuts)."
        )
    if report.refused:
        lines.append(f"The strategy raised in {report.refused:,} of {2 * report.cuts:,} replays.")
    if report.rounded:
        lines.append(
            "Distances changed by rounding alone with later bars: sums over everything do that, and it is no leak."
        )
    if report.bars < report.bars_given or 0 < report.cuts < report.cuts_asked:
        lines.append(
            f"To keep the work bounded, the newest {report.bars:,} of {report.bars_given:,} bars were replayed, and "
            f"{report.cuts:,} cuts made of {report.cuts_asked:,} asked for."
        )
    return lines


def stream_line(stream: StreamParity) -> str:
    """Whether feeding it bar by bar gives the same."""
    if stream.not_run:
        return f"not compared: {stream.not_run}."
    if stream.bar is None:
        return f"fed one bar at a time, the same decisions at each of {counted(stream.bars, 'bar')}."
    return (
        f"DIFFERS at bar {_place(stream.bar, stream.time_ns)}: {decided(stream.column)} over columns, "
        f"{decided(stream.stream)} when fed one bar at a time."
    )


def warm_up_line(warm_up: WarmUp) -> str:
    """Whether the stated warm-up is enough."""
    if warm_up.not_run:
        return f"not measured: {warm_up.not_run}."
    states = f"states {counted(warm_up.stated, 'bar')}"
    starts = f"{counted(warm_up.starts, 'later start')}"
    if warm_up.entries is None:
        return (
            f"TOO SHORT: {states}, and entries and exits of {starts} still differ after {counted(warm_up.span, 'bar')}: they "
            "depend on where the history begins."
        )
    if warm_up.entries > warm_up.stated:
        return f"TOO SHORT: {states}, and needs about {warm_up.entries:,} for entries and exits to agree in {starts}."
    if warm_up.distances == warm_up.stated:
        return f"{states}, and that was enough in {starts}."
    needs = [
        f"{'more than ' if need is None else 'about '}{need or warm_up.span:,} for stops and targets to agree within {within}"
        for need, within in ((warm_up.loosely, "0.1%"), (warm_up.distances, "a millionth"))
        if need != warm_up.stated
    ]
    return f"{states}, enough for entries and exits in {starts}; it needs {', '.join(needs)}."


def decided(decision: Decision | None) -> str:
    """`long, stop 0.00213, target 0.00426`; `nothing`."""
    if decision is None:
        return "nothing"
    words = [_SIDES[decision.enter]] if decision.enter else []
    if decision.leave and not decision.enter:
        words.append(_LEAVES[decision.leave])
    for name, distance in (("stop", decision.stop_distance), ("target", decision.target_distance)):
        if not math.isnan(distance):
            words.append(f"{name} {distance:.6g}")
    return ", ".join(words)


def _place(bar: int, time_ns: int) -> str:
    return f"{bar:,} (closed {minute(rfc3339(time_ns))})"


def _change_lines(change: Change, cuts: int) -> list[str]:
    now, then = decided(change.with_future), decided(change.without_future)
    if now == then:  # they differ in digits that are not shown, or in what is left along with an entry
        now, then = f"{change.with_future}", f"{change.without_future}"
    without = {
        FoundBy.CUT_OFF: "with the bars up to its own" if change.settled else "with some later bars",
        FoundBy.REPLACED: "with other bars after its own",
    }[change.found_by]
    lines = [f"With all bars: {now}; {without}: {then}.", _distance(change)]
    if change.first:
        lines.append("It is the first: a cut right after each bar before it changed nothing.")
    else:
        lines.append("It is the earliest that was seen; not every bar before it was tried.")
    lines.append(
        f"Of {counted(cuts, 'cut')}, {change.cuts_cut_off:,} showed a change when later bars were cut off, "
        f"{change.cuts_replaced:,} when others were put in their place."
    )
    return [*lines, _hint(change)]


def _distance(change: Change) -> str:
    verb = "changes" if change.ahead == 1 else "change"
    later = f"{counted(change.ahead, 'later bar')} {verb} it"
    if change.settled is None:
        return f"{later}, and bars even later change it back."
    if change.settled == change.ahead:
        return f"It looks {counted(change.ahead, 'bar')} ahead: so many later bars change it, and more do not."
    return f"{later}; it is final after {change.settled:,} of the {change.later_bars:,} that came."


def _hint(change: Change) -> str:
    if not change.cuts_replaced:
        return "Look for what counts the bars it is given: other prices in their place changed nothing."
    if change.settled is not None and change.settled <= 64:
        return (
            "Look for a shift(-1) or [i + 1], a centred window, a pivot, a backfill, or a longer bar before its close."
        )
    return "Look for a maximum, mean, deviation, rank or fit over the whole history instead of the history so far."
