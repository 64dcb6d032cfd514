"""Write the report of a validation: report.json, the page, and the script it draws with."""

from pathlib import Path

from tradeworthy.appraisal.record import Validation
from tradeworthy.core.clock import now_ns, rfc3339
from tradeworthy.core.packaged import packaged_file
from tradeworthy.reports.folders import write_folder
from tradeworthy.reports.models import ValidationReport, to_json
from tradeworthy.reports.page import render


def write_report(validation: Validation, reports: str | Path = "reports", *, out: str | Path | None = None) -> Path:
    """A dated folder in `reports` with `latest` pointing at it, or the folder `out`; gives the folder.

    Raises OutputError when it cannot be made, and then leaves nothing behind.
    """
    written = now_ns() // 1_000_000_000 * 1_000_000_000
    report = ValidationReport(generated_at=rfc3339(written), validation=validation)
    files: dict[str, bytes | Path] = {
        "report.json": to_json(report),
        "index.html": render(report),
        "plotly.min.js": packaged_file("plotly", "package_data", "plotly.min.js"),
    }
    return write_folder(Path(reports), "validate", written, files, None if out is None else Path(out))
