"""Histories of other platforms held against a stored baseline, in the unit of that baseline."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from support.foreign_trades import Made, tradingview
from tradeworthy.api.baselines import load_baseline, save_baseline
from tradeworthy.api.drifting import watch_drift
from tradeworthy.api.validation import validate
from tradeworthy.core.errors import InputError
from tradeworthy.core.verdict import DriftState

RNG = np.random.default_rng(4)
WON = RNG.random(160) < 0.45
TRADES = [Made(1, 100.0, 103.0 if won else 98.0 - place % 3 / 10, volume=1.0) for place, won in enumerate(WON)]
FIRST = 100
UNTIL = "2024-04-15"


def test_a_later_export_is_measured_in_the_unit_of_its_baseline(tmp_path: Path) -> None:
    (tmp_path / "Turtle.csv").write_text(tradingview(TRADES))
    then = validate(trades=tmp_path / "Turtle.csv", as_of=UNTIL, timezone="UTC")
    unit = then.strategies[0].unit_r
    assert unit is not None
    path = save_baseline(then, tmp_path)
    whole = validate(trades=tmp_path / "Turtle.csv", baseline=path, timezone="UTC")
    assert whole.strategies[0].unit_r == unit
    assert whole.strategies[0].baseline_trades == len(then.strategies[0].trades.r)
    wild = [replace(one, exit=one.exit if one.exit > 100 else 90.0) for one in TRADES[FIRST:]]
    later = tmp_path / "later"
    later.mkdir()
    (later / "Turtle.csv").write_text(tradingview([*TRADES[:FIRST], *wild]).replace("Turtle", "Turtle"))
    changed = validate(trades=later / "Turtle.csv", baseline=path, timezone="UTC", force=True)
    assert changed.strategies[0].unit_r == unit
    assert min(changed.strategies[0].trades.r) == pytest.approx(-0.1 / unit)


def test_drift_measures_both_sides_alike(tmp_path: Path) -> None:
    (tmp_path / "Turtle.csv").write_text(tradingview(TRADES))
    path = save_baseline(validate(trades=tmp_path / "Turtle.csv", as_of=UNTIL, timezone="UTC"), tmp_path)
    by_file = watch_drift(tmp_path / "Turtle.csv", baseline=path, timezone="UTC")[0]
    by_date = watch_drift(tmp_path / "Turtle.csv", until=UNTIL, timezone="UTC")[0]
    assert by_file.reading is not None
    assert by_date.reading is not None
    assert by_file.reading == by_date.reading
    assert by_file.reading.state is DriftState.HOLDS


def test_a_baseline_by_stops_is_not_held_against_trades_without_them(tmp_path: Path) -> None:
    (tmp_path / "Turtle.csv").write_text(tradingview(TRADES))
    path = save_baseline(validate(trades=tmp_path / "Turtle.csv", as_of=UNTIL, timezone="UTC"), tmp_path)
    _, stored = load_baseline(path)
    import msgspec

    by_stops = replace(stored.baseline, strategies=(replace(stored.baseline.strategies[0], unit_r=None),))
    path.write_bytes(msgspec.json.encode(msgspec.structs.replace(stored, baseline=by_stops)))
    with pytest.raises(InputError, match="R was measured by stops and is a stand-in for want of stops"):
        validate(trades=tmp_path / "Turtle.csv", baseline=path, timezone="UTC")
