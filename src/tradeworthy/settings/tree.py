"""The settings, their types and allowed ranges. Every name here is a key of tradeworthy.toml."""

from typing import Annotated, Final, Literal

from pydantic import Discriminator, Field, StrictBool, StrictInt, Tag, ValidationInfo, field_validator

from tradeworthy.core.bar import PriceSide, Timeframe
from tradeworthy.core.errors import InputError
from tradeworthy.core.version import BOOK_SCHEMA
from tradeworthy.settings.desk_parts import (
    AccountSettings,
    JournalSettings,
    LiveSettings,
    PaperSettings,
    SizingSettings,
    WebhookSettings,
)
from tradeworthy.settings.limit_parts import CalibrationSettings, FilterSettings, LimitSettings
from tradeworthy.settings.part import BlamedError, NotNegative, Part, symbol_of, zone_of

Period = Annotated[StrictInt, Field(ge=1, le=100_000)]
Multiple = Annotated[float, Field(gt=0, le=1_000, strict=True)]


class DeskSettings(Part):
    """What the desk is called."""

    name: Annotated[str, Field(min_length=1, max_length=80)] = "my desk"


class DataSettings(Part):
    """Where bars come from."""

    source: Literal["ecb", "folder"] = "ecb"
    folder: str = "bars"
    timezone: str | None = None
    price_side: PriceSide | None = None
    columns: dict[str, str] = Field(default_factory=dict)
    rebuild: StrictBool = False
    repair: StrictBool = False

    @field_validator("timezone")
    @classmethod
    def _zone(cls, value: str | None) -> str | None:
        return zone_of(value)


class ValidationSettings(Part):
    """How a validation is made."""

    months: Annotated[StrictInt, Field(ge=1, le=120)] = 3
    paths: Annotated[StrictInt, Field(ge=1_000, le=1_000_000)] = 10_000
    seed: Annotated[StrictInt, Field(ge=0, le=2**31 - 1)] = 0


class RiskSettings(Part):
    """What `tradeworthy risk` asks."""

    limit: Annotated[float, Field(gt=0, lt=1, strict=True)] = 0.2
    horizon: Annotated[StrictInt, Field(ge=1, le=25_200)] = 252
    risk_per_trade: Annotated[float, Field(gt=0, lt=1, strict=True)] | None = None
    paths: Annotated[StrictInt, Field(ge=100, le=1_000_000)] = 10_000
    seed: Annotated[StrictInt, Field(ge=0, le=2**31 - 1)] = 0


class FillSettings(Part):
    """Fill rules, as in docs/fills.md."""

    entry: Literal["next_open", "close"] = "next_open"
    stops_from: Literal["fill", "signal_close"] = "fill"
    check_entry_bar: StrictBool = True
    gap: Literal["open", "trigger"] = "open"
    both: Literal["stop", "target"] = "stop"
    open_first: StrictBool = True
    reenter_on_exit_bar: StrictBool | Literal["after_signal"] = True


class CostSettings(Part):
    """What trading costs."""

    spread_pips: dict[str, NotNegative] = Field(default_factory=dict)

    @field_validator("spread_pips")
    @classmethod
    def _symbols(cls, value: dict[str, float]) -> dict[str, float]:
        return {symbol_of(name): pips for name, pips in value.items()}


SIGNALS: Final = "signals"
CROSSING: Final = "ma_crossover"
KINDS: Final = frozenset({SIGNALS, CROSSING})
"""What a strategy's table may be; pydantic names it inside the path of an error."""


class MemberSettings(Part):
    """What every strategy of the book has."""

    instrument: str
    timeframe: Timeframe

    @field_validator("instrument")
    @classmethod
    def _instrument(cls, value: str) -> str:
        return symbol_of(value)

    @field_validator("timeframe", mode="before")
    @classmethod
    def _timeframe(cls, value: object) -> object:
        try:
            return Timeframe.parse(value) if isinstance(value, str) else value
        except InputError as error:
            raise ValueError(str(error)) from error


class StrategySettings(MemberSettings):
    """One strategy of the book."""

    rules: Literal["ma_crossover", "signals"] = "ma_crossover"  # a table of "signals" is read as the other kind
    fast: Period
    slow: Period
    atr_period: Period = 14
    stop_atr: Multiple
    target_atr: Multiple
    min_atr: NotNegative = 0.0
    exit_on_opposite_cross: StrictBool = True
    min_reward_risk: Multiple = 1.5
    min_candles: Annotated[StrictInt, Field(ge=2, le=10_000_000)] = 200
    trials: Annotated[StrictInt, Field(ge=0, le=1_000_000_000)] = 0

    @field_validator("slow")  # of the field, not the whole, so that it is said beside every other problem
    @classmethod
    def _different(cls, value: int, info: ValidationInfo) -> int:
        if info.data.get("fast") == value:
            raise ValueError(f"fast and slow are both {value}, and such averages never cross: make them differ")
        return value


class SignalSettings(MemberSettings):
    """A member whose signals come from outside."""

    rules: Literal["signals"]


def _kind(value: object) -> str:
    """Which of the two a table of a strategy is; what is neither is told as the usual one is."""
    rules = value.get("rules") if isinstance(value, dict) else getattr(value, "rules", None)
    return SIGNALS if rules == SIGNALS else CROSSING


AnyStrategy = Annotated[
    Annotated[StrategySettings, Tag(CROSSING)] | Annotated[SignalSettings, Tag(SIGNALS)], Discriminator(_kind)
]


class Settings(Part):
    """Everything in tradeworthy.toml."""

    # The name `schema` belongs to the file; pydantic's own attribute of that name is deprecated and not used here.
    schema_version: Annotated[StrictInt, Field(alias="schema", ge=1, le=BOOK_SCHEMA)]
    desk: DeskSettings = DeskSettings()
    data: DataSettings = DataSettings()
    validation: ValidationSettings = ValidationSettings()
    risk: RiskSettings = RiskSettings()
    fills: FillSettings = FillSettings()
    costs: CostSettings = CostSettings()
    account: AccountSettings = AccountSettings()
    sizing: SizingSettings = SizingSettings()
    limits: LimitSettings = LimitSettings()  # type: ignore[valid-type]  # made from the record, as the next two are
    groups: dict[str, list[str]] = Field(default_factory=dict)
    calibration: CalibrationSettings = CalibrationSettings()  # type: ignore[valid-type]  # the same
    filters: FilterSettings = FilterSettings()  # type: ignore[valid-type]  # the same
    live: LiveSettings = LiveSettings()
    paper: PaperSettings = PaperSettings()
    journal: JournalSettings = JournalSettings()
    webhook: WebhookSettings = WebhookSettings()
    strategies: Annotated[dict[str, AnyStrategy], Field(min_length=1)]

    @field_validator("groups")
    @classmethod
    def _one_group_each(cls, value: dict[str, list[str]]) -> dict[str, list[str]]:
        groups: dict[str, list[str]] = {}
        home: dict[str, str] = {}
        for group, names in value.items():
            try:
                groups[group] = [symbol_of(name) for name in names]
            except ValueError as error:
                raise BlamedError(str(error), group) from error
            for symbol in groups[group]:
                if home.setdefault(symbol, group) != group:
                    raise BlamedError(f"{symbol} is in the group {home[symbol]} too: leave it in one of them", group)
        return groups
