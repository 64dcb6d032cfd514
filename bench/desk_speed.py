"""How quick a desk is: replays, single events, from an event to a durable order, a day through `tradeworthy run`, memory."""

import asyncio
import contextlib
import re
import resource
import sqlite3
import tempfile
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from timing import save

from tradeworthy.adapters.brokers.paper_terms import PaperTerms
from tradeworthy.adapters.brokers.paper_venue import PaperVenue
from tradeworthy.adapters.journals.opening import open_journal
from tradeworthy.api.desk_running import Prepared, RunWanted, prepared, run_desk
from tradeworthy.core.bar import Timeframe
from tradeworthy.core.clock import DAY_NS, HOUR_NS, from_rfc3339
from tradeworthy.core.events import Envelope, encode
from tradeworthy.core.messages import BarCame, DealCame, Message
from tradeworthy.core.snapshot import Snapshot
from tradeworthy.live.desk_commands import Place, Tell
from tradeworthy.live.desk_events import DeskStarted, Happened, happened_in
from tradeworthy.live.desk_runtime import DeskRuntime
from tradeworthy.live.desk_state import DeskState, first_state
from tradeworthy.live.stepping import step
from tradeworthy.settings.shipped import template
from tradeworthy.wiring.desk_plans import paper_costs, paper_rates

PAIRS = {
    "AUD_USD": 0.7, "EUR_GBP": 0.85, "EUR_USD": 1.1, "GBP_JPY": 190.0, "GBP_USD": 1.3, "NZD_USD": 0.6, "USD_CAD": 1.3,
    "USD_JPY": 150.0,
}  # fmt: skip
BEGINS = from_rfc3339("2024-01-01T00:00:00Z")  # a Monday
SHARED = Path(__file__).parents[2] / "shared" / "data" / "fx"


def walk(folder: Path, length_ns: int, days: int, frame: str) -> None:
    """A file of bars for each pair, Mondays to Fridays at 20:00 UTC, of 0.6% a day."""
    times = np.arange(BEGINS, BEGINS + days * DAY_NS, length_ns)
    times = times[(times - BEGINS) % (7 * DAY_NS) < 4 * DAY_NS + 20 * HOUR_NS]
    size = 0.006 * (length_ns / DAY_NS) ** 0.5
    for seed, (symbol, price) in enumerate(PAIRS.items()):
        draw = np.random.default_rng(seed)
        close = price * np.exp(np.cumsum(draw.normal(0, size, len(times))))
        open_ = np.concatenate(([price], close[:-1]))
        high = np.maximum(open_, close) * (1 + np.abs(draw.normal(0, size / 2, len(times))))
        low = np.minimum(open_, close) * (1 - np.abs(draw.normal(0, size / 2, len(times))))
        moments = pl.Series(times).cast(pl.Datetime("ns")).dt.replace_time_zone("UTC")
        bars = {"time": moments, "open": open_, "high": high, "low": low, "close": close}
        pl.DataFrame(bars).write_parquet(folder / f"{symbol}_{frame}.parquet")


def settings_of(folder: Path, frame: str) -> Path:
    """The book that ships, each pair once, on this timeframe."""
    text = re.sub(r"\[strategies\.\w+_D\](?s:.*?)(?=\n\[|\Z)", "", template("fx-16"))
    (folder / "tradeworthy.toml").write_text(text.replace('timeframe = "H4"', f'timeframe = "{frame}"'))
    return folder


def venue_of(desk: Prepared, store: Path | None, kind: type[PaperVenue] = PaperVenue) -> PaperVenue:
    """The paper broker that `run` would make."""
    places, account, series = (
        {key: place for place, key in enumerate(desk.bars)},
        desk.settings.account,
        [*desk.bars.values()],
    )
    terms = PaperTerms(account.balance, account.currency, paper_rates(account.currency, series))
    return kind(
        series, watched={one.name: places[one.key] for one in desk.plan.members}, costs=paper_costs(desk.settings, desk.book),
        fills=desk.book.fills, terms=terms, store=store, begins_ns=desk.start_ns,
    )  # fmt: skip


def run(runtime: DeskRuntime, venue: PaperVenue) -> None:
    """To the end of the bars."""
    asyncio.run(runtime.run(DeskStarted(venue.now_ns(), 1, "bench", venue.name, True, venue.currency, "none", {})))


