"""What the parameters themselves give away, before a single trade."""

from collections.abc import Sequence
from dataclasses import dataclass

from tradeworthy.core.verdict import RiskLevel

TOO_NEAR = 0.75
"""Ratio of the shorter to the longer average from which on both say nearly the same."""
STOP_SPREADS_HIGH = 3.0
STOP_SPREADS_MEDIUM = 10.0
STOP_ATR_LEAST, STOP_ATR_MOST = 1.0, 3.0
"""Multiples of ATR between which a stop is usual; at half the one and twice the other the level is HIGH."""
TRADES_LEAST = 1.0
"""Expected trades a window below which a window says nothing about a strategy."""
USUAL_MIN_REWARD_RISK = 1.5


@dataclass(frozen=True, slots=True)
class ParameterFinding:
    """One thing about a strategy's parameters, with the numbers that caused it."""

    rule: str
    level: RiskLevel
    message: str


@dataclass(frozen=True, slots=True)
class CrossParameters:
    """A strategy as the parameter rules see it; None where something is not known, and its rules are then not run.

    fast, slow, atr_period: bars. stop_atr, target_atr: multiples of ATR. min_reward_risk: its own, or with own_minimum
    False what is usual. spread, typical_atr: in price units. min_candles: the history it asks for, bars: that there is.
    other_stop: whether it has a stop that is no multiple of ATR, None where that is not known. reward_risk: target over
    stop where they are not multiples of ATR.
    """

    fast: int | None
    slow: int | None
    stop_atr: float | None
    target_atr: float | None
    min_reward_risk: float
    spread: float | None = None
    typical_atr: float | None = None
    atr_period: int | None = None
    min_candles: int | None = None
    bars: int | None = None
    own_minimum: bool = True
    other_stop: bool | None = False
    reward_risk: float | None = None

    @property
    def warm_up(self) -> int | None:
        """Bars before the first decision, by the periods that are known; None without any."""
        periods = [one + 1 for one in (self.fast, self.slow) if one is not None]
        return max([*periods, *([] if self.atr_period is None else [self.atr_period])], default=None)


def _reward_risk(p: CrossParameters) -> ParameterFinding | None:
    ratio, said = p.reward_risk, ""
    if p.stop_atr is not None and p.target_atr is not None:
        ratio, said = p.target_atr / p.stop_atr, f" {p.target_atr:g}/{p.stop_atr:g} ="
    if ratio is None or ratio >= p.min_reward_risk - 1e-12:
        return None
    least = f"its own minimum of {p.min_reward_risk:g}"
    least = least if p.own_minimum else f"the usual minimum of {p.min_reward_risk:g} (it names none of its own)"
    message = f"reward/risk{said} {ratio:.2f} is below {least}; it needs {1 / (1 + ratio):.0%} winners to break even"
    return ParameterFinding("reward_risk", RiskLevel.HIGH, message)


def _inverted(p: CrossParameters) -> ParameterFinding | None:
    if p.fast is None or p.slow is None or p.fast <= p.slow:
        return None
    message = f"inverted cross: fast {p.fast} is slower than slow {p.slow}, so it trades against every crossing"
    return ParameterFinding("inverted_cross", RiskLevel.HIGH, message)


def _never_crosses(p: CrossParameters) -> ParameterFinding | None:
    if p.fast is None or p.fast != p.slow:
        return None
    message = f"fast and slow are both {p.fast}: such averages never cross, so it never trades"
    return ParameterFinding("never_crosses", RiskLevel.HIGH, message)


def _too_near(p: CrossParameters) -> ParameterFinding | None:
    if p.fast is None or p.slow is None or p.fast == p.slow:
        return None
    near, far = sorted((p.fast, p.slow))
    if near / far < TOO_NEAR:
        return None
    message = (
        f"averages of {near} and {far} bars are near each other ({near / far:.0%}): many of their crossings are noise"
    )
    return ParameterFinding("averages_near", RiskLevel.MEDIUM, message)


def _no_stop(p: CrossParameters) -> ParameterFinding | None:
    if p.stop_atr is not None or p.other_stop is not False:
        return None
    return ParameterFinding("no_stop", RiskLevel.HIGH, "no stop: the loss of a trade has no planned limit")


def _stop_in_noise(p: CrossParameters) -> ParameterFinding | None:
    if p.stop_atr is None or p.stop_atr >= STOP_ATR_LEAST:
        return None
    level = RiskLevel.HIGH if p.stop_atr < STOP_ATR_LEAST / 2 else RiskLevel.MEDIUM
    message = f"the stop is {p.stop_atr:g} ATR away, inside the range of an ordinary bar: noise alone reaches it"
    return ParameterFinding("stop_in_noise", level, message)


