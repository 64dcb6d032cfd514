"""What an assessment says and recommends, each sentence from numbers put in by hand."""

from dataclasses import replace

import numpy as np
import pytest

from tradeworthy.appraisal.loss_record import Recommendation, Urgency
from tradeworthy.appraisal.open_exposure import BookExposure, CurrencyExposure
from tradeworthy.appraisal.risk_record import LossMeasure, PortfolioRisk, RiskShare
from tradeworthy.appraisal.risk_summary import all_recommendations, executive_summary, score_sentences, smaller_sizes
from tradeworthy.appraisal.stop_costs import StopLosses
from tradeworthy.core.errors import NotEnoughData
from tradeworthy.risk.drawdown_scoring import drawdown_score
from tradeworthy.risk.score_record import DrawdownScore
from tradeworthy.risk.shares import Span

CALM = drawdown_score(np.random.default_rng(3).normal(0.0005, 0.004, 400), 0.2, 60, paths=200, resamples=40)
STOPS = StopLosses(40, 5, 1.3, 2.0, 4.25, "2024-01-02T00:00:00Z", 0.4, 12.0, 0, None)
MEASURE = LossMeasure("normal", 0.99, 0.02, 0.03, 1_000, 25, 10.0, 0.001)
DOLLAR = CurrencyExposure("USD", -4.0, "2024-01-02T00:00:00Z", 2.0, 0.06, "2024-03-04T00:00:00Z", 2)
EXPOSURE = BookExposure(1.0, 3.0, 4.0, "2024-01-02T00:00:00Z", 30.0, 0.13, 0.0, 2, 0.06, (DOLLAR,))
PORTFOLIO = PortfolioRisk(
    0.99, {}, 0.1, 0.03, 0.035, 0.04,
    {"a": RiskShare(0.01, 0.018, 0.6, 0.58, 0.45), "b": RiskShare(0.005, 0.012, 0.4, 0.42, 1.0)}, 0.5, 0.02, None, None, (),
)  # fmt: skip


def advised(
    score: DrawdownScore = CALM,
    measures: tuple[LossMeasure, ...] = (),
    stops: dict[str, StopLosses] | None = None,
    exposure: BookExposure | None = None,
    portfolio: PortfolioRisk | None = None,
) -> tuple[Recommendation, ...]:
    """What is recommended because of these alone."""
    return all_recommendations(score, 0.02, None, measures, None, stops or {}, exposure, portfolio, None)


def test_a_calm_book_is_told_to_do_nothing() -> None:
    assert CALM.score is not None
    assert CALM.score < 5
    assert advised() == ()


def test_strategies_together_lose_less_by_what_their_sum_has_more() -> None:
    said = executive_summary(CALM, None, (), PORTFOLIO)
    assert said[-1] == "Its 2 strategies together lose 25% less on a bad day than each alone, added up."


def test_a_bad_day_is_that_of_the_historical_method_at_one_in_a_hundred() -> None:
    rows = [
        LossMeasure("historical", 0.95, 0.01, 0.015),
        LossMeasure("historical", 0.99, 0.021, 0.032),
        LossMeasure("normal", 0.99, 0.05, 0.06),
    ]
    said = executive_summary(CALM, None, rows, None)
    assert (
        said[-1]
        == "One day in a hundred lost 2.1% of equity or more (historical value at risk), and 3.2% in the mean of those."
    )


@pytest.mark.parametrize(("low", "high"), [(9.0, 14.0), (8.0, 13.0)])
def test_what_drawing_adds_is_the_wider_side_of_its_interval(low: float, high: float) -> None:
    score = replace(CALM, score=11.0, monte_carlo=Span(low, high), estimation=Span(4.04, 30.2))
    assert score_sentences(score, 252.0)[-1] == (
        "A record of this length allows scores from 4.0 to 30 (95%), anything from LOW to HIGH; that no more than 200 futures were "
        "drawn adds 3.0 points either way."
    )


@pytest.mark.parametrize(
    ("mean", "stops", "level"),
    [
        (1.19, 20, None), (1.2, 19, None), (1.2, 20, Urgency.MEDIUM), (1.49, 20, Urgency.MEDIUM), (1.5, 20, Urgency.HIGH),
        (None, 0, None),
    ],
)  # fmt: skip
def test_stops_that_cost_more_are_said_from_a_fifth_more_and_twenty_of_them(
    mean: float | None, stops: int, level: Urgency | None
) -> None:
    found = advised(stops={"one": replace(STOPS, mean_r=mean, stops=stops)})
    assert [one.level for one in found] == ([] if level is None else [level])


