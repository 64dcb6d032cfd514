"""The desk's key."""

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from tradeworthy.adapters.files.signing_key import SigningKey
from tradeworthy.core.errors import InputError, OutputError


def test_a_key_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    key = SigningKey(tmp_path / "keys")
    first = key.public()
    assert SigningKey(tmp_path / "keys").public() == first
    assert stat.S_IMODE(key.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(key.path.parent.stat().st_mode) == 0o700


def test_a_signature_is_plain_ed25519_that_anybody_can_check(tmp_path: Path) -> None:
    key = SigningKey(tmp_path)
    signature = key.sign(b"what was said")
    Ed25519PublicKey.from_public_bytes(bytes.fromhex(key.public())).verify(bytes.fromhex(signature), b"what was said")
    assert key.signed(b"what was said", signature)
    assert not key.signed(b"what was sait", signature)
    assert not key.signed(b"what was said", "00" * 64)
    assert not key.signed(b"what was said", "no hexadecimal")
    assert not SigningKey(tmp_path / "other").signed(b"what was said", signature)


def test_processes_that_make_it_at_once_end_with_one_key(tmp_path: Path) -> None:
    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(lambda _: SigningKey(tmp_path).public(), range(8)))) == 1


def test_a_key_that_others_may_read_or_that_is_none_is_refused(tmp_path: Path) -> None:
    key = SigningKey(tmp_path)
    key.public()
    key.path.chmod(0o644)
    with pytest.raises(InputError, match=r"mode 644\); run chmod 600"):
        key.sign(b"x")
    key.path.chmod(0o600)
    key.path.write_text("no key")
    with pytest.raises(InputError, match="this is no key"):
        key.sign(b"x")


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "keys").write_text("a file")
    with pytest.raises((OutputError, InputError), match="key cannot be"):
        SigningKey(tmp_path / "keys").public()
