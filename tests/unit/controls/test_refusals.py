"""Every refusal has words of its own."""

from tradeworthy import controls
from tradeworthy.controls import Refusal


def test_every_refusal_has_words_of_its_own_and_no_refusal_has_none() -> None:
    words = [one.words for one in Refusal]
    assert words[0] == ""
    assert all(words[1:])
    assert len(set(words)) == len(words)


def test_refusals_can_be_counted_in_an_array() -> None:
    assert [one.value for one in Refusal] == list(range(len(Refusal)))


def test_exported_names_are_sorted_and_can_be_had() -> None:
    assert controls.__all__ == sorted(controls.__all__)
    assert set(controls.__all__) <= set(dir(controls))
    for name in controls.__all__:
        assert getattr(controls, name) is not None
