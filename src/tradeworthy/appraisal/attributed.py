"""What separates a desk's money from its backtest's, trade by trade and day by day."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

from tradeworthy.appraisal.cents import in_cents
from tradeworthy.appraisal.reference_trades import left_by
from tradeworthy.backtest.trades import ExitReason
from tradeworthy.core.clock import rfc3339

SMALLEST: Final = 0.005
"""Account money from which on something counts as unexplained: half a cent."""


class Part(StrEnum):
    """Why live money is not the money of the backtest."""

    EXPECTED_SPREAD = "expected spread"
    EXPECTED_SLIPPAGE = "expected slippage"
    EXPECTED_FEES = "expected fees and swap"
    DATA = "data revision"
    GAP = "gap"
    REFUSAL = "refusal"
    SIZE = "size"
    SLIPPAGE = "slippage"
    LATENCY = "latency"
    SLIPPAGE_AND_LATENCY = "slippage and latency"
    FEES = "fees and swap"
    CONVERSION = "conversion"
    INTERVENTION = "intervention"
    FOLLOWED = "followed from"
    PENDING = "not comparable yet"
    OUTSIDE = "signals from outside"


EXPECTED: Final = (Part.EXPECTED_SPREAD, Part.EXPECTED_SLIPPAGE, Part.EXPECTED_FEES)
"""The costs that the book states."""


class Attributed(StrEnum):
    """The answer for a stretch of days."""

    ALL = "ALL ATTRIBUTED"
    UNEXPLAINED = "UNEXPLAINED"
    COULD_NOT_TELL = "COULD NOT TELL"


@dataclass(frozen=True, slots=True)
class Money:
    """Account money of one trade, strategy, day or stretch of days: what the backtest without costs made on the stored bars, with
    the book's costs, and the desk; what separates the first from the last, part by part; and what no part names.

    `unexplained` is worked out from the two ends and the parts, and never set.
    """

    frictionless: float = 0.0
    expected: float = 0.0
    live: float = 0.0
    parts: Mapping[Part, float] = field(default_factory=dict)

    @property
    def unexplained(self) -> float:
        """What is left."""
        return self.live - self.frictionless - sum(self.parts.values())

    @property
    def is_explained(self) -> bool:
        """Whether less than half a cent is left."""
        return abs(self.unexplained) < SMALLEST

    def cents(self) -> tuple[int, dict[str, int], int]:
        """Whole cents that add up: the frictionless end, every part and what is unexplained, and the live end."""
        named = {str(part): self.parts.get(part, 0.0) for part in Part} | {"unexplained": self.unexplained}
        first, last = round(100 * self.frictionless), round(100 * self.live)
        return first, dict(zip(named, in_cents([*named.values()], last - first), strict=True)), last

    @classmethod
    def total(cls, several: "Iterable[Money]") -> "Money":
        """The sum of several, added up in their order."""
        frictionless = expected = live = 0.0
        parts: dict[Part, float] = {}
        for one in several:
            frictionless, expected, live = frictionless + one.frictionless, expected + one.expected, live + one.live
            for part, value in one.parts.items():
                parts[part] = parts.get(part, 0.0) + value
        return cls(frictionless, expected, live, parts)

    def to_dict(self) -> dict[str, Any]:
        """Exact numbers, and whole cents that add up."""
        first, cents, last = self.cents()
        return {
            "frictionless": self.frictionless, "expected": self.expected, "live": self.live,
            "parts": {str(part): value for part, value in self.parts.items() if value}, "unexplained": self.unexplained,
            "cents": {"frictionless": first, **{name: one for name, one in cents.items() if one}, "live": last},
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class TradeSeen:
    """A trade as one side has it. Times are nanoseconds UTC; exit_ns, exit_price and reason are None while it is open."""

    entry_ns: int
    entry_price: float
    exit_ns: int | None
    exit_price: float | None
    units: float
    reason: str | None

    def is_open(self, moment_ns: int) -> bool:
        """Whether it was held when a day that ends then was over."""
        is_leg = self.reason in {ExitReason.STOP, ExitReason.TARGET}
        over = self.exit_ns is not None and left_by(self.exit_ns, moment_ns, is_leg=is_leg)
        return self.entry_ns < moment_ns and not over

    def to_dict(self) -> dict[str, Any]:
        """Plain data, times in RFC 3339."""
        return {
            "entry": rfc3339(self.entry_ns), "exit": None if self.exit_ns is None else rfc3339(self.exit_ns),
            "entry_price": self.entry_price, "exit_price": self.exit_price, "units": self.units, "reason": self.reason,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class TradeAttribution:
    """One trade in one day. expected: as the backtest with the book's costs has it, None where it has none; so is live.

    check: which one refused it, "" for none. follows: the trade because of which only one side has it, "" for none. why: in words
    what no number says.
    """

    strategy: str
    symbol: str
    side: str
    decided_ns: int
    live: TradeSeen | None
    expected: TradeSeen | None
    money: Money
    check: str = ""
    follows: str = ""
    why: str = ""

    @property
    def name(self) -> str:
        """`EUR_USD_D long 2026-08-04T14:00:00Z`."""
        return f"{self.strategy} {self.side} {rfc3339(self.decided_ns)}"

    def to_dict(self) -> dict[str, Any]:
        """Plain data."""
        return {
            "trade": self.name, "strategy": self.strategy, "symbol": self.symbol, "side": self.side,
            "decided": rfc3339(self.decided_ns), "live": self.live and self.live.to_dict(),
            "expected": self.expected and self.expected.to_dict(), "money": self.money.to_dict(), "check": self.check,
            "follows": self.follows, "why": self.why,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class SessionAttribution:
    """One trading day of a desk against its backtest.

    begins_ns, ends_ns: of the day, nanoseconds UTC. money: of all its trades. refused: money by the check that refused.
    problems: why the day cannot be told whole. notes: what should be known besides.
    """

    date: str
    currency: str
    begins_ns: int
    ends_ns: int
    trades: tuple[TradeAttribution, ...]
    money: Money
    refused: Mapping[str, float] = field(default_factory=dict)
    problems: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def still_open(self) -> tuple[str, ...]:
        """Trades that either side still held at the day's end, valued at the last close."""
        sides = ((one, side) for one in self.trades for side in (one.live, one.expected) if side is not None)
        return tuple(dict.fromkeys(one.name for one, side in sides if side.is_open(self.ends_ns)))

    @property
    def verdict(self) -> Attributed:
        """Whether every cent has a name."""
        explained = self.money.is_explained and all(one.money.is_explained for one in self.trades)
        if not explained:
            return Attributed.UNEXPLAINED
        return Attributed.COULD_NOT_TELL if self.problems or not self.trades else Attributed.ALL

    def to_dict(self) -> dict[str, Any]:
        """Plain data."""
        return {
            "date": self.date, "currency": self.currency, "begins": rfc3339(self.begins_ns), "ends": rfc3339(self.ends_ns),
            "verdict": str(self.verdict), "money": self.money.to_dict(), "refused": dict(self.refused),
            "trades": [one.to_dict() for one in self.trades], "still_open": list(self.still_open),
            "problems": list(self.problems), "notes": list(self.notes),
        }  # fmt: skip
