"""Rules of thumb for sizes, said of parameters alone, and for a whole portfolio of them."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from tradeworthy.core.errors import InputError
from tradeworthy.core.instrument import CURRENCIES
from tradeworthy.strategies.parameter_names import Role, market_of, meant, snake

ATR_MULTIPLIER, RISK_PER_TRADE = 2.0, 0.02
WIDEST_ATR, NEAREST_ATR = 3.0, 1.0
MOST_RISK, LEAST_RISK = 0.05, 0.005
_RISK = re.compile(r"(?:max(?:imum)?_)?(?:account_)?risk(?:_per_trade|_fraction|_share)?(?P<unit>_pct|_percent|_percentage)?"
                   r"(?:_per_trade)?")  # fmt: skip


class SizingWord(StrEnum):
    """What a check of sizes says."""

    ACCEPTABLE = "ACCEPTABLE"
    HIGH_RISK = "HIGH_RISK"
    LOW_RETURN = "LOW_RETURN"
    NOT_RUN = "NOT RUN"


_WORST_FIRST = (SizingWord.HIGH_RISK, SizingWord.LOW_RETURN, SizingWord.ACCEPTABLE, SizingWord.NOT_RUN)


@dataclass(frozen=True, slots=True)
class Sizes:
    """Of one strategy: stop in multiples of ATR (None where it places stops by something else), share of equity lost at it,
    and what it trades, empty if not said."""

    name: str
    atr_multiplier: float | None
    risk: float
    currencies: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SizingFinding:
    """A word, the sentence behind it, empty where nothing is to be said, and the number with the limit that it passed."""

    word: SizingWord
    sentence: str = ""
    number: float | None = None
    limit: float | None = None


@dataclass(frozen=True, slots=True)
class SizingVerdict:
    """Words for stop and risk together, for risk alone, and for what strategies share; and what was found."""

    position_sizing_safety: SizingWord
    leverage_risk: SizingWord
    correlation_exposure: SizingWord
    findings: tuple[SizingFinding, ...]

    @property
    def recommendations(self) -> tuple[str, ...]:
        """The sentences of the findings."""
        return tuple(one.sentence for one in self.findings)

    def to_dict(self) -> dict[str, Any]:
        """As plain data."""
        return {
            "position_sizing_safety": str(self.position_sizing_safety),
            "leverage_risk": str(self.leverage_risk),
            "correlation_exposure": str(self.correlation_exposure),
            "recommendations": list(self.recommendations),
        }


def sizes_of(name: str, parameters: Mapping[str, Any]) -> Sizes:
    """What one strategy's parameters say of its sizes; 2 ATR and 2% where they say nothing.

    Raises InputError for a multiple or share that none can be.
    """
    known = meant(parameters)
    multiple = known.number(Role.STOP_ATR)
    said = known.values.get(Role.STOP_ATR)
    if said is not None and (multiple is None or not 0 < multiple < float("inf")):
        raise InputError(f"{name}: {known.names[Role.STOP_ATR]} must be a number above zero, not {said!r}")
    symbol, _ = market_of(name, known)
    parts = () if symbol is None else tuple(part for part in symbol.split("_") if part in CURRENCIES) or (symbol,)
    return Sizes(name, ATR_MULTIPLIER if multiple is None else float(multiple), risk_of(name, parameters), parts)


def risk_of(name: str, parameters: Mapping[str, Any]) -> float:
    """Share of equity that a strategy risks per trade, 2% unless said."""
    said = stated_risk(name, parameters)
    return RISK_PER_TRADE if said is None else said


def stated_risk(name: str, parameters: Mapping[str, Any]) -> float | None:
    """Share of equity that parameters say is risked per trade. A name that ends in percent counts in percent.

    Raises InputError for a share that none can be.
    """
    for key, value in parameters.items():
        found = _RISK.fullmatch(snake(key.rpartition(".")[2]))
        if found is None:
            continue
        number = value if isinstance(value, int | float) and not isinstance(value, bool) else float("nan")
        share = number / 100.0 if found["unit"] else float(number)
        if not 0.0 < share < 1.0:
            raise InputError(f"{name}: {key} is a share of equity, above 0 and below 1 (0.02 is 2%), not {value!r}")
        return share
    return None


def sizing_verdict(book: Sequence[Sizes]) -> SizingVerdict:
    """The rules over one strategy or several."""
    stops, risks, shared = [_of_stop(one) for one in book], [_of_risk(one) for one in book], _shared(book)
    said = [one for one in (*stops, *risks, shared) if one.sentence]
    return SizingVerdict(_worst([*stops, *risks]), _worst(risks), shared.word, tuple(dict.fromkeys(said)))


def _worst(found: Sequence[SizingFinding]) -> SizingWord:
    words = {one.word for one in found}
    return next(word for word in _WORST_FIRST if word in words)


def _of_stop(one: Sizes) -> SizingFinding:
    multiple = one.atr_multiplier
    if multiple is None:
        said = f"{one.name}: its stops are no multiple of ATR, so their distance was not held to that rule"
        return SizingFinding(SizingWord.NOT_RUN, said)
    if multiple > WIDEST_ATR:
        return SizingFinding(
            SizingWord.HIGH_RISK,
            f"{one.name}: a stop of {multiple:g} ATR stands far outside of the market's usual range; bring it to "
            f"{WIDEST_ATR:g} ATR or less, or the few losses there are will be large moves",
            multiple, WIDEST_ATR,
        )  # fmt: skip
    if multiple < NEAREST_ATR:
        return SizingFinding(
            SizingWord.HIGH_RISK,
            f"{one.name}: a stop of {multiple:g} ATR stands within one bar's usual range and is hit by noise, with "
            f"a large position; give it {NEAREST_ATR:g} ATR or more",
            multiple, NEAREST_ATR,
        )  # fmt: skip
    return SizingFinding(SizingWord.ACCEPTABLE)


def _of_risk(one: Sizes) -> SizingFinding:
    if one.risk > MOST_RISK:
        return SizingFinding(
            SizingWord.HIGH_RISK,
            f"{one.name}: {100 * one.risk:g}% of equity per trade; five losses in a row take {_streak(one.risk, 5)}%: risk "
            f"{100 * MOST_RISK:g}% or less",
            one.risk, MOST_RISK,
        )  # fmt: skip
    if one.risk < LEAST_RISK:
        return SizingFinding(
            SizingWord.LOW_RETURN,
            f"{one.name}: {100 * one.risk:g}% of equity per trade earns little even from a good edge; {100 * LEAST_RISK:g}% or "
            "more if the edge is proven",
            one.risk, LEAST_RISK,
        )  # fmt: skip
    return SizingFinding(SizingWord.ACCEPTABLE)


def _streak(risk: float, losses: int) -> str:
    return f"{100 * (1 - (1 - risk) ** losses):.0f}"


def _shared(book: Sequence[Sizes]) -> SizingFinding:
    """Several strategies in one currency can all lose on one move, and together are one trade of their sum."""
    if len(book) < 2:
        said = "correlation was not checked: name the other strategies that trade beside this one"
        return SizingFinding(SizingWord.NOT_RUN, said)
    without = [one.name for one in book if not one.currencies]
    if without:
        said = f"correlation was not checked: {without[0]} does not say what it trades; name its instrument"
        return SizingFinding(SizingWord.NOT_RUN, said)
    totals: dict[str, float] = {}
    counts: dict[str, int] = {}
    for one in book:
        for currency in one.currencies:
            totals[currency] = totals.get(currency, 0.0) + one.risk
            counts[currency] = counts.get(currency, 0) + 1
    most = max(totals, key=lambda name: totals[name])
    if counts[most] > 1 and totals[most] > MOST_RISK:
        return SizingFinding(
            SizingWord.HIGH_RISK,
            f"{counts[most]} strategies trade {most}: if all stand on one side of it, one move loses {100 * totals[most]:.3g}% "
            f"of equity; cap what is open in one currency at {100 * MOST_RISK:g}%",
            totals[most], MOST_RISK,
        )  # fmt: skip
    said = f"at most {100 * totals[most]:.3g}% of equity is at risk in one currency ({most})"
    return SizingFinding(SizingWord.ACCEPTABLE, said, totals[most], MOST_RISK)
