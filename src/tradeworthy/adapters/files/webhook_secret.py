"""The secret that signs signals from outside: made when it is first needed, readable by nobody else."""

import base64
import secrets
import stat
from pathlib import Path
from typing import Final

from tradeworthy.adapters.files.new_file import write_new
from tradeworthy.core.errors import InputError, OutputError

_BYTES: Final = 32


class WebhookSecret:
    """A file of mode 600 in a folder of mode 700, in the words of Standard Webhooks: `whsec_` and base64."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def read(self) -> str:
        """The secret; makes one if there is none. Raises InputError for a file that others may read, or that holds none;
        OutputError where none can be made."""
        return self._existing() or self._made()

    def _existing(self) -> str | None:
        try:
            mode = stat.S_IMODE(self.path.stat().st_mode)
            text = self.path.read_text(encoding="ascii").strip()
        except FileNotFoundError:
            return None
        except (OSError, UnicodeDecodeError) as error:
            raise InputError(f"{self.path}: the secret of the webhook cannot be read ({error})") from error
        if mode & 0o077:
            raise InputError(
                f"{self.path}: others than its owner may read the secret (mode {mode:o}); run chmod 600 on it"
            )
        return text

    def _made(self) -> str:
        secret = "whsec_" + base64.b64encode(secrets.token_bytes(_BYTES)).decode()
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            write_new(self.path.parent, f"{secret}\n".encode(), [self.path.name], mode=0o600)
        except FileExistsError:
            made = self._existing()  # another thread made one at the same moment: that one counts
            if made is None:
                raise OutputError(f"{self.path}: a secret is being made by somebody else; try again") from None
            return made
        except OSError as error:
            raise OutputError(f"{self.path}: a secret cannot be made there ({error.strerror})") from error
        return secret
