"""Whether signals that know their times stand at the bars that they are traded on."""

from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from tradeworthy.core.clock import DAY_NS, rfc3339
from tradeworthy.core.errors import InputError
from tradeworthy.market.bars import Bars

_HOUR_NS = 3_600 * 10**9
_FARTHEST_ZONE = 14 * _HOUR_NS
"""The clocks of the world are no further from UTC."""


@dataclass(frozen=True, slots=True, eq=False)
class SignalTimes:
    """The times that a series of pandas carries: moments (n,) in ns of UTC, or of an unnamed zone unless `zoned`."""

    moments: npt.NDArray[np.int64]
    zoned: bool

    @classmethod
    def of(cls, values: Any) -> Self | None:
        """None for what has no index of times."""
        index = getattr(values, "index", None)
        kind = getattr(index, "dtype", None)
        if index is None or getattr(kind, "kind", "") != "M":
            return None
        zoned = getattr(kind, "tz", None) is not None
        plain = index.tz_convert(None) if zoned else index
        return cls(plain.to_numpy().astype("datetime64[ns]").astype(np.int64), zoned)

    def check(self, bars: Bars, where: str) -> None:
        """Raises InputError unless each value stands at its bar: at its open or its close, of days within the day."""
        length = bars.timeframe.length_ns
        opened = bars.close_time - length  # of bars with one price, which stand at their close
        if any((self.moments == moments).all() for moments in (bars.open_time, bars.close_time, opened)):
            return
        apart, far = self.moments - bars.open_time, 0 if self.zoned else _FARTHEST_ZONE
        wrong = np.abs(apart) > max(far, length if length >= DAY_NS else 0)
        wrong |= np.concatenate(([False], self.moments[1:] <= self.moments[:-1]))
        if wrong.any():
            place = int(np.argmax(wrong))
            said, open_time = int(self.moments[place]), int(bars.open_time[place])
            raise InputError(
                f"{where} stands at {rfc3339(said)} where bar {place} of {bars.label} opens at {rfc3339(open_time)}; put it in "
                "the order of these very bars, such as signals.reindex(table.index)"
            )
