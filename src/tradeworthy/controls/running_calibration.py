"""Calibration as it runs: the rules, and what has happened under them so far."""

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final, Self

from tradeworthy.controls.calibration import Calibration
from tradeworthy.controls.levels import VolatilityLevel
from tradeworthy.controls.refusals import Refusal
from tradeworthy.core.clock import rfc3339

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from tradeworthy.controls.calibration_steps import CalibrationState


@dataclass(frozen=True, slots=True)
class Moment:
    """A moment on an exchange: nanoseconds UTC, the number of its trading day (rising by one a day), and the minute of its
    day (-1 where session windows do not apply)."""

    time_ns: int
    day: int
    minute: int


NOWHEN: Final = Moment(0, 0, -1)
"""For rules that ask for no time."""


@dataclass(frozen=True, slots=True)
class TradePermission:
    """Whether an entry is allowed now, at which share of the usual size (0 where it is not), and why not.

    reason: a sentence, and code its word; both empty where it is allowed.
    """

    allowed: bool
    multiplier: float
    reason: str = ""
    code: str = ""

    def to_dict(self) -> dict[str, Any]:
        """{allowed, reason, code}."""
        return {"allowed": self.allowed, "reason": self.reason, "code": self.code}


@dataclass(frozen=True, slots=True)
class Factors:
    """What each rule leaves of the usual size."""

    streak: float
    drawdown: float
    volatility: float
    session: float


@dataclass(frozen=True, slots=True, eq=False)
class RunningCalibration:
    """Every event gives a new one; the rules themselves are those of `calibration_steps`, as in the backtest and the desk."""

    rules: Calibration
    state: "CalibrationState"
    _packed: "npt.NDArray[np.float64]" = field(repr=False)

    @classmethod
    def begun(cls, rules: Calibration, capital: float) -> Self:
        """Before the first trade; capital above zero, in the account currency."""
        from tradeworthy.controls.calibration_steps import started

        return cls(rules, started(float(capital)), rules.packed())

    @classmethod
    def resumed(cls, rules: Calibration, state: "CalibrationState") -> Self:
        """After what is in the state already."""
        return cls(rules, state, rules.packed())

    def after_entry(self, day: int) -> Self:
        """One more trade of that day."""
        from tradeworthy.controls.calibration_steps import entered

        return replace(self, state=entered(self.state, day))

    def after_result(self, pnl: float, moment: Moment) -> Self:
        """A trade was closed then with so much of the account currency, a finite number."""
        from tradeworthy.controls.calibration_steps import closed

        return replace(self, state=closed(self.state, float(pnl), moment.time_ns, moment.day, self._packed))

    def after_lift(self, capital: float) -> Self:
        """The drawdown stop is lifted, and the drawdown counts from this capital on; nothing else changes."""
        losses, _, _, cooldown_until, entry_day, entries, pause_day, _ = self.state
        lifted = (losses, float(capital), float(capital), cooldown_until, entry_day, entries, pause_day, 0)
        return replace(self, state=lifted)

    def asked(self, moment: Moment, level: VolatilityLevel = VolatilityLevel.UNKNOWN) -> TradePermission:
        """Whether anything may be entered then."""
        from tradeworthy.controls.calibration_steps import permission

        share, code = permission(self.state, moment.time_ns, moment.day, moment.minute, int(level), self._packed)
        refusal = Refusal(int(code))
        if refusal is Refusal.NONE:
            return TradePermission(True, float(share))
        return TradePermission(False, 0.0, self._sentence(refusal, moment), refusal.name.lower())

    def factors(self, moment: Moment, level: VolatilityLevel = VolatilityLevel.UNKNOWN) -> Factors:
        """The multipliers one by one, whether or not something refuses."""
        from tradeworthy.controls import calibration_steps as steps

        return Factors(
            float(steps.streak_multiplier(self.losses_in_a_row, self._packed)),
            float(steps.drawdown_multiplier(self.drawdown, self._packed)),
            float(steps.volatility_multiplier(int(level), self._packed)),
            float(steps.session_multiplier(moment.minute, self._packed)),
        )

    @property
    def losses_in_a_row(self) -> int:
        """Trades of exactly zero are passed over."""
        return int(self.state[0])

    @property
    def balance(self) -> float:
        """Capital and all results, in the account currency."""
        return float(self.state[1])

    @property
    def peak(self) -> float:
        """The highest balance so far."""
        return float(self.state[2])

    @property
    def drawdown(self) -> float:
        """How far the balance is below its peak, as a share of the peak."""
        from tradeworthy.controls.calibration_steps import drawdown_of

        return float(drawdown_of(self.balance, self.peak))

    @property
    def cooldown_until_ns(self) -> int:
        """Nanoseconds UTC; long ago where there was none."""
        return int(self.state[3])

    @property
    def stopped(self) -> bool:
        """Whether the drawdown stop is latched."""
        return bool(self.state[7])

    def entries_on(self, day: int) -> int:
        """Trades entered on that day. A day before the last one that is known counts as that one."""
        return int(self.state[5]) if day <= self.state[4] else 0

    def _sentence(self, refusal: Refusal, moment: Moment) -> str:
        more = {
            Refusal.STOPPED: f"now {self.drawdown:.2%} below the peak",
            Refusal.DRAWDOWN: f"{self.drawdown:.2%} below the peak, and {self.rules.drawdown_stop:.4g} of it is the stop",
            Refusal.STREAK: f"{self.losses_in_a_row} in a row",
            Refusal.TRADES_PER_DAY: f"{self.entries_on(moment.day)} of {self.rules.trades_per_day_max}",
        }
        if refusal is Refusal.COOLDOWN:
            return f"{refusal.words} (until {rfc3339(self.cooldown_until_ns)})"
        return f"{refusal.words} ({more[refusal]})" if refusal in more else refusal.words
