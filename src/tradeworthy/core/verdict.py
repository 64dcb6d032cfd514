"""The answers. One enum per concept; values are the words people read."""

from enum import StrEnum


class StrategyVerdict(StrEnum):
    """Is the strategy's present still drawn from its past?"""

    HOLDS = "HOLDS"
    DEGRADED = "DEGRADED"
    IMPROVED = "IMPROVED"
    INSUFFICIENT_DATA = "INSUFFICIENT DATA"
    OUT_OF_DATE = "OUT OF DATE"


class BookVerdict(StrEnum):
    """May the book trade?"""

    FIT = "FIT"
    NOT_FIT = "NOT FIT"
    COULD_NOT_TELL = "COULD NOT TELL"

    @property
    def exit_code(self) -> int:
        """0 fit, 1 not fit, 3 could not tell; 2 is kept for bad usage."""
        return {BookVerdict.FIT: 0, BookVerdict.NOT_FIT: 1, BookVerdict.COULD_NOT_TELL: 3}[self]


class Advice(StrEnum):
    """What to do with the book until more is known."""

    CONTINUE = "continue"
    HALVE = "halve"
    STOP = "stop"


class DriftState(StrEnum):
    """Has a strategy that trades lost what it was validated with?"""

    HOLDS = "HOLDS"
    DRIFTING = "DRIFTING"
    STOPPED = "STOPPED"


class RiskLevel(StrEnum):
    """How risky a set of parameters is."""

    LOW = "LOW"
    MEDIUM = "MEDIUM"
    HIGH = "HIGH"
