"""The same made-up trades in the layouts of other platforms."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

START = datetime(2024, 1, 2, 9, 30, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Made:
    """One trade in a market whose lot of 100,000 earns in the account's currency; costs are paid on top of the profit."""

    side: int
    entry: float
    exit: float
    stop: float | None = None
    volume: float = 1.0
    commission: float = 0.0
    swap: float = 0.0
    symbol: str = "EURUSD"
    comment: str = ""

    @property
    def profit(self) -> float:
        """Before costs, to the cent."""
        return round(self.side * (self.exit - self.entry) * self.volume * 100_000, 2)

    @property
    def net(self) -> float:
        """After costs."""
        return self.profit + self.commission + self.swap

    @property
    def r(self) -> float:
        """By the stop."""
        assert self.stop is not None
        return self.net / (self.side * (self.entry - self.stop) * self.volume * 100_000)

    @property
    def word(self) -> str:
        """As MetaTrader says it."""
        return "buy" if self.side > 0 else "sell"


def moment(place: int, hours: int = 0) -> datetime:
    """When the trade at that place opens; trades are a day apart and last four hours."""
    return START + timedelta(days=place, hours=hours)


def when(place: int, hours: int = 0) -> str:
    """The same as a terminal writes it."""
    return f"{moment(place, hours):%Y.%m.%d %H:%M:%S}"


def mt4_statement(trades: Sequence[Made], *, extra: str = "", title: str = "Closed Transactions:") -> str:
    """As MetaTrader 4 saves an account's history; the comment hangs on the ticket."""
    rows = "".join(
        f'<tr align=right><td title="{one.comment}">{1000 + place}</td><td class=msdate nowrap>{when(place)}</td>'
        f"<td>{one.word}</td><td class=mspt>{one.volume:.2f}</td><td>{one.symbol.lower()}</td><td>{one.entry:.5f}</td>"
        f"<td>{one.stop or 0:.5f}</td><td>0.00000</td><td class=msdate nowrap>{when(place, 4)}</td>"
        f"<td>{one.exit:.5f}</td><td class=mspt>{one.commission:.2f}</td><td class=mspt>0.00</td><td class=mspt>{one.swap:.2f}</td>"
        f"<td class=mspt>{spaced(one.profit)}</td></tr>\n"
        for place, one in enumerate(trades)
    )
    return (
        "<html><head><title>Statement: 1 - Somebody</title></head><body><table cellspacing=1 cellpadding=3 border=0>\n"
        f"<tr align=left><td colspan=13><b>{title}</b></td></tr><tr align=center><td>Ticket</td><td nowrap>Open Time</td>"
        "<td>Type</td><td>Size</td><td>Item</td><td>Price</td><td>S / L</td><td>T / P</td><td nowrap>Close Time</td><td>Price</td>"
        f"<td>Commission</td><td>Taxes</td><td>Swap</td><td>Profit</td></tr>\n{rows}{extra}<tr align=right><td colspan=10>&nbsp;"
        f"</td><td>0.00</td><td>0.00</td><td>0.00</td><td>{sum(one.profit for one in trades):.2f}</td></tr></table></body></html>\n"
    )


MT5_HEADING = "Time,Position,Symbol,Type,Volume,Price,S / L,T / P,Time,Price,Commission,Swap,Profit"


def mt5_cells(trades: Sequence[Made]) -> list[list[str]]:
    """The rows of MetaTrader 5's table of positions."""
    return [
        [
            when(place), str(5000 + place), one.symbol, one.word, f"{one.volume:g}", f"{one.entry:.5f}",
            f"{one.stop:.5f}" if one.stop else "", "", when(place, 4), f"{one.exit:.5f}",
            f"{one.commission:.2f}", f"{one.swap:.2f}", spaced(one.profit),
        ]
        for place, one in enumerate(trades)
    ]  # fmt: skip


def mt5_history(
    trades: Sequence[Made], *, orders: Sequence[Sequence[str]] = (), extra: str = "", heading: str = MT5_HEADING
) -> str:
    """As MetaTrader 5 saves a history, with the empty hidden cells between type and volume."""
    hidden = '<td class="hidden" colspan="8"></td>'
    rows = ""
    for cells in mt5_cells(trades):
        inner = [f"<td>{cell}</td>" for cell in cells]
        rows += "<tr bgcolor='#FFFFFF' align='right'>" + "".join([*inner[:4], hidden, *inner[4:]]) + "</tr>\n"
    placed = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in order) + "</tr>\n" for order in orders)
    titles = "".join(f"<td nowrap><b>{name}</b></td>" for name in heading.split(","))
    return (
        "<html><head><title>1: Somebody - Trade History Report</title><meta name='generator' content='client terminal'></head>"
        "<body>"
        f"<table><tr><th colspan='14'><div><b>Positions</b></div></th></tr><tr>{titles}</tr>\n{rows}"
        f"<tr><th colspan='14'><b>Orders</b></th></tr>{placed}{extra}</table></body></html>"
    )


