"""How much may be risked now, after what has happened: the calibration of a desk, in one object for a bot of one's own."""

import math
import threading
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from tradeworthy.api.calibration_memory import CalibrationMemory, begun, file_for, id_of, resumed
from tradeworthy.api.exchange_time import Clock, ExchangeTime
from tradeworthy.controls.calibration import Calibration
from tradeworthy.controls.money_given import amount, capital_of
from tradeworthy.controls.refusals import Refusal
from tradeworthy.controls.risk_parts import lifted
from tradeworthy.controls.risk_profile import RiskProfile, profile_of
from tradeworthy.controls.running_calibration import NOWHEN, Moment, TradePermission
from tradeworthy.controls.sizing import FixedFraction, SizeLimits
from tradeworthy.controls.volatility_levels import Percentiles
from tradeworthy.core.errors import InputError, OutputError
from tradeworthy.core.finite import finite_number, positive, shown
from tradeworthy.core.instrument import AssetClass


@dataclass(frozen=True, slots=True)
class PositionSize:
    """units: whole lots of them, 0 for no trade. risk: account money that is lost with the stop, or the whole premium.

    multiplier: the calibration's. reason: a sentence, and code its word, where there is no trade.
    """

    units: float
    risk: float
    multiplier: float
    reason: str = ""
    code: str = ""


