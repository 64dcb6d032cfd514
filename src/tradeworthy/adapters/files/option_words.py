"""How messages name a column, a zone or a timeframe: by an argument for a dataframe, by option or argument for a file."""

DATAFRAME = "dataframe"
"""What messages call a table that came from no file."""


def naming_column(role: str, where: str) -> str:
    """`--column time=NAME (columns= in Python)`; of a dataframe `columns={'time': 'NAME'}`."""
    if where == DATAFRAME:
        return f"columns={{{role!r}: 'NAME'}}"
    return f"--column {role}=NAME (columns= in Python)"


def naming_zone(where: str) -> str:
    """Two examples of a zone that is named."""
    if where == DATAFRAME:
        return "timezone='UTC' or timezone='America/New_York'"
    return "--timezone UTC or --timezone America/New_York (timezone= in Python)"


def naming_timeframe(where: str) -> str:
    """Where a bar's length is named."""
    return "with timeframe=" if where == DATAFRAME else "in the file's name, as EUR_USD_H4, or with timeframe="


def has(where: str) -> str:
    """`the file has`, or `it has` of a dataframe."""
    return "it has" if where == DATAFRAME else "the file has"
