"""The account of a search, which is one for all its instruments."""

from collections.abc import Sequence

from tradeworthy.backtest.account import Account
from tradeworthy.cli.backtest_asked import Funded, account_named
from tradeworthy.core.errors import InputError
from tradeworthy.market.bars import Bars


def common_account(asked: Funded, several: Sequence[Bars]) -> tuple[Account | None, list[str]]:
    """None where no option of the account was given: then one unit is traded. With it, what has to be said about it.

    Raises InputError where instruments are paid in different currencies and their money cannot become the account's by
    the same rates.
    """
    if not asked.names_account:
        return None, []
    quotes = {one.instrument.quote for one in several}
    if asked.rates is not None and len(quotes) > 1:
        raise InputError(
            f"--rates {asked.rates} turns one currency into the account's, and these instruments are paid in "
            f"{', '.join(sorted(quotes))}; search those of one currency at a time"
        )
    made = [account_named(asked, one) for one in several]
    strangers = [one for one, (account, _) in zip(several, made, strict=True) if account.rates is not None]
    if strangers and len(quotes) > 1:
        one = strangers[0]
        raise InputError(
            f"{one.label} is paid in {one.instrument.quote} and needs rates of its own for an account in "
            f"{made[0][0].currency}; search it by itself, or leave out --currency: each account is then in its quote currency"
        )
    return next((one for one in made if one[0].rates is not None), made[0])
