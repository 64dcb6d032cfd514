"""How fast other libraries are at the same work, beside plain C and ours, in one run.

The work: SMA 10/20 cross, Wilder ATR of 14, stop 2 and target 3 ATR, one position, over bars of a random walk; indicators,
decisions, fills and the list of trades, then the same with P&L and marked equity. Ours is called as a user calls it, every
check on. C (bench/peers/reference.c) is compiled on the spot; its trades have to be ours to the last bit, or the run stops.
Peers run in environments of their own (bench/peers/environments.sh makes them), in processes that stay alive, each with
its own indicators and the fills of its documentation. Everybody takes a turn in every round, forwards and backwards in
turn; the first round warms up and does not count. Speeds are medians; ratios are medians of the ratios within a round, and
are what counts: absolute times move with the machine and with whatever else it does.

`python bench/peers.py [rounds]` prints a table and writes bench/results/peers.json.
"""

import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from agreement import Given
from asking import NotRun, Peer
from numba_loop import fused
from plain_c import SAME, Reference, reference
from timing import save
from walks import crosses, put_down, random_walk

from tradeworthy.backtest.account import Account
from tradeworthy.backtest.charges import Commission, Slippage, Swap
from tradeworthy.backtest.costs import Costs
from tradeworthy.backtest.engine import run_backtest
from tradeworthy.backtest.fills import FillRules
from tradeworthy.backtest.result import Result
from tradeworthy.controls.calibration import Calibration
from tradeworthy.controls.sizing import FixedFraction
from tradeworthy.market.bars import Bars
from tradeworthy.strategies.ma_cross import MaCrossover

STRATEGY = MaCrossover(10, 20, stop_atr=2, target_atr=3)
COSTS = Costs(0.8, Commission(per_lot=3.5), Slippage(0.1, 0.02), Swap(-0.5, -0.3))
ACCOUNT = Account(1e9, sizing=FixedFraction(0.01), calibration=Calibration(drawdown=False))
"""Without the drawdown stop, which would end such a losing account early and leave nothing to measure."""
OURS, C = "tradeworthy", "C -O3"
MANY, FEW = 1_000_000, 100_000

Turn = Callable[[], float]
"""Does the work once and gives its seconds."""


@dataclass(frozen=True, slots=True)
class Race:
    """The same work by everybody."""

    work: str
    bars: int
    turns: dict[str, Turn]
    not_run: dict[str, str]


def here(work: Callable[[], object]) -> Turn:
    """A turn within this process."""

    def turn() -> float:
        began = time.perf_counter()
        work()
        return time.perf_counter() - began

    return turn


def there(peer: Peer, path: Path, **details: str) -> Turn:
    """A turn within a peer's process, timed there."""
    return lambda: float(peer.ask("time", bars=str(path), **details))


def whole(bars: Bars) -> tuple[Result, object, object]:
    """Ours with everything that is computed when it is asked for."""
    result = run_backtest(bars, STRATEGY)
    return result, result.equity, result.trades.pnl


def check(bars: Bars, made: Reference, exact: bool) -> None:
    """Raises SystemExit unless C's trades are ours: to the last bit, or to 1e-9 where C may round otherwise."""
    count = made.run()
    trades = run_backtest(bars, STRATEGY).trades
    names = (
        "side",
        "signal_index",
        "entry_index",
        "exit_index",
        "reason",
        "entry_price",
        "exit_price",
        "stop",
        "target",
    )
    if count != len(trades) or not all(
        np.allclose(made.columns[name][:count], getattr(trades, name), rtol=0, atol=0 if exact else 1e-9)
        for name in names
    ):
        raise SystemExit(f"the trades of C are not ours: {count} and {len(trades)}")


def in_c(bars: Bars, not_run: dict[str, str], *flags: str) -> dict[str, Turn]:
    """C with our operations, with those of the textbook, and written for speed alone."""
    turns: dict[str, Turn] = {}
    for name, more in ((C, SAME), (f"{C}, the textbook's divisions", ("-DPLAIN",)), (f"{C}, any order", ())):
        try:
            made = reference(bars, *more, *flags)
        except NotRun as reason:
            not_run[name] = str(reason)
            continue
        check(bars, made, exact=more == SAME)
        turns[name] = here(made.run)
        if more == SAME:
            turns[f"{C}, into fresh arrays"] = here(made.run_fresh)
    return turns


def in_numba(bars: Bars) -> Turn:
    """One loop by hand; raises SystemExit when its trades are not ours."""
    marks, prices = np.zeros((len(bars), 4), np.int64), np.zeros((len(bars), 2))

    def work() -> int:
        return fused(bars.open, bars.high, bars.low, bars.close, 10, 20, 14, 2.0, 3.0, marks, prices)

    count, trades = work(), run_backtest(bars, STRATEGY).trades
    if not np.array_equal(marks[:count, 1], trades.exit_index) or not np.array_equal(
        prices[:count, 1], trades.exit_price
    ):
        raise SystemExit("the trades of the numba loop are not ours")
    return here(work)


def peer_turns(
    stack: ExitStack, wanted: dict[str, tuple[str, dict[str, str]]], path: Path, not_run: dict[str, str]
) -> dict[str, Turn]:
    """Turns of the peers that can be started: name -> (environment, details of the question)."""
    turns: dict[str, Turn] = {}
    for name, (environment, details) in wanted.items():
        try:
            peer = stack.enter_context(Peer(environment, f"run_{environment}"))
            turns[f"{name.replace(environment, f'{environment} {peer.version}')}"] = there(peer, path, **details)
        except NotRun as reason:
            not_run[name] = str(reason)
    return turns


