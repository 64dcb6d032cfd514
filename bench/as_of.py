"""The example books validated on every quarter's last day of many years: which verdicts were given, and what followed.

Right afterwards, by the trades that closed in the following year: FIT, if their mean R was above zero; NOT FIT, if it was
not; DEGRADED, if it stayed below the baseline's mean; IMPROVED, if it stayed above; HOLDS, if it was within half of the
edge that was asked about below the baseline's mean, or higher. The others claim nothing.
"""

import sys
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from timing import save

from tradeworthy.api.validation import moment, validate
from tradeworthy.appraisal.record import StrategyReport, Validation
from tradeworthy.core.clock import DAY_NS, from_datetime, from_rfc3339
from tradeworthy.core.verdict import BookVerdict, StrategyVerdict

LEAST_TRADES = 5
"""Closed in the year after; from fewer nothing is said."""

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Given:
    """A verdict, the mean R before, in the window and in the year after (None: too few trades), and whether it was right."""

    verdict: str
    before: float | None
    now: float | None
    after: float | None
    right: bool | None


class Later:
    """What every strategy traded in the end."""

    def __init__(self, whole: Validation) -> None:
        self._trades = {
            one.name: (np.array([from_rfc3339(time) for time in one.trades.exit_time]), one.trades.as_array())
            for one in whole.strategies
        }

    def year_after(self, name: str, end_ns: int) -> Floats:
        times, r = self._trades[name]
        following: Floats = r[(times > end_ns) & (times <= end_ns + 365 * DAY_NS)]
        return following


def mean(r: Floats) -> float | None:
    return float(r.mean()) if len(r) >= LEAST_TRADES else None


def of_book(found: Validation, after: float | None) -> Given:
    verdict = found.judgement.verdict
    right = None
    if after is not None and verdict is not BookVerdict.COULD_NOT_TELL:
        right = (after > 0) == (verdict is BookVerdict.FIT)
    pooled = found.pool
    return Given(verdict, pooled.baseline if pooled else None, pooled.now if pooled else None, after, right)


def of_strategy(one: StrategyReport, after: float | None) -> Given:
    verdict, before = one.judgement.verdict, one.baseline_mean_r
    right = None
    if after is not None and before is not None and one.comparison is not None:
        right = {
            StrategyVerdict.DEGRADED: after < before,
            StrategyVerdict.IMPROVED: after > before,
            StrategyVerdict.HOLDS: after >= before - one.comparison.edge_r / 2,
        }.get(verdict)
    return Given(verdict, before, one.window_mean_r, after, right)


def study(book: str, data: Path | None, months: int, years: range) -> tuple[list[Given], list[Given]]:
    """Every quarter's answer for the book, and for its strategies."""
    later = Later(validate(book, data=data))
    books, strategies = [], []
    for year in years:
        for day in ("03-31", "06-30", "09-30", "12-31"):
            found = validate(book, data=data, as_of=f"{year}-{day}", months=months)
            end = moment(f"{year}-{day}")
            assert end is not None  # noqa: S101 - a day was given
            end_ns = from_datetime(end)
            following = {one.name: later.year_after(one.name, end_ns) for one in found.strategies}
            books.append(of_book(found, mean(np.concatenate(list(following.values())))))
            strategies += [of_strategy(one, mean(following[one.name])) for one in found.strategies]
    return books, strategies


def rows(title: str, given: list[Given]) -> list[dict[str, object]]:
    """A line for each verdict that was given."""
    by_word: dict[str, list[Given]] = defaultdict(list)
    for one in given:
        by_word[one.verdict].append(one)
    found: list[dict[str, object]] = []
    for word, ones in sorted(by_word.items(), key=lambda item: -len(item[1])):
        means = [
            np.mean(values) if (values := [v for one in ones if (v := getattr(one, name)) is not None]) else None
            for name in ("before", "now", "after")
        ]
        judged = [one.right for one in ones if one.right is not None]
        found.append({
            "of": title, "verdict": word, "times": len(ones), "before": means[0], "now": means[1], "after": means[2],
            "right": sum(judged) if judged else None, "of those that could be seen": len(judged),
        })  # fmt: skip
    return found


def show(line: dict[str, object]) -> None:
    """As the page shows it."""
    figures = [f"{value:+.2f} R" if (value := line[name]) is not None else "" for name in ("before", "now", "after")]
    seen = line["of those that could be seen"]
    right = "" if line["right"] is None else f"{line['right']} of {seen}"
    print(f"| {line['of']} | {line['verdict']} | {line['times']} | {' | '.join(figures)} | {right} |")


def main() -> None:
    """Measure, print a table, and write bench/results/as_of.json."""
    shared = Path(sys.argv[1]) if len(sys.argv) > 1 else Path("../shared/data/fx")
    ecb, feed = range(2004, 2025), range(2014, 2021)
    cases: list[tuple[str, Path | None, int, range]] = [("fx-daily", None, 3, ecb), ("fx-daily", None, 12, ecb)]
    if shared.is_dir():
        cases += [("fx-16", shared, 3, feed), ("fx-16", shared, 12, feed)]
    figures: list[dict[str, object]] = []
    print("| of | verdict | times | before | now | year after | right afterwards |\n|---|---|---|---|---|---|---|")
    for book, data, months, years in cases:
        books, strategies = study(book, data, months, years)
        for title, given in (
            (f"{book}, {months} months, the book", books),
            (f"{book}, {months} months, a strategy", strategies),
        ):
            lines = rows(title, given)
            figures += lines
            for line in lines:
                show(line)
    save("as_of", {"rows": figures})


if __name__ == "__main__":
    main()
