"""What a desk's journal says of its performance, event by event.

Trades are its `closed` notes. Signals are entries sent and entries refused; the bias of one that was sent is right where the
next bar of its series closed further its way. The time of the data is from a bar's close to its receipt; of an order from its
sending to the first word of the broker that it has it; of the pipeline from the close of the bar decided on to that word. What
a replay or a simulated broker says of times is not measured: nothing travelled.
"""

from typing import Any, Final

import msgspec

from tradeworthy.core.clock import DAY_NS
from tradeworthy.core.errors import InputError
from tradeworthy.core.events import Envelope
from tradeworthy.monitoring.performance_config import Stage, is_capital
from tradeworthy.monitoring.performance_record import PerformanceRecord

MOST_WAITING: Final = 1_000
"""Orders that may wait for a word of the broker; of more, the oldest are not timed."""
_REPLAY: Final = "replay"
_LONGEST_REASON: Final = 80
_MS_NS: Final = 1e6
_NO_DECISION: Final = (
    "a journal holds when a bar came and when its order went, both of one moment, and not how long deciding took"
)


class _Closed(msgspec.Struct, frozen=True):
    exit_ns: int
    pnl: float
    reason: str


class _Sent(msgspec.Struct, frozen=True):
    client_id: str
    units: str
    decided_ns: int | None = None


class _Refused(msgspec.Struct, frozen=True):
    check: str


class _Bar(msgspec.Struct, frozen=True):
    close_ns: int
    close: float


class _BarCame(msgspec.Struct, frozen=True):
    symbol: str
    timeframe: str
    bar: _Bar
    backfill: bool = False


class _Started(msgspec.Struct, frozen=True):
    simulated: bool
    currency: str
    settings: dict[str, Any]


class _Acknowledged(msgspec.Struct, frozen=True):
    client_id: str
    status: str = "working"
    call: str = "place"


class _Balance(msgspec.Struct, frozen=True):
    balance: float


class _Book(msgspec.Struct, frozen=True):
    book: _Balance


class _Waiting(msgspec.Struct, frozen=True):
    sent_ns: int
    decided_ns: int | None


class _Bias(msgspec.Struct, frozen=True):
    side: int
    since: _Bar


