"""Maps of a search: medians of what falls together, and no more cells than can be looked at."""

from itertools import product

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tradeworthy.appraisal.search_recording import search_record
from tradeworthy.appraisal.search_surface import MOST_ACROSS, MOST_ALONG, MOST_CELLS, MOST_PANELS, surface_of
from tradeworthy.backtest.grid import Grid, Sets
from tradeworthy.backtest.sweep_result import MEASURES, Searched, SweepResult
from tradeworthy.reports.models import SearchReport, to_json
from tradeworthy.reports.search_page import render_search
from tradeworthy.strategies.ma_cross import MaCrossover

Floats = npt.NDArray[np.float64]


def searched(values: Floats) -> SweepResult:
    """A finished search whose P&L is these values, one axis a parameter; NaN where no set is valid."""
    axes = {f"p{i}": tuple(range(size)) for i, size in enumerate(values.shape)}
    flat = values.ravel()
    places = tuple(np.flatnonzero(~np.isnan(flat)).tolist())
    points = list(product(*axes.values()))
    names = list(axes)
    sets = Sets(
        places, tuple(dict(zip(names, points[i], strict=True)) for i in places), (MaCrossover(5, 20),) * len(places),
        len(flat) - len(places), "p0=0: an example" if len(places) < len(flat) else "",
    )  # fmt: skip
    measures = np.ones((1, len(places), len(MEASURES)))
    measures[0, :, MEASURES.index("pnl")] = flat[list(places)]
    return SweepResult("made_up", Grid(axes, {}), sets, (Searched("EUR_USD D", 9, "ab", 250.0),), measures, len(places))


@settings(max_examples=60)
@given(st.lists(st.integers(1, 5), min_size=2, max_size=4), st.integers(0, 10**6), st.floats(0, 0.6))
def test_a_cell_is_the_median_over_all_other_parameters(shape: list[int], seed: int, missing: float) -> None:
    rng = np.random.default_rng(seed)
    values = np.where(rng.random(shape) < missing, np.nan, np.round(rng.normal(size=shape), 2))
    values[(0,) * len(shape)] = 1.0
    result = searched(values)
    surface = surface_of(result, "pnl")
    assert surface.y is not None
    across, down, theirs = result.heatmap(surface.x.name, surface.y.name, "pnl")
    assert (surface.x.first, surface.x.last, surface.y.first) == (across, across, down)
    ours = np.array([[np.nan if cell is None else cell for cell in row] for row in surface.values])
    np.testing.assert_allclose(ours, theirs, rtol=0, atol=1e-15)
    for panel in surface.panels:
        fixed = panel.parameters
        for row, y in zip(panel.values, down, strict=True):
            for cell, x in zip(row, across, strict=True):
                point = {surface.x.name: x, surface.y.name: y, **fixed}
                inside = [
                    float(result.of("pnl")[i])
                    for i, one in enumerate(result.sets.points)
                    if all(one[name] == value for name, value in point.items())
                ]
                assert cell == (pytest.approx(np.median(inside)) if inside else None)


def test_values_that_share_a_cell_are_named_from_first_to_last() -> None:
    values = np.arange(250.0 * 3).reshape(250, 3)
    surface = surface_of(searched(values), "pnl")
    assert (surface.x.name, len(surface.x.first)) == ("p0", 84)
    assert (surface.x.first[:2], surface.x.last[:2]) == ((0, 3), (2, 5))
    assert (surface.x.first[-1], surface.x.last[-1]) == (249, 249)
    assert [row[0] for row in surface.values] == [3.0, 4.0, 5.0]
    assert [row[-1] for row in surface.values] == [747.0, 748.0, 749.0]


def test_further_parameters_get_a_map_each_until_there_are_too_many() -> None:
    rng = np.random.default_rng(0)
    two = surface_of(searched(rng.random((6, 5, 3, 4))), "pnl")
    assert len(two.panels) == 12 == MOST_PANELS
    assert two.panels[1].parameters == {"p3": 0, "p2": 1}
    only_first = surface_of(searched(rng.random((9, 8, 4, 5))), "pnl")
    assert [one.parameters for one in only_first.panels] == [{"p3": i} for i in range(5)]
    assert surface_of(searched(rng.random((15, 14, 13))), "pnl").panels == ()


@pytest.mark.parametrize("shape", [(300_000,), (400, 300), (60, 50, 12, 4), (100, 100, 3)])
def test_a_large_search_makes_a_small_page(shape: tuple[int, ...]) -> None:
    values = np.random.default_rng(1).normal(size=shape)
    values[values > 3] = np.nan
    record = search_record(searched(values), "pnl")
    wide, high = len(record.surface.x.first), len(record.surface.values)
    assert wide <= (MOST_ALONG if len(shape) == 1 else MOST_ACROSS)
    assert high <= MOST_ACROSS
    assert wide * high * len(record.surface.panels) <= MOST_CELLS
    report = SearchReport(generated_at="2024-01-01T00:00:00Z", search=record)
    assert len(render_search(report)) < 500_000
    assert record.table is None
    assert len(to_json(report)) < 12_000_000
    best = np.unravel_index(int(np.nanargmax(values)), shape)
    assert record.ranked[0].parameters == {f"p{i}": int(place) for i, place in enumerate(best)}
