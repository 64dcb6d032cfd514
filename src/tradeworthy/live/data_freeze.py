"""Whether prices still come, for a bot that says when one came."""

import threading
from collections.abc import Iterable
from typing import Any

from tradeworthy.core.clock import SECOND_NS, now_ns, rfc3339
from tradeworthy.core.errors import InputError
from tradeworthy.core.finite import positive
from tradeworthy.core.instrument import CalendarName
from tradeworthy.core.moments import Clock, moment_ns, now_by
from tradeworthy.live.liveness import Liveness, LivenessRules, PulseReading, framed, pulse_of
from tradeworthy.live.open_hours import OpenHours
from tradeworthy.live.renewed_hours import RenewedHours

_UNWATCHED = 1 << 62
"""Longer than any silence of a socket whose frames nobody tells of."""
_AHEAD_NS = SECOND_NS
"""A price this far ahead of the clock is still a clock that is a little off."""


class DataFreezeDetector:
    """Prices that have not come for more than 10 seconds are frozen; before the first one nothing is known.

    seconds: exactly as long is not too long. instruments: those to be watched from the start; others are watched from
    their first price on. hours: when the market is open: a calendar's name
    such as "fx-24/5", or `OpenHours`. Any thread may call it.
    """

    def __init__(
        self, seconds: float = 10.0, *, instruments: Iterable[str] = (), hours: OpenHours | str = CalendarName.ALWAYS,
        clock: Clock = now_ns,
    ) -> None:  # fmt: skip
        self._limit = round(positive(seconds, "seconds") * SECOND_NS)
        self._hours = RenewedHours(hours)
        self._clock = clock
        self._lock = threading.Lock()
        self._frames = False
        began = now_by(clock)
        self._feeds = {name: Liveness(name, began) for name in instruments}

    def record_data(self, instrument: str = "prices", time: Any = None) -> None:
        """A price came. time: the moment that it is of, now where left out; an older one than before changes nothing.

        Raises InputError for a naive time, and for one that is yet to come: a price of tomorrow would look fresh all day.
        """
        now = now_by(self._clock)
        moment = now if time is None else moment_ns(time, f"the time of {instrument}")
        if moment > now + _AHEAD_NS:
            raise InputError(
                f"{instrument}: a price of {rfc3339(moment)} is yet to come, now is {rfc3339(now)}; check the clocks"
            )
        with self._lock:
            feed = self._feeds.get(instrument) or Liveness(instrument, min(now, moment))
            latest = (
                moment if feed.useful_ns is None or feed.useful_ns > now + _AHEAD_NS else max(moment, feed.useful_ns)
            )
            self._feeds[instrument] = framed(framed(feed, latest, useful=True), now, useful=False)

    def record_frame(self, instrument: str = "prices") -> None:
        """Something came, a ping perhaps: from the first on, a socket without any is told apart from frozen prices."""
        now = now_by(self._clock)
        with self._lock:
            self._frames = True
            self._feeds[instrument] = framed(
                self._feeds.get(instrument) or Liveness(instrument, now), now, useful=False
            )

    def readings(self) -> tuple[PulseReading, ...]:
        """What is said of each feed now; none where nothing was ever told."""
        now = now_by(self._clock)
        with self._lock:
            feeds, frames = tuple(self._feeds.values()), self._frames
        hours = self._hours.at(now)
        rules = LivenessRules(self._limit if frames else _UNWATCHED, self._limit)
        return tuple(pulse_of(one, now, hours, rules) for one in feeds)

    def check(self, instrument: str = "") -> dict[str, Any]:
        """{frozen, allowed, reason}: of one instrument, or of all of them together. Entries need a price that has come."""
        found = [one for one in self.readings() if instrument in {"", one.instrument}]
        if not found:
            who = f"no price of {instrument}" if instrument else "no price"
            return {"frozen": False, "allowed": False, "reason": f"{who} has come yet; call record_data when one does"}
        worst = next((one for one in found if not one.allows_entries), found[0])
        frozen = any(one.reconnects or one.resubscribes for one in found)
        return {"frozen": frozen, "allowed": worst.allows_entries, "reason": worst.sentence}