def test_of_several_whose_stops_cost_more_the_worst_is_named_with_its_own_numbers() -> None:
    others = {"mild": STOPS, "wild": replace(STOPS, stops=30, mean_r=1.6, worst_r=6.0)}
    (found,) = advised(stops=others)
    assert found.action.startswith("size 2 strategies, wild most of all, for more than 1 R at a stop")
    assert found.reason == "the 30 stops of wild lost 1.60 R in the mean where 1 R was meant, at most 6.0 R"
    assert (found.name, found.number, found.limit) == ("mean_r", 1.6, 1.2)


@pytest.mark.parametrize(("positions", "risk", "said"), [(1, 0.06, False), (2, 0.05, False), (2, 0.051, True)])
def test_what_hangs_on_one_currency_is_said_of_several_positions_past_five_percent(
    positions: int, risk: float, said: bool
) -> None:
    found = advised(exposure=replace(EXPOSURE, currencies=(replace(DOLLAR, positions=positions, stop_risk=risk),)))
    assert [one.action for one in found] == (["cap all positions in USD together"] if said else [])


def test_a_book_above_its_leverage_is_told_before_what_hangs_on_a_currency() -> None:
    first, second = advised(exposure=replace(EXPOSURE, over_limit=0.25, gross_largest=40.0))
    assert (first.level, first.number, first.limit) == (Urgency.HIGH, 40.0, 30.0)
    assert first.reason == (
        "at 25% of closes positions stood above 30 times equity, at most at 40.0 times on 2024-01-02"
    )
    assert second.reason == "on 2024-03-04 a move of USD against them would have lost 6% of equity at their stops"


@pytest.mark.parametrize(
    ("exceptions", "chance", "said"), [(25, 0.001, True), (25, 0.06, False), (2, 0.001, False), (10, 0.001, False)]
)
def test_only_models_that_lost_more_often_than_they_may_are_warned_of(
    exceptions: int, chance: float, said: bool
) -> None:
    found = advised(measures=(replace(MEASURE, exceptions=exceptions, p_frequency=chance),))
    assert [one.action for one in found] == (["do not size by the Normal value at risk"] if said else [])


def test_of_several_models_that_failed_the_surest_failure_is_the_number() -> None:
    rows = (MEASURE, replace(MEASURE, method="student_t", level=0.95, exceptions=90, expected=50.0, p_frequency=1e-6))
    (found,) = advised(measures=rows)
    assert found.action == "do not size by the Normal and Student's t value at risk"
    assert found.reason == "90 of 1,000 days did worse than the Student's t one said at 95%, where 50 may"


def test_who_carries_too_much_is_told_the_size_at_which_it_would_not() -> None:
    (found,) = advised(portfolio=PORTFOLIO)
    assert (found.action, found.reason) == ("trade a at 45% of its size", "it carries 60% of the book's risk")
    assert (found.number, found.limit) == (0.6, 0.5)


def test_what_is_urgent_comes_first_wherever_it_was_found() -> None:
    found = advised(stops={"one": STOPS}, exposure=replace(EXPOSURE, over_limit=0.1), portfolio=PORTFOLIO)
    assert [one.level for one in found] == [Urgency.HIGH, Urgency.MEDIUM, Urgency.MEDIUM, Urgency.MEDIUM]


def test_sizes_too_small_for_a_whole_lot_are_no_advice_and_no_error() -> None:
    days = np.random.default_rng(1).normal(0.002, 0.03, 600)
    bold = drawdown_score(days, 0.2, 252, paths=500, resamples=40)
    assert bold.score is not None
    assert bold.score > 80
    assert days.mean() > 0

    def at(share: float) -> np.ndarray:
        if share < 0.9:
            raise NotEnoughData("no trade was closed")
        return days * share

    assert smaller_sizes(bold, at) is None
    found = smaller_sizes(bold, lambda share: days * share)
    assert found is not None
    assert 0.05 < found.share < 0.5
    assert found.score < 20
