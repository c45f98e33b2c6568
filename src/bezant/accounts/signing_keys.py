"""The keys that sign access tokens: one RSA key pair a file, 0600, in the house's key folder.

The newest file signs, all verify, so a key is rotated by adding a file and later removing the old
one. Not for keys of other kinds.
"""

import fcntl
import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.rsa import (
    RSAPrivateKey,
    RSAPublicKey,
    generate_private_key,
)
from msgspec import Struct

from bezant.kit.operator_error import OperatorError
from bezant.kit.paths import write_private

KEY_BITS: Final = 4096
_EXPONENT: Final = 65_537
_PATTERN: Final = "access-*.pem"
_KID_DIGITS: Final = 16


class SigningKeys(Struct, frozen=True):
    """The key that signs with its id, and the public halves of all keys by id."""

    kid: str
    private: RSAPrivateKey
    public: Mapping[str, RSAPublicKey]


class KeyFileWrong(OperatorError):
    """A key file cannot be used; the text names it."""


def load_or_create(folder: Path, bits: int = KEY_BITS) -> SigningKeys:
    """Return the keys of the folder; where there is none, make the first one.

    Gateways that start together make one key between them. Takes seconds when it makes one.
    Raises KeyFileWrong.
    """
    with (folder / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        files = sorted(folder.glob(_PATTERN), key=lambda file: file.stat().st_mtime_ns)
        if not files:
            files = [_create(folder, bits)]
    pairs = [_read(file) for file in files]
    private = pairs[-1]
    public = {kid_of(pair.public_key()): pair.public_key() for pair in pairs}
    return SigningKeys(kid_of(private.public_key()), private, public)


def kid_of(key: RSAPublicKey) -> str:
    """Return a public key's id: the first digits of its SHA-256."""
    raw = key.public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return hashlib.sha256(raw).hexdigest()[:_KID_DIGITS]


def _create(folder: Path, bits: int) -> Path:
    pair = generate_private_key(_EXPONENT, bits)
    text = pair.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    ).decode()
    file = folder / f"access-{kid_of(pair.public_key())}.pem"
    write_private(file, text)
    return file


def _read(file: Path) -> RSAPrivateKey:
    if file.stat().st_mode & 0o077:
        raise KeyFileWrong(f"{file} can be read by others: make it 0600 (chmod 600), or rotate it")
    try:
        key = serialization.load_pem_private_key(file.read_bytes(), password=None)
    except ValueError as error:
        raise KeyFileWrong(
            f"{file} is no private key in PEM ({error}): mend or remove it"
        ) from None
    if not isinstance(key, RSAPrivateKey):
        raise KeyFileWrong(f"{file} is no RSA key: remove it")
    return key
