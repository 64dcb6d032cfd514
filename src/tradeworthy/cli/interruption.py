"""Ctrl-C in the middle of work that goes on where it was."""

from tradeworthy.core.errors import TradeworthyError


class Interrupted(TradeworthyError):  # noqa: N818 - reads as what it is at the place where it is caught
    """Somebody stopped the command; the message says what is kept, and how to go on."""
