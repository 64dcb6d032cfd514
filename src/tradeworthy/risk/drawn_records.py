"""A record of days drawn anew, in blocks, to see what another past of the same kind would have shown."""

import numpy as np
import numpy.typing as npt

Places = npt.NDArray[np.int64]


def drawn_days(n: int, block: float, seed: int, number: int) -> Places:
    """(n,) which day stands at each place of resample `number`: blocks of geometric length that wrap round the end.

    Politis, Romano 1994. Each resample has a counter-based stream of its own, so it is the same among few or many.
    """
    stream = np.random.Generator(np.random.Philox(key=np.array([seed % 2**64, number], np.uint64)))
    anew = stream.random(n) < 1.0 / block
    anew[0] = True
    starts = stream.integers(0, n, n)
    at = np.arange(n)
    last = np.maximum.accumulate(np.where(anew, at, 0))
    drawn: Places = (starts[last] + at - last) % n
    return drawn
