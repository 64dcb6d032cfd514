"""What nobody named about an account and was taken as usual, in one sentence with the options that name it."""

from tradeworthy.backtest.account import Account
from tradeworthy.cli.backtest_asked import Funded
from tradeworthy.controls.sizing import FixedFraction
from tradeworthy.market.bars import Bars


def account_assumed(asked: Funded, account: Account, bars: Bars) -> list[str]:
    """One sentence, or none where balance, size and leverage were all named."""
    parts, options = [], []
    currency = account.currency_for(bars)
    if asked.balance is None:
        parts.append(f"a balance of {account.balance:,.0f} {currency}")
        options += ["--balance"] if asked.currency else ["--balance", "--currency"]
    if isinstance(account.sizing, FixedFraction) and asked.risk is None:
        parts.append(f"a risk of {100 * account.sizing.risk:g}% of the balance a trade")
        options += ["--risk", "--units"]
    if asked.leverage is None:
        parts.append(f"positions of at most {account.leverage:g} times the balance")
        options.append("--leverage")
    if not parts:
        return []
    listed = parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"
    if not asked.names_account:
        return [f"no account was named: {listed} are assumed ({', '.join([*options, '--one-unit'])})"]
    return [f"not named of the account, and so assumed: {listed} ({', '.join(options)})"]
