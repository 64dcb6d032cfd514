"""Time. Integer nanoseconds UTC inside, RFC 3339 outside; this is the only module that reads the clock of the host."""

import time
from datetime import UTC, datetime
from typing import Final

SECOND_NS: Final = 1_000_000_000
MINUTE_NS: Final = 60 * SECOND_NS
HOUR_NS: Final = 60 * MINUTE_NS
DAY_NS: Final = 24 * HOUR_NS
WEEK_NS: Final = 7 * DAY_NS


def now_ns() -> int:
    """Nanoseconds since 1970-01-01T00:00:00Z by the host's clock."""
    return time.time_ns()


def monotonic_ns() -> int:
    """Nanoseconds since some moment, by a clock that nobody sets."""
    return time.monotonic_ns()


class SteadyClock:
    """The time of day as it was at its making, and what has passed since: a clock that is set does not move it.

    What waits for a moment by it waits as long as it should; `live.clock_watch` tells that the host's clock was set.
    """

    def __init__(self) -> None:
        self._offset_ns = now_ns() - monotonic_ns()

    def now_ns(self) -> int:
        """Nanoseconds UTC."""
        return monotonic_ns() + self._offset_ns


def to_datetime(time_ns: int) -> datetime:
    """The moment as an aware datetime in UTC, cut to microseconds."""
    seconds, rest = divmod(int(time_ns), SECOND_NS)
    return datetime.fromtimestamp(seconds, UTC).replace(microsecond=rest // 1000)


def from_datetime(moment: datetime) -> int:
    """Nanoseconds UTC of an aware datetime. Raises ValueError for a naive one: it names no moment."""
    if moment.tzinfo is None:
        raise ValueError(f"{moment.isoformat()} has no time zone and so names no moment")
    whole = moment.astimezone(UTC)
    return int(whole.replace(microsecond=0).timestamp()) * SECOND_NS + whole.microsecond * 1000


def rfc3339(time_ns: int) -> str:
    """`2026-10-30T14:15:00Z`; fractions of a second only where there are any."""
    text = to_datetime(time_ns).isoformat().replace("+00:00", "Z")
    rest = int(time_ns) % 1000
    if rest:
        text = text.removesuffix("Z")
        text = (text if "." in text else text + ".000000") + f"{rest:03d}Z"
    return text


def from_rfc3339(text: str) -> int:
    """Nanoseconds UTC of what `rfc3339` wrote, to the last digit. Raises ValueError for anything else."""
    whole, _, rest = text.removesuffix("Z").partition(".")
    if not text.endswith("Z") or (rest and not rest.isdecimal()) or len(rest) > len("000000000"):
        raise ValueError(f"{text!r} is not a moment in UTC such as 2026-10-30T14:15:00Z")
    return from_datetime(datetime.fromisoformat(whole).replace(tzinfo=UTC)) + int(rest.ljust(9, "0") or 0)


def folder_stamp(time_ns: int) -> str:
    """`20261030T141500Z`, for names of folders and files."""
    return to_datetime(time_ns).strftime("%Y%m%dT%H%M%SZ")
