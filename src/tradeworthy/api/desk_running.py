"""Run a desk in its folder: every check before it trades, the loop itself, and what came of it."""

import asyncio
import gc
import os
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from shlex import quote
from typing import Any, Final

from tradeworthy.adapters.brokers.paper_terms import PaperTerms
from tradeworthy.adapters.brokers.paper_venue import PaperVenue
from tradeworthy.adapters.files.desk_log import DeskLog
from tradeworthy.adapters.files.desk_requests import RequestBox
from tradeworthy.adapters.files.desk_status import StatusFile
from tradeworthy.adapters.files.kill_file import KillFile
from tradeworthy.adapters.journals.opening import open_journal
from tradeworthy.api.checkpoints import desk_checkpoint, first_checkpoint
from tradeworthy.api.desk_holding import HeldLease, held
from tradeworthy.api.desk_recovery import Recovered, recovered
from tradeworthy.api.desk_rehearsal import rehearsed
from tradeworthy.api.desk_saying import LoggedScreen, Screen
from tradeworthy.api.desk_settings import SettingsOnDisk
from tradeworthy.api.desk_signals import DeskSignals
from tradeworthy.api.desk_watch import DeskWatch, House
from tradeworthy.api.records import check_record
from tradeworthy.appraisal.book import Book
from tradeworthy.core.clock import folder_stamp, now_ns, rfc3339
from tradeworthy.core.counting import counted
from tradeworthy.core.errors import InputError, JournalError, TradeworthyError
from tradeworthy.core.version import PACKAGE_VERSION
from tradeworthy.live.desk_commands import Tell
from tradeworthy.live.desk_events import DeskStarted
from tradeworthy.live.desk_plan import DeskPlan
from tradeworthy.live.desk_runtime import DeskRuntime
from tradeworthy.live.desk_state import DeskState, last_bars
from tradeworthy.live.mode import Mode
from tradeworthy.live.signal_inbox import SignalInbox
from tradeworthy.market.bars import Bars
from tradeworthy.settings.books import book_from
from tradeworthy.settings.desk_folder import DeskFolder, settings_file
from tradeworthy.settings.desk_terms import off_reasons
from tradeworthy.settings.freezing import fingerprint, frozen_form
from tradeworthy.settings.loading import settings_named
from tradeworthy.settings.shipped import TEMPLATES
from tradeworthy.settings.tree import Settings
from tradeworthy.wiring.desk_plans import Key, bars_of, paper_costs, paper_rates, plan_of
from tradeworthy.wiring.sources import bar_store

REPLAY: Final = "replay"
"""What stands in the frozen settings of a desk that trades replayed bars: from when, until when."""
_AT_ONCE: Final = "stopped at once; the next start recovers from the journal"


@dataclass(frozen=True, slots=True)
class RunWanted:
    """book: settings or a book that ships. desk: the folder of the desk, None for that of the settings. data: a folder of
    bars. speed: times real time, None as quick as possible. start_ns, end_ns: of the replay, None for what
    there is; span_ns: how much before its end it begins where no start is given, None for all of it. settings: instead of what
    `book` names, for a desk in a folder that is named."""

    book: str | Path = "tradeworthy.toml"
    desk: Path | None = None
    data: Path | None = None
    speed: float | None = None
    start_ns: int | None = None
    end_ns: int | None = None
    span_ns: int | None = None
    environment: Mapping[str, str] = field(default_factory=dict)
    settings: Settings | None = None

    @property
    def ships(self) -> bool:
        """Whether it is a book that ships."""
        return self.settings is None and str(self.book) in TEMPLATES

    def named(self) -> tuple[Settings, Path]:
        """The settings, and the folder that their paths start from. Raises SettingsError with every problem."""
        if self.settings is None:
            return settings_named(self.book, self.environment)
        return self.settings, self.folder(Path())

    def folder(self, beside: Path) -> Path:
        """The desk's. beside: that of the settings."""
        return self.desk or (Path(f"{self.book}-desk") if self.ships else beside)


