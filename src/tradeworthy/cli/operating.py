"""What an operator sees of what was asked: the mode now, and how far the closing is."""

import sys
from contextlib import suppress
from pathlib import Path
from typing import Final

from tradeworthy.api.desk_operating import ANSWER_SECONDS, Asked, Way, ask_desk, kill_desk
from tradeworthy.api.desk_standings import DeskStanding, Presence, desk_standing, waited_for
from tradeworthy.api.desk_wishes import price_given, reason_given, scope_given
from tradeworthy.core.counting import counted
from tradeworthy.core.errors import InputError
from tradeworthy.live.desk_events import Wish

_GONE: Final = frozenset({Presence.ENDED, Presence.CRASHED})


def run_halt(desk: Path, reason: str, wait: float, *, kill: bool) -> int:
    """The exit code."""
    why = reason_given(reason)
    if not kill:
        return _told(ask_desk(desk, Wish.HALT, why), desk)
    asked = kill_desk(desk, why)
    code = _told(asked, desk)
    if asked.way is Way.FILE:
        return _not_closed(desk)
    return _closed(desk, asked, wait, leaves=True) if asked.way is Way.ANSWERED else code


def run_flatten(desk: Path, reason: str, wait: float) -> int:
    """The exit code."""
    asked = ask_desk(desk, Wish.FLATTEN, reason_given(reason))
    code = _told(asked, desk)
    return _closed(desk, asked, wait) if asked.way is Way.ANSWERED else code


def run_resume(desk: Path, scope: str, reason: str) -> int:
    """The exit code."""
    return _told(ask_desk(desk, Wish.RESUME, reason_given(reason), scope_given(scope)), desk)


def run_about(desk: Path, wish: Wish, instrument: str, reason: str) -> int:
    """The exit code."""
    return _told(ask_desk(desk, wish, reason_given(reason), instrument.strip()), desk)


def run_move_stop(desk: Path, strategy: str, price: str, reason: str) -> int:
    """The exit code."""
    to = str(price_given(price))
    return _told(ask_desk(desk, Wish.MOVE_STOP, reason_given(reason), strategy.strip(), price=to), desk)


def _told(asked: Asked, desk: Path) -> int:
    if asked.mode:
        _say(f"The desk is {asked.mode}.")
    for sentence in asked.said:
        _say(f"  {sentence}")
    if asked.way is Way.SILENT:
        _say(
            f"A process holds the desk and did not answer within {ANSWER_SECONDS:.0f} s: nobody knows whether it heard."
        )
    if asked.way is Way.ENTERED:
        _say("No desk runs here: it stands in the journal, and holds from the next start on.")
    if asked.not_sent:
        _say(f"{counted(asked.not_sent, 'call')} to the broker cannot be made offline; the next start makes them.")
    if asked.killed:
        then = _NEXT[asked.way]
        _say(f"{desk / 'KILL'} is written: {then}")
    if asked.kill_removed:
        _say(f"{desk / 'KILL'} is removed.")
    return 3 if asked.way is Way.SILENT else 0


_NEXT: Final = {
    Way.ANSWERED: "everything is cancelled and closed, and the desk ends.",
    Way.SILENT: "the desk acts on it as soon as it looks again; if it hangs, end its process, and close by hand at the broker.",
    Way.FILE: "no desk runs here, so nothing is sent to the broker: no order is cancelled and no position is closed until "
    "a desk starts.",
    Way.ENTERED: "the next start acts on it.",
}


def _not_closed(desk: Path) -> int:
    """What stays open because nobody is there to close it, as far as the desk said when it ended; the exit code."""
    left = ""
    with suppress(InputError):  # no desk has ever been here
        left = _left(desk_standing(desk))
    if not left:
        _say(
            "Nothing was open here when a desk ended last. A start is refused until `tradeworthy resume --scope all --reason ...`."
        )
        return 0
    _say(f"NOT closed: {left}, as the desk said when it ended. Stops and targets that rest at the broker stay there.")
    _say(
        "Close it by hand at the broker, or start the desk: `tradeworthy run` closes everything, has that confirmed, and ends."
    )
    return 1


def _closed(desk: Path, asked: Asked, seconds: float, *, leaves: bool = False) -> int:
    """Wait until the desk says that it is flat, the broker confirmed it, and it has left if it leaves; say how far it is."""
    shown = ""

    def is_done(standing: DeskStanding) -> bool:
        nonlocal shown
        left = _left(standing)
        is_newer = standing.status.get("sequence", 0) >= asked.sequence
        if is_newer and left and left != shown:
            _say(f"  still open: {left}")
            shown = left
        return is_newer and ((_is_flat(standing) and not leaves) or standing.presence in _GONE)

    try:
        standing = waited_for(desk, seconds, is_done)
    except KeyboardInterrupt:
        _say("Not waited for any longer; the desk goes on closing. `tradeworthy status` shows how far it is.")
        return 1
    if _is_flat(standing):
        ended = ", and the desk has ended" if standing.presence in _GONE else ""
        _say(f"Flat: no position and no entry is left, confirmed by the broker{ended}.")
        _say("Nothing is entered until you end it with `tradeworthy resume --scope all --reason ...`.")
        return 0
    left = _left(standing) or "nothing that the desk knows of, but the broker has not confirmed it"
    _say(
        f"Not flat after {seconds:.0f} s; left: {left}. The desk goes on closing; a replay deals at the open of its next bar. "
        "`tradeworthy status` shows how far it is."
    )
    return 1


def _is_flat(standing: DeskStanding) -> bool:
    unwinding = standing.status.get("unwinding")
    return unwinding is not None and unwinding["confirmed"] is not None


def _left(standing: DeskStanding) -> str:
    held = [
        f"{float(one['units']):+,.0f} {one['symbol']} ({one['strategy']})"
        for one in standing.status.get("positions", ())
    ]
    entries = [f"an entry of {one['strategy']}" for one in standing.status.get("orders", ()) if one["role"] == "entry"]
    return ", ".join([*held, *entries])


def _say(sentence: str) -> None:
    sys.stdout.write(f"{sentence}\n")
    sys.stdout.flush()
