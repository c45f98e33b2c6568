"""A file of order events and what of it is played: orders to place and to cancel, in order.

The format is that of obAnalytics (columns id, timestamp, exchange.timestamp, price, volume, action,
direction); volumes count 1e-8 of the base coin, prices have two decimals.
"""

import csv
import gzip
import lzma
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final, TextIO

from msgspec import Struct

COLUMNS: Final = (
    "id",
    "timestamp",
    "exchange.timestamp",
    "price",
    "volume",
    "action",
    "direction",
)
ACTIONS: Final = ("created", "changed", "deleted")
PRICE: Final = re.compile(r"(0|[1-9][0-9]{0,11})\.([0-9]{2})", re.ASCII)
WHOLE: Final = re.compile(r"0|[1-9][0-9]{0,17}", re.ASCII)


class FlowError(ValueError):
    """The file is not order flow; the message names the line, the column and the rule."""


class FlowRow(Struct, frozen=True):
    """One order event: price in hundredths, volume (what is left) in 1e-8."""

    id: int
    time_ms: int
    price_cents: int
    volume: int
    action: str
    is_bid: bool


class Place(Struct, frozen=True):
    """Place a GTC limit order."""

    id: int
    time_ms: int
    price_cents: int
    volume: int
    is_bid: bool


class Cancel(Struct, frozen=True):
    """Cancel what is left of an order."""

    id: int
    time_ms: int


class Flow(Struct, frozen=True):
    """What is played, and what the file says became of it.

    `executed` maps each order that traded in the file to the volume that it traded there.
    """

    preexisting: tuple[Place, ...]
    steps: tuple[Place | Cancel, ...]
    ignored: int
    executed: dict[int, int]

    @property
    def orders(self) -> int:
        """How many orders are placed, old ones included."""
        placed = sum(1 for step in self.steps if isinstance(step, Place))
        return len(self.preexisting) + placed


def read_flow(path: Path) -> Flow:
    """Return the flow in a `.csv`, `.csv.gz` or `.csv.xz` file. Raises FlowError, OSError."""
    with _open(path) as file:
        return plan(_rows(file))


def plan(rows: Iterable[FlowRow]) -> Flow:
    """Return what is played of rows in file order.

    An order lives from its first `created` row to its first `deleted` row. One whose first row is
    something else, with volume left, is old: it is placed before the start, by id, and lives from
    there. Rows outside an order's life are ignored; `changed`, and `deleted` with nothing left,
    tell what the recorded exchange did and are not played.
    """
    listed = tuple(rows)
    firsts: dict[int, FlowRow] = {}
    for row in listed:
        firsts.setdefault(row.id, row)
    old = [row for row in firsts.values() if row.action != "created" and row.volume > 0]
    old.sort(key=lambda row: row.id)
    life = _Life({row.id: row.volume for row in old})
    for row in listed:
        life.follow(row)
    return Flow(
        preexisting=tuple(_place(row) for row in old),
        steps=tuple(life.steps),
        ignored=life.ignored,
        executed=life.executed(),
    )


class _Life:
    """Which orders live while the rows pass by."""

    def __init__(self, started: dict[int, int]) -> None:
        self.started = started  # Id to the volume in the row where its life starts.
        self.last = dict(started)  # Id to its last volume before or at its deletion.
        self.ended: dict[int, bool] = {}
        self.steps: list[Place | Cancel] = []
        self.ignored = 0

    def follow(self, row: FlowRow) -> None:
        """Take the next row of the file."""
        is_born = row.id in self.started
        if row.id in self.ended or is_born == (row.action == "created"):
            self.ignored += 1
            return
        self.last[row.id] = row.volume
        if row.action == "created":
            self.started[row.id] = row.volume
            self.steps.append(_place(row))
        elif row.action == "deleted":
            self.ended[row.id] = True
            if row.volume > 0:
                self.steps.append(Cancel(row.id, row.time_ms))

    def executed(self) -> dict[int, int]:
        """Return what each order lost while it lived, where that is more than nothing."""
        lost = {id_: started - self.last[id_] for id_, started in self.started.items()}
        return {id_: volume for id_, volume in lost.items() if volume > 0}


def _place(row: FlowRow) -> Place:
    return Place(row.id, row.time_ms, row.price_cents, row.volume, row.is_bid)


def _open(path: Path) -> TextIO:
    if path.suffix == ".xz":
        return lzma.open(path, "rt", encoding="ascii", newline="")
    if path.suffix == ".gz":
        return gzip.open(path, "rt", encoding="ascii", newline="")
    return path.open("r", encoding="ascii", newline="")


def _rows(file: TextIO) -> Iterator[FlowRow]:
    reader = csv.reader(file)
    try:
        header = next(reader, None)
        if header is None or tuple(header) != COLUMNS:
            raise FlowError(f"line 1: the columns must be {','.join(COLUMNS)}")
        for fields in reader:
            yield _row(fields, reader.line_num)
    except (csv.Error, UnicodeDecodeError, EOFError, lzma.LZMAError, gzip.BadGzipFile) as error:
        raise FlowError(f"after line {reader.line_num}: not readable as CSV: {error}") from error


def _row(fields: list[str], line: int) -> FlowRow:
    if len(fields) != len(COLUMNS):
        raise FlowError(f"line {line}: {len(fields)} columns, must be {len(COLUMNS)}")
    named = dict(zip(COLUMNS, fields, strict=True))
    for column in ("id", "timestamp", "volume"):
        if WHOLE.fullmatch(named[column]) is None:
            raise FlowError(f"line {line}: {column} {named[column]!r} is not a whole number")
    price = PRICE.fullmatch(named["price"])
    if price is None:
        raise FlowError(f"line {line}: price {named['price']!r} must have two decimals")
    if named["action"] not in ACTIONS:
        raise FlowError(f"line {line}: action {named['action']!r} is none of {', '.join(ACTIONS)}")
    if named["direction"] not in ("bid", "ask"):
        raise FlowError(f"line {line}: direction {named['direction']!r} must be bid or ask")
    return FlowRow(
        id=int(named["id"]),
        time_ms=int(named["timestamp"]),
        price_cents=int(price[1]) * 100 + int(price[2]),
        volume=int(named["volume"]),
        action=named["action"],
        is_bid=named["direction"] == "bid",
    )