def _stop_wide(p: CrossParameters) -> ParameterFinding | None:
    if p.stop_atr is None or p.stop_atr <= STOP_ATR_MOST:
        return None
    level = RiskLevel.HIGH if p.stop_atr > 2 * STOP_ATR_MOST else RiskLevel.MEDIUM
    message = (
        f"the stop is {p.stop_atr:g} ATR away, more than {STOP_ATR_MOST:g}: each loss is that many ordinary bars, and sizes "
        "have to be as much smaller"
    )
    return ParameterFinding("stop_wide", level, message)


def _stop_near_spread(p: CrossParameters) -> ParameterFinding | None:
    if p.stop_atr is None or not p.spread or not p.typical_atr:
        return None
    spreads = p.stop_atr * p.typical_atr / p.spread
    if spreads >= STOP_SPREADS_MEDIUM:
        return None
    level = RiskLevel.HIGH if spreads < STOP_SPREADS_HIGH else RiskLevel.MEDIUM
    message = (
        f"the usual stop is only {spreads:.1f} spreads away, so each trade pays {1 / spreads:.0%} of its risk in spread"
        if spreads > 1
        else f"the usual stop is {spreads:.1f} spreads away, inside the spread: a trade is stopped as it is opened"
    )
    return ParameterFinding("stop_near_spread", level, message)


def _short_history(p: CrossParameters) -> ParameterFinding | None:
    need, asked, have = p.warm_up, p.min_candles, p.bars
    if need is None:
        return None
    if have is not None and have <= need:
        message = f"there are {have:,} bars and its longest period needs {need:,} to warm up: it cannot trade on them"
        return ParameterFinding("short_history", RiskLevel.HIGH, message)
    if have is not None and asked is not None and have < asked:
        message = f"there are {have:,} bars and it asks for {asked:,}"
        return ParameterFinding("short_history", RiskLevel.MEDIUM, message)
    if asked is not None and asked < need:
        message = f"it asks for {asked:,} bars of history, and its longest period needs {need:,} to warm up"
        return ParameterFinding("short_history", RiskLevel.MEDIUM, message)
    return None


_RULES = (
    _reward_risk, _inverted, _never_crosses, _too_near, _no_stop, _stop_in_noise, _stop_wide, _stop_near_spread,
    _short_history,
)  # fmt: skip
_ORDER = (RiskLevel.LOW, RiskLevel.MEDIUM, RiskLevel.HIGH)


def parameter_findings(parameters: CrossParameters) -> tuple[ParameterFinding, ...]:
    """Every rule that these parameters break."""
    return tuple(finding for rule in _RULES if (finding := rule(parameters)) is not None)


def impossible(name: str, value: object, wanted: str) -> ParameterFinding:
    """A value that its parameter cannot have."""
    return ParameterFinding("impossible_value", RiskLevel.HIGH, f"{name} is {value!r}, and has to be {wanted}")


def few_trades(entries: int, years: float, months: int) -> ParameterFinding | None:
    """Whether a window of so many months usually holds a trade at all. entries: in `years` of history."""
    expected = entries / years * months / 12
    if expected >= TRADES_LEAST:
        return None
    window = f"{months} months" if months > 1 else "a month"
    message = (
        f"{entries:,} crossings in {years:.1f} years traded, {expected:.1f} expected in {window}: its window will usually "
        "say nothing"
    )
    return ParameterFinding("few_trades", RiskLevel.MEDIUM, message)


def unstable(own: float, error: float, around: float, sets: int) -> ParameterFinding | None:
    """Whether what a strategy earned is gone one step away. own, around: mean R of its set and the median of its
    neighbours'; error: standard error of its own; sets: how many neighbours were tried."""
    if own <= 0 or own - around <= max(own / 2, error):
        return None
    message = f"unstable: it earned {_r(own)} a trade, and the median of {sets} sets one step away earned {_r(around)}"
    return ParameterFinding("unstable_neighbourhood", RiskLevel.MEDIUM, message)


def _r(value: float) -> str:
    return f"{value:+.2f} R".replace("-", "\N{MINUS SIGN}")


def strategy_risk(findings: Sequence[ParameterFinding]) -> RiskLevel:
    """The worst of its findings; LOW without any."""
    return max((finding.level for finding in findings), key=_ORDER.index, default=RiskLevel.LOW)


def overall_risk(levels: Sequence[RiskLevel]) -> RiskLevel:
    """HIGH if more than 30% of strategies are high, MEDIUM if more than 10%, else LOW."""
    share = sum(level is RiskLevel.HIGH for level in levels) / len(levels) if levels else 0.0
    return RiskLevel.HIGH if share > 0.3 else RiskLevel.MEDIUM if share > 0.1 else RiskLevel.LOW
