"""report.json: the envelope round a record, its version, and its JSON Schema."""

import inspect
from typing import Any, TypeVar

import msgspec

from tradeworthy.appraisal.backtest_record import BacktestRecord
from tradeworthy.appraisal.parameter_record import ParameterStudy, StrategyRisk
from tradeworthy.appraisal.record import Validation
from tradeworthy.appraisal.risk_record import RiskRecord
from tradeworthy.appraisal.search_recording import SearchRecord
from tradeworthy.core.errors import OutputError
from tradeworthy.core.finite import not_finite
from tradeworthy.core.version import REPORT_SCHEMA


class ValidationReport(msgspec.Struct, frozen=True, kw_only=True):
    """What stands in report.json. `generated_at` is the only field that holds a clock."""

    schema: int = REPORT_SCHEMA
    kind: str = "validation"
    generated_at: str
    validation: Validation


class BacktestReport(msgspec.Struct, frozen=True, kw_only=True):
    """What stands in the report.json of a backtest. `generated_at` is the only field that holds a clock."""

    schema: int = REPORT_SCHEMA
    kind: str = "backtest"
    generated_at: str
    backtest: BacktestRecord


class RiskReport(msgspec.Struct, frozen=True, kw_only=True):
    """What stands in the report.json of a risk assessment. `generated_at` is the only field that holds a clock."""

    schema: int = REPORT_SCHEMA
    kind: str = "risk"
    generated_at: str
    risk: RiskRecord


class SearchReport(msgspec.Struct, frozen=True, kw_only=True):
    """What stands in the report.json of a search. `generated_at` is the only field that holds a clock."""

    schema: int = REPORT_SCHEMA
    kind: str = "search"
    generated_at: str
    search: SearchRecord


class ParameterReport(msgspec.Struct, frozen=True, kw_only=True):
    """What stands in risk_assessment_<UTC>.json. `generated_at` is the only field that holds a clock.

    parameter_risks: by strategy its risk_level, reasons and not_run. changes: by strategy since the baseline, null where
    there was none. strategies: the same with every parameter, rule and figure.
    """

    schema: int = REPORT_SCHEMA
    kind: str = "parameters"
    generated_at: str
    overall_risk_level: str
    parameter_risks: dict[str, dict[str, Any]]
    recommendations: tuple[str, ...]
    changes: dict[str, dict[str, Any]] | None
    baseline: str
    sources: tuple[str, ...]
    unread: tuple[str, ...]
    strategies: tuple[StrategyRisk, ...]


def parameter_report(study: ParameterStudy, generated_at: str) -> ParameterReport:
    """The envelope round a study of parameters."""
    changes = study.changes
    return ParameterReport(
        generated_at=generated_at,
        **study.appraisal.to_dict(),
        changes=None if changes is None else {name: one.to_dict() for name, one in changes.items()},
        baseline=study.baseline,
        sources=study.sources,
        unread=study.unread,
        strategies=study.appraisal.strategies,
    )


Report = ValidationReport | BacktestReport | SearchReport | ParameterReport | RiskReport


def to_json(report: Report) -> bytes:
    """Indented UTF-8 JSON. Raises OutputError for a NaN or infinity, which JSON cannot hold."""
    missing = not_finite(msgspec.to_builtins(report), "report")
    if missing:
        raise OutputError(f"the report cannot be written: {missing}; this is a defect of tradeworthy, please report it")
    return msgspec.json.format(msgspec.json.encode(report), indent=1) + b"\n"


def from_json(data: bytes) -> ValidationReport:
    """A validation report that was written before. Raises OutputError for damage or a newer schema."""
    return _read(data, ValidationReport, "validation")


def backtest_from_json(data: bytes) -> BacktestReport:
    """A backtest report that was written before. Raises OutputError for damage, another kind, or a newer schema."""
    return _read(data, BacktestReport, "backtest")


SCHEMAS: dict[str, type[Report]] = {
    "report.schema.json": ValidationReport,
    "backtest.schema.json": BacktestReport,
    "search.schema.json": SearchReport,
    "parameters.schema.json": ParameterReport,
    "risk.schema.json": RiskReport,
}
"""Published in docs, by the name of the file."""

Kind = TypeVar("Kind", ValidationReport, BacktestReport)


def _read(data: bytes, kind: type[Kind], word: str) -> Kind:
    try:
        report = msgspec.json.decode(data, type=kind)
    except (msgspec.DecodeError, msgspec.ValidationError) as error:
        raise OutputError(f"not a {word} report: {error}") from error
    if not 1 <= report.schema <= REPORT_SCHEMA:
        raise OutputError(
            f"the report has schema {report.schema}, this version reads up to {REPORT_SCHEMA}; update tradeworthy"
        )
    return report


def json_schema(kind: type[Report] = ValidationReport) -> bytes:
    """The JSON Schema of a report.json, as it stands in docs (SCHEMAS names the files)."""
    schema = msgspec.json.schema(kind)
    for record in schema["$defs"].values():  # Python 3.13 takes the indentation off docstrings, older ones leave it
        record["description"] = inspect.cleandoc(record.get("description", ""))
    return msgspec.json.format(msgspec.json.encode(schema, order="sorted"), indent=1) + b"\n"
