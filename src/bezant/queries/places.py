"""Where a page of events ended, and how a client gives it back as text."""

from typing import Self

from msgspec import Struct


class Place(Struct, frozen=True, order=True):
    """A row's place: its event `(seq, index)`, and which of the rows that the event made.

    `part` is an asset for ledger lines, 1 for the maker's side of a trade and 0 for the taker's.
    """

    seq: int
    index: int
    part: int

    def __str__(self) -> str:
        """Return it as text, as it stands in a cursor or an id: `seq.index.part`."""
        return f"{self.seq}.{self.index}.{self.part}"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return the place that `str` wrote. Raises ValueError if it is none."""
        parts = text.split(".")
        if len(parts) != len(cls.__struct_fields__) or not all(
            part.isascii() and part.isdecimal() and len(part) <= _DIGITS_MAX for part in parts
        ):
            raise ValueError("a place is three whole numbers, like 17.0.2")
        return cls(*(int(part) for part in parts))


_DIGITS_MAX = 16  # Below 2^53, so that no column overflows.
