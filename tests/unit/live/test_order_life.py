"""An order through every message that a broker may send, late, twice, in any order or never."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from tradeworthy.core.deals import Fill, OrderReport, OrderStatus
from tradeworthy.core.errors import InputError
from tradeworthy.live.order_life import LiveOrder, client_id

TEN = Decimal(10)


def order(units: int = 10) -> LiveOrder:
    """Sent and not answered."""
    return LiveOrder("tw-desk-0000000001-000", "EUR_USD", "one", Decimal(units)).sent()


def fill(units: int, fill_id: str = "f1", price: str = "1.1") -> Fill:
    """A deal without a fee."""
    return Fill(fill_id, Decimal(units), Decimal(price), Decimal(0), 0)


def test_an_order_is_filled_in_parts_at_the_mean_of_their_prices() -> None:
    one = order().acknowledged("b1").filled_by(fill(4, "f1", "1.10")).filled_by(fill(6, "f2", "1.20"))
    assert one.status is OrderStatus.FILLED
    assert one.average_price == Decimal("1.16")
    assert one.open_units == 0
    assert one.breaks == ()
    part = order(-10).filled_by(fill(-4))
    assert (part.status, part.open_units) == (OrderStatus.WORKING, Decimal(-6))


@pytest.mark.parametrize(
    "late",
    [
        lambda one: one.acknowledged("b1"),
        lambda one: one.filled_by(fill(10)),
        lambda one: one.timed_out(),
        lambda one: one.cancel_asked(),
        lambda one: one.cancelled(),
        lambda one: one.expired(),
        lambda one: one.reported(OrderReport(OrderStatus.FILLED, TEN, (fill(10),))),
        lambda one: one.reported(OrderReport(None)),
        lambda one: one.sent(),
    ],
)
def test_what_comes_after_the_whole_fill_changes_nothing(late: Callable[[LiveOrder], LiveOrder]) -> None:
    done = order().acknowledged("b1").filled_by(fill(10))
    assert late(done) == done


def test_a_fill_that_crossed_a_cancellation_counts() -> None:
    crossed = order().acknowledged("b1").cancel_asked().cancelled("by the desk").filled_by(fill(3))
    assert crossed.must_ask  # nobody has said how much was dealt in all
    assert (crossed.status, crossed.filled, crossed.breaks) == (OrderStatus.CANCELLED, Decimal(3), ())
    assert crossed.filled_by(fill(7, "f2")).status is OrderStatus.FILLED


def test_an_order_without_an_answer_is_unknown_until_the_broker_was_asked() -> None:
    lost = order().timed_out()
    assert lost.status is OrderStatus.UNKNOWN
    assert lost.must_ask
    assert lost.open_units == TEN  # it may be dealt at any moment
    assert lost.reported(OrderReport(None)).status is OrderStatus.NEVER_ARRIVED
    assert lost.reported(OrderReport(OrderStatus.WORKING)).status is OrderStatus.WORKING
    there = lost.reported(OrderReport(OrderStatus.FILLED, TEN, (fill(10),)))
    assert (there.status, there.must_ask) == (OrderStatus.FILLED, False)


def test_units_that_no_fill_has_told_of_are_missing_and_asked_for_again() -> None:
    gap = order().timed_out().reported(OrderReport(OrderStatus.FILLED, TEN, (fill(4),)))
    assert (gap.filled, gap.missing, gap.status, gap.must_ask) == (Decimal(4), Decimal(6), OrderStatus.WORKING, True)
    whole = gap.filled_by(fill(6, "f2"))
    assert (whole.status, whole.missing, whole.must_ask) == (OrderStatus.FILLED, Decimal(0), False)


def test_an_ending_that_tells_of_more_than_was_heard_is_not_settled() -> None:
    ended = order().filled_by(fill(2)).cancelled("by the desk", Decimal(5))
    assert (ended.status, ended.missing, ended.must_ask) == (OrderStatus.CANCELLED, Decimal(3), True)
    assert not ended.filled_by(fill(3, "f2")).must_ask
    assert not order().filled_by(fill(2)).expired(Decimal(2)).must_ask
    silent = order().cancelled()
    assert silent.must_ask
    assert not silent.reported(OrderReport(OrderStatus.CANCELLED)).must_ask


@pytest.mark.parametrize(
    ("broken", "words"),
    [
        (lambda: order().filled_by(fill(10)).filled_by(fill(1, "f2")), "11 units were dealt and 10 were asked for"),
        (lambda: order().filled_by(fill(-4)), "goes against the order of 10"),
        (
            lambda: order().timed_out().reported(OrderReport(None)).filled_by(fill(10)),
            "the broker had denied the order",
        ),
        (
            lambda: order().timed_out().reported(OrderReport(None)).acknowledged("b1"),
            "denied it and then acknowledged it",
        ),
        (lambda: order().acknowledged("b1").reported(OrderReport(None)), "knew it and now denies it"),
        (lambda: order().rejected("no margin").cancelled(), "it was rejected, and then the broker said cancelled"),
        (lambda: order().filled_by(fill(4)).rejected("no margin"), "dealt, and then the broker rejected it"),
    ],
)
def test_what_cannot_be_true_is_counted_and_told(broken: Callable[[], LiveOrder], words: str) -> None:
    found = broken()
    assert any(words in one for one in found.breaks)


def test_one_that_was_never_sent_is_cancelled_at_once_and_never_sent_after() -> None:
    new = LiveOrder("tw-desk-0000000001-000", "EUR_USD", "one", TEN).cancel_asked()
    assert (new.status, new.reason) == (OrderStatus.CANCELLED, "it was never sent")
    assert new.sent().status is OrderStatus.CANCELLED


@pytest.mark.parametrize("units", [Decimal(0), Decimal("NaN"), Decimal("Infinity")])
def test_units_that_are_none_are_refused(units: Decimal) -> None:
    with pytest.raises(InputError, match="other than zero"):
        LiveOrder("tw-desk-0000000001-000", "EUR_USD", "one", units)


def test_a_report_that_is_no_answer_is_refused() -> None:
    with pytest.raises(InputError, match="cannot report sent"):
        order().reported(OrderReport(OrderStatus.SENT))


def test_the_same_event_gives_the_same_id_and_ids_sort_as_events_came() -> None:
    assert client_id("desk", 7, 1) == "tw-desk-0000000007-001"
    many = [client_id("desk", sequence, part) for sequence in (1, 9, 10, 99, 1_000) for part in (0, 1)]
    assert many == sorted(many)
    assert len(set(many)) == len(many)
    for desk, sequence, part in (("", 1, 0), ("a b", 1, 0), ("desk", 0, 0), ("desk", 1, 1_000), ("ninechars", 1, 0)):
        with pytest.raises(InputError):
            client_id(desk, sequence, part)


class HonestBroker(RuleBasedStateMachine):
    """A broker that keeps its books, behind a line that loses, doubles and reorders what it says."""

    @initialize(units=st.sampled_from([-7, 1, 10]))
    def begin(self, units: int) -> None:
        self.order = LiveOrder("tw-desk-0000000001-000", "EUR_USD", "one", Decimal(units)).sent()
        self.units, self.left = Decimal(units), Decimal(units)
        self.there: OrderStatus | None = None
        self.fills: list[Fill] = []
        self.waiting: list[Callable[[LiveOrder], LiveOrder]] = []
        self.denied = False

    @precondition(lambda self: self.there is None and not self.denied)
    @rule(accepted=st.booleans())
    def arrive(self, accepted: bool) -> None:
        self.there = OrderStatus.WORKING if accepted else OrderStatus.REJECTED
        self.waiting.append(
            (lambda one: one.acknowledged("b1")) if accepted else (lambda one: one.rejected("no margin"))
        )

    @precondition(lambda self: self.there is OrderStatus.WORKING)
    @rule(share=st.integers(1, 10))
    def deal(self, share: int) -> None:
        sign = 1 if self.units > 0 else -1
        dealt = sign * Decimal(min(share, int(abs(self.left))))
        made = Fill(f"f{len(self.fills)}", dealt, Decimal("1.1"), Decimal(0), 0)
        self.fills.append(made)
        self.left -= dealt
        self.there = OrderStatus.FILLED if not self.left else self.there
        self.waiting.append(lambda one: one.filled_by(made))

    @precondition(lambda self: self.there is OrderStatus.WORKING)
    @rule(expires=st.booleans(), silent=st.booleans())
    def end(self, expires: bool, silent: bool) -> None:
        self.there = OrderStatus.EXPIRED if expires else OrderStatus.CANCELLED
        dealt = None if silent else self.units - self.left
        self.waiting.append(
            (lambda one: one.expired(dealt)) if expires else (lambda one: one.cancelled("by the desk", dealt))
        )

    @precondition(lambda self: self.waiting)
    @rule(data=st.data(), fate=st.sampled_from(["heard", "lost", "twice"]))
    def hear(self, data: st.DataObject, fate: str) -> None:
        message = self.waiting.pop(data.draw(st.integers(0, len(self.waiting) - 1)))
        for _ in range({"heard": 1, "lost": 0, "twice": 2}[fate]):
            self.order = message(self.order)

    @rule()
    def wait_too_long(self) -> None:
        self.order = self.order.timed_out()

    @precondition(lambda self: self.order.must_ask)
    @rule(known=st.integers(0, 3))
    def ask(self, known: int) -> None:
        self.denied = self.denied or self.there is None
        told = tuple(self.fills[: len(self.fills) - known] if known else self.fills)
        self.order = self.order.reported(OrderReport(self.there, self.units - self.left, told))

    @invariant()
    def it_never_knows_more_than_was_dealt_and_never_thinks_less_can_come(self) -> None:
        dealt = self.units - self.left
        assert abs(self.order.filled) <= abs(dealt)
        may_come = abs(self.left) if self.there is OrderStatus.WORKING else Decimal(0)
        thought = abs(self.order.filled + self.order.open_units)
        assert thought >= abs(dealt) + may_come or self.order.must_ask
        if self.order.status.is_over and self.order.status is not OrderStatus.NEVER_ARRIVED:
            assert self.there is not OrderStatus.WORKING

    @invariant()
    def an_honest_broker_never_looks_broken(self) -> None:
        assert self.order.breaks == ()

    def teardown(self) -> None:
        """Once everything was asked for, it knows what the broker knows."""
        if not hasattr(self, "order"):
            return
        asked = self.order.reported(OrderReport(self.there, self.units - self.left, tuple(self.fills)))
        if self.there is None:
            assert asked.status in {OrderStatus.NEVER_ARRIVED, OrderStatus.SENT}
            return
        assert asked.filled == self.units - self.left
        assert asked.status is self.there
        assert asked.breaks == ()
        assert not asked.must_ask


HonestBroker.TestCase.settings = settings(max_examples=200, stateful_step_count=30)
TestHonestBroker = HonestBroker.TestCase
