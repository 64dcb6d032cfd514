"""The journal on a PostgreSQL server keeps the contract of journals, and halts when the server fails it."""

from contextlib import closing

import pytest

from contract.journal_contract import Fresh, JournalContract
from support.journaling import event, events
from support.postgres import PostgresServer
from tradeworthy.adapters.journals.copies import backup_journal
from tradeworthy.adapters.journals.opening import open_journal
from tradeworthy.adapters.journals.reading import read_journal
from tradeworthy.core.errors import InputError, JournalError


class TestPostgresJournal(JournalContract):
    """Everything inherited, and what only a server can do."""

    kills = 12

    @pytest.fixture
    def fresh(self, postgres: PostgresServer) -> Fresh:
        return postgres.fresh

    def test_a_lost_connection_halts_and_the_journal_goes_on_when_opened_again(
        self, where: str, postgres: PostgresServer
    ) -> None:
        with closing(open_journal(where)) as journal:
            journal.append(events(1, 3))
            ours = (
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'tradeworthy journal'"
            )
            postgres.run(where, ours)
            with pytest.raises(JournalError, match=r"cannot append an event: .*stop trading"):
                journal.append([event(4)])
            with pytest.raises(JournalError, match="an earlier write failed"):
                journal.append([event(4)])
        with closing(open_journal(where)) as journal:
            assert journal.append([event(4)]) == 4
            assert list(journal.read()) == events(1, 4)

    def test_it_can_be_looked_into_while_a_desk_writes(self, where: str) -> None:
        with closing(open_journal(where)) as journal:
            journal.append(events(1, 3))
            reader = read_journal(where)
            assert list(reader.read(2)) == events(2, 3)
            journal.append(events(4, 5))
            assert reader.tail(2) == events(4, 5)
            assert reader.last_sequence() == 5

    def test_an_event_that_somebody_else_wrote_halts(self, where: str, postgres: PostgresServer) -> None:
        with closing(open_journal(where)) as journal:
            journal.append(events(1, 3))
            postgres.run(where, "INSERT INTO events VALUES (4, 'x', 'y')")
            with pytest.raises(JournalError, match="another program has written to it"):
                journal.append([event(4)])
        with pytest.raises(
            JournalError, match="event 4 is damaged or missing, and the events up to 3 are whole; restore"
        ):
            open_journal(where)

    @pytest.mark.parametrize(
        ("damage", "whole"),
        [
            ("UPDATE events SET data = 'x' WHERE sequence = 5", 4),
            ("DELETE FROM events WHERE sequence = 6", 5),
            ("UPDATE events SET chain = 'x' WHERE sequence = 9", 8),
        ],
    )
    def test_damage_is_located_at_opening(self, where: str, postgres: PostgresServer, damage: str, whole: int) -> None:
        with closing(open_journal(where)) as journal:
            journal.append(events(1, 9))
        postgres.run(where, damage)
        with pytest.raises(JournalError, match=f"the events up to {whole} are whole; restore the database"):
            open_journal(where)

    def test_a_server_that_only_reads_halts(self, where: str) -> None:
        with closing(open_journal(where)) as journal:
            journal.append([event(1)])
        read_only = closing(open_journal(where + "%20-cdefault_transaction_read_only%3Don"))
        with read_only as journal, pytest.raises(JournalError, match="the server only reads"):
            journal.append([event(2)])

    def test_a_server_that_is_not_there_and_a_database_of_others_are_refused(self, postgres: PostgresServer) -> None:
        with pytest.raises(JournalError, match=r"postgresql://desk:\*\*\*@.*cannot be opened: .*start again"):
            open_journal(f"postgresql://desk:secret@/postgres?host={postgres.folder}/nowhere")
        with pytest.raises(JournalError, match="does not exist; stop trading, see that the URL is right"):
            open_journal(f"postgresql://desk@/nothing?host={postgres.folder}")
        where = postgres.fresh()
        postgres.run(where, "CREATE TABLE events (name text)")
        with pytest.raises(InputError, match="its tables are not those of a journal"):
            open_journal(where)
        with pytest.raises(InputError, match="use the server's own tools"):
            backup_journal(where, postgres.folder / "backup")
