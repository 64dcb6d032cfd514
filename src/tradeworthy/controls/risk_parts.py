"""Single rules of calibration that run by themselves; those that need no clock are complete here."""

import threading
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from tradeworthy.controls.calibration import Calibration
from tradeworthy.controls.levels import VolatilityLevel
from tradeworthy.controls.money_given import amount, capital_of
from tradeworthy.controls.running_calibration import NOWHEN, Moment, RunningCalibration, TradePermission
from tradeworthy.controls.volatility_regime import VolatilityRegimeDetector
from tradeworthy.core.errors import InputError
from tradeworthy.core.finite import shown

_RULES = ("streak", "drawdown", "volatility", "session", "no_new_trades", "cooldown", "trades_per_day")


def only(calibration: Calibration | None, *rules: str) -> Calibration:
    """The same thresholds with every other rule switched off. Raises InputError for what is no Calibration."""
    if not isinstance(calibration, Calibration | None):
        raise InputError(f"calibration must be a Calibration(...), not {shown(calibration)}")
    off: dict[str, Any] = {name: False for name in _RULES if name not in rules}
    return replace(calibration or Calibration(), **off)


def timeless() -> Moment:
    """The clock of rules that ask for no time."""
    return NOWHEN


class RiskPart:
    """What the single rules share: a multiplier, 0 where the rule says stop, and whether a trade may be taken.

    May be used from several threads.
    """

    def __init__(self, rules: Calibration, capital: float = 1.0, now: Callable[[], Moment] = timeless) -> None:
        self._now, self._lock = now, threading.RLock()
        self._running = RunningCalibration.begun(rules, capital)
        self._running.after_entry(0).after_result(1.0, NOWHEN).asked(NOWHEN)  # what is compiled is ready from now on

    def get_multiplier(self) -> float:
        """The share of the usual size."""
        return self.permission().multiplier

    def can_take_trade(self) -> dict[str, Any]:
        """{allowed, reason, code}."""
        return self.permission().to_dict()

    def permission(self) -> TradePermission:
        """The same as a typed record."""
        with self._lock:
            return self._running.asked(self._now(), self._level())

    def _level(self) -> VolatilityLevel:
        return VolatilityLevel.UNKNOWN


class PartOfResults(RiskPart):
    """One that is told what trades brought."""

    def update_trade_result(self, pnl: float) -> None:
        """A trade was closed with so much. Raises InputError for what is no finite number; then nothing has changed."""
        result = amount(pnl, "pnl")
        with self._lock:
            self._running = self._running.after_result(result, self._now())


class DrawdownProtection(PartOfResults):
    """Smaller sizes the further the balance is below its peak, and a latched stop: `DrawdownProtection(100_000)`.

    initial_capital: in the account currency. calibration: the bands. Raises InputError for arguments that cannot be used.
    """

    def __init__(self, initial_capital: float = 100_000.0, *, calibration: Calibration | None = None) -> None:
        super().__init__(only(calibration, "drawdown"), capital_of(initial_capital, "initial_capital"))

    @property
    def drawdown(self) -> float:
        """As a share of the peak."""
        return self._running.drawdown

    @property
    def stopped(self) -> bool:
        """Whether the stop is latched."""
        return self._running.stopped

    def lift_stop(self, capital: float | None = None) -> None:
        """Trade again, the drawdown counted from this capital on (from the balance unless given)."""
        with self._lock:
            self._running = lifted(self._running, capital)


class VolatilityBasedRiskManager(RiskPart):
    """Smaller sizes in volatile markets: `VolatilityBasedRiskManager().update_market_volatility(iv=18.5)`.

    detector: with a history if there is one. calibration: the multipliers. Raises InputError for arguments that cannot be used.
    """

    def __init__(
        self, detector: VolatilityRegimeDetector | None = None, *, calibration: Calibration | None = None
    ) -> None:
        super().__init__(only(calibration, "volatility"))
        self.detector = detector or VolatilityRegimeDetector()

    def update_market_volatility(self, iv: float) -> str:
        """One more value, and its level. Raises InputError for what is no number above zero; then nothing has changed."""
        return self.detector.update_volatility(iv).name

    def _level(self) -> VolatilityLevel:
        return self.detector.level


def lifted(running: RunningCalibration, capital: float | None) -> RunningCalibration:
    """After the drawdown stop was lifted. Raises InputError where none is latched, or no capital is left."""
    if not running.stopped:
        raise InputError("no drawdown stop is latched, so there is none to lift")
    return running.after_lift(capital_of(running.balance if capital is None else capital, "capital"))
