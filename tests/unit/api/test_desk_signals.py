"""Signals mean what the page on desks says, and are theirs again afterwards."""

import signal
import threading

import pytest

from tradeworthy.api.desk_signals import DeskSignals
from tradeworthy.live.desk_events import Wish


def test_a_stop_is_a_wish_and_a_second_ctrl_c_ends_the_process() -> None:
    before = [signal.getsignal(one) for one in (signal.SIGINT, signal.SIGTERM, signal.SIGUSR1)]
    with DeskSignals() as signals:
        signals.stopping()
        signal.raise_signal(signal.SIGTERM)
        signal.raise_signal(signal.SIGTERM)
        assert signals.taken() == [(Wish.STOP, "SIGTERM, an orderly stop")] * 2
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
        assert signals.taken() == []
    assert [signal.getsignal(one) for one in (signal.SIGINT, signal.SIGTERM, signal.SIGUSR1)] == before


def test_a_kill_is_heard_from_the_beginning_and_goes_first() -> None:
    with DeskSignals() as signals:
        signal.raise_signal(signal.SIGUSR1)
        signals.stopping()
        signal.raise_signal(signal.SIGINT)
        signal.raise_signal(signal.SIGUSR1)
        assert [wish for wish, _ in signals.taken()] == [Wish.KILL, Wish.KILL, Wish.STOP]


def test_other_threads_hear_none() -> None:
    before = signal.getsignal(signal.SIGUSR1)

    def enter() -> None:
        with DeskSignals() as signals:
            signals.stopping()

    other = threading.Thread(target=enter)
    other.start()
    other.join()
    assert signal.getsignal(signal.SIGUSR1) is before
