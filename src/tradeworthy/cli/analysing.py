"""`tradeworthy parameters`: read, judge, write the report, then show the answer."""

from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from tradeworthy.api.parameter_analysis import ParameterAnalyzer
from tradeworthy.cli.progress import Bar
from tradeworthy.core.errors import InputError
from tradeworthy.core.verdict import RiskLevel
from tradeworthy.reports.parameter_console import show_parameters

_CODES = {RiskLevel.LOW: 0, RiskLevel.MEDIUM: 0, RiskLevel.HIGH: 1, None: 3}


@dataclass(frozen=True, slots=True)
class ParametersAsked:
    """What was asked for on the command line; None where nothing was said."""

    source: list[str] | None
    baseline: Path | None
    save_baseline: bool
    data: Path | None
    no_neighbours: bool
    out: Path | None


def run_parameters(asked: ParametersAsked) -> int:
    """0 for LOW and MEDIUM, 1 for HIGH, 3 where no strategy could be judged."""
    first = asked.save_baseline and asked.baseline is not None and not asked.baseline.exists()
    if asked.baseline is not None and not asked.baseline.exists() and not first:
        raise InputError(f"{asked.baseline}: there is no such baseline; --save-baseline makes one there")
    with Bar() as bar:
        analyzer = ParameterAnalyzer(
            asked.source,
            baseline=asked.baseline,
            data=asked.data,
            around=not asked.no_neighbours,
            out=asked.out,
            progress=bar,
        )
        study = analyzer.study()
        bar.update("writing the report", 0, 1)
        folder = analyzer.write_report(study)
        saved = analyzer.save_baseline() if asked.save_baseline else None
        bar.update("writing the report", 1, 1)
    console = Console(highlight=False)
    show_parameters(study, console)
    console.print(f"\nReport: {folder / 'index.html'}", soft_wrap=True, markup=False)
    if saved is not None:
        kept = "" if saved[1] is None else f"; the one before is {saved[1]}"
        console.print(f"Baseline: {saved[0]}{kept}", soft_wrap=True, markup=False)
    return _CODES[study.appraisal.overall]
