"""A folder of bars: files named INSTRUMENT_TIMEFRAME, longer timeframes made from shorter ones where there is none."""

from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

from tradeworthy.adapters.files.bar_files import BarOptions, bars_from, split_stem
from tradeworthy.core.bar import Timeframe
from tradeworthy.core.clock import DAY_NS, HOUR_NS
from tradeworthy.core.errors import InputError
from tradeworthy.core.instrument import instrument_named
from tradeworthy.market.bars import Bars
from tradeworthy.market.resampling import resample

_SUFFIXES = (".parquet", ".pq", ".csv", ".csv.gz", ".txt")


@dataclass(frozen=True)
class BarFolder:
    """A store of the bars in one folder.

    rebuild: where there are bars of an hour or less, make H4 and D from them even if a file of those exists, because
    many vendors cut days at their server's midnight. Files are only looked for in the folder itself.
    """

    path: Path
    options: BarOptions = field(default_factory=BarOptions)
    rebuild: bool = False

    @property
    def name(self) -> str:
        """The folder's path."""
        return str(self.path)

    @cached_property
    def files(self) -> dict[tuple[str, Timeframe], Path]:
        """Which file holds which bars. Raises InputError for a folder that is missing, or two files for the same."""
        if not self.path.is_dir():
            raise InputError(f"{self.path}: there is no such folder of bars; check --data or the setting data.folder")
        found: dict[tuple[str, Timeframe], Path] = {}
        for path in sorted(self.path.iterdir()):
            parts = split_stem(path.name.split(".")[0])
            if parts is None or not path.name.lower().endswith(_SUFFIXES):
                continue
            try:
                key = (instrument_named(parts[0]).symbol, parts[1])
            except InputError:  # `EUR_USD (copy)_D.csv` is not named as bars are
                continue
            if key in found:
                raise InputError(
                    f"{self.path}: {found[key].name} and {path.name} both hold {key[0]} {key[1]} by their names; keep one of "
                    "them, or join them in one file"
                )
            found[key] = path
        return found

    @cached_property
    def _kept(self) -> dict[Path, Bars]:
        return {}

    def _load(self, path: Path) -> Bars:
        if path not in self._kept:
            self._kept[path] = bars_from(path, self.options)
        return self._kept[path]

    def read(self, symbol: str, timeframe: Timeframe) -> Bars:
        """The bars of one instrument, from its own file or resampled from the shortest that divides it."""
        shorter = [
            frame
            for name, frame in self.files
            if name == symbol and frame.length_ns < timeframe.length_ns <= DAY_NS
            and timeframe.length_ns % frame.length_ns == 0
        ]  # fmt: skip
        own = self.files.get((symbol, timeframe))
        if own is not None and not (self.rebuild and any(frame.length_ns <= HOUR_NS for frame in shorter)):
            return self._load(own)
        if not shorter:
            known = {path.name for path in self.files.values()}
            other = sorted(path.name for path in self.path.iterdir() if path.name not in known and path.is_file())
            there = (
                ", ".join([*sorted(known), *(f"{name} (not understood: rename it)" for name in other[:5])])
                or "no files"
            )
            raise InputError(
                f"{self.path}: there are no bars for {symbol} {timeframe}; put a file {symbol}_{timeframe}.csv or .parquet "
                f"there (the folder has {there})"
            )
        shortest = min(shorter, key=lambda frame: frame.length_ns)
        source = self._load(self.files[(symbol, shortest)])
        made = resample(source, timeframe, day_cut=self.options.day_cut)
        return replace(made, source=f"{self.files[(symbol, shortest)].name}, resampled to {timeframe}")
