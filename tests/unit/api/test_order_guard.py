"""A guard around somebody's own order function."""

import asyncio
import threading
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from support.small_disks import full_disk
from tradeworthy import FailoverRecoverySystem, KillSwitch, TradeLogger, TradeRefused, TradeworthyError, guard
from tradeworthy.adapters.journals.opening import open_journal
from tradeworthy.core.errors import InputError
from tradeworthy.core.instrument import CalendarName
from tradeworthy.live import OpenHours

SECOND = 10**9
WEDNESDAY = 1_793_188_800 * SECOND  # 2026-10-28T12:00:00Z
SATURDAY = WEDNESDAY + 3 * 86_400 * SECOND


class Bot:
    """A bot of somebody's own, with all that its guard asks."""

    def __init__(self, folder: Path, **options: Any) -> None:
        self.now = WEDNESDAY
        self.price: Any = WEDNESDAY
        self.equity: Any = 10_000.0
        self.sent: list[Any] = []
        self.alerts: list[str] = []
        self.refusals: list[dict[str, Any]] = []
        given = {
            "data_time": lambda: self.price, "session": "fx-24/5", "equity": lambda: self.equity, "kill": folder,
            "journal": self.refusals, "alert": self.alerts.append, "clock": lambda: self.now, **options,
        }  # fmt: skip
        self.guard = guard(**given)

        @self.guard
        def send(symbol: str, units: float, *, reduce_only: bool = False) -> str:
            """Sends."""
            self.sent.append((symbol, units, reduce_only))
            return "c-1"

        self.send = send

    def refused(self) -> str:
        """The check that refuses an entry now, "" for none."""
        before = len(self.sent)
        try:
            self.send("EUR_USD", 1)
        except TradeRefused as error:
            assert len(self.sent) == before
            assert self.send("EUR_USD", -1, reduce_only=True) == "c-1"  # whatever is wrong, exits pass
            return str(error.refusal.check)
        assert len(self.sent) == before + 1
        return ""


def test_an_entry_passes_where_all_is_known_and_well(tmp_path: Path) -> None:
    bot = Bot(tmp_path)
    assert bot.send("EUR_USD", 1000) == "c-1"
    assert bot.sent == [("EUR_USD", 1000, False)]
    assert (bot.alerts, bot.refusals) == ([], [])
    assert (bot.send.__name__, bot.send.__doc__) == ("send", "Sends.")


def test_stale_data_refuse_and_exactly_ten_seconds_do_not(tmp_path: Path) -> None:
    bot = Bot(tmp_path)
    bot.now += 10 * SECOND
    assert bot.refused() == ""
    bot.now += 1
    assert bot.refused() == "stale data"
    with pytest.raises(
        TradeRefused, match="send was refused: the last price is of 2026-10-28T12:00:00Z, at most 10 s old is allowed"
    ):
        bot.send("EUR_USD", 1)
    bot.price = bot.now + 2 * SECOND
    with pytest.raises(TradeRefused, match="yet to come; check the clocks"):
        bot.send("EUR_USD", 1)


@pytest.mark.parametrize("price", [None, float("nan"), "noon", datetime(2026, 10, 28, 12), True, object()])  # noqa: DTZ001 - naive on purpose
def test_a_time_that_is_none_refuses(tmp_path: Path, price: Any) -> None:
    bot = Bot(tmp_path)
    bot.price = price
    assert bot.refused() == "stale data"
    assert "it is not known: when the last price came" in bot.refusals[0]["reason"]


def test_aware_datetimes_and_seconds_are_times(tmp_path: Path) -> None:
    bot = Bot(tmp_path)
    for price in (datetime(2026, 10, 28, 12, tzinfo=UTC), WEDNESDAY / SECOND):
        bot.price = price
        assert bot.refused() == ""


def test_a_function_that_fails_refuses_and_says_why(tmp_path: Path) -> None:
    def gone() -> float:
        raise ConnectionError("the socket is closed")

    assert Bot(tmp_path, equity=gone).refused() == "daily loss"
    bot = Bot(tmp_path, data_time=gone)
    assert bot.refused() == "stale data"
    assert "ConnectionError: the socket is closed" in bot.refusals[0]["reason"]


