"""What became of a signal: whether it passes, and what each check said."""

from dataclasses import dataclass
from typing import Any

from tradeworthy.controls.levels import VolatilityLevel
from tradeworthy.controls.signal_checks import SignalCheck
from tradeworthy.core.clock import rfc3339

_BIAS, _TRAP = "bias_strength", "trap_probability"


@dataclass(frozen=True, slots=True)
class SignalVerdict:
    """All checks in their order. strictness: of the session's window; window: its name, empty where none applies.

    volatility: the level of the current implied volatility. time_ns: when it was asked, nanoseconds UTC.
    """

    checks: tuple[SignalCheck, ...]
    strictness: float
    window: str
    volatility: VolatilityLevel
    time_ns: int

    @property
    def passed(self) -> bool:
        """No check refuses it."""
        return not self.reasons

    @property
    def reasons(self) -> tuple[str, ...]:
        """Of every check that refuses, in their order."""
        return tuple(check.reason for check in self.checks if check.refusal)

    @property
    def confidence(self) -> float | None:
        """The weaker of bias strength and 1 - trap probability, as far as they were checked: 0 to 1, and no probability.

        0 for a signal that is refused; None where neither was checked, so that nothing is known about it.
        """
        if not self.passed:
            return 0.0
        weighed = [float(check.actual or 0.0) for check in self.checks if check.ran and check.check == _BIAS]
        weighed += [1.0 - float(check.actual or 0.0) for check in self.checks if check.ran and check.check == _TRAP]
        return min(weighed, default=None)

    def to_dict(self) -> dict[str, Any]:
        """{passed, confidence, reasons, checks, not_run, strictness, window, volatility, time}; not_run holds the checks that
        are OFF or NOT APPLICABLE, which never count as passed."""
        return {
            "passed": self.passed,
            "confidence": self.confidence,
            "reasons": list(self.reasons),
            "checks": [check.to_dict() for check in self.checks if check.ran],
            "not_run": [check.to_dict() for check in self.checks if not check.ran],
            "strictness": self.strictness,
            "window": self.window or None,
            "volatility": self.volatility.name,
            "time": rfc3339(self.time_ns),
        }
