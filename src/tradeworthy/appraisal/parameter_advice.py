"""What to do about each finding."""

import math

from tradeworthy.core.verdict import RiskLevel
from tradeworthy.strategies.parameter_names import Meant, Role
from tradeworthy.validation.parameters import STOP_ATR_LEAST, STOP_ATR_MOST, CrossParameters

_ADVICE = {
    "never_crosses": "make its fast and slow average differ",
    "no_stop": "give it a stop",
    "stop_in_noise": f"put the stop {STOP_ATR_LEAST:g} ATR away or further",
    "stop_wide": f"bring the stop within {STOP_ATR_MOST:g} ATR, or check that its sizes are as much smaller",
    "stop_near_spread": "trade it on a longer timeframe, or with a stop further away",
    "averages_near": "put its averages further apart, the shorter at most three quarters of the longer",
    "impossible_value": "mend the value",
    "few_trades": "judge it over a longer window, or pooled with others",
    "unstable_neighbourhood": "do not count on what it earned; `tradeworthy sweep` shows the surface around it",
    "outlier": "check that the value is meant",
}


def advice(rule: str, parameters: Meant, cross: CrossParameters) -> str:
    """One thing to do, with the user's own names and the numbers that would satisfy the rule."""
    if rule == "reward_risk":
        return _reward_risk(parameters, cross)
    if rule == "inverted_cross":
        fast, slow = parameters.names[Role.FAST], parameters.names[Role.SLOW]
        return f"swap {fast} = {cross.fast} and {slow} = {cross.slow}, unless trading against the crossing is meant"
    if rule == "short_history":
        return f"load more than {cross.warm_up:,} bars before it trades"
    return _ADVICE[rule]


def _reward_risk(parameters: Meant, cross: CrossParameters) -> str:
    if cross.stop_atr is None or cross.target_atr is None:
        return f"put the target at least {cross.min_reward_risk:g} times as far away as the stop"
    stop, target = parameters.names[Role.STOP_ATR], parameters.names[Role.TARGET_ATR]
    return (
        f"raise {target} to {math.ceil(cross.stop_atr * cross.min_reward_risk * 1000 - 1e-6) / 1000:g} or more, or lower "
        f"{stop} to {math.floor(cross.target_atr / cross.min_reward_risk * 1000 + 1e-6) / 1000:g} or less"
    )


def book_advice(overall: RiskLevel | None, high: int, judged: int) -> str:
    """About the book as a whole."""
    if overall is None:
        return "No strategy could be judged: nothing is known of the risk of these parameters."
    if overall is RiskLevel.HIGH:
        return f"Do not trade this book as it stands: {high} of {judged} strategies that were judged have HIGH risk."
    if high:
        return f"Mend the strategies of HIGH risk first: {high} of {judged} that were judged."
    return "No strategy has HIGH risk by these rules."
