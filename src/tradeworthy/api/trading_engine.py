"""A desk as one object, for programs that have it inside of them."""

import os
from collections.abc import Mapping
from concurrent.futures import CancelledError
from dataclasses import asdict, dataclass
from datetime import date, datetime
from pathlib import Path
from threading import TIMEOUT_MAX, Lock
from types import TracebackType
from typing import Any, Final, Self

from tradeworthy.adapters.files.webhook_secret import WebhookSecret
from tradeworthy.api.desk_running import RunResult, RunWanted, moved_aside
from tradeworthy.api.desk_saying import Screen
from tradeworthy.api.desk_thread import DeskThread
from tradeworthy.api.journal_view import JournalView
from tradeworthy.api.validation import moment
from tradeworthy.api.webhook_handler import WebhookHandler
from tradeworthy.core.clock import DAY_NS, from_datetime
from tradeworthy.core.errors import InputError, NotNow, NotRunning, TradeworthyError
from tradeworthy.core.finite import positive, shown
from tradeworthy.live.desk_commands import Tell
from tradeworthy.settings.desk_folder import DeskFolder, folder_named
from tradeworthy.settings.desk_parts import check_secret
from tradeworthy.settings.desk_terms import journal_from
from tradeworthy.settings.loading import from_tree
from tradeworthy.settings.tree import Settings

_LAST_YEAR_NS: Final = 365 * DAY_NS


@dataclass(frozen=True, slots=True)
class EngineResult:
    """Why a desk ended, and how it stood then. events: in its journal. balance: account money, realised."""

    reason: str
    mode: str
    trades: int
    won: int
    pnl: float
    balance: float
    open_positions: int
    open_orders: int
    events: int
    agrees: bool

    def to_dict(self) -> dict[str, Any]:
        """Its fields."""
        return asdict(self)


class TradingEngine:
    """A desk: `TradingEngine("fx-daily").start_auto_trading()`; with `with`, it is stopped at the end.

    config: a settings file or its folder, a book that ships, a dict of settings, or `Settings`. desk: the folder of the desk's
    journal; by default that of the settings' file, BOOK-desk, or for a dict and `Settings` NAME-desk by the desk's name. data: a
    folder of bars. speed: times real time, None as quick as possible. start, end: of the replay, days or moments; start="all" for
    all there is, the last year by default. again: begin anew, and keep what was there in a folder of its own. screen: hears the
    checklist and the notes, as `check(name, sentence, passed=)` and `note(tell, time_ns)`.

    Every call may be made by any thread. Trades on paper, over replayed bars, as `tradeworthy run` does. Raises SettingsError for
    settings that cannot be used, InputError for anything else.

    db_manager: what the journal holds, before, while and after the desk runs. webhook_handler: signals over HTTP.
    """

    def __init__(
        self,
        config: str | Path | Mapping[str, Any] | Settings = "tradeworthy.toml",
        *,
        desk: str | Path | None = None,
        data: str | Path | None = None,
        speed: float | None = None,
        start: str | date | datetime | None = None,
        end: str | date | datetime | None = None,
        again: bool = False,
        screen: Screen | None = None,
    ) -> None:
        every = start == "all"
        settings = _settings(config)
        folder = None if desk is None else _folder(desk)
        if settings is not None and folder is None:
            folder = folder_named(settings.desk.name)
        self._wanted = RunWanted(
            book=str(folder) if settings is not None else _book(config), desk=folder,
            data=None if data is None else Path(data), speed=None if speed is None else positive(speed, "speed"),
            start_ns=None if every else _day(start, 0), end_ns=_day(end, DAY_NS),
            span_ns=None if every else _LAST_YEAR_NS, environment=dict(os.environ), settings=settings,
        )  # fmt: skip
        self._settings, beside = self._wanted.named()
        self.folder = self._wanted.folder(beside)
        self._screen, self._again = screen or _Silent(), again
        self._lock = Lock()
        self._run: DeskThread | None = None
        self.db_manager: Final = JournalView(journal_from(self._settings, self.folder), self.folder)
        self.webhook_handler: Final = WebhookHandler(
            self.process_signal, lambda: self.is_trading, self._secret, signed=self._settings.webhook.signed
        )

    def start_auto_trading(self) -> None:
        """Begin to trade, in a thread of its own; returns when every check of the start has passed and signals are taken.

        Raises what stands in the way, as `tradeworthy run` says it. A desk that trades already goes on. A program that ends lets
        its desk leave in order first, for up to 30 seconds.
        """
        with self._lock:
            run = before = self._run
            if run is None or not run.is_running:
                if self._again:
                    moved_aside(self._wanted)
                    self._again = False
                run = self._run = DeskThread(self._wanted, self._screen)
                run.start()
        try:
            run.begun()
        except TradeworthyError:
            with self._lock:
                self._run = before if self._run is run and before is not run else self._run
            raise

    def stop_trading(self, reason: str = "stop_trading() was called") -> EngineResult | None:
        """Let what is under way end in order, and wait until the journal is closed; positions and stops stay at the broker.

        Gives how it ended, also where it had ended by itself; None where it was never started. Raises what ended it where that
        was an error. Called by the desk itself, through its screen, it asks and does not wait: None.
        """
        why = " ".join(str(reason).split()) or "no reason was given"
        run = self._run
        ended = None if run is None else run.stop(why)
        return None if ended is None else _result(ended)

    def wait(self) -> EngineResult | None:
        """Until the desk has ended by itself, as a replay does; then as `stop_trading`."""
        run = self._run
        if run is None:
            return None
        _check_other(run, "wait")
        return _result(run.ended())

    @property
    def is_trading(self) -> bool:
        """Whether it was started and has not ended."""
        run = self._run
        return run is not None and run.is_running

    def process_signal(self, signal: Mapping[str, Any], *, timeout: float = 30.0) -> dict[str, Any]:
        """Do what a signal says, if the chain of decision lets it; the answer is durable, and the order on its way, on return.

        signal: {strategy or symbol, action: BUY, SELL or CLOSE, stop_loss, take_profit (prices), id, time}, docs/trading-engine.md.
        Gives {accepted, answer, duplicate, signal_id, client_id, event, strategy, symbol, side, refused, checks, not_reached}.
        timeout: seconds until it is withdrawn, as long as the desk has not begun with it. Raises InputError, with nothing done,
        for what is no signal of this desk; NotRunning, which is one, where the desk does not trade.
        """
        limit = positive(timeout, "timeout")
        run = self._run
        if run is None:
            raise NotRunning("the desk does not run: it was not started; call start_auto_trading() first")
        _check_other(run, "process_signal")
        if run.failure is not None:
            raise NotRunning(
                f"the desk does not run: {type(run.failure).__name__} ended it ({run.failure}); mend that and call "
                "start_auto_trading() again"
            ) from run.failure
        waiting = run.inbox.put(signal)
        try:
            return waiting.result(min(limit, TIMEOUT_MAX)).to_dict()
        except TimeoutError:
            if waiting.cancel():
                raise NotNow(
                    f"the desk did not begin with the signal within {limit:g} seconds, so it was withdrawn; nothing was done"
                ) from None
        except CancelledError:
            raise NotNow("the signal was withdrawn; nothing was done") from None
        return waiting.result().to_dict()

    @property
    def webhook_secret_file(self) -> Path:
        """Where the secret of the webhook lies, unless the settings say one."""
        return DeskFolder(self.folder).webhook_secret

    def _secret(self) -> str:
        secret = self._settings.webhook.secret or WebhookSecret(self.webhook_secret_file).read()
        try:
            check_secret(secret)
        except ValueError as error:
            raise InputError(f"{self.webhook_secret_file}: {error}") from None
        return secret

    def __enter__(self) -> Self:
        self.start_auto_trading()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self.webhook_handler.stop()
        self.stop_trading(
            "its program is done with it" if error is None else f"its program failed: {kind and kind.__name__}"
        )


