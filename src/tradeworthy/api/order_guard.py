"""A guard around somebody's own order function: entries pass only where all is known and within its limits."""

import functools
import inspect
import threading
from collections.abc import Callable
from os import PathLike
from types import TracebackType
from typing import Any, Self, TypeVar, overload

from tradeworthy.api.guard_inputs import (
    FAILOVER,
    SessionAsked,
    data_refusal,
    equity_of,
    is_off,
    kill_refusal,
    told,
    unknown,
)
from tradeworthy.api.kept_record import KeptRecord
from tradeworthy.api.kill_switch import KillSwitch, takes_one
from tradeworthy.api.refusal_journal import record_into
from tradeworthy.controls.account_view import AccountView
from tradeworthy.controls.limits_of_loss import DailyLoss, DrawdownStop
from tradeworthy.core.bar import DayCut
from tradeworthy.core.clock import now_ns, rfc3339
from tradeworthy.core.errors import InputError, TradeRefused
from tradeworthy.core.finite import positive
from tradeworthy.core.moments import Clock, now_by
from tradeworthy.core.order import Refused
from tradeworthy.live.account_day import AccountDay
from tradeworthy.live.attempting import Attempt
from tradeworthy.live.trading_days import trading_day

F = TypeVar("F", bound=Callable[..., Any])


