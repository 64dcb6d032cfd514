"""How every journal behaves, whatever it is kept in. A test class inherits this and says where fresh journals lie."""

import json
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from support import journal_killing
from support.journaling import event, events
from tradeworthy.adapters.journals.moving import archive_journal
from tradeworthy.adapters.journals.opening import open_journal
from tradeworthy.core.errors import InputError, JournalError, OutputError
from tradeworthy.core.snapshot import Snapshot
from tradeworthy.ports import Journal

Fresh = Callable[[], str]

OPERATIONS = st.lists(
    st.one_of(
        st.tuples(st.just("append"), st.integers(0, 7)),
        st.tuples(st.just("wrong"), st.sampled_from([-3, -1, 1, 5])),
        st.tuples(st.just("read"), st.integers(1, 40)),
        st.tuples(st.just("snapshot"), st.integers(0, 12)),
        st.tuples(st.just("reopen"), st.just(0)),
    ),
    max_size=14,
)


class JournalContract:
    """Inherit it and define the fixture `fresh`."""

    kills = 30

    @pytest.fixture
    def fresh(self) -> Fresh:
        """Makes, at every call, a place where no journal was before."""
        raise NotImplementedError

    @pytest.fixture
    def where(self, fresh: Fresh) -> str:
        return fresh()

    def test_a_new_journal_is_empty(self, where: str) -> None:
        with closing(open_journal(where)) as opened:
            journal: Journal = opened
            assert journal.last_sequence() == 0
            assert list(journal.read()) == []
            assert journal.load_snapshot() is None
            assert journal.append([]) == 0

    def test_events_come_back_as_they_went_after_opening_again(self, where: str) -> None:
        deep: dict[str, object] = {"price": 0.1 + 0.2, "note": "Zürich 東京 \x00", "list": [1, None, {"deep": True}]}
        with closing(open_journal(where)) as journal:
            assert journal.append([event(1, body=deep), *events(2, 1203)]) == 1203
            assert journal.append([event(1204)]) == 1204
        with closing(open_journal(where)) as journal:
            assert journal.last_sequence() == 1204
            assert list(journal.read()) == [event(1, body=deep), *events(2, 1204)]
            assert list(journal.read(1200)) == events(1200, 1204)
            assert list(journal.read(1205)) == []
            assert journal.check() == 1204

    @pytest.mark.parametrize("batch", [[0], [3], [5], [4, 6], [4, 4], [4, 5, 7]], ids=str)
    def test_only_the_next_sequence_is_appended_and_a_wrong_batch_leaves_nothing(
        self, where: str, batch: list[int]
    ) -> None:
        with closing(open_journal(where)) as journal:
            journal.append(events(1, 3))
            with pytest.raises(InputError, match="cannot be appended, the next one is"):
                journal.append([event(sequence) for sequence in batch])
            assert journal.append([event(4)]) == 4
            assert list(journal.read()) == events(1, 4)

    def test_an_event_that_cannot_be_encoded_leaves_nothing_of_its_batch(self, where: str) -> None:
        with closing(open_journal(where)) as journal:
            with pytest.raises(InputError, match="may not hold"):
                journal.append([event(1), event(2, body={"x": float("nan")})])
            assert journal.append([event(1)]) == 1

    def test_what_is_appended_while_somebody_reads_is_read_too(self, where: str) -> None:
        with closing(open_journal(where)) as journal:
            journal.append(events(1, 501))
            reading = journal.read()
            found = [next(reading)]
            journal.append(events(502, 510))
            assert [*found, *reading] == events(1, 510)

    def test_a_second_writer_is_refused_until_the_first_has_closed(self, where: str) -> None:
        with closing(open_journal(where)) as journal:
            journal.append([event(1)])
            with pytest.raises(JournalError, match="another process has this journal open; stop that desk first"):
                open_journal(where)
            journal.append([event(2)])
        with closing(open_journal(where)) as journal:
            assert journal.last_sequence() == 2

    def test_a_closed_journal_says_so(self, where: str) -> None:
        journal = open_journal(where)
        journal.close()
        journal.close()
        for use in (lambda: journal.append([event(1)]), lambda: list(journal.read()), journal.load_snapshot):
            with pytest.raises(JournalError, match="was closed; open it again"):
                use()

    def test_the_newest_snapshot_is_kept_and_none_lies_outside_of_the_journal(self, where: str) -> None:
        with closing(open_journal(where)) as journal:
            journal.append(events(1, 10))
            journal.save_snapshot(Snapshot(4, 1, b"four"))
            journal.save_snapshot(Snapshot(7, 2, b"\x00seven\xff"))
            journal.save_snapshot(Snapshot(9, 2, b""))
            journal.save_snapshot(Snapshot(9, 3, b"again"))
            for sequence in (0, 8, 11):
                with pytest.raises(InputError, match=f"a snapshot after event {sequence} cannot be kept"):
                    journal.save_snapshot(Snapshot(sequence, 1, b""))
        with closing(open_journal(where)) as journal:
            assert journal.load_snapshot() == Snapshot(9, 3, b"again")

    def test_archived_events_lie_in_a_journal_of_their_own_that_fits_the_rest(self, where: str, tmp_path: Path) -> None:
        first, second = tmp_path / "first.sqlite", tmp_path / "second.sqlite"
        with closing(open_journal(where)) as journal:
            journal.append(events(1, 600))
            with pytest.raises(InputError, match="save a snapshot first"):
                archive_journal(journal, first)
            journal.save_snapshot(Snapshot(550, 1, b"at 550"))
            assert archive_journal(journal, first) == 550
            with pytest.raises(InputError, match=r"events up to 550 were moved to .*first\.sqlite"):
                list(journal.read(550))
            assert list(journal.read(551)) == events(551, 600)
            journal.append(events(601, 610))
            journal.save_snapshot(Snapshot(610, 1, b"at 610"))
            with pytest.raises(OutputError, match="nothing is overwritten"):
                archive_journal(journal, first)
            assert archive_journal(journal, second) == 610
        with closing(open_journal(where)) as journal:
            assert journal.last_sequence() == 610
            assert journal.load_snapshot() == Snapshot(610, 1, b"at 610")
            assert journal.append([event(611)]) == 611
            assert list(journal.read(611)) == [event(611)]
            assert journal.check() == 611
        with closing(open_journal(first)) as one, closing(open_journal(second)) as two:
            assert [*one.read(), *two.read(551)] == events(1, 610)
            assert one.end() == two.floor()

    @settings(max_examples=20, suppress_health_check=list(HealthCheck))
    @given(operations=OPERATIONS)
    def test_it_does_what_a_list_does(self, fresh: Fresh, operations: list[tuple[str, int]]) -> None:
        where = fresh()
        journal = open_journal(where)
        said: list[object] = []
        newest: Snapshot | None = None
        for number, (operation, value) in enumerate(operations):
            following = len(said) + 1
            if operation == "append":
                batch = events(following, len(said) + value, note=str(number))
                said += batch
                assert journal.append(batch) == len(said)
            elif operation == "wrong":
                with pytest.raises(InputError):
                    journal.append(events(following + value, following + value + 1))
            elif operation == "read":
                assert list(journal.read(value)) == said[value - 1 :]
            elif operation == "snapshot" and 0 < value <= len(said) and (newest is None or newest.sequence <= value):
                newest = Snapshot(value, number, str(number).encode())
                journal.save_snapshot(newest)
            else:
                journal.close()
                journal = open_journal(where)
            assert journal.last_sequence() == len(said)
            assert journal.load_snapshot() == newest
        assert list(journal.read()) == said
        assert journal.check() == len(said)
        journal.close()

    def test_nothing_acknowledged_is_lost_when_the_writer_is_killed(self, where: str) -> None:
        command = [sys.executable, journal_killing.__file__, where, str(self.kills), "7"]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        rounds = json.loads(done.stdout)
        assert len(rounds) == self.kills
        before = 0
        for one in rounds:
            assert one["killed"]
            assert before < one["acknowledged"] <= one["last"] <= one["acknowledged"] + 5
            assert one["dense"]
            assert one["checked"] == one["last"]
            assert one["snapshot"]
            before = one["last"]
