"""Timing for the benchmark scripts: medians of repeats, and where the figures go."""

import json
import platform
import statistics
import time
from collections.abc import Callable, Mapping
from pathlib import Path

RESULTS = Path(__file__).parent / "results"


def median_s(work: Callable[[], object], repeats: int = 7) -> float:
    """Median wall time in seconds, after one run that is not counted."""
    work()
    taken = []
    for _ in range(repeats):
        began = time.perf_counter()
        work()
        taken.append(time.perf_counter() - began)
    return statistics.median(taken)


def save(name: str, figures: Mapping[str, object]) -> None:
    """Write the figures with the machine they were measured on."""
    RESULTS.mkdir(exist_ok=True)
    machine = {"python": platform.python_version(), "machine": platform.machine(), "system": platform.system()}
    (RESULTS / f"{name}.json").write_text(json.dumps({"machine": machine, "figures": dict(figures)}, indent=1) + "\n")
