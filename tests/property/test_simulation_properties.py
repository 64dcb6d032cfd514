"""What must hold for paths drawn from any returns."""

from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from support.plain_paths import outcome, places
from tradeworthy.risk import Drawing, monte_carlo

RETURNS = st.lists(st.integers(-120, 150).map(lambda percent: percent / 100), min_size=2, max_size=30)
WAYS = st.one_of(
    st.just({"method": "iid"}),
    st.floats(1, 40).map(lambda block: {"method": "stationary", "block": block}),
    st.integers(1, 40).map(lambda block: {"method": "circular", "block": block}),
    st.sampled_from([{"method": "stationary"}, {"method": "circular"}]),
)


@given(RETURNS, WAYS, st.integers(1, 80), st.integers(1, 25), st.integers(-(2**65), 2**65))
def test_every_path_is_that_of_the_plain_version(
    x: list[float], way: dict[str, Any], paths: int, horizon: int, seed: int
) -> None:
    found = monte_carlo(x, paths, horizon, seed=seed, **way)
    fixed = found.method is Drawing.CIRCULAR
    plain = [
        outcome([x[i] for i in places(len(x), horizon, seed, path, block=found.block, fixed=fixed)])
        for path in range(paths)
    ]
    np.testing.assert_allclose(found.terminal, [one[0] for one in plain], rtol=1e-10, atol=1e-10)
    np.testing.assert_allclose(found.max_drawdown, [one[1] for one in plain], rtol=1e-10, atol=1e-10)


@given(RETURNS, WAYS, st.integers(1, 25))
def test_no_path_falls_by_more_than_all_or_ends_below_its_fall(
    x: list[float], way: dict[str, Any], horizon: int
) -> None:
    found = monte_carlo(x, 140, horizon, **way)
    assert ((found.max_drawdown <= 0) & (found.max_drawdown >= -1)).all()
    assert (found.terminal >= found.max_drawdown - 1e-12).all()
    assert (found.terminal <= max(1e-12, (1 + max(x)) ** horizon - 1) * (1 + 1e-9)).all()


@given(RETURNS, WAYS)
def test_a_longer_horizon_only_goes_on_and_falls_no_less(x: list[float], way: dict[str, Any]) -> None:
    short, long = (monte_carlo(x, 140, horizon, **way) for horizon in (6, 13))
    assert (long.max_drawdown <= short.max_drawdown).all()
    assert (long.terminal[short.terminal == -1.0] == -1.0).all()
