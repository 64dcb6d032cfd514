"""Random numbers without state, compiled: each is a hash of its stream and its place in it, so order and threads do not matter.

The hash is the finaliser of SplitMix64 over a counter (Steele, Lea, Flood 2014).
"""

import numpy as np

from tradeworthy.indicators.compiling import compiled

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)


@compiled()
def scramble(x: np.uint64) -> np.uint64:
    """SplitMix64's finaliser."""
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return x ^ (x >> np.uint64(31))


@compiled()
def uniform(key: np.uint64, draw: int) -> float:
    """Number `draw` of the stream `key`, in [0, 1)."""
    return float(scramble(key + np.uint64(draw) * _GOLDEN) >> np.uint64(11)) * (1.0 / 9007199254740992.0)


@compiled()
def path_key(seed: np.uint64, path: int) -> np.uint64:
    """The stream of one path."""
    return scramble(scramble(seed) + np.uint64(path) * _GOLDEN)
