"""Whatever happens in whatever order, a failover system keeps its promises; so do the equity of a guard and its exits."""

import tempfile
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from tradeworthy import FailoverRecoverySystem, SafeExitManager, TradeRefused, guard
from tradeworthy.core.errors import AskError, HaltError, PauseError, RefreshError, RefuseError, RetryError
from tradeworthy.live.account_day import AccountDay

SECOND = 10**9
NOON = 1_793_361_600 * SECOND
ERRORS = (
    RetryError("x"), AskError("x"), PauseError("x", 7), RefreshError("x"), RefuseError("x"), HaltError("x"), TimeoutError(),
    ConnectionRefusedError(), KeyError("x"), OSError(5, "x"), ExceptionGroup("g", [RetryError("x"), HaltError("y")]),
)  # fmt: skip


class Failing(RuleBasedStateMachine):
    """A system whose state is a file, started again and again."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.now = NOON
        self.halted = False
        self.renewed = 0
        self.start()

    def teardown(self) -> None:
        self.folder.cleanup()

    def start(self) -> None:
        self.system = FailoverRecoverySystem(
            self.renew, lambda: self.now, Path(self.folder.name) / "failover.json", instruments=("EUR_USD",)
        )
        self.compared = self.priced = False

    def renew(self) -> None:
        self.renewed += 1

    @rule(error=st.sampled_from(ERRORS), sending=st.booleans())
    def fails(self, error: Exception, sending: bool) -> None:
        told = self.system.handle_broker_error(error, sending=sending)
        assert set(told) == {"action", "reason", "wait_seconds"}
        assert told["action"] in {"retry", "pause", "refresh", "halt"}
        assert told["wait_seconds"] >= 0.0
        self.halted |= told["action"] == "halt"
        if told["wait_seconds"] and told["action"] == "pause":
            assert not self.system.should_allow_trading()["allowed"]

    @rule(seconds=st.sampled_from([0.0, 0.5, 9.0, 31.0, 700.0, 15_000.0, -3600.0]))
    def passes(self, seconds: float) -> None:
        self.now += round(seconds * SECOND)

    @rule()
    def prices_come(self) -> None:
        self.system.record_data("EUR_USD")
        self.priced = True

    @rule(theirs=st.sampled_from([{}, {"EUR_USD": 1}]))
    def compares(self, theirs: dict[str, int]) -> None:
        told = self.system.reconcile({}, lambda: theirs)
        assert not (told["agrees"] and theirs)
        self.compared |= told["agrees"]

    @rule()
    def succeeds(self) -> None:
        self.system.record_success()

    @rule()
    def starts_again(self) -> None:
        self.start()

    @precondition(lambda self: self.halted)
    @rule()
    def is_resumed(self) -> None:
        self.now += 4000 * SECOND  # a resume from before the halt, by a clock that was put back, ends nothing
        self.system.resume("Ada", "looked")
        assert self.system.get_system_status()["halts"] == []
        self.halted = False

    @invariant()
    def entries_need_everything(self) -> None:
        allowed = self.system.should_allow_trading()["allowed"]
        status = self.system.get_system_status()
        assert status["allowed"] == allowed
        assert (status["state"] == "HEALTHY") == (not status["issues"])
        if self.halted:
            assert status["state"] == "CRITICAL"
        if allowed:
            assert not self.halted
            assert self.compared
            assert self.priced
            assert status["state"] in {"HEALTHY", "DEGRADED"}
            assert (status["broker"]["phase"], status["reconciliation"]) == ("CLOSED", "agrees")

    @invariant()
    def a_status_changes_nothing(self) -> None:
        assert self.system.get_system_status() == self.system.get_system_status()


Failing.TestCase.settings = settings(max_examples=40, stateful_step_count=30)
test_a_failover_system_keeps_its_promises = pytest.mark.filterwarnings("default")(Failing.TestCase)

EQUITIES = st.floats(1.0, 1e9)


@given(st.lists(st.tuples(EQUITIES, st.integers(0, 3)), min_size=1, max_size=30))
def test_the_equity_of_days_is_that_of_a_plain_list(looks: list[tuple[float, int]]) -> None:
    account, day, seen, start = AccountDay(), 0, list[float](), 0.0
    today: list[float] = []
    for equity, later in looks:
        if later or not seen:
            start, today = (seen[-1] if seen else equity), []
        day += later
        account = account.seen(equity, day)
        seen.append(equity)
        today.append(equity)
        assert (account.start, account.peak, account.last) == (start, max(seen), equity)
        assert account.high == max([start, *today])
        assert AccountDay.from_dict(account.to_dict()) == account
        assert account.seen(equity, day - 1).day == day


@given(start=st.floats(100.0, 1e6), fall=st.floats(0.0, 0.99), share=st.floats(0.01, 0.9))
def test_a_guard_refuses_from_its_limit_on_and_never_before(start: float, fall: float, share: float) -> None:
    equity = [start]
    guarded = guard(
        kill="off", session="off", data_time="off", daily_loss="off", equity=lambda: equity[0], drawdown=share
    )
    assert guarded.refusal() is None
    equity[0] = start * (1 - fall)
    lost = (start - equity[0]) / start
    if abs(lost - share) > 1e-9:
        assert (guarded.refusal() is not None) == (lost > share)
    try:
        with guarded:
            entered = True
    except TradeRefused:
        entered = False
    if abs(lost - share) > 1e-9:
        assert entered == (lost < share)


POSITIONS = st.dictionaries(st.sampled_from("ABCD"), st.integers(-5, 5))


@given(st.lists(st.tuples(POSITIONS, st.sets(st.sampled_from("ABCD")), st.booleans()), max_size=12))
def test_no_position_is_closed_twice_or_turned_round(rounds: list[tuple[dict[str, int], set[str], bool]]) -> None:
    """Between two confirmations each symbol is sent at most once, whatever fails, and always what closes it."""
    exits, sent = SafeExitManager(), dict[str, Decimal]()
    for positions, failing, confirms in rounds:

        def send(order: dict[str, Any], held: dict[str, int] = positions, lost: set[str] = failing) -> None:
            assert order["symbol"] not in sent
            assert exits.reduces(order["units"], held[order["symbol"]])
            sent[order["symbol"]] = order["units"]
            if order["symbol"] in lost:
                raise TimeoutError

        told = exits.exit_all(positions, send)
        assert {one["symbol"] for one in told["failed"]} <= failing
        if confirms:
            exits.confirm(positions)
            sent.clear()
