"""A desk on lines that do not wait for it: answers, timeouts, queues that run over, lost lines, and defects."""

import asyncio
from collections.abc import Coroutine, Sequence
from dataclasses import replace
from typing import Any

import pytest

from support.desk_faults import KeptJournal
from support.desk_steps import EUR, LONG, NOTHING_WANTED, OUT, kept, member, plan_with
from support.live_line import LiveLine, until
from tradeworthy.core.clock import HOUR_NS, SECOND_NS
from tradeworthy.core.deals import OrderStatus
from tradeworthy.core.errors import JournalError
from tradeworthy.core.messages import ArrivingBar, BarCame, FeedEnded, Heartbeat, LineDown, LineUp
from tradeworthy.live.desk_commands import NoteLevel, Tell
from tradeworthy.live.desk_events import DeskEvent, DeskStarted, Happened, OperatorAsked, Trouble, Wish, happened_in
from tradeworthy.live.desk_plan import Timing
from tradeworthy.live.desk_runtime import INBOX, DeskRuntime
from tradeworthy.live.desk_state import DeskState, first_state
from tradeworthy.live.folding import folded
from tradeworthy.live.holding_back import PAST_BARS
from tradeworthy.live.mode import Mode
from tradeworthy.live.past_bars import HISTORY_SOURCE
from tradeworthy.live.stepping import step

TIMING = Timing(
    answer_ns=SECOND_NS // 10, ask_ns=SECOND_NS // 20, reconcile_ns=1000 * HOUR_NS, history_ns=SECOND_NS // 10
)  # fmt: skip
PATIENT = replace(TIMING, history_ns=10 * SECOND_NS)


class Wishes:
    """A watch that passes on what a test wishes for."""

    def __init__(self) -> None:
        self.waiting: list[DeskEvent] = []

    def events(self, state: DeskState) -> Sequence[DeskEvent]:
        """See `Watch`."""
        del state
        waiting, self.waiting = self.waiting, []
        return waiting

    def seen(self, state: DeskState) -> None:
        """See `Watch`."""


class Listening:
    """A desk that listens to a live line while a test does things to it."""

    def __init__(self, *decisions: Any, timing: Timing = TIMING) -> None:
        self.line, self.journal, self.notes = LiveLine(), KeptJournal(), list[Tell]()
        self.plan, self.wishes = plan_with(member("a", list(decisions)), timing=timing), Wishes()
        self.runtime = DeskRuntime(
            first_state(self.plan),
            self.line,
            self.journal,
            feed=self.line,
            told=lambda note, _: self.notes.append(note),
            watch=self.wishes,
        )

    @property
    def mode(self) -> Mode:
        """Of the desk."""
        return self.runtime.state.mode.mode

    @property
    def orders(self) -> list[str]:
        """Client ids of what is on its way."""
        return list(self.runtime.state.orders)

    @property
    def kinds(self) -> list[str]:
        """Kinds of the events that are in the journal, notes left out."""
        return [one.kind for one in self.journal.read() if one.kind != "note"]

    def told(self, words: str) -> bool:
        """Whether people heard of it."""
        return any(words in one.sentence for one in self.notes)

    def during(self, script: Coroutine[Any, Any, None]) -> None:
        """Run the desk while the script runs; raises what ends the desk before it."""

        async def both() -> None:
            started = DeskStarted(self.line.now_ns(), 1, "test", "live", True, "USD", "none", {})
            desk = asyncio.create_task(self.runtime.run(started))
            acting = asyncio.create_task(script)
            done, _ = await asyncio.wait({desk, acting}, return_when=asyncio.FIRST_COMPLETED, timeout=20)
            for task in (desk, acting):
                task.cancel()
            await asyncio.gather(desk, acting, return_exceptions=True)
            assert done, "neither came to an end"
            for one in done:
                one.result()

        asyncio.run(both())

    async def active(self) -> None:
        """Until it may trade."""
        await until(lambda: self.mode is Mode.ACTIVE)


def test_a_desk_is_active_when_the_broker_has_told_its_book() -> None:
    desk = Listening()
    desk.during(desk.active())
    assert {"history EUR_USD H1", "sign in", "book"} <= set(desk.line.calls)
    assert desk.kinds[0] == "started"


