"""What differs between a baseline and a later state of the same book, in words."""

from collections.abc import Mapping
from dataclasses import dataclass

from tradeworthy.appraisal.baseline import Baseline, BaselineStrategy, Value


@dataclass(frozen=True, slots=True)
class BaselineChange:
    """One thing that is not as it was. strategy: empty for what concerns all of them."""

    strategy: str
    what: str
    before: str
    now: str

    def __str__(self) -> str:
        whose = f"{self.strategy}: " if self.strategy else ""
        return f"{whose}{self.what} was {self.before} and is {self.now}"


def terms_changed(
    before: Baseline, fills: Mapping[str, object], spread_pips: Mapping[str, float]
) -> list[BaselineChange]:
    """Fill rules and spreads that are not the baseline's."""
    changed = _changed("", before.fills, fills, "fill rule ")
    return changed + _changed("", before.spread_pips, spread_pips, "spread in pips of ")


def rules_changed(
    before: BaselineStrategy, instrument: str, timeframe: str, rules: str, parameters: Mapping[str, Value]
) -> list[BaselineChange]:
    """What a strategy trades, and by which parameters, where that is not the baseline's."""
    was = {"instrument": before.instrument, "timeframe": before.timeframe, "rules": before.rules}
    now = {"instrument": instrument, "timeframe": timeframe, "rules": rules}
    return _changed(before.name, was, now) + _changed(before.name, before.parameters, parameters)


def data_changed(before: BaselineStrategy, sha256: str, count: int) -> list[BaselineChange]:
    """Whether the data up to the baseline's end are those that it was made from."""
    if before.data.sha256 == sha256:
        return []
    unit = before.data.unit
    was = f"{before.data.sha256[:12]} ({before.data.count:,} {unit})"
    what = f"the hash of its {unit} up to {before.data.last}"
    return [BaselineChange(before.name, what, was, f"{sha256[:12]} ({count:,} {unit})")]


def unit_changed(before: BaselineStrategy, unit_r: float | None) -> list[BaselineChange]:
    """Whether R was measured by stops then and by a stand-in now, or the other way round."""
    if (before.unit_r is None) == (unit_r is None):
        return []
    words = {True: "measured by stops", False: "a stand-in for want of stops"}
    return [BaselineChange(before.name, "R", words[before.unit_r is None], words[unit_r is None])]


def members_changed(before: Baseline, names: list[str]) -> list[BaselineChange]:
    """Strategies that only the baseline or only the present book has."""
    old = {one.name for one in before.strategies}
    gone = [BaselineChange(one.name, "the strategy", "in the baseline", "not in the book") for one in before.strategies
            if one.name not in names]  # fmt: skip
    return gone + [
        BaselineChange(name, "the strategy", "not in the baseline", "in the book") for name in names if name not in old
    ]


def between(before: Baseline, after: Baseline) -> list[BaselineChange]:
    """Everything about terms, members, rules and data that differs between two baselines."""
    found = terms_changed(before, after.fills, after.spread_pips)
    found += members_changed(before, [one.name for one in after.strategies])
    for one in after.strategies:
        was = before.strategy(one.name)
        if was is None:
            continue
        found += rules_changed(was, one.instrument, one.timeframe, one.rules, one.parameters)
        if one.data.last == was.data.last:
            found += data_changed(was, one.data.sha256, one.data.count)
    return found


def _changed(
    strategy: str, before: Mapping[str, object], now: Mapping[str, object], prefix: str = ""
) -> list[BaselineChange]:
    names = [*before, *(name for name in now if name not in before)]
    return [
        BaselineChange(strategy, prefix + name, _word(before, name), _word(now, name))
        for name in names
        if before.get(name, _ABSENT) != now.get(name, _ABSENT)
    ]


_ABSENT = object()


def _word(values: Mapping[str, object], name: str) -> str:
    value = values.get(name, "not set")
    return f"{value:g}" if isinstance(value, float) else str(value)
