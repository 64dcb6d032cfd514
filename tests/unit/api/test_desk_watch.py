"""What a desk hears in its own house, and that nothing there takes it down."""

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
import pytest

from support.desk_day import bars_of_day, plan_of_day
from tradeworthy.adapters.files.desk_lease import FileLease
from tradeworthy.adapters.files.desk_requests import RequestBox
from tradeworthy.adapters.files.desk_status import StatusFile
from tradeworthy.adapters.files.kill_file import KillFile
from tradeworthy.api.desk_settings import SettingsOnDisk
from tradeworthy.api.desk_signals import DeskSignals
from tradeworthy.api.desk_watch import DeskWatch, House
from tradeworthy.core.errors import InputError
from tradeworthy.live.desk_events import Happened, OperatorAsked, SettingsDiffer, Trouble, Wish
from tradeworthy.live.desk_state import DeskState, first_state
from tradeworthy.live.stepping import step
from tradeworthy.settings.freezing import frozen_form
from tradeworthy.settings.loading import load
from tradeworthy.settings.shipped import template


@pytest.fixture
def state() -> DeskState:
    """Of a desk that has not begun."""
    return first_state(plan_of_day(bars_of_day(50)))


@pytest.fixture
def house(tmp_path: Path) -> House:
    """A desk's folder, with everything in order."""
    lease = FileLease(tmp_path / "desk.lease", "fx")
    lease.acquire()
    (tmp_path / "requests").mkdir(mode=0o700)
    box, status = RequestBox(tmp_path / "requests"), StatusFile(tmp_path / "status.json")
    return House(KillFile(tmp_path), box, lease, status, DeskSignals())


def request(folder: Path, name: str, **what: Any) -> None:
    """A request that somebody left."""
    (folder / "requests" / f"{name}.json").write_bytes(msgspec.json.encode({"user": "anna", "reason": "news", **what}))


def test_requests_are_answered_and_those_that_are_none_are_told_what_is_wrong(
    tmp_path: Path, house: House, state: DeskState
) -> None:
    watch = DeskWatch(house)
    request(tmp_path, "1", wish="halt")
    request(tmp_path, "2", wish="dance")
    request(tmp_path, "3", wish="lock", scope="XAU_USD")
    request(tmp_path, "4", wish="resume", scope="everything")
    request(tmp_path, "5", wish="accept", scope="EUR_USD")
    assert watch.events(state) == [OperatorAsked(0, Wish.HALT, "anna", "news")]
    watch.seen(state)
    answers = {path.name[0]: msgspec.json.decode(path.read_bytes()) for path in (tmp_path / "requests").iterdir()}
    assert answers["1"]["mode"] == "ACTIVE"
    assert "names its wish" in answers["2"]["error"]
    assert "does not trade XAU_USD; it trades AUD_USD, EUR_USD, GBP_USD" in answers["3"]["error"]
    assert "no scope of a resume" in answers["4"]["error"]
    assert "does not contradict the desk, so there is nothing to accept" in answers["5"]["error"]


def test_an_answer_that_cannot_be_written_takes_nothing_down_and_is_not_done_twice(
    tmp_path: Path, house: House, state: DeskState
) -> None:
    watch = DeskWatch(house)
    request(tmp_path, "1", wish="halt")
    assert len(watch.events(state)) == 1
    (tmp_path / "requests" / "1.answer.json").mkdir()  # no file can take its place
    (tmp_path / "requests" / "1.answer.json" / "full").touch()
    watch.seen(state)
    request(tmp_path, "1", wish="halt")  # it could not be taken away
    assert DeskWatch.events(_at_once(watch), state) == []


def test_a_folder_of_requests_that_cannot_be_read_is_told_once_and_lifted(
    tmp_path: Path, house: House, state: DeskState
) -> None:
    watch = DeskWatch(house)
    (tmp_path / "requests").rmdir()
    (tmp_path / "requests").touch()
    told = watch.events(state)
    assert [type(one) for one in told] == [Trouble]
    assert _at_once(watch).events(state) == []
    (tmp_path / "requests").unlink()
    (back,) = _at_once(watch).events(state)
    assert isinstance(back, Trouble)
    assert back.over