def test_an_answer_goes_before_the_data_that_came_with_it() -> None:
    desk = Listening(LONG)

    async def script() -> None:
        await desk.active()
        desk.line.says(desk.line.bar(), *(Heartbeat(desk.line.now_ns(), "live") for _ in range(2_000)))
        await until(lambda: "placed" in desk.kinds)
        await until(lambda: desk.kinds.count("heartbeat") == 2_000)

    desk.during(script())
    assert desk.kinds.index("placed") - desk.kinds.index("bar") < 100, "not after all the heartbeats"


def test_an_order_without_an_answer_is_asked_for_and_found() -> None:
    desk = Listening(LONG)

    async def silence() -> None:
        desk.line.orders[desk.orders[0]] = None  # type: ignore[assignment]  # it has it, and says nothing
        await asyncio.sleep(60)

    desk.line.before["place"] = silence

    async def script() -> None:
        await desk.active()
        desk.line.says(desk.line.bar())
        await until(lambda: "report" in desk.kinds)
        await until(lambda: [one.life.status for one in desk.runtime.state.orders.values()] == [OrderStatus.WORKING])

    desk.during(script())
    assert desk.line.calls.count("place") == 1


def test_a_broker_that_fails_in_a_way_nobody_foresaw_ends_the_run() -> None:
    desk = Listening(LONG)

    async def broken() -> None:
        raise ZeroDivisionError("a defect")

    desk.line.before["place"] = broken

    async def script() -> None:
        await desk.active()
        desk.line.says(desk.line.bar())
        await asyncio.sleep(15)

    with pytest.raises(ZeroDivisionError, match="a defect"):
        desk.during(script())
    assert desk.kinds[-1] == "bar", "what happened before is in the journal"


def test_a_queue_that_runs_over_halts_the_desk_and_says_so() -> None:
    desk = Listening()

    async def script() -> None:
        await desk.active()
        desk.line.says(*(Heartbeat(desk.line.now_ns(), "live") for _ in range(INBOX + 500)))
        await until(lambda: desk.mode is Mode.HALTED)

    desk.during(script())
    assert desk.told("messages waited, so some of the market was not seen")


def test_a_moment_that_was_asked_for_wakes_the_desk() -> None:
    desk = Listening()

    async def script() -> None:
        await desk.active()
        asked = desk.line.calls.count("book")
        desk.line.passes(1001 * 3600)
        await until(lambda: desk.line.calls.count("book") > asked)

    desk.during(script())
    assert "time" in desk.kinds


def test_a_lost_line_restricts_and_its_return_asks_for_bars_and_the_book_before_anything_is_entered() -> None:
    desk = Listening(NOTHING_WANTED, NOTHING_WANTED, LONG)

    async def script() -> None:
        await desk.active()
        desk.line.says(desk.line.bar())
        await until(lambda: "bar" in desk.kinds)
        desk.line.says(LineDown(desk.line.now_ns(), "live", "reset"))
        await until(lambda: desk.mode is Mode.REDUCING)
        before = len(desk.line.calls)
        desk.line.past = [desk.line.bar().bar]
        desk.line.says(LineUp(desk.line.now_ns(), "live"))
        await desk.active()
        assert {"history EUR_USD H1", "book"} <= set(desk.line.calls[before:])
        await until(lambda: desk.runtime.state.streams[0].at == 2)
        desk.line.says(desk.line.bar())
        await until(lambda: "place" in desk.line.calls)

    desk.during(script())
    assert desk.told("the line to live is back; reconciling")


def test_a_line_whose_messages_end_is_lost_and_holds_entries_back_and_exits_go() -> None:
    desk = Listening(LONG, OUT)

    async def script() -> None:
        await desk.active()
        desk.line.says(desk.line.bar())
        await until(lambda: bool(desk.line.orders))
        desk.line.says(desk.line.deal(desk.orders[0], 10), desk.line.bar())
        desk.line.falls_silent()
        await until(lambda: desk.mode is Mode.REDUCING)
        await until(lambda: any(one.reduce_only for one in desk.line.orders.values()))
        await asyncio.sleep(0.05)

    desk.during(script())
    alerts = [one.sentence for one in desk.notes if one.level is NoteLevel.ALERT]
    assert alerts == ["the desk is REDUCING: the line to live is lost: its messages ended"]
    assert desk.kinds.count("line down") == 1


