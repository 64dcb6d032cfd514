"""What was found about the parameters of a book."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tradeworthy.core.verdict import RiskLevel
from tradeworthy.strategies.source_parameters import Value
from tradeworthy.validation.parameter_changes import StrategyChange
from tradeworthy.validation.parameters import ParameterFinding

NOT_RUN = "NOT RUN"


def level_word(level: RiskLevel | None) -> str:
    """`LOW`, `MEDIUM`, `HIGH`, or `NOT RUN` where nothing could be judged."""
    return NOT_RUN if level is None else str(level)


@dataclass(frozen=True, slots=True)
class HistoryFacts:
    """What the bars say: how many, over how many years, and how often the strategy would have entered on them.

    expected: entries in a window of `months`. typical_atr, spread: in price units; None where not known.
    """

    source: str
    bars: int
    years: float
    entries: int
    months: int
    expected: float
    typical_atr: float | None
    spread: float | None


@dataclass(frozen=True, slots=True)
class NeighbourFacts:
    """The strategy's own set among those one step away, in mean R a trade, with its standard error. sets: how many
    neighbours; trades: of its own.

    around: the neighbours' median where it is lower than its own. Where it is not, None: to be told that the sets around
    are better would be a search, and those are counted in a ledger.
    """

    own: float
    error: float
    around: float | None
    sets: int
    trades: int


@dataclass(frozen=True, slots=True)
class NotRun:
    """A check that did not run, and why."""

    what: str
    why: str

    def __str__(self) -> str:
        return f"{self.what}: {self.why}"


@dataclass(frozen=True, slots=True)
class StrategyRisk:
    """One strategy. parameters: under the user's own names. meaning: by role, which of those it was read from. level:
    None where no rule could run. instrument, timeframe: empty where not known."""

    name: str
    source: str
    instrument: str
    timeframe: str
    parameters: Mapping[str, Value]
    meaning: Mapping[str, str]
    level: RiskLevel | None
    findings: tuple[ParameterFinding, ...]
    advice: tuple[str, ...]
    """What to do about each finding, in their order."""
    not_run: tuple[NotRun, ...]
    outliers: tuple[str, ...] = ()
    """The user's names of values that stand apart from the rest of the book."""
    history: HistoryFacts | None = None
    neighbours: NeighbourFacts | None = None

    @property
    def in_part(self) -> bool:
        """Whether its averages, its stop or its reward/risk could not be looked at, so that its level says less."""
        return self.level is not None and any(one.what in {"averages", "stop", "reward/risk"} for one in self.not_run)


@dataclass(frozen=True, slots=True)
class ParameterAppraisal:
    """A book's parameters. overall: None where no strategy could be judged."""

    strategies: tuple[StrategyRisk, ...]
    overall: RiskLevel | None
    recommendations: tuple[str, ...]

    def of(self, level: RiskLevel | None) -> list[StrategyRisk]:
        """The strategies of that level."""
        return [one for one in self.strategies if one.level is level]

    def to_dict(self) -> dict[str, Any]:
        """The promised dict: overall_risk_level, parameter_risks (risk_level, reasons, not_run), recommendations."""
        return {
            "overall_risk_level": level_word(self.overall),
            "parameter_risks": {
                one.name: {
                    "risk_level": level_word(one.level),
                    "reasons": [finding.message for finding in one.findings],
                    "not_run": [str(skipped) for skipped in one.not_run],
                }
                for one in self.strategies
            },
            "recommendations": list(self.recommendations),
        }


@dataclass(frozen=True, slots=True)
class RiskChange:
    """What became of a strategy since the baseline, and of its risk by the rules that need nothing but parameters."""

    change: StrategyChange
    old_level: str | None
    new_level: str | None

    def to_dict(self) -> dict[str, Any]:
        """The promised dict: status, changes, old_risk_level, new_risk_level (None where there was or is no strategy)."""
        return {
            "status": str(self.change.status),
            "changes": {
                name: {"old": one.old, "new": one.new, "change_type": str(one.change_type)}
                for name, one in self.change.changes.items()
            },
            "old_risk_level": self.old_level,
            "new_risk_level": self.new_level,
        }


@dataclass(frozen=True, slots=True)
class ParameterStudy:
    """An appraisal with what stands around it. changes: since `baseline`; None where there was none to compare with.
    unread: what the sources hold that could not be read, as sentences."""

    appraisal: ParameterAppraisal
    sources: tuple[str, ...] = ()
    changes: Mapping[str, RiskChange] | None = None
    baseline: str = ""
    unread: tuple[str, ...] = ()
