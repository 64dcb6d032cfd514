"""How often DEGRADED is said when nothing has changed: windows drawn from each baseline, over and over.

Each round draws, for every strategy of a book at once, a history and a window from that strategy's real trades (blocks
of ten, so that what dependence there is stays), runs the test as `validate` does, and counts rounds with any DEGRADED
and with a DEGRADED pool. Then the same trades are put into an order by chance, each strategy's among its own moments, and
judged whole, as `validate` judges them.
"""

import sys
from pathlib import Path

import numpy as np
from timing import save

from tradeworthy.api.progress import Silent
from tradeworthy.api.validation import validate
from tradeworthy.appraisal.book import Study
from tradeworthy.appraisal.judging import judge, window_until
from tradeworthy.appraisal.record import Validation
from tradeworthy.core.clock import WEEK_NS
from tradeworthy.core.verdict import StrategyVerdict
from tradeworthy.validation.comparison import comparable, compare
from tradeworthy.validation.multiplicity import holm
from tradeworthy.validation.pooling import pool
from tradeworthy.validation.samples import TradeSample

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data" / "fx"
BLOCK = 10


def drawn(r: np.ndarray, size: int, rng: np.random.Generator) -> np.ndarray:
    """`size` trades in blocks from `r`, wrapping round its end."""
    starts = rng.integers(0, len(r), -(-size // BLOCK))
    places = (starts[:, None] + np.arange(BLOCK)).ravel()[:size] % len(r)
    sample: np.ndarray = r[places]
    return sample


def shuffled(samples: list[TradeSample], rng: np.random.Generator) -> list[TradeSample]:
    """The same trades with months put into another order, the same order for every strategy."""
    month = 4 * WEEK_NS
    first = min(sample.first_ns for sample in samples)
    months = 1 + max(int((sample.exit_time.max() - first) // month) for sample in samples)
    order = rng.permutation(months)
    out = []
    for sample in samples:
        since = sample.exit_time - first
        moved = first + order[since // month] * month + since % month
        place = np.argsort(moved, kind="stable")
        out.append(TradeSample(sample.strategy, moved[place], sample.r[place], first, first + months * month))
    return out


def pool_alarms(record: Validation, rounds: int) -> float:
    """Share of rounds in which the pool of a book whose months were shuffled is called DEGRADED."""
    rng = np.random.default_rng(2)
    samples = [
        TradeSample(one.name, times(one.trades.exit_time), np.array(one.trades.r), times((one.data.first,))[0], 0)
        for one in record.strategies
        if one.trades.r and one.judgement.verdict != StrategyVerdict.OUT_OF_DATE
    ]
    alarms = 0
    for number in range(rounds):
        moved = shuffled(samples, rng)
        found = pool(moved, window_until(moved[0].ends_ns, 3), level=0.05, paths=2_000, seed=number)
        alarms += found is not None and found.p_lower is not None and found.p_lower <= 0.05
    return alarms / rounds


def times(moments: tuple[str, ...]) -> np.ndarray:
    """RFC 3339 as nanoseconds."""
    stamps: np.ndarray = np.array([moment.removesuffix("Z") for moment in moments], "datetime64[ns]").astype(np.int64)
    return stamps


def false_alarms(record: Validation, rounds: int, window_trades: int | None) -> dict[str, float]:
    """Share of rounds with a false DEGRADED, over the strategies together and in each test alone."""
    rng = np.random.default_rng(1)
    histories = {one.name: np.array(one.trades.r) for one in record.strategies if one.baseline_trades >= 20}
    windows = {one.name: max(1, one.window_trades) for one in record.strategies}
    any_alarm = single = tests = 0
    for number in range(rounds):
        pairs = {
            name: (drawn(r, len(r), rng), drawn(r, window_trades or windows[name], rng))
            for name, r in histories.items()
        }
        usable = {name: pair for name, pair in pairs.items() if comparable(*pair)}
        found = [
            compare(before, now, name=name, tests=len(usable), paths=2_000, seed=number)
            for name, (before, now) in usable.items()
        ]
        any_alarm += min(holm([one.p_lower for one in found])) <= 0.05
        single += sum(one.p_lower <= 0.05 for one in found)
        tests += len(found)
    return {"any strategy, after Holm": any_alarm / rounds, "one test at 5%": single / tests}


def permuted_alarms(record: Validation, rounds: int, months: int) -> dict[str, float]:
    """Share of rounds in which permuted trades are called DEGRADED: any strategy, one strategy, the pool."""
    rng = np.random.default_rng(3)
    window = window_until(int(times((record.window_end,))[0]), months)
    moments = {one.name: times(one.trades.exit_time) for one in record.strategies}
    any_alarm = each = judged = pools = 0
    for number in range(rounds):
        samples = [
            TradeSample(
                one.name, moments[one.name], rng.permutation(np.array(one.trades.r)), int(times((one.since,))[0]),
                window.end_ns,
            )
            for one in record.strategies
            if one.trades.r and one.judgement.verdict != StrategyVerdict.OUT_OF_DATE
        ]  # fmt: skip
        found = judge(samples, window, Study(paths=2_000, seed=number), None, Silent(), {})
        degraded = sum(one.verdict is StrategyVerdict.DEGRADED for one in found.strategies.values())
        any_alarm += degraded > 0
        each += degraded
        judged += len(found.comparisons)
        pools += found.pooled is not None and found.pooled.p_lower is not None and found.pooled.p_lower <= 0.05
    return {"any strategy, after Holm": any_alarm / rounds, "one strategy": each / judged, "pool": pools / rounds}


def main() -> None:
    """Measure, print a table, and write bench/results/false_alarms.json."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 400
    books = {"fx-daily, ECB": validate("fx-daily")}
    if SHARED.is_dir():
        books["fx-16, shared bars"] = validate("fx-16", data=SHARED)
    figures = {}
    for name, record in books.items():
        for trades in (None, 10, 20, 60):
            rates = false_alarms(record, rounds, trades)
            label = f"{name}, window of {trades or 'its own'} trades"
            figures[label] = rates
            print(f"{label:50}" + "".join(f"  {what}: {rate:.3f}" for what, rate in rates.items()))
        for months in (3, 12):
            label = f"{name}, permuted, window of {months} months"
            figures[label] = rates = permuted_alarms(record, rounds, months)
            print(f"{label:50}" + "".join(f"  {what}: {rate:.3f}" for what, rate in rates.items()), flush=True)
        figures[f"{name}, pool"] = {"pool": pool_alarms(record, rounds)}
        print(f"{name + ', pool':50}  {figures[f'{name}, pool']['pool']:.3f}")
    save("false_alarms", {"rounds": rounds, **figures})


main()
