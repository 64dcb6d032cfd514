"""What the parameters themselves give away, before a single trade."""

from collections.abc import Sequence
from dataclasses import dataclass

from tradeworthy.core.verdict import RiskLevel

TOO_NEAR = 0.75
"""Ratio of the shorter to the longer average from which on both say nearly the same."""
STOP_SPREADS_HIGH = 3.0
STOP_SPREADS_MEDIUM = 10.0


@dataclass(frozen=True, slots=True)
class ParameterFinding:
    """One thing about a strategy's parameters, with the numbers that caused it."""

    rule: str
    level: RiskLevel
    message: str


@dataclass(frozen=True, slots=True)
class CrossParameters:
    """A moving-average cross as the parameter rules see it.

    Periods in bars, multiples of ATR. spread, typical_atr: in price units, None where they are not known.
    """

    fast: int
    slow: int
    stop_atr: float | None
    target_atr: float | None
    min_reward_risk: float
    spread: float | None = None
    typical_atr: float | None = None


def _reward_risk(p: CrossParameters) -> ParameterFinding | None:
    if p.stop_atr is None or p.target_atr is None:
        return None
    ratio = p.target_atr / p.stop_atr
    if ratio >= p.min_reward_risk - 1e-12:
        return None
    message = (
        f"reward/risk {p.target_atr:g}/{p.stop_atr:g} = {ratio:.2f} is below its own minimum of {p.min_reward_risk:g}; "
        f"it needs {1 / (1 + ratio):.0%} winners to break even"
    )
    return ParameterFinding("reward_risk", RiskLevel.HIGH, message)


def _inverted(p: CrossParameters) -> ParameterFinding | None:
    if p.fast < p.slow:
        return None
    message = f"inverted cross: fast {p.fast} is slower than slow {p.slow}, so it trades against every crossing"
    return ParameterFinding("inverted_cross", RiskLevel.HIGH, message)


def _too_near(p: CrossParameters) -> ParameterFinding | None:
    near, far = sorted((p.fast, p.slow))
    if near / far < TOO_NEAR:
        return None
    message = (
        f"averages of {near} and {far} bars are near each other ({near / far:.0%}): many of their crossings are noise"
    )
    return ParameterFinding("averages_near", RiskLevel.MEDIUM, message)


def _no_stop(p: CrossParameters) -> ParameterFinding | None:
    if p.stop_atr is not None:
        return None
    return ParameterFinding("no_stop", RiskLevel.HIGH, "no stop: the loss of a trade has no planned limit")


def _stop_near_spread(p: CrossParameters) -> ParameterFinding | None:
    if p.stop_atr is None or not p.spread or not p.typical_atr:
        return None
    spreads = p.stop_atr * p.typical_atr / p.spread
    if spreads >= STOP_SPREADS_MEDIUM:
        return None
    level = RiskLevel.HIGH if spreads < STOP_SPREADS_HIGH else RiskLevel.MEDIUM
    message = (
        f"the usual stop is only {spreads:.1f} spreads away, so each trade pays {1 / spreads:.0%} of its risk in spread"
    )
    return ParameterFinding("stop_near_spread", level, message)


_RULES = (_reward_risk, _inverted, _too_near, _no_stop, _stop_near_spread)
_ORDER = (RiskLevel.LOW, RiskLevel.MEDIUM, RiskLevel.HIGH)


def parameter_findings(parameters: CrossParameters) -> tuple[ParameterFinding, ...]:
    """Every rule that these parameters break."""
    return tuple(finding for rule in _RULES if (finding := rule(parameters)) is not None)


def strategy_risk(findings: Sequence[ParameterFinding]) -> RiskLevel:
    """The worst of its findings; LOW without any."""
    return max((finding.level for finding in findings), key=_ORDER.index, default=RiskLevel.LOW)


def overall_risk(levels: Sequence[RiskLevel]) -> RiskLevel:
    """HIGH if more than 30% of strategies are high, MEDIUM if more than 10%, else LOW."""
    share = sum(level is RiskLevel.HIGH for level in levels) / len(levels) if levels else 0.0
    return RiskLevel.HIGH if share > 0.3 else RiskLevel.MEDIUM if share > 0.1 else RiskLevel.LOW
