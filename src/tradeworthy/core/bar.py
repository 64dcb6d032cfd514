"""What a bar is: its length, the side of the market it quotes, and where a day is cut."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from tradeworthy.core.clock import DAY_NS, HOUR_NS, MINUTE_NS, WEEK_NS
from tradeworthy.core.errors import InputError

_WORDS = {"MIN": "M", "DAY": "D", "DAILY": "D", "WEEK": "W", "WEEKLY": "W"}


class PriceSide(StrEnum):
    """Which price the bars are made of."""

    BID = "bid"
    MID = "mid"
    ASK = "ask"


class Timeframe(StrEnum):
    """Length of a bar, by the name that brokers and files use."""

    M1 = "M1"
    M5 = "M5"
    M15 = "M15"
    M30 = "M30"
    H1 = "H1"
    H2 = "H2"
    H4 = "H4"
    H8 = "H8"
    H12 = "H12"
    D = "D"
    W = "W"

    @property
    def length_ns(self) -> int:
        """Nominal length in nanoseconds; a day may be an hour longer or shorter where clocks change."""
        unit = {"M": MINUTE_NS, "H": HOUR_NS, "D": DAY_NS, "W": WEEK_NS}[self.value[0]]
        return unit * int(self.value[1:] or 1)

    @classmethod
    def parse(cls, text: str) -> Self:
        """From `H4`, `4h`, `D`, `1D`, `D1`, `15m`. Raises InputError naming the ones there are."""
        wanted = text.strip().upper()
        digits = "".join(letter for letter in wanted if letter.isdigit())
        letters = "".join(letter for letter in wanted if letter.isalpha())
        number = "" if _WORDS.get(letters, letters) in {"D", "W"} and digits == "1" else digits
        for frame in cls:
            if frame.value == _WORDS.get(letters, letters) + number:
                return frame
        raise InputError(f"{text!r} is not a timeframe; use one of {', '.join(cls)}")


@dataclass(frozen=True, slots=True)
class DayCut:
    """Where one trading day ends and the next begins: an hour of the day in a time zone.

    `zone` "" means that the file did not say: bars longer than an hour are taken as the file cuts them.
    """

    zone: str
    hour: int = 0

    def __post_init__(self) -> None:
        if not 0 <= self.hour <= 23:
            raise InputError(f"a day is cut at an hour from 0 to 23, not at {self.hour}")

    def __str__(self) -> str:
        return f"{self.hour:02d}:00 {self.zone}" if self.zone else "as in the file"


NEW_YORK_CLOSE = DayCut("America/New_York", 17)
UTC_MIDNIGHT = DayCut("UTC", 0)
AS_IN_THE_FILE = DayCut("", 0)
