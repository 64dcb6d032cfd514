"""The words and figures of a risk assessment, alike in the terminal and on the page."""

import re

from tradeworthy.appraisal.loss_record import MaximumLoss, Ran
from tradeworthy.appraisal.risk_record import LossMeasure, PortfolioRisk, RiskRecord, method_word
from tradeworthy.reports.wording import NOTHING
from tradeworthy.risk.score_record import ScoreParts

MEASURES = ("Next day's loss", "Level", "VaR", "Mean beyond", "Exceeded", "p", "Light")
LEVELS = ("very_low", "low", "medium", "high", "extreme")
CASES = ("Cases, the worst first", "R", "Fall")
SHARES = ("Who carries the risk", "Share", "In stress", "Size for the cap")
_SIGN = "\N{MINUS SIGN}"


def percent(value: float | None, digits: int = 1) -> str:
    """`4.2%`, with a true minus sign; a dash for nothing."""
    return NOTHING if value is None else f"{100 * value:.{digits}f}%".replace("-", _SIGN)


def level(record: RiskRecord) -> str:
    """`VERY HIGH`."""
    return str(record.score.level).replace("_", " ")


def headline(record: RiskRecord) -> str:
    """`VERY HIGH risk  score 83`."""
    if record.score.score is None:
        return level(record)
    return f"{level(record)} risk   score {record.score.score:.0f} of 100"


def points(value: float) -> str:
    """`+3.1`."""
    return f"{value:+.1f}".replace("-", _SIGN)


def parts(one: ScoreParts) -> list[tuple[str, str]]:
    """What adds up to the score, and each strategy's own."""
    rows = [
        ("volatility of its days", points(one.volatility)),
        ("strategies that lose together", points(one.together)),
        ("days in a row", points(one.in_a_row)),
        ("drift", points(one.drift)),
        ("score", f"{one.score:.1f}"),
    ]
    rows += [(f"leaving out {name}", points(-own)) for name, own in one.strategies.items() if len(one.strategies) > 1]
    return rows


def method(one: LossMeasure) -> str:
    """`Student's t`."""
    return method_word(one.method)


def refused(record: RiskRecord) -> list[str]:
    """Why methods have a dash, a line for each reason."""
    found: dict[str, list[str]] = {}
    for one in record.measures:
        why = one.why_not.get("value_at_risk") or one.why_not.get("backtest")
        if why and (one.value_at_risk is None or one.exceptions is None):
            found.setdefault(why, []).append(method(one))
    return [f"{' and '.join(dict.fromkeys(names))}: {why}" for why, names in found.items()]


def not_run(record: RiskRecord) -> list[str]:
    """What was not looked at, a line for each reason."""
    found: dict[str, list[str]] = {}
    for name, why in record.not_run.items():
        found.setdefault(by_date(why), []).append(name)
    return [f"{', '.join(names)}: {why}" for why, names in found.items()]


def measures(record: RiskRecord) -> list[tuple[str, ...]]:
    """A row for each method and level."""
    return [
        (
            method(one), f"{100 * one.level:g}%", percent(one.value_at_risk, 2), percent(one.expected_shortfall, 2),
            NOTHING if one.exceptions is None else f"{one.exceptions} of {one.asked:,} ({one.expected:.0f})",
            NOTHING if one.p_frequency is None else f"{one.p_frequency:.3f}", one.zone or NOTHING,
        )
        for one in record.measures
    ]  # fmt: skip


def cases(record: RiskRecord) -> list[tuple[str, str, str]]:
    """The book as it was, under stress and in crises, the deepest fall first: what, R, and the fall; last, what was not run."""
    if record.loss is None:
        return []
    ran = [
        (
            case_name(one.case, one.kind),
            NOTHING if one.losses.total_r is None else f"{one.losses.total_r:+,.0f}".replace("-", _SIGN),
            percent(one.losses.max_drawdown_fraction),
        )
        for one in record.loss.worst_case_scenarios.cases
    ]  # fmt: skip
    if record.kind == "trades":  # without bars none of them can be run, and one line says so
        return ran
    return ran + [(case_name(name, kind), NOTHING, str(status)) for name, kind, status in cases_missing(record.loss)]


def case_name(name: str, kind: str) -> str:
    """`crisis: Brexit`; the history by its own name."""
    return name if kind == "history" else f"{kind}: {name}"


def cases_missing(loss: MaximumLoss) -> list[tuple[str, str, Ran]]:
    """Name, kind and why-word of every scenario and crisis that has no result."""
    found = [(name, "stress", one.status) for name, one in loss.stress_test_results.items()]
    found += [(name, "crisis", one.status) for name, one in loss.crisis_period_analysis.items()]
    return [one for one in found if one[2] is not Ran.RUN]


def cases_in_part(loss: MaximumLoss) -> list[str]:
    """Scenarios and crises that only some strategies went through, with who is missing and why."""
    ran = [(name, one.why) for name, one in loss.stress_test_results.items() if one.status is Ran.RUN]
    ran += [(name, one.why) for name, one in loss.crisis_period_analysis.items() if one.status is Ran.RUN]
    return [f"{name} is {by_date(why)}" for name, why in ran if why]


def by_date(text: str) -> str:
    """Its moments without their hours, which say nothing of windows of days."""
    return re.sub(r"(\d{4}-\d\d-\d\d)T\d\d:\d\d:\d\dZ", r"\1", text)


def shares(one: PortfolioRisk) -> list[tuple[str, str, str, str]]:
    """The largest first."""
    order = sorted(one.shares.items(), key=lambda item: -item[1].share)
    return [(name, percent(own.share, 0), percent(own.stressed, 0), percent(own.capped, 0)) for name, own in order]


def newest_bars(record: RiskRecord) -> str:
    """`2024-06-28`, the last day of any bars that volatility was told of; empty where there is none."""
    return max((study["volatility_regimes"]["last"][:10] for study in record.volatility.values()), default="")


def levels_now(record: RiskRecord) -> list[str]:
    """The strategies of each level, the quietest first; with the day where bars end before others do."""
    newest = newest_bars(record)
    found: dict[str, list[str]] = {}
    for name, study in record.volatility.items():
        last = study["volatility_regimes"]["last"][:10]
        found.setdefault(study["volatility_regimes"]["current"], []).append(
            name if last == newest else f"{name} ({last})"
        )
    return [f"{one.replace('_', ' ')}: {', '.join(found[one])}" for one in LEVELS if one in found]


def advice(record: RiskRecord) -> list[str]:
    """What an interval supports, by strategy."""
    return [
        f"{name}, {line.replace('very_', 'very ')}"
        for name, study in record.volatility.items()
        for line in study["recommendations"]
        if "not enough trades" not in line and "nothing to change" not in line
    ]
