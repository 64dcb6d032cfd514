"""A desk on lines that do not wait for it: answers, timeouts, queues that run over, lost lines, and defects."""

import asyncio
from collections.abc import Coroutine
from typing import Any

import pytest

from support.desk_faults import KeptJournal
from support.desk_steps import EUR, LONG, NOTHING_WANTED, OUT, kept, member, plan_with
from support.live_line import LiveLine, until
from tradeworthy.core.clock import HOUR_NS, SECOND_NS
from tradeworthy.core.deals import OrderStatus
from tradeworthy.core.errors import JournalError
from tradeworthy.core.messages import ArrivingBar, BarCame, Heartbeat, LineDown, LineUp
from tradeworthy.live.desk_commands import Tell
from tradeworthy.live.desk_events import DeskStarted
from tradeworthy.live.desk_plan import Timing
from tradeworthy.live.desk_runtime import INBOX, DeskRuntime
from tradeworthy.live.desk_state import first_state
from tradeworthy.live.folding import folded
from tradeworthy.live.mode import Mode

TIMING = Timing(answer_ns=SECOND_NS // 10, ask_ns=SECOND_NS // 20, reconcile_ns=1000 * HOUR_NS)


class Listening:
    """A desk that listens to a live line while a test does things to it."""

    def __init__(self, *decisions: Any) -> None:
        self.line, self.journal, self.notes = LiveLine(), KeptJournal(), list[Tell]()
        self.plan = plan_with(member("a", list(decisions)), timing=TIMING)
        self.runtime = DeskRuntime(
            first_state(self.plan),
            self.line,
            self.journal,
            feed=self.line,
            told=lambda note, _: self.notes.append(note),
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
