"""Which parameter a name means, in the many spellings of other people's programs; docs/parameters.md has the table."""

import itertools
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from tradeworthy.core.bar import Timeframe
from tradeworthy.core.errors import InputError
from tradeworthy.core.instrument import CURRENCIES, instrument_named


class Role(StrEnum):
    """What the risk rules know a parameter as. Periods in bars; `*_atr` multiples of ATR; stop, target in any one unit."""

    FAST = "fast"
    SLOW = "slow"
    STOP_ATR = "stop_atr"
    TARGET_ATR = "target_atr"
    STOP = "stop"
    TARGET = "target"
    REWARD_RISK = "reward_risk"
    MIN_REWARD_RISK = "min_reward_risk"
    MIN_ATR = "min_atr"
    ATR_PERIOD = "atr_period"
    MIN_CANDLES = "min_candles"
    INSTRUMENT = "instrument"
    TIMEFRAME = "timeframe"


_KIND = "(?:moving_?average|sma|ema|wma|ma|average|avg)"
_UNIT = "(?:time_?period|periods?|length|len|window|span|bars|lookback|n)"
_STOP, _TARGET = "(?:stop_?loss|stop|sl)", "(?:take_?profit|profit_?target|target|profit|tp)"
_TIMES = "(?:multiplier|multiple|mult|factor|multi|k|x)"
_RATIO = "(?:reward_?to_?risk|risk_?to_?reward|reward_?risk|risk_?reward|rrr?)(?:_?ratio)?"
_MEASURE = "(?:_?(pips?|points?|ticks?|pct|percent|percentage|money|amount|usd))?"
_CANDLES = "(?:candles|bars|history|data_?points)"


def _average(side: str, *, bare: bool) -> str:
    """`fast_ma_period`, `ma_fast`, `sma_period_fast`, `period_fast`; the word alone only where it can mean nothing else."""
    both = f"{_KIND}_?(?:{_UNIT}_?)?{side}(?:_?{_UNIT})?|{side}_?{_KIND}(?:_?{_UNIT})?|{side}_?{_UNIT}|{_UNIT}_?{side}"
    return f"{both}|{side}" if bare else both


def _multiple(side: str) -> str:
    return (
        f"{side}_?(?:x_?)?atr(?:_?{_TIMES})?|atr_?{side}(?:_?{_TIMES})?|{side}_?{_TIMES}(?:_?atr)?|atr_?{_TIMES}_?{side}|"
        f"{_TIMES}_?atr_?{side}"
    )


_SPELLINGS: tuple[tuple[Role, str], ...] = (
    (Role.FAST, f"{_average('fast', bare=True)}|{_average('short', bare=False)}|n1"),
    (Role.SLOW, f"{_average('slow', bare=True)}|{_average('long', bare=False)}|n2"),
    (Role.STOP_ATR, f"{_multiple(_STOP)}|atr_?{_TIMES}|{_TIMES}_?atr"),
    (Role.TARGET_ATR, _multiple(_TARGET)),
    (Role.MIN_REWARD_RISK, f"(?:min|minimum)_?{_RATIO}|{_RATIO}_?(?:min|minimum)"),
    (Role.REWARD_RISK, _RATIO),
    (Role.STOP, f"{_STOP}{_MEASURE}"),
    (Role.TARGET, f"{_TARGET}{_MEASURE}"),
    (Role.MIN_ATR, "(?:min|minimum)_?atr(?:_?value|_?threshold)?|atr_?(?:min|minimum|threshold)"),
    (Role.ATR_PERIOD, f"atr(?:_?{_UNIT})?|{_UNIT}_?atr"),
    (
        Role.MIN_CANDLES,
        f"(?:min|minimum|required|startup)_?{_CANDLES}(?:_?required)?|startup_?candle_?count|{_CANDLES}",
    ),
    (Role.INSTRUMENT, "instrument|symbol|pair|ticker|market|currency_?pair"),
    (Role.TIMEFRAME, "timeframe|time_?frame|granularity|tf|interval"),
)
_PREFIX = re.compile(r"^(?:inp|input|ext|param|default|my|strategy)_+")
SAYS_STRATEGY = frozenset(
    {Role.FAST, Role.SLOW, Role.STOP_ATR, Role.TARGET_ATR, Role.STOP, Role.TARGET, Role.REWARD_RISK, Role.MIN_REWARD_RISK,
     Role.MIN_ATR}
)  # fmt: skip
"""Roles that make a class or a dictionary a strategy; an indicator may have a period of ATR too."""
_MOST_ATR = 20.0
"""A stop named plainly `sl` is a multiple of ATR only up to here, where the strategy has an ATR at all."""


