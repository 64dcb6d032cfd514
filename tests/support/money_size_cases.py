"""Paper cases: sizes, limits, refusals, and calibration."""

from __future__ import annotations

from support.money_case import (
    FLAT,
    GAP_DOWN,
    HOUR,
    LOSS,
    MINUTE,
    NAN,
    UP,
    WIN,
    MoneyCase,
    candles,
    long_,
    out,
    short,
)
from support.plain_backtest import Rules
from support.plain_setup import Account, Calibration, Decision, Limits, Setup

UP_BARS = candles(UP)
GAP = candles(GAP_DOWN)
TEN = Account(10_000, ("units", 10))
ONE_PERCENT = ("fixed_fraction", 0.01)
KELLY_BARS = candles([FLAT, WIN, LOSS, FLAT])
THREE = [long_(bar, stop=2, target=4) for bar in range(3)]


# fmt: off
def sized(name: str, account: Account, stop: float, units: float, *, rate: float = 1.0, refused: str = "") -> MoneyCase:
    """Bought at 100 in UP with the signal's close at 100, held to the end at 104 (stop far enough)."""
    worth = units * account.contract * rate
    setup = Setup(UP_BARS, [long_(0, stop=stop)], account, rate=[rate] * 4)
    trades = [] if refused else [{"units": units, "reason": "OPEN", "pnl": 4 * worth}]
    equity = [account.start + worth * rise for rise in (0, 1, 3, 4)]
    return MoneyCase(name, setup, trades, equity, [(0, refused)] if refused else [])


SIZES = [
    sized("1% of 10000 lost over 2 is 50 units", Account(10_000, ONE_PERCENT), 2, 50),
    sized("with contract multiplier and rate: 100 / (2 x 0.5 x 4)", Account(10_000, ONE_PERCENT, contract=4), 2, 25, rate=0.5),
    sized("100 / 3 = 33.3, in lots of 10", Account(10_000, ONE_PERCENT, Limits(lot_step=10)), 3, 30),
    sized("30 is under the smallest order of 40", Account(10_000, ONE_PERCENT, Limits(10, 40)), 3, 0, refused="BELOW_MINIMUM"),
    sized("30 is the smallest order", Account(10_000, ONE_PERCENT, Limits(10, 30)), 3, 30),
    sized("0.3 x 10000 / 100 = 30 at most, in lots of 7", Account(10_000, ONE_PERCENT, Limits(7, leverage=0.3)), 2, 28),
    sized("leverage with contract multiplier and rate: 0.3 x 10000 / (4 x 100 x 0.5) = 15",
          Account(10_000, ONE_PERCENT, Limits(leverage=0.3), contract=4), 2, 15, rate=0.5),
    sized("leverage that leaves less than a lot", Account(10_000, ONE_PERCENT, Limits(10, leverage=0.05)), 2, 0,
          refused="BELOW_MINIMUM"),
    sized("the largest order", Account(10_000, ONE_PERCENT, Limits(max_units=20)), 2, 20),
    sized("0.3 is three steps of 0.1", Account(10_000, ("units", 0.3), Limits(0.1, 0.3)), 2, 0.3),
    sized("less than one lot is no trade", Account(10_000, ("units", 0.9)), 2, 0, refused="BELOW_MINIMUM"),
    sized("a share lost at the stop needs a stop", Account(10_000, ONE_PERCENT), NAN, 0, refused="NO_STOP"),
    sized("nothing is entered on nothing", Account(0, ("units", 10)), 2, 0, refused="NO_EQUITY"),
    # 10000 x 0.1 / (0.2 x 100)
    MoneyCase("volatility target", Setup(UP_BARS, [long_(0)], Account(10_000, ("volatility_target", 0.1)), volatility=[0.2]),
              [{"units": 50, "pnl": 200, "r": NAN}], [10_000, 10_050, 10_150, 10_200]),
    # 10000 x 0.1 / (0.2 x 100 x 0.5 x 4); money 25 x 4 x 0.5 = 50 a point
    MoneyCase("volatility target with contract multiplier and rate",
              Setup(UP_BARS, [long_(0)], Account(10_000, ("volatility_target", 0.1), contract=4), volatility=[0.2], rate=[0.5] * 4),
              [{"units": 25, "pnl": 200}], [10_000, 10_050, 10_150, 10_200]),
    MoneyCase("volatility that is not known",
              Setup(UP_BARS, [long_(0)], Account(10_000, ("volatility_target", 0.1)), volatility=[NAN]),
              [], [10_000] * 4, [(0, "NO_VOLATILITY")]),
    # the long wins 50 x 1; the short has 10050 x 0.01 / 6 = 16.75, in at 101, marked at 103 (-33.5) and at 104 (-50.25)
    MoneyCase("a reversal is sized from the balance after the old trade",
              Setup(UP_BARS, [long_(0, stop=2), short(1, stop=6, leave=1)], Account(10_000, ONE_PERCENT, Limits(0.25))),
              [{"units": 50, "pnl": 50, "balance": 10_050, "reason": "SIGNAL"},
               {"units": 16.75, "entry_price": 101, "pnl": -50.25, "balance": 9999.75, "reason": "OPEN"}],
              [10_000, 10_050, 10_016.5, 9999.75]),
]

