"""The names that `tradeworthy.live` gives."""

from tradeworthy import live


def test_exported_names_are_sorted_and_can_be_had() -> None:
    assert live.__all__ == sorted(live.__all__)
    assert [name for name in live.__all__ if getattr(live, name) is None] == []
    assert set(live.__all__) <= set(dir(live))
