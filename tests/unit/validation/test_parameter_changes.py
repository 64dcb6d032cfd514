"""What became of parameters."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradeworthy.validation.parameter_changes import ChangeStatus, ChangeType, strategy_changes

VALUES = st.none() | st.booleans() | st.integers(-5, 5) | st.floats(-5, 5) | st.text("ab", max_size=2) | st.just([1, 2])
BOOKS = st.dictionaries(st.sampled_from("ABC"), st.dictionaries(st.sampled_from("xyz"), VALUES))


@pytest.mark.parametrize(
    ("old", "new", "kind"),
    [
        (1, 2, ChangeType.INCREASED), (2.0, 1.5, ChangeType.DECREASED), (None, 2, ChangeType.CHANGED),
        ("a", "b", ChangeType.CHANGED), (True, False, ChangeType.CHANGED), (1, True, ChangeType.CHANGED),
        ([1], [1, 2], ChangeType.CHANGED), (14, 14.0, None), (None, None, None),
    ],
)  # fmt: skip
def test_a_parameter_is_raised_lowered_or_otherwise_changed(old: Any, new: Any, kind: ChangeType | None) -> None:
    found = strategy_changes({"S": {"p": new}}, {"S": {"p": old}})["S"]
    assert found.status is (ChangeStatus.UNCHANGED if kind is None else ChangeStatus.CHANGED)
    assert [one.change_type for one in found.changes.values()] == ([] if kind is None else [kind])


def test_strategies_and_parameters_come_and_go() -> None:
    found = strategy_changes({"A": {"x": 1}, "N": {"x": 2}}, {"A": {"y": 3}, "O": {"x": 4}})
    assert {name: one.status for name, one in found.items()} == {"A": "CHANGED", "N": "NEW_STRATEGY", "O": "REMOVED"}
    assert {name: one.change_type for name, one in found["A"].changes.items()} == {"x": "ADDED", "y": "REMOVED"}
    assert (found["N"].changes["x"].old, found["N"].changes["x"].new) == (None, 2)
    assert found["O"].changes["x"].change_type is ChangeType.REMOVED


@given(BOOKS, BOOKS)
def test_going_back_undoes_what_changed(now: dict[str, Any], before: dict[str, Any]) -> None:
    back = {ChangeType.ADDED: "REMOVED", ChangeType.REMOVED: "ADDED", ChangeType.INCREASED: "DECREASED",
            ChangeType.DECREASED: "INCREASED", ChangeType.CHANGED: "CHANGED"}  # fmt: skip
    there, again = strategy_changes(now, before), strategy_changes(before, now)
    assert there.keys() == again.keys() == now.keys() | before.keys()
    for name, one in there.items():
        assert {key: back[its.change_type] for key, its in one.changes.items()} == {
            key: its.change_type for key, its in again[name].changes.items()
        }
    assert all(one.status is ChangeStatus.UNCHANGED for one in strategy_changes(now, now).values())