class Guard:
    """What `guard` gives: a decorator, a context manager, and `refusal()` for a look without an order."""

    def __init__(
        self, *, data_time: Any = None, max_data_age_seconds: float = 10.0, session: Any = None, equity: Any = None,
        drawdown: float | str = 0.2, daily_loss: float | str = 0.05, day: str | DayCut = "UTC",
        kill: str | PathLike[str] | KillSwitch = ".", failover: Any = None, journal: Any = None,
        alert: Callable[..., Any] | None = None, state: str | PathLike[str] | None = None, clock: Clock = now_ns,
        reduce_only: bool = False,
    ) -> None:  # fmt: skip
        self._data, self._age = data_time, positive(max_data_age_seconds, "max_data_age_seconds")
        self._session, self._equity = SessionAsked(session), equity
        self._limits: tuple[DailyLoss | DrawdownStop, ...] = ()
        if not is_off(equity):
            self._limits += () if is_off(daily_loss) else (DailyLoss(share=_share(daily_loss)),)
            self._limits += () if is_off(drawdown) else (DrawdownStop(share=_share(drawdown)),)
        self._day = day if isinstance(day, DayCut) else DayCut(day)
        trading_day(0, self._day)  # a zone that is none is told now, and not at the first order
        self._kill = None if is_off(kill) else kill if isinstance(kill, KillSwitch) else KillSwitch(kill)
        self._failover, self._clock, self._reduce_only = failover, clock, reduce_only
        self._record = record_into(journal)
        if alert is not None and not callable(alert):
            raise InputError(f"alert must be a function that takes a sentence, not {type(alert).__name__}")
        self._alert = alert
        self._account = KeptRecord(AccountDay(), "guard", state)
        self._alerted = ""
        self._lock = threading.Lock()

    def refusal(self) -> Refused | None:
        """What stands against an entry now, None where nothing does. Neither journaled nor told."""
        now = now_by(self._clock)
        against = None if self._kill is None else kill_refusal(self._kill)
        against = against or self._session.refusal(now)
        against = against or data_refusal(self._data, self._age, self._session.hours(now), now)
        losses = self._losses(now)  # looked at in any case: the peak may be seen while something else refuses
        return against or losses or self._failing()

    def check(self, what: str = "an entry") -> None:
        """Raises TradeRefused, journaled and told, where something stands against an entry."""
        against = self.refusal()
        if against is None:
            self._alerted = ""
            return
        raise TradeRefused(against, f"{what} was refused: {against.reason}{self._written(against, what)}")

    def restart_account(self, equity: float) -> None:
        """After a deposit or a withdrawal: the day and the peak begin anew at this equity."""
        number = positive(equity, "equity")
        number_of_day = trading_day(now_by(self._clock), self._day).number
        self._account.change(lambda _: AccountDay().seen(number, number_of_day))

    @overload
    def __call__(self, order_function: F, *, reduce_only: bool = False) -> F: ...

    @overload
    def __call__(self, order_function: None = None, *, reduce_only: bool = False) -> "_Stretch": ...

    def __call__(self, order_function: Any = None, *, reduce_only: bool = False) -> Any:
        """`@guarded` around an order function, sync or async; `with guarded(reduce_only=True):` around an exit."""
        if order_function is None:
            return _Stretch(self, reduce_only=reduce_only)
        if not callable(order_function):
            raise InputError(f"a guard goes around a function that sends orders, not {type(order_function).__name__}")
        return _around(self, order_function, always_exit=reduce_only or self._reduce_only)

    def __enter__(self) -> Self:
        if not self._reduce_only:
            self.check()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        return None

    async def __aenter__(self) -> Self:
        return self.__enter__()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        return None

    def _losses(self, now: int) -> Refused | None:
        if not self._limits:
            return None
        equity, why = equity_of(self._equity)
        if equity is None:
            return unknown(self._limits[0].name, "the equity", "equity", why)
        number = trading_day(now, self._day).number
        seen = self._account.change(lambda account: account.seen(equity, number))
        if self._account.trouble:
            return Refused("state", self._account.trouble, "kept", "not kept")
        book = AccountView(
            currency="", equity=equity, day_start_equity=seen.start, day_high_equity=seen.high, equity_peak=seen.peak
        )
        outcomes = (limit.check_account(book) for limit in self._limits)
        return next((one.refusal() for one in outcomes if one.refuses), None)

    def _failing(self) -> Refused | None:
        if self._failover is None:
            return None
        answer, why = told(self._failover.should_allow_trading)
        if isinstance(answer, dict) and answer.get("allowed") is True:
            return None
        reason = answer.get("reason", "") if isinstance(answer, dict) else f"it could not be asked{why}"
        return Refused(FAILOVER, str(reason), "allowed", "not allowed")

    def _written(self, against: Refused, what: str) -> str:
        """Journal and alert; what of that fails is said, and changes nothing about the refusal."""
        troubles = []
        if self._record is not None:
            entry = {
                "event": "refused", "what": what, "check": against.check, "reason": against.reason, "limit": against.limit,
                "actual": against.actual, "at": rfc3339(now_by(self._clock)),
            }  # fmt: skip
            with Attempt() as tried:
                self._record(entry)
            troubles += [] if tried.error is None else [f"; it could not be journaled: {tried.error}"]
        with self._lock:
            news, self._alerted = self._alerted != against.check, against.check
        if self._alert is not None and news:
            sentence = f"{what} was refused: {against.reason}"
            with Attempt() as tried:
                self._alert(*([sentence] if takes_one(self._alert) else []))
            troubles += [] if tried.error is None else [f"; the alert failed: {tried.error}"]
        return "".join(troubles)


class _Stretch:
    """`with guarded(reduce_only=True):` and the like."""

    def __init__(self, guard: Guard, *, reduce_only: bool) -> None:
        self._guard, self._passes = guard, reduce_only

    def __enter__(self) -> Guard:
        return self._guard if self._passes else self._guard.__enter__()

    def __exit__(self, *_: object) -> None:
        return None

    async def __aenter__(self) -> Guard:
        return self.__enter__()

    async def __aexit__(self, *_: object) -> None:
        return None