class RiskCalibrationEngine:
    """Streak, drawdown, volatility, session, cooldown and trades a day, each a multiplier or a refusal, together.

    `RiskCalibrationEngine(100_000)`, then `update_trade_result`, `update_market_volatility` and `record_entry` as things
    happen, and `can_take_trade` and `get_position_size` before each entry. May be used from several threads.

    initial_capital: account currency. calibration: every threshold and switch. risk_per_trade: share of the capital that one
    trade of the usual size may lose. lot_size: units of one lot. leverage: most notional for one unit of capital; 1 never
    borrows. iv_history: earlier volatilities, oldest first, such as a year of daily ones, where the file holds none;
    percentiles: how they are compared.
    asset_class, zone: session windows and trading days are those of NSE for options; for others there are no windows, and
    days are UTC, unless a zone is given. clock: gives the time, the host's unless given. state: a file in which everything
    is kept over restarts; without it, in memory. Raises InputError for arguments and files that cannot be used, OutputError
    where the file cannot be written.
    """

    def __init__(
        self,
        initial_capital: float = 100_000.0,
        *,
        calibration: Calibration | None = None,
        risk_per_trade: float = 0.02,
        lot_size: float = 1.0,
        leverage: float = 1.0,
        iv_history: Iterable[float] = (),
        percentiles: Percentiles | None = None,
        asset_class: AssetClass | str = AssetClass.OPTION,
        zone: str | None = None,
        clock: Clock | None = None,
        state: str | Path | None = None,
    ) -> None:
        if not isinstance(calibration, Calibration | None):
            raise InputError(f"calibration must be a Calibration(...), not {shown(calibration)}")
        self._lock, self._time = threading.RLock(), ExchangeTime(clock, asset_class, zone)
        self._sizing, lot = FixedFraction(risk_per_trade), positive(lot_size, "lot_size")
        self._limits = SizeLimits(lot, lot, positive(leverage, "leverage"))
        capital = capital_of(initial_capital, "initial_capital")
        self._memory = begun(capital, calibration or Calibration(), iv_history, percentiles)
        self._make_ready()
        self._unkept, self._superseded = "", ""
        self._file = file_for(state)
        if self._file is not None:
            kept = self._file.read()
            self._memory = self._memory if kept is None else resumed(kept, self._memory, self._file.path)
            self._file.write(self._memory.stored())

    def update_trade_result(self, pnl: float, trade_id: str | int | None = None) -> bool:
        """A trade was closed with so much account money, after costs; whether it was counted.

        trade_id: with one, a result that is told again is not counted again. A trade whose entry was not told by
        `record_entry` or `take_trade` counts as one of today. Raises InputError for what is no finite number, or an id that
        came with another result; then nothing has changed. Raises OutputError where it cannot be kept in the file: then it
        is counted, must not be told again, and nothing may be entered until the file can be written.
        """
        result, name = amount(pnl, "pnl"), id_of(trade_id)
        with self._lock:
            if self._memory.counted(name, result):
                return False
            self._adopt(self._memory.after_result(result, self._time.now(), name))
            return True

    def update_market_volatility(self, iv: float) -> str:
        """One more implied volatility, or anything that is larger when markets move more; gives its level.

        Values count one by one, so they should come at an even pace and in one unit. Raises as `update_trade_result`.
        """
        with self._lock:
            self._adopt(replace(self._memory, detector=self._memory.detector.with_value(iv)))
            return self._memory.detector.level.name

    def record_entry(self) -> None:
        """A trade was entered now. Raises as `update_trade_result`."""
        with self._lock:
            self._adopt(self._memory.after_entry(self._time.now().day))

    def take_trade(self) -> dict[str, Any]:
        """`can_take_trade`, and `record_entry` where it is allowed, in one: of many threads no more pass than may."""
        with self._lock:
            found = self.permission()
            if found.allowed:
                self.record_entry()
            return found.to_dict()

    def can_take_trade(self) -> dict[str, Any]:
        """{allowed, reason, code}: reason a sentence and code its word, both empty where it is allowed.

        Raises InputError for a clock that gives a time without a zone.
        """
        return self.permission().to_dict()

    def permission(self) -> TradePermission:
        """The same as a typed record, with the multiplier."""
        with self._lock:
            return self._asked(self._time.now())

    def get_calibrated_risk_profile(self) -> RiskProfile:
        """How much may be risked now, and what it follows from; reads as a record and as a dict, `.to_dict()` is one."""
        with self._lock:
            moment, memory = self._time.now(), self._memory
            found = self._asked(moment)
            return profile_of(memory.running, moment, memory.detector.level, found, self._sizing.risk)

    def get_position_size(self, capital: float, option_price: float, stop_distance: float | None = None) -> float:
        """Units that may be bought now: whole lots, an int where lots are whole, and 0 for no trade.

        capital: account money, the same in which option_price is. The whole premium counts as what can be lost, unless a
        stop_distance below the price is given. Raises InputError for a price or distance that is not above zero.
        """
        units = self.position_size(capital, option_price, stop_distance).units
        return int(units) if self._limits.lot_step.is_integer() else units

    def position_size(self, capital: float, option_price: float, stop_distance: float | None = None) -> PositionSize:
        """The same as a typed record, which says why there is no trade."""
        money, price = finite_number(capital, "capital"), positive(option_price, "option_price")
        stop = price if stop_distance is None else positive(stop_distance, "stop_distance")
        return self._sized(self.permission(), money, price, stop)

    def lift_stop(self, capital: float | None = None) -> None:
        """Trade again after the drawdown stop, the drawdown counted from this capital on (from the balance unless given).

        Raises InputError where no stop is latched, or no capital is left; OutputError as `update_trade_result`.
        """
        with self._lock:
            self._adopt(replace(self._memory, running=lifted(self._memory.running, capital)))

    def _sized(self, found: TradePermission, money: float, price: float, stop: float) -> PositionSize:
        from tradeworthy.controls.sizing_steps import permitted_units, wanted_units

        if not found.allowed:
            return PositionSize(0.0, 0.0, 0.0, found.reason, found.code)
        none = (0, 0, 0.0, 0.0)
        units, code = wanted_units(self._sizing.packed(), money, price, stop, 1.0, math.nan, none, found.multiplier)
        if not code:
            units, code = permitted_units(units, price, 1.0, money, *self._limits.numbers())
        why = Refusal(int(code))
        return PositionSize(
            float(units), float(units) * stop, found.multiplier, why.words, why.name.lower() if code else ""
        )

    def _make_ready(self) -> None:
        """What is compiled is ready before the first decision, which on a new machine would wait for seconds."""
        after = self._memory.after_result(1.0, NOWHEN, None)
        profile_of(after.running, NOWHEN, after.detector.level, after.running.asked(NOWHEN), 1.0)
        self._sized(TradePermission(True, 1.0), 1.0, 1.0, 1.0)

    def _asked(self, moment: Moment) -> TradePermission:
        if self._unkept and not self._superseded:
            self._try_again()
        if self._superseded or self._unkept:
            code = "state_superseded" if self._superseded else "state_not_kept"
            return TradePermission(False, 0.0, self._superseded or self._unkept, code)
        return self._memory.running.asked(moment, self._memory.detector.level)

    def _try_again(self) -> None:
        try:
            self._adopt(self._memory)
        except (InputError, OutputError):
            return  # what is wrong is in _unkept or _superseded, and refuses

    def _adopt(self, memory: CalibrationMemory) -> None:
        """Hold it from now on, and keep it where a file is given. A file of somebody else's is left alone."""
        if self._superseded:
            raise InputError(self._superseded)
        try:
            if self._file is not None:
                self._file.write(memory.stored())
        except InputError as error:
            self._superseded = str(error)
            raise
        except OutputError as error:
            self._memory, self._unkept = memory, f"{error}; until then nothing may be entered"
            raise OutputError(f"{self._unkept}, and what was told is counted and not to be told again") from error
        self._memory, self._unkept = memory, ""
