"""The chain of decision of one entry, check by check: what each required and found, and what came of it."""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Final

from tradeworthy.controls.filters import CheckState
from tradeworthy.controls.outcomes import Outcome
from tradeworthy.core.clock import rfc3339
from tradeworthy.core.order import Refused

SIGNAL_AGE: Final = "signal age"
"""The check that only signals from outside have."""


class Stage(StrEnum):
    """The stages in their order."""

    DATA = "data"
    STRATEGY = "strategy"
    POSITION = "position"
    MODE = "mode"
    FILTERS = "filters"
    CALIBRATION = "calibration"
    SIZING = "sizing"
    LIMITS = "limits"
    BROKER = "broker"


class Answer(StrEnum):
    """What came of a wish to enter."""

    SENT = "SENT"
    REFUSED = "REFUSED"
    WAITS = "WAITS"
    PASSED_OVER = "PASSED OVER"


_PASSED = {CheckState.PASSED: True, CheckState.REFUSED: False, CheckState.MISSING: False}


@dataclass(frozen=True, slots=True)
class Link:
    """One check of one stage."""

    stage: Stage
    outcome: Outcome

    def to_dict(self) -> dict[str, Any]:
        """{stage, check, state, passed, required, actual, reason}; passed is None for a check that did not run."""
        one = self.outcome
        return {
            "stage": str(self.stage), "check": one.check, "state": one.state.name.replace("_", " "),
            "passed": _PASSED.get(one.state), "required": one.required, "actual": one.actual, "reason": one.reason,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class VerdictChain:
    """One wish to enter, as one event put it. event: its sequence; side: 1 or -1; decided_ns: the close it was decided on.

    client_id: of the order that was sent, "" for none. refusal: the one that was told. links: every check that was asked, in
    order; those of the stages after a refusal were not reached.
    """

    event: int
    time_ns: int
    strategy: str
    symbol: str
    side: int
    decided_ns: int
    answer: Answer
    links: tuple[Link, ...] = ()
    client_id: str = ""
    refusal: Refused | None = None

    @property
    def accepted(self) -> bool:
        """Whether an order was sent."""
        return self.answer is Answer.SENT

    @property
    def is_from_outside(self) -> bool:
        """Whether a signal from outside wants it; `decided_ns` is then when that came."""
        return any(one.outcome.check == SIGNAL_AGE for one in self.links)

    @property
    def not_reached(self) -> tuple[Stage, ...]:
        """Stages in which nothing was asked, because an earlier one refused."""
        asked = {one.stage for one in self.links}
        return tuple(one for one in Stage if one not in asked)

    def to_dict(self) -> dict[str, Any]:
        """{accepted, answer, event, time, strategy, symbol, side, decided, client_id, refused, checks, not_reached}."""
        refused = self.refusal
        return {
            "accepted": self.accepted,
            "answer": str(self.answer),
            "event": self.event,
            "time": rfc3339(self.time_ns),
            "strategy": self.strategy,
            "symbol": self.symbol,
            "side": "long" if self.side > 0 else "short",
            "decided": rfc3339(self.decided_ns),
            "client_id": self.client_id or None,
            "refused": None
            if refused is None
            else {
                "check": refused.check,
                "reason": refused.reason,
                "limit": refused.limit,
                "actual": refused.actual,
            },
            "checks": [one.to_dict() for one in self.links],
            "not_reached": [str(one) for one in self.not_reached],
        }


class Weighing:
    """Writes down the checks of the entries that one step weighs. A step without one does the same and writes nothing down."""

    __slots__ = ("_open", "_shut", "event", "time_ns")

    def __init__(self, event: int, time_ns: int) -> None:
        self.event, self.time_ns = event, time_ns
        self._open: dict[str, VerdictChain] = {}
        self._shut: list[VerdictChain] = []

    def begin(self, strategy: str, symbol: str, side: int, decided_ns: int) -> bool:
        """An entry is wished for; False where it is being weighed already."""
        if strategy in self._open:
            return False
        begun = VerdictChain(self.event, self.time_ns, strategy, symbol, side, decided_ns, Answer.PASSED_OVER)
        self._open[strategy] = begun
        return True

    def is_open(self, strategy: str) -> bool:
        """Whether an entry of it is being weighed."""
        return strategy in self._open

    def refuses(self, strategy: str) -> bool:
        """Whether a check so far stops it."""
        return any(one.outcome.refuses for one in self._open[strategy].links)

    def add(self, strategy: str, stage: Stage, *outcomes: Outcome) -> None:
        """Checks that were asked."""
        chain = self._open[strategy]
        self._open[strategy] = replace(chain, links=(*chain.links, *(Link(stage, one) for one in outcomes)))

    def end(self, strategy: str, answer: Answer, *, client_id: str = "", refusal: Refused | None = None) -> None:
        """What came of it."""
        chain = self._open.pop(strategy)
        self._shut.append(replace(chain, answer=answer, client_id=client_id, refusal=refusal))

    @property
    def chains(self) -> tuple[VerdictChain, ...]:
        """In the order in which they ended; those that came to nothing last."""
        return (*self._shut, *self._open.values())
