"""A desk whose operator moves every stop is killed at any moment, and each stop rests where it was moved to."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from support.day_killing import BARS, Sums, broken, faults_of
from support.desk_day import DayEnd, Killed, Moments, kill_in_play, live
from tradeworthy.adapters.brokers.paper_changes import Moved
from tradeworthy.adapters.brokers.paper_faults import FaultCall, FaultKind, PaperFault
from tradeworthy.adapters.brokers.paper_store import PaperStore
from tradeworthy.adapters.journals.opening import open_journal
from tradeworthy.live.desk_state import Role

MOMENTS = 1_300


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> Sums:
    """The day that was never killed."""
    folder = tmp_path_factory.mktemp("whole")
    moments = Moments(0, kill_in_play)
    end = live(folder, moments, bars=BARS, moves_stops=True)
    assert moments.seen > MOMENTS
    assert len(moves(folder)) > 20
    return Sums.of(end)


def day(folder: Path, moment: int, generation: int, faults: Sequence[PaperFault] = ()) -> DayEnd | None:
    """A life; None where it was killed."""
    try:
        moments = Moments(moment, kill_in_play)
        return live(folder, moments, bars=BARS, faults=faults, generation=generation, moves_stops=True)
    except Killed:
        return None


def moves(folder: Path) -> list[Moved]:
    """What the broker moved."""
    store = PaperStore(open_journal(folder / "paper.sqlite"))
    found = [one for kept in store.read() for one in kept.changes if isinstance(one, Moved)]
    store.close()
    return found


def misplaced(folder: Path, end: DayEnd) -> list[str]:
    """Stops that rest at the broker elsewhere than the desk says."""
    levels = {one.client_id: one.price for one in moves(folder)}
    found = []
    for one in end.state.orders.values():
        held = end.state.members[one.member].holding
        at_broker = levels.get(one.life.client_id)
        if one.role is Role.STOP and held is not None and at_broker is not None and at_broker != held.stop:
            found.append(f"{one.life.client_id} rests at {at_broker} and the desk says {held.stop}")
    return found


@pytest.mark.parametrize("moment", range(3, MOMENTS, 83))
def test_a_desk_killed_while_stops_are_moved_ends_the_day_as_if_it_had_not_been(
    folder: Path, expected: Sums, moment: int
) -> None:
    assert day(folder, moment, 1) is None
    end = day(folder, 0, 2)
    assert end is not None
    assert broken(folder, end, expected) == []
    assert misplaced(folder, end) == []
    names = [one.client_id for one in moves(folder)]
    assert len(names) == len(set(names)), "each was moved once"


@pytest.mark.parametrize(
    "kind", [FaultKind.TIMEOUT_BEFORE, FaultKind.TIMEOUT_AFTER, FaultKind.REJECT, FaultKind.NO_CONNECTION]
)
@pytest.mark.parametrize("seed", range(2))
def test_after_calls_that_failed_the_desk_and_the_broker_have_the_stop_at_one_place(
    folder: Path, kind: FaultKind, seed: int
) -> None:
    faults = [*(PaperFault(FaultCall.REPLACE, kind, nth=nth) for nth in (1, 4, 9)), *faults_of(seed)]
    assert day(folder, 400 + 300 * seed, 1, faults) is None
    end = day(folder, 0, 2)
    assert end is not None
    assert broken(folder, end, None) == []
    assert misplaced(folder, end) == []
