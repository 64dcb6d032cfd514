"""What a performance monitor measures against: budgets, limits, and how many observations make an answer."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from enum import StrEnum
from typing import Any, Final
from zoneinfo import ZoneInfo

from tradeworthy.core.errors import InputError
from tradeworthy.core.finite import finite_number, positive, shown, whole_number
from tradeworthy.indicators.given_numbers import LARGEST
from tradeworthy.market.zones import known_zone
from tradeworthy.validation.arguments import moderate


class Stage(StrEnum):
    """What takes time between a market and an order. PIPELINE: all of it, from the start of the fetch to the order."""

    DATA_FETCH = "data_fetch"
    SIGNAL_GENERATION = "signal_generation"
    ORDER_EXECUTION = "order_execution"
    PIPELINE = "pipeline"


_SMALLEST_CAPITAL: Final = 1e-9
MOST_KEPT: Final = 100_000
MOST_DAYS: Final = 366

_LONGEST_HOST: Final = 253


@dataclass(frozen=True, slots=True)
class PerformanceConfig:
    """The rules of a performance monitor; a limit of None is off.

    The four in milliseconds are budgets for the 95th percentile. zone: of hours and days. currency: of P&L, for people.
    capital: the account before the first trade, None where it is not known (a desk's journal says it). drawdown_max,
    daily_loss_max, win_rate_min: fractions. losses_in_row_max: a run as long as this is an issue. At twice its limit an issue is
    CRITICAL. fewest: latencies, trades or signals below which nothing is concluded. confidence: of intervals. latest: latencies
    kept for each stage, over the monitor's life and for each day; older ones are counted only. days: whole days kept.
    first_event: of a journal, where earlier ones lie in an archive. host, port: where `start_monitoring` serves metrics; 0 takes
    a port that is free. Raises InputError for what makes no sense.
    """

    data_fetch_ms_p95: float = 450.0
    signal_generation_ms_p95: float = 150.0
    order_execution_ms_p95: float = 300.0
    pipeline_ms_p95: float = 900.0
    zone: str = "UTC"
    currency: str = ""
    capital: float | None = None
    drawdown_max: float | None = 0.10
    daily_loss_max: float | None = 0.05
    win_rate_min: float | None = 0.45
    losses_in_row_max: int | None = 5
    fewest: int = 20
    confidence: float = 0.95
    latest: int = 1_000
    days: int = 31
    first_event: int = 1
    host: str = "127.0.0.1"
    port: int = 9108
    local: ZoneInfo = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        for stage in Stage:
            positive(self.budget_ms(stage), f"{stage}_ms_p95")
        for name in ("drawdown_max", "daily_loss_max", "win_rate_min", "confidence"):
            value = getattr(self, name)
            if (value is None and name != "confidence") or 0.0 < finite_number(value, name) < 1.0:
                continue
            raise InputError(f"{name} is a fraction between 0 and 1 (0.1 is 10%), not {shown(value)}")
        if self.capital is not None:
            capital_given(self.capital)
        if self.losses_in_row_max is not None:
            _count("losses_in_row_max", self.losses_in_row_max, 1, MOST_KEPT)
        _count("fewest", self.fewest, 1, MOST_KEPT)
        _count("latest", self.latest, 1, MOST_KEPT)
        _count("days", self.days, 1, MOST_DAYS)
        _count("first_event", self.first_event, 1, 2**62)
        _count("port", self.port, 0, 65_535)
        if self.fewest > self.latest:
            raise InputError(f"of {self.latest} latencies that are kept, {self.fewest} can never be there; keep more")
        for name in ("zone", "currency", "host"):
            if not isinstance(getattr(self, name), str):
                raise InputError(f"{name} must be text, not {shown(getattr(self, name))}")
        if (
            not self.host.strip()
            or not self.host.isascii()
            or not self.host.isprintable()
            or len(self.host) > _LONGEST_HOST
        ):
            raise InputError("host must name an address, such as 127.0.0.1 for this machine alone")
        object.__setattr__(self, "local", known_zone(self.zone))

    def __deepcopy__(self, memo: dict[int, Any]) -> "PerformanceConfig":
        """Itself: it does not change."""
        return self

    def budget_ms(self, stage: Stage) -> float:
        """Milliseconds within which 95% of that stage should stay."""
        budget: float = getattr(self, f"{stage.value}_ms_p95")
        return budget


def capital_given(value: object) -> float:
    """An account before its first trade. Raises InputError for what is none."""
    capital = moderate("capital", positive(value, "capital"))
    if capital < _SMALLEST_CAPITAL:
        raise InputError(
            f"capital must be at least {_SMALLEST_CAPITAL:g}, not {shown(value)}; write it in smaller units"
        )
    return capital


def is_capital(value: float) -> bool:
    """Whether falls can be fractions of it."""
    return _SMALLEST_CAPITAL <= value <= LARGEST


def config_given(value: Any) -> PerformanceConfig:
    """A config as it is, one of its fields by name, or the usual one for None. Raises InputError for anything else."""
    if value is None:
        return PerformanceConfig()
    if isinstance(value, PerformanceConfig):
        return value
    if not isinstance(value, Mapping):
        raise InputError(f"config must be a PerformanceConfig or a dict of its fields, not {shown(value)}")
    known = [one.name for one in fields(PerformanceConfig) if one.init]
    unknown = [shown(name) for name in value if name not in known]
    if unknown:
        raise InputError(f"config has no {', '.join(unknown)}; its fields are {', '.join(known)}")
    return PerformanceConfig(**value)


def _count(name: str, value: object, least: int, most: int) -> None:
    number = whole_number(value)
    if number is None or not least <= number <= most:
        raise InputError(f"{name} must be a whole number from {least:,} to {most:,}, not {shown(value)}")
