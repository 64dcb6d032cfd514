"""What a failover system has to remember over a restart."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from tradeworthy.live.breaker import BreakerState
from tradeworthy.live.mode import ModeState
from tradeworthy.live.plain_records import from_plain, to_plain
from tradeworthy.live.safe_exits import ExitSent
from tradeworthy.live.session_refresh import BrokerSession


@dataclass(frozen=True, slots=True)
class BrokerPause:
    """Nothing is entered from one moment until another (ns UTC). asked: by the broker itself, so that no answer ends it."""

    since_ns: int = 0
    until_ns: int = 0
    reason: str = ""
    asked: bool = False

    def holds(self, time_ns: int) -> bool:
        """Whether it does at this moment. A clock that was put back far makes no pause longer."""
        return abs(time_ns - self.since_ns) < self.until_ns - self.since_ns


@dataclass(frozen=True, slots=True)
class FailoverState:
    """mode: halts, latched. breaker, session: as the parts keep them. pause: the latest. exits: that may be at the broker."""

    session: BrokerSession
    mode: ModeState = field(default_factory=ModeState)
    breaker: BreakerState = field(default_factory=BreakerState)
    pause: BrokerPause = field(default_factory=BrokerPause)
    exits: tuple[ExitSent, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Plain types, with the version of their schema."""
        return to_plain(self)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """What `to_dict` wrote. Raises InputError for anything else."""
        return from_plain(data, cls, "the state of failover")