def test_a_feed_that_says_that_it_ended_is_not_lost() -> None:
    desk = Listening()

    async def script() -> None:
        await desk.active()
        desk.line.says(FeedEnded(desk.line.now_ns(), "live"))
        desk.line.falls_silent()
        await asyncio.sleep(10)

    desk.during(script())
    assert desk.runtime.state.ended
    assert "line down" not in desk.kinds


def test_history_that_does_not_come_does_not_keep_the_desk_from_leaving_a_position() -> None:
    desk = Listening(LONG, OUT)

    async def hang() -> None:
        await asyncio.sleep(60)

    async def script() -> None:
        await desk.active()
        desk.line.says(desk.line.bar())
        await until(lambda: bool(desk.line.orders))
        desk.line.says(desk.line.deal(desk.orders[0], 10))
        await until(lambda: desk.runtime.state.members[0].holding is not None)
        desk.line.before["history"] = hang
        desk.line.says(LineUp(desk.line.now_ns(), "live"), desk.line.bar())
        await until(lambda: any(one.role == "exit" for one in desk.runtime.state.orders.values()))

    desk.during(script())


class SlowHistory:
    """History that does not come before it is let go: longer than any answer of a broker may take."""

    def __init__(self, desk: Listening) -> None:
        self.gate = asyncio.Event()
        self._line = desk.line
        desk.line.before["history"] = self._wait

    async def _wait(self) -> None:
        await asyncio.sleep(2 * TIMING.answer_ns / SECOND_NS)
        await self.gate.wait()

    async def asked(self, times: int) -> None:
        """Until it was asked for so often."""
        await until(lambda: self._line.calls.count("history EUR_USD H1") == times)


def bars_seen(desk: Listening) -> int:
    """By the strategy."""
    return int(desk.runtime.state.streams[0].at)


def test_history_that_takes_longer_than_an_answer_comes_before_newer_bars_and_these_are_entered_on() -> None:
    desk = Listening(*[NOTHING_WANTED] * 3, LONG, timing=PATIENT)

    async def script() -> None:
        slow = SlowHistory(desk)
        old, fresh = [desk.line.bar() for _ in range(3)], desk.line.bar()
        desk.line.past = [one.bar for one in (*old, fresh)]  # the newest came as news too, while it was asked for
        await slow.asked(1)
        desk.line.says(fresh)
        await until(lambda: "book" in desk.kinds)
        await asyncio.sleep(0.02)
        assert bars_seen(desk) == 0
        assert desk.mode is Mode.REDUCING
        slow.gate.set()
        await until(lambda: "place" in desk.line.calls)

    desk.during(script())
    assert bars_seen(desk) == 4
    bodies = [one.body for one in desk.journal.read() if one.kind == "bar"]
    assert [one["backfill"] for one in bodies] == [True, True, True, False]
    assert desk.mode is Mode.ACTIVE
    assert not any(one.level is NoteLevel.ALERT for one in desk.notes), "it is expected"


@pytest.mark.parametrize(
    ("wish", "mode"), [(Wish.HALT, Mode.HALTED), (Wish.KILL, Mode.HALTED), (Wish.FLATTEN, Mode.REDUCING)]
)
def test_wishes_and_answers_are_heard_while_history_is_asked_for(wish: Wish, mode: Mode) -> None:
    desk = Listening(LONG, timing=PATIENT)

    async def script() -> None:
        await desk.active()
        desk.line.says(desk.line.bar())
        await until(lambda: bool(desk.line.orders))
        desk.line.says(desk.line.deal(desk.orders[0], 10))
        await until(lambda: desk.runtime.state.members[0].holding is not None)
        slow = SlowHistory(desk)
        desk.line.says(LineUp(desk.line.now_ns(), "live"))
        await slow.asked(2)
        desk.wishes.waiting = [OperatorAsked(desk.line.now_ns(), wish, "Ann", "a test")]
        await until(lambda: any(one.wish is wish for one in wishes_in(desk)))
        if wish is not Wish.HALT:
            await until(lambda: any(one.reduce_only for one in desk.line.orders.values()))
            desk.line.says(desk.line.deal(next(iter(desk.line.orders)), -10))
            await until(
                lambda: desk.runtime.state.unwinding is not None and desk.runtime.state.unwinding.confirmed_ns > 0
            )

    desk.during(script())
    assert desk.mode is mode


