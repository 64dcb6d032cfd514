"""[limits], [calibration] and [filters]: the records of controls as tables."""

from dataclasses import fields
from datetime import datetime
from typing import Any, Self

from pydantic import Field, StrictBool, StrictStr, create_model, field_validator, model_validator

from tradeworthy.controls.calibration import Calibration
from tradeworthy.controls.filters import Filters
from tradeworthy.controls.limit_settings import Limits
from tradeworthy.controls.limits_of_time import Blackout, Blackouts, WeeklyBlackout
from tradeworthy.core.clock import from_datetime
from tradeworthy.settings.part import BlamedError, Part
from tradeworthy.settings.record_parts import part_of


class DateWindow(Part):
    """Nothing is entered from one moment until another."""

    from_: datetime = Field(alias="from")
    until: datetime
    reason: StrictStr

    @field_validator("from_", "until")
    @classmethod
    def _aware(cls, value: datetime) -> datetime:
        if value.tzinfo is None:
            raise ValueError(f"{value.isoformat()} names no zone; write it as 2026-12-24T22:00:00Z, in UTC")
        return value

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.from_ >= self.until:
            raise BlamedError("the window has to end after it begins", "until")
        return self

    def made(self) -> Blackout:
        """The window."""
        return Blackout(from_datetime(self.from_), from_datetime(self.until), self.reason)


WeeklyWindow = part_of(WeeklyBlackout)


class BlackoutSettings(Part):
    """Windows in which nothing is entered, by date and by the week."""

    dates: list[DateWindow] = Field(default_factory=list)
    weekly: list[WeeklyWindow] = Field(default_factory=list)  # type: ignore[valid-type]  # made from the record
    enabled: StrictBool = Blackouts().enabled

    def made(self) -> Blackouts:
        """The limit."""
        return Blackouts(windows=tuple(one.made() for one in (*self.dates, *self.weekly)), enabled=self.enabled)


class _AllLimits(Part):
    def made(self) -> Limits:
        """Every limit as the settings have it."""
        return Limits(**{one.name: getattr(self, one.name).made() for one in fields(Limits)})


def _limit_parts() -> dict[str, Any]:
    usual = Limits()
    every: dict[str, type[Part]] = {"blackouts": BlackoutSettings}
    every |= {one.name: part_of(type(getattr(usual, one.name))) for one in fields(Limits) if one.name not in every}
    return {name: (part, part()) for name, part in every.items()}


LimitSettings = create_model("LimitSettings", __base__=_AllLimits, **_limit_parts())
CalibrationSettings = part_of(Calibration, enabled=(StrictBool, True))
FilterSettings = part_of(Filters, enabled=(StrictBool, False))
