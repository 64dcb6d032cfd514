"""From settings to the records that a desk trades by."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final

from pydantic import BaseModel

from tradeworthy.controls.calibration import Calibration
from tradeworthy.controls.filters import Filters
from tradeworthy.controls.limit_settings import Limits
from tradeworthy.controls.sizing import Sizing
from tradeworthy.core.clock import MINUTE_NS
from tradeworthy.live.freshness import FreshnessLimits
from tradeworthy.settings.desk_folder import DeskFolder
from tradeworthy.settings.tree import Settings

_OFF: Final = "switched off in the settings"
_CALIBRATION_RULES: Final = ("streak", "drawdown", "volatility", "session", "cooldown", "trades_per_day")
_FILTER_RULES: Final = ("session", "bias", "trap", "open_interest", "volatility")


def limits_from(settings: Settings) -> Limits:
    """Every limit. Without groups the limit on what loses together is off; `off_reasons` says so."""
    limits: Limits = settings.limits.made()  # type: ignore[attr-defined]  # a table that is made from the record
    return limits if settings.groups else replace(limits, group_risk=replace(limits.group_risk, enabled=False))


def off_reasons(settings: Settings) -> dict[str, str]:
    """Why it is off, by its name, for every limit, calibration rule, filter and check of the start that is."""
    limits = limits_from(settings)
    reasons = {one.name: _OFF for one in limits if not one.enabled}
    reasons |= _rules_off("calibration", settings.calibration, _CALIBRATION_RULES)
    reasons |= _rules_off("filters", settings.filters, _FILTER_RULES)
    if not settings.groups:
        reasons[limits.group_risk.name] = (
            "no groups are given, so nobody knows what loses together; name them under [groups]"
        )
    if not settings.live.require_record:
        reasons["validation"] = "no record of one is asked for; [live] require_record does"
    if not settings.webhook.signed:
        reasons["webhook signatures"] = "signals over HTTP are taken unsigned, from this machine alone"
    return reasons


def _rules_off(name: str, part: BaseModel, rules: Iterable[str]) -> dict[str, str]:
    """All of them at once, or each of its rules that is off."""
    if not part.enabled:  # type: ignore[attr-defined]  # a table that is made from the record, with this switch
        return {name: _OFF}
    return {f"{name}: {rule.replace('_', ' ')}": _OFF for rule in rules if not getattr(part, rule)}


def groups_from(settings: Settings) -> Mapping[str, str] | None:
    """The group of every instrument of the book, by symbol; None where no groups are given.

    An instrument that stands in none is a group by itself.
    """
    if not settings.groups:
        return None
    given = {symbol: group for group, symbols in settings.groups.items() for symbol in symbols}
    traded = sorted({one.instrument for one in settings.strategies.values()})
    return {symbol: f"{symbol} by itself" for symbol in traded} | given


def calibration_from(settings: Settings) -> Calibration | None:
    """The rules that cut sizes; None where they are off."""
    part = settings.calibration
    calibration: Calibration | None = part.made() if part.enabled else None  # type: ignore[attr-defined]  # as above
    return calibration


def filters_from(settings: Settings) -> Filters | None:
    """The filters of entries; None where they are off."""
    part = settings.filters
    filters: Filters | None = part.made() if part.enabled else None  # type: ignore[attr-defined]  # as above
    return filters


def sizing_from(settings: Settings) -> Sizing:
    """How large a position is."""
    return settings.sizing.made()


def freshness_from(settings: Settings) -> FreshnessLimits:
    """How late bars may be."""
    live = settings.live
    return FreshnessLimits(
        usual_grace_ns=round(live.usual_grace_minutes * MINUTE_NS),
        grace_ns={timeframe: round(minutes * MINUTE_NS) for timeframe, minutes in live.grace_minutes.items()},
    )


def journal_from(settings: Settings, desk: Path) -> str | Path:
    """Where the journal of the desk in this folder lies: a URL, or the path of a file."""
    return settings.journal.url or DeskFolder(desk).journal
