"""What is done about failures of a broker, by type."""

import math

import pytest

from tradeworthy.core import errors
from tradeworthy.core.errors import (
    AskError,
    BrokerError,
    HaltError,
    InputError,
    PauseError,
    Problem,
    ReconfigureError,
    RefreshError,
    RefuseError,
    RetryError,
    SettingsError,
    TradeworthyError,
)
from tradeworthy.live.broker_errors import ActionKind, Waits, action_for


class MarketClosedError(RefuseError):
    """An adapter's own."""


class StrangeError(Exception):
    """Nobody's."""


@pytest.mark.parametrize(
    ("error", "kind", "wait", "asks"),
    [
        (RetryError("no route"), ActionKind.RETRY, 1.0, False),
        (AskError("no answer"), ActionKind.PAUSE, 30.0, True),
        (PauseError("maintenance"), ActionKind.PAUSE, 30.0, False),
        (RefreshError("401"), ActionKind.REFRESH, 0.0, False),
        (RefuseError("no margin"), ActionKind.REFUSE, 0.0, False),
        (MarketClosedError("closed"), ActionKind.REFUSE, 0.0, False),
        (ReconfigureError("no such account"), ActionKind.HALT, 0.0, False),
        (HaltError("account closed"), ActionKind.HALT, 0.0, False),
        (BrokerError("?"), ActionKind.PAUSE, 30.0, False),
        (SettingsError((Problem("f", "k", "m"),)), ActionKind.HALT, 0.0, False),
        (InputError("no stop"), ActionKind.REFUSE, 0.0, False),
        (ConnectionRefusedError(), ActionKind.RETRY, 1.0, False),
        (ConnectionResetError("reset"), ActionKind.PAUSE, 30.0, True),
        (TimeoutError(), ActionKind.PAUSE, 30.0, True),
        (StrangeError("?"), ActionKind.PAUSE, 30.0, True),
        (OSError("disk"), ActionKind.PAUSE, 30.0, True),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else None,
)
def test_each_type_has_its_action(error: Exception, kind: ActionKind, wait: float, asks: bool) -> None:
    action = action_for(error)
    assert (action.kind, action.wait_seconds, action.asks_first) == (kind, wait, asks)


def test_a_type_nobody_knows_stops_entries_and_says_so() -> None:
    action = action_for(StrangeError("what\nis this"))
    assert action.stops_entries
    assert action.reason == (
        "StrangeError is no failure that the desk knows, so entries stop until somebody has looked "
        "(StrangeError: what is this)"
    )


@pytest.mark.parametrize("words", ["token expired", "timeout", "rate limit", "margin", "halt", ""])
def test_words_in_a_message_decide_nothing(words: str) -> None:
    assert action_for(RefuseError(words)).kind is ActionKind.REFUSE
    assert action_for(StrangeError(words)).kind is ActionKind.PAUSE


def test_a_lost_connection_is_retried_only_where_no_order_was_under_way() -> None:
    for error in (TimeoutError(), ConnectionResetError()):
        assert action_for(error, sending=True).kind is ActionKind.PAUSE
        reading = action_for(error, sending=False)
        assert (reading.kind, reading.wait_seconds, reading.asks_first) == (ActionKind.RETRY, 1.0, False)
    assert action_for(AskError("lost"), sending=False).kind is ActionKind.PAUSE
    assert not action_for(StrangeError(), sending=False).asks_first


def test_the_broker_says_how_long_to_wait_and_nonsense_is_not_believed() -> None:
    assert action_for(PauseError("429", wait_seconds=7.5)).wait_seconds == 7.5
    assert action_for(RetryError("503", wait_seconds=0.0)).wait_seconds == 0.0
    for named in (-1.0, math.nan, math.inf):
        assert action_for(PauseError("429", wait_seconds=named)).wait_seconds == 30.0
    assert action_for(RefuseError("no", wait_seconds=9.0)).wait_seconds == 0.0
    assert action_for(PauseError("429"), waits=Waits(2.0, 60.0)).wait_seconds == 60.0


def test_of_several_errors_the_strictest_counts_with_the_longest_wait() -> None:
    group = ExceptionGroup(
        "all", [RetryError("a", 99.0), ExceptionGroup("in", [RefuseError("b"), PauseError("c", 5.0)])]
    )
    action = action_for(group)
    assert (action.kind, action.wait_seconds, action.asks_first) == (ActionKind.PAUSE, 99.0, False)
    assert [part in action.reason for part in ("RetryError: a", "RefuseError: b", "PauseError: c")] == [True] * 3
    assert action_for(ExceptionGroup("all", [HaltError("d"), TimeoutError()])).asks_first


def test_a_refusal_is_an_answer_and_does_not_count_against_the_broker() -> None:
    failing = {kind for kind in ActionKind if action_for(one_of(kind)).counts_as_failure}
    assert failing == {ActionKind.RETRY, ActionKind.PAUSE}
    stopping = {kind for kind in ActionKind if action_for(one_of(kind)).stops_entries}
    assert stopping == {ActionKind.REFRESH, ActionKind.PAUSE, ActionKind.HALT}


def one_of(kind: ActionKind) -> BrokerError:
    """An error that leads to an action."""
    return {
        ActionKind.RETRY: RetryError("x"),
        ActionKind.REFUSE: RefuseError("x"),
        ActionKind.REFRESH: RefreshError("x"),
        ActionKind.PAUSE: PauseError("x"),
        ActionKind.HALT: HaltError("x"),
    }[kind]


def test_the_promised_dict() -> None:
    assert action_for(RetryError("x", 2.0)).to_dict() == {
        "action": "retry",
        "reason": "nothing has been done, so it is asked again (RetryError: x)",
        "wait_seconds": 2.0,
    }


def test_every_class_of_the_tree_stands_in_its_drawing() -> None:
    tree = errors.__doc__ or ""
    kinds = [one for one in vars(errors).values() if isinstance(one, type) and issubclass(one, TradeworthyError)]
    assert len(kinds) >= 14
    assert [one.__name__ for one in kinds if one.__name__ not in tree] == []


def test_waits_below_zero_are_refused() -> None:
    assert Waits(0.0, 0.0).pause_seconds == 0.0
    for waits in ((-1.0, 1.0), (1.0, math.nan), (math.inf, 1.0)):
        with pytest.raises(InputError, match="zero or more seconds"):
            Waits(*waits)
