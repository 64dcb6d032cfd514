"""Paper cases: slippage, spreads, quotes, fees, nights, conversion, finer bars."""

from __future__ import annotations

from datetime import UTC, date, datetime

from support.money_case import (
    FLAT,
    GAP_DOWN,
    HOUR,
    LOSS,
    MINUTE,
    NAN,
    UP,
    WIDE,
    Bar,
    MoneyCase,
    candles,
    long_,
    out,
    short,
)
from support.plain_backtest import Rules
from support.plain_conditions import moment_ns, nights
from support.plain_setup import Account, Candles, Commission, Setup, Swap

TEN = Account(10_000, ("units", 10))
HALF = [0.5] * 4
MINUS_HALF = [-0.5] * 4
UP_BARS = candles(UP)
FALL = candles([(100, 101, 99, 100), (100, 101, 99.5, 100), (100, 101, 97, 98), (98, 99, 97, 98)])
GAP = candles(GAP_DOWN)
AT_CLOSE = Rules(entry="close")
HOLD_ONE_BAR = [long_(0), out(1)]  # in UP: in at 100, out at 101

# fmt: off
ASK_QUOTES = Candles([100.5, 100.25, 101.25, 103.5], [101.5, 103, 104.5, 105.5], [99.5, 99.5, 101, 103], [101, 102, 104, 105])

SLIPPAGE = [
    # in 100 + 0.5, stop 100.5 - 2 = 98.5, not in bar 1 (low 99.5); out 98.5 - 0.5; 10 x (98 - 100.5) = -25
    # r -25 / (10 x 2); furthest against 100.5 - 98, for 101 - 100.5; equity of bar 1: 10 x (100 - 100.5)
    MoneyCase("slippage on the entry, and on the stop that is measured from it",
              Setup(FALL, [long_(0, stop=2)], TEN, slippage=HALF),
              [{"entry_index": 1, "exit_index": 2, "entry_price": 100.5, "stop": 98.5, "exit_price": 98,
                "reason": "STOP", "pnl": -25, "r": -1.25, "mae": 2.5, "mfe": 0.5, "balance": 9975}],
              [10_000, 9995, 9975, 9975]),
    # in 99.5, stop 102, just touched by bar 1, out 102.5; 10 x (99.5 - 102.5); r -30 / 25
    MoneyCase("slippage of a short goes the other way",
              Setup(UP_BARS, [short(0, stop=2.5)], TEN, slippage=HALF),
              [{"entry_price": 99.5, "stop": 102, "exit_index": 1, "exit_price": 102.5, "pnl": -30, "r": -1.2}],
              [10_000, 9970, 9970, 9970]),
    # in 100.5, target 103.5, out there; 10 x 3; r 30 / 20; bar 1: 10 x (101 - 100.5)
    MoneyCase("a target does not slip", Setup(UP_BARS, [long_(0, stop=2, target=3)], TEN, slippage=HALF),
              [{"entry_price": 100.5, "target": 103.5, "exit_price": 103.5, "reason": "TARGET", "pnl": 30, "r": 1.5}],
              [10_000, 10_005, 10_030, 10_030]),
    # in 99.5, target 96.5, bar 2 opens at 96: out there; 10 x 3.5; bar 1: 10 x (99.5 - 100)
    MoneyCase("a gap through a target does not slip", Setup(GAP, [short(0, target=3)], TEN, slippage=HALF),
              [{"exit_price": 96, "reason": "TARGET", "pnl": 35, "r": NAN}], [10_000, 9995, 10_035, 10_035]),
    # in 100.5, out 101 - 0.5
    MoneyCase("leaving by signal slips", Setup(UP_BARS, HOLD_ONE_BAR, TEN, slippage=HALF),
              [{"exit_index": 2, "exit_price": 100.5, "reason": "SIGNAL", "pnl": 0, "r": NAN}],
              [10_000, 10_005, 10_000, 10_000]),
    # stop 98.5, bar 2 opens at 96: out 96 - 0.5; 10 x (95.5 - 100.5); r -50 / 20
    MoneyCase("a gap through the stop slips from the open", Setup(GAP, [long_(0, stop=2)], TEN, slippage=HALF),
              [{"exit_price": 95.5, "pnl": -50, "r": -2.5}], [10_000, 9995, 9950, 9950]),
    # out 98.5 - 0.5
    MoneyCase("a gap through the stop filled at the trigger slips from there",
              Setup(GAP, [long_(0, stop=2)], TEN, Rules(gap="trigger"), slippage=HALF),
              [{"exit_price": 98, "pnl": -25, "r": -1.25}], [10_000, 9995, 9975, 9975]),
    # in 100.25, out 101 - 1; bar 1: 10 x (101 - 100.25)
    MoneyCase("each bar has its own slippage", Setup(UP_BARS, HOLD_ONE_BAR, TEN, slippage=[0, 0.25, 1, 0]),
              [{"entry_price": 100.25, "exit_price": 100, "pnl": -2.5}], [10_000, 10_007.5, 9997.5, 9997.5]),
    # in 100 + 0.5 at the close of bar 0, out 103 - 0.5 at the close of bar 2; paper without slippage
    MoneyCase("slippage at the close", Setup(UP_BARS, [long_(0), out(2)], TEN, AT_CLOSE, slippage=HALF),
              [{"entry_index": 0, "entry_price": 100.5, "exit_index": 2, "exit_price": 102.5, "pnl": 20}],
              [9995, 10_005, 10_020, 10_020]),
    # in 100.5; stop from the close of bar 0: 98; bar 2 low 97: out 98 - 0.5; 10 x (97.5 - 100.5)
    MoneyCase("a stop measured from the signal's close is not moved by slippage",
              Setup(FALL, [long_(0, stop=2)], TEN, Rules(stops_from="signal_close"), slippage=HALF),
              [{"stop": 98, "exit_price": 97.5, "pnl": -30, "r": -1.5}], [10_000, 9995, 9970, 9970]),
]

