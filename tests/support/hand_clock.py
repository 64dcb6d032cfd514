"""A clock that stands until it is moved, on the time of Mumbai."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

MUMBAI = ZoneInfo("Asia/Kolkata")


class HandClock:
    """Called, it gives its moment as a datetime that names its zone."""

    def __init__(self, clock: str = "11:00") -> None:
        self.now = datetime.combine(datetime(2026, 3, 2, tzinfo=MUMBAI), time.fromisoformat(clock), MUMBAI)

    def __call__(self) -> datetime:
        return self.now

    def wait(self, *, minutes: float = 0, days: int = 0) -> None:
        """So much later."""
        self.now += timedelta(minutes=minutes, days=days)
