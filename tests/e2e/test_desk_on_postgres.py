"""A desk whose journal is on a PostgreSQL server: the same day, killed or not, and what it does when the server goes away."""

from pathlib import Path

import pytest

from support.day_killing import BARS, Sums, broken
from support.desk_day import Killed, Moments, kill_in_play, live
from support.postgres import PostgresServer
from tradeworthy.adapters.brokers.paper_changes import Dealt, Ended, Taken
from tradeworthy.adapters.brokers.paper_store import PaperStore
from tradeworthy.adapters.journals.opening import open_journal
from tradeworthy.core.errors import JournalError

NEVER = Moments(0, kill_in_play)


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> Sums:
    """The day with a journal in a file."""
    return Sums.of(live(tmp_path_factory.mktemp("file"), NEVER, bars=BARS))


def test_the_day_is_the_same(tmp_path: Path, postgres: PostgresServer, expected: Sums) -> None:
    end = live(tmp_path, NEVER, bars=BARS, where=postgres.fresh())
    assert broken(tmp_path, end, expected) == []


@pytest.mark.parametrize("moment", [2, 333, 911])
def test_a_desk_that_is_killed_goes_on_where_it_was(
    tmp_path: Path, postgres: PostgresServer, expected: Sums, moment: int
) -> None:
    where = postgres.fresh()
    with pytest.raises(Killed):
        live(tmp_path, Moments(moment, kill_in_play), bars=BARS, where=where)
    end = live(tmp_path, NEVER, bars=BARS, where=where, generation=2)
    assert broken(tmp_path, end, expected) == []


@pytest.mark.parametrize("moment", [150])
@pytest.mark.usefixtures("postgres")  # where there is no server it says what to do
def test_a_server_that_goes_away_ends_the_desk_in_a_sentence_and_it_recovers(tmp_path: Path, moment: int) -> None:
    with PostgresServer() as server:
        where = server.fresh()
        with pytest.raises(JournalError, match=r"^[^\n]+$"):
            live(tmp_path, Moments(moment, server.stop), bars=BARS, where=where)
        assert waiting_entries(tmp_path) == set()
        server.start()
        end = live(tmp_path, NEVER, bars=BARS, where=where, generation=2)
        assert broken(tmp_path, end, None) == []
        assert end.trades


def waiting_entries(folder: Path) -> set[str]:
    """Entries that the broker has neither dealt nor ended."""
    store = PaperStore(open_journal(folder / "paper.sqlite"))
    changes = [change for kept in store.read() for change in kept.changes]
    store.close()
    entries = {one.client_id for one in changes if isinstance(one, Taken) and not one.reduce_only}
    return entries - {one.client_id for one in changes if isinstance(one, Dealt | Ended)}
