"""Is the score right? Forecasts from the past of real markets, held against what came next, and made-up returns whose truth
is known.

Moving-average crosses trade every instrument of shared/data on H4 and D. At the start of each quarter (half-year) the score
is asked of all days before, and held against the fall of the 63 (126) trading days after, which do not overlap. A curve of
calibration is fitted on earlier outcomes of other instruments only. Skill is against the base rate of those same earlier
outcomes; its interval is a bootstrap of whole quarters, because strategies of one quarter share their markets. Then the
sixteen strategies of the production book as one book, with the curve that the crosses teach, and last how often the
interval of estimation holds the truth. `python bench/score_calibration.py [coverage rounds]` prints tables and writes
bench/results/score_calibration.json; some minutes on one core.
"""

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.signal import lfilter
from timing import save

from tradeworthy.adapters.files.folder import BarFolder
from tradeworthy.appraisal.days_of_book import BookDays, book_days
from tradeworthy.backtest.account import Account
from tradeworthy.backtest.costs import Costs
from tradeworthy.backtest.engine import run_backtest
from tradeworthy.controls.sizing import FixedFraction
from tradeworthy.core.bar import NEW_YORK_CLOSE, Timeframe
from tradeworthy.core.errors import InputError
from tradeworthy.indicators.dependence import block_length
from tradeworthy.market.bars import Bars
from tradeworthy.risk import (
    drawdown_score,
    driftless_drawdown_probability,
    forecast_quality,
    logistic_curve,
    monte_carlo,
    rising_curve,
)
from tradeworthy.risk.drawn_records import drawn_days
from tradeworthy.settings.books import book_from
from tradeworthy.settings.loading import from_text
from tradeworthy.settings.shipped import template
from tradeworthy.strategies.ma_cross import MaCrossover

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
CROSSES = ((10, 40), (20, 60), (10, 90), (30, 90), (40, 140), (50, 160))
RISK, BOOK_RISK = 0.02, 0.01
LIMITS = {63: (0.04, 0.08, 0.12), 126: (0.06, 0.12, 0.18)}
BOOK_LIMITS = {63: (0.08, 0.12, 0.16), 126: (0.12, 0.18, 0.24)}
WARM_DAYS = 500
PATHS, RESAMPLES, INNER = 4_000, 60, 250
FIRST_FIT = 200
"""Outcomes of other instruments before a curve is fitted."""
SPREAD_PIPS = {"XAU_USD": 30.0, "BTC_USDT": 500.0, "SPY": 1.0}
VARIANTS = ("score", "with doubt counted in", "without drift", "days one by one", "random walk formula")
LIKE = "base rate of its like"
"""Of the same timeframe and rules in other markets; for the sixteen, of the same timeframe."""
Column = np.ndarray


@dataclass(frozen=True)
class Forecasts:
    """One row each: quarter, market, timeframe and rules, horizon, limit, a chance per variant, and whether it came true."""

    quarter: Column
    market: Column
    kind: Column
    horizon: Column
    limit: Column
    chance: Column
    came: Column

    def where(self, keep: Column) -> "Forecasts":
        """Only these rows."""
        return Forecasts(*(getattr(self, name)[keep] for name in self.__dataclass_fields__))


def stores() -> list[BarFolder]:
    """Folders, the first that knows an instrument wins."""
    return [BarFolder(DATA / name, rebuild=name == "fx") for name in ("fx", "fx_other_feed", "crypto", "us")]


def bars_of(symbol: str, timeframe: Timeframe) -> Bars:
    """From the longest record there is."""
    found = []
    for store in stores():
        try:
            found.append(store.read(symbol, timeframe))
        except InputError:
            continue
    return max(found, key=lambda bars: int(bars.close_time[-1] - bars.open_time[0]))


def markets() -> dict[str, Bars]:
    """Every instrument on H4 and D, by name."""
    pairs = (
        "AUD_JPY",
        "AUD_USD",
        "EUR_GBP",
        "EUR_JPY",
        "EUR_USD",
        "GBP_JPY",
        "GBP_USD",
        "NZD_USD",
        "USD_CAD",
        "USD_CHF",
    )
    symbols = (*pairs, "USD_JPY", "XAU_USD", "BTC_USDT")
    found = {f"{symbol}_{frame}": bars_of(symbol, frame) for symbol in symbols for frame in (Timeframe.H4, Timeframe.D)}
    return found | {"SPY_D": bars_of("SPY", Timeframe.D)}