SPREADS = [
    # in 100 + 0.5, out 101 - 1; bar 1: 10 x (101 - 0.5 - 100.5)
    MoneyCase("each bar has its own spread",
              Setup(UP_BARS, HOLD_ONE_BAR, TEN, ask_offset=[0.5, 0.5, 1, 0.5], bid_offset=[-0.5, -0.5, -1, -0.5]),
              [{"entry_price": 100.5, "exit_price": 100, "pnl": -5}], [10_000, 10_000, 9995, 9995]),
    # sold at the bid 100; stop 102.5, in the ask bar's 103 and not in the bid bar's 102
    MoneyCase("quotes: a short is stopped where the ask was",
              Setup(UP_BARS, [short(0, stop=2.5)], TEN, quotes=(UP_BARS, ASK_QUOTES)),
              [{"entry_price": 100, "exit_index": 1, "exit_price": 102.5, "pnl": -25}], [10_000, 9975, 9975, 9975]),
    # bought at the ask 100.25, left at the bid 101; bar 1: 10 x (101 - 100.25)
    MoneyCase("quotes: a long buys at the ask and sells at the bid",
              Setup(UP_BARS, HOLD_ONE_BAR, TEN, quotes=(UP_BARS, ASK_QUOTES)),
              [{"entry_price": 100.25, "exit_price": 101, "pnl": 7.5}], [10_000, 10_007.5, 10_007.5, 10_007.5]),
]

