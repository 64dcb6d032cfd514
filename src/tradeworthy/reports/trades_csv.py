"""The closed trades of a backtest as a CSV file, one row a trade, that `tradeworthy validate --trades` reads too."""

import csv
from io import StringIO

from tradeworthy.appraisal.backtest_record import BacktestRecord, TradeColumns

_OPEN = "open"


def trade_rows(record: BacktestRecord) -> bytes:
    """UTF-8, `strategy` and `symbol` first, then the columns of `TradeColumns`; empty where there was no stop or target.

    A last trade that is still open is left out: it has no exit, and stands in report.json.
    """
    names, columns = TradeColumns.__struct_fields__, record.trades
    text = StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(["strategy", "symbol", *names])
    for place, reason in enumerate(columns.reason):
        if reason != _OPEN:
            told = [_plain(getattr(columns, name)[place]) for name in names]
            rows.writerow([record.ran.strategy, record.ran.instrument, *told])
    return text.getvalue().encode()


def _plain(value: str | float | bool | None) -> str:
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)