def wishes_in(desk: Listening) -> list[OperatorAsked]:
    """Those that the journal has."""
    found = [happened_in(one) for one in desk.journal.read() if one.kind == "operator"]
    return [one.event for one in found if one is not None and isinstance(one.event, OperatorAsked)]


def test_a_line_that_comes_back_while_history_is_asked_for_has_it_asked_for_again_before_newer_bars_are_heard() -> None:
    desk = Listening(timing=PATIENT)

    async def script() -> None:
        slow = SlowHistory(desk)
        first, missed, fresh = (desk.line.bar() for _ in range(3))
        desk.line.past = [first.bar]
        await slow.asked(1)
        desk.line.says(LineUp(desk.line.now_ns(), "live"), fresh)
        await until(lambda: "line up" in desk.kinds)
        slow.gate.set()
        await until(lambda: bars_seen(desk) == 1)
        slow.gate.clear()
        desk.line.past = [first.bar, missed.bar]
        await slow.asked(2)
        assert bars_seen(desk) == 1
        slow.gate.set()
        await until(lambda: bars_seen(desk) == 3)

    desk.during(script())
    assert [one.body["backfill"] for one in desk.journal.read() if one.kind == "bar"] == [True, True, False]
    assert not desk.told("missing")


def test_history_that_fails_lets_newer_bars_pass_and_holds_entries_back_until_it_has_come() -> None:
    desk = Listening(NOTHING_WANTED, LONG, LONG)

    async def script() -> None:
        slow = SlowHistory(desk)
        await slow.asked(1)
        desk.line.says(desk.line.bar(), desk.line.bar())
        await until(lambda: bars_seen(desk) == 2)
        assert [one.source for one in desk.runtime.state.mode.restrictions if one.source != "start"] == ["history"]
        slow.gate.set()
        desk.line.before.clear()
        desk.line.passes(30)
        await desk.active()
        desk.line.says(desk.line.bar())
        await until(lambda: "place" in desk.line.calls)

    desk.during(script())
    assert desk.told("bars of before cannot be had: no answer came")


def test_the_end_of_a_feed_waits_for_the_bars_before_it() -> None:
    desk = Listening(timing=PATIENT)

    async def script() -> None:
        slow = SlowHistory(desk)
        desk.line.past = [desk.line.bar().bar]
        await slow.asked(1)
        desk.line.says(desk.line.bar(), FeedEnded(desk.line.now_ns(), "live"))
        await asyncio.sleep(0.05)
        assert not desk.runtime.state.ended
        slow.gate.set()
        await asyncio.sleep(10)

    desk.during(script())
    assert desk.runtime.state.ended
    assert bars_seen(desk) == 2


def test_what_a_killed_process_said_of_history_ends_with_the_next_history() -> None:
    desk = Listening(timing=PATIENT)
    for source, expected in ((PAST_BARS, True), (HISTORY_SOURCE, False)):
        before = Happened(0, 0, Trouble(0, source, "as it was", expected=expected))
        desk.runtime.state = step(desk.runtime.state, before)[0]
    desk.during(desk.active())


def test_a_bar_that_is_no_number_is_journaled_as_a_trouble_and_the_desk_goes_on() -> None:
    desk = Listening()

    async def script() -> None:
        await desk.active()
        good = desk.line.bar()
        bar = ArrivingBar(good.bar.open_ns, good.bar.close_ns, 1.1, float("nan"), 1.1, 1.1)
        desk.line.says(BarCame(good.time_ns, EUR, good.timeframe, bar))
        await until(lambda: desk.runtime.state.mode.mode_of(EUR) is Mode.REDUCING)
        desk.line.says(desk.line.bar(), desk.line.bar())
        await until(lambda: desk.runtime.state.mode.mode_of(EUR) is Mode.ACTIVE)

    desk.during(script())
    assert desk.told("a price is missing or not finite")
    assert kept(folded(desk.plan, desk.journal)) == kept(desk.runtime.state)


def test_a_journal_that_cannot_be_written_takes_entries_back_and_ends_the_run() -> None:
    desk = Listening(LONG)

    async def script() -> None:
        await desk.active()
        desk.line.says(desk.line.bar())
        await until(lambda: bool(desk.line.orders))
        desk.journal.full = True
        desk.line.says(LineUp(desk.line.now_ns(), "live"))
        await asyncio.sleep(15)

    with pytest.raises(JournalError, match="the disk is full"):
        desk.during(script())
    assert "cancel" in desk.line.calls
