"""The tables of a desk that trades: account, sizes, the loop, the paper broker, the journal, the webhook."""

import base64
import binascii
import re
from typing import Annotated, Any, Final, Literal, Self

from pydantic import Field, StrictBool, StrictInt, StrictStr, field_validator, model_validator

from tradeworthy.controls.sizing import FixedFraction, Kelly, Sizing, Units, VolatilityTarget
from tradeworthy.core.bar import Timeframe
from tradeworthy.core.errors import InputError
from tradeworthy.settings.part import AboveZero, BlamedError, NotNegative, Part, zone_of
from tradeworthy.settings.record_parts import Number

_KINDS: Final[dict[str, tuple[Any, tuple[str, ...]]]] = {
    "units": (Units, ("units",)),
    "fixed_fraction": (FixedFraction, ("risk",)),
    "volatility_target": (VolatilityTarget, ("annual", "window")),
    "kelly": (Kelly, ("cap", "fraction", "confidence", "least_trades", "until_then")),
}
_Share = Annotated[float, Field(ge=0, le=1, strict=True)]


class AccountSettings(Part):
    """Whose money. balance: that of the paper account; a real broker tells its own."""

    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")] = "USD"
    balance: AboveZero = 10_000.0

    @field_validator("currency", mode="before")
    @classmethod
    def _three_letters(cls, value: object) -> object:
        if isinstance(value, str) and not re.fullmatch(r"[A-Z]{3}", value):
            raise ValueError(f'{value!r} is not a currency; write its three letters, such as "USD"')
        return value


class SizingSettings(Part):
    """How large a position is: `kind`, and the numbers of that kind; those left out are the defaults of controls.sizing."""

    kind: Literal["units", "fixed_fraction", "volatility_target", "kelly"] = "fixed_fraction"
    units: Number | None = None
    risk: Number | None = None
    annual: Number | None = None
    window: StrictInt | None = None
    cap: Number | None = None
    fraction: Number | None = None
    confidence: Number | None = None
    least_trades: StrictInt | None = None
    until_then: Number | None = None
    leverage: Annotated[float, Field(gt=0, le=1_000, strict=True)] = 30.0

    @model_validator(mode="after")
    def _usable(self) -> Self:
        for kind, (_, names) in _KINDS.items():
            for name in names:
                if kind != self.kind and getattr(self, name) is not None:
                    raise BlamedError(
                        f'it belongs to kind = "{kind}", and kind is "{self.kind}": remove it or change the kind', name
                    )
        if self.kind == "units" and self.units is None:
            raise BlamedError('kind = "units" needs units, such as units = 1000', "kind")
        try:
            self.made()
        except InputError as error:
            said = str(error).partition(": ")[2]
            raise BlamedError(said, said.split()[0]) from error
        return self

    def made(self) -> Sizing:
        """The rule. Raises InputError, as the rule does."""
        rule, names = _KINDS[self.kind]
        given = {name: getattr(self, name) for name in names if getattr(self, name) is not None}
        usual = {"risk": 0.01} if self.kind == "fixed_fraction" else {}  # half of what the record takes: real money
        sizing: Sizing = rule(**(usual | given))
        return sizing


class LiveSettings(Part):
    """The loop of a desk.

    reconcile_minutes: between two comparisons with the broker. answer_seconds: an order without an answer for that long
    is UNKNOWN. entry_seconds: an entry that is older is not sent. grace_minutes: how late a bar may be, by timeframe, and
    usual_grace_minutes of the others. session_zone: of the exchange, where its session windows apply. require_record: no
    desk begins without a signed validation of the book as it stands, not older than record_days, that found it FIT.
    """

    reconcile_minutes: Annotated[float, Field(gt=0, le=1_440, strict=True)] = 5.0
    answer_seconds: Annotated[float, Field(gt=0, le=3_600, strict=True)] = 10.0
    entry_seconds: Annotated[float, Field(gt=0, le=86_400, strict=True)] = 60.0
    usual_grace_minutes: Annotated[float, Field(ge=0, le=10_080, strict=True)] = 60.0
    grace_minutes: dict[Timeframe, Annotated[float, Field(ge=0, le=10_080, strict=True)]] = Field(default_factory=dict)
    session_zone: str | None = None
    require_record: StrictBool = False
    record_days: Annotated[float, Field(gt=0, le=3_660, strict=True)] = 31.0

    @field_validator("grace_minutes", mode="before")
    @classmethod
    def _timeframes(cls, value: object) -> object:
        if not isinstance(value, dict):
            return value
        try:
            return {Timeframe.parse(str(name)): minutes for name, minutes in value.items()}
        except InputError as error:
            raise ValueError(str(error)) from error

    @field_validator("session_zone")
    @classmethod
    def _zone(cls, value: str | None) -> str | None:
        return zone_of(value)


class PaperSettings(Part):
    """How the paper broker treats orders. Shares are of the orders, drawn from the seed."""

    latency_ms: Annotated[float, Field(ge=0, le=3_600_000, strict=True)] = 0.0
    slippage_pips: NotNegative = 0.0
    commission_per_lot: NotNegative = 0.0
    partial_share: _Share = 0.0
    reject_share: _Share = 0.0
    seed: Annotated[StrictInt, Field(ge=0, le=2**31 - 1)] = 0


class JournalSettings(Part):
    """Where the journal lies. url: "" is `journal.sqlite` in the desk's folder."""

    url: StrictStr = ""

    @field_validator("url")
    @classmethod
    def _postgres(cls, value: str) -> str:
        if value and not value.startswith(("postgresql://", "postgres://", "postgresql+psycopg://")):
            raise ValueError(  # without the value, which may hold a password
                'this is no URL of a journal; write "postgresql://user:password@host/database", or "" for journal.sqlite '
                "in the desk's folder"
            )
        return value


class WebhookSettings(Part):
    """Signals over HTTP. secret: of the Standard Webhooks scheme; "" is the one in the desk's folder. signed: False takes signals
    without a signature, from this machine alone."""

    secret: Annotated[StrictStr, Field(repr=False)] = ""
    signed: StrictBool = True

    @field_validator("secret")
    @classmethod
    def _usable(cls, value: str) -> str:
        if value:
            check_secret(value)
        return value


_SECRET_BYTES: Final = range(24, 65)


def check_secret(secret: str) -> None:
    """Raises ValueError, without the secret in it, for what is none by Standard Webhooks: 24 to 64 bytes in base64."""
    try:
        size = len(base64.b64decode(secret.removeprefix("whsec_") + "==", validate=False))
    except (binascii.Error, ValueError):
        size = 0
    if size not in _SECRET_BYTES or not re.fullmatch(r"(whsec_)?[A-Za-z0-9+/]+=*", secret):
        raise ValueError(
            "this is no secret of a webhook; write whsec_ and 24 to 64 random bytes in base64, or leave it out, and the desk "
            "makes one"
        )
