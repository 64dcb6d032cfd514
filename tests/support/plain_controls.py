"""The controls once more, from the rules' words alone: whole history instead of state, tables and exact decimals.

Nothing here is fast, and nothing here knows the package.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from itertools import accumulate, groupby

MINUTE = 60 * 10**9

STREAKS = {0: "1", 1: "0.9", 2: "0.75", 3: "0.5"}
DRAWDOWNS = [("0.15", "0.25"), ("0.10", "0.5"), ("0.05", "0.8"), ("0", "1")]  # from this share on, deepest first
LEVELS = ["1", "1.1", "1", "0.7", "0.4"]  # unknown, low, normal, high, extreme
COOLDOWNS = [("0.02", 20), ("0.01", 15), ("0.005", 10), ("0", 5)]  # loss as a share of the balance before, minutes
HOURS = [("15:00", "0.5"), ("14:30", "0.6"), ("10:15", "1"), ("09:15", "0.7"), ("00:00", "1")]
STRICT = [("15:15", "1.5"), ("14:00", "1.1"), ("12:00", "0.8"), ("10:30", "1"), ("00:00", "1.3")]


def clock(minute: int) -> str:
    """`09:05`."""
    return f"{minute // 60:02d}:{minute % 60:02d}"


@dataclass
class PlainDesk:
    """Remembers everything that happened and answers every question by reading it all again."""

    initial: Decimal
    entries: list[int] = field(default_factory=list)  # days
    results: list[tuple[Decimal, int, int]] = field(default_factory=list)  # money, moment, day
    pages: tuple[int, tuple[bool, str, int, int, set[int]]] = (-1, (False, "1", 0, 0, set()))  # read, and what it said

    def balances(self) -> list[Decimal]:
        """The balance at the start and after each closed trade."""
        return list(accumulate((r[0] for r in self.results), initial=self.initial))

    def lost_at_least(self, edge: str) -> list[bool]:
        """Whether the balance was that share below its peak so far, at the start and after each closed trade."""
        balances = self.balances()
        return [
            peak - one >= Decimal(edge) * peak for one, peak in zip(balances, accumulate(balances, max), strict=True)
        ]

    def streak(self) -> int:
        """Losses at the end; zeros are passed over."""
        moves = [r[0] for r in self.results if r[0] != 0]
        return next((k for k, money in enumerate(reversed(moves)) if money > 0), len(moves))

    def cooling_until(self) -> int:
        """The latest end of any cooldown."""
        ends = [-(10**30)]
        for (money, moment, _), balance in zip(self.results, self.balances()[:-1], strict=True):
            if money < 0:
                ends.append(moment + next(m for edge, m in COOLDOWNS if -money >= Decimal(edge) * balance) * MINUTE)
        return max(ends)

    def paused_days(self) -> set[int]:
        """Days on which a loss made five or more in a row."""
        runs = groupby((r for r in self.results if r[0] != 0), key=lambda r: r[0] < 0)
        return {r[2] for losing, run in runs if losing for r in list(run)[4:]}

    def read(self) -> tuple[bool, str, int, int, set[int]]:
        """All that the results say: stopped, multiplier of the drawdown, streak, end of cooldowns, paused days."""
        if self.pages[0] != len(self.results):
            now = next(m for edge, m in DRAWDOWNS if self.lost_at_least(edge)[-1])
            stopped = any(self.lost_at_least("0.20"))
            self.pages = len(self.results), (stopped, now, self.streak(), self.cooling_until(), self.paused_days())
        return self.pages[1]

    def ask(self, moment: int, day: int, minute: int, level: int) -> tuple[float, str]:
        """The multiplier and the name of the refusal, NONE when there is none."""
        stopped, for_drawdown, losses, cooling, paused = self.read()
        refusals = [
            ("STOPPED", stopped),
            ("STREAK", day in paused),
            ("TRADES_PER_DAY", self.entries.count(day) >= 10),
            ("COOLDOWN", moment < cooling),
        ]
        for name, refused in refusals:
            if refused:
                return 0.0, name
        for_time = "1" if minute == -1 else next(m for start, m in HOURS if clock(minute) >= start)
        factors = [STREAKS.get(losses, "0.25"), for_drawdown, LEVELS[level], for_time]
        return float(math.prod(Decimal(one) for one in factors)), "NONE"


def plain_level(values: list[float], place: int, window: int, least: int, edges: tuple[float, float, float]) -> str:
    """The name of the level, by sorting what is known."""
    known = sorted(v for v in values[max(0, place - window + 1) : place + 1] if math.isfinite(v))
    if not math.isfinite(values[place]) or len(known) < least:
        return "UNKNOWN"
    ranks = [k for k, v in enumerate(known) if v == values[place]]
    percentile = Fraction(100) * (Fraction(sum(ranks), len(ranks)) + Fraction(1, 2)) / len(known)
    low, high, extreme = (Fraction(edge) for edge in edges)
    above = [name for edge, name in ((high, "HIGH"), (extreme, "EXTREME")) if percentile > edge]
    return "LOW" if percentile < low else (above[-1] if above else "NORMAL")


def plain_filter(
    minute: int, bias: str | None, trap: str | None, oi_delta: float | None, side: int, has: frozenset[str]
) -> str:
    """The name of the first refusal, NONE when there is none; None is a missing number. Exact decimals."""
    strict = Fraction("1") if minute == -1 else Fraction(next(s for start, s in STRICT if clock(minute) >= start))
    weak = bias is not None and Fraction(bias) < Fraction("0.6") * strict
    trapped = trap is not None and Fraction(trap) > Fraction("0.65") / strict
    unconfirmed = oi_delta is not None and not oi_delta * side > 0
    verdicts = [
        ("bias", bias is None, "BIAS_MISSING"),
        ("bias", weak, "BIAS_TOO_WEAK"),
        ("trap", trap is None, "TRAP_MISSING"),
        ("trap", trapped, "LIKELY_TRAP"),
        ("oi", oi_delta is None, "OI_MISSING"),
        ("oi", unconfirmed, "INSUFFICIENT_OI"),
    ]
    return next((reason for name, refused, reason in verdicts if name in has and refused), "NONE")


def plain_kelly(
    results: list[float], z: float, *, cap: float, fraction: float, least: int, until: float
) -> float | None:
    """The share of equity to lose at a full stop by the R of closed trades; None for no edge. Wilson by its quadratic."""
    wins, losses = [r for r in results if r > 0], [r for r in results if r < 0]
    n = len(wins) + len(losses)
    if n < least or not losses:
        return until
    if not wins:
        return None
    # The interval's ends solve n (s - p)^2 = z^2 p (1 - p), s being the share seen.
    s, zz = Fraction(len(wins), n), Fraction(z) ** 2
    a, b, c = n + zz, -(2 * n * s + zz), n * s * s
    p = (-float(b) - math.sqrt(b * b - 4 * a * c)) / float(2 * a)
    won, lost = sum(wins) / len(wins), -sum(losses) / len(losses)
    share = (p * won - (1 - p) * lost) / won
    return None if share <= 0 else min(cap, fraction * share, cap * lost) / lost