@dataclass(frozen=True, slots=True)
class Within:
    """A program that has the desk inside of it: signals come through the inbox, and wishes from the program itself."""

    inbox: SignalInbox
    wishes: DeskSignals


@dataclass(frozen=True, slots=True)
class RunResult:
    """Why it ended, the state it ended in, what is off, and the book as it was named."""

    reason: str
    state: DeskState
    folder: Path
    off: Mapping[str, str]
    book: str = ""


@dataclass(frozen=True, slots=True)
class Prepared:
    """All that a desk is made of, before anything is taken or opened."""

    settings: Settings
    book: Book
    folder: DeskFolder
    bars: Mapping[Key, Bars]
    plan: DeskPlan
    frozen: dict[str, Any]
    start_ns: int


def prepared(wanted: RunWanted) -> Prepared:
    """Settings, bars and plan. Raises SettingsError with every problem of the settings, InputError for bars or rules that no
    desk can trade by."""
    settings, beside = wanted.named()
    folder = wanted.folder(beside)
    book = book_from(settings)
    bars = bars_of(book, bar_store(settings.data, beside, wanted.data))
    if wanted.end_ns is not None:
        bars = {key: one.until(wanted.end_ns) for key, one in bars.items()}
        empty = next((key for key, one in bars.items() if not len(one)), None)
        if empty is not None:
            raise InputError(
                f"{empty[0]} {empty[1]}: no bar had closed by {rfc3339(wanted.end_ns)}; end the replay later"
            )
    first_ns, last_ns = (
        min(int(one.open_time[0]) for one in bars.values()),
        max(int(one.close_time[-1]) for one in bars.values()),
    )
    usual = first_ns if wanted.span_ns is None else max(first_ns, last_ns - wanted.span_ns)
    start_ns = usual if wanted.start_ns is None else max(wanted.start_ns, first_ns)
    if start_ns >= last_ns:
        raise InputError(
            f"the replay is to begin at {rfc3339(start_ns)}, and the last bar closed at {rfc3339(last_ns)}"
        )
    replay = {"from": rfc3339(start_ns), "until": rfc3339(last_ns)}
    frozen = {**frozen_form(settings), REPLAY: replay}
    return Prepared(
        settings, book, DeskFolder(folder), bars, plan_of(settings, book, bars, replayed=True), frozen, start_ns
    )


def run_desk(wanted: RunWanted, screen: Screen, within: Within | None = None) -> RunResult:
    """Trade the book on the paper broker over replayed bars, until they end or somebody stops it.

    Starting is recovering: the journal in the desk's folder is folded, the broker asked, and only then is anything entered.
    Raises InputError where another process has the desk, the replay is over, or the settings of the live day were changed;
    JournalError when what happens can no longer be recorded, after entries were taken back. A
    second Ctrl-C is a KeyboardInterrupt: whatever had happened is in the journal. within: the program that runs it in a thread
    of its own, where nothing is heard of Ctrl-C.
    """
    with ExitStack() as undoing:
        signals = undoing.enter_context(DeskSignals() if within is None else within.wishes)
        desk = prepared(wanted)
        made = rehearsed(desk.plan, paper_costs(desk.settings, desk.book), desk.book.fills)
        lease = undoing.enter_context(held(desk.folder, desk.settings.desk.name))
        log = DeskLog(desk.folder.log, lines=False)
        undoing.callback(log.close)
        logged = LoggedScreen(screen, log, desk.settings.desk.name)
        logged.check("rehearsal", f"{counted(made, 'trade')} on made-up bars, in memory: everything is compiled")
        try:
            inbox = None if within is None else within.inbox
            result = _run(desk, wanted, logged, signals, lease, undoing, inbox)
        except TradeworthyError as error:
            logged.ended(str(error), well=False)
            raise
        except KeyboardInterrupt:
            logged.ended(_AT_ONCE, well=False)
            raise
        logged.ended(result.reason, well=True)
        return result


