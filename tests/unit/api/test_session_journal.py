"""What is read out of a desk's journal, event by event."""

from typing import Any

import pytest

from tradeworthy.api.session_journal import JournalHeard, journal_heard
from tradeworthy.core.errors import InputError
from tradeworthy.core.events import Envelope

SETTINGS = {"strategies": {"one": {"instrument": "EUR_USD", "timeframe": "H1"}}}
STARTED = {"version": "1", "simulated": True, "currency": "USD", "settings": SETTINGS}


def told(*events: tuple[str, dict[str, Any]]) -> JournalHeard:
    """These kinds and bodies, each a second after the one before, about the strategy `one`."""
    return journal_heard(
        Envelope(
            sequence=place + 1, account="paper", strategy="one", kind=kind, event_time_ns=place, receive_time_ns=place,
            source="test", body=body,
        )
        for place, (kind, body) in enumerate(events)
    )  # fmt: skip


def bar(
    hour: int, close: float = 1.1, *, backfill: bool = False, symbol: str = "EUR_USD"
) -> tuple[str, dict[str, Any]]:
    """An hourly bar that closes at that hour."""
    prices = {"open": close, "high": close, "low": close, "close": close}
    return "bar", {
        "symbol": symbol, "timeframe": "H1", "bar": {"open_ns": hour - 1, "close_ns": hour, **prices}, "backfill": backfill,
    }  # fmt: skip


def note(kind: str, about: int, **data: Any) -> tuple[str, dict[str, Any]]:
    """A note."""
    return "note", {"kind": kind, "sentence": "as it is", "about": about, "symbol": "EUR_USD", "data": data}


def fill(name: str, units: str, price: str, at: int, order: str) -> tuple[str, dict[str, Any]]:
    """A deal."""
    deal = {"fill_id": name, "units": units, "price": price, "fee": "0.5", "time_ns": at}
    return "deal", {"client_id": order, "fill": deal}


def test_a_refusal_is_about_the_bar_that_came_and_a_reversal_about_the_one_before() -> None:
    heard = told(
        ("started", STARTED), bar(1), bar(2), note("refused", 3, check="risk per trade", limit="1", actual="2"), bar(3),
        note("refused", 5, check="reversal", limit="1", actual="2"), note("refused", 5, check="broker"),
    )  # fmt: skip
    found = heard.stretches[0].trades.hindered["one"]
    assert {moment: one.check for moment, one in found.items()} == {2: "reversal"}
    heard = told(
        ("started", STARTED), bar(1), note("refused", 2, check="risk per trade", limit="1", actual="2"), bar(2),
    )  # fmt: skip
    assert heard.stretches[0].trades.hindered["one"][1].check == "risk per trade"


def test_bars_that_the_desk_did_not_keep_are_left_out_and_late_ones_marked() -> None:
    heard = told(
        ("started", STARTED), bar(1, backfill=True), bar(2), bar(2), bar(4), note("data", 5, verdict="bad"), bar(5),
        note("refused", 7, check="data", limit="fresh", actual="late"),
    )  # fmt: skip
    got = heard.series["EUR_USD", "H1"].columns()
    assert got.close_time.tolist() == [1, 2, 5]
    assert got.late.tolist() == [True, False, True]
    assert heard.stretches[0].begins_ns == 2


def test_deals_are_those_of_the_trade_that_they_open_and_close_each_once() -> None:
    closed = {
        "side": "long", "units": "10", "entry_price": 1.1, "exit_price": 1.2, "exit_ns": 9, "decided_ns": 1, "reason": "signal",
        "pnl": 0.5, "r": None, "fees": 1.5, "entry_id": "a",
    }  # fmt: skip
    heard = told(
        ("started", STARTED), bar(1), note("order", 2, client_id="a", units="10", decided_ns=1),
        fill("1", "6", "1.1", 2, "a"), note("opened", 4, client_id="a", units="6"), fill("1", "6", "1.1", 2, "a"),
        ("report", {"client_id": "a", "report": {"fills": [fill("2", "4", "1.1", 3, "a")[1]["fill"]]}}),
        note("opened", 7, client_id="a", units="4"), note("order", 2, client_id="x", units="-10"),
        fill("3", "-10", "1.2", 9, "x"), fill("4", "-10", "1.2", 9, "a-stop"), fill("5", "1", "1.0", 9, "nobody"),
        note("closed", 10, **closed), ("replaced", {"client_id": "a-stop"}),
    )  # fmt: skip
    one = heard.stretches[0].trades.trades("one")[0]
    assert [(deal.units, deal.fee, deal.is_first) for deal in one.entries] == [(6.0, 0.5, True), (4.0, 0.5, False)]
    assert [(deal.units, deal.leg) for deal in one.exits] == [(10.0, "stop"), (10.0, "")]
    assert (one.decided_ns, one.side, one.pnl, one.reason, one.is_moved) == (1, 1, 0.5, "signal", True)


def test_a_position_that_was_written_off_is_lost_from_then_on() -> None:
    heard = told(
        ("started", STARTED), bar(1), note("order", 2, client_id="a", units="10", decided_ns=1),
        fill("1", "10", "1.1", 2, "a"), note("opened", 4, client_id="a", units="10"), ("operator", {"wish": "accept"}),
        note("break", 6, units="10"),
    )  # fmt: skip
    assert heard.stretches[0].trades.trades("one")[0].lost_ns == 6


def test_rates_are_those_of_the_newest_close_of_a_pair_that_says_them() -> None:
    settings = {"strategies": {
        "one": {"instrument": "USD_JPY", "timeframe": "H1"}, "two": {"instrument": "EUR_GBP", "timeframe": "H1"},
        "three": {"instrument": "GBP_USD", "timeframe": "H1"},
    }}  # fmt: skip
    heard = told(
        ("started", {**STARTED, "settings": settings}), bar(1, 150.0, symbol="USD_JPY"), bar(1, 1.25, symbol="GBP_USD"),
        bar(2, 160.0, symbol="USD_JPY"),
    )  # fmt: skip
    rates = heard.rates(heard.stretches[0])
    assert (rates.now("USD"), rates.now("JPY"), rates.now("GBP"), rates.now("CHF")) == (1.0, 1 / 160.0, 1.25, 0.0)
    column = rates.column("JPY")
    assert column is not None
    assert (column[0].tolist(), column[1].tolist()) == ([1, 2], [1 / 150.0, 1 / 160.0])
    assert rates.column("USD") is None


def test_another_book_begins_a_stretch_of_its_own_and_other_limits_do_not() -> None:
    other = {**STARTED, "settings": {**SETTINGS, "sizing": {"kind": "units"}}}
    limits = {**STARTED, "settings": {**SETTINGS, "limits": {"open_positions": 3}}}
    heard = told(("started", STARTED), bar(1), ("started", limits), bar(2), ("started", other), bar(3))
    assert [(one.first, one.last, one.begins_ns) for one in heard.stretches] == [(1, 4, 1), (5, 6, 3)]


def test_an_event_without_what_it_should_hold_is_named() -> None:
    with pytest.raises(InputError, match=r"event 2 \(bar\) is not one that this version knows"):
        told(("started", STARTED), ("bar", {"symbol": "EUR_USD"}))
