"""Judge the parameters of a book, with bars where there are any."""

from collections.abc import Mapping
from dataclasses import replace

from tradeworthy.appraisal.parameter_advice import advice, book_advice
from tradeworthy.appraisal.parameter_history import Market, history_facts
from tradeworthy.appraisal.parameter_meaning import Understood, rules_of, understood
from tradeworthy.appraisal.parameter_record import (
    HistoryFacts,
    NeighbourFacts,
    NotRun,
    ParameterAppraisal,
    RiskChange,
    StrategyRisk,
    level_word,
)
from tradeworthy.core.errors import InputError
from tradeworthy.core.instrument import instrument_named
from tradeworthy.core.verdict import RiskLevel
from tradeworthy.strategies.ma_cross import MaCrossover
from tradeworthy.strategies.parameter_names import Meant, Role, market_of, meant
from tradeworthy.strategies.source_parameters import Value
from tradeworthy.validation.parameter_changes import strategy_changes
from tradeworthy.validation.parameter_outliers import SMALLEST_GROUP, outlier_finding, outliers
from tradeworthy.validation.parameters import (
    ParameterFinding,
    few_trades,
    overall_risk,
    parameter_findings,
    strategy_risk,
    unstable,
)

Book = Mapping[str, Mapping[str, Value]]

MONTHS = 3
_COMPARED = (
    Role.FAST, Role.SLOW, Role.STOP_ATR, Role.TARGET_ATR, Role.ATR_PERIOD, Role.MIN_REWARD_RISK, Role.REWARD_RISK,
    Role.MIN_ATR, Role.MIN_CANDLES,
)  # fmt: skip
_ORDER = {RiskLevel.HIGH: 0, RiskLevel.MEDIUM: 1, RiskLevel.LOW: 2}
_NO_BARS = Market(None, "no bars were named")


def appraise_parameters(
    book: Book,
    *,
    markets: Mapping[str, Market] | None = None,
    neighbours: Mapping[str, NeighbourFacts | str] | None = None,
    sources: Mapping[str, str] | None = None,
    months: int = MONTHS,
) -> ParameterAppraisal:
    """Findings, level and what to do, for every strategy and for the book.

    book: {strategy: {parameter: value}}, under any names. markets, neighbours: by strategy what its bars and the sets
    around it say, or why they say nothing; rules that need them are NOT RUN without. months: of a window.
    """
    known = {name: meant(parameters) for name, parameters in book.items()}
    apart, alone = _apart(known)
    found: list[StrategyRisk] = []
    advised: list[tuple[int, str]] = []
    for name, parameters in known.items():
        market = (markets or {}).get(name, _NO_BARS)
        near = (neighbours or {}).get(name, "no bars were named")
        one = understood(parameters)
        history = _with_bars(one, _rules(one, parameters, book[name]), market, months)
        findings = [
            *one.findings,
            *parameter_findings(one.cross),
            *_of_bars(history, near),
            *apart.get(name, {}).values(),
        ]
        _not_run(one, market, history, near, alone.get(name))
        level = strategy_risk(findings) if one.judged else None
        instrument, timeframe = market_of(name, parameters)
        told = tuple(advice(finding.rule, parameters, one.cross) for finding in findings)
        found.append(StrategyRisk(
            name, (sources or {}).get(name, ""), instrument or "", str(timeframe or ""), dict(book[name]),
            {str(role): word for role, word in parameters.names.items()}, level, tuple(findings), told, tuple(one.not_run),
            tuple(apart.get(name, {})), history, near if isinstance(near, NeighbourFacts) else None,
        ))  # fmt: skip
        for finding, what in zip(findings, told, strict=True):
            advised.append((_ORDER[finding.level], f"{finding.level}: {name}: {what} ({finding.message})"))
    levels = [one.level for one in found if one.level is not None]
    overall = overall_risk(levels) if levels else None
    first = book_advice(overall, levels.count(RiskLevel.HIGH), len(levels))
    ranked = [said for _, said in sorted(advised, key=lambda one: one[0])]
    return ParameterAppraisal(tuple(found), overall, (first, *ranked))


