"""A desk that is killed at any moment goes on where it was: nothing is lost, nothing is done twice (`make torture` does more)."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from support import desk_day
from support.day_killing import BARS, Sums, broken, killed_again_and_again, killed_once, killed_with_faults
from support.desk_day import Moments, kill_in_play, live

MOMENTS = 1_065
"""Of the day; asked of it below."""
EVERY = 76


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> Sums:
    """The day that was never killed."""
    return Sums.of(live(tmp_path_factory.mktemp("whole"), Moments(0, kill_in_play), bars=BARS))


def test_the_day_is_worth_killing(folder: Path, expected: Sums) -> None:
    moments = Moments(0, kill_in_play)
    live(folder, moments, bars=BARS)
    assert moments.seen == MOMENTS
    assert (len(expected.trades), len(expected.orders)) == (59, 84)


@pytest.mark.parametrize("moment", range(5, MOMENTS, EVERY))
def test_a_desk_killed_once_ends_the_day_as_if_it_had_not_been(folder: Path, expected: Sums, moment: int) -> None:
    end, kills = killed_once(folder, moment)
    assert end is not None
    assert kills == 1
    assert broken(folder, end, expected) == []


def test_a_desk_killed_again_and_again_ends_the_day_all_the_same(folder: Path, expected: Sums) -> None:
    end, kills = killed_again_and_again(folder, 3, 200)
    assert end is not None
    assert kills >= 10
    assert broken(folder, end, expected) == []


@pytest.mark.parametrize("seed", range(6))
def test_after_faults_and_a_kill_the_desk_holds_what_the_broker_holds(folder: Path, seed: int) -> None:
    end, _ = killed_with_faults(folder, seed, MOMENTS)
    assert end is not None
    assert broken(folder, end, None) == []


@pytest.mark.parametrize("moment", [300, 901])
def test_a_process_that_is_really_killed_is_one_of_them(folder: Path, expected: Sums, moment: int) -> None:
    script = Path(desk_day.__file__)
    ended = subprocess.run([sys.executable, script, folder, str(moment)], check=False, capture_output=True)
    assert ended.returncode == -signal.SIGKILL, ended.stderr
    end = live(folder, Moments(0, kill_in_play), bars=BARS, generation=2)
    assert broken(folder, end, expected) == []