FEES = [
    # 0.05 x 10 at each end; 10 x 1 - 1; bar 1: 10 x 1 - 0.5
    MoneyCase("commission per unit", Setup(UP_BARS, HOLD_ONE_BAR, TEN, commission=Commission(per_unit=0.05)),
              [{"commission": 1, "pnl": 9, "balance": 10_009}], [10_000, 10_009.5, 10_009, 10_009]),
    # 3.5 x 10 / 100 = 0.35 at each end
    MoneyCase("commission per lot", Setup(UP_BARS, HOLD_ONE_BAR, TEN, commission=Commission(per_lot=3.5, lot_units=100)),
              [{"commission": 0.7, "pnl": 9.3}], [10_000, 10_009.65, 10_009.3, 10_009.3]),
    # 10 units of 2 at half an account unit: 0.1% of 1000 in, of 1010 out; gross 20 x 1 x 0.5 = 10
    MoneyCase("commission on the notional, with contract multiplier and rate",
              Setup(UP_BARS, HOLD_ONE_BAR, Account(10_000, ("units", 10), contract=2),
                    rate=HALF, commission=Commission(percent=0.1)),
              [{"commission": 2.01, "pnl": 7.99}], [10_000, 10_009, 10_007.99, 10_007.99]),
    # 0.5 is under 2: 2 at each end
    MoneyCase("the least commission", Setup(UP_BARS, HOLD_ONE_BAR, TEN, commission=Commission(per_unit=0.05, minimum=2)),
              [{"commission": 4, "pnl": 6}], [10_000, 10_008, 10_006, 10_006]),
    # 0.5 + 0.35 + 0.1% of 1000 = 1.85 in; 0.5 + 0.35 + 1.01 = 1.86 out
    MoneyCase("all kinds of commission add up",
              Setup(UP_BARS, HOLD_ONE_BAR, TEN, commission=Commission(0.05, 3.5, 100, 0.1)),
              [{"commission": 3.71, "pnl": 6.29}], [10_000, 10_008.15, 10_006.29, 10_006.29]),
    # in 100.5, marked at 104 without slippage: 35 - 0.5
    MoneyCase("a trade open at the end has paid one fee, and leaving costs nothing yet",
              Setup(UP_BARS, [long_(0)], TEN, slippage=HALF, commission=Commission(per_unit=0.05)),
              [{"reason": "OPEN", "exit_index": 3, "exit_price": 104, "commission": 0.5, "pnl": 34.5, "balance": 10_034.5}],
              [10_000, 10_004.5, 10_024.5, 10_034.5]),
    # fee 5 a side; stop 2, target 3: 10 x 3 - 10 = 20; r 20 / 20
    MoneyCase("r counts the fees", Setup(UP_BARS, [long_(0, stop=2, target=3)], TEN, commission=Commission(per_unit=0.5)),
              [{"pnl": 20, "r": 1}], [10_000, 10_005, 10_020, 10_020]),
]

# 10 January 2024 was a Wednesday; 17:00 in New York was 22:00 UTC: the close of bar 2 and the open of bar 3
WEDNESDAY = moment_ns(datetime(2024, 1, 10, 19, tzinfo=UTC))
NIGHTS = nights(date(2024, 1, 8), date(2024, 1, 12))
PAYS = Swap(NIGHTS, long_value=-0.1)  # 10 units, three nights: 10 x 3 x -0.1 = -3
QUIET = candles([FLAT] * 6, start=WEDNESDAY)
STOPPED_IN_BAR_2 = candles([FLAT, FLAT, LOSS, FLAT], start=WEDNESDAY)
STOPPED_IN_BAR_3 = candles([FLAT, FLAT, FLAT, LOSS], start=WEDNESDAY)
GAP_AT_17: list[Bar] = [FLAT, FLAT, FLAT, (96, 97, 95, 96)]
NOON = moment_ns(datetime(2024, 1, 10, 12, tzinfo=UTC))
FOUR_HOURS = candles([FLAT, LOSS, FLAT], 4 * HOUR, NOON + 4 * HOUR)

