"""What other settings would have done on a day: held against desks that really ran with them, and against planted faults."""

from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from msgspec import structs

from support.past_desks import BOOK, Ear, changed, run_book
from tradeworthy.adapters.brokers.paper_terms import PaperTerms
from tradeworthy.adapters.journals.opening import open_journal
from tradeworthy.api.counterfactual import Counterfactual, compared, replay_with
from tradeworthy.api.day_acts import acts_of, parting
from tradeworthy.api.day_market import heard_on
from tradeworthy.api.day_proof import made_records
from tradeworthy.api.day_trades import STILL_OPEN, TradeDifference
from tradeworthy.api.desk_operating import ask_desk
from tradeworthy.api.desk_past import Past, RecordedStep, open_past
from tradeworthy.api.desk_recovery import settings_in
from tradeworthy.api.replaying import replayed
from tradeworthy.api.simulated_day import BrokerTerms, lived_on_paper
from tradeworthy.core.clock import SECOND_NS
from tradeworthy.core.errors import InputError, SettingsError
from tradeworthy.core.events import decode
from tradeworthy.live.desk_commands import NoteKind
from tradeworthy.live.desk_events import Wish
from tradeworthy.settings.loading import settings_named
from tradeworthy.wiring.desk_plans import paper_costs, paper_rates

OFF = "{ enabled = false }"
WILD = changed(
    BOOK, risk="0.1", risk_per_trade="{ share = 1.0 }", notional_per_order=OFF, notional_per_instrument=OFF,
    risk_per_instrument=OFF, currency_exposure=OFF,
)  # fmt: skip
"""Ten times the usual size, and a limit a hundred times too large that lets it pass."""
SANE_LIMIT = WILD.replace("risk_per_trade = { share = 1.0 }", "risk_per_trade = { share = 0.01 }")
UNCALIBRATED = BOOK.replace("[calibration]", "[calibration]\nenabled = false")
OTHER_AVERAGES = BOOK.replace("fast = 10", "fast = 12")
assert len({BOOK, WILD, SANE_LIMIT, UNCALIBRATED, OTHER_AVERAGES}) == 5


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("counterfactual")


@pytest.fixture(scope="module")
def usual(folder: Path) -> Path:
    run_book(folder / "usual", days=120)
    return folder / "usual"


@pytest.fixture(scope="module")
def wild(folder: Path) -> Path:
    run_book(folder / "wild", WILD, days=120)
    return folder / "wild"


def config(folder: Path, text: str) -> Path:
    """Settings in a file of their own."""
    path = folder / f"{abs(hash(text))}.toml"
    path.write_text(text)
    return path


def span_of(past: Past) -> dict[str, Any]:
    """From the first day through the last."""
    days = past.days()
    return {"day": days[0].day, "through": days[-1].day}


def whole(desk: Path, text: str) -> Counterfactual:
    """All days of a desk under other settings."""
    asked = span_of(open_past(desk))
    return replay_with(desk, asked["day"], config(desk.parent, text), through=asked["through"])


@pytest.mark.parametrize("text", [UNCALIBRATED, OTHER_AVERAGES, WILD, changed(BOOK, risk="0.005")])
def test_what_other_settings_would_have_done_is_what_a_desk_with_them_does(
    usual: Path, tmp_path: Path, text: str
) -> None:
    found = whole(usual, text)
    run_book(tmp_path / "really", text, days=120)
    really = open_past(tmp_path / "really")
    trades = [one for one in found.other.trades if one.reason != STILL_OPEN]
    acts = acts_of(really.steps())
    closed = [one for one in acts if one.kind == "closed"]
    assert [(one.strategy, one.facts["entry_ns"], one.facts["exit_ns"]) for one in closed] == [
        (one.strategy, one.entry_ns, one.exit_ns) for one in trades
    ]
    assert [float(one.facts["units"]) for one in closed] == [one.units for one in trades]
    assert [one.facts["pnl"] for one in closed] == pytest.approx([one.pnl for one in trades])
    assert found.other.account.end_equity == pytest.approx(really.at(sequence=really.last).equity)
    assert sum(found.other.account.refused.values()) == sum(one.kind == "refused" for one in acts)
    assert found.reproduces
    assert not found.is_same


def test_a_day_of_a_desk_is_reproduced_from_the_state_at_its_beginning(usual: Path) -> None:
    held, past = 0, open_past(usual)
    own = settings_named(config(usual.parent, BOOK), {})[0]
    for day in past.days()[10:40:2]:
        found = compared(past, day, own)
        assert found.reproduces
        assert found.is_same
        assert found.differ == ()
        assert found.trades == ()
        assert found.own.account.end_equity == found.other.account.end_equity
        held += bool(found.own.trades)
    assert held > 4, "with positions carried in"


