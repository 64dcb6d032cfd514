"""Ed25519 signatures held against the public key of whoever made them."""

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey


def is_signed_by(public_key: str, data: bytes, signature: str) -> bool:
    """Whether the owner of the key (32 bytes, hexadecimal) made the signature; False for what is no key or signature."""
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(public_key)).verify(bytes.fromhex(signature), data)
    except (InvalidSignature, ValueError):
        return False
    return True
