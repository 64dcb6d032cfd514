"""What parameters give away."""

from dataclasses import replace

import pytest

from tradeworthy.core.verdict import RiskLevel
from tradeworthy.settings.books import book_from
from tradeworthy.settings.loading import from_text
from tradeworthy.settings.shipped import template
from tradeworthy.validation.parameters import CrossParameters, overall_risk, parameter_findings, strategy_risk

SOUND = CrossParameters(10, 60, 1.5, 2.25, 1.5, spread=0.0001, typical_atr=0.002)


def rules(**changes: float | None) -> list[tuple[str, RiskLevel]]:
    """The rules that sound parameters break after some changes."""
    return [(one.rule, one.level) for one in parameter_findings(replace(SOUND, **changes))]  # type: ignore[arg-type]


def test_sound_parameters_have_no_finding() -> None:
    assert rules() == []
    assert strategy_risk([]) is RiskLevel.LOW


@pytest.mark.parametrize(
    ("changes", "rule", "level"),
    [
        ({"target_atr": 2.0}, "reward_risk", RiskLevel.HIGH),
        ({"fast": 160, "slow": 20}, "inverted_cross", RiskLevel.HIGH),
        ({"fast": 45}, "averages_near", RiskLevel.MEDIUM),
        ({"stop_atr": None}, "no_stop", RiskLevel.HIGH),
        ({"spread": 0.0005}, "stop_near_spread", RiskLevel.MEDIUM),
        ({"spread": 0.002}, "stop_near_spread", RiskLevel.HIGH),
    ],
)
def test_a_broken_rule_is_named_with_its_level(changes: dict[str, float], rule: str, level: RiskLevel) -> None:
    assert rules(**changes) == [(rule, level)]


def test_a_ratio_exactly_at_its_minimum_is_no_finding() -> None:
    assert rules(target_atr=2.25) == []


def test_a_spread_or_range_that_is_not_known_is_not_judged() -> None:
    assert rules(spread=None) == []
    assert rules(typical_atr=None) == []


@pytest.mark.parametrize(
    ("high", "of", "level"),
    [(0, 10, RiskLevel.LOW), (1, 10, RiskLevel.LOW), (2, 10, RiskLevel.MEDIUM), (3, 10, RiskLevel.MEDIUM),
     (4, 10, RiskLevel.HIGH), (0, 0, RiskLevel.LOW)],
)  # fmt: skip
def test_overall_risk_needs_more_than_ten_and_more_than_thirty_percent(high: int, of: int, level: RiskLevel) -> None:
    assert overall_risk([RiskLevel.HIGH] * high + [RiskLevel.LOW] * (of - high)) is level


def test_the_three_hidden_faults_of_the_book_of_sixteen_are_found() -> None:
    book = book_from(from_text(template("fx-16"), "fx-16", {}))
    found = {
        one.name: [finding.rule for finding in findings if finding.level is RiskLevel.HIGH]
        for one in book.strategies
        if (findings := parameter_findings(CrossParameters(
            one.rules.fast, one.rules.slow, one.rules.stop_atr, one.rules.target_atr, one.min_reward_risk)))
    }  # fmt: skip
    high = {name: what for name, what in found.items() if what}
    assert high == {
        "AUD_USD_H4": ["reward_risk"], "GBP_JPY_D": ["inverted_cross"], "USD_CAD_H4": ["inverted_cross"]
    }  # fmt: skip
