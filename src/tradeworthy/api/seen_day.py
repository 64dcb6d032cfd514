"""A day looked at once from its first step to its last: what was done on it, what it came to, and where it ended."""

from collections.abc import Iterable
from dataclasses import dataclass

from tradeworthy.api.day_account import DayAccount, Reckoning
from tradeworthy.api.day_acts import Act, ActLog
from tradeworthy.api.desk_past import PastStep
from tradeworthy.core.errors import InputError
from tradeworthy.core.messages import BarCame
from tradeworthy.live.desk_events import BookCame
from tradeworthy.live.desk_state import DeskState


@dataclass(frozen=True, slots=True)
class SeenDay:
    """start, end: the states before the first and after the last step. first_balance: what the broker's first book of the day
    says, None without one. late: bars that were heard after they closed, but for those of before."""

    start: DeskState
    end: DeskState
    acts: tuple[Act, ...]
    account: DayAccount
    first_balance: float | None
    late: int


def seen(steps: Iterable[PastStep]) -> SeenDay:
    """Look at every step once. Raises InputError where there is none."""
    log, reckoning, late = ActLog(), None, 0
    start = end = None
    balance: float | None = None
    for one in steps:
        if reckoning is None:
            start = one.before
            reckoning = Reckoning(start)
        log.see(one)
        reckoning.see(one)
        end, event = one.after, one.happened.event
        if isinstance(event, BarCame):
            late += one.happened.received_ns > event.time_ns and not event.backfill
        elif isinstance(event, BookCame) and balance is None:
            balance = event.book.balance
    if reckoning is None or start is None or end is None:
        raise InputError("there is no event to look at")
    return SeenDay(start, end, tuple(log.acts), reckoning.account(), balance, late)
