"""Counts and articles in words."""

import pytest

from tradeworthy.core.counting import counted, with_article


@pytest.mark.parametrize(
    ("noun", "words"), [("int", "an int"), ("dict", "a dict"), ("Index", "an Index"), ("DataFrame", "a DataFrame")]
)
def test_a_noun_has_its_article(noun: str, words: str) -> None:
    assert with_article(noun) == words


@pytest.mark.parametrize(("count", "words"), [(0, "0 bars"), (1, "1 bar"), (1_662, "1,662 bars")])
def test_one_is_no_plural(count: int, words: str) -> None:
    assert counted(count, "bar") == words
