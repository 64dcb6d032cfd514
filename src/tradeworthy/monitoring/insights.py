"""What can be said of a record beyond its figures: each finding with its counts, its interval and what would change it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Final

from tradeworthy.core.counting import counted
from tradeworthy.validation.intervals import Interval

ERROR: Final = 0.01
"""Chance that a question, asked once, finds something where there is nothing; one about several hours shares it among them."""
_FURTHEST: Final = 100_000


class Finding(StrEnum):
    """What came of a question."""

    FOUND = "FOUND"
    NOTHING_FOUND = "NOTHING FOUND"
    NOT_ENOUGH_DATA = "NOT ENOUGH DATA"


@dataclass(frozen=True, slots=True)
class Insight:
    """One question and its answer. counts: what it rests on. interval: of what the sentence is about, at `confidence`; None
    where there is none. would_change: what further events would give another answer."""

    question: str
    finding: Finding
    sentence: str
    would_change: str
    counts: "MappingProxyType[str, int]" = field(default_factory=lambda: MappingProxyType({}))
    interval: Interval | None = None
    confidence: float | None = None

    def to_dict(self) -> dict[str, Any]:
        """Plain values."""
        interval = None if self.interval is None else {"low": self.interval.low, "high": self.interval.high}
        return {
            "question": self.question, "finding": str(self.finding), "sentence": self.sentence,
            "evidence": {"counts": dict(self.counts), "interval": interval, "confidence": self.confidence},
            "would_change": self.would_change,
        }  # fmt: skip


def answer(
    question: str,
    finding: Finding,
    sentence: str,
    would_change: str,
    interval: Interval | None,
    confidence: float,
    **counts: int,
) -> Insight:
    """An answer that rests on data."""
    return Insight(question, finding, sentence, would_change, MappingProxyType(counts), interval, confidence)


def too_few(question: str, have: int, need: int, noun: str, plural: str = "") -> Insight:
    """That a question cannot be answered yet."""
    return Insight(
        question, Finding.NOT_ENOUGH_DATA, f"not enough data: {counted(have, noun, plural)}, {need:,} are needed",
        f"{counted(need - have, noun, plural)} more", MappingProxyType({"have": have, "need": need}),
    )  # fmt: skip


def fewest_until(gone: Callable[[int], bool]) -> int | None:
    """The fewest further events after which `gone` says that a finding has gone, where more of them never bring it back;
    None for over 100,000."""
    low, high = 0, 1
    while not gone(high):
        if high == _FURTHEST:
            return None
        low, high = high, min(2 * high, _FURTHEST)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if gone(middle) else (middle, high)
    return high


def run_of(count: int | None, noun: str, plural: str, what: str) -> str:
    """`the next 12 trades, all of them lost`."""
    return (
        f"over {_FURTHEST:,} {plural}, {what}" if count is None else f"the next {counted(count, noun, plural)}, {what}"
    )
