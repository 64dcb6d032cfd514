"""Whether a signal may be traded: the checks of a desk, in one object for a bot of one's own."""

from collections.abc import Mapping
from typing import Any

from tradeworthy.api.exchange_time import Clock, ExchangeTime
from tradeworthy.api.time_of_day import TimeOfDayAnalyzer
from tradeworthy.controls.filters import Filters
from tradeworthy.controls.levels import VolatilityLevel
from tradeworthy.controls.running_calibration import NOWHEN, Moment
from tradeworthy.controls.signal_checks import (
    BiasStrengthFilter,
    OIConfirmationFilter,
    TrapProbabilityFilter,
    known_or_nan,
    side_of,
    volatility_check_of,
)
from tradeworthy.controls.signal_verdict import SignalVerdict
from tradeworthy.controls.volatility_regime import VolatilityRegimeDetector
from tradeworthy.core.errors import InputError
from tradeworthy.core.finite import shown
from tradeworthy.core.instrument import AssetClass

_CALLS, _PUTS = ("call_oi_change", "ce_oi_change"), ("put_oi_change", "pe_oi_change")


class AdaptiveSignalFilter:
    """Bias, trap, open interest and volatility of a signal, at the strictness of the hour.

    `AdaptiveSignalFilter().evaluate_signal({"bias_strength": 0.8, "trap_probability": 0.2, "oi_delta": 1500.0})["passed"]`.

    filters: thresholds and switches. asset_class: "option" should have all inputs, and those that lack are refused by name;
    for others ("fx", "crypto", ...) an input that is left out is NOT APPLICABLE. zone: of the exchange; NSE's for options,
    for others no windows apply unless it is given. detector: of the level of volatility, with a history if there is one;
    every evaluation adds its current_iv. clock: gives the time, the host's unless given. May be used from several threads.
    Raises InputError for arguments that cannot be used.
    """

    def __init__(
        self,
        filters: Filters | None = None,
        *,
        asset_class: AssetClass | str = AssetClass.OPTION,
        zone: str | None = None,
        detector: VolatilityRegimeDetector | None = None,
        clock: Clock | None = None,
    ) -> None:
        if not isinstance(filters, Filters | None):
            raise InputError(f"AdaptiveSignalFilter takes filters as Filters(...), not as {type(filters).__name__}")
        if not isinstance(detector, VolatilityRegimeDetector | None):
            raise InputError(f"detector must be a VolatilityRegimeDetector, not {shown(detector)}")
        rules = self._filters = filters or Filters()
        self._time = ExchangeTime(clock, asset_class, zone)
        self.detector = detector or VolatilityRegimeDetector()
        self.time_of_day = TimeOfDayAnalyzer(rules.windows, zone=self._time.zone, clock=clock, enabled=rules.session)
        self.bias = BiasStrengthFilter(rules.bias_base, enabled=rules.bias)
        self.trap = TrapProbabilityFilter(rules.trap_base, enabled=rules.trap)
        self.open_interest = OIConfirmationFilter(rules.open_interest_least, enabled=rules.open_interest)
        self._judged({}, NOWHEN)  # what is compiled is ready before the first signal

    def evaluate_signal(self, signal: Mapping[str, Any]) -> dict[str, Any]:
        """{passed, confidence, reasons, checks: [{check, required, actual, passed, reason}], not_run, strictness, window,
        volatility, time}.

        signal: bias_strength and trap_probability from 0 to 1; oi_delta, the change of open interest that speaks for rising
        prices, or oi_data {put_oi_change, call_oi_change}, whose difference it is; current_iv; side, long unless given.
        Other keys are left alone; None and NaN are missing. Raises InputError for values that are no numbers, and for a
        clock that gives a time without a zone; then nothing has changed.
        """
        return self.judge(signal).to_dict()

    def judge(self, signal: Mapping[str, Any]) -> SignalVerdict:
        """The same as a typed record."""
        if not isinstance(signal, Mapping):
            raise InputError(f"a signal must be a dict of its inputs such as bias_strength, not {shown(signal)}")
        return self._judged(signal, self._time.now())

    def _judged(self, signal: Mapping[str, Any], moment: Moment) -> SignalVerdict:
        bias, trap, change, iv = (
            signal.get(name) for name in ("bias_strength", "trap_probability", "oi_delta", "current_iv")
        )
        change = _change_in(signal.get("oi_data")) if change is None else change
        side = side_of("long" if signal.get("side") is None else signal["side"])
        should = self._time.is_option
        strict = self.time_of_day.strictness_at(moment)
        checks = (
            self.bias.check(bias, strict, applies=should or bias is not None),
            self.trap.check(trap, strict, applies=should or trap is not None),
            self.open_interest.check(change, side, applies=should or change is not None),
        )
        level = self._level(iv)
        last = volatility_check_of(self._filters, level, applies=should or iv is not None)
        window = self.time_of_day.window_at(moment)
        return SignalVerdict((*checks, last), strict, window.name if window else "", level, moment.time_ns)

    def _level(self, iv: object) -> VolatilityLevel:
        known = known_or_nan(iv, "current_iv")
        return self.detector.update_volatility(known) if known > 0 else VolatilityLevel.UNKNOWN


def _change_in(data: object) -> float | None:
    """Of puts less that of calls; None where the two are not there."""
    if data is None:
        return None
    if not isinstance(data, Mapping):
        raise InputError(
            f"oi_data must be a dict such as {{put_oi_change: 1200, call_oi_change: 300}}, not {shown(data)}"
        )
    puts, calls = (
        next((data[name] for name in names if data.get(name) is not None), None) for names in (_PUTS, _CALLS)
    )
    if puts is None or calls is None:
        return None
    return known_or_nan(puts, "oi_data: put_oi_change") - known_or_nan(calls, "oi_data: call_oi_change")
