"""From numbers to words."""

from dataclasses import replace

import pytest

from support.samples import history, r_of
from tradeworthy.core.verdict import Advice, BookVerdict, RiskLevel, StrategyVerdict
from tradeworthy.validation.comparison import Comparison, compare
from tradeworthy.validation.intervals import Interval
from tradeworthy.validation.judgement import judge_book, judge_strategies, percent, span_of
from tradeworthy.validation.pooling import Pool, pool


@pytest.fixture(scope="module")
def middling() -> Pool:
    """A pool from which each test changes what it is about."""
    sample, window = history("a", r_of(300, 0.05, 1), r_of(30, 0.05, 2))
    found = pool([sample], window, level=0.05, paths=1_000, seed=0)
    assert found is not None
    return replace(found, probability=0.8, mean_r=0.05, p_lower=0.4, weeks_to_decide=80.0)


@pytest.fixture(scope="module")
def unremarkable() -> Comparison:
    """A comparison from which each test changes what it is about."""
    return compare(r_of(400, 0.3, 1), r_of(20, 0.3, 2), name="x", tests=1, paths=1_000)


def judged(one: Comparison, *others: Comparison) -> StrategyVerdict:
    """The verdict of the first of several strategies."""
    comparisons = {str(i): comparison for i, comparison in enumerate((one, *others))}
    return judge_strategies(comparisons, dict.fromkeys(comparisons, 1.0))["0"].verdict


@pytest.mark.parametrize(
    ("p_lower", "p_upper", "power", "verdict"),
    [
        (0.05, 0.95, 0.1, StrategyVerdict.DEGRADED),
        (0.0501, 0.95, 0.9, StrategyVerdict.HOLDS),
        (0.95, 0.05, 0.9, StrategyVerdict.IMPROVED),
        (0.5, 0.5, 0.8, StrategyVerdict.HOLDS),
        (0.5, 0.5, 0.79, StrategyVerdict.INSUFFICIENT_DATA),
    ],
)
def test_verdicts_of_a_strategy_come_in_their_order(
    unremarkable: Comparison, p_lower: float, p_upper: float, power: float, verdict: StrategyVerdict
) -> None:
    assert judged(replace(unremarkable, p_lower=p_lower, p_upper=p_upper, power=power)) is verdict


def test_looking_at_more_strategies_asks_for_more_evidence(unremarkable: Comparison) -> None:
    low = replace(unremarkable, p_lower=0.03, power=0.9)
    assert judged(low) is StrategyVerdict.DEGRADED
    assert judged(low, unremarkable) is StrategyVerdict.HOLDS


def test_insufficient_data_says_how_much_would_do(unremarkable: Comparison) -> None:
    short = replace(unremarkable, p_lower=0.5, p_upper=0.5, power=0.2, trades_needed=120)
    reason = judge_strategies({"x": short}, {"x": 2.0})["x"].reason
    assert f"about 120 would show one of {short.edge_r:.2f} R, about 60 weeks of them" in reason


def test_insufficient_data_says_when_no_amount_would_do(unremarkable: Comparison) -> None:
    never = replace(unremarkable, p_lower=0.5, p_upper=0.5, power=0.2, trades_needed=None)
    assert "no number would do" in judge_strategies({"x": never}, {"x": 2.0})["x"].reason


HELD = [StrategyVerdict.HOLDS] * 10


@pytest.mark.parametrize(
    ("probability", "verdict", "advice"),
    [
        (0.499, BookVerdict.NOT_FIT, Advice.STOP),
        (0.5, BookVerdict.COULD_NOT_TELL, Advice.HALVE),
        (0.949, BookVerdict.COULD_NOT_TELL, Advice.HALVE),
        (0.95, BookVerdict.FIT, Advice.CONTINUE),
    ],
)
def test_the_chance_of_earning_anything_decides(
    middling: Pool, probability: float, verdict: BookVerdict, advice: Advice
) -> None:
    found = judge_book(HELD, replace(middling, probability=probability), RiskLevel.LOW, 10_000)
    assert (found.verdict, found.advice) == (verdict, advice)


