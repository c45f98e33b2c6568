"""Snapshots: the whole state on disk, so that a start replays a short tail only.

A snapshot is an object of packed chunks, pointed at by a row once it is durable. A bad one is
passed over for an older one or for genesis; it is never trusted in part. Not for deciding when one
is due: that is the snapshotter's.
"""

import contextlib
import hashlib
import os
import struct
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO, Final, Protocol

import msgspec
import zstandard
from msgspec import Struct

from bezant.core import codec
from bezant.core.codec import MalformedMessage
from bezant.core.contract import EngineContract
from bezant.journal.ports import GENESIS_HASH, Journal, Tip
from bezant.kit.failpoints import failpoint
from bezant.kit.paths import sync_folder

CHUNK_SIZE: Final = 8 * 1_048_576
KEEP_COUNT: Final = 3
MAGIC: Final = b"bezant snapshot 1\n"
SUFFIX: Final = ".snapshot"
PARTIAL_SUFFIX: Final = ".partial"
ZSTD_LEVEL: Final = 1
HEADER_SIZE_MAX: Final = 4_096

_LENGTH: Final = struct.Struct(">I")


class BadSnapshot(Exception):
    """An object that is missing, cut short, changed, or of another journal; the text says which."""


class SnapshotHeader(Struct, frozen=True, array_like=True):
    """What an object says of itself: where in which journal it stands, and what it sums up to.

    `row_hash` is the hash of the journal row that ends at `seq`; `digest` is SHA-256 of the state,
    `size` its length in bytes.
    """

    shard: int
    seq: int
    row_hash: bytes
    rules: int
    format: int
    engine: str
    digest: bytes
    size: int


class SnapshotPointer(Struct, frozen=True):
    """A row of the table `snapshot`: the object's name and what its state must sum up to."""

    seq: int
    digest: bytes
    name: str


class SnapshotIndex(Protocol):
    """The rows that point at objects."""

    async def add(self, header: SnapshotHeader, name: str) -> None:
        """Point at an object that is durable."""

    async def remove(self, pointer: SnapshotPointer) -> None:
        """Point at it no more."""

    async def list_newest_first(self) -> tuple[SnapshotPointer, ...]:
        """Return all pointers of this shard."""


class SnapshotStore:
    """The objects in a folder and the rows that point at them."""

    def __init__(self, folder: Path, index: SnapshotIndex, *, shard: int = 0) -> None:
        self._folder = folder
        self._index = index
        self._shard = shard

    async def save(self, engine: EngineContract, tip: Tip, *, engine_name: str) -> SnapshotHeader:
        """Write the engine's state at `tip`, point at it, drop all but the newest three."""
        state = engine.snapshot()
        header = SnapshotHeader(
            shard=self._shard,
            seq=tip.seq,
            row_hash=tip.hash,
            rules=engine.rules,
            format=codec.FORMAT,
            engine=engine_name,
            digest=hashlib.sha256(state).digest(),
            size=len(state),
        )
        name = f"{self._shard:02}-{tip.seq:016}{SUFFIX}"
        write_object(self._folder / name, header, state)
        failpoint("snapshot.before_row")
        await self._index.add(header, name)
        await self._prune()
        return header

    async def restore_newest(
        self,
        make_engine: Callable[[], EngineContract],
        journal: Journal,
        report: Callable[[str], None],
    ) -> tuple[EngineContract, Tip]:
        """Return an engine restored from the newest good snapshot, else a new one at genesis.

        Tells `report` about each bad one and why.
        """
        for pointer in await self._index.list_newest_first():
            engine = make_engine()
            try:
                header, state = read_object(self._folder / pointer.name, pointer)
                await _check_belongs(header, journal, self._shard)
                engine.restore(state)
                if (engine.seq, engine.rules) != (header.seq, header.rules):
                    raise BadSnapshot(f"its state stands at seq {engine.seq}, not {header.seq}")
            except (BadSnapshot, MalformedMessage) as error:
                report(f"snapshot {pointer.name} at seq {pointer.seq} is passed over: {error}")
                continue
            return engine, Tip(header.seq, header.row_hash)
        return make_engine(), Tip(0, GENESIS_HASH)

    async def _prune(self) -> None:
        """Keep the newest three; the row goes before its object."""
        pointers = await self._index.list_newest_first()
        for pointer in pointers[KEEP_COUNT:]:
            await self._index.remove(pointer)
        kept = {pointer.name for pointer in pointers[:KEEP_COUNT]}
        _remove_others(self._folder, f"{self._shard:02}-", kept)


