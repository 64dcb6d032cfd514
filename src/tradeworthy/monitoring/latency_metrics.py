"""How long each stage takes, against its budget."""

from array import array
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any, Final

from tradeworthy.core.counting import counted
from tradeworthy.core.errors import InputError
from tradeworthy.core.finite import non_negative, shown
from tradeworthy.monitoring.performance_config import PerformanceConfig, Stage, config_given

LEVEL: Final = 0.95
_STAGES: Final = {stage.value: stage for stage in Stage}


class LatencyStatus(StrEnum):
    """How a stage stands to its budget."""

    WITHIN_BUDGET = "WITHIN BUDGET"
    OVER_BUDGET = "OVER BUDGET"
    NOT_ENOUGH_DATA = "NOT ENOUGH DATA"
    NOT_MEASURED = "NOT MEASURED"


@dataclass(frozen=True, slots=True)
class LatencyReading:
    """Milliseconds of one stage. count, mean_ms, max_ms: of all. latest: how many the percentiles and `over_budget` (how many
    of them took longer than the budget) are of. sentence: the status in words, with the reason where nothing is measured."""

    status: LatencyStatus
    count: int
    latest: int
    p50_ms: float | None
    p95_ms: float | None
    mean_ms: float | None
    max_ms: float | None
    budget_ms: float
    over_budget: int
    sentence: str

    def to_dict(self) -> dict[str, Any]:
        """Its fields."""
        return {**asdict(self), "status": str(self.status)}


class LatencyRing:
    """The latest `size` latencies, and count, sum and largest of all. Memory grows to 8 bytes for each of them, and no further."""

    def __init__(self, size: int) -> None:
        self._size, self._kept = size, array("d")
        self.count, self.total, self.largest = 0, 0.0, 0.0

    def add(self, milliseconds: float) -> None:
        """One more, in the place of the oldest."""
        if len(self._kept) < self._size:
            self._kept.append(milliseconds)
        else:
            self._kept[self.count % self._size] = milliseconds
        self.count += 1
        self.total += milliseconds
        self.largest = max(self.largest, milliseconds)

    def ordered(self) -> list[float]:
        """The latest, shortest first."""
        return sorted(self._kept)


def percentile(ordered: Sequence[float], level: float) -> float:
    """The `level` quantile of numbers in rising order, by linear interpolation between the two nearest at place
    (n - 1) x level (Hyndman, Fan 1996, type 7; what numpy calls `linear`)."""
    place = (len(ordered) - 1) * level
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (place - below)


class LatencyMetrics:
    """Latencies by stage: `LatencyMetrics().record("data_fetch", 120.0)`. Not for several threads at once; a
    `PerformanceMonitor` is. config: a `PerformanceConfig` or a dict of its fields."""

    def __init__(self, config: PerformanceConfig | dict[str, Any] | None = None) -> None:
        self._config = config_given(config)
        self._rings = {stage: LatencyRing(self._config.latest) for stage in Stage}

    def record(self, stage: str, milliseconds: float) -> None:
        """One passage of a stage. Raises InputError for an unknown stage, and for what is no time of zero or more."""
        self._rings[stage_named(stage)].add(non_negative(milliseconds, "milliseconds"))

    def count(self, stage: str) -> int:
        """Passages of a stage so far."""
        return self._rings[stage_named(stage)].count

    def reading(self, stage: str, why_none: str = "") -> LatencyReading:
        """How a stage stands. why_none: the reason to give where nothing is measured."""
        name = stage_named(stage)
        ring, budget = self._rings[name], self._config.budget_ms(name)
        latest = ring.ordered()
        if not latest:
            why = why_none or f'nothing was tracked; call track_latency("{name}", start)'
            return LatencyReading(
                LatencyStatus.NOT_MEASURED, 0, 0, None, None, None, None, budget, 0, f"{name}: not measured: {why}"
            )
        p95 = percentile(latest, LEVEL)
        status, sentence = _judged(name, p95, budget, len(latest), self._config.fewest)
        return LatencyReading(
            status, ring.count, len(latest), percentile(latest, 0.5), p95, ring.total / ring.count, ring.largest, budget,
            sum(one > budget for one in latest), sentence,
        )  # fmt: skip

    def readings(self) -> dict[Stage, LatencyReading]:
        """All stages."""
        return {stage: self.reading(stage) for stage in Stage}


def stage_named(name: object) -> Stage:
    """The stage of that name. Raises InputError for another."""
    found = _STAGES.get(name) if isinstance(name, str) else None
    if found is not None:
        return found
    raise InputError(f"there is no latency {shown(name)}; it is one of {', '.join(Stage)}")


def shown_ms(milliseconds: float) -> str:
    """With three digits or so."""
    digits = 0 if milliseconds >= 100 or milliseconds.is_integer() else 1 if milliseconds >= 10 else 2
    return f"{milliseconds:,.{digits}f} ms"


def _judged(name: str, p95: float, budget: float, count: int, fewest: int) -> tuple[LatencyStatus, str]:
    if count < fewest:
        return LatencyStatus.NOT_ENOUGH_DATA, (
            f"{name}: not enough data: {counted(count, 'latency', 'latencies')}, {fewest} make a P95"
        )
    over = p95 > budget
    word = "over" if over else "within"
    status = LatencyStatus.OVER_BUDGET if over else LatencyStatus.WITHIN_BUDGET
    return status, f"{name}: P95 {shown_ms(p95)}, {word} its budget of {shown_ms(budget)} (latest {count:,})"
