"""How much may be traded now, and whether: calibration of risk, sizes, filters, limits and the gate."""

from typing import TYPE_CHECKING

from tradeworthy.core.lazy import attach

if TYPE_CHECKING:
    from tradeworthy.controls.account_view import AccountView as AccountView
    from tradeworthy.controls.account_view import CalendarEvent as CalendarEvent
    from tradeworthy.controls.account_view import LastPrice as LastPrice
    from tradeworthy.controls.account_view import OpenPosition as OpenPosition
    from tradeworthy.controls.calibration import Calibration as Calibration
    from tradeworthy.controls.entries import Entry as Entry
    from tradeworthy.controls.filters import CheckState as CheckState
    from tradeworthy.controls.filters import FilterInput as FilterInput
    from tradeworthy.controls.filters import Filters as Filters
    from tradeworthy.controls.filters import filter_codes as filter_codes
    from tradeworthy.controls.gate import Gate as Gate
    from tradeworthy.controls.gate import Ruling as Ruling
    from tradeworthy.controls.levels import VolatilityLevel as VolatilityLevel
    from tradeworthy.controls.limit_settings import Limits as Limits
    from tradeworthy.controls.limits_of_activity import OrdersPerMinute as OrdersPerMinute
    from tradeworthy.controls.limits_of_activity import TradesPerDay as TradesPerDay
    from tradeworthy.controls.limits_of_exposure import CurrencyExposure as CurrencyExposure
    from tradeworthy.controls.limits_of_exposure import GrossLeverage as GrossLeverage
    from tradeworthy.controls.limits_of_exposure import NotionalPerInstrument as NotionalPerInstrument
    from tradeworthy.controls.limits_of_exposure import OpenPositions as OpenPositions
    from tradeworthy.controls.limits_of_exposure import RiskPerInstrument as RiskPerInstrument
    from tradeworthy.controls.limits_of_groups import GroupRisk as GroupRisk
    from tradeworthy.controls.limits_of_loss import DailyLoss as DailyLoss
    from tradeworthy.controls.limits_of_loss import DrawdownStop as DrawdownStop
    from tradeworthy.controls.limits_of_price import PriceBand as PriceBand
    from tradeworthy.controls.limits_of_price import StalePrice as StalePrice
    from tradeworthy.controls.limits_of_size import FatFinger as FatFinger
    from tradeworthy.controls.limits_of_size import NotionalPerOrder as NotionalPerOrder
    from tradeworthy.controls.limits_of_size import RiskPerTrade as RiskPerTrade
    from tradeworthy.controls.limits_of_size import UnitsPerOrder as UnitsPerOrder
    from tradeworthy.controls.limits_of_time import Blackout as Blackout
    from tradeworthy.controls.limits_of_time import Blackouts as Blackouts
    from tradeworthy.controls.limits_of_time import EventBlackout as EventBlackout
    from tradeworthy.controls.limits_of_time import Weekday as Weekday
    from tradeworthy.controls.limits_of_time import WeeklyBlackout as WeeklyBlackout
    from tradeworthy.controls.outcomes import Limit as Limit
    from tradeworthy.controls.outcomes import Outcome as Outcome
    from tradeworthy.controls.refusals import Refusal as Refusal
    from tradeworthy.controls.risk_parts import DrawdownProtection as DrawdownProtection
    from tradeworthy.controls.risk_parts import VolatilityBasedRiskManager as VolatilityBasedRiskManager
    from tradeworthy.controls.risk_profile import RiskProfile as RiskProfile
    from tradeworthy.controls.running_calibration import TradePermission as TradePermission
    from tradeworthy.controls.signal_checks import BiasStrengthFilter as BiasStrengthFilter
    from tradeworthy.controls.signal_checks import OIConfirmationFilter as OIConfirmationFilter
    from tradeworthy.controls.signal_checks import SignalCheck as SignalCheck
    from tradeworthy.controls.signal_checks import TrapProbabilityFilter as TrapProbabilityFilter
    from tradeworthy.controls.signal_verdict import SignalVerdict as SignalVerdict
    from tradeworthy.controls.sizing import FixedFraction as FixedFraction
    from tradeworthy.controls.sizing import Kelly as Kelly
    from tradeworthy.controls.sizing import SizeLimits as SizeLimits
    from tradeworthy.controls.sizing import Units as Units
    from tradeworthy.controls.sizing import VolatilityTarget as VolatilityTarget
    from tradeworthy.controls.volatility_levels import Percentiles as Percentiles
    from tradeworthy.controls.volatility_levels import levels_at as levels_at
    from tradeworthy.controls.volatility_regime import VolatilityRegimeDetector as VolatilityRegimeDetector

