"""The state digest: SHA-256 of the canonical bytes (L15.3, INV-11)."""

import hashlib

from bezant.core import snapshot
from bezant.core.state import State


def digest(state: State) -> bytes:
    """Return the digest of the whole state; costs a pass over it."""
    return hashlib.sha256(snapshot.encode(state)).digest()
