"""What is said of the parameters of a book, in the terminal and on the page."""

from collections.abc import Iterable, Mapping, Sequence

from tradeworthy.appraisal.parameter_record import ParameterAppraisal, RiskChange, StrategyRisk, level_word
from tradeworthy.core.verdict import RiskLevel
from tradeworthy.reports.wording import NOTHING, signed_r
from tradeworthy.validation.parameter_changes import ChangeStatus, ChangeType

_TYPES = {
    ChangeType.ADDED: "was added",
    ChangeType.REMOVED: "was removed",
    ChangeType.INCREASED: "was raised",
    ChangeType.DECREASED: "was lowered",
    ChangeType.CHANGED: "was changed",
}
STATUS = {
    ChangeStatus.NEW_STRATEGY: "new",
    ChangeStatus.UNCHANGED: "unchanged",
    ChangeStatus.CHANGED: "changed",
    ChangeStatus.REMOVED: "removed",
}
_LEVELS = (RiskLevel.HIGH, RiskLevel.MEDIUM, RiskLevel.LOW)


def strategies(count: int) -> str:
    """`1 strategy`, `16 strategies`."""
    return f"{count:,} strateg{'y' if count == 1 else 'ies'}"


IN_PART = "* its averages, its stop or its reward/risk could not all be looked at; see what did not run."


def counts(appraisal: ParameterAppraisal) -> str:
    """`3 HIGH, 2 MEDIUM, 11 LOW`, and those that could not be judged."""
    words = [f"{len(some)} {level}" for level in _LEVELS if (some := appraisal.of(level))]
    return ", ".join([*words, *([f"{len(rest)} NOT RUN"] if (rest := appraisal.of(None)) else [])])


def lead(appraisal: ParameterAppraisal) -> str:
    """The answer in one sentence."""
    judged = len(appraisal.strategies) - len(appraisal.of(None))
    if appraisal.overall is None:
        return "None of its parameters could be judged, so nothing is known of their risk."
    share = len(appraisal.of(RiskLevel.HIGH)) / judged
    bound = {RiskLevel.HIGH: "over 30%", RiskLevel.MEDIUM: "over 10%", RiskLevel.LOW: "10% or less"}[appraisal.overall]
    return f"{len(appraisal.of(RiskLevel.HIGH))} of {strategies(judged)} have HIGH risk: {share:.0%}, which is {bound}."


def not_run(appraisal: ParameterAppraisal) -> list[str]:
    """Each reason once, with whom it concerns."""
    whom: dict[str, list[str]] = {}
    for one in appraisal.strategies:
        for skipped in one.not_run:
            whom.setdefault(str(skipped), []).append(one.name)
    return [f"{said(names, len(appraisal.strategies))}: {reason}" for reason, names in whom.items()]


def said(names: Sequence[str], of: int) -> str:
    """Up to three names, else how many."""
    if len(names) == of and of > 1:
        return f"all {strategies(of)}"
    return ", ".join(names) if len(names) <= 3 else f"{names[0]}, {names[1]} and {len(names) - 2} more"


def changed(changes: Mapping[str, RiskChange]) -> list[str]:
    """A sentence for each parameter that is not as it was, and for each strategy that came or went."""
    lines: list[str] = []
    for name, one in changes.items():
        risk = f"; risk {one.old_level} then, {one.new_level} now" if one.old_level != one.new_level else ""
        if one.change.status is ChangeStatus.NEW_STRATEGY:
            lines.append(f"{name} is new: {one.new_level} by its parameters alone")
        elif one.change.status is ChangeStatus.REMOVED:
            lines.append(f"{name} is gone; it was {one.old_level}")
        elif one.change.status is ChangeStatus.CHANGED:
            inner = [_parameter(key, its.old, its.new, its.change_type) for key, its in one.change.changes.items()]
            lines.append(f"{name}: {', '.join(inner)}{risk}")
    return lines


def _parameter(name: str, old: object, new: object, kind: ChangeType) -> str:
    values = {ChangeType.ADDED: f" ({new})", ChangeType.REMOVED: f" ({old})"}.get(kind, f" from {old} to {new}")
    return f"{name} {_TYPES[kind]}{values}"


def change_counts(changes: Mapping[str, RiskChange]) -> str:
    """`2 changed, 1 new, 13 unchanged`."""
    order = (ChangeStatus.CHANGED, ChangeStatus.NEW_STRATEGY, ChangeStatus.REMOVED, ChangeStatus.UNCHANGED)
    found = {status: sum(one.change.status is status for one in changes.values()) for status in order}
    return ", ".join(f"{count} {STATUS[status]}" for status, count in found.items() if count)


def around(one: StrategyRisk) -> str:
    """The median of the sets one step away, or that it is no worse."""
    near = one.neighbours
    return NOTHING if near is None else "no worse" if near.around is None else signed_r(near.around)


def level(one: StrategyRisk) -> str:
    """With an asterisk where some of it could not be looked at."""
    return level_word(one.level) + ("*" if one.in_part else "")


def sorted_by_risk(some: Iterable[StrategyRisk]) -> list[StrategyRisk]:
    """The riskiest first, else in the order of the book."""
    return sorted(some, key=lambda one: len(_LEVELS) if one.level is None else _LEVELS.index(one.level))