class _Silent:
    """Whoever embeds a desk reads its log and its journal."""

    def check(self, name: str, sentence: str, *, passed: bool = True) -> None:
        """Nothing."""

    def note(self, tell: Tell, time_ns: int) -> None:
        """Nothing."""


def _settings(config: object) -> Settings | None:
    if isinstance(config, Settings):
        return config
    if isinstance(config, Mapping):
        return from_tree(config, "the settings", os.environ)
    return None


def _book(config: object) -> str | Path:
    if isinstance(config, str | os.PathLike) and str(config):
        return config if isinstance(config, str) else Path(config)
    raise InputError(
        f"config is a settings file or its folder, a book that ships, a dict of settings, or Settings, not {shown(config)}"
    )


def _check_other(run: DeskThread, call: str) -> None:
    if run.is_own:
        raise InputError(f"the desk cannot wait for itself: call {call}() from another thread than that of its screen")


def _folder(desk: object) -> Path:
    if isinstance(desk, str | os.PathLike) and str(desk):
        return Path(desk)
    raise InputError(f"desk is the folder of the desk's journal, such as 'my-desk', not {shown(desk)}")


def _day(value: str | date | datetime | None, end_ns: int) -> int | None:
    """A moment as itself, a day as its beginning, or so much later."""
    when = None if value == "all" else moment(value)
    if value is None or when is None:
        return None
    whole = len(value) == len("2024-06-30") if isinstance(value, str) else not isinstance(value, datetime)
    return from_datetime(when) - (DAY_NS - end_ns if whole else 0)


def _result(one: RunResult) -> EngineResult:
    state = one.state
    return EngineResult(
        one.reason, str(state.mode.mode), sum(each.trades for each in state.members), sum(each.won for each in state.members),
        sum(each.pnl for each in state.members), state.balance, sum(each.holding is not None for each in state.members),
        len(state.orders), state.sequence, not state.book.differences,
    )  # fmt: skip