def vectorbts(work: str) -> dict[str, tuple[str, dict[str, str]]]:
    """vectorbt with either of its engines."""
    return {f"vectorbt, {engine}": ("vectorbt", {"engine": engine, "work": work}) for engine in ("numba", "rust")}


def races(stack: ExitStack, folder: Path) -> Iterator[Race]:
    """Every comparison, made when its turn comes."""
    bars = random_walk(MANY)
    decisions = crosses(bars)
    path = put_down(folder / "many.npz", bars, decisions)

    missing: dict[str, str] = {}
    turns = in_c(bars, missing) | {OURS: here(lambda: run_backtest(bars, STRATEGY))}
    yield Race("one backtest: trades, C and ours in turn", MANY, turns, missing)

    missing = {}
    turns = in_c(bars, missing, "-DEQUITY", "-DEXCURSIONS") | {OURS: here(lambda: whole(bars))}
    yield Race("trades, excursions, P&L and equity, C and ours in turn", MANY, turns, missing)

    missing = {}
    turns = in_c(bars, missing) | {
        "numba, one loop by hand": in_numba(bars),
        OURS: here(lambda: run_backtest(bars, STRATEGY)),
    }
    yield Race("one backtest: trades", MANY, turns | peer_turns(stack, vectorbts("trades"), path, missing), missing)

    missing = {}
    turns = in_c(bars, missing, "-DEQUITY", "-DEXCURSIONS") | {OURS: here(lambda: whole(bars))}
    turns |= peer_turns(stack, vectorbts("equity"), path, missing)
    yield Race("trades, excursions, P&L and equity", MANY, turns, missing)

    missing = {}
    at_close = FillRules(entry="close")
    turns = {OURS: here(lambda: run_backtest(bars, Given(decisions), at_close))}
    turns |= peer_turns(stack, vectorbts("fills"), path, missing)
    yield Race("fills alone, of given decisions at the close", MANY, turns, missing)

    missing = {}
    turns = in_c(bars, missing) | {OURS: here(lambda: run_backtest(bars, STRATEGY, costs=COSTS, account=ACCOUNT))}
    yield Race("ours with spread, commission, slippage, swap, sizing by the stop and calibration", MANY, turns, missing)

    few = random_walk(FEW)
    path = put_down(folder / "few.npz", few)
    missing = {}
    wanted: dict[str, tuple[str, dict[str, str]]] = {
        "backtesting": ("backtesting", {}),
        "backtrader": ("backtrader", {}),
    }
    turns = in_c(few, missing) | {OURS: here(lambda: run_backtest(few, STRATEGY))}
    yield Race("one backtest: trades", FEW, turns | peer_turns(stack, wanted, path, missing), missing)


def run(race: Race, rounds: int) -> dict[str, list[float]]:
    """Seconds of each turn by name; a peer that gives up is named and taken out."""
    taken: dict[str, list[float]] = {name: [] for name in race.turns}
    for number in range(rounds + 1):
        names = list(taken)
        for name in names if number % 2 else reversed(names):
            try:
                seconds = race.turns[name]()
            except NotRun as reason:
                race.not_run[name] = str(reason)
                del taken[name]
                continue
            if number:
                taken[name].append(seconds)
    return taken


def ratio(taken: dict[str, list[float]], name: str, to: str) -> float | None:
    """How many times as fast as `to`: the median over rounds."""
    if to not in taken:
        return None
    return statistics.median(base / own for own, base in zip(taken[name], taken[to], strict=True))


def rows(race: Race, taken: dict[str, list[float]]) -> Iterator[dict[str, Any]]:
    """Figures by contestant."""
    for name, seconds in taken.items():
        yield {
            "work": race.work, "bars": race.bars, "who": name, "bars_per_s": race.bars / statistics.median(seconds),
            "to_ours": ratio(taken, name, OURS), "to_c": ratio(taken, name, C), "rounds": len(seconds),
        }  # fmt: skip
    for name, reason in race.not_run.items():
        yield {"work": race.work, "bars": race.bars, "who": name, "not_run": reason}


def shown(value: float | None) -> str:
    """A ratio with as many digits as it deserves; small ones as one part of many."""
    if value is None:
        return "-"
    return f"1/{1 / value:,.0f}" if value < 0.1 else f"{value:.2f}"


def main() -> None:
    """Race, print a table, and write bench/results/peers.json."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 15
    figures: list[dict[str, Any]] = []
    print("| work | who | to ours | to C | bars/s |\n|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        for race in races(stack, Path(folder)):
            for row in rows(race, run(race, rounds if race.bars == MANY else min(rounds, 5))):
                figures.append(row)
                told = (
                    f"NOT RUN: {row['not_run']} | | |"
                    if "not_run" in row
                    else f"{shown(row['to_ours'])} | {shown(row['to_c'])} | {row['bars_per_s']:,.0f} |"
                )
                print(f"| {row['work']}, {row['bars']:,} bars | {row['who']} | {told}", flush=True)
    save("peers", {"rows": figures})


if __name__ == "__main__":
    main()
