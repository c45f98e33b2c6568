"""The feed's client trusts no server: gaps, repeats, silence and garbage are noticed."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import pytest

from bezant.core import codec
from bezant.core.ids import Seq
from bezant.egress import client
from bezant.egress.client import FeedGap, FeedRefused, follow
from bezant.egress.frames import FeedEnded, FeedIdle, FeedRefusal, FeedRow
from bezant.kit.framing import pack


def row(first: int, last: int) -> bytes:
    return pack(codec.encode(FeedRow(Seq(first), Seq(last), 1, 1, 1, b"")))


def ended(refusal: FeedRefusal) -> bytes:
    return pack(codec.encode(FeedEnded(refusal, refusal.name)))


@contextlib.asynccontextmanager
async def server(
    path: Path, *scripts: Sequence[bytes], hangs_up: bool = True
) -> AsyncIterator[None]:
    """Play one script a connection and hang up; the last one stays open, silent."""
    left = list(scripts)
    writers: list[asyncio.StreamWriter] = []

    async def serve(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writers.append(writer)
        for frame in left.pop(0):
            writer.write(frame)
        if left and hangs_up:
            writer.close()

    listening = await asyncio.start_unix_server(serve, path)
    try:
        yield
    finally:
        listening.close()
        for writer in writers:
            writer.transport.abort()
        await asyncio.sleep(0)


async def collect(path: Path, count: int) -> list[tuple[int, int]]:
    rows: list[tuple[int, int]] = []
    async with asyncio.timeout(5), contextlib.aclosing(follow(path, "test", 1)) as frames:
        async for frame in frames:
            if isinstance(frame, FeedRow):
                rows.append((frame.seq_first, frame.seq_last))
                if len(rows) == count:
                    break
    return rows


@pytest.mark.parametrize("second", [row(4, 5), row(2, 3), row(3, 2)])
async def test_a_gap_or_a_repeat_is_an_error(tmp_path: Path, second: bytes) -> None:
    async with server(tmp_path / "s", [row(1, 2), second]):
        with pytest.raises(FeedGap, match="expected seq 3"):
            await collect(tmp_path / "s", 2)


async def test_it_goes_on_over_links_that_break(tmp_path: Path) -> None:
    half = row(4, 5)[:-1]
    scripts = ([row(1, 3), half], [b"\xff\xff\xff\xff"], [row(4, 4)], [row(5, 9)])
    async with server(tmp_path / "s", *scripts):
        assert await collect(tmp_path / "s", 3) == [(1, 3), (4, 4), (5, 9)]


@pytest.mark.parametrize("refusal", [FeedRefusal.AHEAD, FeedRefusal.ARCHIVED])
async def test_a_refusal_is_told(tmp_path: Path, refusal: FeedRefusal) -> None:
    async with server(tmp_path / "s", [ended(refusal)]):
        with pytest.raises(FeedRefused, match=refusal.name) as refused:
            await collect(tmp_path / "s", 1)
        assert refused.value.refusal is refusal


async def test_a_core_that_stops_is_waited_for(tmp_path: Path) -> None:
    async with server(tmp_path / "s", [row(1, 1), ended(FeedRefusal.STOPPING)], [row(2, 2)]):
        assert await collect(tmp_path / "s", 2) == [(1, 1), (2, 2)]


async def test_silence_is_a_dead_link(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "SILENCE_MAX_S", 0.1)
    async with server(tmp_path / "s", [row(1, 1)], [row(2, 2)[:-1]], [row(2, 2)], hangs_up=False):
        assert await collect(tmp_path / "s", 2) == [(1, 1), (2, 2)]


async def test_idle_frames_are_passed_on(tmp_path: Path) -> None:
    idle = pack(codec.encode(FeedIdle(Seq(7))))
    async with (
        server(tmp_path / "s", [idle]),
        contextlib.aclosing(follow(tmp_path / "s", "test", 8)) as frames,
        asyncio.timeout(5),
    ):
        assert await anext(frames) == FeedIdle(Seq(7))
