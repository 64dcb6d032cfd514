"""What a stored baseline has to be, however it came into the file: nobody can have validated anything else."""

import math
from collections.abc import Iterator

import numpy as np

from tradeworthy.appraisal.baseline import Baseline, BaselineStrategy
from tradeworthy.core.clock import DAY_NS, from_rfc3339

LARGEST_R = 1e6
"""A trade that lost a million times what it risked is a mistyped number."""


def baseline_problems(baseline: Baseline, created_at: str) -> Iterator[str]:
    """Every one of them in a few words, the first of them the gravest."""
    made, until = _moment(created_at), _moment(baseline.until)
    if made is None or until is None:
        yield f"{created_at if made is None else baseline.until} is no moment"
        return
    if until > made + DAY_NS:
        yield f"it goes up to {baseline.until}, which had not come when it was made ({created_at})"
    names = [one.name for one in baseline.strategies]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        yield f"{twice[0]} stands in it twice"
    for one in baseline.strategies:
        yield from _of_strategy(one, until)


def _of_strategy(one: BaselineStrategy, until: int) -> Iterator[str]:
    if len(one.r) != len(one.exit_time):
        yield f"{one.name} has {len(one.r)} R's and {len(one.exit_time)} times"
        return
    wrong = next((value for value in one.r if not (math.isfinite(value) and abs(value) <= LARGEST_R)), None)
    if wrong is not None:
        yield f"{one.name} has a trade of {wrong:g} R"
    if one.unit_r is not None and not 0.0 < one.unit_r <= LARGEST_R:
        yield f"{one.name} has {one.unit_r:g} as its R, which is above zero"
    moments = [_moment(text) for text in (one.since, *one.exit_time)]
    if None in moments:
        yield f"{one.name}: {(one.since, *one.exit_time)[moments.index(None)]} is no moment"
        return
    times = np.array(moments[1:], np.int64)
    if np.any(np.diff(times) < 0) or (len(times) and times[-1] > until):
        yield f"the trades of {one.name} are out of order"


def _moment(text: str) -> int | None:
    try:
        return from_rfc3339(text)
    except ValueError:
        return None
