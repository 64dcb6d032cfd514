"""Money in whole cents whose lines add up to their total."""

from collections.abc import Sequence
from typing import Final

_NOTHING: Final = 0.5
"""A line below half a cent is shown as nothing, and takes no cent that is left over."""


def in_cents(values: Sequence[float], total: int) -> list[int]:
    """Each value rounded to cents so that all of them add up to `total` cents.

    What rounding leaves over goes, a cent each, to the lines that it brings nearest to their own value (largest remainders), and
    only where no line is large enough to the largest.
    """
    exact = [100.0 * value for value in values]
    found = [round(value) for value in exact]
    left = total - sum(found)
    sign = 1 if left > 0 else -1
    able = [i for i, value in enumerate(exact) if abs(value) >= _NOTHING]
    able = able or sorted(range(len(exact)), key=lambda i: -abs(exact[i]))[:1]
    able.sort(key=lambda i: (sign * (found[i] - exact[i]), -abs(exact[i])))
    for step in range(abs(left) if able else 0):
        found[able[step % len(able)]] += sign
    return found
