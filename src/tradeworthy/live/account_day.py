"""What has to be known of an account's equity to judge today's loss and the fall from its peak."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from tradeworthy.live.plain_records import from_plain, to_plain


@dataclass(frozen=True, slots=True)
class AccountDay:
    """day: number of the trading day, None before the first equity. start: of the day, the last equity seen before it
    began where one was. high: of the day. peak: of all days. last: seen latest."""

    day: int | None = None
    start: float | None = None
    high: float | None = None
    peak: float | None = None
    last: float | None = None

    def seen(self, equity: float, day: int) -> "AccountDay":
        """With one more equity, a finite number. A clock that was put back over midnight begins no day anew."""
        peak = max(equity, self.peak) if self.peak is not None else equity
        if self.day is None or self.last is None or day > self.day:
            start = equity if self.last is None else self.last
            return AccountDay(day, start, max(start, equity), peak, equity)
        return AccountDay(self.day, self.start, max(equity, self.high or equity), peak, equity)

    def to_dict(self) -> dict[str, Any]:
        """Plain types, with the version of their schema."""
        return to_plain(self)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """What `to_dict` wrote. Raises InputError for anything else."""
        return from_plain(data, cls, "the equity of the account")
