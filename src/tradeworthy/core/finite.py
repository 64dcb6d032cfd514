"""Numbers that a record may not hold: JSON writes NaN and infinities as null or not at all."""

import math
from collections.abc import Mapping
from typing import Any


def not_finite(value: Any, path: str) -> str | None:
    """Where a NaN or infinity stands inside nested mappings and lists, such as `body.prices[3] is nan`; None if nowhere."""
    if isinstance(value, float):
        return None if math.isfinite(value) else f"{path} is {value}"
    if isinstance(value, Mapping):
        inner = ((one, f"{path}.{key}") for key, one in value.items())
    elif isinstance(value, list | tuple):
        inner = ((one, f"{path}[{place}]") for place, one in enumerate(value))
    else:
        return None
    return next((found for one, where in inner if (found := not_finite(one, where))), None)