def mt5_order(place: int, one: Made, stop: float, comment: str = "") -> list[str]:
    """The order that opened the trade at that place, with the stop it was sent with."""
    return [
        when(place), str(5000 + place), one.symbol, one.word, f"{one.volume:g} / {one.volume:g}", "market", f"{stop:.5f}", "",
        when(place), "filled", comment,
    ]  # fmt: skip


def report_of_test(rows: Sequence[Sequence[str]], *, expert: str = "Crosser", version: int = 5) -> str:
    """A test's report round its rows of orders or deals."""
    body = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>\n" for row in rows)
    if version == 4:
        return (
            f"<html><head><title>Strategy Tester: {expert}</title></head><body><table><tr><td colspan=2>Symbol</td>"
            f"<td colspan=4>EURUSD (Euro vs US Dollar)</td></tr></table><table>{body}</table></body></html>"
        )
    return (
        "<html><head><title>Strategietester-Bericht</title><meta name='generator' content='strategy tester'></head><body><table>"
        f"<tr><td colspan='3'>Expert:</td><td colspan='10'><b>{expert}</b></td></tr><tr><td>Symbol:</td><td><b>EURUSD</b></td></tr>"
        f"</table><table>{body}</table></body></html>"
    )


TV_HEADING = (
    "Trade number,Type,Date and time,Signal,Price USD,Size (qty),Size (value),Net PnL USD,Return %,Commission USD,"
    "Favorable excursion USD,Cumulative PnL USD"
)


def tradingview(
    trades: Sequence[Made],
    *,
    heading: str = TV_HEADING,
    newest_first: bool = False,
    words: dict[str, str] | None = None,
) -> str:
    """As TradingView saves its list of trades: the exit above its entry, totals on both. volume counts in units."""
    said = words or {
        "Entry long": "Entry long",
        "Exit long": "Exit long",
        "Entry short": "Entry short",
        "Exit short": "Exit short",
    }
    lines = []
    for place, one in enumerate(trades):
        side = "long" if one.side > 0 else "short"
        net = one.side * (one.exit - one.entry) * one.volume + one.commission
        money = f"{one.volume:g},{one.volume * one.entry:.6f},{net:.6f},0.1,{-one.commission:.2f},1,2"
        lines.append(
            [
                f"{place + 1},{said['Exit ' + side]},{moment(place, 4):%Y-%m-%d %H:%M},Close,{one.exit:.5f},{money}",
                f"{place + 1},{said['Entry ' + side]},{moment(place):%Y-%m-%d %H:%M},Go,{one.entry:.5f},{money}",
            ]
        )
    ordered = reversed(lines) if newest_first else lines
    return "\n".join([heading, *(row for pair in ordered for row in pair)]) + "\n"


def freqtrade_trade(place: int, one: Made, **changed: object) -> dict[str, object]:
    """One row of `trades` as freqtrade writes it; volume counts in coins and commission in the stake currency."""
    stake = one.volume * one.entry
    fee = -one.commission / (one.volume * (one.entry + one.exit))
    return {
        "pair": "BTC/USDT", "stake_amount": stake, "max_stake_amount": stake, "amount": one.volume,
        "open_date": f"{moment(place):%Y-%m-%d %H:%M:%S}+00:00", "close_date": f"{moment(place, 4):%Y-%m-%d %H:%M:%S}+00:00",
        "open_rate": one.entry, "close_rate": one.exit, "fee_open": fee, "fee_close": fee, "trade_duration": 240,
        "profit_ratio": 0.0, "profit_abs": one.side * (one.exit - one.entry) * one.volume + one.commission, "exit_reason": "roi",
        "initial_stop_loss_abs": one.stop, "initial_stop_loss_ratio": -0.1, "stop_loss_abs": one.entry * 1.5,
        "stop_loss_ratio": -0.1,
        "is_open": False, "enter_tag": "", "leverage": 1.0, "is_short": one.side < 0,
        "open_timestamp": int(moment(place).timestamp() * 1000), "close_timestamp": int(moment(place, 4).timestamp() * 1000),
        "orders": [{"amount": one.volume, "ft_is_entry": True}],
    } | changed  # fmt: skip


def freqtrade_backtest(strategies: Mapping[str, Sequence[dict[str, object]]]) -> bytes:
    """A result as freqtrade writes it, several strategies in one."""
    result = {
        "metadata": {},
        "strategy": {
            name: {"trades": list(trades), "total_trades": len(trades)} for name, trades in strategies.items()
        },
        "strategy_comparison": [],
    }
    return json.dumps(result).encode()


def spaced(amount: float) -> str:
    """Thousands as terminals space them."""
    return f"{amount:,.2f}".replace(",", " ")