def replayed(desk: Prepared) -> tuple[float, float, int]:
    """Bars a second by the clock and by the processor, and trades; nothing is kept."""
    venue = venue_of(desk, None)
    runtime = DeskRuntime(first_state(desk.plan), venue, None, feed=venue, ahead=venue)
    wall, busy = time.perf_counter(), time.process_time()
    run(runtime, venue)
    bars = sum(len(one) for one in desk.bars.values())
    wall, busy = time.perf_counter() - wall, time.process_time() - busy
    return bars / wall, bars / busy, sum(one.trades for one in runtime.state.members)


class Seen:
    """A journal in memory that keeps every event and no note."""

    def __init__(self) -> None:
        self.events: list[Happened] = []

    def append(self, batch: Sequence[Envelope]) -> int:
        """See `ports.Journal`."""
        self.events += [one for one in map(happened_in, batch) if one is not None]
        return batch[-1].sequence

    def save_snapshot(self, snapshot: Snapshot) -> None:
        """Nothing is read again."""


def steps_us(desk: Prepared) -> dict[str, list[float]]:
    """Of single steps in order of length, by what they were about: the events of a replay, stepped once more."""
    venue = venue_of(desk, None)
    seen: Any = Seen()
    run(DeskRuntime(first_state(desk.plan), venue, seen, feed=venue), venue)
    state: DeskState = first_state(desk.plan)
    taken: dict[str, list[float]] = defaultdict(list)
    for happened in seen.events:
        began = time.perf_counter_ns()
        state, commands = step(state, happened)
        took = (time.perf_counter_ns() - began) / 1e3
        if any(isinstance(one, Place) for one in commands):
            taken["with an order"].append(took)
        elif isinstance(happened.event, DealCame):
            taken["deal"].append(took)
        elif isinstance(happened.event, BarCame):
            taken["bar, something to look after" if commands else "bar, nothing decided"].append(took)
        state = _numbered(state, happened.sequence + sum(isinstance(one, Tell) for one in commands))
    return {kind: sorted(one) for kind, one in taken.items()}


def _numbered(state: DeskState, sequence: int) -> DeskState:
    from msgspec.structs import replace

    numbered: DeskState = replace(state, sequence=sequence)
    return numbered


class Handing(PaperVenue):
    """Notes when a message is handed over, to a desk that was at rest: what came before it is durable, as in a live desk."""

    handed_ns = 0
    runtime: DeskRuntime | None = None

    async def messages(self) -> AsyncIterator[Message]:
        """See `ports.Line`."""
        async for message in super().messages():
            if self.runtime is not None:
                self.runtime.flush()
            self.handed_ns = time.perf_counter_ns() if isinstance(message, BarCame) else 0
            yield message


class Durable:
    """A journal that measures, and writes the same bytes into a bare SQLite file after each order that it made durable."""

    def __init__(self, inner: Any, bare: sqlite3.Connection) -> None:
        self._inner, self._bare = inner, bare
        self.venue: Handing | None = None
        self.took_us: list[float] = []
        self.bare_us: list[float] = []

    def append(self, batch: Sequence[Envelope]) -> int:
        """See `ports.Journal`."""
        last: int = self._inner.append(batch)
        began = 0 if self.venue is None else self.venue.handed_ns
        if began and batch[-1].kind == "note" and "sent" in str(batch[-1].body["sentence"]):
            self.took_us.append((time.perf_counter_ns() - began) / 1e3)
            data = b"".join(encode(one) for one in batch)
            began = time.perf_counter_ns()
            self._bare.execute("INSERT INTO events (data) VALUES (?)", (data,))
            self.bare_us.append((time.perf_counter_ns() - began) / 1e3)
        if self.venue is not None:
            self.venue.handed_ns = 0
        return last

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)


def durable_us(desk: Prepared, folder: Path) -> tuple[list[float], list[float]]:
    """From a bar that is handed over until its order is durable, and bare commits of the same bytes; in order of length."""
    bare = sqlite3.connect(folder / "bare.sqlite", isolation_level=None)
    bare.executescript("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL")
    bare.execute("CREATE TABLE events (sequence INTEGER PRIMARY KEY, data BLOB)")
    venue = venue_of(desk, folder / "paper.sqlite", Handing)
    with closing(bare), closing(venue), closing(open_journal(folder / "journal.sqlite")) as inner:
        journal = Durable(inner, bare)
        journal.venue = venue if isinstance(venue, Handing) else None
        runtime = DeskRuntime(first_state(desk.plan), venue, journal, feed=venue)
        if isinstance(venue, Handing):
            venue.runtime = runtime
        run(runtime, venue)
    return sorted(journal.took_us), sorted(journal.bare_us)