def days_of(runs: Mapping[str, tuple[Bars, MaCrossover]], risk: float, costs: Costs | None) -> BookDays:
    """Days of crosses under an account that risks so much per trade."""
    results = {}
    for name, (bars, rules) in runs.items():
        paid = costs or Costs(SPREAD_PIPS.get(bars.instrument.symbol, 1.5))
        account = Account(1_000_000.0, sizing=FixedFraction(risk), day=NEW_YORK_CLOSE, lot_step=1e-5, min_units=1e-5)
        results[name] = run_backtest(bars, rules, None, paid, account)
    return book_days(results, {name: rules.warm_up for name, (_, rules) in runs.items()})


def chances(past: Column, horizon: int, limits: tuple[float, ...], seed: int) -> Column:
    """(limits, variants) from the days before an origin."""
    block = block_length(past)
    falls = [
        monte_carlo(past, PATHS, horizon, seed=seed, block=block, threads=1).max_drawdown,
        np.concatenate([
            monte_carlo(past[drawn_days(len(past), block, seed, k)], INNER, horizon, seed=k, block=block, threads=1).max_drawdown
            for k in range(RESAMPLES)
        ]),
        monte_carlo(past - past.mean(), PATHS, horizon, seed=seed, block=block, threads=1).max_drawdown,
        monte_carlo(past, PATHS, horizon, seed=seed, block=1.0, threads=1).max_drawdown,
    ]  # fmt: skip
    spread = float(past.std())
    return np.array([
        [*(float(np.mean(one <= 1e-12 - limit)) for one in falls), driftless_drawdown_probability(spread, limit, horizon)]
        for limit in limits
    ])  # fmt: skip