def test_a_closed_market_refuses_and_one_that_nobody_knows_too(tmp_path: Path) -> None:
    bot = Bot(tmp_path)
    bot.now = bot.price = SATURDAY
    assert bot.refused() == "session"
    for session, check in ((lambda: False, "session"), (lambda: None, "session"), (lambda: True, ""), (OpenHours.always(), ""),
                           (CalendarName.ALWAYS, ""), (OpenHours((), 0, 1), "session"), (lambda: 1 / 0, "session")):  # fmt: skip
        assert Bot(tmp_path, session=session).refused() == check


def test_prices_grow_old_in_open_time(tmp_path: Path) -> None:
    bot = Bot(tmp_path, max_data_age_seconds=3 * 3600.0)
    friday = WEDNESDAY + (2 * 24 + 8) * 3600 * SECOND  # 20:00 UTC, an hour before the close in New York
    bot.price, bot.now = friday, friday + (48 + 2) * 3600 * SECOND
    assert bot.refused() == ""
    bot.now += 2 * 3600 * SECOND  # one hour before the close, and two since the opening
    assert bot.refused() == ""
    bot.now += 1
    assert bot.refused() == "stale data"


def test_a_loss_of_five_percent_since_the_day_began_refuses_until_the_next_day(tmp_path: Path) -> None:
    bot = Bot(tmp_path)
    assert bot.refused() == ""
    bot.equity = 9_500.01
    assert bot.refused() == ""
    bot.equity = 9_500.0
    assert bot.refused() == "daily loss"
    assert bot.refusals[-1]["reason"].startswith("daily loss: 5% (500.00")
    bot.now += 12 * 3600 * SECOND
    bot.price = bot.now
    assert bot.refused() == ""


def test_what_was_lost_over_midnight_is_lost_on_the_day_after_the_last_look(tmp_path: Path) -> None:
    bot = Bot(tmp_path)
    bot.refused()
    bot.now += 12 * 3600 * SECOND
    bot.price, bot.equity = bot.now, 9_400.0
    assert bot.refused() == "daily loss"


def test_a_fall_of_twenty_percent_from_the_peak_refuses_over_restarts(tmp_path: Path) -> None:
    state = tmp_path / "state" / "guard.json"
    bot = Bot(tmp_path, state=state, daily_loss="off")
    bot.refused()
    for equity, check in ((12_000.0, ""), (9_600.01, ""), (9_600.0, "drawdown stop")):
        bot.equity = equity
        assert bot.refused() == check
    again = Bot(tmp_path, state=state, daily_loss="off")
    again.equity = 9_600.0
    assert again.refused() == "drawdown stop"
    again.guard.restart_account(9_600.0)
    assert again.refused() == ""
    assert Bot(tmp_path, daily_loss="off").refused() == ""
    state.write_bytes(state.read_bytes().replace(b"9600", b"9700"))
    with pytest.raises(InputError, match="changed by hand"):
        Bot(tmp_path, state=state)
    assert again.refused() == "state"


@pytest.mark.parametrize("equity", [None, float("nan"), float("inf"), "10000", [1], True])
def test_an_equity_that_is_no_number_refuses_and_never_becomes_the_peak(tmp_path: Path, equity: Any) -> None:
    bot = Bot(tmp_path)
    bot.equity = equity
    assert bot.refused() == "daily loss"
    bot.equity = Decimal(10_000)
    assert bot.refused() == ""
    bot.equity = equity
    assert bot.refused() == "daily loss"


@pytest.mark.parametrize("equity", [0.0, -100.0])
def test_an_account_without_money_enters_nothing(tmp_path: Path, equity: float) -> None:
    bot = Bot(tmp_path)
    bot.equity = equity
    assert bot.refused() != ""