# 10 x (96 - 100) = -40
RUIN = [
    MoneyCase("nothing is entered on a balance of zero",
              Setup(GAP, [long_(0, stop=2), long_(2, stop=2)], Account(40, ("units", 10))),
              [{"pnl": -40, "balance": 0}], [40, 40, 0, 0], [(1, "NO_EQUITY")]),
    MoneyCase("a book below zero is not liquidated by anybody: held from 100 over 96 to the end",
              Setup(GAP, [long_(0)], Account(30, ("units", 10))), [{"reason": "OPEN", "pnl": -40}], [30, 30, -10, -10]),
]

REFUSALS = [
    MoneyCase("a refused reversal leaves the old position and goes on flat",
              Setup(UP_BARS, [long_(0), short(1, leave=1)], TEN, passes=[True, False]),
              [{"exit_index": 2, "exit_price": 101, "reason": "SIGNAL", "pnl": 10}], [10_000, 10_010, 10_010, 10_010],
              [(1, "FILTERED")]),
    MoneyCase("the filter is asked first, and the next decision has its chance",
              Setup(UP_BARS, [long_(0), long_(1)], TEN, rate=[NAN, NAN, 1, 1], passes=[False, True]),
              [{"signal_index": 1, "entry_price": 101, "pnl": 30}], [10_000, 10_000, 10_020, 10_030], [(0, "FILTERED")]),
    MoneyCase("what would not have been carried out is not refused: held, or on the last bar",
              Setup(UP_BARS, [long_(0), long_(1), out(2), long_(3)], TEN, passes=[True, False, True, False]),
              [{"exit_index": 3, "pnl": 30}], [10_000, 10_010, 10_030, 10_030]),
    # left at the open of bar 2, where the short would have to be opened
    MoneyCase("an entry on the exit bar that the rules drop is not counted as refused",
              Setup(UP_BARS, [long_(0), short(1, leave=1)], TEN, Rules(reenter_on_exit_bar=False)),
              [{"exit_index": 2, "pnl": 10}], [10_000, 10_010, 10_010, 10_010]),
]