def role_of(name: str) -> Role | None:
    """What a name means: `fast`, `FastMA`, `InpSlowPeriod`, `risk.stop_loss_atr`; None for a name that means nothing here."""
    for spelled in (snake(name), snake(name.rpartition(".")[2])):
        found = next((role for role, one in _SPELLINGS if re.fullmatch(one, spelled)), None)
        if found is not None:
            return found
    return None


def snake(name: str) -> str:
    """`fast_ma_period` of `InpFastMAPeriod`."""
    words = re.sub(r"([A-Z]+)([A-Z][a-z])", r"\1_\2", name)
    words = re.sub(r"([a-z0-9])([A-Z])", r"\1_\2", words)
    return _PREFIX.sub("", re.sub(r"[^a-z0-9]+", "_", words.lower()).strip("_"))


def unit_of(name: str) -> str:
    """The unit that a stop or target is said to be in: `pips` of `sl_pips`, empty where the name says none."""
    found = re.search(_MEASURE + "$", snake(name))
    return "" if found is None else (found[1] or "").rstrip("s")


@dataclass(frozen=True, slots=True)
class Meant:
    """What a strategy's parameters mean: by role the user's own name and value; `unclear`: sentences about the rest."""

    names: Mapping[Role, str]
    values: Mapping[Role, Any]
    unclear: tuple[str, ...]

    def number(self, role: Role) -> float | None:
        """The value where it is a number."""
        value = self.values.get(role)
        return None if isinstance(value, bool) or not isinstance(value, int | float) else value


def meant(parameters: Mapping[str, Any]) -> Meant:
    """What the names of a strategy's parameters mean. Two names for one thing are used only where they agree."""
    found: dict[Role, list[str]] = {}
    for name in parameters:
        role = role_of(name)
        if role is not None:
            found.setdefault(role, []).append(name)
    _as_multiples(found, parameters)
    unclear: list[str] = []
    names: dict[Role, str] = {}
    for role, several in found.items():
        values = [parameters[name] for name in several]
        if any(value != values[0] for value in values[1:]):
            said = " and ".join(f"{name} = {parameters[name]}" for name in several)
            unclear.append(f"{said} could each be its {role}, so no rule about that was run")
        else:
            names[role] = several[0]
    return Meant(names, {role: parameters[name] for role, name in names.items()}, tuple(unclear))


def _as_multiples(found: dict[Role, list[str]], parameters: Mapping[str, Any]) -> None:
    """`sl` and `tp` without a unit are multiples of ATR where there is an ATR and the numbers are of that size."""
    if not {Role.ATR_PERIOD, Role.MIN_ATR} & set(found):
        return
    for role, multiple in ((Role.STOP, Role.STOP_ATR), (Role.TARGET, Role.TARGET_ATR)):
        plain = [name for name in found.get(role, []) if not unit_of(name)]
        sized = [parameters[name] for name in plain]
        if multiple not in found and plain and all(_is_multiple(value) for value in sized):
            found[multiple] = plain
            found[role] = [name for name in found[role] if name not in plain]
            if not found[role]:
                del found[role]


def _is_multiple(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 < value <= _MOST_ATR


def market_of(name: str, parameters: Meant) -> tuple[str | None, Timeframe | None]:
    """Instrument and timeframe, by the strategy's parameters, else by its name: `MA_EUR_USD_H4`, `EurUsdDaily`."""
    words = snake(name).upper().split("_")
    given, frame = parameters.values.get(Role.INSTRUMENT), parameters.values.get(Role.TIMEFRAME)
    return _instrument(given) or _pair(words), _timeframe([frame]) or _timeframe(words)


def _instrument(given: object) -> str | None:
    try:
        return instrument_named(given).symbol if isinstance(given, str) and given.strip() else None
    except InputError:
        return None


def _pair(words: list[str]) -> str | None:
    joined = [(word[:3], word[3:]) for word in words if len(word) == 6]
    several = [*itertools.pairwise(words), *joined]
    return next((f"{a}_{b}" for a, b in several if a in CURRENCIES and b in CURRENCIES and a != b), None)


def _timeframe(words: Iterable[object]) -> Timeframe | None:
    for word in words:
        if isinstance(word, str) and word:
            try:
                return Timeframe.parse(word)
            except InputError:
                continue
    return None
