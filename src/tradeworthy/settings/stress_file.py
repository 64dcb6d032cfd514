"""Scenarios and crises of one's own, out of a TOML file; docs/stress.md has its keys."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    StrictBool,
    StrictInt,
    ValidationError,
    ValidationInfo,
    field_validator,
)

from tradeworthy.core.errors import InputError, Problem, SettingsError
from tradeworthy.risk.crises import CRISES, Crisis
from tradeworthy.risk.scenarios import (
    LONGEST_BLOCK,
    MOST_FACTOR,
    MOST_SHOCK_PERCENT,
    SCENARIOS,
    TREND_BARS,
    Scenario,
    Shock,
)
from tradeworthy.settings.complaints import problems_of
from tradeworthy.settings.loading import settings_text, toml_tree

_Factor = Annotated[float, Field(ge=0, le=MOST_FACTOR, strict=True)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ScenarioSettings(_Part):
    """One scenario, as `risk.Scenario`."""

    volatility: Annotated[float, Field(gt=0, le=MOST_FACTOR, strict=True)] = 1.0
    trend: _Factor = 1.0
    spread: _Factor = 1.0
    gap: _Factor | None = None
    trend_bars: Annotated[StrictInt, Field(ge=2, le=100_000)] = TREND_BARS
    block: Annotated[float, Field(ge=1, le=LONGEST_BLOCK, strict=True)] | None = None
    shock_percent: Annotated[float, Field(gt=-100, le=MOST_SHOCK_PERCENT, strict=True)] | None = None
    shock_recovery: Annotated[float, Field(ge=0, le=1, strict=True)] | None = None
    shock_bar: StrictInt | None = None

    @field_validator("shock_percent")
    @classmethod
    def _moves(cls, value: float | None) -> float | None:
        if value == 0:
            raise ValueError("a shock of 0% is none: leave it out, or give its size")
        return value

    @field_validator("shock_recovery", "shock_bar")
    @classmethod
    def _of_a_shock(cls, value: float | None, info: ValidationInfo) -> float | None:
        if value is not None and "shock_percent" in info.data and info.data["shock_percent"] is None:
            raise ValueError("there is no shock for it: give shock_percent too")
        return value

    def scenario(self, name: str) -> Scenario:
        """The scenario under that name."""
        shock = None
        if self.shock_percent is not None:
            shock = Shock(self.shock_percent, self.shock_recovery or 0.0, self.shock_bar)
        return Scenario(name, self.volatility, self.trend, self.spread, self.gap, shock, self.trend_bars, self.block)


class CrisisSettings(_Part):
    """One window of time, as `risk.Crisis`. A date is its midnight, UTC."""

    start: datetime
    end: datetime
    spread: _Factor = 1.0

    @field_validator("start", "end", mode="before")
    @classmethod
    def _moment(cls, value: object) -> object:
        if isinstance(value, date) and not isinstance(value, datetime):
            return datetime(value.year, value.month, value.day, tzinfo=UTC)
        if not isinstance(value, datetime):
            words = f"{value!r} is not a date or a moment; write 2020-02-01 or 2020-02-01T00:00:00Z, without quotes"
            raise ValueError(words)  # noqa: TRY004 - pydantic gathers only these
        if value.tzinfo is None:
            raise ValueError(f"{value.isoformat()} names no time zone; write {value.isoformat()}Z for UTC")
        return value

    @field_validator("end")
    @classmethod
    def _after_the_start(cls, value: datetime, info: ValidationInfo) -> datetime:
        start = info.data.get("start")
        if start is not None and value <= start:
            raise ValueError(f"the window is reversed: it starts at {start.isoformat()}; swap the two")
        return value

    def crisis(self, name: str) -> Crisis:
        """The crisis under that name."""
        return Crisis(name, self.start, self.end, self.spread)


class StressSettings(_Part):
    """Everything in the file. usual_scenarios, usual_crises: whether the ones that ship are looked at as well."""

    usual_scenarios: StrictBool = True
    usual_crises: StrictBool = True
    scenarios: dict[str, ScenarioSettings] = Field(default_factory=dict)
    crises: dict[str, CrisisSettings] = Field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class StressPlan:
    """What is to be looked at, the ones that ship first."""

    scenarios: tuple[Scenario, ...]
    crises: tuple[Crisis, ...]


def load_stress(path: str | Path) -> StressPlan:
    """The scenarios and crises of a file. Raises SettingsError with all problems."""
    try:
        file = Path(path)
    except TypeError:
        raise InputError(f"a stress file is named by its path, not by {type(path).__name__}") from None
    return stress_from_text(
        settings_text(file, "there is no such file; docs/stress.md shows what stands in one"), str(path)
    )


def stress_from_text(text: str, where: str) -> StressPlan:
    """The same from text already read; `where` is what problems call it."""
    tree = toml_tree(text, where)
    try:
        read = StressSettings.model_validate(tree)
    except ValidationError as error:
        raise SettingsError(problems_of(error, StressSettings, text, where, {})) from None
    usual, known = SCENARIOS if read.usual_scenarios else (), CRISES if read.usual_crises else ()
    taken = [
        Problem(
            where, f"{kind}.{one}", f"one that ships has this name; call yours otherwise, or set usual_{kind} = false"
        )
        for kind, ours, theirs in (("scenarios", usual, read.scenarios), ("crises", known, read.crises))
        for one in theirs
        if one in {our.name for our in ours}
    ]
    taken += [
        Problem(where, kind, "one of them has no name; write it between the quotes")
        for kind, named in (("scenarios", read.scenarios), ("crises", read.crises))
        if any(not one.strip() for one in named)
    ]
    if taken:
        raise SettingsError(tuple(taken))
    return StressPlan(
        (*usual, *(one.scenario(name) for name, one in read.scenarios.items())),
        (*known, *(one.crisis(name) for name, one in read.crises.items())),
    )
