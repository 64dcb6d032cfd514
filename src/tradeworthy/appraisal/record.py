"""What a validation finds, as one record: the same in Python, in report.json and on the page.

Times are RFC 3339 in UTC. R is P&L in units of the risk planned at the signal. A number that could not be had is None,
and the sentence beside it says why.
"""

from dataclasses import dataclass, field
from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt

from tradeworthy.appraisal.book_scoring import BookScore
from tradeworthy.core.verdict import RiskLevel
from tradeworthy.core.version import PACKAGE_VERSION
from tradeworthy.market.rules import Finding
from tradeworthy.validation.bar_returns import SecondOpinion
from tradeworthy.validation.comparison import Comparison
from tradeworthy.validation.intervals import Interval
from tradeworthy.validation.judgement import BookJudgement, StrategyJudgement
from tradeworthy.validation.parameters import ParameterFinding
from tradeworthy.validation.pooling import Pool
from tradeworthy.validation.selection import Selection, Trials


@dataclass(frozen=True, slots=True)
class DataUsed:
    """Which bars or trades stand behind a strategy. sha256: of times and prices, or of the trades."""

    source: str
    first: str
    last: str
    count: int
    unit: str
    price_side: str | None
    day_cut: str | None
    close_only: bool
    sha256: str
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class ClosedTrades:
    """Exit time and R of every closed trade, oldest first."""

    exit_time: tuple[str, ...]
    r: tuple[float, ...]

    def as_array(self) -> npt.NDArray[np.float64]:
        """R's, shape (n,)."""
        return np.array(self.r, np.float64)


@dataclass(frozen=True, slots=True)
class BaselineUsed:
    """The stored baseline that was held against: its file and hash, until when it goes, the verdict it was taken from.

    forced: whether it was used although something had changed; changes: what had, in sentences.
    """

    label: str
    sha256: str
    until: str
    verdict: str
    forced: bool
    changes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StrategyReport:
    """One strategy: verdict, what it rests on, and what was run.

    comparison, second_opinion: None where the data do not allow them. win_rate_now: 95% score interval of the window's
    share of winners. parameter_risk: None when there are no parameters to check. ambiguous_share: of closed trades whose
    exit bar held stop and target. pooled_mean_r: after shrinkage to the book's mean. since: from when on there could
    have been trades. trials: what is known of the search that it was chosen from, None where nothing is; selection:
    what that takes off its baseline, None also where there are too few trades. unit_r: what stands in for one R as a
    fraction of the money traded, None where R is measured by stops.
    """

    name: str
    instrument: str
    timeframe: str
    rules: str
    parameters: dict[str, float | int | bool]
    judgement: StrategyJudgement
    baseline_trades: int
    window_trades: int
    baseline_mean_r: float | None
    window_mean_r: float | None
    pooled_mean_r: float | None
    win_rate_now: Interval | None
    comparison: Comparison | None
    second_opinion: SecondOpinion | None
    parameter_risk: RiskLevel | None
    parameter_findings: tuple[ParameterFinding, ...]
    ambiguous_share: float | None
    open_trades: int
    data: DataUsed
    run_sha256: str
    since: str
    trials: Trials | None
    selection: Selection | None
    unit_r: float | None
    trades: ClosedTrades


@dataclass(frozen=True, slots=True)
class Validation:
    """The finished validation of a book or of a trade history. kind: `book` or `trades`.

    effective_strategies: as many independent ones as the strategies tested amount to, by how their weeks move together
    (Galwey); None for one, or without enough weeks. baseline: the stored one that was held against; None where all that
    came before the window was. book_sha256: of what
    the book trades and on which terms, empty for a trade history. risk: the score of
    `tradeworthy risk`, None where it was not asked for.
    """

    book: str
    kind: str
    judgement: BookJudgement
    parameter_risk: RiskLevel | None
    window_start: str
    window_end: str
    months: int
    paths: int
    seed: int
    level: float
    pool: Pool | None
    strategies: tuple[StrategyReport, ...]
    fills: dict[str, str | bool]
    spread_pips: dict[str, float]
    assumptions: dict[str, str]
    effective_strategies: float | None = None
    baseline: BaselineUsed | None = None
    book_sha256: str = ""
    risk: BookScore | None = None
    version: str = field(default=PACKAGE_VERSION)

    def to_dict(self) -> dict[str, Any]:
        """Plain dicts, lists, strings and numbers, as in report.json."""
        plain: dict[str, Any] = msgspec.to_builtins(self)
        return plain
