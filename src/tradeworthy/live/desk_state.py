"""What a desk knows. One record, replaced and never changed; folding the journal's events gives it again."""

from decimal import Decimal
from enum import StrEnum
from typing import Any

import msgspec

from tradeworthy.core.bar import Timeframe
from tradeworthy.core.deals import NOTHING
from tradeworthy.live.bar_arrival import BarHistory
from tradeworthy.live.breaker import BreakerState
from tradeworthy.live.desk_plan import DeskPlan
from tradeworthy.live.health import Reconciliation
from tradeworthy.live.mode import ModeState
from tradeworthy.live.order_life import LiveOrder
from tradeworthy.live.session_refresh import BrokerSession
from tradeworthy.live.volatility_feed import VolatilityFeed

NEVER = 2**62
"""A moment that does not come."""
RECENT_ORDERS = 64
"""Orders that are over and still known, for messages that come twice or late."""
RECENT_SIGNALS = 1_024
"""Signals from outside whose ids are still known, so that one that comes again is known as such."""


class Role(StrEnum):
    """What an order is for."""

    ENTRY = "entry"
    EXIT = "exit"
    STOP = "stop"
    TARGET = "target"


class Wanted(msgspec.Struct, frozen=True):
    """An entry that a strategy wants: decided at `decided_ns` at this close. Distances in price units, None for none.

    stop, target: where its legs rest whatever it is dealt at, where prices were given and not distances.
    """

    side: int
    close: float
    decided_ns: int
    stop_distance: float | None
    target_distance: float | None
    stop: float | None = None
    target: float | None = None

    @property
    def has_prices(self) -> bool:
        """Whether its legs do not move with the deal."""
        return self.stop is not None or self.target is not None


class Moving(msgspec.Struct, frozen=True):
    """Where a leg is being moved to. sent_ns: when the broker was asked, 0 for not yet or again. due_ns: not before that."""

    price: Decimal
    sent_ns: int = 0
    due_ns: int = 0


class Working(msgspec.Struct, frozen=True):
    """An order on its way or resting, and what it is for.

    wanted: of an entry. closes: the entry whose position it reduces. sent_ns, asked_ns: when it was last sent, and last
    asked for. doubted: the broker no longer names it among the open ones, and is asked what became of it.
    """

    life: LiveOrder
    role: Role
    member: int
    wanted: Wanted | None = None
    closes: str = ""
    why: str = ""
    stop: Decimal | None = None
    target: Decimal | None = None
    sent_ns: int = 0
    asked_ns: int = 0
    doubted: bool = False
    moving: Moving | None = None


class Holding(msgspec.Struct, frozen=True):
    """A position of one strategy. units: signed, what is left of `opened`. price: their average, of the
    entry's deals.

    realised: account money of what is closed already; fees, exit_fees: of its entry and exits. mark: open profit or loss at
    the latest close, account money, None where the conversion is unknown. leaving: why it is being left, "" while it is not.
    over_in: the event with which more was closed than was held, 0 where that is not so or the broker's book has confirmed it.
    """

    entry_id: str
    units: Decimal
    opened: Decimal
    price: float
    opened_ns: int
    wanted: Wanted
    stop: float | None
    target: float | None
    realised: float = 0.0
    fees: float = 0.0
    exit_fees: float = 0.0
    mark: float | None = 0.0
    leaving: str = ""
    over_in: int = 0

    @property
    def booked(self) -> float:
        """Account money so far: in the order in which the backtest sums it, so that both are equal."""
        return self.realised - self.fees - self.exit_fees

    @property
    def side(self) -> int:
        """+1 long, -1 short."""
        return 1 if self.opened > NOTHING else -1


class MemberState(msgspec.Struct, frozen=True):
    """One strategy. entry_id, exit_id: of the order on its way, "" for none. wanted: an entry for when it is flat.

    next_exit_ns: no attempt to leave before that. exit_failures: attempts that failed in a row. trades, won, pnl: closed
    ones so far.
    """

    holding: Holding | None = None
    entry_id: str = ""
    exit_id: str = ""
    wanted: Wanted | None = None
    next_exit_ns: int = 0
    trades: int = 0
    won: int = 0
    pnl: float = 0.0
    exit_failures: int = 0


class Day(msgspec.Struct, frozen=True):
    """The trading day under way: equity at its start and its highest since, entries filled."""

    number: int = 0
    ends_ns: int = 0
    start_equity: float = 0.0
    high_equity: float = 0.0
    trades: int = 0


class Unwinding(msgspec.Struct, frozen=True):
    """Everything is being cancelled and closed. why: of the operator or the kill switch. kill: the halt stays latched.
    flat_in: the event with which nothing was left here, 0 while something is. confirmed_ns: when the broker, asked after that,
    said that nothing is left, 0 for not yet."""

    why: str
    since_ns: int
    confirmed_ns: int = 0
    flat_in: int = 0