class Silent:
    """Nobody is told."""

    def check(self, name: str, sentence: str, *, passed: bool = True) -> None:
        """See `Screen`."""

    def note(self, tell: Tell, time_ns: int) -> None:
        """See `Screen`."""


class MemoryOfDays:
    """Resident megabytes at the first bar of every day."""

    def __init__(self) -> None:
        self.megabytes: list[float] = []
        self._day = -1

    def events(self, state: DeskState) -> Sequence[Any]:
        """See `Watch`."""
        if state.time_ns // DAY_NS > self._day:
            self._day = state.time_ns // DAY_NS
            pages = int(Path("/proc/self/statm").read_text().split()[1]) if Path("/proc/self/statm").exists() else 0
            self.megabytes.append(pages * resource.getpagesize() / 1e6)
        return ()

    def seen(self, state: DeskState) -> None:
        """See `Watch`."""


def month_mb(desk: Prepared, folder: Path) -> list[float]:
    """By day of a month of M1 bars, the journal on."""
    venue, memory = venue_of(desk, folder / "paper.sqlite"), MemoryOfDays()
    with closing(venue), closing(open_journal(folder / "journal.sqlite")) as journal:
        run(DeskRuntime(first_state(desk.plan), venue, journal, feed=venue, watch=memory), venue)
    return memory.megabytes


@contextlib.contextmanager
def folder() -> Iterator[Path]:
    """On the disk of the checkout: /tmp may be memory."""
    with tempfile.TemporaryDirectory(dir=Path(__file__).parent) as made:
        yield Path(made)


def made(where: Path, frame: Timeframe, days: int) -> RunWanted:
    """A desk over random bars."""
    (where / "bars").mkdir()
    walk(where / "bars", frame.length_ns, days, frame)
    return RunWanted(settings_of(where, frame), desk=where / "desk")


def day_s(frame: Timeframe, days: int, figures: dict[str, object]) -> None:
    """The last day of bars through `run_desk`."""
    with folder() as where:
        wanted = made(where, frame, days)
        last = max(int(one.close_time[-1]) for one in prepared(wanted).bars.values())
        began = time.perf_counter()
        run_desk(RunWanted(wanted.book, desk=wanted.desk, start_ns=last - DAY_NS), Silent())
        figures[f"a day of 8 pairs of {frame} through run, s"] = time.perf_counter() - began


def told_speed(desk: Prepared, name: str, figures: dict[str, object]) -> None:
    """Bars a second of the second replay of two, and its trades."""
    replayed(desk)
    wall, busy, trades = replayed(desk)
    bars = sum(len(one) for one in desk.bars.values())
    figures |= {
        f"{name}, bars/s": wall,
        f"{name}, bars/s of processor time": busy,
        f"{name}, bars": bars,
        f"{name}, trades": trades,
    }


def main() -> None:
    """Measure, print a table, and write bench/results/desk_speed.json."""
    figures: dict[str, object] = {}
    with folder() as where:
        desk = prepared(made(where, Timeframe.H4, 2_000))
        told_speed(desk, "replay of H4", figures)
        steps = steps_us(desk)
        steps["any event"] = sorted(took for taken in steps.values() for took in taken)
        for kind, taken in steps.items():
            for percent in (50, 99):
                figures[f"step, {kind}: p{percent}, us"] = taken[len(taken) * percent // 100]
            figures[f"step, {kind}: longest, us"] = taken[-1]
        took, bare = durable_us(desk, where)
        for percent in (50, 99):
            ours, theirs = took[len(took) * percent // 100], bare[len(bare) * percent // 100]
            figures[f"bar to durable order: p{percent}, us"] = ours
            figures[f"bare commit of these bytes: p{percent}, us"] = theirs
            figures[f"bar to durable order beside the bare commit: p{percent}"] = ours / theirs
        figures["orders made durable"] = len(took)
    if SHARED.is_dir():
        with folder() as where:
            told_speed(prepared(RunWanted("fx-16", desk=where, data=SHARED)), "replay of fx-16, real bars", figures)
    with folder() as where:
        told_speed(prepared(made(where, Timeframe.M1, 14)), "replay of M1", figures)
    day_s(Timeframe.M1, 4, figures)
    day_s(Timeframe.H4, 200, figures)
    with folder() as where:
        megabytes = month_mb(prepared(made(where, Timeframe.M1, 30)), where)
        figures |= {"memory on day 2, MB": megabytes[2], "memory on the last day, MB": megabytes[-1]}
    for name, value in figures.items():
        print(f"{name:56} {value:12,.2f}")
    save("desk_speed", figures)


if __name__ == "__main__":
    main()
