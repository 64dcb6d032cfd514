"""Where a history is cut to see whether its past stays as it was."""

import numpy as np
import numpy.typing as npt

Whole = npt.NDArray[np.int64]

EARLY = 3
"""Decisions at the beginning that are always looked at: replays there are cheap, and a leak is first seen there."""


def cut_points(decided: Whole, n: int, first: int, count: int, seed: int) -> tuple[int, ...]:
    """Up to `count` numbers of bars kept, ascending, from `first` to n - 1; the same for the same arguments.

    decided: the bars of the decisions over all n bars. Both ends are always cut. Three quarters of the rest stand where a
    leak shows: right after the bar of a decision, for every sixth of them also one bar before and after that. The
    remainder is spread over the whole history.
    """
    if n - first <= count:
        return tuple(range(first, n))
    rng = np.random.default_rng(seed)
    cuts = {first, first + 1, n - 3, n - 2, n - 1}
    near = _near(decided, rng, max(0, count - len(cuts)) * 3 // 4)
    cuts |= {cut for cut in near if first <= cut < n}
    while len(cuts) < count:
        edges = np.linspace(first, n, count - len(cuts) + 1)
        cuts |= {int(cut) for cut in rng.uniform(edges[:-1], edges[1:])}
    return tuple(sorted(cuts))


def _near(decided: Whole, rng: np.random.Generator, count: int) -> list[int]:
    """`count` cuts near decisions, as evenly spread over them as chance allows."""
    picks = max(1, count * 3 // 4)
    if len(decided) > picks:
        early = min(EARLY, picks)
        edges = np.linspace(early, len(decided), picks - early + 1)
        places = np.minimum(rng.uniform(edges[:-1], edges[1:]).astype(np.int64), len(decided) - 1)
        decided = np.concatenate((decided[:early], decided[places]))
    near = []
    for number, bar in enumerate(decided.tolist()):
        near += [bar, bar + 1, bar + 2] if number % 6 == 0 else [bar + 1]
    return near[:count]
