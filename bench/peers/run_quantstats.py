"""quantstats, asked: the time of its table of statistics and of its HTML report."""

import tempfile
from pathlib import Path
from typing import Any

import matplotlib as mpl  # type: ignore[import-not-found]  # lives in the peer's environment only
import numpy as np
import pandas as pd
from answering import answer_all, timed

mpl.use("Agg")

import quantstats as qs  # type: ignore[import-not-found]


def returns(question: dict[str, Any]) -> pd.Series:
    """Daily returns with dates."""
    values = np.load(question["returns"])
    return pd.Series(values, index=pd.bdate_range("2015-01-01", periods=len(values)), name="strategy")


def statistics(question: dict[str, Any]) -> float:
    """Seconds of everything in its full table."""
    daily = returns(question)
    return timed(lambda: qs.reports.metrics(daily, mode="full", display=False))


def report(question: dict[str, Any]) -> float:
    """Seconds of its page, written to a file."""
    daily = returns(question)
    with tempfile.TemporaryDirectory() as folder:
        return timed(lambda: qs.reports.html(daily, output=str(Path(folder) / "report.html")))


answer_all(qs.__version__, {"statistics": statistics, "report": report})
