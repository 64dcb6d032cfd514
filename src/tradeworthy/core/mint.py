"""The only constructor of `Approved`. Only `controls` may import this module; import-linter holds that."""

from typing import TypeVar

from tradeworthy.core.approved import Approved

T = TypeVar("T")


def approve(value: T) -> Approved[T]:
    """An approval of `value`, for the gate to hand out."""
    approval: Approved[T] = Approved.__new__(Approved)
    object.__setattr__(approval, "_value", value)
    return approval
