"""Write the report of a risk assessment: report.json, the page, and the script it draws with."""

from pathlib import Path

from tradeworthy.appraisal.risk_record import RiskRecord
from tradeworthy.core.clock import now_ns, rfc3339
from tradeworthy.core.packaged import packaged_file
from tradeworthy.reports.folders import write_folder
from tradeworthy.reports.models import RiskReport, to_json
from tradeworthy.reports.risk_page import render_risk


def write_risk(record: RiskRecord, reports: str | Path = "reports", *, out: str | Path | None = None) -> Path:
    """A dated folder in `reports` with `latest` pointing at it, or the folder `out`; gives the folder.

    Raises OutputError when it cannot be made, and then leaves nothing behind.
    """
    written = now_ns() // 1_000_000_000 * 1_000_000_000
    report = RiskReport(generated_at=rfc3339(written), risk=record)
    files: dict[str, bytes | Path] = {
        "report.json": to_json(report),
        "index.html": render_risk(report),
        "plotly.min.js": packaged_file("plotly", "package_data", "plotly.min.js"),
    }
    return write_folder(Path(reports), "risk", written, files, None if out is None else Path(out))