# Share 0.01 until two are closed: 10000 x 0.01 / 2 = 50 units win 200; 10200 x 0.01 / 2 = 51 lose 102: 10098.
# z = 0: p 0.5, b 2 / 1, f 0.5 - 0.5 / 2 = 0.25; times 0.4: 0.1 of 10098 over 1 x 2: 504.9
WINS = candles([FLAT, WIN, WIN, FLAT])
KELLY_MONEY = [10_000, 10_200, 10_098, 10_098]
KELLY_FIRST = [{"units": 50, "pnl": 200, "r": 2}, {"units": 51, "pnl": -102, "r": -1}]
KELLY = [
    MoneyCase("Kelly", Setup(KELLY_BARS, THREE, Account(10_000, ("kelly", 0.5, 0.4, 0, 2, 0.01))),
              [*KELLY_FIRST, {"units": 504, "pnl": 0}], KELLY_MONEY),
    MoneyCase("Kelly, at most 0.02 of 10098 over 2 = 100.98",
              Setup(KELLY_BARS, THREE, Account(10_000, ("kelly", 0.02, 0.4, 0, 2, 0.01))),
              [*KELLY_FIRST, {"units": 100, "pnl": 0}], KELLY_MONEY),
    # lower Wilson bound of 1 of 2 with z = 1.96: 0.0945; 0.0945 - 0.9055 / 2 < 0
    MoneyCase("Kelly without an edge", Setup(KELLY_BARS, THREE, Account(10_000, ("kelly", 0.5, 0.4, 1.96, 2, 0.01))),
              KELLY_FIRST, KELLY_MONEY, [(2, "NO_EDGE")]),
    # 10098 x 0.01 / 2 = 50.49
    MoneyCase("Kelly before there are enough trades", Setup(KELLY_BARS, THREE, Account(10_000, ("kelly", 0.5, 0.4, 0, 3, 0.01))),
              [*KELLY_FIRST, {"units": 50, "pnl": 0}], KELLY_MONEY),
    # 50 win 200; 10200: 51 win 204; 10404 x 0.01 / 2 = 52.02
    MoneyCase("Kelly while nothing has lost",
              Setup(WINS, THREE, Account(10_000, ("kelly", 0.5, 0.4, 0, 2, 0.01))),
              [{"pnl": 200}, {"units": 51, "pnl": 204}, {"units": 52, "pnl": 0}], [10_000, 10_200, 10_404, 10_404]),
    # The second: in 100.5, stop 98.5, out 98: 51 x -2.5 = -127.5, r -1.25. b 2 / 1.25 = 1.6, f 0.5 - 0.5 / 1.6 = 0.1875;
    # times 0.4: 0.075 of 10072.5 over 1.25 x 2: 302.175
    MoneyCase("Kelly divides by the mean losing R",
              Setup(KELLY_BARS, THREE, Account(10_000, ("kelly", 0.5, 0.4, 0, 2, 0.01)), slippage=[0, 0, 0.5, 0]),
              [KELLY_FIRST[0], {"pnl": -127.5, "r": -1.25}, {"units": 302, "pnl": 0}], [10_000, 10_200, 10_072.5, 10_072.5]),
]


