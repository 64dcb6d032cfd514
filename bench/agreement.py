"""Trade by trade against vectorbt, backtesting.py and backtrader, by setting our fill rules and nothing else.

Every engine gets the same bars and the same decisions (made by us, so that only fills are compared), one unit, cash that
refuses nothing and no costs. A trade is equal when side, entry bar and exit bar are the same and both prices are within
1e-9. Each difference is put down to a cause; one without a cause is counted as unexplained.

`python bench/agreement.py [bars of the random walk]`; the peers' environments are made by bench/peers/environments.sh.
"""

import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

import numpy as np
from asking import NotRun, Peer
from timing import save
from walks import SHARED, coins, crosses, held_to_the_end, put_down, random_walk

from tradeworthy.backtest.engine import run_backtest
from tradeworthy.backtest.fills import FillRules
from tradeworthy.market.bars import Bars
from tradeworthy.strategies.protocol import Decisions, DecisionStream
from tradeworthy.wiring.sources import read_bars

TOLERANCE = 1e-9
SIGNAL, OPEN = 3, 4

OPEN_BEYOND = "open beyond"
"""The bar opens beyond one level and holds the other: they take the level that they look at first, we the one at the open."""
STOP_BAR = "stop's bar"
"""A signal on the bar of a stop or target: they carry out one order a bar, and drop it."""
STOP_FIRST = "stop first"
"""A signal to be carried out at the open of a bar that later meets a stop or target: they take that, and drop the signal."""
LAST_BAR = "last bar"
"""A signal at the last close: they carry it out when the next bar comes, and there is none."""
FOLLOWS = "follows"
"""Comes of one of those before it, until both sides hold the same again."""
UNEXPLAINED = "unexplained"


@dataclass(frozen=True, slots=True)
class Case:
    """A way of using a peer, and the fill rules of ours that are to give the same trades."""

    peer: str
    mode: str
    rules: FillRules
    held: bool = False
    """Whether positions are left by stop and target only."""


CLOSE = FillRules(entry="close", open_first=False)
REVERSE = FillRules(entry="close", open_first=False, reenter_on_exit_bar="after_signal")
ONE_A_BAR = FillRules(entry="close", open_first=False, reenter_on_exit_bar=False)
LATE = FillRules(check_entry_bar=False, open_first=False)
FROM_CLOSE = FillRules(stops_from="signal_close", open_first=False)
CASES = (
    Case("vectorbt", "at the close, reverse", REVERSE),
    Case("vectorbt", "at the close, close", ONE_A_BAR),
    Case("vectorbt", "at the close, ignore", ONE_A_BAR, held=True),
    Case("vectorbt", "at the open, reverse", LATE),
    Case("vectorbt", "at the open, ignore", LATE, held=True),
    Case(
        "vectorbt",
        "at the open from the close, ignore",
        FillRules(stops_from="signal_close", check_entry_bar=False, open_first=False),
        held=True,
    ),
    Case("vectorbt", "in two rows, reverse", FillRules(open_first=False)),
    Case("backtesting", "with the order", FROM_CLOSE),
    Case("backtesting", "after the fill", LATE),
    Case("backtesting", "trade_on_close", CLOSE),
    Case("backtrader", "bracket", FillRules(stops_from="signal_close", check_entry_bar=False, open_first=False)),
    Case("backtrader", "oco from the fill", LATE),
    Case("backtrader", "oco with the order", FROM_CLOSE),
    Case("backtrader", "oco, target first", FillRules(stops_from="signal_close", both="target", open_first=False)),
    Case("backtrader", "coc", CLOSE),
)


@dataclass(frozen=True, slots=True)
class Row:
    """A trade of either side; `exit` and `left_at` are None of one still open, `reason` is known of ours only."""

    side: int
    entry: int
    exit: int | None
    entered_at: float
    left_at: float | None
    reason: int = 0

    @property
    def key(self) -> tuple[int, int]:
        """By which trades of both sides are laid beside each other."""
        return self.entry, self.side

    def equals(self, other: "Row") -> bool:
        """The same bars, side and prices."""
        ends = np.nan if self.left_at is None else self.left_at, np.nan if other.left_at is None else other.left_at
        return (
            (self.side, self.entry, self.exit) == (other.side, other.entry, other.exit)
            and abs(self.entered_at - other.entered_at) <= TOLERANCE
            and bool(np.isclose(*ends, rtol=0, atol=TOLERANCE, equal_nan=True))
        )


@dataclass(frozen=True, slots=True)
class Given:
    """A strategy whose decisions are there already."""

    made: Decisions
    name: str = "given"
    warm_up: int = 1
    parameters: Mapping[str, float | int | bool] = field(default_factory=dict)

    def decisions(self, bars: Bars) -> Decisions:
        """The decisions, which were made over these bars."""
        if len(self.made) and self.made.bar[-1] >= len(bars):
            raise ValueError("decisions over other bars")
        return self.made

    def stream(self) -> DecisionStream:
        """There is none."""
        raise NotImplementedError  # a stream is for live trading


def ours(bars: Bars, decisions: Decisions, rules: FillRules) -> list[Row]:
    """Our trades."""
    t = run_backtest(bars, Given(decisions), rules).trades
    names = (t.side, t.entry_index, t.exit_index, t.entry_price, t.exit_price, t.reason)
    rows = [Row(*one) for one in zip(*(column.tolist() for column in names), strict=True)]
    return [Row(row.side, row.entry, None, row.entered_at, None, OPEN) if row.reason == OPEN else row for row in rows]


def theirs(peer: Peer, path: Path, mode: str) -> list[Row]:
    """The peer's trades."""
    found: dict[str, list[Any]] = peer.ask("fill", bars=str(path), mode=mode)
    return [Row(*one) for one in zip(*found.values(), strict=True)]


