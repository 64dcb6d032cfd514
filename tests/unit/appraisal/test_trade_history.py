"""A trade history judged without a strategy."""

from pathlib import Path

import numpy as np
import pytest

from support.samples import r_of
from tradeworthy.api.validation import validate
from tradeworthy.core.errors import InputError, NotEnoughData
from tradeworthy.core.verdict import BookVerdict


def history(path: Path, r: np.ndarray, *, header: str = "time,side,entry,exit,stop,quantity,symbol") -> Path:
    """A trade a day, longs and shorts in turn, with a stop ten points away."""
    days = np.datetime64("2020-01-01T12:00") + np.arange(len(r)).astype("timedelta64[D]")
    rows = [header]
    for i, (day, value) in enumerate(zip(days, r, strict=True)):
        side = 1 if i % 2 else -1
        word = "long" if side > 0 else "short"
        rows.append(f"{day}:00Z,{word},100,{100 + side * 10 * value},{100 - side * 10},3,EUR_USD")
    path.write_text("\n".join(rows) + "\n")
    return path


def test_r_of_longs_and_shorts_comes_from_entry_exit_and_stop(tmp_path: Path) -> None:
    r = r_of(200, 0.2, 1)
    record = validate(trades=history(tmp_path / "trades.csv", r))
    assert record.kind == "trades"
    assert record.strategies[0].name == "EUR_USD"
    assert record.strategies[0].trades.r == pytest.approx(r.tolist())
    assert record.strategies[0].parameter_risk is None


def test_a_history_that_earns_is_fit_and_one_that_loses_is_not(tmp_path: Path) -> None:
    good = validate(trades=history(tmp_path / "good.csv", r_of(500, 0.4, 1)))
    bad = validate(trades=history(tmp_path / "bad.csv", r_of(500, -0.3, 1)))
    assert good.judgement.verdict is BookVerdict.FIT
    assert bad.judgement.verdict is BookVerdict.NOT_FIT


def test_a_short_history_could_not_tell(tmp_path: Path) -> None:
    record = validate(trades=history(tmp_path / "t.csv", r_of(12, 0.2, 1)))
    assert record.judgement.verdict is BookVerdict.COULD_NOT_TELL
    assert record.pool is None


def test_trades_after_the_day_asked_for_are_not_looked_at(tmp_path: Path) -> None:
    path = history(tmp_path / "t.csv", r_of(200, 0.2, 1))
    record = validate(trades=path, as_of="2020-03-31")
    assert len(record.strategies[0].trades.r) == 91
    with pytest.raises(NotEnoughData, match="no trade closed by"):
        validate(trades=path, as_of="2019-03-31")


def test_risk_in_money_needs_a_quantity(tmp_path: Path) -> None:
    path = history(tmp_path / "t.csv", r_of(50, 0.2, 1), header="time,side,entry,exit,risk_money,size,symbol")
    path.write_text(path.read_text().replace(",90,", ",30,").replace(",110,", ",30,"))
    assert validate(trades=path).strategies[0].trades.r == pytest.approx(r_of(50, 0.2, 1).tolist())
    with pytest.raises(InputError, match="R needs a stop for each trade"):
        validate(trades=history(tmp_path / "u.csv", r_of(50, 0.2, 1), header="time,side,entry,exit,x,y,symbol"))
