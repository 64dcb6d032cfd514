"""Live a desk's day again and again to its end, killed on the way, and say what does not add up afterwards."""

import random
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from support.desk_day import DayEnd, Killed, Moments, kill_in_play, live
from tradeworthy.adapters.brokers.paper_changes import Dealt, Taken
from tradeworthy.adapters.brokers.paper_faults import FaultCall, FaultKind, PaperFault
from tradeworthy.adapters.brokers.paper_store import PaperStore
from tradeworthy.adapters.journals.opening import open_journal
from tradeworthy.core.clock import HOUR_NS
from tradeworthy.core.deals import Leg
from tradeworthy.live.health import Agreement

BARS = 120
_STRUCK = (
    (FaultCall.PLACE, FaultKind.TIMEOUT_BEFORE), (FaultCall.PLACE, FaultKind.TIMEOUT_AFTER),
    (FaultCall.PLACE, FaultKind.REJECT), (FaultCall.PLACE, FaultKind.NO_CONNECTION),
    (FaultCall.REPORT, FaultKind.TIMEOUT_BEFORE), (FaultCall.BOOK, FaultKind.NO_CONNECTION),
    (FaultCall.BOOK, FaultKind.TIMEOUT_AFTER), (FaultCall.DEAL, FaultKind.DEAL_LOST), (FaultCall.DEAL, FaultKind.DEAL_TWICE),
    (FaultCall.DEAL, FaultKind.DEAL_LATE), (FaultCall.DEAL, FaultKind.DEALS_SWAPPED), (FaultCall.NEWS, FaultKind.NEWS_LOST),
)  # fmt: skip

Life = Callable[[Path, int, Sequence[PaperFault], int], DayEnd | None]
"""(folder, moment of its end or 0, faults, generation): one life of a desk; None where it was killed."""


@dataclass(frozen=True, slots=True)
class Sums:
    """What a day came to at the broker, and the trades that the desk told of."""

    trades: list[tuple[Any, ...]]
    orders: list[tuple[Any, ...]]
    balance: float

    @classmethod
    def of(cls, end: DayEnd) -> "Sums":
        """Of a day that was lived to its end."""
        return cls(end.trades, end.orders, end.book.balance)


def in_play(folder: Path, moment: int, faults: Sequence[PaperFault], generation: int) -> DayEnd | None:
    """A life whose end is an exception."""
    try:
        return live(folder, Moments(moment, kill_in_play), bars=BARS, faults=faults, generation=generation)
    except Killed:
        return None


def faults_of(seed: int) -> list[PaperFault]:
    """One to five faults, by order or by time."""
    draw = random.Random(f"faults {seed}")  # noqa: S311 - no secret
    return [_fault(draw) for _ in range(draw.randint(1, 5))]


def _fault(draw: random.Random) -> PaperFault:
    if draw.random() < 0.3:
        begins = draw.randrange(BARS) * HOUR_NS  # the first bar opens at 0
        lasts = draw.choice([1, HOUR_NS // 2, 3 * HOUR_NS, 9 * HOUR_NS])
        kind = draw.choice([FaultKind.DOWN, FaultKind.LINE_DOWN])
        return PaperFault(FaultCall.ANY, kind, from_ns=begins, until_ns=begins + lasts)
    call, kind = draw.choice(_STRUCK)
    return PaperFault(call, kind, nth=draw.randint(1, 25), messages=draw.randint(1, 6))


def killed_once(folder: Path, moment: int, life: Life = in_play) -> tuple[DayEnd | None, int]:
    """A life that ends at the moment and one that goes on; how the day ended, and how often it was killed."""
    first = life(folder, moment, (), 1)
    return (first, 0) if first is not None else (life(folder, 0, (), 2), 1)


def killed_with_faults(folder: Path, seed: int, last: int, life: Life = in_play) -> tuple[DayEnd | None, int]:
    """Faults in two lives, of which the first is killed, and a short life after the day to settle what they left."""
    draw = random.Random(f"moment {seed}")  # noqa: S311 - no secret
    kills = life(folder, draw.randint(1, last), faults_of(seed), 1) is None
    if kills:
        life(folder, 0, faults_of(seed + 1_000_000), 2)
    return life(folder, 0, (), 3), int(kills)


def killed_again_and_again(
    folder: Path, seed: int, most: int, *, faults: bool = False, life: Life = in_play
) -> tuple[DayEnd | None, int]:
    """Every life ends within so many moments, until one of them reaches the end of the day."""
    draw = random.Random(f"again {seed}")  # noqa: S311 - no secret
    for number in range(5_000):
        struck = faults_of(seed * 10_000 + number) if faults and draw.random() < 0.2 else ()
        end = life(folder, draw.randint(1, most), struck, number + 1)
        if end is not None:
            return (life(folder, 0, (), number + 2) if faults else end), number
    raise AssertionError(f"the day of seed {seed} has no end")


def broken(folder: Path, end: DayEnd, expected: Sums | None) -> list[str]:
    """What does not add up. expected: the day that was never killed, None where faults changed what it came to."""
    found = [*_store_broken(folder), *_agreement_broken(end)]
    if expected is not None:
        sums = Sums.of(end)
        different = (name for name in Sums.__slots__ if getattr(sums, name) != getattr(expected, name))
        found += [f"{name} are not those of the day that was never killed" for name in different]
    return found


def _store_broken(folder: Path) -> list[str]:
    """No client id twice, and no strategy ever held more than its one unit."""
    store = PaperStore(open_journal(folder / "paper.sqlite"))
    changes = [change for kept in store.read() for change in kept.changes]
    store.close()
    taken = {one.client_id: one for one in changes if isinstance(one, Taken)}
    ids = Counter(one.client_id for one in changes if isinstance(one, Taken))
    found = [f"client id {name} was taken {count} times" for name, count in ids.items() if count > 1]
    decided = Counter((one.strategy, one.time_ns, one.units, one.reduce_only) for one in taken.values())
    found += [f"{key} was ordered {count} times" for key, count in decided.items() if count > 1]
    held: Counter[str] = Counter()
    for one in changes:
        if isinstance(one, Dealt):
            strategy = taken[_entry_of(one.client_id)].strategy
            held[strategy] += int(one.units)
            if abs(held[strategy]) > 1:
                found.append(f"{strategy} held {held[strategy]} units after {one.fill_id}")
    return found


def _entry_of(client_id: str) -> str:
    """Of a leg, the order that it belongs to."""
    for leg in Leg:
        client_id = client_id.removesuffix(leg.of(""))
    return client_id


def _agreement_broken(end: DayEnd) -> list[str]:
    state, found = end.state, []
    theirs = {symbol: units for symbol, units in end.book.positions.items() if units}
    if end.held != theirs:
        found.append(f"the desk holds {_plain(end.held)} and the broker {_plain(theirs)}")
    if state.reconciliation.agreement is not Agreement.AGREES or state.book.differences:
        found.append(f"the desk is not reconciled: {state.reconciliation.agreement} {state.book.differences}")
    open_here = {name for name, one in state.orders.items() if not one.life.status.is_over}
    if open_here != set(end.book.open_orders):
        found.append(f"open here {sorted(open_here)}, at the broker {sorted(end.book.open_orders)}")
    return found


def _plain(held: dict[str, Decimal]) -> str:
    return ", ".join(f"{units} {symbol}" for symbol, units in sorted(held.items())) or "nothing"
