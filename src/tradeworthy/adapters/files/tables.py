"""Any table as columns of a polars frame: Parquet, CSV in its many spellings, dataframes of any library."""

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tradeworthy.core.errors import InputError

if TYPE_CHECKING:
    import polars as pl


def read_table(source: Any) -> "pl.DataFrame":
    """A polars frame from a path (.parquet, .csv, .csv.gz, .txt) or a dataframe of pandas, polars, pyarrow and others.

    Raises InputError with one sentence for a file that is missing, empty, corrupt or of another kind.
    """
    if isinstance(source, str | Path):
        path = Path(source).expanduser()
        return _read_parquet(path) if path.suffix.lower() in {".parquet", ".pq"} else _read_csv(path)
    return _from_frame(source)


def _from_frame(source: Any) -> "pl.DataFrame":
    import narwhals as nw  # noqa: PLC0415 - heavy, and only needed for dataframes

    try:
        frame = nw.from_native(source, eager_only=True)
    except TypeError as error:
        raise InputError(
            f"cannot read bars from a {type(source).__name__}; give a path, or a dataframe of pandas, polars or pyarrow"
        ) from error
    index = nw.maybe_get_index(frame)
    if index is not None and str(getattr(index, "dtype", "")).startswith("datetime64"):
        name = index.name or "time"
        frame = nw.from_native(source.rename_axis(name).reset_index(), eager_only=True)
    table: pl.DataFrame = frame.to_polars()
    return table


def _existing(path: Path) -> bytes:
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        raise InputError(f"{path}: there is no such file; check the path") from None
    except IsADirectoryError:
        raise InputError(f"{path}: this is a folder; name a file in it") from None
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror}); check its permissions") from error
    if not data.strip():
        raise InputError(f"{path}: the file is empty; export it again")
    return data


def _read_parquet(path: Path) -> "pl.DataFrame":
    import polars as pl  # noqa: PLC0415 - heavy, and only needed for files

    data = _existing(path)
    try:
        return pl.read_parquet(data)
    except (pl.exceptions.PolarsError, OSError) as error:
        first = str(error).splitlines()[0]
        raise InputError(f"{path}: not a readable Parquet file ({first}); write or download it again") from error


def _read_csv(path: Path) -> "pl.DataFrame":
    import gzip  # noqa: PLC0415 - only for compressed files

    import polars as pl  # noqa: PLC0415 - heavy, and only needed for files

    data = _existing(path)
    if path.suffix.lower() == ".gz":
        try:
            data = gzip.decompress(data)
        except (OSError, EOFError) as error:
            raise InputError(f"{path}: not a readable gzip file ({error}); write or download it again") from error
    text = _decoded(data, path)
    separator = _separator(text)
    try:
        return pl.read_csv(text.encode(), separator=separator, infer_schema=False, truncate_ragged_lines=False)
    except (pl.exceptions.PolarsError, OSError) as error:
        first = str(error).splitlines()[0]
        raise InputError(
            f"{path}: not a readable CSV file ({first}); check that every row has as many fields"
        ) from error


def _decoded(data: bytes, path: Path) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        if b"\x00" in data[:1000]:
            raise InputError(f"{path}: this is not a text file; give CSV or Parquet") from None
        return data.decode("latin-1")


def _separator(text: str) -> str:
    """The one that the header uses most; a comma where it uses none."""
    header = text.lstrip("\n").split("\n", 1)[0]
    return max(",;\t|", key=header.count)


def plain_name(name: str) -> str:
    """A column's name without the decoration that exports put round it: `<CLOSE>`, ` Close `, `close_price`."""
    return re.sub(r"[^a-z0-9]+", "_", name.strip().lower()).strip("_")
