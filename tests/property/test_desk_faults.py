"""A whole desk through whatever a broker, an operator and a pulled plug do to it: what always holds, and how it ends."""

from hypothesis import given, settings

from support.desk_faults import FaultyDay, Life, held_by, resting
from support.faulty_lives import BARS, LIVES, PARTS, SETTINGS
from tradeworthy.live.health import Agreement


def lived_through(day: FaultyDay, lives: list[Life]) -> None:
    """All of the lives and two more without faults, at the end of which everything has to be settled."""
    for life in lives:
        day.live(life)
    day.live(Life())
    state = day.live(Life())  # for what stopped the one before
    assert state.reconciliation.agreement is Agreement.AGREES
    assert held_by(state) == dict(day.book.positions)
    assert set(resting(state)) <= set(day.book.open_orders)
    assert day.compared > 0


@settings(SETTINGS, max_examples=12)
@given(LIVES)
def test_whatever_goes_wrong_the_rules_hold_and_the_broker_and_the_desk_agree_in_the_end(lives: list[Life]) -> None:
    lived_through(FaultyDay(BARS), lives)


@settings(SETTINGS, max_examples=8)
@given(LIVES)
def test_they_agree_too_where_orders_are_dealt_in_parts_rejected_and_expire(lives: list[Life]) -> None:
    day = FaultyDay(BARS, PARTS, 1_000.0)
    lived_through(day, lives)
