"""Kill a desk over a thousand times with SIGKILL, at every moment of a day, again and again, and while its broker fails.

Each life is a process of its own, forked from one that has everything loaded. `make torture` takes about ten minutes on two
cores; `desk_torture.py 10` does a tenth of it. Ends with 1 if anything is lost, doubled, or not in agreement.
"""

import json
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from timing import save

from support.day_killing import (
    BARS,
    Life,
    Sums,
    broken,
    faults_of,
    killed_again_and_again,
    killed_once,
    killed_with_faults,
)
from support.desk_day import DayEnd, Moments, kill_really, live
from tradeworthy.adapters.brokers.paper_faults import PaperFault

FAULTY_DAYS, AGAIN_DAYS, EACH_TOLD = 200, 6, 100
MEMORY = Path("/dev/shm")  # noqa: S108 - a kill leaves what was written as it is, on a disk or in memory
Played = tuple[DayEnd | None, int]
Case = tuple[str, Callable[[Path, Life], Played], bool]
"""What it is, how it is played, and whether it has to come to what the day that was never killed came to."""


def forked(last: list[str], expected: Sums | None) -> Life:
    """Lives in processes of their own; the one that ends the day writes what is broken into `last`."""

    def life(folder: Path, moment: int, faults: Sequence[PaperFault], generation: int) -> DayEnd | None:
        heard, told = os.pipe()
        child = os.fork()
        if child == 0:
            try:
                end = live(folder, Moments(moment, kill_really), bars=BARS, faults=faults, generation=generation)
                os.write(told, json.dumps(broken(folder, end, expected)).encode()[:60_000])
            finally:
                os._exit(0)
        os.close(told)
        with os.fdopen(heard, "rb") as pipe:
            said = pipe.read()
        _, status = os.waitpid(child, 0)
        if os.WIFSIGNALED(status):
            return None
        last[:] = json.loads(said) if said else ["the desk ended with an error"]
        return _ENDED

    return life


_ENDED = DayEnd.__new__(DayEnd)  # what the day came to is judged where it ended


def played(case: Case, expected: Sums) -> tuple[str, int, list[str]]:
    """One day: what it was, how often it was killed, what is broken."""
    name, play, is_same = case
    folder, last = (
        Path(tempfile.mkdtemp(prefix="torture-", dir=MEMORY if MEMORY.is_dir() else None)),
        ["it never ended"],
    )
    try:
        _, kills = play(folder, forked(last, expected if is_same else None))
    finally:
        shutil.rmtree(folder)
    return name, kills, last


def cases(moments: int, part: int) -> Iterator[Case]:
    """Every moment once; days that are killed again and again; and both with faults."""
    for moment in range(1, moments + 1, part):
        yield f"killed at moment {moment}", partial(_once, moment), True
    for seed in range(0, AGAIN_DAYS, part):
        yield f"killed within 90 moments, seed {seed}", partial(_again, seed, faults=False), True
        yield f"killed within 90 moments with faults, seed {seed}", partial(_again, seed, faults=True), False
    for seed in range(0, FAULTY_DAYS, part):
        yield f"faults and a kill, seed {seed}", partial(_faulty, seed, moments), False


def _once(moment: int, folder: Path, life: Life) -> Played:
    return killed_once(folder, moment, life)


def _again(seed: int, folder: Path, life: Life, *, faults: bool) -> Played:
    return killed_again_and_again(folder, seed, 90, faults=faults, life=life)


def _faulty(seed: int, moments: int, folder: Path, life: Life) -> Played:
    return killed_with_faults(folder, seed, moments, life)


def main() -> int:
    """Play them all, print a line for every hundred, and write bench/results/desk_torture.json."""
    began, part = time.perf_counter(), int(sys.argv[1]) if len(sys.argv) > 1 else 1
    with tempfile.TemporaryDirectory() as folder:  # warms this process too, and says how many moments there are
        moments = Moments(0, kill_really)
        expected = Sums.of(live(Path(folder), moments, bars=BARS))
    breaks: dict[str, list[str]] = {}
    days = kills = 0
    with ProcessPoolExecutor(os.cpu_count(), mp_context=get_context("fork")) as pool:
        for name, killed, found in pool.map(partial(played, expected=expected), cases(moments.seen, part)):
            days, kills = days + 1, kills + killed
            if found:
                breaks[name] = found
                print(f"BROKEN {name}: {'; '.join(found)}"[:400], flush=True)
            if days % EACH_TOLD == 0:
                print(f"{days:5} days, {kills:6} kills, {len(breaks)} broken", flush=True)
    print(
        f"{days:5} days, {kills:6} kills, {len(breaks)} broken: {moments.seen} moments, {len(expected.trades)} trades"
    )
    save("desk_torture", {
        "days": days, "kills": kills, "broken days": len(breaks), "moments of a day": moments.seen,
        "faults drawn": sum(len(faults_of(seed)) for seed in range(0, FAULTY_DAYS, part)), "breaks": breaks,
        "seconds": time.perf_counter() - began,
    })  # fmt: skip
    return 1 if breaks else 0


if __name__ == "__main__":
    sys.exit(main())