def test_a_limit_a_hundred_times_too_large_is_found_where_it_let_the_first_order_pass(wild: Path) -> None:
    found = whole(wild, SANE_LIMIT)
    assert found.reproduces
    assert found.differ == ("limits.risk_per_trade.share: 1.0 -> 0.01",)
    first = found.first
    assert first is not None
    sent = next(one for one in acts_of(open_past(wild).steps()) if one.kind == "order")
    assert (first.time_ns, first.strategy) == (sent.time_ns, sent.strategy)
    assert first.one is not None
    assert first.other is not None
    assert first.one == sent
    assert (first.other.kind, first.other.check) == ("refused", "risk per trade")
    assert first.sides is not None
    assert first.sides.check == "risk per trade"
    assert [one.split(" of the equity")[0] for one in first.sides.required] == ["at most 100%", "at most 1%"]
    assert first.sides.actual[0] == first.sides.actual[1] == first.other.facts["actual"]
    assert found.other.account.entries == ()
    assert found.other.trades == ()
    assert found.other.account.end_equity == found.other.account.start_equity
    assert found.other.account.refused["risk per trade"] >= 1
    assert "risk per trade" not in found.own.account.refused
    assert {one.kind for one in found.trades} == {TradeDifference.OWN_ONLY}
    assert len(found.trades) == len(found.own.trades) > 0
    money = sum(filter(None, found.own.account.money.values()))
    assert money == pytest.approx((found.own.account.end_equity or 0) - (found.own.account.start_equity or 0))


def test_the_other_way_round_the_refusal_is_on_the_own_side(folder: Path) -> None:
    run_book(folder / "sane", SANE_LIMIT, days=60)
    found = whole(folder / "sane", WILD)
    assert found.first is not None
    assert found.first.one is not None
    assert found.first.one.check == "risk per trade"
    assert found.first.other is not None
    assert found.first.other.kind == "order"
    assert found.first.sides is not None
    assert [one.split(" of the equity")[0] for one in found.first.sides.required] == ["at most 1%", "at most 100%"]


def test_positions_are_carried_into_the_day_where_the_strategies_are_the_same(usual: Path) -> None:
    past = open_past(usual)
    day = next(
        one for one in past.days()[20:] if any(member.holding for member in past.at(sequence=one.first - 1).members)
    )
    found = replay_with(usual, day.day, config(usual.parent, UNCALIBRATED))
    assert found.carried
    assert found.reproduces
    held = past.at(sequence=day.first - 1)
    carried = {(one.holding.entry_id, one.holding.units) for one in held.members if one.holding is not None}
    assert carried
    assert {one.entry_ns for one in found.own.trades} >= {
        one.holding.opened_ns for one in held.members if one.holding is not None
    }


def test_both_begin_flat_where_strategies_differ_and_something_is_open(usual: Path) -> None:
    past = open_past(usual)
    day = next(
        one for one in past.days()[20:] if any(member.holding for member in past.at(sequence=one.first - 1).members)
    )
    found = replay_with(usual, day.day, config(usual.parent, OTHER_AVERAGES))
    assert not found.carried
    assert found.reproduces is None
    assert found.apart is None
    assert all(one.entry_ns >= day.begins_ns for one in (*found.own.trades, *found.other.trades))


def test_wishes_and_restarts_come_again_when_they_came(folder: Path) -> None:
    desk = folder / "halted"
    with pytest.raises(KeyboardInterrupt):
        run_book(desk, days=120, ear=Ear(1, NoteKind.CLOSED))
    ask_desk(desk, Wish.HALT, "news")
    run_book(desk, days=120)
    found = whole(desk, WILD)
    assert found.reproduces
    assert found.own.account.refused["mode"] > 0
    assert found.other.account.refused["mode"] == found.own.account.refused["mode"]
    assert (
        [one.sentence for one in found.own.account.wishes] == [one.sentence for one in found.other.account.wishes] != []
    )


def test_a_process_that_died_with_an_order_in_its_hands_is_not_reproduced_and_the_place_is_shown(folder: Path) -> None:
    desk = folder / "died"
    with pytest.raises(KeyboardInterrupt):
        run_book(desk, days=120, ear=Ear(2))
    ask_desk(desk, Wish.HALT, "it died")  # so that the order is not sent again
    run_book(desk, days=120)
    found = whole(desk, WILD)
    assert found.reproduces is False
    assert found.apart is not None
    assert found.apart.one is not None
    assert "was never arrived" in found.apart.one.sentence
    assert found.reasons == ("2 processes took the desk over on that day",)