def test_the_kill_file_refuses_everything_but_exits(tmp_path: Path) -> None:
    bot = Bot(tmp_path)
    (tmp_path / "KILL").touch()
    assert bot.refused() == "kill switch"
    (tmp_path / "KILL").unlink()
    assert bot.refused() == ""
    with pytest.raises(InputError, match="is no folder"):
        Bot(tmp_path, kill=tmp_path / "none")
    switch = KillSwitch()
    bot = Bot(tmp_path, kill=switch)
    switch.activate("by hand")
    assert bot.refused() == "kill switch"


def test_a_folder_that_has_gone_refuses(tmp_path: Path) -> None:
    folder = tmp_path / "desk"
    folder.mkdir()
    bot = Bot(folder)
    folder.rmdir()
    assert bot.refused() == "kill switch"


def test_what_is_not_told_refuses_and_what_is_off_does_not(tmp_path: Path) -> None:
    sent: list[int] = []
    with pytest.raises(TradeRefused, match="give session, or switch it off with session='off'"):
        guard(kill=tmp_path)(sent.append)(1)
    with pytest.raises(TradeRefused, match="give data_time"):
        guard(kill=tmp_path, session="off")(sent.append)(1)
    with pytest.raises(TradeRefused, match="give equity"):
        guard(kill=tmp_path, session="off", data_time="off")(sent.append)(1)
    guard(kill="off", session="off", data_time="off", equity="off")(sent.append)(1)
    guard(kill="off", session="off", data_time="off", daily_loss="off", drawdown="off")(sent.append)(2)
    assert sent == [1, 2]


def test_refusals_are_journaled_and_told_once_for_each_change(tmp_path: Path) -> None:
    bot = Bot(tmp_path, journal=tmp_path / "refused.jsonl")
    switch = tmp_path / "KILL"
    for present in (True, True, False, True):
        switch.touch() if present else switch.unlink()
        bot.refused()
    assert len(bot.alerts) == 2
    assert bot.alerts[0].startswith("send was refused: the kill switch is pulled")
    found = TradeLogger(tmp_path / "refused.jsonl").entries()
    assert [(one["event"], one["what"], one["check"], one["at"]) for one in found] == 3 * [
        ("refused", "send", "kill switch", "2026-10-28T12:00:00Z")
    ]


def test_a_desks_journal_a_function_and_a_log_take_refusals_too(tmp_path: Path) -> None:
    journal = open_journal(tmp_path / "journal.sqlite")
    log, heard = TradeLogger(), list[dict[str, Any]]()
    for taker in (journal, log, heard.append):
        bot = Bot(tmp_path, session=lambda: False, journal=taker)
        bot.refused()
        bot.refused()
    assert [one.kind for one in journal.read()] == ["note", "note"]
    journal.close()
    assert len(log.entries()) == len(heard) == 2
    with pytest.raises(InputError, match="a journal is a path"):
        Bot(tmp_path, journal=5)


def test_a_journal_or_an_alert_that_fails_is_said_and_changes_nothing(tmp_path: Path) -> None:
    def fails(_: str) -> None:
        raise ValueError("no network")

    bot = Bot(tmp_path, session=lambda: False, journal=tmp_path / "refused.jsonl", alert=fails)
    with (
        full_disk(),
        pytest.raises(TradeRefused, match=r"could not be journaled.*the alert failed: no network") as caught,
    ):
        bot.send("EUR_USD", 1)
    assert caught.value.refusal.check == "session"
    assert isinstance(caught.value, TradeworthyError)


def test_a_full_disk_under_the_state_refuses_entries_and_lets_exits_pass(tmp_path: Path) -> None:
    bot = Bot(tmp_path, state=tmp_path / "guard.json")
    with full_disk():
        bot.refused()
        assert bot.refused() == "state"
    assert bot.refused() == ""
    assert Bot(tmp_path, state=tmp_path / "guard.json").refused() == ""


