"""Long-run shares of counted moves."""

import numpy as np
import numpy.typing as npt

Places = npt.NDArray[np.int64]


def long_run_shares(counts: Places) -> tuple[float, ...] | None:
    """Share of each state in the long run, if moves went on as counted (k, k); 0 for states never seen.

    The left eigenvector of the matrix of shares. None where a state that was seen cannot be reached from every other, so
    that the answer would depend on where it began.
    """
    seen = np.flatnonzero(counts.sum(axis=0) + counts.sum(axis=1))
    moves = counts[np.ix_(seen, seen)].astype(np.float64)
    if not len(seen) or not _all_reached(moves > 0):
        return None
    matrix = moves / moves.sum(axis=1, keepdims=True)
    equations = np.vstack((matrix.T - np.eye(len(seen)), np.ones(len(seen))))
    found = np.linalg.lstsq(equations, np.append(np.zeros(len(seen)), 1.0), rcond=None)[0]
    shares = np.zeros(len(counts))
    shares[seen] = np.maximum(0.0, found)
    return tuple(float(one) for one in shares / shares.sum())


def _all_reached(leads: npt.NDArray[np.bool_]) -> bool:
    reach = leads | np.eye(len(leads), dtype=np.bool_)
    for _ in range(len(leads)):
        reach = (reach.astype(np.int64) @ reach.astype(np.int64)) > 0
    return bool(reach.all())
