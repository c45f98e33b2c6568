"""The shape that every read model has: fold events into memory, write what came of them."""

from typing import Any, ClassVar, Protocol

from msgspec import Struct

from bezant.core.events import Event
from bezant.core.postings import Posting


class At(Struct, frozen=True, gc=False):
    """Where an event stands: its entry, its place in it, and the entry's time."""

    seq: int
    index: int
    ts_ns: int


class Fold(Protocol):
    """One read model's share of a batch. Made empty, filled by `fold`, used up by `write`."""

    events: ClassVar[tuple[type[Event], ...]]
    """The kinds of events that `fold` wants to see."""

    def fold(self, at: At, event: Any, moved: tuple[Posting, ...]) -> None:
        """Take in one event with the postings that follow from it."""

    async def write(self, connection: Any) -> None:
        """Write all of it with few statements, in the caller's transaction."""
