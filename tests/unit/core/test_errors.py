"""What people read when something is wrong."""

from tradeworthy.core.errors import BadBars, InputError, NotEnoughData, Problem, SettingsError, TradeworthyError
from tradeworthy.core.verdict import BookVerdict


def test_every_problem_of_the_settings_is_said() -> None:
    problems = (Problem("a.toml, line 3", "fast", "is missing"), Problem("a.toml", "", "is empty"))
    error = SettingsError(problems)
    assert str(error) == "2 problems in the settings:\n  a.toml, line 3: fast: is missing\n  a.toml: is empty"
    assert str(SettingsError(problems[:1])) == "a.toml, line 3: fast: is missing"
    assert error.problems == problems


def test_whoever_mends_input_can_catch_all_of_it_at_once() -> None:
    assert issubclass(BadBars, InputError)
    assert issubclass(NotEnoughData, InputError)
    assert not issubclass(SettingsError, InputError)
    assert issubclass(SettingsError, TradeworthyError)
    assert BadBars("x", ("nan",)).rules == ("nan",)


def test_exit_codes_are_those_promised() -> None:
    assert {verdict.value: verdict.exit_code for verdict in BookVerdict} == {
        "FIT": 0,
        "NOT FIT": 1,
        "COULD NOT TELL": 3,
    }
