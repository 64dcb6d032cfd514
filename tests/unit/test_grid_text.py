"""Values as they are typed."""

import pytest

from tradeworthy.backtest.grid import Value
from tradeworthy.cli.grid_text import value_of, values_of
from tradeworthy.core.errors import InputError


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("5:8", [5, 6, 7, 8]),
        ("5:30:10", [5, 15, 25]),
        ("0.1:0.3:0.1", [0.1, 0.2, 0.3]),
        ("20,50,100", [20, 50, 100]),
        ("1.5,none,true", [1.5, None, True]),
        ("7", [7]),
        ("2.0", [2.0]),
    ],
)
def test_ranges_lists_and_words(text: str, values: list[Value]) -> None:
    assert values_of("fast", text) == values
    assert [type(value) for value in values_of("fast", text)] == [type(value) for value in values]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "write a range such as fast=5:30:5"),
        ("5:1", "it ends before it begins; write for instance fast=1:5"),
        ("a:b", "write a range"),
        ("1:2:0", "a step of 0 never arrives"),
        ("5:1:-1", "a step of -1 never arrives"),
        ("5:", "write a range"),
        ("5,,6", "write a range"),
        ("1:1000000000", "more than 1,000,000 values"),
        ("1:1e30", "1e30 is too large"),
        ("1e999999:2e999999", "1e999999 is too large"),
        ("99999999999999999999", "too large"),
        ("1:2:3:4", "write a range"),
        ("1:inf", "write a range"),
        ("nan", "write a range"),
        ("0:1:0.0000001", "more than 1,000,000 values"),
    ],
)
def test_what_is_no_grid_is_refused(text: str, words: str) -> None:
    with pytest.raises(InputError, match=words):
        values_of("fast", text)


def test_a_range_ends_before_a_step_that_would_go_past_it() -> None:
    assert values_of("fast", "5:9:3") == [5, 8]
    assert values_of("fast", "-0.2:0.2:0.2") == [-0.2, 0.0, 0.2]


def test_a_single_value_is_refused_in_the_name_of_its_own_option() -> None:
    with pytest.raises(InputError, match=r"^--set stop_atr=two: write one value"):
        value_of("stop_atr", "two", "--set")