def _run(
    desk: Prepared,
    wanted: RunWanted,
    screen: LoggedScreen,
    signals: DeskSignals,
    lease: HeldLease,
    undoing: ExitStack,
    inbox: SignalInbox | None,
) -> RunResult:
    screen.check(
        "settings",
        f"{counted(len(desk.plan.members), 'strategy', 'strategies')}, fingerprint {fingerprint(desk.settings)[:12]}",
    )
    _check_record(desk, screen)
    journal = open_journal(desk.settings.journal.url or desk.folder.journal)
    undoing.callback(journal.close)
    found = recovered(
        desk.plan, desk.frozen, journal, lambda old: plan_of(old, book_from(old), desk.bars, replayed=True)
    )
    lease.exceed(found.state.origin.generation)
    screen.check("lease", f"generation {lease.generation} of {desk.folder.root}")
    screen.check("journal", f"{counted(journal.last_sequence(), 'event')}, checked")
    if journal.last_sequence():
        told, passed = first_checkpoint(*_signed(desk))
        screen.check("checkpoint", told, passed=passed)
    _check_freeze(desk, found, wanted, screen)
    kill = KillFile(desk.folder.root)
    _check_kill(kill, found.state)
    venue = _venue(desk, wanted, last_bars(found.state))
    undoing.callback(venue.close)
    screen.check("broker", f"{venue.name}: simulated, no real money is moved")
    screen.check("bars", _bars_told(desk))
    off = off_reasons(desk.settings)
    for name, why in off.items():
        screen.check(name, why, passed=False)
    for one in found.state.mode.restrictions:
        if one.latched:
            screen.check("held", one.sentence, passed=False)
    watch = DeskWatch(
        House(
            kill, RequestBox(desk.folder.requests), lease.lease, StatusFile(desk.folder.status), signals,
            _settings(wanted, desk), _details(desk, wanted, off),
        )
    )  # fmt: skip

    def heard(tell: Tell, time_ns: int) -> None:
        watch.heard(tell)
        screen.note(tell, time_ns)

    runtime = DeskRuntime(
        found.state, venue, journal, feed=venue, told=heard, watch=watch, is_paced=wanted.speed is not None, signals=inbox,
    )  # fmt: skip
    started = DeskStarted(
        venue.now_ns(), lease.generation, PACKAGE_VERSION, venue.name, True, venue.currency,
        fingerprint(desk.settings), desk.frozen,
    )  # fmt: skip
    signals.stopping()
    gc.collect()
    gc.freeze()  # all that was made before trading is not looked through again while it lasts: that takes a tenth of a second
    try:
        reason = asyncio.run(runtime.run(started))
        told, passed = desk_checkpoint(*_signed(desk))
        screen.check("checkpoint", told, passed=passed)
    except JournalError as error:
        _latch(kill, str(error))
        raise
    finally:
        gc.unfreeze()
        watch.write(runtime.state, running=False)
    return RunResult(reason, runtime.state, desk.folder.root, off, str(wanted.book))


def moved_aside(wanted: RunWanted) -> Path | None:
    """Keep journal and paper account of a desk in a folder of their own, so that it begins anew; None where there are none.

    Raises InputError while another process has the desk.
    """
    root = wanted.folder(wanted.named()[1])
    found = [path for kind in ("*.sqlite*", "checkpoints.*") for path in root.glob(kind) if path.is_file()]
    if not found:
        return None
    with held(DeskFolder(root), "a new beginning"):
        aside = root / f"kept-{folder_stamp(now_ns())}"
        aside.mkdir()
        for path in found:
            path.rename(aside / path.name)
    return aside


def _details(desk: Prepared, wanted: RunWanted, off: Mapping[str, str]) -> dict[str, Any]:
    """What else stands in every status. book, data: what operators need to read the journal while no desk runs; settings that a
    program made are only in the journal."""
    return {
        "name": desk.settings.desk.name, "version": PACKAGE_VERSION, "pid": os.getpid(), "speed": wanted.speed,
        "off": dict(off), "folder": str(desk.folder.root.resolve()), "replay": desk.frozen[REPLAY],
        "book": None if wanted.settings else str(wanted.book) if wanted.ships else str(Path(wanted.book).resolve()),
        "data": None if wanted.data is None else str(wanted.data.resolve()),
    }  # fmt: skip


