"""The chain of decision: each check with what it required and found."""

from support.desk_steps import LONG, LONG_WITH_BOTH, NOTHING_WANTED, TURN_SHORT, SteppedDesk, member
from tradeworthy.controls.calibration import Calibration
from tradeworthy.controls.filters import Filters
from tradeworthy.controls.gate import Gate
from tradeworthy.controls.limit_settings import Limits
from tradeworthy.controls.limits_of_size import UnitsPerOrder
from tradeworthy.core.bar import Timeframe
from tradeworthy.core.clock import HOUR_NS
from tradeworthy.core.messages import ArrivingBar, BarCame
from tradeworthy.live.desk_events import Wish
from tradeworthy.live.verdict_chain import Answer, Stage, VerdictChain


def only(desk: SteppedDesk) -> VerdictChain:
    (chain,) = desk.chains
    return chain


def said(chain: VerdictChain, check: str) -> tuple[str, str, str]:
    (link,) = [one for one in chain.links if one.outcome.check == check]
    return link.outcome.state.name, link.outcome.required, link.outcome.actual


def test_an_entry_that_is_sent_went_through_every_stage() -> None:
    desk = SteppedDesk(member("a", [LONG_WITH_BOTH]), gate=Gate())
    desk.bar(close=1.1)
    chain = only(desk)
    assert chain.answer is Answer.SENT
    assert chain.client_id in desk.state.orders
    assert chain.not_reached == ()
    assert said(chain, "fresh bar") == ("PASSED", "a bar that closed at most 2 h of open time ago", "0 s")
    assert "stop 0.01 away (1.09); target 0.02 away (1.12)" in said(chain, "decision")[2]
    assert said(chain, "mode") == ("PASSED", "ACTIVE", "ACTIVE")
    assert said(chain, "filters")[0] == said(chain, "calibration")[0] == "OFF"
    assert said(chain, "orders per minute")[0] == "PASSED"
    stages = list(dict.fromkeys(one.stage for one in chain.links if one.outcome.check != "distances"))
    assert stages == list(Stage)


def test_limits_after_the_one_that_refuses_are_shown_too() -> None:
    limits = Limits(units_per_order=UnitsPerOrder(most=5.0, enabled=True))
    desk = SteppedDesk(member("a", [LONG]), gate=Gate(limits))
    desk.bar()
    chain = only(desk)
    assert chain.refusal is not None
    assert chain.refusal.check == "units per order"
    assert said(chain, "units per order") == ("REFUSED", "at most 5", "10")
    assert said(chain, "orders per minute")[0] == "PASSED"
    assert chain.not_reached == (Stage.BROKER,)


def test_a_stage_that_refuses_leaves_those_behind_it_unasked() -> None:
    desk = SteppedDesk(member("a", [NOTHING_WANTED, LONG]))
    desk.bar()
    desk.wish(Wish.HALT)
    desk.bar()
    chain = only(desk)
    assert said(chain, "mode")[:2] == ("REFUSED", "ACTIVE")
    assert chain.not_reached == (Stage.FILTERS, Stage.CALIBRATION, Stage.SIZING, Stage.LIMITS, Stage.BROKER)


def test_each_rule_of_calibration_is_shown_with_its_share() -> None:
    rules = Calibration(session=False)
    desk = SteppedDesk(member("a", [LONG]), calibration=rules, filters=Filters(), balance=1000.0)
    desk.bar()
    chain = only(desk)
    assert said(chain, "calibration: drawdown") == ("PASSED", "a drawdown under 20%", "0%, 1 of the usual size")
    assert said(chain, "calibration: session")[0] == "OFF"
    assert said(chain, "calibration: cooldown") == ("PASSED", "the cooldown after a loss to be over", "over")
    assert said(chain, "filter: bias strength")[0] == "NOT_APPLICABLE"
    assert said(chain, "filter: volatility")[0] == "OFF"


def test_a_reversal_waits_and_is_weighed_again_when_the_position_is_left() -> None:
    desk = SteppedDesk(member("a", [LONG, TURN_SHORT]))
    desk.enter()
    (out,) = desk.ids(desk.bar())
    assert only(desk).answer is Answer.WAITS
    decided = only(desk).decided_ns
    desk.fill(out, -10)
    chain = only(desk)
    assert (chain.answer, chain.side, chain.decided_ns) == (Answer.SENT, -1, decided)


def test_a_wish_for_what_is_held_already_comes_to_nothing() -> None:
    desk = SteppedDesk(member("a", [LONG, LONG]))
    desk.enter()
    desk.bar()
    chain = only(desk)
    assert chain.answer is Answer.PASSED_OVER
    assert "10 units held" in said(chain, "one position")[2]


def test_bars_of_before_are_not_traded_on_and_say_so() -> None:
    desk = SteppedDesk(member("a", [LONG]))
    close = desk.now
    bar = ArrivingBar(close - HOUR_NS, close, 1.1, 1.1, 1.1, 1.1)
    desk.happens(BarCame(desk.now, "EUR_USD", Timeframe.H1, bar, backfill=True))
    chain = only(desk)
    assert (chain.answer, said(chain, "fresh bar")[0]) == (Answer.PASSED_OVER, "REFUSED")
    assert "fetched afterwards" in said(chain, "fresh bar")[2]


def test_the_dict_says_whether_a_check_passed_or_did_not_run() -> None:
    desk = SteppedDesk(member("a", [LONG]))
    desk.bar()
    told = only(desk).to_dict()
    assert told["accepted"] is True
    assert (told["side"], told["refused"], told["not_reached"]) == ("long", None, [])
    by_check = {one["check"]: one for one in told["checks"]}
    assert (by_check["mode"]["passed"], by_check["filters"]["passed"]) == (True, None)
    assert by_check["filters"]["state"] == "OFF"
