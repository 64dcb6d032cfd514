"""The drift monitor, its CUSUM and its interval."""

import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from support.samples import r_of
from tradeworthy.core.errors import InputError, NotEnoughData
from tradeworthy.core.verdict import DriftState
from tradeworthy.validation import Cusum, DriftMonitor, confidence_sequence, cusum_arl, cusum_threshold
from tradeworthy.validation.drift import DriftReading

BASELINE = r_of(200, 0.25, 1)


def same(one: DriftReading, other: DriftReading) -> bool:
    assert one.state is other.state
    assert one.trades == other.trades
    assert one.e_value == pytest.approx(other.e_value, rel=1e-9)
    assert one.highest == pytest.approx(other.highest, rel=1e-9)
    assert one.cusum == pytest.approx(other.cusum, abs=1e-9)
    return True


def test_a_strategy_that_goes_on_as_before_holds_and_its_power_is_told() -> None:
    found = DriftMonitor(BASELINE).run(r_of(100, 0.25, 2))
    assert found.state is DriftState.HOLDS
    assert "no drift shown, which is not the same as none" in found.sentence
    assert "would be noticed after about" in found.sentence


def test_a_planted_loss_warns_first_and_is_proven_later() -> None:
    monitor = DriftMonitor(r_of(1_000, 0.25, 1), run_length=200)
    states = [monitor.update(r).state for r in r_of(600, 0.0, 3)]
    first = {state: states.index(state) for state in dict.fromkeys(states)}
    assert first[DriftState.HOLDS] == 0
    assert 0 < first[DriftState.DRIFTING] < first[DriftState.STOPPED] < 400
    assert states[first[DriftState.STOPPED] :] == [DriftState.STOPPED] * (600 - first[DriftState.STOPPED])


def test_proof_is_latched_and_a_warning_is_not() -> None:
    monitor = DriftMonitor(BASELINE)
    monitor.run(r_of(300, -0.5, 3))
    assert monitor.run(r_of(2_000, 0.6, 4)).state is DriftState.STOPPED
    warned = DriftMonitor(BASELINE, run_length=50)
    falls = r_of(30, -0.4, 5)
    assert DriftState.DRIFTING in {warned.update(r).state for r in falls}
    assert warned.run(r_of(60, 1.0, 6)).state is DriftState.HOLDS


@given(st.lists(st.sampled_from([-1.0, -0.5, 0.0, 0.7, 1.5, 2.25]), min_size=1, max_size=80), st.integers(0, 80))
def test_one_by_one_all_at_once_and_after_a_restart_it_says_the_same(r: list[float], cut: int) -> None:
    one, many = DriftMonitor(BASELINE), DriftMonitor(BASELINE)
    last = [one.update(value) for value in r][-1]
    assert same(last, many.run(r))
    begun = DriftMonitor(BASELINE)
    begun.run(r[:cut])
    again = DriftMonitor.from_dict(json.loads(json.dumps(begun.to_dict())))
    assert same(again.run(r[cut:]), last)


@given(st.floats(0.1, 10.0), st.floats(-3.0, 3.0))
@settings(max_examples=30)
def test_evidence_does_not_depend_on_the_unit_of_r(scale: float, move: float) -> None:
    rng = np.random.default_rng(1)
    before, after = rng.normal(0.2, 1, 100), rng.normal(0.0, 1, 50)
    one = DriftMonitor(before).run(after)
    other = DriftMonitor(before * scale + move).run(after * scale + move)
    assert one.e_value == pytest.approx(other.e_value, rel=1e-9)


@pytest.mark.parametrize(("level", "spread"), [(0.5, 0.02), (9.4, 1.0), (1.0, 1e-9)])
def test_a_strategy_that_hardly_varies_is_watched_too(level: float, spread: float) -> None:
    rng = np.random.default_rng(3)
    before, after = level + spread * rng.normal(size=(2, 100))
    monitor = DriftMonitor(before)
    assert monitor.run(after).state is DriftState.HOLDS
    assert all(one is not None and one < 100 for one in monitor.power.proof)
    assert monitor.run(np.full(60, -1.0)).state is DriftState.STOPPED
    assert monitor.reading().cusum > monitor.reading().threshold


def test_better_trades_are_never_evidence_of_a_loss() -> None:
    found = DriftMonitor(BASELINE).run(np.full(300, 1.5))
    assert found.state is DriftState.HOLDS
    assert found.e_value < 1
    assert found.cusum == 0


def test_a_bound_for_the_mean_stands_beside_it_from_the_thirtieth_trade() -> None:
    monitor = DriftMonitor(BASELINE)
    assert monitor.run(r_of(29, 0.25, 2)).interval is None
    found = monitor.run(r_of(300, 0.25, 3))
    whole = confidence_sequence(np.concatenate((r_of(29, 0.25, 2), r_of(300, 0.25, 3))))
    assert found.interval is not None
    assert (found.interval.low, found.interval.high) == pytest.approx((whole.low[-1], whole.high[-1]))
    assert found.mean_r == pytest.approx(whole.mean[-1])


def test_a_longer_baseline_proves_sooner_and_a_short_one_perhaps_never() -> None:
    proofs = [DriftMonitor(r_of(n, 0.25, 1), edge_r=0.25).power.proof[1] for n in (100, 400, 4_000)]
    assert proofs[0] is None
    assert proofs[1] is not None
    assert proofs[2] is not None
    assert proofs[1] > proofs[2] > 100
    assert "proof may never come" in DriftMonitor(r_of(100, 0.25, 1), edge_r=0.25).reading().sentence