def guard(
    nothing: None = None, /, *, data_time: Any = None, max_data_age_seconds: float = 10.0,
    session: Any = None, equity: Any = None, drawdown: float | str = 0.2, daily_loss: float | str = 0.05,
    day: str | DayCut = "UTC", kill: str | PathLike[str] | KillSwitch = ".", failover: Any = None, journal: Any = None,
    alert: Callable[..., Any] | None = None, state: str | PathLike[str] | None = None, clock: Clock = now_ns,
    reduce_only: bool = False,
) -> Guard:  # fmt: skip
    """A guard for entries: `@guard(...)` around an order function, or `with guard(...):`; exits always pass.

    data_time: when the last price came (aware datetime, seconds as a float, nanoseconds), or a function that says so;
    max_data_age_seconds: exactly as old is not too old. session: "fx-24/5", "24/7", "ecb-fixing", `OpenHours`, or a function
    that says True or False. equity: of the account, or a function that says it; daily_loss: the most, as a share of the
    equity at the day's start, in `day` (a time zone or a `DayCut`); drawdown: the same of the peak. kill: the folder in
    which a file KILL stops entries, or a `KillSwitch`. failover: a `FailoverRecoverySystem` to be asked too. journal: a
    path (a `TradeLogger` is made), a `TradeLogger`, a desk's journal, a list or a function. alert: a function that takes a
    sentence, told once for each change of the check that refuses. state: a file in which the day's start and the peak
    outlive the process. clock: see `Clock`. reduce_only: all that goes through is an exit.

    What is neither given nor "off" is not known, and refuses entries. A call with reduce_only=True is an exit and passes
    whatever is wrong. Refusals raise TradeRefused, whose `.refusal` has check, reason, limit and actual. Any thread may
    call. Raises InputError for options that can never work, and for a damaged state.
    """
    if nothing is not None:
        raise InputError(
            "write @guard(...) with what it is to look at, such as data_time and equity, and not @guard alone"
        )
    return Guard(
        data_time=data_time, max_data_age_seconds=max_data_age_seconds, session=session, equity=equity, drawdown=drawdown,
        daily_loss=daily_loss, day=day, kill=kill, failover=failover, journal=journal, alert=alert, state=state, clock=clock,
        reduce_only=reduce_only,
    )  # fmt: skip


def _share(given: float | str) -> float:
    if isinstance(given, str):
        raise InputError(f"a limit of loss is a share such as 0.05, or 'off', not {given!r}")
    return given


def _around(made: Guard, function: Callable[..., Any], *, always_exit: bool) -> Callable[..., Any]:
    name = getattr(function, "__name__", type(function).__name__)
    passed_on = _takes(function, "reduce_only")

    def let_through(args: tuple[Any, ...], given: dict[str, Any]) -> dict[str, Any]:
        exits = always_exit or _is_exit(function, args, given)
        if not exits:
            made.check(name)
        return given if passed_on else {key: value for key, value in given.items() if key != "reduce_only"}

    if inspect.iscoroutinefunction(function) or inspect.iscoroutinefunction(getattr(function, "__call__", None)):  # noqa: B004 - asks of what kind it is

        @functools.wraps(function)
        async def waiting(*args: Any, **given: Any) -> Any:
            return await function(*args, **let_through(args, given))

        return waiting

    @functools.wraps(function)
    def called(*args: Any, **given: Any) -> Any:
        return function(*args, **let_through(args, given))

    return called


def _takes(function: Callable[..., Any], name: str) -> bool:
    try:
        parameters = inspect.signature(function).parameters
    except (TypeError, ValueError):
        return True
    return name in parameters or any(one.kind is one.VAR_KEYWORD for one in parameters.values())


def _is_exit(function: Callable[..., Any], args: tuple[Any, ...], given: dict[str, Any]) -> bool:
    """Only True itself says so: a text such as "no" counts as true elsewhere."""
    if "reduce_only" in given:
        return given["reduce_only"] is True
    try:
        bound = inspect.signature(function).bind_partial(*args, **given)
    except (TypeError, ValueError):
        return False
    bound.apply_defaults()
    return bound.arguments.get("reduce_only") is True
