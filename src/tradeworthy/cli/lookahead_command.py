"""`tradeworthy lookahead`: replay a strategy, then say whether it uses bars that had not come yet."""

from collections.abc import Mapping
from dataclasses import dataclass

from rich.console import Console

from tradeworthy.backtest.lookahead import find_lookahead
from tradeworthy.cli.progress import Bar
from tradeworthy.cli.strategy_asked import strategy_for
from tradeworthy.core.errors import InputError
from tradeworthy.market.bars import Bars
from tradeworthy.market.synthetic import random_walk_bars
from tradeworthy.reports.lookahead_console import show_lookahead
from tradeworthy.wiring.sources import read_bars

SYNTHETIC_BARS = 20_000


@dataclass(frozen=True, slots=True)
class LookaheadWanted:
    """What was asked for on the command line; bars None for made-up ones."""

    strategy: str
    parameters: Mapping[str, str]
    bars: str | None
    columns: Mapping[str, str]
    timezone: str | None
    repair: bool
    cuts: int
    seed: int


def run_lookahead(wanted: LookaheadWanted) -> int:
    """Print the answer and give its exit code."""
    bars = _bars(wanted)
    strategy, _ = strategy_for(wanted.strategy, wanted.parameters, bars.instrument.symbol)
    with Bar() as progress:
        report = find_lookahead(strategy, bars, cuts=wanted.cuts, seed=wanted.seed, progress=progress)
    show_lookahead(report, Console(highlight=False))
    return report.exit_code


def _bars(wanted: LookaheadWanted) -> Bars:
    if wanted.seed < 0:
        raise InputError(f"--seed must be zero or more, not {wanted.seed}")
    if wanted.bars is not None:
        return read_bars(wanted.bars, columns=wanted.columns or None, timezone=wanted.timezone, repair=wanted.repair)
    if wanted.columns or wanted.timezone or wanted.repair:
        raise InputError("--column, --timezone and --repair are about a file of bars; name it with --bars")
    return random_walk_bars(SYNTHETIC_BARS, wanted.seed)