def write_object(path: Path, header: SnapshotHeader, state: bytes) -> None:
    """Write an object whole or not at all: fsync, rename, fsync of the folder. Raises OSError."""
    partial = path.with_name(path.name + PARTIAL_SUFFIX)
    try:
        _write(partial, header, state)
    except OSError:
        partial.unlink(missing_ok=True)  # So that a full disk is not kept full by it.
        raise
    failpoint("snapshot.before_rename")
    partial.replace(path)
    sync_folder(path.parent)


def _write(partial: Path, header: SnapshotHeader, state: bytes) -> None:
    with partial.open("wb") as file:
        packed_header = msgspec.msgpack.encode(header)
        file.write(MAGIC + _LENGTH.pack(len(packed_header)) + packed_header)
        packer = zstandard.ZstdCompressor(level=ZSTD_LEVEL)
        for start in range(0, len(state), CHUNK_SIZE):
            chunk = packer.compress(state[start : start + CHUNK_SIZE])
            file.write(_LENGTH.pack(len(chunk)) + chunk)
            failpoint("snapshot.during_write")
        file.flush()
        os.fsync(file.fileno())


def read_object(path: Path, pointer: SnapshotPointer) -> tuple[SnapshotHeader, bytes]:
    """Return header and state of an object, checked against its row. Raises BadSnapshot."""
    try:
        with path.open("rb") as file:
            header = _read_header(file)
            state = b"".join(_read_chunks(file, header.size))
    except (OSError, msgspec.DecodeError, UnicodeDecodeError, zstandard.ZstdError) as error:
        raise BadSnapshot(f"it cannot be read: {error}") from error
    if len(state) != header.size:
        raise BadSnapshot(f"it has {len(state)} bytes of state, {header.size} were written")
    digest = hashlib.sha256(state).digest()
    if not digest == header.digest == pointer.digest or header.seq != pointer.seq:
        raise BadSnapshot(
            f"its digest is {digest.hex()}, its row says {pointer.digest.hex()} at {pointer.seq}"
        )
    return header, state


async def _check_belongs(header: SnapshotHeader, journal: Journal, shard: int) -> None:
    """Check that the journal has the very row that the snapshot was taken at."""
    if header.shard != shard or header.format != codec.FORMAT:
        raise BadSnapshot(f"it is of shard {header.shard} and format {header.format}")
    async for row in journal.read(header.seq, header.seq):
        if (row.batch.seq_last, row.hash) == (header.seq, header.row_hash):
            return
    raise BadSnapshot(f"the journal has no row {header.row_hash.hex()} that ends at {header.seq}")


def _read_header(file: BinaryIO) -> SnapshotHeader:
    if file.read(len(MAGIC)) != MAGIC:
        raise BadSnapshot("it does not begin like a snapshot")
    size = _read_length(file)
    if size > HEADER_SIZE_MAX:
        raise BadSnapshot(f"its header says that it is {size} bytes long")
    return msgspec.msgpack.decode(file.read(size), type=SnapshotHeader)


def _read_chunks(file: BinaryIO, size: int) -> Iterator[bytes]:
    unpacker = zstandard.ZstdDecompressor()
    for _ in range(0, size, CHUNK_SIZE):
        packed = file.read(_read_length(file))
        if not 0 <= zstandard.frame_content_size(packed) <= CHUNK_SIZE:
            raise BadSnapshot("a chunk of it has no known size")
        yield unpacker.decompress(packed)
    if file.read(1):
        raise BadSnapshot("something follows its last chunk")


def _read_length(file: BinaryIO) -> int:
    raw = file.read(_LENGTH.size)
    if len(raw) < _LENGTH.size:
        raise BadSnapshot("it ends too early")
    length: int = _LENGTH.unpack(raw)[0]
    return length


def _remove_others(folder: Path, prefix: str, kept: set[str]) -> None:
    """Remove objects that nothing points at: dropped ones, and what a crash left half-written."""
    for path in folder.glob(f"{prefix}*{SUFFIX}*"):
        if path.name not in kept:
            with contextlib.suppress(FileNotFoundError):
                path.unlink()


class MemorySnapshotIndex:
    """Pointers in memory, for tests and simulation."""

    def __init__(self) -> None:
        self._pointers: dict[int, SnapshotPointer] = {}

    async def add(self, header: SnapshotHeader, name: str) -> None:
        """Point at an object."""
        self._pointers[header.seq] = SnapshotPointer(header.seq, header.digest, name)

    async def remove(self, pointer: SnapshotPointer) -> None:
        """Point at it no more."""
        self._pointers.pop(pointer.seq, None)

    async def list_newest_first(self) -> tuple[SnapshotPointer, ...]:
        """Return all pointers."""
        return tuple(self._pointers[seq] for seq in sorted(self._pointers, reverse=True))
