"""Advice for each level of volatility: only what an interval stands behind, and otherwise what is missing."""

from collections.abc import Iterator

from tradeworthy.appraisal.regime_record import LevelStops, LevelTrades, RegimeAdvice
from tradeworthy.core.counting import counted
from tradeworthy.risk.adapting_sizes import SizeAdaptation
from tradeworthy.risk.volatility_levels import LEVELS

LEVEL = 0.05
LEAST_CHANGE = 0.10
"""Of a size, that is worth making."""


def advise(
    trades: tuple[LevelTrades, ...],
    stops: tuple[LevelStops, ...],
    adaptation: SizeAdaptation | None,
    effect_r: float,
    stop_atr: float | None,
) -> tuple[RegimeAdvice, ...]:
    """In the order of levels: entries, stops, sizes. Entries are spoken of at every level, the rest where something is said."""
    found: list[RegimeAdvice] = [_entries(one, effect_r) for one in trades]
    found += [advice for one in stops for advice in _stops(one, stop_atr)]
    found += list(_sizes(adaptation)) if adaptation else []
    return tuple(sorted(found, key=lambda one: LEVELS.index(one.level)))  # within a level the order stays


def _entries(one: LevelTrades, effect_r: float) -> RegimeAdvice:
    enough = f"not enough trades: {one.trades:,} of {one.needed:,} needed to show a mean of {effect_r:g} R"
    if one.trades and one.mean_r is None:
        return RegimeAdvice(
            one.level, "entries", "its trades have no stop, so there is no R to judge by", supported=False
        )
    if one.adjusted is None or one.mean_r is None:
        return RegimeAdvice(one.level, "entries", enough, supported=False)
    low, high = one.adjusted.low, one.adjusted.high
    said = f"{counted(one.trades, 'trade')}, {one.mean_r:+.2f} R each ({low:+.2f} to {high:+.2f} over all regimes)"
    if high < 0:
        words = f"leave entries out at this level: {said}; confirm it on later data before relying on it"
        return RegimeAdvice(one.level, "entries", words, supported=True)
    if low > 0:
        return RegimeAdvice(one.level, "entries", f"go on trading at this level: {said}", supported=True)
    if one.trades < one.needed:
        return RegimeAdvice(one.level, "entries", enough, supported=False)
    words = f"nothing to change: {said}, and a mean of {effect_r:g} R either way would have been seen"
    return RegimeAdvice(one.level, "entries", words, supported=False)


def _stops(one: LevelStops, stop_atr: float | None) -> Iterator[RegimeAdvice]:
    seen, random = one.shares.rescued_share, one.random_rescued
    if seen is not None and random and one.rescued_p is not None and one.rescued_p <= LEVEL:
        said = f"{seen:.0%} of stopped entries reached the target before losing as much again, {random.share:.0%} of random ones"
        more = f"try a stop wider than {stop_atr:g} ATR" if seen > random.share else "do not widen the stop"
        yield RegimeAdvice(one.level, "stop", f"{more}: {said}", supported=True)
    share, beside = one.shares.stopped_share, one.random_stopped
    if share is not None and beside and one.stopped_p is not None and one.stopped_p <= LEVEL:
        said = f"{share:.0%} of entries met the stop first, {beside.share:.0%} of random ones"
        words = (
            f"look at the entries, not at the stop: {said}" if share > beside.share else f"keep stop and target: {said}"
        )
        yield RegimeAdvice(one.level, "stop", words, supported=True)


def _sizes(adaptation: SizeAdaptation) -> Iterator[RegimeAdvice]:
    for one in adaptation.levels:
        if abs(one.ratio - 1.0) < LEAST_CHANGE or one.low <= 1.0 <= one.high:
            continue
        way = "more" if one.ratio > 1.0 else "less"
        words = (
            f"take {1.0 / one.ratio:.2f} of the size at this level: price moved {abs(one.ratio - 1.0):.0%} {way} per ATR there "
            f"than on average ({one.low:.2f} to {one.high:.2f} over all regimes)"
        )
        yield RegimeAdvice(LEVELS[one.level], "size", words, supported=True)
