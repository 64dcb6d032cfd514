"""What a day of a desk came to, counted from its steps: money, trades, orders, refusals, and whatever held it back."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tradeworthy.api.desk_past import PastStep
from tradeworthy.core.messages import LineDown
from tradeworthy.live.desk_commands import NoteKind, NoteLevel, Tell
from tradeworthy.live.desk_events import CallFailed, DeskStarted, DeskStopped, OperatorAsked
from tradeworthy.live.desk_state import DeskState


@dataclass(frozen=True, slots=True)
class DayTrade:
    """A trade that was closed. side: `long` or `short`; pnl in account money, fees taken off; times ns UTC."""

    strategy: str
    symbol: str
    side: str
    units: float
    entry_price: float
    exit_price: float
    entry_ns: int
    exit_ns: int
    reason: str
    pnl: float


@dataclass(frozen=True, slots=True)
class DayNote:
    """Something that people were told, at that moment (ns UTC)."""

    time_ns: int
    kind: str
    level: str
    strategy: str
    sentence: str


@dataclass(frozen=True, slots=True)
class DayAccount:
    """start_equity, end_equity: in `currency`, None where a conversion was not known. money: what each strategy won or lost on
    the day, open positions at their latest close. events: by kind. notes: how many. entries: orders to enter that were sent;
    opened: deals that opened or added. refused: entries by the check that refused them; examples: of each the last sentence.
    held_back: restrictions and what lifted them, alerts too. started: processes that took the desk over. wishes: of operators.
    faults: calls to the broker that failed, and lines lost."""

    currency: str
    start_equity: float | None
    end_equity: float | None
    money: Mapping[str, float | None]
    events: Mapping[str, int]
    notes: int
    trades: tuple[DayTrade, ...]
    entries: tuple[DayNote, ...]
    opened: tuple[DayNote, ...]
    refused: Mapping[str, int]
    examples: Mapping[str, str]
    held_back: tuple[DayNote, ...]
    started: tuple[DayNote, ...]
    wishes: tuple[DayNote, ...]
    faults: tuple[DayNote, ...]


class Reckoning:
    """Sees the steps of a day in order. start: the state before the first of them."""

    def __init__(self, start: DeskState) -> None:
        self._start = self._end = start
        self._events: Counter[str] = Counter()
        self._refused: Counter[str] = Counter()
        self._examples: dict[str, str] = {}
        self._trades: list[DayTrade] = []
        self._notes = 0
        self._told: dict[str, list[DayNote]] = {
            name: [] for name in ("entries", "opened", "held", "started", "wishes", "faults")
        }

    def see(self, one: PastStep) -> None:
        """The next step."""
        self._end = one.after
        event, now = one.happened.event, one.happened.received_ns
        self._events[str(event.__struct_config__.tag)] += 1
        match event:
            case DeskStarted():
                self._note(
                    "started",
                    now,
                    "desk",
                    f"generation {event.generation} of version {event.version} took the desk over",
                )
            case DeskStopped():
                self._note("started", now, "desk", f"the process stopped: {event.reason}")
            case OperatorAsked():
                about = f" ({event.scope})" if event.scope else ""
                self._note("wishes", now, "operator", f"{event.operator} asked for {event.wish}{about}: {event.reason}")
            case CallFailed():
                self._note("faults", now, "broker", f"{event.call} failed: {event.reason}")
            case LineDown():
                self._note("faults", now, "line", f"the line to {event.line} was lost: {event.reason}")
        for command in one.commands:
            if isinstance(command, Tell):
                self._notes += 1
                self._tell(command, now)

    def account(self) -> DayAccount:
        """Of all that was seen."""
        return DayAccount(
            self._start.plan.currency, self._start.equity, self._end.equity, _money(self._start, self._end),
            dict(self._events.most_common()), self._notes, tuple(self._trades),
            refused=dict(self._refused.most_common()), examples=self._examples, entries=tuple(self._told["entries"]),
            opened=tuple(self._told["opened"]), held_back=tuple(self._told["held"]), started=tuple(self._told["started"]),
            wishes=tuple(self._told["wishes"]), faults=tuple(self._told["faults"]),
        )  # fmt: skip

    def _tell(self, tell: Tell, now: int) -> None:
        note = DayNote(now, str(tell.kind), str(tell.level), tell.strategy, tell.sentence)
        if tell.kind is NoteKind.REFUSED:
            check = str(tell.data.get("check", "")) or "other"
            self._refused[check] += 1
            self._examples[check] = tell.sentence
        elif tell.kind is NoteKind.CLOSED:
            self._trades.append(trade_of(tell))
        elif tell.kind is NoteKind.ORDER and "decided_ns" in tell.data:
            self._told["entries"].append(note)
        elif tell.kind is NoteKind.OPENED:
            self._told["opened"].append(note)
        elif tell.kind is NoteKind.MODE or tell.level is NoteLevel.ALERT:
            self._told["held"].append(note)

    def _note(self, where: str, now: int, kind: str, sentence: str) -> None:
        self._told[where].append(DayNote(now, kind, str(NoteLevel.INFO), "", sentence))


def trade_of(tell: Tell) -> DayTrade:
    """The trade that a note of its end tells of."""
    data: Mapping[str, Any] = tell.data
    return DayTrade(
        tell.strategy, tell.symbol, str(data["side"]), float(data["units"]), float(data["entry_price"]),
        float(data["exit_price"]), int(data["entry_ns"]), int(data["exit_ns"]), str(data["reason"]), float(data["pnl"]),
    )  # fmt: skip


def _money(start: DeskState, end: DeskState) -> dict[str, float | None]:
    before = _worth(start)
    return {
        name: None if worth is None or before.get(name, 0.0) is None else worth - (before.get(name) or 0.0)
        for name, worth in _worth(end).items()
    }


def _worth(state: DeskState) -> dict[str, float | None]:
    """What each strategy has made so far; None where the conversion of its position is not known."""
    found: dict[str, float | None] = {}
    for member, one in zip(state.plan.members, state.members, strict=True):
        held = one.holding
        if held is None:
            found[member.name] = one.pnl
        else:
            found[member.name] = None if held.mark is None else one.pnl + held.mark + held.booked
    return found
