"""The names that `tradeworthy.monitoring` gives, and what they cost."""

import subprocess
import sys

from tradeworthy import monitoring


def test_exported_names_are_sorted_and_can_be_had() -> None:
    names = monitoring.__all__
    assert names == sorted(set(names))
    assert [name for name in names if getattr(monitoring, name) is None] == []
    assert set(names) <= set(dir(monitoring))


def test_a_monitor_in_a_bot_loads_no_compiler_no_database_and_no_settings() -> None:
    code = (
        "import sys, tradeworthy as tw; one = tw.PerformanceMonitor();"
        "[one.record_trade(pnl=(-1.0) ** n) for n in range(60)]; one.generate_daily_report();"
        "print(sorted({'numba', 'scipy', 'sqlalchemy', 'pydantic', 'pandas', 'polars'} & set(sys.modules)))"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"
