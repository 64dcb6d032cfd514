"""The plain C version, compiled on the spot by the system's compiler, and the same written for numba in one loop."""

import ctypes
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from asking import NotRun

from tradeworthy.market.bars import Bars
from tradeworthy.strategies.ma_steps import TIE

SOURCE = Path(__file__).parent / "peers" / "reference.c"
BUILT = Path(__file__).parents[1] / ".bench"
WHOLE = ("signal_index", "entry_index", "exit_index")
BYTES = ("side", "reason", "ambiguous")
PRICES = ("entry_price", "exit_price", "stop", "target", "risk", "mae", "mfe")
SAME = ("-DSAME", "-ffp-contract=off")


class _Trades(ctypes.Structure):
    _fields_ = [(name, ctypes.c_void_p) for name in (*WHOLE, *BYTES, *PRICES)]


@dataclass(frozen=True, slots=True)
class Reference:
    """One way of compiling it, with warm arrays for the results over these bars."""

    bars: Bars
    run_c: Callable[..., int]
    columns: dict[str, np.ndarray]
    equity: np.ndarray

    def run(self) -> int:
        """SMA 10/20, ATR 14, stop 2, target 3; gives the number of trades."""
        return self._run(self.columns, self.equity)

    def run_fresh(self) -> int:
        """The same into arrays of its own, as every caller needs whose last result is still in use."""
        return self._run(
            {name: np.empty_like(column) for name, column in self.columns.items()}, np.empty_like(self.equity)
        )

    def _run(self, columns: dict[str, np.ndarray], equity: np.ndarray) -> int:
        b = self.bars
        trades = _Trades(*(column.ctypes.data for column in columns.values()))
        prices = (ctypes.c_void_p(column.ctypes.data) for column in (b.open, b.high, b.low, b.close))
        sizes = (ctypes.c_long(size) for size in (len(b), 10, 20, 14))
        steps = (ctypes.c_double(step) for step in (2.0, 3.0, TIE))
        return int(self.run_c(*prices, *sizes, *steps, ctypes.byref(trades), ctypes.c_void_p(equity.ctypes.data)))


def library(source: Path, *flags: str) -> ctypes.CDLL:
    """A file of C, compiled with -O3 -march=native and `flags`. Raises NotRun without a compiler."""
    compiler = shutil.which("gcc") or shutil.which("cc")
    if compiler is None:
        raise NotRun("no C compiler")
    BUILT.mkdir(exist_ok=True)
    built = BUILT / f"{source.stem}{''.join(flags)}.so"
    options = ["-std=gnu11", "-O3", "-march=native", "-Wall", "-Wextra", "-shared", "-fPIC"]
    subprocess.run([compiler, *options, *flags, "-o", str(built), str(source)], check=True)
    return ctypes.CDLL(str(built))


def reference(bars: Bars, *flags: str) -> Reference:
    """Compiled with -O3 -march=native and `flags`. Raises NotRun without a compiler."""
    run_c = library(SOURCE, *flags).backtest
    run_c.restype = ctypes.c_long
    most = len(bars)
    columns: dict[str, np.ndarray] = {name: np.zeros(most, np.int64) for name in WHOLE}
    columns |= {name: np.zeros(most, np.int8) for name in BYTES}
    columns |= {name: np.zeros(most) for name in PRICES}
    return Reference(bars, run_c, columns, np.zeros(most))
