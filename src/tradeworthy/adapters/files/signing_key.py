"""The desk's Ed25519 key: made when it is first needed, readable by nobody else."""

import stat
from pathlib import Path
from typing import TYPE_CHECKING

from tradeworthy.adapters.files.new_file import write_new
from tradeworthy.core.errors import InputError, OutputError

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey


class SigningKey:
    """`signing.key` (PKCS 8, PEM) in a folder of mode 700, itself of mode 600."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "signing.key"

    def sign(self, data: bytes) -> str:
        """A signature in hexadecimal; makes the key if there is none."""
        return (self._read() or self._make()).sign(data).hex()

    def public(self) -> str:
        """The public key in hexadecimal; makes the key if there is none."""
        return _public(self._read() or self._make())

    def existing(self) -> str | None:
        """The public key in hexadecimal; None where there is no key, and none is made."""
        key = self._read()
        return None if key is None else _public(key)

    def signed(self, data: bytes, signature: str) -> bool:
        """Whether this key made the signature. A desk without a key has signed nothing."""
        from cryptography.exceptions import InvalidSignature

        key = self._read()
        if key is None:
            return False
        try:
            key.public_key().verify(bytes.fromhex(signature), data)
        except (InvalidSignature, ValueError):
            return False
        return True

    def _read(self) -> "Ed25519PrivateKey | None":
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
        from cryptography.hazmat.primitives.serialization import load_pem_private_key

        try:
            mode = stat.S_IMODE(self.path.stat().st_mode)
            data = self.path.read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise InputError(f"{self.path}: the desk's key cannot be read ({error.strerror})") from error
        if mode & 0o077:
            raise InputError(
                f"{self.path}: others than its owner may use the desk's key (mode {mode:o}); run chmod 600 on it"
            )
        try:
            key = load_pem_private_key(data, password=None)
        except (ValueError, TypeError) as error:
            raise InputError(
                f"{self.path}: this is no key; restore it from a copy, or move it away for a new one"
            ) from error
        if not isinstance(key, Ed25519PrivateKey):
            raise InputError(
                f"{self.path}: this is no Ed25519 key; restore it from a copy, or move it away for a new one"
            )
        return key

    def _make(self) -> "Ed25519PrivateKey":
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
        from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

        key = Ed25519PrivateKey.generate()
        data = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            write_new(self.path.parent, data, [self.path.name], mode=0o600)
        except FileExistsError:
            made = self._read()  # somebody else made one at the same moment: theirs counts
            if made is not None:
                return made
            raise OutputError(f"{self.path}: a key is being made by another process; try again") from None
        except OSError as error:
            raise OutputError(f"{self.path}: the desk's key cannot be made there ({error.strerror})") from error
        return key


def _public(key: "Ed25519PrivateKey") -> str:
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    return key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw).hex()
