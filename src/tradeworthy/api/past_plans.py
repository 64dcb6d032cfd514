"""The plans by which a desk traded, made anew from the settings that its processes wrote into the journal."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from tradeworthy.adapters.files.desk_status import StatusFile
from tradeworthy.api.desk_recovery import settings_in
from tradeworthy.appraisal.book import Book
from tradeworthy.core.errors import InputError
from tradeworthy.live.desk_plan import DeskPlan
from tradeworthy.market.bars import Bars
from tradeworthy.settings.books import book_from
from tradeworthy.settings.desk_folder import DeskFolder, settings_file
from tradeworthy.settings.freezing import fingerprint
from tradeworthy.settings.shipped import TEMPLATES
from tradeworthy.settings.tree import Settings
from tradeworthy.wiring.desk_plans import Key, bars_of, plan_of
from tradeworthy.wiring.sources import bar_store

PlanFor = Callable[[Mapping[str, Any]], DeskPlan]
"""The plan of settings in their frozen form."""


class PastPlans:
    """Makes every plan once, and reads its bars once: only for what the instruments are and when their markets are open.
    `beside` is the folder that relative paths in the settings begin at, `data` a folder of bars that wins over the settings."""

    def __init__(self, beside: Path, data: Path | None = None) -> None:
        self._beside, self._data = beside, data
        self._made: dict[str, DeskPlan] = {}
        self._read: dict[str, tuple[Book, dict[Key, Bars]]] = {}

    def of(self, frozen: Mapping[str, Any]) -> DeskPlan:
        """Raises InputError for settings of another version, or bars that are not there any more."""
        settings = settings_in(frozen)
        name = fingerprint(settings)
        if name not in self._made:
            book, bars = self.bars_for(settings)
            self._made[name] = plan_of(settings, book, bars, replayed=True)
        return self._made[name]

    def bars_for(self, settings: Settings) -> tuple[Book, dict[Key, Bars]]:
        """The book of the settings and the bars that it trades on, as they lay there when they were first asked for."""
        name = fingerprint(settings)
        if name not in self._read:
            book = book_from(settings)
            self._read[name] = book, bars_of(book, bar_store(settings.data, self._beside, self._data))
        return self._read[name]


def plans_of(folder: DeskFolder, data: Path | None) -> PastPlans:
    """For a desk's folder: where its last process took book and bars from is in its status."""
    beside, told = folder.root, None
    with suppress(InputError):
        status, _ = StatusFile(folder.status).read()
        book, told = status.get("book"), status.get("data")
        if isinstance(book, str):
            beside = Path() if book in TEMPLATES else settings_file(Path(book)).parent
    return PastPlans(beside, data or (Path(told) if isinstance(told, str) else None))
