"""Single rules of calibration that need a clock, each for a bot of one's own."""

from tradeworthy.api.exchange_time import NSE_ZONE, Clock, ExchangeTime
from tradeworthy.controls.calibration import Calibration
from tradeworthy.controls.money_given import capital_of
from tradeworthy.controls.risk_parts import PartOfResults, RiskPart, only
from tradeworthy.core.clock import SECOND_NS
from tradeworthy.core.instrument import AssetClass


class StreakBasedRiskManager(PartOfResults):
    """Smaller sizes after losses in a row, and a pause until the next trading day: `StreakBasedRiskManager()`.

    zone: of the exchange, whose days count. clock: gives the time, the host's unless given. calibration: the multipliers.
    Raises InputError for arguments that cannot be used.
    """

    def __init__(
        self, *, zone: str = NSE_ZONE, clock: Clock | None = None, calibration: Calibration | None = None
    ) -> None:
        super().__init__(only(calibration, "streak"), now=ExchangeTime(clock, AssetClass.FX, zone).now)

    @property
    def losses_in_a_row(self) -> int:
        """Trades of exactly zero are passed over."""
        return self._running.losses_in_a_row


class DynamicCooldown(PartOfResults):
    """A wait after a loss, the longer the larger its share of the capital: `DynamicCooldown(100_000)`.

    initial_capital: in the account currency; results are added to it. clock: gives the time, the host's unless given.
    calibration: the steps. Raises InputError for arguments that cannot be used.
    """

    def __init__(
        self,
        initial_capital: float = 100_000.0,
        *,
        clock: Clock | None = None,
        calibration: Calibration | None = None,
    ) -> None:
        capital = capital_of(initial_capital, "initial_capital")
        super().__init__(only(calibration, "cooldown"), capital, ExchangeTime(clock, AssetClass.FX, "UTC").now)

    def get_remaining_seconds(self) -> float:
        """Until trades are allowed again; 0 where they are."""
        with self._lock:
            return max(0, self._running.cooldown_until_ns - self._now().time_ns) / SECOND_NS


class TimeBasedRiskManager(RiskPart):
    """Smaller sizes at the edges of the session, and so many trades a day: `TimeBasedRiskManager().record_entry()`.

    zone: of the exchange, in which windows and days are counted. clock: gives the time, the host's unless given. calibration:
    windows, multipliers and the number; its `no_new_trades` is off unless switched on. Raises InputError for arguments that
    cannot be used.
    """

    def __init__(
        self, *, zone: str = NSE_ZONE, clock: Clock | None = None, calibration: Calibration | None = None
    ) -> None:
        rules = only(calibration, "session", "no_new_trades", "trades_per_day")
        super().__init__(rules, now=ExchangeTime(clock, AssetClass.FX, zone).now)

    @property
    def trades_today(self) -> int:
        """Entered on the exchange's present day."""
        with self._lock:
            return self._running.entries_on(self._now().day)

    def record_entry(self) -> None:
        """A trade was entered now."""
        with self._lock:
            self._running = self._running.after_entry(self._now().day)
