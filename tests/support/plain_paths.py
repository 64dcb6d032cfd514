"""Simulated paths once more, in plain Python with whole numbers: one period after the other, one path after the other."""

from collections.abc import Sequence

WRAP = 2**64


def scrambled(x: int) -> int:
    """SplitMix64's finaliser."""
    x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9 % WRAP
    x = (x ^ (x >> 27)) * 0x94D049BB133111EB % WRAP
    return x ^ (x >> 31)


def number(seed: int, path: int, draw: int) -> float:
    """Number `draw` of a path, in [0, 1)."""
    golden = 0x9E3779B97F4A7C15
    key = scrambled((scrambled(seed % WRAP) + path * golden) % WRAP)
    return (scrambled((key + draw * golden) % WRAP) >> 11) / 2**53


def places(n: int, horizon: int, seed: int, path: int, *, block: float, fixed: bool) -> list[int]:
    """Which of n returns a path takes, period by period."""
    out: list[int] = []
    for period in range(horizon):
        u = number(seed, path, period)
        if period == 0 or (fixed and period % block == 0):
            out.append(int(u * n))
        elif not fixed and u < 1.0 / block:
            out.append(min(int(u * (n * block)), n - 1))
        else:
            out.append((out[-1] + 1) % n)
    return out


def outcome(returns: Sequence[float]) -> tuple[float, float]:
    """Total return, and deepest fall from a peak as a fraction of zero or below."""
    wealth = peak = 1.0
    fall = 0.0
    for r in returns:
        wealth *= max(0.0, 1.0 + r)
        peak = max(peak, wealth)
        fall = max(fall, 1.0 - wealth / peak)
    return wealth - 1.0, -fall
