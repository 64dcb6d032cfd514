"""The verdict on a bar, held against the same rules written down once more, one after the other."""

import math

from hypothesis import event, example, given, settings
from hypothesis import strategies as st

from tradeworthy.core.bar import Timeframe
from tradeworthy.core.clock import DAY_NS, HOUR_NS, MINUTE_NS, SECOND_NS, rfc3339
from tradeworthy.core.messages import ArrivingBar
from tradeworthy.live.bar_arrival import REMEMBERED, Arrival, BarHistory, judge
from tradeworthy.live.durations import spoken
from tradeworthy.live.freshness import FreshnessLimits
from tradeworthy.live.open_hours import OpenHours

NOON = 1_793_361_600 * SECOND_NS
PRICES = st.sampled_from([1.0, 1.1, 1.2, 0.9, 1, 0.0, -1.0, math.nan, math.inf, -math.inf])
GOOD = st.sampled_from([1.0, 1.05, 1.1])
FRAMES = st.sampled_from([Timeframe.H1, Timeframe.H4, Timeframe.D])
LIMITS = st.builds(
    FreshnessLimits,
    st.sampled_from([0, MINUTE_NS, HOUR_NS, 9 * HOUR_NS]),
    st.dictionaries(FRAMES, st.sampled_from([0, MINUTE_NS, 3 * HOUR_NS])),
    st.sampled_from([0, SECOND_NS]),
)
TIMES = st.integers(-60, 60).map(lambda quarters: NOON + quarters * 15 * MINUTE_NS)


@st.composite
def bars(draw: st.DrawFn, opened: int) -> ArrivingBar:
    """Good prices mostly, else any; a length of one's own mostly."""
    prices = draw(st.sampled_from([GOOD, GOOD, GOOD, PRICES]))
    values = [draw(prices), draw(prices)]
    high, low = (max(values), min(values)) if draw(st.integers(0, 9)) else (draw(prices), draw(prices))
    length = draw(st.sampled_from([HOUR_NS, HOUR_NS, 4 * HOUR_NS, DAY_NS, DAY_NS + HOUR_NS, MINUTE_NS, HOUR_NS, 0]))
    return ArrivingBar(opened, opened + length, values[0], high, low, values[1])


@st.composite
def hours_of(draw: st.DrawFn) -> OpenHours:
    """Some spans of two days, or always."""
    if draw(st.booleans()):
        return OpenHours.always()
    edges = sorted(draw(st.sets(st.integers(-60, 60), max_size=8)))
    spans = [(NOON + a * HOUR_NS, NOON + b * HOUR_NS) for a, b in zip(edges[::2], edges[1::2], strict=False)]
    return OpenHours(tuple(spans), NOON - 60 * HOUR_NS, NOON + 60 * HOUR_NS)


@st.composite
def histories(draw: st.DrawFn) -> BarHistory:
    """Good bars in order, up to a few more than are remembered."""
    frame, start, kept = draw(FRAMES), draw(TIMES), []
    for _ in range(draw(st.integers(0, REMEMBERED))):
        length = draw(st.sampled_from([frame.length_ns, MINUTE_NS]))
        kept.append(ArrivingBar(start, start + length, 1.0, 1.1, 1.0, draw(GOOD)))
        start += length + draw(st.sampled_from([0, 0, HOUR_NS]))
    return BarHistory("EUR_USD", frame, tuple(kept))


def plainly(history: BarHistory, bar: ArrivingBar, now: int, limits: FreshnessLimits) -> Arrival | None:  # noqa: PLR0911 - one line a rule
    """Why a bar is not kept, None where it is."""
    prices, frame = [bar.open, bar.high, bar.low, bar.close], history.timeframe
    longer = HOUR_NS if frame.length_ns > HOUR_NS else 0
    if any(not math.isfinite(one) or one <= 0 for one in prices) or (bar.high, bar.low) != (max(prices), min(prices)):
        return Arrival.BAD
    fixing = bar.close_ns == bar.open_ns and bar.low == bar.high  # one price of one moment
    if not fixing and (bar.close_ns <= bar.open_ns or bar.close_ns - bar.open_ns > frame.length_ns + longer):
        return Arrival.BAD
    if bar.close_ns > now + limits.ahead_ns:
        return Arrival.FUTURE
    if history.last is None or bar.open_ns >= history.last.close_ns + (fixing and history.last.open_ns == bar.open_ns):
        return None
    if bar in history.recent:
        return Arrival.DUPLICATE
    if bar.open_ns in [one.open_ns for one in history.recent]:
        return Arrival.CONFLICT
    return Arrival.BAD if bar.open_ns > history.last.open_ns else Arrival.OUT_OF_ORDER


@settings(max_examples=300)
@given(histories(), st.data(), hours_of(), LIMITS)
@example(BarHistory("EUR_USD", Timeframe.H1), None, OpenHours.always(), FreshnessLimits())
def test_the_verdict_is_that_of_the_rules_taken_one_after_the_other(
    history: BarHistory, data: st.DataObject | None, hours: OpenHours, limits: FreshnessLimits
) -> None:
    if data is None:
        bar, now = ArrivingBar(NOON, NOON + HOUR_NS, 1.0, 1.1, 1.0, 1.1), NOON + HOUR_NS
    else:
        last = history.last
        starts = [one.open_ns for one in history.recent]
        starts += [last.close_ns, last.close_ns, last.close_ns + HOUR_NS, last.open_ns - MINUTE_NS] if last else [NOON]
        bar = data.draw(bars(data.draw(st.sampled_from(starts))))
        if last and data.draw(st.integers(0, 9)) == 0:
            bar = data.draw(st.sampled_from(history.recent))
        near = st.sampled_from([0, SECOND_NS, -SECOND_NS, -SECOND_NS - 1, HOUR_NS, 5 * HOUR_NS, DAY_NS, 30 * HOUR_NS])
        now = bar.close_ns + data.draw(near | st.integers(-DAY_NS, 3 * DAY_NS))
    made = judge(history, bar, now, hours, limits)
    event(made.verdict)
    wrong = plainly(history, bar, now, limits)
    begun = f"EUR_USD {history.timeframe}, bar of {rfc3339(bar.open_ns)}: "
    assert made.sentence.startswith(begun)
    if wrong is not None:
        assert (made.verdict, made.history is history, made.missing_ns) == (wrong, True, 0)
        assert len(made.sentence) > len(begun)
        return
    age, limit = hours.open_ns(bar.close_ns, now), limits.limit_ns(history.timeframe, bar.close_ns, hours)
    missing = hours.open_ns(history.last.close_ns, bar.open_ns) if history.last else 0
    if bar.open_ns == bar.close_ns:  # from one fixing to the next nothing is missing
        missing = max(0, missing - history.timeframe.length_ns)
    gap = f"; {spoken(missing)} of open time before it are missing" if missing else ""
    late = f"it came {spoken(age)} of open time after its close, more than {spoken(limit)}; kept, but not traded on"
    assert made.verdict is (Arrival.ACCEPT if age <= limit else Arrival.STALE)
    assert made.sentence == begun + ("accepted" if age <= limit else late) + gap
    assert made.missing_ns == missing
    assert made.history.recent == (*history.recent, bar)[-REMEMBERED:]
