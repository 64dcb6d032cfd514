"""What strategies and a book lost: in a run, under a scenario, in a crisis."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import msgspec

from tradeworthy.core.version import PACKAGE_VERSION


class Ran(StrEnum):
    """Whether there is a result, and if not, whether the data or something else is in the way."""

    RUN = "RUN"
    NOT_RUN = "NOT RUN"
    NOT_IN_THE_DATA = "NOT IN THE DATA"


class LossLevel(StrEnum):
    """How much the worst that was seen takes from an account, by the share of its peak: under 10%, 20%, 40%, or more."""

    LOW = "LOW"
    MODERATE = "MODERATE"
    HIGH = "HIGH"
    VERY_HIGH = "VERY_HIGH"


class Urgency(StrEnum):
    """How soon a recommendation wants doing."""

    CRITICAL = "CRITICAL"
    HIGH = "HIGH"
    MEDIUM = "MEDIUM"
    LOW = "LOW"


@dataclass(frozen=True, slots=True)
class WorstTrade:
    """The trade that lost most.

    intended_r: -1 with a stop, None without. realised_r: what it came to. beyond_stop_r: how much of that came from being
    filled beyond the stop. at_the_extreme_r: had its stop been filled at the worst price of its bar, None unless stopped.
    Money in the account's currency, None without an account. Times in RFC 3339. None too for what a list of trades does not
    say.
    """

    strategy: str
    side: str | None
    entry_time: str | None
    exit_time: str
    entry_price: float | None
    exit_price: float | None
    stop: float | None
    reason: str | None
    intended_r: float | None
    realised_r: float | None
    beyond_stop_r: float | None
    at_the_extreme_r: float | None
    intended_money: float | None
    realised_money: float | None


@dataclass(frozen=True, slots=True)
class LosingRun:
    """The most losing trades in a row; the costliest of them where there are several as long.

    r: their sum, None where a trade has no stop. compound_loss: what they take from an account one after the other, as a
    fraction of it, 0 or more; from the account's own books where there is one, else at `risk` of the balance a trade.
    """

    trades: int
    r: float | None
    compound_loss: float | None
    first_entry: str | None
    last_exit: str | None


@dataclass(frozen=True, slots=True)
class Losses:
    """What a run came to, from its first bar that counts to its last, a position still open at its last price.

    total_r, max_drawdown_r: None where no trade has a stop. money: change of the account. return_fraction,
    max_drawdown_fraction: of the account where there is one, else of a balance with `risk` of itself on each R. gapped_stops:
    stops filled beyond their level. worst_at_the_extreme_r: of all stops, had each been filled at its bar's worst price.
    """

    trades: int
    total_r: float | None
    max_drawdown_r: float | None
    currency: str | None
    money: float | None
    return_fraction: float | None
    max_drawdown_fraction: float | None
    gapped_stops: int
    worst_at_the_extreme_r: float | None
    worst_trade: WorstTrade | None
    losing_run: LosingRun
    refused_entries: int = 0

    def to_dict(self) -> dict[str, Any]:
        """Plain dicts, lists, strings and numbers."""
        plain: dict[str, Any] = msgspec.to_builtins(self, str_keys=True)
        return plain


@dataclass(frozen=True, slots=True)
class BookLosses:
    """The strategies together: sums of their R, each R counting the same, and of money where all count in one currency."""

    strategies: int
    total_r: float | None
    max_drawdown_r: float | None
    currency: str | None
    money: float | None
    return_fraction: float | None
    max_drawdown_fraction: float | None


@dataclass(frozen=True, slots=True)
class StrategyStress:
    """One strategy under one scenario. before: on its bars as they are. after: on the strained ones, of the worst draw
    where several were made. volatility, trend: how much they really grew. spread_pips: where it is one number."""

    strategy: str
    status: Ran
    why: str
    seed: int | None = None
    before: Losses | None = None
    after: Losses | None = None
    volatility: float | None = None
    trend: float | None = None
    spread_pips: float | None = None
    data_sha256: str | None = None


@dataclass(frozen=True, slots=True)
class StressResult:
    """A book under one scenario. draws: total R by seed, of scenarios that draw; the worst seed is the one reported."""

    scenario: Mapping[str, Any]
    status: Ran
    why: str
    strategies: tuple[StrategyStress, ...]
    before: BookLosses | None
    after: BookLosses | None
    draws: Mapping[int, float | None] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """Plain dicts, lists, strings and numbers."""
        plain: dict[str, Any] = msgspec.to_builtins(self, str_keys=True)
        return plain


@dataclass(frozen=True, slots=True)
class StrategyReplay:
    """One strategy in one crisis. held: the side it was on when the window began. biggest_move: largest step of the close
    from bar to bar, range: high over low within the window, less 1; both fractions."""

    strategy: str
    status: Ran
    why: str
    first_bar: str | None = None
    last_bar: str | None = None
    bars: int = 0
    held: str | None = None
    losses: Losses | None = None
    biggest_move: float | None = None
    range: float | None = None


@dataclass(frozen=True, slots=True)
class CrisisResult:
    """A book in one crisis. feed_note: what stands beside every such number."""

    crisis: Mapping[str, Any]
    status: Ran
    why: str
    strategies: tuple[StrategyReplay, ...]
    book: BookLosses | None
    feed_note: str

    def to_dict(self) -> dict[str, Any]:
        """Plain dicts, lists, strings and numbers."""
        plain: dict[str, Any] = msgspec.to_builtins(self, str_keys=True)
        return plain


@dataclass(frozen=True, slots=True)
class WorstCase:
    """One case of the book, or of its one strategy: as it was, under a scenario, in a crisis."""

    case: str
    kind: str
    losses: BookLosses


@dataclass(frozen=True, slots=True)
class WorstCases:
    """level: by the largest drawdown of any case. single_trade: the worst of the bars as they are; single_trade_anywhere:
    of all cases, of which single_trade_case is the one. cases: the deepest drawdown first. not_run: what was not looked at,
    and why."""

    level: LossLevel | None
    level_reason: str
    single_trade: WorstTrade | None
    single_trade_anywhere: WorstTrade | None
    single_trade_case: str | None
    cases: tuple[WorstCase, ...]
    not_run: Mapping[str, str]
    assumptions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ConsecutiveLosses:
    """longest: on the bars as they are; strategy: whose. by_strategy, by_scenario: the same of each, and of each under each
    scenario and in each crisis."""

    longest: LosingRun | None
    strategy: str | None
    by_strategy: Mapping[str, LosingRun]
    by_scenario: Mapping[str, Mapping[str, LosingRun]]


@dataclass(frozen=True, slots=True)
class PortfolioImpact:
    """How the strategies lose together, from the R of each week that all of them share.

    correlations: by pair, None for one that never moved. effective_strategies: as many independent ones as they amount to
    (Galwey 2009). drawdown_r: of the sum, and drawdowns_r of each by itself. risk_shares: of the book's variance.
    allocation: share of the risk that would make all equal before correlation, against the equal share now.
    """

    status: Ran
    why: str
    weeks: int = 0
    correlations: Mapping[str, Mapping[str, float | None]] = field(default_factory=dict)
    average_correlation: float | None = None
    highest_pair: tuple[str, str] | None = None
    highest_correlation: float | None = None
    effective_strategies: float | None = None
    worst_week: str | None = None
    worst_week_r: float | None = None
    drawdown_r: float | None = None
    drawdowns_r: Mapping[str, float] = field(default_factory=dict)
    risk_shares: Mapping[str, float] = field(default_factory=dict)
    allocation: Mapping[str, float] = field(default_factory=dict)
    advice: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Recommendation:
    """What to do, how soon, and the number that caused it (`name` = `number`, beyond `limit`)."""

    level: Urgency
    action: str
    reason: str
    name: str
    number: float | None
    limit: float | None


@dataclass(frozen=True, slots=True)
class MaximumLoss:
    """Everything a book can lose that was looked at; `.to_dict()` has the promised keys and no others."""

    worst_case_scenarios: WorstCases
    stress_test_results: Mapping[str, StressResult]
    crisis_period_analysis: Mapping[str, CrisisResult]
    maximum_consecutive_losses: ConsecutiveLosses
    portfolio_impact: PortfolioImpact
    risk_recommendations: tuple[Recommendation, ...]
    version: str = field(default=PACKAGE_VERSION)

    @property
    def level(self) -> LossLevel | None:
        """LOW, MODERATE, HIGH or VERY_HIGH; None where nothing could be run."""
        return self.worst_case_scenarios.level

    def to_dict(self) -> dict[str, Any]:
        """worst_case_scenarios, stress_test_results, crisis_period_analysis, maximum_consecutive_losses, portfolio_impact,
        risk_recommendations: plain dicts, lists, strings and numbers."""
        plain: dict[str, Any] = msgspec.to_builtins(self, str_keys=True)
        return {name: one for name, one in plain.items() if name != "version"}
