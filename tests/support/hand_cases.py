"""Small scenarios worked out on paper from docs/fills.md, with every expected number written as a literal.

`CASES` (backtest) and `MA_CASES` (signals) are plain data that every implementation is held against. All prices are
exact binary fractions: comparisons are exact, NaN equal to NaN.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from support.plain_backtest import PlainTrade, Rules

NAN = math.nan
INF = math.inf
Bar = tuple[float, float, float, float]
Signal = tuple[int, int, float, float]  # enter, leave, stop distance, target distance


@dataclass(frozen=True)
class Case:
    """Bars, decisions, and the trades and equity that follow."""

    name: str
    bars: list[Bar]
    signals: dict[int, Signal]  # by bar; anything not named is "nothing"
    trades: list[PlainTrade]
    equity: list[float]
    rules: Rules = field(default_factory=Rules)
    ask_offset: float = 0.0
    bid_offset: float = 0.0


@dataclass(frozen=True)
class MaCase:
    """Bars, parameters, and the decisions that follow: enter, leave, stop and target distance."""

    name: str
    high: list[float]
    low: list[float]
    close: list[float]
    fast: int
    slow: int
    atr_period: int
    stop_atr: float
    target_atr: float
    min_atr: float
    exit_on_opposite_cross: bool
    expected: tuple[list[int], list[int], list[float], list[float]]


T = PlainTrade  # signal, entry, exit, side, in, out, stop, target, reason, risk, r, ambiguous, mae, mfe

UP: list[Bar] = [(100, 101, 99, 100), (100, 102, 99, 101), (101, 104, 100, 103), (103, 105, 102, 104)]
GAP_DOWN: list[Bar] = [(100, 101, 99, 100), (100, 101, 99, 100), (96, 97, 95, 96), (96, 97, 95, 96)]
GAP_UP: list[Bar] = [(100, 101, 99, 100), (101, 102, 100.5, 101), (101, 103.5, 100, 103), (103, 104, 102, 103)]
WIDE: list[Bar] = [(100, 101, 99, 100), (100, 101, 99, 100), (100, 104, 96, 101), (101, 102, 100, 101)]
GAP_WIDE: list[Bar] = [(100, 101, 99, 100), (100, 101, 99, 100), (97, 104, 96, 100), (101, 102, 100, 101)]
DIP: list[Bar] = [(100, 101, 99, 100), (100, 101, 97, 99), (99, 102, 97.5, 101), (101, 102, 100, 101.5)]

LONG_TO_BAR_2 = T(0, 1, 2, 1, 100, 101, NAN, NAN, "SIGNAL", NAN, NAN, False, 1, 2)
STOPPED_AT_CLOSE_ENTRY = T(1, 1, 2, 1, 99, 98, 98, NAN, "STOP", 1, -1, False, 1, 0)

# fmt: off
CASES: list[Case] = [
    Case("long reaches its target", UP, {0: (1, 0, 2, 3)},
         [T(0, 1, 2, 1, 100, 103, 98, 103, "TARGET", 2, 1.5, False, 1, 3)], [0, 1, 3, 3]),
    Case("short reaches its stop", UP, {0: (-1, 0, 2.5, 4)},
         [T(0, 1, 2, -1, 100, 102.5, 102.5, 96, "STOP", 2.5, -1, False, 2.5, 1)], [0, -1, -2.5, -2.5]),
    Case("long target just touched", UP, {0: (1, 0, NAN, 4)},
         [T(0, 1, 2, 1, 100, 104, NAN, 104, "TARGET", NAN, NAN, False, 1, 4)], [0, 1, 4, 4]),
    Case("short stop just touched", UP, {0: (-1, 0, 4, NAN)},
         [T(0, 1, 2, -1, 100, 104, 104, NAN, "STOP", 4, -1, False, 4, 1)], [0, -1, -4, -4]),
    Case("short target just touched, on the entry bar", DIP, {0: (-1, 0, NAN, 3)},
         [T(0, 1, 1, -1, 100, 97, NAN, 97, "TARGET", NAN, NAN, False, 0, 3)], [0, 3, 3, 3]),
    # gaps
    Case("long, gap through the stop, at the open", GAP_DOWN, {0: (1, 0, 2, NAN)},
         [T(0, 1, 2, 1, 100, 96, 98, NAN, "STOP", 2, -2, False, 4, 1)], [0, 0, -4, -4]),
    Case("long, gap through the stop, at the trigger", GAP_DOWN, {0: (1, 0, 2, NAN)},
         [T(0, 1, 2, 1, 100, 98, 98, NAN, "STOP", 2, -1, False, 2, 1)], [0, 0, -2, -2],
         Rules(gap="trigger")),
    Case("short, gap through the target, at the open; no stop, so no risk", GAP_DOWN, {0: (-1, 0, NAN, 2)},
         [T(0, 1, 2, -1, 100, 96, NAN, 98, "TARGET", NAN, NAN, False, 1, 4)], [0, 0, 4, 4]),
    Case("short, gap through the target, at the trigger", GAP_DOWN, {0: (-1, 0, 4, 2)},
         [T(0, 1, 2, -1, 100, 98, 104, 98, "TARGET", 4, 0.5, False, 1, 2)], [0, 0, 2, 2],
         Rules(gap="trigger")),
    Case("a pending leave goes before the stop at the same open", GAP_DOWN, {0: (1, 0, 2, NAN), 1: (0, 1, NAN, NAN)},
         [T(0, 1, 2, 1, 100, 96, 98, NAN, "SIGNAL", 2, -2, False, 4, 1)], [0, 0, -4, -4],
         Rules(gap="trigger")),
    # bars that hold both
    Case("long, both in one bar, stop first", WIDE, {0: (1, 0, 2, 3)},
         [T(0, 1, 2, 1, 100, 98, 98, 103, "STOP", 2, -1, True, 2, 1)], [0, 0, -2, -2]),
    Case("short, both in one bar, target first", WIDE, {0: (-1, 0, 2, 3)},
         [T(0, 1, 2, -1, 100, 97, 102, 97, "TARGET", 2, 1.5, True, 1, 3)], [0, 0, 3, 3],
         Rules(both="target")),
    Case("both in range but the open decided: not ambiguous", GAP_WIDE, {0: (1, 0, 2, 3)},
         [T(0, 1, 2, 1, 100, 97, 98, 103, "STOP", 2, -1.5, False, 3, 1)], [0, 0, -3, -3],
         Rules(both="target")),
    # the entry bar
    Case("stopped on the entry bar", DIP, {0: (1, 0, 2, NAN)},
         [T(0, 1, 1, 1, 100, 98, 98, NAN, "STOP", 2, -1, False, 2, 0)], [0, -2, -2, -2]),
    Case("entry bar not looked at, stopped one later", DIP, {0: (1, 0, 2, NAN)},
         [T(0, 1, 2, 1, 100, 98, 98, NAN, "STOP", 2, -1, False, 3, 1)], [0, -1, -2, -2],
         Rules(check_entry_bar=False)),
    Case("entry at close: the entry bar is over", DIP, {1: (1, 0, 1, NAN)},
         [STOPPED_AT_CLOSE_ENTRY], [0, 0, -1, -1], Rules(entry="close")),
    # leaving by signal
    Case("leave at the next open: exit bar's range not counted", UP, {0: (1, 0, NAN, NAN), 1: (0, 1, NAN, NAN)},
         [LONG_TO_BAR_2], [0, 1, 1, 1]),
    Case("leave at the close: exit bar's range counted", UP, {0: (1, 0, NAN, NAN), 2: (0, 1, NAN, NAN)},
         [T(0, 0, 2, 1, 100, 103, NAN, NAN, "SIGNAL", NAN, NAN, False, 1, 4)], [0, 1, 3, 3],
         Rules(entry="close")),
    Case("a short leaves on mask 3", UP, {0: (-1, 0, NAN, NAN), 1: (0, 3, NAN, NAN)},
         [T(0, 1, 2, -1, 100, 101, NAN, NAN, "SIGNAL", NAN, NAN, False, 2, 1)], [0, -1, -1, -1]),
    Case("opposite enter without leave, wrong leave bit, same-side enter with leave: only the last leave counts", UP,
         {0: (1, 0, NAN, NAN), 1: (-1, 2, NAN, NAN), 2: (1, 1, NAN, NAN)},
         [T(0, 1, 3, 1, 100, 103, NAN, NAN, "SIGNAL", NAN, NAN, False, 1, 4)], [0, 1, 3, 3]),
    # distances measured from the signal's close
    Case("stops from the signal close", GAP_UP, {0: (1, 0, 2, 3)},
         [T(0, 1, 2, 1, 101, 103, 98, 103, "TARGET", 2, 1, False, 0.5, 2)], [0, 0, 2, 2],
         Rules(stops_from="signal_close")),
    Case("opened beyond its own stop, out at the same open", GAP_DOWN, {1: (1, 0, 2, NAN)},
         [T(1, 2, 2, 1, 96, 96, 98, NAN, "STOP", 2, 0, False, 0, 0)], [0, 0, 0, 0],
         Rules(stops_from="signal_close")),
    Case("opened beyond its own stop, out at the trigger (a 'winning' stop)", GAP_DOWN, {1: (1, 0, 2, NAN)},
         [T(1, 2, 2, 1, 96, 98, 98, NAN, "STOP", 2, 1, False, 0, 2)], [0, 0, 2, 2],
         Rules(stops_from="signal_close", gap="trigger")),
    Case("signal close is the bare price, entry at close, spread", DIP, {1: (1, 0, 1, NAN)},
         [T(1, 1, 2, 1, 99.5, 98, 98, NAN, "STOP", 1, -1.5, False, 1.5, 0)], [0, -1, -1.5, -1.5],
         Rules(entry="close", stops_from="signal_close"), 0.5, -0.5),
    # reversals and re-entry
    Case("reversal at the open", UP, {0: (1, 0, NAN, NAN), 1: (-1, 1, NAN, NAN)},
         [LONG_TO_BAR_2, T(1, 2, 3, -1, 101, 104, NAN, NAN, "OPEN", NAN, NAN, False, 4, 1)], [0, 1, -1, -2]),
    Case("reversal at the open, no re-entry: the enter is dropped", UP, {0: (1, 0, NAN, NAN), 1: (-1, 1, NAN, NAN)},
         [LONG_TO_BAR_2], [0, 1, 1, 1], Rules(reenter_on_exit_bar=False)),
    Case("reversal with an unusable stop: only the leave", UP, {0: (1, 0, NAN, NAN), 1: (-1, 1, 0, NAN)},
         [LONG_TO_BAR_2], [0, 1, 1, 1]),
    Case("reversal at the close", UP, {0: (1, 0, NAN, NAN), 1: (-1, 1, NAN, NAN)},
         [T(0, 0, 1, 1, 100, 101, NAN, NAN, "SIGNAL", NAN, NAN, False, 1, 2),
          T(1, 1, 3, -1, 101, 104, NAN, NAN, "OPEN", NAN, NAN, False, 4, 1)], [0, 1, -1, -2],
         Rules(entry="close")),
    Case("reversal at the close, no re-entry", UP, {0: (1, 0, NAN, NAN), 1: (-1, 1, NAN, NAN)},
         [T(0, 0, 1, 1, 100, 101, NAN, NAN, "SIGNAL", NAN, NAN, False, 1, 2)], [0, 1, 1, 1],
         Rules(entry="close", reenter_on_exit_bar=False)),
    Case("stopped, then in again at the same bar's close", DIP, {1: (1, 0, 1, NAN), 2: (1, 0, NAN, NAN)},
         [STOPPED_AT_CLOSE_ENTRY, T(2, 2, 3, 1, 101, 101.5, NAN, NAN, "OPEN", NAN, NAN, False, 1, 1)],
         [0, 0, -1, -0.5], Rules(entry="close")),
    Case("stopped, not in again on that bar", DIP, {1: (1, 0, 1, NAN), 2: (1, 0, NAN, NAN)},
         [STOPPED_AT_CLOSE_ENTRY], [0, 0, -1, -1], Rules(entry="close", reenter_on_exit_bar=False)),
    Case("stopped on bar 1, decision of bar 1 opens on bar 2 even without re-entry; its leave bit is idle", DIP,
         {0: (1, 0, 2, NAN), 1: (1, 1, NAN, NAN)},
         [T(0, 1, 1, 1, 100, 98, 98, NAN, "STOP", 2, -1, False, 2, 0),
          T(1, 2, 3, 1, 99, 101.5, NAN, NAN, "OPEN", NAN, NAN, False, 1.5, 3)], [0, -2, 0, 0.5],
         Rules(reenter_on_exit_bar=False)),
    # the end of the data
    Case("last bar: an enter has no next bar", UP, {3: (1, 0, NAN, NAN)}, [], [0, 0, 0, 0]),
    Case("last bar: a leave has no next bar", UP, {0: (1, 0, NAN, NAN), 3: (-1, 1, NAN, NAN)},
         [T(0, 1, 3, 1, 100, 104, NAN, NAN, "OPEN", NAN, NAN, False, 1, 5)], [0, 1, 3, 4]),
    Case("opened at the last bar's open", UP, {2: (1, 0, NAN, NAN)},
         [T(2, 3, 3, 1, 103, 104, NAN, NAN, "OPEN", NAN, NAN, False, 1, 2)], [0, 0, 0, 1]),
    Case("opened at the last bar's close: only the spread", UP, {3: (1, 0, 2, NAN)},
         [T(3, 3, 3, 1, 104.5, 103.5, 102.5, NAN, "OPEN", 2, -0.5, False, 1, 0)], [0, 0, 0, -1],
         Rules(entry="close"), 0.5, -0.5),
    Case("no bars", [], {}, [], []),
    # spread
    Case("mid bars, long: the sell side just touches the stop", UP, {0: (1, 0, 2, 3)},
         [T(0, 1, 1, 1, 100.5, 98.5, 98.5, 103.5, "STOP", 2, -1, False, 2, 0)], [0, -2, -2, -2],
         Rules(), 0.5, -0.5),
    Case("bid bars, short: the buy side opens exactly on the target", GAP_DOWN, {0: (-1, 0, 3, 3)},
         [T(0, 1, 2, -1, 100, 97, 103, 97, "TARGET", 3, 1, False, 2, 3)], [0, -1, 3, 3],
         Rules(), 1.0, 0.0),
    Case("ask bars, long", UP, {0: (1, 0, 4, 2)},
         [T(0, 1, 2, 1, 100, 102, 96, 102, "TARGET", 4, 0.5, False, 2, 2)], [0, 0, 2, 2],
         Rules(), 0.0, -1.0),
    Case("spread wider than the stop: out at the entry open", UP, {0: (1, 0, 0.5, NAN)},
         [T(0, 1, 1, 1, 100.5, 99.5, 100, NAN, "STOP", 0.5, -2, False, 1, 0)], [0, -1, -1, -1],
         Rules(), 0.5, -0.5),
    Case("the same, entry bar not looked at", UP, {0: (1, 0, 0.5, NAN)},
         [T(0, 1, 2, 1, 100.5, 100, 100, NAN, "STOP", 0.5, -1, False, 2, 1)], [0, 0, -0.5, -0.5],
         Rules(check_entry_bar=False), 0.5, -0.5),
    # distances that make an enter unusable
    Case("zero, negative and infinite distances", UP, {0: (1, 0, 0, NAN), 1: (1, 0, 2, -1), 2: (-1, 0, INF, NAN)},
         [], [0, 0, 0, 0]),
    Case("the same at the close", UP, {0: (1, 0, -2, NAN), 1: (1, 0, 2, 0), 2: (-1, 0, NAN, INF)},
         [], [0, 0, 0, 0], Rules(entry="close")),
]

# fast 1 / slow 2: the sign of close - previous close; states from bar 1: 0 + - 0 +; true ranges 2 2 3 2 2 3
MA_CLOSE: list[float] = [10, 10, 12, 11, 11, 13]
MA_HIGH: list[float] = [11, 11, 13, 12, 12, 14]
MA_LOW: list[float] = [9, 9, 11, 10, 10, 12]

MA_CASES: list[MaCase] = [
    MaCase("too small a range leaves but does not enter", MA_HIGH, MA_LOW, MA_CLOSE, 1, 2, 1, 2, 3, 2.5, True,
           ([0, 0, 1, 0, 0, 1], [0, 0, 2, 1, 0, 2], [NAN, NAN, 6, NAN, NAN, 6], [NAN, NAN, 9, NAN, NAN, 9])),
    MaCase("smoothed range, no exits", MA_HIGH, MA_LOW, MA_CLOSE, 1, 2, 2, 2, 4, 0, False,
           ([0, 0, 1, -1, 0, 1], [0] * 6, [NAN, NAN, 5, 4.5, NAN, 5.125], [NAN, NAN, 10, 9, NAN, 10.25])),
    MaCase("nothing at all before the range is known", MA_HIGH, MA_LOW, MA_CLOSE, 1, 2, 4, 1, 1, 0, True,
           ([0, 0, 0, -1, 0, 1], [0, 0, 0, 1, 0, 2],
            [NAN, NAN, NAN, 2.25, NAN, 2.390625], [NAN, NAN, NAN, 2.25, NAN, 2.390625])),
    MaCase("first known state is not a cross", [11, 13, 14], [9, 11, 12], [10, 12, 13], 1, 2, 1, 1, 1, 0, True,
           ([0] * 3, [0] * 3, [NAN] * 3, [NAN] * 3)),
    MaCase("down from level is a cross", [11, 11, 10], [9, 9, 8], [10, 10, 9], 1, 2, 1, 1, 2, 0, True,
           ([0, 0, -1], [0, 0, 1], [NAN, NAN, 2], [NAN, NAN, 4])),
    MaCase("rounding noise is level", [11, 11, 11, 12], [9, 9, 9, 10], [10, 10, 10.000000000001, 11],
           1, 2, 1, 1, 2, 0, True, ([0, 0, 0, 1], [0, 0, 0, 2], [NAN, NAN, NAN, 2], [NAN, NAN, NAN, 4])),
    # averages 6 < 8 on bar 3 and 8 > 7.5 on bar 4, where the price stands still
    MaCase("no range: leaves, does not enter", [10, 10, 4, 8, 8], [10, 10, 4, 8, 8], [10, 10, 4, 8, 8],
           2, 4, 1, 1, 2, 0, True, ([0] * 5, [0, 0, 0, 0, 2], [NAN] * 5, [NAN] * 5)),
]
# fmt: on
