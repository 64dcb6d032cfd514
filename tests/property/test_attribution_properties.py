"""Whatever a broker does, an attribution adds up: across to the cent, over the days, and from one end to the other."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from support.attributed_desk import AttributedDesk, worth
from support.markets import random_walk
from tradeworthy.adapters.brokers.paper_faults import FaultCall, FaultKind, PaperFault
from tradeworthy.adapters.brokers.paper_terms import PaperTerms
from tradeworthy.appraisal.attributed import Attributed, Money, Part
from tradeworthy.appraisal.cents import in_cents
from tradeworthy.appraisal.sessions import AttributionRun
from tradeworthy.backtest.charges import Commission, Slippage
from tradeworthy.backtest.costs import Costs
from tradeworthy.backtest.fills import FillRules
from tradeworthy.controls.calibration import Calibration
from tradeworthy.controls.sizing import FixedFraction, Sizing, Units
from tradeworthy.core.clock import HOUR_NS

TERMS = st.builds(
    PaperTerms, currency=st.just("USD"), latency_ms=st.sampled_from([0, 0, 250, 5_000]),
    partial_share=st.sampled_from([0.0, 0.5, 1.0]), reject_share=st.sampled_from([0.0, 0.2]), seed=st.integers(0, 99),
)  # fmt: skip
PAID = st.builds(
    Costs, st.sampled_from([0.0, 1.0]), st.sampled_from([None, Commission(per_lot=3.0)]),
    st.sampled_from([None, Slippage(pips=0.4)]),
)  # fmt: skip
RULES = st.sampled_from([FillRules(), FillRules(stops_from="signal_close"), FillRules(gap="trigger", both="target")])
SIZES: st.SearchStrategy[Sizing] = st.sampled_from([Units(10_000), FixedFraction(0.01)])
CALLS = st.sampled_from([FaultCall.PLACE, FaultCall.CANCEL, FaultCall.REPORT])
FAULTS = st.lists(
    st.one_of(
        st.builds(PaperFault, st.just(FaultCall.PLACE), st.just(FaultKind.REJECT), st.integers(1, 60)),
        st.builds(
            PaperFault, CALLS, st.sampled_from([FaultKind.TIMEOUT_BEFORE, FaultKind.TIMEOUT_AFTER]), st.integers(1, 60)
        ),
        st.builds(
            PaperFault, st.just(FaultCall.DEAL), st.sampled_from([FaultKind.DEAL_LOST, FaultKind.DEAL_TWICE]),
            st.integers(1, 60),
        ),
        st.integers(50, 200).map(
            lambda hour: PaperFault(
                FaultCall.ANY, FaultKind.LINE_DOWN, from_ns=hour * HOUR_NS, until_ns=(hour + 30) * HOUR_NS
            )
        ),
    ),
    max_size=4,
)  # fmt: skip


def adds_up(desk: AttributedDesk, run: AttributionRun) -> None:
    """What holds whatever happened."""
    for session in run.sessions:
        assert session.money == Money.total(one.money for one in session.trades)
        for money in (session.money, *(one.money for one in session.trades)):
            first, lines, last = money.cents()
            assert first + sum(lines.values()) == last
            assert abs(first - 100 * money.frictionless) <= 0.5 + 1e-6
            assert abs(last - 100 * money.live) <= 0.5 + 1e-6
    assert run.running[-1] == run.money
    assert sum(one.live for one in run.strategies.values()) == pytest.approx(run.money.live, abs=1e-6)
    held = desk.state.members[0].holding
    close = float(desk.bars.close[-1])
    open_ = 0.0 if held is None else held.booked + float(held.units) * (close - held.price)
    booked = sum(one["pnl"] for one in desk.closed_notes())
    assert run.money.live == pytest.approx(booked + open_, abs=1e-6)
    backtest = desk.backtest(costs=Costs())
    assert run.money.frictionless == pytest.approx(worth(backtest, close), abs=1e-6)


@given(
    seed=st.integers(0, 10**6), terms=TERMS, paid=PAID, rules=RULES, sizing=SIZES, calibrated=st.booleans(),
    gap=st.sampled_from([0.0, 0.0004, 0.002]),
)  # fmt: skip
@example(524289, PaperTerms(currency="USD", partial_share=0.5), Costs(), FillRules(), Units(10_000), False, 0.002)
@settings(max_examples=25)
def test_every_cent_has_a_name_whatever_the_terms_of_the_broker(
    seed: int, terms: PaperTerms, paid: Costs, rules: FillRules, sizing: Sizing, calibrated: bool, gap: float
) -> None:
    desk = AttributedDesk(
        random_walk(250, seed, gap=gap), paper_costs=paid, terms=terms, fills=rules, sizing=sizing,
        calibration=Calibration() if calibrated else None,
    ).lived()  # fmt: skip
    run = desk.attributed()
    adds_up(desk, run)
    assert run.verdict in {Attributed.ALL, Attributed.COULD_NOT_TELL}, [
        (trade.name, trade.money, trade.why)
        for one in run.sessions
        for trade in one.trades
        if not trade.money.is_explained
    ]


@given(seed=st.integers(0, 10**6), terms=TERMS, faults=FAULTS)
@settings(max_examples=25)
def test_it_adds_up_whatever_faults_the_broker_commits(seed: int, terms: PaperTerms, faults: list[PaperFault]) -> None:
    desk = AttributedDesk(random_walk(250, seed), terms=terms, faults=faults).lived()
    adds_up(desk, desk.attributed())


@given(values=st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=12), off=st.integers(-3, 3))
def test_lines_in_cents_add_up_and_stay_within_what_rounding_leaves_over(values: list[float], off: int) -> None:
    total = round(100 * sum(values)) + off
    found = in_cents(values, total)
    assert sum(found) == total or not any(abs(100 * one) >= 0.5 for one in values)
    room = 1.0 + abs(off) + len(values) / 2
    assert all(abs(cents - 100 * value) <= room + 1e-6 for cents, value in zip(found, values, strict=True))


def test_what_rounding_leaves_over_goes_to_the_lines_that_it_brings_nearer() -> None:
    assert in_cents([0.333, 0.334, 0.333], 100) == [33, 34, 33]
    assert in_cents([0.335, 0.336, 0.329], 100) == [33, 34, 33]
    assert in_cents([1.006, 1.004, -0.001], 201) == [101, 100, 0]
    assert in_cents([1.005, 0.0, 1.0], 201) == [101, 0, 100]
    assert in_cents([0.0, 0.0], 0) == [0, 0]


def test_a_part_is_counted_once_in_every_total() -> None:
    one, other = Money(1.0, 0.5, 2.0, {Part.SIZE: 1.0}), Money(2.0, 2.0, 1.5, {Part.SIZE: -0.25, Part.GAP: -0.25})
    both = Money.total([one, other])
    assert (both.frictionless, both.expected, both.live) == (3.0, 2.5, 3.5)
    assert both.parts == {Part.SIZE: 0.75, Part.GAP: -0.25}
    assert both.unexplained == 0.0
