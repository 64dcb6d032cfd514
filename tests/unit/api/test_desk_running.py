"""What a run says of itself before it begins."""

from pathlib import Path

import pytest

from tradeworthy.api.desk_running import RunWanted, prepared, run_again, run_desk
from tradeworthy.core.clock import DAY_NS
from tradeworthy.core.errors import InputError
from tradeworthy.live.desk_commands import Tell


class Silent:
    """A screen that nobody looks at."""

    def check(self, name: str, sentence: str, *, passed: bool = True) -> None:
        """See `Screen`."""

    def note(self, tell: Tell, time_ns: int) -> None:
        """See `Screen`."""


@pytest.mark.parametrize(
    ("book", "folder", "command"),
    [
        ("fx-daily", "fx-daily-desk", "tradeworthy run fx-daily"),
        ("fx-daily", "elsewhere", "tradeworthy run fx-daily --desk elsewhere"),
        ("my desk/tradeworthy.toml", "my desk", "tradeworthy run 'my desk/tradeworthy.toml'"),
        ("tradeworthy.toml", "my desk", "tradeworthy run tradeworthy.toml --desk 'my desk'"),
    ],
)
def test_the_command_that_runs_a_desk_once_more_names_book_and_folder(book: str, folder: str, command: str) -> None:
    assert run_again(book, Path(folder)) == command


def test_a_replay_that_is_over_says_how_to_begin_another_of_the_same_book(tmp_path: Path) -> None:
    first = prepared(RunWanted("fx-daily", tmp_path, span_ns=300 * DAY_NS)).start_ns
    wanted = RunWanted("fx-daily", tmp_path, start_ns=first, end_ns=first + 3 * DAY_NS)
    run_desk(wanted, Silent())
    with pytest.raises(InputError, match=f"`tradeworthy run fx-daily --desk {tmp_path} --again` begins another"):
        run_desk(wanted, Silent())
