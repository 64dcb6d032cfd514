"""How much may be traded now, and whether: calibration of risk, sizes, filters."""

from typing import TYPE_CHECKING

from tradeworthy.core.lazy import attach

if TYPE_CHECKING:
    from tradeworthy.controls.calibration import Calibration as Calibration
    from tradeworthy.controls.filters import CheckState as CheckState
    from tradeworthy.controls.filters import FilterInput as FilterInput
    from tradeworthy.controls.filters import Filters as Filters
    from tradeworthy.controls.filters import filter_codes as filter_codes
    from tradeworthy.controls.levels import VolatilityLevel as VolatilityLevel
    from tradeworthy.controls.refusals import Refusal as Refusal
    from tradeworthy.controls.sizing import FixedFraction as FixedFraction
    from tradeworthy.controls.sizing import Kelly as Kelly
    from tradeworthy.controls.sizing import SizeLimits as SizeLimits
    from tradeworthy.controls.sizing import Units as Units
    from tradeworthy.controls.sizing import VolatilityTarget as VolatilityTarget
    from tradeworthy.controls.volatility_levels import Percentiles as Percentiles
    from tradeworthy.controls.volatility_levels import levels_at as levels_at

_HOMES = {
    "Calibration": "calibration",
    "CheckState": "filters",
    "FilterInput": "filters",
    "Filters": "filters",
    "FixedFraction": "sizing",
    "Kelly": "sizing",
    "Percentiles": "volatility_levels",
    "Refusal": "refusals",
    "SizeLimits": "sizing",
    "Units": "sizing",
    "VolatilityLevel": "levels",
    "VolatilityTarget": "sizing",
    "filter_codes": "filters",
    "levels_at": "volatility_levels",
}

__all__ = [
    "Calibration",
    "CheckState",
    "FilterInput",
    "Filters",
    "FixedFraction",
    "Kelly",
    "Percentiles",
    "Refusal",
    "SizeLimits",
    "Units",
    "VolatilityLevel",
    "VolatilityTarget",
    "filter_codes",
    "levels_at",
]

__getattr__, __dir__ = attach(__name__, _HOMES, public=__all__)