def test_an_async_order_function_is_guarded_and_awaited(tmp_path: Path) -> None:
    bot = Bot(tmp_path)

    @bot.guard
    async def send(units: int, reduce_only: bool = False) -> tuple[int, bool]:
        await asyncio.sleep(0)
        return units, reduce_only

    assert asyncio.run(send(5)) == (5, False)
    bot.price = None
    with pytest.raises(TradeRefused):
        asyncio.run(send(5))
    assert asyncio.run(send(-5, True)) == (-5, True)

    async def inside() -> None:
        async with bot.guard(reduce_only=True):
            bot.sent.append("exit")
        async with bot.guard:
            bot.sent.append("entry")

    with pytest.raises(TradeRefused):
        asyncio.run(inside())
    assert bot.sent == ["exit"]


def test_as_a_context_it_lets_in_or_refuses_and_hides_no_error(tmp_path: Path) -> None:
    bot = Bot(tmp_path)
    with bot.guard:
        bot.sent.append(1)
    with pytest.raises(ZeroDivisionError), bot.guard:
        raise ZeroDivisionError
    bot.price = None
    with pytest.raises(TradeRefused, match="an entry was refused"), bot.guard:
        bot.sent.append(2)
    with bot.guard(reduce_only=True):
        bot.sent.append(3)
    with guard(reduce_only=True, kill="off"):
        bot.sent.append(4)
    assert bot.sent == [1, 3, 4]


@pytest.mark.parametrize("word", ["yes", "True", 1, "no", [True], None])
def test_only_true_itself_says_that_it_is_an_exit(tmp_path: Path, word: Any) -> None:
    bot = Bot(tmp_path)
    bot.price = None
    with pytest.raises(TradeRefused):
        bot.send("EUR_USD", 1, reduce_only=word)


def test_a_function_that_knows_no_reduce_only_is_not_given_it(tmp_path: Path) -> None:
    bot = Bot(tmp_path)
    bot.price = None

    class Broker:
        @bot.guard
        def close(self, units: int) -> int:
            return units

    assert Broker().close(5, reduce_only=True) == 5  # type: ignore[call-arg]  # the guard takes it
    with pytest.raises(TradeRefused, match="close was refused"):
        Broker().close(5)
    assert bot.guard(abs, reduce_only=True)(-5) == 5


def test_a_failover_system_is_asked_too(tmp_path: Path) -> None:
    system = FailoverRecoverySystem(watch_data=False, watch_positions=False)
    bot = Bot(tmp_path, failover=system)
    assert bot.refused() == ""
    system.halt("the operator said so")
    assert bot.refused() == "failover"
    assert Bot(tmp_path, failover=object.__new__(FailoverRecoverySystem)).refused() == "failover"


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"session": "nasdaq"}, "no session that is known"), ({"session": 5}, "int is no session"),
        ({"day": "Mars"}, "is not a time zone"),
        ({"daily_loss": 5}, "must be a number above 0 and below 1"), ({"drawdown": "20%"}, "a limit of loss is a share"),
        ({"max_data_age_seconds": float("nan")}, "max_data_age_seconds"), ({"alert": "mail"}, "alert must be a function"),
    ],
)  # fmt: skip
def test_options_that_can_never_work_are_told_at_once(tmp_path: Path, wrong: dict[str, Any], says: str) -> None:
    with pytest.raises(InputError, match=says):
        Bot(tmp_path, **wrong)
    with pytest.raises(InputError, match="goes around a function"):
        guard(kill="off")("send")  # type: ignore[call-overload]  # as people do
    with pytest.raises(InputError, match="not @guard alone"):
        guard(lambda: None)  # type: ignore[arg-type]  # as people do


def test_threads_agree_on_the_peak(tmp_path: Path) -> None:
    bot = Bot(tmp_path, state=tmp_path / "guard.json", daily_loss="off")
    start = threading.Barrier(4)

    def look(number: int) -> None:
        start.wait(5)
        for step in range(10):
            own = guard(data_time="off", session="off", kill="off", equity=10_000.0 + number * 100 + step, daily_loss="off",
                        state=tmp_path / "guard.json")  # fmt: skip
            assert own.refusal() is None

    threads = [threading.Thread(target=look, args=(number,)) for number in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    bot.equity = 10_309 * 0.8
    assert bot.refused() == "drawdown stop"
    bot.equity += 0.01
    assert bot.refused() == ""