FINANCING = [
    MoneyCase("an entry at the 17:00 open does not pay", Setup(QUIET, [long_(2), out(3)], TEN, swap=PAYS),
              [{"entry_index": 3, "exit_index": 4, "swap": 0, "pnl": 0}], [10_000] * 6),
    # bar 2 closes at the moment, so that night is not yet in its equity
    MoneyCase("an exit at the 17:00 open pays, and Wednesday three times", Setup(QUIET, [long_(0), out(2)], TEN, swap=PAYS),
              [{"exit_index": 3, "swap": -3, "pnl": -3}], [10_000, 10_000, 10_000, 9997, 9997, 9997]),
    MoneyCase("a gap at the 17:00 open pays: 10 x -4 - 3",
              Setup(candles(GAP_AT_17, start=WEDNESDAY), [long_(0, stop=2)], TEN, swap=PAYS),
              [{"exit_price": 96, "swap": -3, "pnl": -43}], [10_000, 10_000, 10_000, 9957]),
    # the open decides, though the price is the level's: 10 x -2 - 3
    MoneyCase("a gap at the 17:00 open filled at the trigger pays",
              Setup(candles(GAP_AT_17, start=WEDNESDAY), [long_(0, stop=2)], TEN, Rules(gap="trigger"), swap=PAYS),
              [{"exit_price": 98, "swap": -3, "pnl": -23}], [10_000, 10_000, 10_000, 9977]),
    MoneyCase("a stop inside the bar that closes at 17:00 does not pay",
              Setup(STOPPED_IN_BAR_2, [long_(0, stop=2)], TEN, swap=PAYS),
              [{"exit_index": 2, "swap": 0, "pnl": -20}], [10_000, 10_000, 9980, 9980]),
    MoneyCase("a stop inside the bar that opens at 17:00 pays",
              Setup(STOPPED_IN_BAR_3, [long_(0, stop=2)], TEN, swap=PAYS),
              [{"exit_index": 3, "swap": -3, "pnl": -23}], [10_000, 10_000, 10_000, 9977]),
    # in at 20:00, 17:00 in New York is 22:00, the bar ends at 24:00: nobody knows, so it pays
    MoneyCase("a stop inside a bar with 17:00 in the middle pays", Setup(FOUR_HOURS, [long_(0, stop=2)], TEN, swap=PAYS),
              [{"entry_index": 1, "exit_index": 1, "swap": -3, "pnl": -23}], [10_000, 9977, 9977]),
    # in at 16:00 UTC, out at the open of 20:00, two hours before the moment: 10 x 4
    MoneyCase("a gap through the target at an open before 17:00 does not pay",
              Setup(candles([FLAT, FLAT, (104, 105, 103, 104)], 4 * HOUR, NOON), [long_(0, target=3)], TEN, swap=PAYS),
              [{"exit_index": 2, "exit_price": 104, "swap": 0, "pnl": 40}], [10_000, 10_000, 10_040]),
    MoneyCase("an entry at the 17:00 close pays", Setup(QUIET, [long_(2), out(3)], TEN, AT_CLOSE, swap=PAYS),
              [{"entry_index": 2, "exit_index": 3, "swap": -3, "pnl": -3}], [10_000] * 3 + [9997] * 3),
    MoneyCase("an exit at the 17:00 close does not pay", Setup(QUIET, [long_(0), out(2)], TEN, AT_CLOSE, swap=PAYS),
              [{"entry_index": 0, "exit_index": 2, "swap": 0, "pnl": 0}], [10_000] * 6),
    # just before the moment, and just after it
    MoneyCase("in at the 17:00 close and out at the 17:00 open pays: 10 x -4 - 3",
              Setup(candles(GAP_AT_17, start=WEDNESDAY), [long_(2, stop=2)], TEN, AT_CLOSE, swap=PAYS),
              [{"entry_index": 2, "exit_index": 3, "swap": -3, "pnl": -43}], [10_000, 10_000, 10_000, 9957]),
    MoneyCase("a trade open at a last close of 17:00 has not paid",
              Setup(candles([FLAT] * 3, start=WEDNESDAY), [long_(0)], TEN, swap=PAYS),
              [{"reason": "OPEN", "swap": 0, "pnl": 0}], [10_000] * 3),
    # 3.65% / 365 of 100 = 0.01 a night and unit; three nights, 10 units of 2: -0.6, and at half: -0.3
    MoneyCase("percent a year of the entry price, with contract multiplier and rate",
              Setup(QUIET, [long_(0), out(2)], Account(10_000, ("units", 10), contract=2),
                    swap=Swap(NIGHTS, long_percent=-3.65), rate=[0.5] * 6),
              [{"swap": -0.6, "pnl": -0.3}], [10_000] * 3 + [9999.7] * 3),
    # 10 x 3 x (0.02 + 0.01)
    MoneyCase("a short earns by its own numbers",
              Setup(QUIET, [short(0), out(2)], TEN, swap=Swap(NIGHTS, -0.1, 0.02, -3.65, 3.65)),
              [{"swap": 0.9, "pnl": 0.9}], [10_000] * 3 + [10_000.9] * 3),
]