def run_again(book: str, folder: Path) -> str:
    """The command that runs the same desk once more: `tradeworthy run fx-daily --desk live`."""
    usual = Path(f"{book}-desk") if book in TEMPLATES else settings_file(Path(book)).parent
    return f"tradeworthy run {quote(book)}" + ("" if folder == usual else f" --desk {quote(str(folder))}")


def _check_freeze(desk: Prepared, found: Recovered, wanted: RunWanted, screen: Screen) -> None:
    if found.state.ended and not found.is_new:
        again = (
            f"`{run_again(str(wanted.book), desk.folder.root)} --again`"
            if wanted.settings is None
            else "TradingEngine(..., again=True)"  # no command has the settings of a program
        )
        raise InputError(
            f"{desk.folder.root}: the replay in this folder is over ({rfc3339(found.state.time_ns)}); {again} begins another and "
            "keeps what is there"
        )
    if found.changed_today:
        told = "; ".join(found.changed_today[:5])
        raise InputError(
            f"the settings were changed on a day that is traded already: {told}; set them back, or start tomorrow"
        )
    screen.check(
        "freeze", "as they were" if not found.is_new else "settings are frozen for the trading day from now on"
    )


def _check_kill(kill: KillFile, state: DeskState) -> None:
    reason = kill.present()
    busy = any(one.holding is not None for one in state.members) or bool(state.orders)
    if reason is not None and not busy:
        raise InputError(
            f"{kill.path}: the desk was killed ({reason}), and nothing is open; when you know why, end it with "
            "`tradeworthy resume --scope all --reason ...`"
        )


def _venue(desk: Prepared, wanted: RunWanted, told: Mapping[Key, int]) -> PaperVenue:
    paper, account = desk.settings.paper, desk.settings.account
    series = list(desk.bars.values())
    places = {key: place for place, key in enumerate(desk.bars)}
    watched = {one.name: places[one.key] for one in desk.plan.members}
    terms = PaperTerms(
        balance=account.balance, currency=account.currency, rates=paper_rates(account.currency, series),
        latency_ms=paper.latency_ms, partial_share=paper.partial_share, reject_share=paper.reject_share, seed=paper.seed,
    )  # fmt: skip
    return PaperVenue(
        series, watched=watched, costs=paper_costs(desk.settings, desk.book), fills=desk.book.fills, terms=terms,
        store=desk.folder.root / "paper.sqlite", speed=wanted.speed, begins_ns=desk.start_ns, told=told,
    )  # fmt: skip


def _settings(wanted: RunWanted, desk: Prepared) -> SettingsOnDisk | None:
    """The file that may change while the desk runs; a book that ships has none, nor have settings that a program made."""
    if wanted.ships or wanted.settings is not None:
        return None
    return SettingsOnDisk(wanted.book, frozen_form(desk.settings), wanted.environment)


def _check_record(desk: Prepared, screen: Screen) -> None:
    """Where the settings require it: what was validated is what is traded."""
    live = desk.settings.live
    if not live.require_record:
        return
    found = check_record(desk.book, desk.folder.root, max_age_days=live.record_days)
    if not found.passed:
        raise InputError(f"{found.problem}: {found.sentence}; [live] require_record asks for it")
    screen.check("record", found.sentence)


def _signed(desk: Prepared) -> tuple[Path, str | Path, str]:
    """Folder, journal and name, as checkpoints take them."""
    return desk.folder.root, desk.settings.journal.url or desk.folder.journal, desk.settings.desk.name


def _latch(kill: KillFile, why: str) -> None:
    kill.write(f"the journal failed, so nothing could be recorded: {why}")


def _bars_told(desk: Prepared) -> str:
    count = sum(len(one) for one in desk.bars.values())
    replay = desk.frozen[REPLAY]
    series = counted(len(desk.bars), "series", "series")
    return f"{count:,} bars of {series}, replayed from {replay['from']} until {replay['until']}"


def exit_code(state: DeskState) -> int:
    """0 healthy, 1 halted or not in agreement with the broker."""
    return 1 if state.mode.mode is Mode.HALTED or state.book.differences else 0