def causes(bars: Bars, mine: list[Row], other: list[Row], rules: FillRules) -> Counter[str]:
    """Every trade of ours without an equal one, and every one of theirs without ours, by its cause."""
    counted: Counter[str] = Counter()
    pairs = {row.key: row for row in other}
    known = {row.key for row in mine}
    extra = [row for row in other if row.key not in known]
    apart = False
    for place, row in enumerate(mine):
        pair = pairs.get(row.key)
        if pair is not None and row.equals(pair):
            apart = False
            continue
        last = mine[place - 1] if place else None
        why = changed(bars, row, pair, rules) if pair is not None else dropped(bars, row, last, rules)
        counted[why or (FOLLOWS if apart else UNEXPLAINED)] += 1
        apart = True
    if extra:
        counted[FOLLOWS if counted else UNEXPLAINED] += len(extra)
    return counted


def dropped(bars: Bars, row: Row, last: Row | None, rules: FillRules) -> str | None:
    """Why the other side did not enter this trade of ours."""
    if rules.entry == "close" and row.entry == len(bars) - 1:
        return LAST_BAR
    if last is None or last.exit != row.entry:
        return None
    if rules.entry == "close":
        return None if last.reason in {SIGNAL, OPEN} else STOP_BAR
    return STOP_FIRST if last.reason == SIGNAL else None


def changed(bars: Bars, row: Row, pair: Row, rules: FillRules) -> str | None:
    """Why the other side left this trade of ours otherwise."""
    if row.exit is None or row.left_at is None or abs(row.entered_at - pair.entered_at) > TOLERANCE:
        return None
    if rules.entry == "close" and row.reason == SIGNAL and row.exit == len(bars) - 1 and pair.exit is None:
        return LAST_BAR
    if row.exit != pair.exit or pair.left_at is None or not bars.low[row.exit] <= pair.left_at <= bars.high[row.exit]:
        return None
    at_open = abs(row.left_at - bars.open[row.exit]) <= TOLERANCE
    return None if not at_open else STOP_FIRST if row.reason == SIGNAL else OPEN_BEYOND


def markets(walk: int) -> Iterator[tuple[str, list[tuple[Bars, Decisions]]]]:
    """Bars with decisions, by the name that the table prints."""
    made = random_walk(walk, gap=0.0002)
    real = [read_bars(path) for path in sorted(SHARED.glob("*_H4.parquet"))] if SHARED.is_dir() else []
    for name, bars in ((f"random walk, {walk:,} bars", [made]), (f"H4, {sum(map(len, real)):,} bars", real)):
        if bars:
            yield f"{name}, SMA 10/20", [(one, crosses(one)) for one in bars]
            yield f"{name}, by chance", [(one, coins(one)) for one in bars]


def compare(peer: Peer, case: Case, market: list[tuple[Bars, Decisions]], path: Path) -> dict[str, Any]:
    """Figures of one way of using a peer over one set of bars."""
    counts: Counter[str] = Counter()
    why: Counter[str] = Counter()
    for bars, decisions in market:
        used = held_to_the_end(decisions) if case.held else decisions
        mine, other = ours(bars, used, case.rules), theirs(peer, put_down(path, bars, used), case.mode)
        pairs = {row.key: row for row in other}
        equal = sum(row.key in pairs and row.equals(pairs[row.key]) for row in mine)
        counts.update(ours=len(mine), theirs=len(other), equal=equal)
        why += causes(bars, mine, other, case.rules)
    return {**counts, "differences": dict(why)}


def said(rules: FillRules) -> str:
    """Only what differs from our defaults."""
    default = FillRules()
    told = [
        f"{one.name}={getattr(rules, one.name)}"
        for one in fields(rules)
        if getattr(rules, one.name) != getattr(default, one.name)
    ]
    return ", ".join(told) or "defaults"


def cell(found: dict[str, Any]) -> str:
    """How many are equal, of how many, and why not the rest."""
    why = ", ".join(f"{count:,} {reason}" for reason, count in found["differences"].items())
    total = f"{found['equal']:,} of {found['ours']:,}"
    if found["theirs"] != found["ours"]:
        total += f" / {found['theirs']:,}"
    return total + (f" ({why})" if why else "")


def compare_peer(
    peer: Peer, sets: list[tuple[str, list[tuple[Bars, Decisions]]]], folder: Path
) -> Iterator[dict[str, Any]]:
    """Figures of every way of using a peer; prints a row for each."""
    for case in (each for each in CASES if peer.name == each.peer):
        found = {label: compare(peer, case, market, folder / "bars.npz") for label, market in sets}
        cells = " | ".join(cell(each) for each in found.values())
        print(f"| {case.peer} {peer.version} | {case.mode} | {said(case.rules)} | {cells} |", flush=True)
        yield {"mode": case.mode, "rules": asdict(case.rules), "markets": found}


def main() -> None:
    """Compare, print a table, and write bench/results/agreement.json."""
    walk = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    figures: dict[str, Any] = {}
    sets = list(markets(walk))
    print(f"| peer | way | our rules | {' | '.join(label for label, _ in sets)} |\n|---|---|---|{'---|' * len(sets)}")
    for name in dict.fromkeys(case.peer for case in CASES):
        try:
            with Peer(name, f"run_{name}") as peer, tempfile.TemporaryDirectory() as folder:
                figures[name] = {"version": peer.version, "cases": list(compare_peer(peer, sets, Path(folder)))}
        except NotRun as reason:
            figures[name] = {"not_run": str(reason)}
            print(f"| {name} | NOT RUN: {reason} |")
    save("agreement", figures)


if __name__ == "__main__":
    main()