CONVERSION = [
    # 10 x 1 x 0.8 at the rate of the exit; r 8 / (10 x 2 x 0.5) at the rate of the entry; bar 1: 10 x 1 x 0.5
    MoneyCase("money at the exit's rate, risk at the entry's",
              Setup(UP_BARS, [long_(0, stop=2), out(1)], TEN, rate=[0.5, 0.5, 0.8, 0.8]),
              [{"pnl": 8, "r": 0.8}], [10_000, 10_005, 10_008, 10_008]),
    # the second is entered in bar 2, where the rate is known: 10 x 2 x 0.5, then 10 x 3 x 0.5
    MoneyCase("nothing is entered before the first rate", Setup(UP_BARS, [long_(0), long_(1)], TEN, rate=[NAN, NAN, 0.5, 0.5]),
              [{"signal_index": 1, "entry_index": 2, "entry_price": 101, "reason": "OPEN", "pnl": 15}],
              [10_000, 10_000, 10_010, 10_015], [(0, "NO_RATE")]),
    # the rate of the bar in which it is filled, not of the bar after
    MoneyCase("at the close the rate of that same bar is asked for", Setup(UP_BARS, [long_(0)], TEN, AT_CLOSE, rate=[NAN, 1, 1, 1]),
              [], [10_000] * 4, [(0, "NO_RATE")]),
]


def quarters(bars: list[Bar], first_minute: int = 120) -> Candles:
    """Bars of 15 minutes; minute 120 is the open of bar 2."""
    return candles(bars, 15 * MINUTE, first_minute * MINUTE)


BOTH = [long_(0, stop=2, target=3)]  # stop 98, target 103; bar 2 of WIDE holds both
WIDE_BARS = candles(WIDE)
TO_STOP = [(100.0, 101.0, 97.0, 98.0), (98.0, 104.0, 98.0, 103.0)]
TO_TARGET = [(100.0, 102.0, 99.0, 101.0), (101.0, 103.5, 99.0, 103.0), (103.0, 104.0, 96.0, 101.0)]
STOPPED = {"exit_index": 2, "exit_price": 98, "reason": "STOP", "pnl": -20, "ambiguous": False}
REACHED = {"exit_index": 2, "exit_price": 103, "reason": "TARGET", "pnl": 30, "ambiguous": False}
LOST, WON = [10_000, 10_000, 9980, 9980], [10_000, 10_000, 10_030, 10_030]
TARGET_FIRST = Rules(both="target")

FINER = [
    MoneyCase("finer bars say stop, whatever the rule", Setup(WIDE_BARS, BOTH, TEN, TARGET_FIRST, finer=quarters(TO_STOP)),
              [STOPPED], LOST),
    MoneyCase("finer bars say target, whatever the rule", Setup(WIDE_BARS, BOTH, TEN, finer=quarters(TO_TARGET)), [REACHED], WON),
    MoneyCase("finer bars of another hour say nothing", Setup(WIDE_BARS, BOTH, TEN, finer=quarters(TO_TARGET, 180)),
              [STOPPED | {"ambiguous": True}], LOST),
    MoneyCase("a finer bar that holds both says nothing, nor do those after it",
              Setup(WIDE_BARS, BOTH, TEN, TARGET_FIRST, finer=quarters([(100, 104, 96, 101), *TO_STOP])),
              [REACHED | {"ambiguous": True}], WON),
    MoneyCase("finer bars that reach neither level say nothing", Setup(WIDE_BARS, BOTH, TEN, finer=quarters([FLAT] * 4)),
              [STOPPED | {"ambiguous": True}], LOST),
    # the second opens at 103.5, beyond the target, and falls through the stop afterwards; the price is the level's
    MoneyCase("a finer bar that opens beyond a level has decided",
              Setup(WIDE_BARS, BOTH, TEN, finer=quarters([FLAT, (103.5, 104, 96, 97)])),
              [REACHED], WON),
    MoneyCase("a finer bar that opened before the bar is not inside it",
              Setup(WIDE_BARS, BOTH, TEN, finer=quarters([*TO_STOP[:1], *TO_TARGET], 115)), [REACHED], WON),
    # in 100.5, stop 98.5, target 103.5, which bar 2 holds at the bid; the first finer bar's bid low is 98.25
    MoneyCase("finer bars are read at the side one leaves at",
              Setup(candles([FLAT, (100, 101, 99.5, 100), *WIDE[2:]]), BOTH, TEN, ask_offset=HALF, bid_offset=MINUS_HALF,
                    finer=quarters([(100, 102, 98.75, 100), (100, 104.5, 99.5, 104)])),
              [{"exit_price": 98.5, "reason": "STOP", "pnl": -20, "ambiguous": False}], [10_000, 9990, 9980, 9980]),
]

PRICE_CASES: list[MoneyCase] = [*SLIPPAGE, *SPREADS, *FEES, *FINANCING, *CONVERSION, *FINER]
