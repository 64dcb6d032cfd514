"""What each rule of calibration says of an entry at one moment: the rules of `permission` one by one, in its order."""

from tradeworthy.controls.filters import CheckState
from tradeworthy.controls.levels import VolatilityLevel
from tradeworthy.controls.outcomes import Outcome, in_count, in_percent, judged
from tradeworthy.controls.refusals import Refusal
from tradeworthy.controls.running_calibration import Moment, RunningCalibration
from tradeworthy.core.clock import rfc3339

_ABOVE = "a share of the usual size above 0"


def calibration_outcomes(
    running: RunningCalibration, moment: Moment, level: VolatilityLevel = VolatilityLevel.UNKNOWN
) -> tuple[Outcome, ...]:
    """Every rule with what it requires and what it found, those after one that refuses included; OFF for those that are.

    The first that refuses is the one of which `permission` gives the `Refusal`.
    """
    rules, factors = running.rules, running.factors(moment, level)
    _, _, _, _, _, _, pause_day, _ = running.state
    drawdown = in_percent(running.drawdown) if running.drawdown == running.drawdown else "unknown"
    paused = factors.streak <= 0.0 or (rules.streak and moment.day <= pause_day)
    losses = f"{in_count(running.losses_in_a_row)} in a row, {_share(factors.streak)}"
    entries = running.entries_on(moment.day)
    waits = moment.time_ns < running.cooldown_until_ns
    told = (
        (True, Refusal.STOPPED, "not reached, or lifted by an operator", "reached" if running.stopped else "not reached",
         running.stopped),
        (rules.drawdown, Refusal.DRAWDOWN, f"a drawdown under {in_percent(rules.drawdown_stop)}",
         f"{drawdown}, {_share(factors.drawdown)}", factors.drawdown <= 0.0),
        (rules.streak, Refusal.STREAK, f"under {in_count(rules.streak_pause)} losses in a row on this trading day",
         f"{losses}{'; paused for today' if paused else ''}", paused),
        (rules.trades_per_day, Refusal.TRADES_PER_DAY, f"fewer than {in_count(rules.trades_per_day_max)} entries on this day",
         in_count(entries), entries >= rules.trades_per_day_max),
        (rules.cooldown, Refusal.COOLDOWN, "the cooldown after a loss to be over",
         f"until {rfc3339(running.cooldown_until_ns)}" if waits else "over", waits),
        (rules.session or rules.no_new_trades, Refusal.SESSION, _ABOVE, f"{_clock(moment.minute)}, {_share(factors.session)}",
         factors.session <= 0.0),
        (rules.volatility, Refusal.VOLATILITY, _ABOVE, f"{level.name}, {_share(factors.volatility)}", factors.volatility <= 0.0),
    )  # fmt: skip
    return tuple(
        _outcome(is_on, refusal, required, actual, refuses=refuses)
        for is_on, refusal, required, actual, refuses in told
    )


def _outcome(is_on: bool, refusal: Refusal, required: str, actual: str, *, refuses: bool) -> Outcome:
    word = "drawdown stop" if refusal is Refusal.STOPPED else refusal.name.lower().replace("_", " ")
    name = f"calibration: {word}"
    if not is_on:
        return Outcome(name, CheckState.OFF, actual="off")
    if refuses:
        return Outcome(name, CheckState.REFUSED, required, actual, refusal.words)
    return judged(name, required, actual, passes=True)


def _share(factor: float) -> str:
    return f"{factor:.6g} of the usual size"


def _clock(minute: int) -> str:
    return "no session windows here" if minute < 0 else f"{minute // 60:02d}:{minute % 60:02d} on the exchange's clock"
