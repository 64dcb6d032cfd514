"""What may be asked of a desk, checked before anything of it is written down."""

from decimal import Decimal, InvalidOperation
from typing import Any

from tradeworthy.core.errors import InputError
from tradeworthy.live.desk_events import OperatorAsked, Wish
from tradeworthy.live.desk_state import DeskState
from tradeworthy.live.moving_stop import move_refused
from tradeworthy.live.operator_step import is_contradicted, scope_of


def scope_given(text: str) -> str:
    """`all`, `instrument X` or `source Y` out of that, or `instrument:X` and `source:Y`. Raises InputError for anything else."""
    return str(scope_of(text.strip().replace(":", " ", 1)))


def reason_given(text: str) -> str:
    """The reason on one line. Raises InputError for none: it is kept in the journal for ever."""
    reason = " ".join(text.split())
    if not reason:
        raise InputError('--reason is empty; say why in a few words, as --reason "news at 14:30"')
    return reason


def wish_in(request: dict[str, Any], state: DeskState) -> OperatorAsked:
    """The wish in a request. Raises InputError for what is none, for instruments that this desk does not trade, and for
    accepting a position that the broker does not contradict."""
    try:
        wish, operator = Wish(str(request["wish"])), str(request["user"])
    except (KeyError, ValueError) as error:
        raise InputError(f"a request names its wish ({', '.join(Wish)}) and its user; this one does not") from error
    reason, scope = str(request.get("reason") or "no reason was given"), str(request.get("scope", ""))
    if wish is Wish.RESUME:
        scope = scope_given(scope)
    if wish in {Wish.LOCK, Wish.UNLOCK, Wish.ACCEPT} and state.plan.instrument_of(scope) is None:
        traded = ", ".join(sorted({one.instrument.symbol for one in state.plan.members}))
        raise InputError(f"this desk does not trade {scope or 'an instrument without a name'}; it trades {traded}")
    if wish is Wish.ACCEPT and not is_contradicted(state, scope):
        raise InputError(
            f"{scope}: the broker's book does not contradict the desk, so there is nothing to accept; `tradeworthy status` names "
            "what differs"
        )
    price = price_given(str(request["price"])) if wish is Wish.MOVE_STOP and request.get("price") else None
    why = move_refused(state, scope, price) if wish is Wish.MOVE_STOP else ""
    if why:
        raise InputError(f"the stop is not moved: {why}")
    return OperatorAsked(state.time_ns, wish, operator, reason, scope, price)


def price_given(text: str) -> Decimal:
    """A price above zero. Raises InputError for anything else."""
    try:
        price = Decimal(text.strip())
    except InvalidOperation:
        price = Decimal(0)
    if not price.is_finite() or price <= 0:
        raise InputError(f"{text!r} is no price; write a number above zero, such as 1.0850")
    return price


def ends_kill(asked: OperatorAsked) -> bool:
    """Whether it is a resume that covers the kill switch, so that the file KILL goes with it."""
    from tradeworthy.live.pressing import KILL_SWITCH

    return asked.wish is Wish.RESUME and asked.scope in {"all", f"source {KILL_SWITCH}"}
