"""What a study of volatility finds, as records."""

from dataclasses import dataclass

from tradeworthy.risk.adapting_sizes import SizeAdaptation
from tradeworthy.risk.clustering_tests import Clustering
from tradeworthy.risk.level_timeline import LevelTimeline
from tradeworthy.risk.level_transitions import Transitions
from tradeworthy.risk.stop_walks import RandomShare, StopShares
from tradeworthy.risk.switching import SwitchingVolatility
from tradeworthy.risk.volatility_levels import VolatilityLevel, VolatilityThresholds
from tradeworthy.validation.intervals import Interval


@dataclass(frozen=True, slots=True)
class LevelTrades:
    """Closed trades whose entry was decided at one level.

    mean_r, win_rate: None without a trade. mean_interval: 95% of the mean R; adjusted: the same for all levels with trades
    together; None under 20 trades, or where all are alike. win_interval: 95%. needed: trades that would show a mean of the
    smallest R worth acting on with 80% power. size_variation: deviation over mean of sizes for the same money at risk.
    median_bars_held: None without a trade.
    """

    level: VolatilityLevel
    trades: int
    mean_r: float | None
    mean_interval: Interval | None
    adjusted: Interval | None
    win_rate: float | None
    win_interval: Interval | None
    needed: int
    size_variation: float | None
    median_bars_held: float | None


@dataclass(frozen=True, slots=True)
class Reach:
    """Quantiles of how far entries went, in ATR at the signal: the median and what nine in ten stayed under."""

    median: float
    nine_in_ten: float


@dataclass(frozen=True, slots=True)
class LevelStops:
    """The strategy's entries at one level followed by stop and target alone, beside random entries at the same level.

    against, onward: until stop or target. p-values of the random shares are as they came; `stopped_p` and `rescued_p` are
    Holm's over the levels tested (20 entries and more). needed: decided entries that would show a difference of 15 points.
    """

    level: VolatilityLevel
    entries: int
    shares: StopShares
    against: Reach | None
    onward: Reach | None
    pool: int
    random_stopped: RandomShare | None
    random_rescued: RandomShare | None
    random_against: Reach | None
    random_onward: Reach | None
    stopped_p: float | None
    rescued_p: float | None
    needed: int | None


@dataclass(frozen=True, slots=True)
class SwitchingNow:
    """The fitted states over the window: chance of the wildest after the last bar, and share of bars where it was likelier
    than not, by what was known then."""

    model: SwitchingVolatility
    wild_now: float
    wild_share: float


@dataclass(frozen=True, slots=True)
class RegimeAdvice:
    """One sentence about one level; supported: whether an interval stands behind it."""

    level: VolatilityLevel
    about: str
    words: str
    supported: bool


@dataclass(frozen=True, slots=True)
class VolatilityStudy:
    """Volatility over a window, and what a strategy made of it.

    window_start, bars: first place of the window, and how many bars there are in it. now: the level at the last bar.
    transitions, clustering, timeline: over the window. why_not: by part, why something was not measured. assumptions: sentences.
    """

    label: str
    thresholds: VolatilityThresholds
    bars: int
    first_ns: int
    last_ns: int
    now: VolatilityLevel
    transitions: Transitions
    timeline: LevelTimeline
    clustering: Clustering
    switching: SwitchingNow | None
    atr_period: int
    stop_atr: float | None
    target_atr: float | None
    trades: tuple[LevelTrades, ...]
    size_variation: float | None
    size_range: float | None
    stops: tuple[LevelStops, ...]
    adaptation: SizeAdaptation | None
    advice: tuple[RegimeAdvice, ...]
    why_not: dict[str, str]
    seed: int
    assumptions: tuple[str, ...] = ()
