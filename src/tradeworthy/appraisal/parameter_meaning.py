"""From a strategy's parameters, by whatever names, to what the rules judge, and to what they cannot."""

from dataclasses import dataclass, field, replace

from tradeworthy.appraisal.parameter_record import NotRun
from tradeworthy.core.errors import InputError
from tradeworthy.strategies.ma_cross import LONGEST_PERIOD, MaCrossover
from tradeworthy.strategies.parameter_names import Meant, Role, unit_of
from tradeworthy.validation.parameters import USUAL_MIN_REWARD_RISK, CrossParameters, ParameterFinding, impossible

_PERIODS = (Role.FAST, Role.SLOW, Role.ATR_PERIOD, Role.MIN_CANDLES)
_USUAL_ATR_PERIOD = 14


@dataclass(slots=True)
class Understood:
    """What the rules judge, the values that cannot be, and the checks that cannot run."""

    cross: CrossParameters
    findings: list[ParameterFinding] = field(default_factory=list)
    not_run: list[NotRun] = field(default_factory=list)

    @property
    def judged(self) -> bool:
        """Whether any rule had something to look at."""
        c = self.cross
        averages = c.fast is not None and c.slow is not None
        stops = c.stop_atr is not None or c.reward_risk is not None or c.other_stop is False
        return bool(self.findings) or averages or stops


def understood(parameters: Meant) -> Understood:
    """What the parameters mean to the rules."""
    found = Understood(
        CrossParameters(None, None, None, None, USUAL_MIN_REWARD_RISK, own_minimum=False, other_stop=None)
    )
    found.not_run += [NotRun("unclear names", one) for one in parameters.unclear]
    periods = {role: _period(role, parameters, found) for role in _PERIODS}
    stop, target = _multiple(Role.STOP_ATR, parameters, found), _multiple(Role.TARGET_ATR, parameters, found)
    minimum = _multiple(Role.MIN_REWARD_RISK, parameters, found)
    found.cross = replace(
        found.cross,
        fast=periods[Role.FAST], slow=periods[Role.SLOW], atr_period=periods[Role.ATR_PERIOD],
        min_candles=periods[Role.MIN_CANDLES], stop_atr=stop, target_atr=target,
        min_reward_risk=minimum or USUAL_MIN_REWARD_RISK, own_minimum=minimum is not None,
        other_stop=_other_stop(parameters), reward_risk=_ratio(parameters, found),
    )  # fmt: skip
    _say_what_is_missing(found)
    return found


def _period(role: Role, parameters: Meant, found: Understood) -> int | None:
    value = parameters.values.get(role)
    if value is None:
        return None
    number = parameters.number(role)
    if number is None:
        found.not_run.append(NotRun(str(role), f"{parameters.names[role]} is {value!r}, which is no number"))
        return None
    if number != int(number) or not 1 <= number <= LONGEST_PERIOD:
        found.findings.append(impossible(parameters.names[role], value, "a whole number of bars, 1 or more"))
        return None
    return int(number)


def _multiple(role: Role, parameters: Meant, found: Understood) -> float | None:
    """None for a value of nothing or zero: that is how programs write that there is none."""
    value = parameters.values.get(role)
    if not value:
        return None
    number = parameters.number(role)
    if number is None:
        found.not_run.append(NotRun(str(role), f"{parameters.names[role]} is {value!r}, which is no number"))
    elif number < 0:
        found.findings.append(impossible(parameters.names[role], value, "above zero"))
    return number if number is not None and number > 0 else None


def _other_stop(parameters: Meant) -> bool | None:
    """A stop in pips, percent or money; False where one is set to nothing, None where nothing is known as a stop.

    A `stoploss` of -0.99 to -1, all of the price, is how Freqtrade writes that there is none.
    """
    values, number = parameters.values, parameters.number(Role.STOP)
    if number is not None and -1 <= number <= -0.99:
        return False
    if values.get(Role.STOP):
        return True
    if values.get(Role.STOP_ATR):
        return None
    return False if Role.STOP in values or Role.STOP_ATR in values else None


def _ratio(parameters: Meant, found: Understood) -> float | None:
    """Target over stop where both are in the same unit, or as the program states it."""
    stated = _multiple(Role.REWARD_RISK, parameters, found)
    stop, target = parameters.number(Role.STOP), parameters.number(Role.TARGET)
    if stop and target and unit_of(parameters.names[Role.STOP]) == unit_of(parameters.names[Role.TARGET]):
        return abs(target / stop)
    return stated


def _say_what_is_missing(found: Understood) -> None:
    c = found.cross
    if c.fast is None or c.slow is None:
        found.not_run.append(NotRun("averages", "no fast and slow period were recognised among its parameters"))
    if c.stop_atr is None and c.other_stop is not False:
        why = "its stop is no multiple of ATR" if c.other_stop else "no stop was recognised among its parameters"
        found.not_run.append(NotRun("stop", why))
    if c.reward_risk is None and (c.stop_atr is None or c.target_atr is None):
        found.not_run.append(NotRun("reward/risk", "no stop and target in one unit were recognised"))


def rules_of(cross: CrossParameters, min_atr: float | None, *, leaves: bool) -> MaCrossover | None:
    """The moving-average cross that such parameters trade; None where they make none. leaves: at the opposite cross."""
    if cross.fast is None or cross.slow is None or not 0 <= (min_atr or 0.0) < float("inf"):
        return None
    period = cross.atr_period or _USUAL_ATR_PERIOD
    try:
        return MaCrossover(cross.fast, cross.slow, period, cross.stop_atr, cross.target_atr, min_atr or 0.0, leaves)
    except InputError:
        return None
