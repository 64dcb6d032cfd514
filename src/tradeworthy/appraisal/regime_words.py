"""A study of volatility as plain values under the names people were promised."""

from typing import Any

from tradeworthy.appraisal.regime_record import LevelStops, LevelTrades, Reach, VolatilityStudy
from tradeworthy.core.clock import rfc3339
from tradeworthy.risk.level_transitions import Share
from tradeworthy.risk.stop_walks import RandomShare
from tradeworthy.risk.volatility_levels import LEVELS
from tradeworthy.validation.intervals import Interval


def study_dict(study: VolatilityStudy) -> dict[str, Any]:
    """Six parts, each of plain numbers, words, lists and dicts; what was not measured is None, with `why_not` beside it."""
    return {
        "volatility_regimes": _regimes(study),
        "atr_effectiveness": _stops(study),
        "position_sizing_analysis": _sizing(study),
        "regime_performance": {str(one.level): _trades(one, study) for one in study.trades},
        "volatility_timing": _timing(study),
        "recommendations": [f"{one.level}, {one.about}: {one.words}" for one in study.advice],
    }


def _regimes(study: VolatilityStudy) -> dict[str, Any]:
    t = study.thresholds
    return {
        "market": study.label,
        "estimator": str(t.estimator),
        "window_bars": t.n,
        "quantiles": list(t.quantiles),
        "thresholds": dict(zip(("very_low_up_to", "low_up_to", "medium_up_to", "high_up_to"), t.cuts, strict=True)),
        "frozen_until": rfc3339(t.until_ns),
        "frozen_readings": t.readings,
        "first": rfc3339(study.first_ns),
        "last": rfc3339(study.last_ns),
        "bars": study.bars,
        "current": str(study.now),
        "timeline": {
            "since": list(study.timeline.since), "level": [str(one) for one in study.timeline.level],
            "until": study.timeline.until,
        },
        "occupancy": {
            str(level): {**_share(share), "spells": spells}
            for level, share, spells in zip(LEVELS, study.transitions.occupancy, study.transitions.spells, strict=True)
        },
        "assumptions": list(study.assumptions),
    }  # fmt: skip


def _timing(study: VolatilityStudy) -> dict[str, Any]:
    moves, clusters, switching = study.transitions, study.clustering, study.switching
    return {
        "clustering": {
            "arch_lm": clusters.arch and {
                "statistic": clusters.arch.statistic, "p_value": clusters.arch.p_value, "lags": clusters.arch.lags,
            },
            "autocorrelation_absolute": list(clusters.absolute),
            "autocorrelation_squared": list(clusters.squared),
            "half_life_bars": clusters.half_life,
        },
        "persistence": moves.persistence,
        "transition_matrix": {
            str(level): None if row is None else {str(to): _share(one) for to, one in zip(LEVELS, row, strict=True)}
            for level, row in zip(LEVELS, moves.cells, strict=True)
        },
        "stationary_distribution": moves.stationary and _by_level(moves.stationary),
        "expected_duration_bars": {
            str(level): one and {"bars": one.bars, "low": one.low, "high": one.high}
            for level, one in zip(LEVELS, moves.durations, strict=True)
        },
        "switching": switching and {
            "volatility": list(switching.model.volatility),
            "transition_matrix": [list(row) for row in switching.model.moves],
            "expected_duration_bars": list(switching.model.expected_duration),
            "stationary_distribution": list(switching.model.stationary),
            "probability_of_wildest_now": switching.wild_now,
            "share_of_bars_in_wildest": switching.wild_share,
        },
        "why_not": study.why_not.get("switching"),
    }  # fmt: skip


def _stops(study: VolatilityStudy) -> dict[str, Any]:
    return {
        "atr_period": study.atr_period,
        "stop_atr": study.stop_atr,
        "target_atr": study.target_atr,
        "regimes": {str(one.level): _level_stops(one) for one in study.stops},
        "seed": study.seed,
        "why_not": study.why_not.get("atr_effectiveness"),
    }


def _level_stops(one: LevelStops) -> dict[str, Any]:
    enough = one.needed is None or one.shares.decided >= one.needed
    return {
        "entries": one.entries,
        "entries_needed": one.needed,
        "enough": enough and one.needed is not None,
        "stopped_share": one.shares.stopped_share,
        "random_stopped_share": _random(one.random_stopped, one.stopped_p),
        "rescued_share": one.shares.rescued_share,
        "random_rescued_share": _random(one.random_rescued, one.rescued_p),
        "mae_atr": _reach(one.against),
        "mfe_atr": _reach(one.onward),
        "random_mae_atr": _reach(one.random_against),
        "random_mfe_atr": _reach(one.random_onward),
        "random_pool_bars": one.pool,
    }


def _sizing(study: VolatilityStudy) -> dict[str, Any]:
    made = study.adaptation
    score = None
    if made is not None and made.score is not None:
        score = {"score": made.score, "low": made.low, "high": made.high}
    return {
        "stability": {
            "coefficient_of_variation": study.size_variation,
            "largest_to_smallest": study.size_range,
            "by_regime": {str(one.level): one.size_variation for one in study.trades},
        },
        "regime_adaptability_score": score and score["score"],
        "regime_adaptability_interval": score and {"low": score["low"], "high": score["high"]},
        "movement_per_size": {} if made is None else {
            str(LEVELS[one.level]): {"ratio": one.ratio, "low": one.low, "high": one.high, "bars": one.bars}
            for one in made.levels
        },
        "bars_ahead": made and made.ahead,
        "why_not": study.why_not.get("position_sizing_analysis"),
    }  # fmt: skip


def _trades(one: LevelTrades, study: VolatilityStudy) -> dict[str, Any]:
    return {
        "trades": one.trades,
        "trades_needed": one.needed,
        "enough_trades": one.trades >= one.needed,
        "mean_r": one.mean_r,
        "mean_r_interval": _interval(one.mean_interval),
        "mean_r_interval_all_regimes": _interval(one.adjusted),
        "win_rate": one.win_rate,
        "win_rate_interval": _interval(one.win_interval),
        "median_bars_held": one.median_bars_held,
        "advice": [
            {"about": said.about, "advice": said.words, "supported": said.supported}
            for said in study.advice
            if said.level is one.level
        ],
    }


def _share(one: Share) -> dict[str, Any]:
    count = round(one.share * one.visits)
    return {"share": one.share, "low": one.low, "high": one.high, "count": count, "of": one.visits, "worth": one.worth}


def _by_level(shares: tuple[float, ...]) -> dict[str, float]:
    return {str(level): share for level, share in zip(LEVELS, shares, strict=True)}


def _random(one: RandomShare | None, adjusted: float | None) -> dict[str, Any] | None:
    if one is None:
        return None
    return {
        "share": one.share,
        "low": one.low,
        "high": one.high,
        "p_value": one.p_value,
        "p_value_all_regimes": adjusted,
    }


def _reach(one: Reach | None) -> dict[str, float] | None:
    return None if one is None else {"median": one.median, "nine_in_ten_under": one.nine_in_ten}


def _interval(one: Interval | None) -> dict[str, float] | None:
    return None if one is None else {"low": one.low, "high": one.high}
