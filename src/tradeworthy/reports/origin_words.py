"""Where a baseline came from, in words: a stored one, and the search that its strategies were chosen from."""

from tradeworthy.appraisal.record import StrategyReport, Validation
from tradeworthy.core.counting import counted
from tradeworthy.reports.wording import minute
from tradeworthy.validation.judgement import signed_r
from tradeworthy.validation.selection import Trials

UNKNOWN = (
    "how many sets of parameters were tried before these were chosen is not known (none in the ledger, none in the "
    "settings), so nothing is taken off for choosing"
)


def held_against(validation: Validation) -> str:
    """What the window is held against."""
    used = validation.baseline
    if used is None:
        return "everything before it"
    forced = f", although {counted(len(used.changes), 'thing')} changed since" if used.changes else ""
    return f"the baseline {used.label}, which goes up to {minute(used.until)} and was {used.verdict}{forced}"


def choosing(validation: Validation) -> list[str]:
    """What choosing took off each baseline, one sentence a strategy; one sentence if nothing is known of any."""
    if all(one.trials is None for one in validation.strategies):
        return [UNKNOWN] if validation.kind == "book" else []
    known = [f"{one.name}: {_of(one, trials)}" for one in validation.strategies if (trials := one.trials) is not None]
    unknown = ", ".join(one.name for one in validation.strategies if one.trials is None)
    return [*known, *([f"Not known how many sets were tried, so nothing is taken off: {unknown}"] if unknown else [])]


def _of(one: StrategyReport, trials: Trials) -> str:
    found = one.selection
    tried = f"one of {counted(trials.count, 'set')} tried ({trials.source})"
    if found is None:
        return f"{tried}; too few trades were searched to say what choosing added"
    until = f" up to {found.searched_until[:10]}" if found.searched_until else ""
    sure = "" if found.deflated_sharpe is None else f"; chance that it beats the best luck: {found.deflated_sharpe:.0%}"
    if round(found.luck_r, 2) == 0:
        return f"{tried}{until}; choosing added next to nothing, so nothing is taken off{sure}"
    seen = " and in the window, which was searched too," if found.window_luck_r > 0 else ""
    return (
        f"{tried}{until}; choosing added up to {found.luck_r:.2f} R a trade, taken off before{seen} "
        f"so before counts as {signed_r(found.deflated_mean_r)}{sure}"
    )
