"""Any table as columns of a polars frame: Parquet, CSV in its many spellings, dataframes of any library."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tradeworthy.core.counting import with_article
from tradeworthy.core.errors import InputError

if TYPE_CHECKING:
    import polars as pl


def read_table(source: Any) -> "pl.DataFrame":
    """A polars frame from a path (.parquet, .csv, .csv.gz, .txt) or a dataframe of pandas, polars, pyarrow and others.

    Raises InputError with one sentence for a file that is missing, empty, corrupt or of another kind.
    """
    if isinstance(source, str | Path):
        path = expanded(source)
        return parquet_frame(file_bytes(path), path) if path.suffix.lower() in {".parquet", ".pq"} else _read_csv(path)
    return _from_frame(source)


def expanded(source: str | Path) -> Path:
    """The path, with ~ written out. Raises InputError where there is no such home folder."""
    try:
        return Path(source).expanduser()
    except RuntimeError:
        raise InputError(f"{source}: there is no such home folder; write the path out") from None


def _from_frame(source: Any) -> "pl.DataFrame":
    import narwhals as nw

    try:
        frame = nw.from_native(source, eager_only=True)
        return _from_pandas(source) if frame.implementation.is_pandas_like() else frame.to_polars()
    except TypeError as error:
        raise InputError(
            f"cannot read a table from {with_article(type(source).__name__)}; give a path, or a dataframe of pandas, polars or "
            "pyarrow"
        ) from error
    except nw.exceptions.DuplicateError:
        raise InputError("dataframe: two columns have the same name; rename or drop one of them") from None


def _from_pandas(source: Any) -> "pl.DataFrame":
    """Column by column through numpy: the short way needs pyarrow, and stumbles over a column of mixed types."""
    import narwhals as nw
    import polars as pl

    names = [name[0] if isinstance(name, tuple) else name for name in source.columns]
    if len(set(names)) < len(names):  # prices of several symbols at once: show both levels
        names = list(source.columns)
    named = source.set_axis([str(name) for name in names], axis=1)
    if str(getattr(named.index, "dtype", "")).startswith("datetime64"):
        wished = named.index.name
        name = wished if isinstance(wished, str) and wished and wished not in named.columns else "time"
        if name not in named.columns:
            named = named.rename_axis(name).reset_index()
    frame = nw.from_native(named, eager_only=True)
    return pl.DataFrame([_series(frame[name]) for name in frame.columns])


def _series(column: Any) -> "pl.Series":
    import narwhals as nw
    import polars as pl

    if isinstance(column.dtype, nw.Datetime):
        aware = column.dtype.time_zone is not None
        plain = column.dt.convert_time_zone("UTC").dt.replace_time_zone(None) if aware else column
        moments = pl.Series(column.name, plain.to_numpy().astype("datetime64[us]"))
        return moments.dt.replace_time_zone("UTC") if aware else moments
    values = column.to_numpy()
    if values.dtype.kind in "biuf":
        return pl.Series(column.name, values)
    missing = column.is_null().to_list()
    texts = [None if gone else str(value) for gone, value in zip(missing, values, strict=True)]
    return pl.Series(column.name, texts, dtype=pl.String)


def file_bytes(path: Path) -> bytes:
    """All of a file. Raises InputError for one that is missing, a folder, not readable or empty."""
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        raise InputError(f"{path}: there is no such file; check the path") from None
    except IsADirectoryError:
        raise InputError(f"{path}: this is a folder; name a file in it") from None
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror}); check its name and permissions") from error
    except ValueError:
        raise InputError(f"{str(path)!r}: no file can have this name; check the path") from None
    if not data.strip():
        raise InputError(f"{path}: the file is empty; export it again")
    return data


def parquet_frame(data: bytes, path: Path) -> "pl.DataFrame":
    """The table in the bytes of a Parquet file. Raises InputError where they are cut off or something else."""
    import polars as pl

    if not (data.startswith(b"PAR1") and data.endswith(b"PAR1")):
        raise InputError(
            f"{path}: not a readable Parquet file (it is cut off or of another kind); write or download it again"
        )
    try:
        return pl.read_parquet(data)
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError) as error:
        first = str(error).splitlines()[0]
        raise InputError(f"{path}: not a readable Parquet file ({first}); write or download it again") from error


def _read_csv(path: Path) -> "pl.DataFrame":
    import gzip
    import zlib

    data = file_bytes(path)
    if path.suffix.lower() == ".gz":
        try:
            data = gzip.decompress(data)
        except (OSError, EOFError, zlib.error) as error:
            raise InputError(f"{path}: not a readable gzip file ({error}); write or download it again") from error
    return csv_frame(decoded(data, path), path)


def csv_frame(written: str, path: Path) -> "pl.DataFrame":
    """The table in the text of a CSV file, every column as text. Raises InputError where rows differ in length."""
    import polars as pl

    text, separator = _tidy(written)
    if not text:
        raise InputError(f"{path}: the file is empty; export it again")
    try:
        frame = pl.read_csv(text.encode(), separator=separator, infer_schema=False, truncate_ragged_lines=False)
        frame = frame.rename(_told_apart(frame.columns))
        return frame if separator == "," else with_points(frame)
    except (pl.exceptions.PolarsError, OSError) as error:
        first = str(error).splitlines()[0]
        raise InputError(
            f"{path}: not a readable CSV file ({first}); check that every row has as many fields"
        ) from error


def _told_apart(names: Sequence[str]) -> dict[str, str]:
    """Columns that have one name in the file, as `close` and `close (2)`; polars calls the second close_duplicated_0."""
    renamed = {}
    for name in names:
        again = re.fullmatch(r"(.*)_duplicated_(\d+)", name, re.DOTALL)
        if again and again[1] in names:
            renamed[name] = f"{again[1]} ({int(again[2]) + 2})"
    return {old: new for old, new in renamed.items() if new not in names}


def decoded(data: bytes, path: Path) -> str:
    """UTF-8, UTF-16 with its mark, or Latin-1. Raises InputError for what is not text."""
    wide = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    not_text = InputError(f"{path}: this is not a text file; give CSV or Parquet")
    if b"\x00" in data[:1000] and not wide:
        raise not_text
    try:
        return data.decode("utf-16" if wide else "utf-8-sig")
    except UnicodeDecodeError:
        if wide:
            raise not_text from None
        return data.decode("latin-1")


def _tidy(text: str) -> tuple[str, str]:
    """Without empty lines and without Excel's `sep=;`, and the separator: the one that the header uses most."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    first = next((place for place, line in enumerate(lines) if line.strip()), 0)
    told = re.fullmatch(r"sep=(.)", lines[first].strip('" '), re.IGNORECASE)
    lines = lines[first + 1 if told else first :]
    separator = told[1] if told else max(",;\t|", key=lines[0].count)
    nothing = separator + ' \t"'
    return "\n".join(line for line in lines if line.strip(nothing)), separator


def with_points(frame: "pl.DataFrame") -> "pl.DataFrame":
    """Commas for decimals turned into points, in a file that does not need commas between its fields.

    `110,125` could be either; in such a file it is a little over 110 unless a number elsewhere has its decimals after a
    point.
    """
    import polars as pl

    pointed = r"^[+-]?\d+\.(\d{1,2}|\d{4,})$|,\d{3}\.\d"
    if any(column.str.contains(pointed).any() for column in frame):
        return frame
    simple = r"^\s*([+-]?\d+),(\d+)\s*$"
    return frame.with_columns(
        pl.col(column.name).str.replace(simple, "$1.$2")
        for column in frame
        if (column.str.contains(simple) | ~column.str.contains("[.,]")).all()
    )


def plain_name(name: str) -> str:
    """A column's name without the decoration that exports put round it: `<CLOSE>`, ` Close `, `close_price`."""
    return re.sub(r"[^a-z0-9]+", "_", name.strip().lower()).strip("_")
