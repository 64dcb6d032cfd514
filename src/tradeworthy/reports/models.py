"""report.json: the envelope round a record, its version, and its JSON Schema."""

import inspect

import msgspec

from tradeworthy.appraisal.record import Validation
from tradeworthy.core.errors import OutputError
from tradeworthy.core.finite import not_finite
from tradeworthy.core.version import REPORT_SCHEMA


class ValidationReport(msgspec.Struct, frozen=True, kw_only=True):
    """What stands in report.json. `generated_at` is the only field that holds a clock."""

    schema: int = REPORT_SCHEMA
    kind: str = "validation"
    generated_at: str
    validation: Validation


def to_json(report: ValidationReport) -> bytes:
    """Indented UTF-8 JSON. Raises OutputError for a NaN or infinity, which JSON cannot hold."""
    missing = not_finite(msgspec.to_builtins(report), "report")
    if missing:
        raise OutputError(f"the report cannot be written: {missing}; this is a defect of tradeworthy, please report it")
    return msgspec.json.format(msgspec.json.encode(report), indent=1) + b"\n"


def from_json(data: bytes) -> ValidationReport:
    """A report that was written before. Raises OutputError for damage or a newer schema."""
    try:
        report = msgspec.json.decode(data, type=ValidationReport)
    except (msgspec.DecodeError, msgspec.ValidationError) as error:
        raise OutputError(f"not a validation report: {error}") from error
    if not 1 <= report.schema <= REPORT_SCHEMA:
        raise OutputError(
            f"the report has schema {report.schema}, this version reads up to {REPORT_SCHEMA}; update tradeworthy"
        )
    return report


def json_schema() -> bytes:
    """The JSON Schema of report.json, as it stands in docs/report.schema.json."""
    schema = msgspec.json.schema(ValidationReport)
    for record in schema["$defs"].values():  # Python 3.13 takes the indentation off docstrings, older ones leave it
        record["description"] = inspect.cleandoc(record.get("description", ""))
    return msgspec.json.format(msgspec.json.encode(schema, order="sorted"), indent=1) + b"\n"
