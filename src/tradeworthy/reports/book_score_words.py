"""The words for the risk score beside a verdict."""

from tradeworthy.appraisal.book_scoring import BookScore


def heading(one: BookScore) -> str:
    """`Risk at 2% of equity a trade, which does not decide the verdict (tradeworthy risk tells more):`."""
    sized = f"{100 * one.risk_per_trade:g}% of equity a trade"
    return f"Risk at {sized}, which does not decide the verdict (tradeworthy risk tells more):"