def test_a_degraded_pool_is_not_fit_whatever_it_has_earned(middling: Pool) -> None:
    found = judge_book(HELD, replace(middling, probability=0.99, p_lower=0.05), RiskLevel.LOW, 10_000)
    assert found.verdict is BookVerdict.NOT_FIT


def test_over_thirty_percent_of_degraded_strategies_are_not_fit(middling: Pool) -> None:
    good = replace(middling, probability=0.99)
    three = [StrategyVerdict.DEGRADED] * 3 + [StrategyVerdict.HOLDS] * 7
    assert judge_book(three, good, RiskLevel.LOW, 10_000).verdict is BookVerdict.FIT
    out = [*three[:9], StrategyVerdict.OUT_OF_DATE]
    found = judge_book(out, good, RiskLevel.LOW, 10_000)
    assert found.verdict is BookVerdict.NOT_FIT
    assert found.reasons == ("3 of 9 strategies have degraded",)


def test_parameters_of_high_risk_are_not_fit(middling: Pool) -> None:
    good = replace(middling, probability=0.99)
    assert judge_book(HELD, good, RiskLevel.HIGH, 10_000).verdict is BookVerdict.NOT_FIT
    assert judge_book(HELD, good, RiskLevel.MEDIUM, 10_000).verdict is BookVerdict.FIT
    assert judge_book(HELD, good, None, 10_000).verdict is BookVerdict.FIT


def test_every_reason_is_named_and_not_only_the_first(middling: Pool) -> None:
    bad = replace(middling, probability=0.1, p_lower=0.01)
    assert len(judge_book([StrategyVerdict.DEGRADED], bad, RiskLevel.HIGH, 10_000).reasons) == 4


def test_no_pool_could_not_tell_and_says_what_is_missing() -> None:
    few = judge_book([StrategyVerdict.INSUFFICIENT_DATA], None, None, 10_000)
    late = judge_book([StrategyVerdict.OUT_OF_DATE], None, None, 10_000)
    assert few.verdict is late.verdict is BookVerdict.COULD_NOT_TELL
    assert "too few closed trades" in few.reasons[0]
    assert "no strategy's data reach into the window" in late.reasons[0]


def test_long_waits_are_said_in_years() -> None:
    assert span_of(60.4) == "60 weeks"
    assert span_of(1_689) == "32 years"


def test_what_decides_is_said_with_its_time(middling: Pool) -> None:
    assert "about 80 weeks more" in judge_book(HELD, middling, None, 10_000).what_decides
    slow = replace(middling, weeks_to_decide=52.18 * 51)
    assert "over 50 years" in judge_book(HELD, slow, None, 10_000).what_decides
    never = replace(middling, weeks_to_decide=None, interval=Interval(-1, 0))
    assert "Waiting will not decide it" in judge_book(HELD, never, None, 10_000).what_decides


def test_no_simulated_chance_is_called_certain() -> None:
    assert percent(0.0, 10_000) == "under 0.01%"
    assert percent(1.0, 1_000) == "over 99.90%"
    assert percent(0.5, 1_000) == "50.0%"


def test_beside_the_p_values_that_decide_stand_those_of_false_discoveries(unremarkable: Comparison) -> None:
    some = {str(p): replace(unremarkable, p_lower=p) for p in (0.01, 0.02, 0.04, 0.9)}
    judged = judge_strategies(some, dict.fromkeys(some, 1.0))
    assert [judged[name].p_lower_adjusted for name in some] == pytest.approx([0.04, 0.06, 0.08, 0.9])
    assert [judged[name].p_lower_discovery for name in some] == pytest.approx([0.04, 0.04, 0.16 / 3, 0.9])