def forecasts(
    name: str, kind: str, days: BookDays, limits: Mapping[int, tuple[float, ...]]
) -> list[tuple[object, ...]]:
    """Every quarter's (half-year's) scores of one book, and what came."""
    months = days.date.astype("datetime64[D]").astype("datetime64[M]").astype(int)
    rows: list[tuple[object, ...]] = []
    for horizon, several in limits.items():
        step = horizon // 21
        starts = np.flatnonzero((months[1:] // step) != (months[:-1] // step)) + 1
        for start in starts:
            if start < WARM_DAYS or start + horizon > len(days.book):
                continue
            after = np.cumprod(1.0 + np.append(0.0, days.book[start : start + horizon]))
            fall = float(np.max(1.0 - after / np.maximum.accumulate(after)))
            made = chances(days.book[:start], horizon, several, int(start))
            market = name.rpartition("_")[0] or name
            for limit, chance in zip(several, made, strict=True):
                rows.append(
                    (int(months[start] // 3), market, kind, horizon, limit, chance, float(fall >= limit - 1e-12))
                )
    return rows


def table(rows: list[tuple[object, ...]]) -> Forecasts:
    """Rows as columns, oldest first."""
    rows.sort(key=lambda row: (row[0], row[1]))
    return Forecasts(*(np.array([row[i] for row in rows]) for i in range(7)))


def learnt(test: Forecasts, teach: Forecasts, *, others: bool) -> dict[str, Column]:
    """Base rate and curves for each forecast of `test`, from outcomes of `teach` that were known and of other markets.

    An outcome is known when its horizon has passed: a quarter later, or two. The base rate is that of the same target.
    """
    out = {name: np.full(len(test.came), np.nan) for name in ("base rate", LIKE, "logistic", "isotonic")}
    ended = teach.quarter + teach.horizon // 63
    for key in sorted(
        {(int(q), str(m), int(h)) for q, m, h in zip(test.quarter, test.market, test.horizon, strict=True)}
    ):
        quarter, market, horizon = key
        here = (test.quarter == quarter) & (test.market == market) & (test.horizon == horizon)
        known = (ended <= quarter) & (teach.horizon == horizon)
        known &= (teach.market != market) if others else True
        if known.sum() < FIRST_FIT:
            continue
        said, came = teach.chance[known, 0], teach.came[known]
        out["logistic"][here] = logistic_curve(said, came).calibrated(test.chance[here, 0])
        out["isotonic"][here] = rising_curve(said, came).calibrated(test.chance[here, 0])
        for limit in np.unique(test.limit[here]):
            same = known & (teach.limit == limit)
            out["base rate"][here & (test.limit == limit)] = rate(teach.came[same])
            for kind in np.unique(test.kind[here]):
                alike = same & (np.char.find(teach.kind.astype(str), kind) == 0)
                out[LIKE][here & (test.limit == limit) & (test.kind == kind)] = rate(teach.came[alike])
    return out


def rate(came: Column) -> float:
    """Share that came true, half a case of each added."""
    return float((came.sum() + 0.5) / (len(came) + 1.0))


def own_base_rate(test: Forecasts) -> Column:
    """For a book of its own kind: how often its own earlier outcomes of the same target came true, half a case of each added."""
    out = np.full(len(test.came), np.nan)
    for i in range(len(out)):
        past = (test.quarter + test.horizon // 63 <= test.quarter[i]) & (test.horizon == test.horizon[i])
        past &= test.limit == test.limit[i]
        out[i] = rate(test.came[past])
    return out


def skill_interval(chance: Column, reference: Column, test: Forecasts) -> tuple[float, float]:
    """95% interval of the skill, quarters drawn with replacement."""
    rng = np.random.default_rng(0)
    quarters = np.unique(test.quarter)
    ours = np.array([np.sum((chance - test.came)[test.quarter == q] ** 2) for q in quarters])
    theirs = np.array([np.sum((reference - test.came)[test.quarter == q] ** 2) for q in quarters])
    drawn = rng.integers(0, len(quarters), (2_000, len(quarters)))
    low, high = np.quantile(1.0 - ours[drawn].sum(axis=1) / theirs[drawn].sum(axis=1), [0.025, 0.975])
    return float(low), float(high)


def judged(title: str, test: Forecasts, ways: Mapping[str, Column], reference: Column) -> list[dict[str, object]]:
    """A table of every way to forecast, over the rows in which all of them speak."""
    every = np.isfinite(np.column_stack([*ways.values(), reference])).all(axis=1)
    ways = {name: column[every] for name, column in {**ways, "base rate": reference}.items()}
    test, reference = test.where(every), reference[every]
    found: list[dict[str, object]] = []
    print(
        f"\n{title}: {len(test.came):,} forecasts, {len(np.unique(test.quarter))} quarters, base rate {test.came.mean():.3f}"
    )
    print(
        f"{'':24}{'mean':>7}{'Brier':>8}{'reliab.':>9}{'resol.':>8}{'skill':>8}   95% interval    better than the score by"
    )
    for name, chance in ways.items():
        one = forecast_quality(chance, test.came, against=reference, bins=10)
        low, high = skill_interval(chance, reference, test)
        better = forecast_quality(chance, test.came, against=ways["score"]).skill_against
        least, most = skill_interval(chance, ways["score"], test)
        print(
            f"{name:24}{chance.mean():7.3f}{one.brier:8.4f}{one.reliability:9.4f}{one.resolution:8.4f}"
            f"{one.skill_against:8.3f}   {low:6.3f} to {high:5.3f}   {better:6.3f} ({least:.3f} to {most:.3f})"
        )
        found.append({
            "way": name, "n": one.n, "mean": float(chance.mean()), "came": one.base_rate, "brier": one.brier,
            "reliability": one.reliability, "resolution": one.resolution, "uncertainty": one.uncertainty,
            "skill": one.skill_against, "skill_low": low, "skill_high": high,
            "better": better, "better_low": least, "better_high": most,
            "diagram": [[b.n, b.forecast, b.observed, b.interval.low, b.interval.high, b.consistent.low, b.consistent.high]
                        for b in one.bins],
        })  # fmt: skip
    return found


def diagram(title: str, rows: list[list[float]]) -> None:
    """The reliability diagram as text."""
    print(f"\n{title}\n{'said':>7}{'came':>8}{'n':>7}   Wilson 95%        if right, 95%")
    for n, said, came, low, high, least, most in rows:
        print(f"{said:7.3f}{came:8.3f}{n:7.0f}   {low:.3f} to {high:.3f}    {least:.3f} to {most:.3f}")


Maker = Callable[[np.random.Generator, int, int], Column]


def student(rng: np.random.Generator, rows: int, n: int) -> Column:
    """Independent, four degrees of freedom, as wide as the others."""
    drawn: Column = rng.standard_t(4, (rows, n)) * 0.01 / np.sqrt(2.0)
    return drawn


def follows(rng: np.random.Generator, rows: int, n: int) -> Column:
    """Each day holds a fifth of the one before."""
    drawn: Column = lfilter([1.0], [1.0, -0.2], rng.normal(0, 0.0098, (rows, n + 50)))[:, 50:]
    return drawn


def clusters(rng: np.random.Generator, rows: int, n: int) -> Column:
    """Volatility that remembers itself for some twenty days."""
    level = lfilter([1.0], [1.0, -0.95], rng.normal(0, 0.15, (rows, n + 200)))[:, 200:]
    drawn: Column = 0.009 * np.exp(level) * rng.normal(size=(rows, n)) / np.exp(0.115)
    return drawn


MAKERS: dict[str, Maker] = {
    "independent, Normal": lambda rng, rows, n: rng.normal(0, 0.01, (rows, n)),
    "independent, Student t 4": student,
    "autocorrelation 0.2": follows,
    "clusters of volatility": clusters,
}


def coverage(rounds: int) -> list[dict[str, object]]:
    """How often the interval of estimation holds the true chance."""
    out: list[dict[str, object]] = []
    print(f"\nInterval of estimation, {rounds} records each: share that holds the truth, median width in points")
    for name, make in MAKERS.items():
        for n, horizon, drift in (
            (250, 63, 0.0),
            (500, 63, 0.0),
            (1_000, 252, 0.0),
            (1_000, 252, 0.0005),
            (2_500, 252, 0.0),
        ):
            rng = np.random.default_rng(n + horizon)
            paths = np.cumprod(1.0 + make(rng, 20_000, horizon) + drift, axis=1)
            wealth = np.concatenate((np.ones((len(paths), 1)), paths), axis=1)
            falls = np.max(1.0 - wealth / np.maximum.accumulate(wealth, axis=1), axis=1)
            limit = float(np.round(np.quantile(falls, 0.8), 2))
            truth = 100.0 * float(np.mean(falls >= limit))
            held, width, middle = 0, [], []
            for record in make(rng, rounds, n) + drift:
                one = drawdown_score(record, limit, horizon, paths=2_000, resamples=100, threads=1, seed=1)
                if one.score is None or one.estimation is None:
                    continue
                held += one.estimation.low <= truth <= one.estimation.high
                width.append(one.estimation.high - one.estimation.low)
                middle.append(one.score)
            share, far = held / len(width), float(np.median(width))
            setting = f"{name:28}{n:6} days, {horizon:3} ahead, truth {truth:5.1f}, mean score {np.mean(middle):5.1f}"
            print(f"{setting}: {share:.3f}  {far:5.1f}")
            out.append({"returns": name, "days": n, "horizon": horizon, "drift": drift, "limit": limit, "truth": truth,
                        "scored": len(width), "mean_score": float(np.mean(middle)), "held": share, "width": far})  # fmt: skip
    return out


def main() -> None:
    """Everything, printed and saved."""
    rows: list[tuple[object, ...]] = []
    for name, bars in markets().items():
        for fast, slow in CROSSES:
            days = days_of({name: (bars, MaCrossover(fast, slow, stop_atr=2.0, target_atr=3.0))}, RISK, None)
            rows += forecasts(name, f"{bars.timeframe} {fast}/{slow}", days, LIMITS)
    crosses = table(rows)
    plan = book_from(from_text(template("fx-16"), "fx-16", {}))
    runs = {one.name: (bars_of(one.instrument, one.timeframe), one.cross) for one in plan.strategies}
    whole = table(forecasts("book", "", days_of(runs, BOOK_RISK, plan.costs), BOOK_LIMITS))
    single: list[tuple[object, ...]] = []
    for name, run in runs.items():
        single += forecasts(name, str(run[0].timeframe), days_of({name: run}, RISK, plan.costs), LIMITS)
    sixteen = table(single)
    figures: dict[str, object] = {}
    for title, test, others in (
        ("crosses", crosses, True),
        ("the sixteen, one by one", sixteen, True),
        ("the book", whole, False),
    ):
        curves = learnt(test, crosses, others=others)
        reference = own_base_rate(test) if title == "the book" else curves.pop("base rate")
        curves.pop("base rate", None)
        if title == "the book":
            curves.pop(LIKE)
        ways = {name: test.chance[:, i] for i, name in enumerate(VARIANTS)} | curves
        for horizon in (63, 126):
            keep = test.horizon == horizon
            kept = {name: column[keep] for name, column in ways.items()}
            found = judged(f"{title}, {horizon} days", test.where(keep), kept, reference[keep])
            figures[f"{title}, {horizon} days"] = found
            for one in found:
                if one["way"] == "score":
                    diagram(f"{title}, {horizon} days: {one['way']}", one["diagram"])  # type: ignore[arg-type]
    figures["coverage"] = coverage(int(sys.argv[1]) if len(sys.argv) > 1 else 200)
    save("score_calibration", figures)


if __name__ == "__main__":
    main()
