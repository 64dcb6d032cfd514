"""An approval cannot be made, changed, copied or kept by anybody but the gate."""

import copy
import pickle
from collections.abc import Callable

import pytest

from tradeworthy.core.approved import Approved
from tradeworthy.core.mint import approve


def test_an_approval_holds_what_was_approved() -> None:
    assert approve("order 1").value == "order 1"


@pytest.mark.parametrize(
    ("misuse", "error"),
    [
        (lambda _: Approved(), TypeError),
        (copy.copy, TypeError),
        (copy.deepcopy, TypeError),
        (pickle.dumps, TypeError),
        (lambda one: setattr(one, "_value", "order 2"), AttributeError),
        (lambda one: setattr(one, "value", "order 2"), AttributeError),
    ],
)
def test_an_approval_cannot_be_forged(misuse: Callable[[object], object], error: type[Exception]) -> None:
    approval = approve("order 1")
    with pytest.raises(error):
        misuse(approval)
    assert approval.value == "order 1"