def test_a_kill_file_is_heard_and_a_second_wish_to_kill_says_nothing_new(
    tmp_path: Path, house: House, state: DeskState
) -> None:
    house.kill.write("anna: enough")
    request(tmp_path, "1", wish="kill")
    assert DeskWatch(house).events(state) == [OperatorAsked(0, Wish.KILL, "kill file", "anna: enough")]


def test_a_resume_takes_away_the_kill_file_that_was_there_and_no_later_one(
    tmp_path: Path, house: House, state: DeskState
) -> None:
    for later, is_left in (("", False), ("bob: stop", True)):
        house.kill.write("anna: enough")
        watch = DeskWatch(house)
        request(tmp_path, "1", wish="resume", scope="source:kill switch")
        assert watch.events(state)[-1] == OperatorAsked(0, Wish.RESUME, "anna", "news", "source kill switch")
        if later:
            house.kill.write(later)
        watch.seen(state)
        assert (house.kill.present() is not None) == is_left


def test_a_lost_lease_halts_once(tmp_path: Path, house: House, state: DeskState) -> None:
    watch = DeskWatch(house)
    (tmp_path / "desk.lease").unlink()
    (gone,) = watch.events(state)
    assert isinstance(gone, Trouble)
    assert gone.halts
    assert _at_once(watch).events(state) == []


def test_how_it_stands_is_written_with_what_is_different_on_the_disk(house: House, state: DeskState) -> None:
    with pytest.raises(InputError):
        house.status.read()
    DeskWatch(house).seen(state)
    written, _ = house.status.read()
    assert (written["mode"], written["running"], written["settings_changed"]) == ("ACTIVE", True, [])


def test_what_an_operator_asked_for_stands_there_before_it_is_answered(
    tmp_path: Path, house: House, state: DeskState
) -> None:
    watch = DeskWatch(house)
    watch.seen(state)
    request(tmp_path, "1", wish="halt")
    (asked,) = watch.events(state)
    halted, _ = step(state, Happened(1, 1, asked))
    watch.seen(halted)
    assert house.status.read()[0]["mode"] == "HALTED"


def test_settings_changed_under_a_running_desk_are_said_once_for_each_change_and_once_when_they_are_back(
    tmp_path: Path, house: House, state: DeskState
) -> None:
    file = tmp_path / "tradeworthy.toml"
    text = template("fx-daily")
    file.write_text(text)
    watch = DeskWatch(replace(house, settings=SettingsOnDisk(tmp_path, frozen_form(load(file, {})), {})))
    assert watch.events(state) == []
    file.write_text(text.replace("# balance = 10000.0", "balance = 20000.0"))
    (said,) = _at_once(watch).events(state)
    assert said == SettingsDiffer(0, "tradeworthy.toml", ("account.balance: 10000.0 -> 20000.0",))
    assert _at_once(watch).events(state) == []
    file.write_text("balance = [")
    (broken,) = _at_once(watch).events(state)
    assert isinstance(broken, SettingsDiffer)
    assert "it cannot be read: " in broken.changes[0]
    assert "\n" not in broken.changes[0]
    file.unlink()
    (gone,) = _at_once(watch).events(state)
    assert isinstance(gone, SettingsDiffer)
    assert "there is no such file" in gone.changes[0]
    file.write_text(text + "\n# the same with a remark\n")
    assert _at_once(watch).events(state) == [SettingsDiffer(0, "tradeworthy.toml")]


class CountedEnvironment(dict[str, str]):
    """An environment that knows how often settings were made with it."""

    times = 0

    def __iter__(self) -> Iterator[str]:
        self.times += 1
        return super().__iter__()


def test_settings_are_made_again_only_when_something_else_stands_in_the_file(tmp_path: Path) -> None:
    file, environment = tmp_path / "tradeworthy.toml", CountedEnvironment()
    file.write_text(template("fx-daily"))
    settings = SettingsOnDisk(file, frozen_form(load(file, {})), environment)
    for _ in range(3):
        assert settings.changed() == ()
    os.utime(file, ns=(1, 1))
    assert settings.changed() == ()
    assert environment.times == 1
    file.write_text(template("fx-daily") + "#")
    assert settings.changed() == ()
    assert environment.times == 2


def _at_once(watch: DeskWatch) -> DeskWatch:
    """As if the time between two looks had passed."""
    watch._looked = float("-inf")
    return watch