_HOMES = {
    "AccountView": "account_view",
    "AdaptiveSignalFilter": "tradeworthy.api.signal_filter",
    "BiasStrengthFilter": "signal_checks",
    "Blackout": "limits_of_time",
    "Blackouts": "limits_of_time",
    "CalendarEvent": "account_view",
    "Calibration": "calibration",
    "CheckState": "filters",
    "CurrencyExposure": "limits_of_exposure",
    "DailyLoss": "limits_of_loss",
    "DrawdownProtection": "risk_parts",
    "DrawdownStop": "limits_of_loss",
    "DynamicCooldown": "tradeworthy.api.timed_risk_parts",
    "Entry": "entries",
    "EventBlackout": "limits_of_time",
    "FatFinger": "limits_of_size",
    "FilterInput": "filters",
    "Filters": "filters",
    "FixedFraction": "sizing",
    "Gate": "gate",
    "GrossLeverage": "limits_of_exposure",
    "GroupRisk": "limits_of_groups",
    "Kelly": "sizing",
    "LastPrice": "account_view",
    "Limit": "outcomes",
    "Limits": "limit_settings",
    "NotionalPerInstrument": "limits_of_exposure",
    "NotionalPerOrder": "limits_of_size",
    "OIConfirmationFilter": "signal_checks",
    "OpenPosition": "account_view",
    "OpenPositions": "limits_of_exposure",
    "OrdersPerMinute": "limits_of_activity",
    "Outcome": "outcomes",
    "Percentiles": "volatility_levels",
    "PriceBand": "limits_of_price",
    "Refusal": "refusals",
    "RiskCalibrationEngine": "tradeworthy.api.calibration_engine",
    "RiskPerInstrument": "limits_of_exposure",
    "RiskPerTrade": "limits_of_size",
    "RiskProfile": "risk_profile",
    "Ruling": "gate",
    "SignalCheck": "signal_checks",
    "SignalVerdict": "signal_verdict",
    "SizeLimits": "sizing",
    "StalePrice": "limits_of_price",
    "StreakBasedRiskManager": "tradeworthy.api.timed_risk_parts",
    "TimeBasedRiskManager": "tradeworthy.api.timed_risk_parts",
    "TimeOfDayAnalyzer": "tradeworthy.api.time_of_day",
    "TradePermission": "running_calibration",
    "TradesPerDay": "limits_of_activity",
    "TrapProbabilityFilter": "signal_checks",
    "Units": "sizing",
    "UnitsPerOrder": "limits_of_size",
    "VolatilityBasedRiskManager": "risk_parts",
    "VolatilityLevel": "levels",
    "VolatilityRegimeDetector": "volatility_regime",
    "VolatilityTarget": "sizing",
    "Weekday": "limits_of_time",
    "WeeklyBlackout": "limits_of_time",
    "filter_codes": "filters",
    "levels_at": "volatility_levels",
}

__all__ = [
    "AccountView",
    "AdaptiveSignalFilter",
    "BiasStrengthFilter",
    "Blackout",
    "Blackouts",
    "CalendarEvent",
    "Calibration",
    "CheckState",
    "CurrencyExposure",
    "DailyLoss",
    "DrawdownProtection",
    "DrawdownStop",
    "DynamicCooldown",
    "Entry",
    "EventBlackout",
    "FatFinger",
    "FilterInput",
    "Filters",
    "FixedFraction",
    "Gate",
    "GrossLeverage",
    "GroupRisk",
    "Kelly",
    "LastPrice",
    "Limit",
    "Limits",
    "NotionalPerInstrument",
    "NotionalPerOrder",
    "OIConfirmationFilter",
    "OpenPosition",
    "OpenPositions",
    "OrdersPerMinute",
    "Outcome",
    "Percentiles",
    "PriceBand",
    "Refusal",
    "RiskCalibrationEngine",
    "RiskPerInstrument",
    "RiskPerTrade",
    "RiskProfile",
    "Ruling",
    "SignalCheck",
    "SignalVerdict",
    "SizeLimits",
    "StalePrice",
    "StreakBasedRiskManager",
    "TimeBasedRiskManager",
    "TimeOfDayAnalyzer",
    "TradePermission",
    "TradesPerDay",
    "TrapProbabilityFilter",
    "Units",
    "UnitsPerOrder",
    "VolatilityBasedRiskManager",
    "VolatilityLevel",
    "VolatilityRegimeDetector",
    "VolatilityTarget",
    "Weekday",
    "WeeklyBlackout",
    "filter_codes",
    "levels_at",
]

__getattr__, __dir__ = attach(__name__, _HOMES, public=__all__)
