"""What the desk's positions are worth in the account's currency, by its own latest prices."""

from tradeworthy.controls.account_view import LastPrice
from tradeworthy.live.desk_state import DeskState, Holding


def last_prices(state: DeskState) -> dict[str, LastPrice]:
    """By symbol, the newest of its closes and of the desk's own deals."""
    found = {symbol: LastPrice(price, time_ns) for symbol, (price, time_ns) in state.latest_deals.items()}
    for history in state.histories:
        last = history.last
        if last is None:
            continue
        known = found.get(history.instrument)
        if known is None or (known.time_ns or 0) < last.close_ns:
            found[history.instrument] = LastPrice(last.close, last.close_ns)
    return found


def rate_of(state: DeskState, currency: str) -> float | None:
    """Account money for one unit of a currency, from the desk's own pairs; None where none of them tells."""
    if currency == state.plan.currency:
        return 1.0
    newest, rate = -1, None
    for place, inverse in state.plan.rate_series.get(currency, ()):
        recent = state.histories[place].recent
        if recent and recent[-1].close_ns > newest and recent[-1].close > 0:
            newest, price = recent[-1].close_ns, recent[-1].close
            rate = 1.0 / price if inverse else price
    return rate


def rates(state: DeskState) -> dict[str, float]:
    """For every currency that the desk's instruments are quoted in or made of, as far as it is known."""
    found = ((name, rate_of(state, name)) for name in state.plan.currencies)
    return {name: rate for name, rate in found if rate is not None}


def gain(
    state: DeskState, place: int, holding: Holding, units: float, price: float, rate: float | None = None
) -> float | None:
    """Account money that `units` of a holding gain at a price, above zero on its own side; None where the conversion is
    unknown. rate: of the quote currency, where a broker said by which it books; else by the desk's own pairs."""
    instrument = state.plan.members[place].instrument
    rate = rate_of(state, instrument.quote) if rate is None else rate
    if rate is None:
        return None
    return units * float(instrument.multiplier) * holding.side * (price - holding.price) * rate
