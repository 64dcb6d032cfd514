"""What a backtest took for granted, in sentences that stand beside its numbers."""

from tradeworthy.appraisal.limited_sizes import limited_words
from tradeworthy.backtest.fills import FillRules
from tradeworthy.backtest.result import Result
from tradeworthy.controls.refusals import Refusal
from tradeworthy.controls.sizing import FixedFraction, Kelly, Units, VolatilityTarget
from tradeworthy.strategies.level_nearness import near_levels


def assumed(result: Result, *, sizing_given: bool) -> list[str]:
    """Sentences about fills, costs and sizes; those that nobody chose say so."""
    return [
        *_of_fills(result.fills),
        *_of_bars(result),
        *near_levels(result.decisions, result.bars),
        *_of_costs(result),
        *_of_sizes(result, chosen=sizing_given),
    ]


def _of_fills(fills: FillRules) -> list[str]:
    when = "at the next bar's open" if fills.at_next_open else "at the close of the bar that decided them"
    measured = "the close of the bar that decided" if fills.stops_from == "signal_close" else "the price of the fill"
    first = "the stop" if fills.both == "stop" else "the target"
    gap = "that open" if fills.gap == "open" else "the level itself, which nobody may have traded"
    return [
        f"Orders are filled {when}, one position at a time.",
        f"Stops and targets are measured from {measured}.",
        f"Where one bar holds both levels, {first} comes first; a bar that opens beyond a level fills at {gap}.",
    ]


def _of_bars(result: Result) -> list[str]:
    bars = result.bars
    found = [f"Prices are {bars.price_side} prices."]
    if bars.close_only:
        found.append("The bars have one price each, so stops and targets are seen at that price only.")
    return found


def _of_costs(result: Result) -> list[str]:
    costs = result.costs
    spread = costs.spread_of(result.bars.instrument)
    free = spread.quotes is None and not (spread.pips or spread.by_hour)
    parts = {"commission": costs.commission, "slippage": costs.slippage, "swap": costs.swap}
    missing = [*(["spread"] if free else []), *(name for name, part in parts.items() if part is None)]
    return [f"Nothing is taken off for {_listed(missing)}: name what you pay in costs=."] if missing else []


def _of_sizes(result: Result, *, chosen: bool) -> list[str]:
    account = result.account
    if account is None:
        return []
    how = {
        FixedFraction: lambda one: f"{_percent(one.risk)} of the balance is lost if the stop is hit",
        Units: lambda one: f"Each position has {one.units:,.6g} units",
        VolatilityTarget: lambda one: (
            f"Each position moves the balance by {_percent(one.annual)} a year (one standard deviation)"
        ),
        Kelly: lambda one: f"Sizes follow {one.fraction:.4g} of the Kelly share of the closed trades so far",
    }[type(account.sizing)](account.sizing)
    if not chosen and isinstance(account.sizing, Units):
        how = "Each position takes all of the balance, because no entry has a stop to count a risk by"
    said = [f"{how}; nobody chose this: name one in sizing=." if not chosen else f"{how}."]
    limit = "nothing is borrowed" if account.leverage == 1 else f"up to {account.leverage:g} for each unit of balance"
    step, least, *_ = account.limits(result.bars)
    said.append(
        f"The notional is limited ({limit}), whatever the sizing wants; units come in steps of {step:g}, {least:g} at least."
    )
    limited = None if not chosen and isinstance(account.sizing, Units) else limited_words(result)
    if limited is not None:
        said.append(f"{limited}.")
    without = result.refused.get(Refusal.NO_STOP, 0)
    if without:
        said.append(f"Entries without a stop could not be sized and were not made: {without:,}.")
    if not result.decisions.enter.any():
        said.append("The strategy never asked to enter.")
    return said


def _percent(share: float) -> str:
    return f"{100 * share:.4g}%"


def _listed(words: list[str]) -> str:
    return " and ".join(filter(None, [", ".join(words[:-1]), words[-1]]))