class JournalListener:
    """Hears a desk's events in their order and enters them in a record. Everything it remembers is bounded."""

    def __init__(self, record: PerformanceRecord) -> None:
        self.record = record
        self.currency = record.config.currency
        self._is_replay = self._is_simulated = False
        self._waiting: dict[str, _Waiting] = {}
        self._bars: dict[str, _BarCame] = {}
        self._biases: dict[tuple[str, str], list[_Bias]] = {}

    def heard(self, event: Envelope) -> None:
        """One event. Raises InputError for one that this version does not know the inside of."""
        try:
            self._heard(event)
        except (msgspec.ValidationError, KeyError, TypeError) as error:
            raise InputError(
                f"event {event.sequence} ({event.kind}) is not one that this version knows: {error}; use the version that wrote it"
            ) from error
        self.record.passed(event.receive_time_ns)

    def reasons(self) -> dict[Stage, str]:
        """Why nothing was measured, by stage."""
        sent = "no order was sent and taken yet"
        if self._is_replay:
            data = sent = "the desk traded a replay, whose clock is that of its bars"
        elif self._is_simulated:
            data, sent = "no bar has come yet", "the broker is simulated, and nothing travels to it"
        else:
            data = "no bar has come yet"
        return {
            Stage.DATA_FETCH: data, Stage.SIGNAL_GENERATION: _NO_DECISION, Stage.ORDER_EXECUTION: sent, Stage.PIPELINE: sent,
        }  # fmt: skip

    def _heard(self, event: Envelope) -> None:
        kind, body = event.kind, event.body
        if kind == "note":
            self._noted(event)
        elif kind == "bar":
            self._bar(event, msgspec.convert(body, _BarCame))
        elif kind in {"placed", "order", "deal"}:
            self._answered(event, msgspec.convert(body, _Acknowledged))
        elif kind == "call failed":
            failed = msgspec.convert(body, _Acknowledged)
            if failed.call == "place":  # sending it again is another sending
                self._waiting.pop(failed.client_id, None)
        elif kind == "started":
            self._started(msgspec.convert(body, _Started))
        elif kind == "book":
            self._book(msgspec.convert(body, _Book))

    def _noted(self, event: Envelope) -> None:
        data: Any = event.body["data"]
        kind = event.body["kind"]
        if kind == "closed":
            self._closed(msgspec.convert(data, _Closed))
        elif kind == "refused" and "limit" in data:  # of an entry; the others are of exits
            reason = msgspec.convert(data, _Refused).check
            self.record.signal(acted_on=False, reason=reason, bias_correct=None, time_ns=event.receive_time_ns)
        elif kind == "order" and "units" in data:
            self._sent(event, msgspec.convert(data, _Sent), str(event.body["symbol"]))

    def _closed(self, trade: _Closed) -> None:
        self.record.trade(trade.pnl, trade.reason[:_LONGEST_REASON], trade.exit_ns)

    def _sent(self, event: Envelope, order: _Sent, symbol: str) -> None:
        if order.decided_ns is not None:
            self.record.signal(acted_on=True, reason="", bias_correct=None, time_ns=event.receive_time_ns)
            self._leans(order, symbol)
        if self._is_replay or self._is_simulated:
            return
        while len(self._waiting) >= MOST_WAITING:
            del self._waiting[next(iter(self._waiting))]
        self._waiting[order.client_id] = _Waiting(event.receive_time_ns, order.decided_ns or None)

    def _leans(self, order: _Sent, symbol: str) -> None:
        """The next bar of the series decided on will tell whether it was right: not the exit, as stops nearer than targets are
        hit more often whatever the market does."""
        last = self._bars.get(symbol)
        if last is not None and last.bar.close_ns == order.decided_ns:
            side = -1 if order.units.startswith("-") else 1
            self._biases.setdefault((symbol, last.timeframe), []).append(_Bias(side, last.bar))

    def _judge_biases(self, came: _BarCame, time_ns: int) -> None:
        series = (came.symbol, came.timeframe)
        leaning = self._biases.get(series)
        if leaning and came.bar.close_ns > leaning[0].since.close_ns:
            for one in self._biases.pop(series):
                moved = (came.bar.close - one.since.close) * one.side
                if moved:
                    self.record.bias(moved > 0.0, time_ns)

    def _answered(self, event: Envelope, news: _Acknowledged) -> None:
        waiting = self._waiting.pop(news.client_id, None)
        if waiting is None or (event.kind == "order" and news.status != "working"):
            return
        self._took(Stage.ORDER_EXECUTION, waiting.sent_ns, event.receive_time_ns)
        if waiting.decided_ns is not None:
            self._took(Stage.PIPELINE, waiting.decided_ns, event.receive_time_ns)

    def _bar(self, event: Envelope, came: _BarCame) -> None:
        self._judge_biases(came, event.receive_time_ns)
        self._bars[came.symbol] = came
        if not came.backfill and not self._is_replay:
            self._took(Stage.DATA_FETCH, came.bar.close_ns, event.receive_time_ns)

    def _took(self, stage: Stage, start_ns: int, end_ns: int) -> None:
        """Clocks that disagree, or were set, make times below zero or past a day, which are none."""
        if 0 <= end_ns - start_ns <= DAY_NS:
            self.record.latency(stage, (end_ns - start_ns) / _MS_NS, end_ns)

    def _started(self, started: _Started) -> None:
        self._is_replay, self._is_simulated = _REPLAY in started.settings, started.simulated
        self.currency = self.record.config.currency or started.currency
        self._waiting.clear()  # what the last process sent is no matter of time any more

    def _book(self, told: _Book) -> None:
        trades = self.record.life.trades
        if trades.capital is None and not trades.trades and is_capital(told.book.balance):
            trades.begin_with(told.book.balance)
