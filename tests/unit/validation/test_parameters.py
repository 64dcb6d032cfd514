"""What parameters give away."""

from dataclasses import replace

import pytest

from tradeworthy.core.verdict import RiskLevel
from tradeworthy.settings.books import book_from
from tradeworthy.settings.loading import from_text
from tradeworthy.settings.shipped import template
from tradeworthy.validation.parameters import (
    CrossParameters,
    few_trades,
    overall_risk,
    parameter_findings,
    strategy_risk,
    unstable,
)

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
        ({"spread": 0.004}, "stop_near_spread", RiskLevel.HIGH),
        ({"slow": 10}, "never_crosses", RiskLevel.HIGH),
        ({"stop_atr": 0.99, "target_atr": 2.0}, "stop_in_noise", RiskLevel.MEDIUM),
        ({"stop_atr": 0.49, "spread": None}, "stop_in_noise", RiskLevel.HIGH),
        ({"stop_atr": 3.1, "target_atr": 6.0}, "stop_wide", RiskLevel.MEDIUM),
        ({"stop_atr": 6.1, "target_atr": 12.0}, "stop_wide", RiskLevel.HIGH),
        ({"min_candles": 60}, "short_history", RiskLevel.MEDIUM),
        ({"min_candles": 200, "bars": 150}, "short_history", RiskLevel.MEDIUM),
        ({"bars": 61}, "short_history", RiskLevel.HIGH),
        ({"target_atr": None, "reward_risk": 1.4}, "reward_risk", RiskLevel.HIGH),
    ],
)
def test_a_broken_rule_is_named_with_its_level(changes: dict[str, float], rule: str, level: RiskLevel) -> None:
    assert rules(**changes) == [(rule, level)]


@pytest.mark.parametrize(
    "changes",
    [
        {"stop_atr": 1.0, "target_atr": 2.0}, {"stop_atr": 3.0, "target_atr": 6.0}, {"min_candles": 61, "bars": 62},
        {"fast": None}, {"slow": None, "fast": None}, {"stop_atr": None, "other_stop": None},
        {"stop_atr": None, "other_stop": True}, {"target_atr": None},
    ],
)  # fmt: skip
def test_at_its_bound_or_without_what_it_looks_at_no_rule_is_broken(changes: dict[str, float | None]) -> None:
    assert rules(**changes) == []


def test_a_stop_inside_the_spread_says_so() -> None:
    found = parameter_findings(replace(SOUND, spread=0.004))
    assert [one.message for one in found] == [
        "the usual stop is 0.8 spreads away, inside the spread: a trade is stopped as it is opened"
    ]


def test_too_few_trades_and_lonely_peaks_are_told_with_their_numbers() -> None:
    rare = few_trades(22, 9.2, 3)
    assert rare is not None
    assert rare.message.startswith("22 crossings in 9.2 years traded, 0.6 expected in 3 months")
    assert few_trades(40, 10.0, 3) is None  # exactly one
    lonely = unstable(0.2, 0.05, -0.1, 26)
    assert lonely is not None
    assert (
        lonely.message
        == "unstable: it earned +0.20 R a trade, and the median of 26 sets one step away earned \N{MINUS SIGN}0.10 R"
    )
    assert unstable(0.2, 0.05, 0.1, 26) is None  # half of it is left
    assert unstable(0.2, 0.3, 0.0, 26) is None  # within its own error
    assert unstable(-0.1, 0.01, -0.5, 26) is None  # nothing to lose


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
            one.cross.fast, one.cross.slow, one.cross.stop_atr, one.cross.target_atr, one.min_reward_risk)))
    }  # fmt: skip
    high = {name: what for name, what in found.items() if what}
    assert high == {
        "AUD_USD_H4": ["reward_risk"], "GBP_JPY_D": ["inverted_cross"], "USD_CAD_H4": ["inverted_cross"]
    }  # fmt: skip