class BookTalk(msgspec.Struct, frozen=True):
    """The conversation about the broker's book. asked_ns: under way since, 0 for none. due_ns: when to ask next. asked_in,
    agreed_in: the events with which it was asked for last, and with which the one was that agreed."""

    asked_ns: int = 0
    asked_in: int = 0
    due_ns: int = 0
    differences: tuple[str, ...] = ()
    agreed_ns: int = 0
    agreed_in: int = 0


class SessionTalk(msgspec.Struct, frozen=True):
    """The conversation about the session. session: None before it is begun, and for a broker that has none."""

    is_asked: bool = False
    is_begun: bool = False
    session: BrokerSession | None = None
    tried_ns: int = 0


class SignalSeen(msgspec.Struct, frozen=True):
    """A signal from outside that was dealt with. sequence: of its event. answer: SENT, WAITS (for its position to be left),
    LEAVING or REFUSED. client_id: of the order that it became, "" for none. check, why: what refused it. action: what it said."""

    sequence: int
    time_ns: int
    strategy: str
    answer: str
    client_id: str = ""
    check: str = ""
    why: str = ""
    action: str = ""


class Origin(msgspec.Struct, frozen=True):
    """Who runs the desk: the lease's generation, the broker, and the settings it started with."""

    generation: int = 0
    broker: str = ""
    simulated: bool = True
    fingerprint: str = ""
    started_ns: int = 0
    version: str = ""
    settings: dict[str, Any] = {}


class DeskState(msgspec.Struct, frozen=True):
    """See the parts. streams: one for each member; volatility: one for each series, where
    a rule asks for it; plan, streams and volatility are not written into snapshots as they are.

    balance: realised, account money. calibration: of `controls.calibration_steps`. record: trades won and lost, sums of
    their R. sent_ns: when orders were sent, of the last minute. recent_units: by symbol, of the latest orders.
    latest_deals: by symbol, price and moment. signals: by id, the latest that came from outside. looks: by series, when to look
    whether its next bar is late. due_ns: the next moment at which something is to be done, 0 for none.
    """

    plan: DeskPlan
    streams: tuple[Any, ...]
    volatility: tuple[VolatilityFeed, ...]
    histories: tuple[BarHistory, ...]
    members: tuple[MemberState, ...]
    calibration: tuple[int, float, float, int, int, int, int, int]
    sequence: int = 0
    time_ns: int = 0
    mode: ModeState = ModeState()
    breaker: BreakerState = BreakerState()
    reconciliation: Reconciliation = Reconciliation()
    orders: dict[str, Working] = {}
    done: dict[str, Working] = {}
    balance: float = 0.0
    financing: float = 0.0
    peak_equity: float = 0.0
    day: Day = Day()
    record: tuple[int, int, float, float] = (0, 0, 0.0, 0.0)
    sent_ns: tuple[int, ...] = ()
    recent_units: dict[str, tuple[float, ...]] = {}
    latest_deals: dict[str, tuple[float, int]] = {}
    book: BookTalk = BookTalk()
    session: SessionTalk = SessionTalk()
    unwinding: Unwinding | None = None
    origin: Origin = Origin()
    ended: bool = False
    looks: tuple[int, ...] = ()
    due_ns: int = 0
    signals: dict[str, SignalSeen] = {}

    @property
    def equity(self) -> float | None:
        """Balance and open profit or loss; None where a conversion is unknown."""
        total = self.balance
        for one in self.members:
            if one.holding is not None:
                if one.holding.mark is None:
                    return None
                total += one.holding.mark + one.holding.booked
        return total


def first_state(plan: DeskPlan) -> DeskState:
    """Before the first event."""
    from tradeworthy.controls.calibration_steps import NO_DAY

    balance = plan.balance
    return DeskState(
        plan, tuple(one.strategy.stream() for one in plan.members),
        tuple(VolatilityFeed(plan.changes_of(one)) for one in plan.series if plan.feels_volatility),
        tuple(BarHistory(one.symbol, one.timeframe) for one in plan.series),
        tuple(MemberState() for _ in plan.members),
        (0, balance, balance, NO_DAY, NO_DAY, 0, NO_DAY, 0),
        balance=balance, peak_equity=balance, day=Day(start_equity=balance, high_equity=balance),
        looks=tuple(NEVER for _ in plan.series),
    )  # fmt: skip


def last_bars(state: DeskState) -> dict[tuple[str, Timeframe], int]:
    """By series, when the last bar closed that the desk has; series without one are left out."""
    return {(one.instrument, one.timeframe): one.last.close_ns for one in state.histories if one.last is not None}
