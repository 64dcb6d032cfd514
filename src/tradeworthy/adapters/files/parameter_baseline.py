"""`parameter_baseline.json`: the parameters that later ones are compared with."""

import itertools
from pathlib import Path
from typing import Any

import msgspec

from tradeworthy.adapters.files.baseline_files import read_baseline
from tradeworthy.adapters.files.new_file import write_new
from tradeworthy.core.clock import folder_stamp, from_rfc3339
from tradeworthy.core.errors import InputError, OutputError
from tradeworthy.core.version import PACKAGE_VERSION, PARAMETER_BASELINE_SCHEMA
from tradeworthy.strategies.given_parameters import Parameters, plain_parameters

KIND = "parameter_baseline"
FILE_NAME = "parameter_baseline.json"


class StoredStrategy(msgspec.Struct, frozen=True, kw_only=True):
    """One strategy as it was. risk_level: what was found then, for people; comparisons judge the parameters anew."""

    parameters: dict[str, Any]
    risk_level: str


class ParameterBaseline(msgspec.Struct, frozen=True, kw_only=True):
    """What stands in the file. `created_at` is the only field that holds a clock."""

    schema: int = PARAMETER_BASELINE_SCHEMA
    kind: str = KIND
    created_at: str
    version: str = PACKAGE_VERSION
    strategies: dict[str, StoredStrategy]


def to_json(baseline: ParameterBaseline) -> bytes:
    """Indented UTF-8."""
    return msgspec.json.format(msgspec.json.encode(baseline), indent=1) + b"\n"


def read_parameter_file(path: Path) -> dict[str, Parameters]:
    """The parameters of a parameter baseline, of a whole baseline of `tradeworthy baseline`, or of plain JSON
    {strategy: {parameter: value}}. Raises InputError for a file that is none of them, or of a newer version."""
    try:
        found = msgspec.json.decode(path.read_bytes())
    except FileNotFoundError as error:
        raise InputError(
            f"{path}: there is no such file; `tradeworthy parameters --save-baseline` makes one"
        ) from error
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror})") from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise InputError(f"{path}: this is not JSON ({error}); mend it, or restore it from a copy") from error
    if not isinstance(found, dict) or "kind" not in found or "schema" not in found:
        return plain_parameters(found, str(path))
    if found["kind"] == "baseline":
        return {one.name: dict(one.parameters) for one in read_baseline(path).baseline.strategies}
    return {name: one.parameters for name, one in _of_ours(found, path).strategies.items()}


def _of_ours(found: Any, path: Path) -> ParameterBaseline:
    try:
        baseline = msgspec.convert(found, ParameterBaseline)
        from_rfc3339(baseline.created_at)
    except (msgspec.ValidationError, ValueError) as error:
        raise InputError(f"{path}: not a parameter baseline ({error}); restore it from a copy") from error
    if baseline.kind != KIND or not 1 <= baseline.schema <= PARAMETER_BASELINE_SCHEMA:
        raise InputError(
            f"{path}: {baseline.kind} of schema {baseline.schema}, and this version reads parameter baselines up to "
            f"{PARAMETER_BASELINE_SCHEMA}; update tradeworthy, or name another file"
        )
    plain_parameters({name: one.parameters for name, one in baseline.strategies.items()}, str(path))
    return baseline


def save_parameter_baseline(path: Path, baseline: ParameterBaseline) -> Path | None:
    """Write it; one that stands there is kept beside it under its own date, and its path given.

    Raises InputError for a file of another kind, which is left alone, and OutputError where nothing can be written.
    """
    old = _standing(path)
    try:
        kept = None if old is None else _kept(path, old)
        fresh = write_new(path.parent, to_json(baseline), (f".{path.name}.{number}" for number in itertools.count(1)))
        fresh.replace(path)
    except OSError as error:
        raise OutputError(f"{path}: the baseline cannot be written ({error.strerror}); name another file") from error
    return kept


def _standing(path: Path) -> ParameterBaseline | None:
    if not path.exists():
        return None
    read_parameter_file(path)
    found = msgspec.json.decode(path.read_bytes())
    if found.get("kind") != KIND:
        raise InputError(f"{path}: something else stands there, and nothing is overwritten; name another file")
    return _of_ours(found, path)


def _kept(path: Path, old: ParameterBaseline) -> Path:
    """A second name for the old file, so that it is there at every moment."""
    stamp = folder_stamp(from_rfc3339(old.created_at))
    number = 1
    while True:
        kept = path.with_name(f"{path.stem}.{stamp}{'' if number == 1 else f'-{number}'}{path.suffix}")
        try:
            kept.hardlink_to(path)
        except FileExistsError:
            if kept.samefile(path):
                return kept
            number += 1
            continue
        return kept