@pytest.mark.parametrize(
    ("baseline", "options", "error", "said"),
    [
        (BASELINE[:19], {}, NotEnoughData, "at least 20 closed trades, not 19"),
        (np.ones(50), {}, InputError, "the same R"),
        ([*BASELINE, float("nan")], {}, InputError, "finite R's"),
        (BASELINE.reshape(2, 100), {}, InputError, "one column"),
        (BASELINE, {"error": 0.5}, InputError, "error must lie between 0 and 0.5"),
        (BASELINE, {"run_length": 5}, InputError, "run_length must be 20 to 1,000,000"),
        (BASELINE, {"edge_r": 0.0}, InputError, "above zero"),
    ],
)
def test_what_cannot_be_watched_is_refused(
    baseline: object, options: dict[str, float], error: type[InputError], said: str
) -> None:
    with pytest.raises(error, match=said):
        DriftMonitor(baseline, **options)  # type: ignore[arg-type]  # what a user might give


def test_a_trade_that_is_no_number_is_refused_and_leaves_no_trace() -> None:
    monitor = DriftMonitor(BASELINE)
    before = monitor.run(r_of(10, 0.2, 1))
    for wrong in (float("nan"), float("inf")):
        with pytest.raises(InputError, match="finite"):
            monitor.update(wrong)
        with pytest.raises(InputError, match="finite"):
            monitor.run([1.0, wrong])
    assert monitor.reading() == before
    assert monitor.run([]) == before
    with pytest.raises(InputError, match="no drift monitor"):
        DriftMonitor.from_dict({"baseline": BASELINE})


def test_a_cusum_adds_what_exceeds_its_reference_and_forgets_what_does_not() -> None:
    cusum = Cusum(0.5, 2.0)
    assert [cusum.update(x) for x in (1.5, 1.5, -0.5, 2.0)] == [False, False, False, True]
    assert (cusum.upper, cusum.lower) == (2.5, 0.0)
    assert cusum.reset() == Cusum(0.5, 2.0)
    assert [cusum.update(-2.0) for _ in range(2)] == [False, True]
    for wrong in ((-0.1, 1.0), (0.5, 0.0), (0.5, float("nan"))):
        with pytest.raises(InputError, match="must be"):
            Cusum(*wrong)


@pytest.mark.parametrize(
    "call",
    [
        lambda: cusum_arl(-0.1, 4), lambda: cusum_arl(0.5, 0), lambda: cusum_arl(0.5, float("inf")), lambda: cusum_arl(0.5, 300),
        lambda: cusum_arl(2.0, 20), lambda: cusum_threshold(0.5, 1), lambda: cusum_threshold(0.0, 1e9),
        lambda: cusum_threshold(5.0, 100),
    ],
)  # fmt: skip
def test_designs_that_no_cusum_has_are_refused(call: object) -> None:
    assert callable(call)
    with pytest.raises(InputError):
        call()


def test_an_interval_holds_at_all_times_together() -> None:
    rng = np.random.default_rng(11)
    missed = bounded = 0
    for _ in range(300):
        coin = (rng.random(600) < 0.3).astype(float)
        exact = confidence_sequence(coin, bounds=(0.0, 1.0))
        bounded += bool(np.any((exact.low > 0.3) | (exact.high < 0.3)))
        plain = confidence_sequence(rng.normal(0.3, 2.0, 600))
        missed += bool(np.any((plain.low > 0.3) | (plain.high < 0.3)))
    assert bounded <= 15
    assert missed <= 30


def test_an_interval_with_bounds_narrows_only_and_stays_inside_them() -> None:
    x = np.random.default_rng(2).uniform(-1.0, 2.0, 500)
    found = confidence_sequence(x, bounds=(-1.0, 2.0))
    assert (np.diff(found.low) >= 0).all()
    assert (np.diff(found.high) <= 0).all()
    assert found.low[0] >= -1.0
    assert found.high[0] <= 2.0
    assert found.high[-1] - found.low[-1] < 0.5
    wider = confidence_sequence(x, 0.99, bounds=(-1.0, 2.0))
    assert wider.high[-1] - wider.low[-1] > found.high[-1] - found.low[-1]


@pytest.mark.parametrize(
    ("x", "options", "said"),
    [
        ([], {}, "at least one"), ([1.0, float("nan")], {}, "finite"), ([0.5, 2.0], {"bounds": (0.0, 1.0)}, "outside the bounds"),
        ([0.5], {"bounds": (1.0, 0.0)}, "the lower one first"), ([0.5], {"confidence": 1.0}, "confidence"),
    ],
)  # fmt: skip
def test_an_interval_of_nonsense_is_refused(x: list[float], options: dict[str, object], said: str) -> None:
    with pytest.raises(InputError, match=said):
        confidence_sequence(x, **options)  # type: ignore[arg-type]  # what a user might give


@pytest.mark.parametrize(
    "state", [None, [], {}, {"baseline": [1.0]}, {**DriftMonitor(BASELINE).to_dict(), "edge_r": None}]
)
def test_what_is_no_monitor_is_told(state: Any) -> None:
    with pytest.raises(InputError, match="this is no drift monitor: it has no "):
        DriftMonitor.from_dict(state)


@pytest.mark.parametrize("seed", range(8))
def test_a_restart_half_way_changes_no_bit(seed: int) -> None:
    r = np.random.default_rng(seed).normal(0.1, 1.2, 90)
    whole, half = DriftMonitor(BASELINE), DriftMonitor(BASELINE)
    whole.run(r)
    half.run(r[:40])
    again = DriftMonitor.from_dict(half.to_dict())
    again.run(r[40:60])
    for value in r[60:].tolist():
        again.update(value)
    assert again.reading() == whole.reading()
