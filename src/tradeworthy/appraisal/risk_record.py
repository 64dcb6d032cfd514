"""What a book can lose, as one record: the score, what stands behind it, and what to do."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec

from tradeworthy.appraisal.loss_potential import DrawdownPotential
from tradeworthy.appraisal.loss_record import MaximumLoss, Recommendation
from tradeworthy.appraisal.open_exposure import BookExposure
from tradeworthy.appraisal.reliability_record import Reliability
from tradeworthy.appraisal.sizing_rules import SizingVerdict
from tradeworthy.appraisal.stop_costs import StopLosses
from tradeworthy.core.version import PACKAGE_VERSION
from tradeworthy.risk.score_record import DrawdownScore, ScoreParts

_METHODS = {"normal": "Normal", "student_t": "Student's t", "cornish_fisher": "Cornish-Fisher", "pot": "POT"}


def method_word(method: str) -> str:
    """A method of value at risk as it is written in sentences and tables."""
    return _METHODS.get(method, method.replace("_", " "))


@dataclass(frozen=True, slots=True)
class LossMeasure:
    """Value at risk and expected shortfall of the next day by one method, shares of equity, and how that method did so far.

    asked: days it was asked about before they came, each from the 250 before; exceptions: of those, days that lost more;
    expected: how many a right model has. p_frequency, p_independence: Kupiec's and Christoffersen's. zone: of the traffic
    light. z2, p_shortfall: Acerbi and Szekely's second test with Normal tails. why_not: by part, why it was not measured.
    """

    method: str
    level: float
    value_at_risk: float | None
    expected_shortfall: float | None
    asked: int = 0
    exceptions: int | None = None
    expected: float | None = None
    p_frequency: float | None = None
    p_independence: float | None = None
    zone: str | None = None
    z2: float | None = None
    p_shortfall: float | None = None
    why_not: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LossSeries:
    """The days on which one method was held against what came: dates, returns, and what it said the day before."""

    method: str
    level: float
    dates: tuple[str, ...]
    returns: tuple[float, ...]
    value_at_risk: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Fan:
    """Quantiles of equity, 1 at the start, on some days of drawn futures. quantiles: as fractions, one row each."""

    days: tuple[int, ...]
    quantiles: tuple[float, ...]
    equity: tuple[tuple[float, ...], ...]


@dataclass(frozen=True, slots=True)
class RiskShare:
    """A strategy's part of the book. volatility: of its days, share of equity. component: its part of the book's value at
    risk, and share of it; all of them add up. stressed: its share with correlations moved halfway to 1. capped: by how much
    its size is multiplied so that no strategy has more than the cap."""

    volatility: float
    component: float
    share: float
    stressed: float
    capped: float


@dataclass(frozen=True, slots=True)
class PortfolioRisk:
    """How strategies add up, by Normal losses at `level` over one day, shares of equity.

    correlations: drawn towards their mean by `shrinkage` (Ledoit, Wolf 2004). value_at_risk: the sum of the components;
    undiversified: were all correlations 1; stressed: with them halfway there. cap: of a strategy's share; capped_*: after
    sizes were cut to it, nothing put in their place; scores None where there is no score.
    """

    level: float
    correlations: Mapping[str, Mapping[str, float]]
    shrinkage: float
    value_at_risk: float
    stressed: float
    undiversified: float
    shares: Mapping[str, RiskShare]
    cap: float
    capped_value_at_risk: float
    score: float | None
    capped_score: float | None
    advice: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RiskRecord:
    """Everything that `RiskAssessment` found.

    first_day, last_day, days, trades: of the record that futures are drawn from. worst_day: share of equity. reliability:
    what the score said at earlier days of that record, and what came. volatility: by strategy, as
    `VolatilityImpactAnalyzer` gives it. not_run: by part, why it was not looked at.
    """

    book: str
    kind: str
    score: DrawdownScore
    summary: tuple[str, ...]
    recommendations: tuple[Recommendation, ...]
    risk_per_trade: float | None
    first_day: str | None
    last_day: str | None
    days: int
    trades: int
    worst_day: float | None
    parts: ScoreParts | None
    potential: DrawdownPotential | None
    fan: Fan | None
    falls: tuple[float, ...]
    reliability: Reliability
    measures: tuple[LossMeasure, ...]
    series: LossSeries | None
    loss: MaximumLoss | None
    volatility: Mapping[str, Mapping[str, Any]]
    sizing: SizingVerdict | None
    stops: Mapping[str, StopLosses]
    exposure: BookExposure | None
    portfolio: PortfolioRisk | None
    not_run: Mapping[str, str]
    assumptions: tuple[str, ...]
    seed: int
    version: str = PACKAGE_VERSION

    def to_dict(self) -> dict[str, Any]:
        """Plain dicts, lists, strings and numbers."""
        plain: dict[str, Any] = msgspec.to_builtins(self, str_keys=True)
        return plain