def test_a_broker_that_deals_in_parts_and_late_deals_so_again(folder: Path) -> None:
    text = changed(BOOK, partial_share="0.5", reject_share="0.2", latency_ms="250.0")
    run_book(folder / "parts", text, days=120)
    found = whole(folder / "parts", text)
    assert found.reproduces
    assert found.is_same
    past = open_past(folder / "parts")
    own = settings_named(config(folder, text), {})[0]
    for day in past.days()[30:60:3]:
        one = compared(past, day, own)
        assert one.reproduces, (day.day, one.apart)


def test_that_terms_of_the_broker_and_the_balance_make_no_difference_is_said(usual: Path) -> None:
    text = changed(BOOK, balance="77777.0", slippage_pips="3.0")
    found = whole(usual, text)
    assert found.is_same
    assert any("[paper] and [costs] make no difference" in one for one in found.remarks)


def test_settings_that_cannot_be_held_against_the_day_are_told(usual: Path, tmp_path: Path) -> None:
    elsewhere = BOOK.replace('instrument = "AUD_USD"', 'instrument = "USD_CHF"')
    assert elsewhere != BOOK
    with pytest.raises(
        InputError, match="the other settings trade USD_CHF D, and the journal holds bars of what this desk"
    ):
        whole(usual, elsewhere)
    with pytest.raises(InputError, match="count in EUR and this desk in USD"):
        whole(usual, changed(BOOK, currency='"EUR"'))
    with pytest.raises(InputError, match=r"the other settings trade .* H4"):
        replay_with(usual, None, "fx-16")
    with pytest.raises(SettingsError, match="there is no such file"):
        replay_with(usual, None, tmp_path / "nowhere.toml")
    days = open_past(usual).days()
    with pytest.raises(InputError, match="is before"):
        replay_with(usual, days[5].day, config(tmp_path, BOOK), through=days[2].day)


def on_a_stale_feed(desk: Path, to: Path) -> tuple[int, str]:
    """The journal of a desk whose feed was ten minutes late with the bar on which it first entered; when that bar closed, and
    whose entry it was."""
    past = open_past(desk)
    assert past.plans is not None
    days = past.days()
    entry = next(one for one in acts_of(past.steps()) if one.kind == "order")
    settings = settings_in(past.begun()[-1].settings)
    book, bars = past.plans.bars_for(settings)
    market = heard_on(past, replace(days[0], ends_ns=days[-1].ends_ns, last=days[-1].last), bars)
    inputs = [
        replace(one, happened=structs.replace(one.happened, received_ns=entry.time_ns + 600 * SECOND_NS))
        if one.bar is not None and one.happened.event.time_ns == entry.time_ns
        else one
        for one in market.inputs
    ]
    rates = paper_rates("USD", market.series)
    broker = BrokerTerms(paper_costs(settings, book), book.fills, PaperTerms(currency="USD", rates=rates))
    steps = lived_on_paper(next(past.steps()).before, replace(market, inputs=tuple(inputs)), broker)
    with closing(open_journal(to)) as journal:
        journal.append([decode(data) for one in steps for data in made_records(RecordedStep(one, ()))])
    return entry.time_ns, entry.strategy


def test_a_feed_that_was_late_is_found_where_the_desk_entered_on_it(folder: Path) -> None:
    run_book(folder / "lax", changed(BOOK, stale_price=OFF), days=120)
    journal = folder / "lax" / "late.sqlite"
    closed_ns, strategy = on_a_stale_feed(folder / "lax", journal)
    past = open_past(journal)
    days = past.days()
    assert all(replayed(past, one).proof.is_equal for one in days)
    found = replay_with(journal, days[0].day, config(folder, BOOK), through=days[-1].day)
    assert found.reproduces
    assert any("came late, and came late to both" in one for one in found.remarks)
    first = found.first
    assert first is not None
    assert (first.time_ns, first.strategy) == (closed_ns + 600 * SECOND_NS, strategy)
    assert first.one is not None
    assert first.one.kind == "order"
    assert first.other is not None
    assert first.other.check == "stale price"
    assert first.sides is not None
    assert (first.sides.required[1], first.sides.actual[1]) == ("at most 60 s", "600 s")


def test_two_lists_of_acts_part_where_the_first_of_them_differs(usual: Path) -> None:
    acts = acts_of(open_past(usual).steps())
    assert parting(acts, acts) is None
    cut = parting(acts, acts[:-3])
    assert cut is not None
    assert cut.one == acts[-3]
    assert cut.other is None
    turned = parting(acts[:-3], acts)
    assert turned is not None
    assert (turned.one, turned.other) == (None, acts[-3])