def calibration(levels: list[str], day: int = 24 * HOUR, **other: object) -> Calibration:
    """A clock whose midnight is at the open of bar 0."""
    return Calibration(lambda at: at // day, lambda at: at % day // MINUTE, levels, **other)  # type: ignore[arg-type]


def normal(decisions: list[Decision]) -> Calibration:
    """Nothing but what happens to the account."""
    return calibration(["normal"] * len(decisions))


HUNDREDTHS = Limits(lot_step=0.01)
EVERY_OTHER = [long_(bar, stop=2) for bar in range(0, 16, 2)]  # filled in bars 1, 3, 5, ...: an hour after the last exit
MIXED = [long_(0, 2, 4), long_(2, 2, 4), out(3), long_(4, 2, 4), long_(6, 2, 4), long_(7, 2, 4)]
TURNING = [long_(0), short(1, leave=1), long_(2, leave=2), long_(3)]
FOUR = [long_(bar, stop=2) for bar in (0, 2, 4, 6)]

AFTER_LOSSES = [
    # 10, 9, 7.5, 5, 2.5 units lose 2 each. The fifth ends at 10:00: paused at 11:00, on the next (12-hour) day a quarter,
    # and its loss at 14:00 pauses that day at 15:00
    MoneyCase("losses in a row",
              Setup(candles([LOSS] * 16), EVERY_OTHER, Account(10_000, ("units", 10), HUNDREDTHS),
                    calibration=calibration(["normal"] * 8, 12 * HOUR)),
              [{"multiplier": m, "units": 10 * m, "pnl": -20 * m} for m in (1, 0.9, 0.75, 0.5, 0.25, 0.25)],
              [10_000, 9980, 9980, 9962, 9962, 9947, 9947, 9937, 9937, 9932, 9932, 9932, 9932, 9927, 9927, 9927],
              [(5, "STREAK"), (7, "STREAK")]),
    # -20, 0 (in and out at 100), 9 x -2, 7.5 x 4, then 10 again
    MoneyCase("a win ends the row, a trade of zero does not",
              Setup(candles([FLAT, LOSS, FLAT, FLAT, FLAT, LOSS, FLAT, WIN, FLAT]), MIXED,
                    Account(10_000, ("units", 10), HUNDREDTHS), calibration=normal(MIXED)),
              [{"multiplier": 1, "pnl": -20}, {"multiplier": 0.9, "pnl": 0}, {"multiplier": 0.9, "pnl": -18},
               {"multiplier": 0.75, "pnl": 30}, {"multiplier": 1, "pnl": 0}],
              [10_000, 9980, 9980, 9980, 9980, 9962, 9962, 9992, 9992]),
    # 200, 180, 120 units lose 400, 360, 240: drawdown 4%, 7.6%, 10%. 0.9; 0.75 x 0.8; then 0.5 x 0.5 x 0.4 = 0.1
    MoneyCase("the promised combination: extreme volatility, three losses, drawdown of 10%",
              Setup(candles([FLAT, LOSS, FLAT, LOSS, FLAT, LOSS, FLAT, FLAT]), FOUR, Account(10_000, ("units", 200), HUNDREDTHS),
                    calibration=calibration(["normal", "normal", "normal", "extreme"])),
              [{"multiplier": 1}, {"multiplier": 0.9}, {"multiplier": 0.6}, {"multiplier": 0.1, "units": 20, "pnl": 0}],
              [10_000, 9600, 9600, 9240, 9240, 9000, 9000, 9000]),
    # 1000 x 2 is 20%
    MoneyCase("a drawdown of 20% stops for good",
              Setup(candles([LOSS] * 8), FOUR, Account(10_000, ("units", 1000)), calibration=normal(FOUR)),
              [{"pnl": -2000}], [10_000] + [8000] * 7, [(1, "DRAWDOWN"), (2, "STOPPED"), (3, "STOPPED")]),
    # 300 units win 1200 and lose 600: above the start, but 600 / 11200 = 5.4% below the peak: 0.9 x 0.8
    MoneyCase("drawdown is from the peak",
              Setup(candles([FLAT, WIN, LOSS, FLAT, FLAT]), [long_(0, 2, 4), long_(1, 2, 4), long_(3, 2, 4)],
                    Account(10_000, ("units", 300)), calibration=normal(MIXED[:3])),
              [{"pnl": 1200}, {"pnl": -600, "multiplier": 1}, {"units": 216, "multiplier": 0.72}],
              [10_000, 11_200, 10_600, 10_600, 10_600]),
]

# One loss of 2 a unit, then an entry an hour later: 0.9 for the row, times the band of 4.99, 5, 9.99, 10 and 15 percent
BANDS = [
    MoneyCase(f"after a loss of {units * 2 / 100} percent the multiplier is {multiplier}",
              Setup(candles([FLAT, LOSS, FLAT, FLAT]), [long_(0, stop=2), long_(2, stop=2)],
                    Account(10_000, ("units", units), Limits(0.0001)), calibration=normal(THREE[:2])),
              [{"multiplier": 1}, {"multiplier": multiplier, "units": units * multiplier}],
              [10_000] + [10_000 - 2 * units] * 3)
    for units, multiplier in [(249.5, 0.9), (250, 0.72), (499.5, 0.72), (500, 0.45), (749.5, 0.45), (750, 0.225)]
]

LEVELS = [
    MoneyCase(f"volatility level {level!r}",
              Setup(UP_BARS, [long_(0)], TEN, calibration=calibration([level])),
              [{"multiplier": units / 10, "units": units}], [10_000, 10_000 + units, 10_000 + 3 * units, 10_000 + 4 * units])
    for level, units in [("low", 11), ("normal", 10), ("", 10), ("high", 7), ("extreme", 4)]
]

CLOCK = [
    # minutes 60 (0.7), 120 (its end: 1), 180 (0: refused); all in and out at 100, marked at 100
    MoneyCase("sessions", Setup(candles([FLAT] * 4), TURNING[:3], TEN,
                                calibration=calibration(["normal"] * 3, sessions=[(60, 120, 0.7), (180, 240, 0.0)])),
              [{"multiplier": 0.7, "units": 7}, {"multiplier": 1, "units": 10, "exit_index": 3}], [10_000] * 4, [(2, "SESSION")]),
    # days of four hours: two are opened in bars 1 and 2, the third would be in bar 3, bar 4 is another day
    MoneyCase("trades a day", Setup(candles([FLAT] * 5), TURNING, TEN,
                                    calibration=calibration(["normal"] * 4, 4 * HOUR, trades_a_day=2)),
              [{"entry_index": 1}, {"entry_index": 2}, {"entry_index": 4, "multiplier": 1}], [10_000] * 5, [(2, "TRADES_A_DAY")]),
]

EVERY_BAR = [long_(bar, stop=2) for bar in range(6)]
FIVE_MINUTES = [FLAT, LOSS, FLAT, FLAT, FLAT, FLAT, FLAT]

# Bars of five minutes; the loss in bar 1 ends at minute 10; entries would be at minutes 10, 15, 20, 25, 30
COOLDOWN = [
    MoneyCase(f"a loss of {2 * units / 100} percent waits {5 * times} minutes",
              Setup(candles(FIVE_MINUTES, 5 * MINUTE), EVERY_BAR,
                    Account(10_000, ("units", units), Limits(0.01)), calibration=normal(EVERY_BAR)),
              [{"entry_index": 1, "pnl": -2 * units}, {"entry_index": 2 + times, "multiplier": 0.9}],
              [10_000] + [10_000 - 2 * units] * 6, [(decision, "COOLDOWN") for decision in range(1, 1 + times)])
    for units, times in [(24, 1), (25, 2), (49, 2), (50, 3), (99, 3), (100, 4)]
] + [
    # left at the open of bar 2, minute 10: 0.4%; minute 15, the open of bar 3, is free
    MoneyCase("an exit at an open cools down from the open",
              Setup(candles(GAP_DOWN, 5 * MINUTE), [long_(0, stop=2), long_(2)],
                    TEN, calibration=normal(MIXED[:2])),
              [{"pnl": -40}, {"entry_index": 3, "units": 9, "reason": "OPEN"}], [10_000, 10_000, 9960, 9960]),
    MoneyCase("a reversal out of a loss is cooled down",
              Setup(GAP, [long_(0), short(1, leave=1)], TEN, calibration=normal(MIXED[:2])),
              [{"pnl": -40}], [10_000, 10_000, 9960, 9960], [(1, "COOLDOWN")]),
    # bought at the close of bar 1 (minute 10), stopped in bar 2, which ends at minute 15; the close of bar 3 is minute 20
    MoneyCase("with entry at the close the moment is the close's",
              Setup(candles([FLAT, FLAT, LOSS, FLAT], 5 * MINUTE), [long_(1, stop=2), long_(2, stop=2), long_(3, stop=2)],
                    TEN, Rules(entry="close"), calibration=normal(MIXED[:3])),
              [{"exit_index": 2, "pnl": -20}, {"entry_index": 3, "reason": "OPEN"}],
              [10_000, 10_000, 9980, 9980], [(1, "COOLDOWN")]),
]

SIZE_CASES: list[MoneyCase] = [
    *SIZES, *RUIN, *REFUSALS, *KELLY, *AFTER_LOSSES, *BANDS, *LEVELS, *CLOCK, *COOLDOWN,
]
