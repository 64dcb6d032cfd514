"""The state directory of one desk: everything it keeps stands here and nothing is written elsewhere."""

import re
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path


def folder_named(desk: str) -> Path:
    """The folder of a desk that has but a name, in the current directory: `my bot` trades in `my-bot-desk`.

    What else cannot stand in the name of a folder everywhere is left out, and a mark of the whole name takes its place, so that
    desks of other names get other folders.
    """
    plain = "-".join(re.findall(r"[A-Za-z0-9_.-]+", desk)).strip("-.")
    if plain == desk.replace(" ", "-"):
        return Path(f"{plain}-desk")
    return Path("-".join([*filter(None, [plain]), sha256(desk.encode()).hexdigest()[:8], "desk"]))


@dataclass(frozen=True, slots=True)
class DeskFolder:
    """Names inside a desk's folder. The folder itself is where tradeworthy.toml stands."""

    root: Path

    @property
    def settings(self) -> Path:
        """The settings file."""
        return self.root / "tradeworthy.toml"

    @property
    def reports(self) -> Path:
        """Dated folders of reports, `latest` pointing at the newest."""
        return self.root / "reports"

    @property
    def baselines(self) -> Path:
        """Versioned baselines."""
        return self.root / "baselines"

    @property
    def records(self) -> Path:
        """Signed records of validations."""
        return self.root / "records"

    @property
    def ledger(self) -> Path:
        """Every trial of a parameter search, append-only."""
        return self.root / "ledger"

    @property
    def journal(self) -> Path:
        """Every event of the desk."""
        return self.root / "journal.sqlite"

    @property
    def checkpoints(self) -> Path:
        """Signed checkpoints of the journal, append-only."""
        return self.root / "checkpoints.jsonl"

    @property
    def lease(self) -> Path:
        """Who trades this desk now, and the lock that keeps it to one."""
        return self.root / "desk.lease"

    @property
    def emergency(self) -> Path:
        """What was done while the journal could not be written."""
        return self.root / "emergency.jsonl"

    @property
    def requests(self) -> Path:
        """What operators ask of the running desk."""
        return self.root / "requests"

    @property
    def status(self) -> Path:
        """How the running desk stands."""
        return self.root / "status.json"

    @property
    def log(self) -> Path:
        """What the desk did and why, a line each."""
        return self.root / "logs" / "desk.jsonl"

    @property
    def keys(self) -> Path:
        """Signing keys, mode 600."""
        return self.root / "keys"

    @property
    def webhook_secret(self) -> Path:
        """The secret that signs signals over HTTP, mode 600."""
        return self.keys / "webhook.secret"


def settings_file(path: Path) -> Path:
    """The settings file itself, or the one in the folder that is named."""
    return DeskFolder(path).settings if path.is_dir() else path
