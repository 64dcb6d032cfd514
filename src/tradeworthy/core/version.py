"""The version of the package and of every record it writes to disk.

A record carries the version of its schema from the first day on, so that a later release can migrate it forward.
"""

from typing import Final

PACKAGE_VERSION: Final = "0.1.0"

BOOK_SCHEMA: Final = 1
"""Of `tradeworthy.toml`."""

EVENT_SCHEMA: Final = 1
"""Of the envelope of `core.events`."""

JOURNAL_SCHEMA: Final = 1
"""Of the tables of a journal; the number of the newest migration that ships with this version."""

REPORT_SCHEMA: Final = 1
"""Of `report.json`."""

LEDGER_SCHEMA: Final = 1
"""Of the records of the trial ledger."""

BASELINE_SCHEMA: Final = 1
"""Of stored baselines."""

RECORD_SCHEMA: Final = 1
"""Of signed validation records."""

PARAMETER_BASELINE_SCHEMA: Final = 1
"""Of `parameter_baseline.json`."""

CALIBRATION_SCHEMA: Final = 1
"""Of the state that a `RiskCalibrationEngine` keeps."""

CHECKPOINT_SCHEMA: Final = 1
"""Of the lines of `checkpoints.jsonl`."""

PROOF_SCHEMA: Final = 1
"""Of the files that `tradeworthy audit prove` writes."""
