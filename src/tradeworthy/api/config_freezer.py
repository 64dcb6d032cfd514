"""The configuration as it was when trading began: what changes afterwards is named."""

import copy
import hashlib
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from os import PathLike
from typing import Any, Self

import msgspec

from tradeworthy.adapters.files.plain_entries import plain_entry
from tradeworthy.adapters.files.redacting import redacted
from tradeworthy.api.kept_record import KeptRecord
from tradeworthy.core.errors import InputError
from tradeworthy.live.plain_records import from_plain, to_plain
from tradeworthy.settings.freezing import differences, frozen_form
from tradeworthy.settings.tree import Settings


@dataclass(frozen=True, slots=True)
class FrozenConfig:
    """A configuration in plain values, without secrets; None for none yet."""

    form: dict[str, Any] | None = field(default=None)

    def to_dict(self) -> dict[str, Any]:
        """Plain types, with the version of their schema."""
        return to_plain(self)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """What `to_dict` wrote. Raises InputError for anything else."""
        return from_plain(data, cls, "the frozen configuration")


class ConfigFreezer:
    """`freeze(config)` once, `check(config)` as often as one likes.

    state: a file in which the latest frozen configuration outlives the process, so that `freeze` can say what changed
    since the last start. What stands under the name of a secret (token, api_key, password and so on) is neither kept nor
    compared. Any thread may call.
    """

    def __init__(self, state: str | PathLike[str] | None = None) -> None:
        self._kept = KeptRecord(FrozenConfig(), "configuration", state)
        self._form: dict[str, Any] | None = None
        self._lock = threading.Lock()

    def freeze(self, config: Any) -> dict[str, Any]:
        """{fingerprint, changed}: SHA-256 over it, and what is other than when it was last frozen, a line each.

        config: a dict of plain values, or `Settings`. Freezing the same again changes nothing. Raises InputError where
        another one is frozen, for NaN, and for values that have no plain form.
        """
        form = plain_form(config)
        with self._lock:
            if self._form is not None and (changed := differences(self._form, form)):
                raise InputError(
                    f"the configuration is frozen, and this is another one ({'; '.join(changed)}); stop first"
                )
            before = self._kept.get().form
            self._form = form
            self._kept.change(lambda _: FrozenConfig(form))
        changed = [] if before is None else differences(before, form)
        return {"fingerprint": fingerprint_of(form), "changed": changed}

    def check(self, config: Any) -> list[str]:
        """What is other than what was frozen, a line each such as `risk.per_trade: 0.01 -> 0.05`; empty where nothing is.
        Raises InputError before anything was frozen."""
        return differences(self._frozen(), plain_form(config))

    def thaw(self) -> None:
        """Trading has ended: another one may be frozen."""
        with self._lock:
            self._form = None

    def is_frozen(self) -> bool:
        """Whether one is."""
        return self._form is not None

    def frozen(self) -> dict[str, Any]:
        """A copy of it, without secrets."""
        return copy.deepcopy(self._frozen())

    def fingerprint(self) -> str:
        """SHA-256 of it, in hexadecimal: the same for what means the same, in whatever order it is written."""
        return fingerprint_of(self._frozen())

    def _frozen(self) -> dict[str, Any]:
        if self._form is None:
            raise InputError("no configuration is frozen; call freeze(config), or startup_sequence(config), first")
        return self._form


def plain_form(config: Any) -> dict[str, Any]:
    """The configuration in plain values, secrets hidden. Raises InputError."""
    if isinstance(config, Settings):
        return frozen_form(config)
    made: dict[str, Any] = redacted(plain_entry(config, "the configuration"))
    return made


def fingerprint_of(form: Mapping[str, Any]) -> str:
    """SHA-256 over its JSON with sorted keys."""
    return hashlib.sha256(msgspec.json.encode(form, order="sorted")).hexdigest()