def tradeable(parameters: Mapping[str, Value]) -> MaCrossover | None:
    """The moving-average cross that these parameters trade; None where they make none."""
    known = meant(parameters)
    return _rules(understood(known), known, parameters)


def _rules(one: Understood, known: Meant, parameters: Mapping[str, Value]) -> MaCrossover | None:
    leaves = parameters.get("exit_on_opposite_cross", True) is not False
    return rules_of(one.cross, known.number(Role.MIN_ATR), leaves=leaves)


def _with_bars(one: Understood, rules: MaCrossover | None, market: Market, months: int) -> HistoryFacts | None:
    """What the bars say, put where the rules see it."""
    if market.bars is None or rules is None:
        return None
    history = history_facts(market.bars, rules, months, market.spread)
    one.cross = replace(one.cross, spread=market.spread, typical_atr=history.typical_atr, bars=history.bars)
    return history


def _of_bars(history: HistoryFacts | None, near: NeighbourFacts | str) -> list[ParameterFinding]:
    rare = None if history is None else few_trades(history.entries, history.years, history.months)
    lonely = None
    if isinstance(near, NeighbourFacts) and near.around is not None:
        lonely = unstable(near.own, near.error, near.around, near.sets)
    return [one for one in (rare, lonely) if one is not None]


def _not_run(
    one: Understood, market: Market, history: HistoryFacts | None, near: NeighbourFacts | str, alone: str | None
) -> None:
    """Say which rules had nothing to look at."""
    if history is None:
        why = market.why if market.bars is None else "they are not known as a moving-average cross"
        one.not_run.append(NotRun("history, trades a window, stop against spread, neighbours", why))
    else:
        if history.spread is None:
            one.not_run.append(NotRun("stop against spread", "no spread is known"))
        if isinstance(near, str):
            one.not_run.append(NotRun("neighbours", near))
    if alone is not None:
        one.not_run.append(NotRun("outliers", alone))


def _apart(known: Mapping[str, Meant]) -> tuple[dict[str, dict[str, ParameterFinding]], dict[str, str]]:
    """By strategy, findings about values that stand apart (by the user's name of the value), and why there are none."""
    groups: dict[str, list[str]] = {}
    for name, parameters in known.items():
        groups.setdefault(str(market_of(name, parameters)[1] or ""), []).append(name)
    found: dict[str, dict[str, ParameterFinding]] = {}
    alone: dict[str, str] = {}
    for timeframe, names in groups.items():
        for name in names if len(names) < SMALLEST_GROUP else ():
            of = f"on {timeframe}" if timeframe else "of no known timeframe"
            strategies = f"{len(names)} strateg{'y' if len(names) == 1 else 'ies'}"
            alone[name] = f"{strategies} {of}, and {SMALLEST_GROUP} are needed to compare"
        for role in _COMPARED:
            values = {name: value for name in names if (value := _comparable(role, name, known[name])) is not None}
            for name, one in outliers(values).items():
                own = known[name].names[role]
                unit = f"{own} in pips" if role is Role.MIN_ATR else own
                found.setdefault(name, {})[own] = outlier_finding(unit, one, timeframe)
    return found, alone


def _comparable(role: Role, name: str, parameters: Meant) -> float | None:
    """A number that means the same for every instrument: the least ATR in pips of those whose pip is known."""
    number = parameters.number(role)
    if role is not Role.MIN_ATR or number is None:
        return number
    symbol = market_of(name, parameters)[0]
    try:
        return None if symbol is None else round(number / float(instrument_named(symbol).pip), 9)
    except InputError:
        return None


def risk_changes(current: Book, baseline: Book) -> dict[str, RiskChange]:
    """What became of every strategy. Both levels are those of the present rules without bars, so that only parameters
    make them differ."""
    now, before = appraise_parameters(current), appraise_parameters(baseline)
    new = {one.name: level_word(one.level) for one in now.strategies}
    old = {one.name: level_word(one.level) for one in before.strategies}
    changes = strategy_changes(current, baseline)
    return {name: RiskChange(one, old.get(name), new.get(name)) for name, one in changes.items()}
