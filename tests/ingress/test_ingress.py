"""The door in, over a real socket: order kept, malformed refused, unknown called unknown."""

import asyncio
import os
from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
import pytest

from bezant.core import codec, reads
from bezant.core.commands import CancelAll, Command, Tick
from bezant.core.ids import AccountId, MarketId
from bezant.ingress.client import (
    CoreClient,
    CoreStopping,
    CoreUnavailable,
    MalformedRequest,
    OutcomeUnknown,
    Overloaded,
    RequestExpired,
)
from bezant.ingress.frames import FRAME_SIZE_MAX, Query, Submit, SubmitStatus, Submitted
from bezant.kit.clock import SystemClock
from bezant.kit.framing import HEADER_SIZE, FrameReader, pack
from tests.sequencer.house import Gate, House, open_doors, running_house
from tests.sequencer.orders import cancel_all, place


@pytest.fixture
async def door(tmp_path: Path) -> AsyncIterator[tuple[House, CoreClient]]:
    async with running_house() as house, open_doors(house, tmp_path) as (ingress, _):
        client = CoreClient(ingress)
        await client.start()
        await client.wait_connected(2)
        yield house, client
        await client.close()


def command(client_id: str) -> Command:
    return codec.decode_command(place(client_id))


async def test_a_submit_brings_its_outcomes(door: tuple[House, CoreClient]) -> None:
    _, client = door
    submission = await client.submit([command("a1"), command("a2")])
    assert [one.seq for one in submission.outcomes] == [1, 2]
    assert abs(submission.ts_ns - SystemClock().now_ns()) < 5_000_000_000


async def test_many_in_flight_keep_the_order_of_the_calls(door: tuple[House, CoreClient]) -> None:
    _, client = door
    submits = [client.submit([command(str(number))]) for number in range(2_000)]
    submissions = await asyncio.gather(*submits)
    assert [one.outcomes[0].seq for one in submissions] == list(range(1, 2_001))


async def test_a_query_is_answered_at_a_committed_seq(door: tuple[House, CoreClient]) -> None:
    house, client = door
    await client.submit([command("a1")])
    answer = await client.query(reads.ReadDigest())
    assert isinstance(answer, reads.StateDigest)
    assert (answer.seq, answer.digest) == (1, house.engine.digest())


async def test_without_a_core_nothing_is_sent(tmp_path: Path) -> None:
    client = CoreClient(tmp_path / "nobody.sock")
    await client.start()
    with pytest.raises(CoreUnavailable):
        await client.submit([command("a1")])
    with pytest.raises(CoreUnavailable):
        await client.query(reads.ReadMarks())
    await client.close()


async def test_a_lost_connection_makes_the_outcome_unknown_and_is_mended(tmp_path: Path) -> None:
    gate = Gate(is_open=False)
    async with running_house(faults=gate) as house:
        client = CoreClient(tmp_path / "i.sock")
        async with open_doors(house, tmp_path):
            await client.start()
            await client.wait_connected(2)
            submit = asyncio.create_task(client.submit([command("a1")]))
            await asyncio.sleep(0.05)
        with pytest.raises(OutcomeUnknown):
            await submit
        gate.open()
        async with open_doors(house, tmp_path):
            await client.wait_connected(3)
            assert (await client.submit([command("a2")])).outcomes[0].seq == 2
        await client.close()
    assert house.store.tip.seq == 2  # What was unknown to the client was done.


async def test_silence_makes_the_outcome_unknown(tmp_path: Path) -> None:
    gate = Gate(is_open=False)
    async with running_house(faults=gate) as house, open_doors(house, tmp_path) as (path, _):
        client = CoreClient(path)
        await client.start()
        await client.wait_connected(2)
        with pytest.raises(OutcomeUnknown):
            await client.submit([command("a1")], timeout_s=0.05)
        gate.open()
        assert (await client.submit([command("a2")])).outcomes[0].seq == 2
        await client.close()


async def test_what_is_late_is_refused(door: tuple[House, CoreClient]) -> None:
    _, client = door
    with pytest.raises(RequestExpired, match="nothing was done"):
        await client.submit([command("a1")], valid_until_ns=1)


async def test_a_full_inbox_refuses_orders_and_takes_cancels(tmp_path: Path) -> None:
    async with running_house() as house, open_doors(house, tmp_path) as (path, _):
        client = CoreClient(path)
        await client.start()
        await client.wait_connected(2)
        house.inbox._new_orders_max = 0  # As if it were 80 % full.
        with pytest.raises(Overloaded, match="nothing was done"):
            await client.submit([command("a1")])
        await client.submit([CancelAll(AccountId(1_000), MarketId(0))])
        house.inbox._commands_max = 0
        with pytest.raises(Overloaded):
            await client.submit([CancelAll(AccountId(1_000), MarketId(0))])
        await client.close()


async def test_a_stopping_core_says_so(door: tuple[House, CoreClient]) -> None:
    house, client = door
    house.sequencer.stop()
    with pytest.raises(CoreStopping, match="nothing was done"):
        await client.submit([command("a1")])
    with pytest.raises(CoreStopping):
        await client.query(reads.ReadMarks())


async def test_a_batch_has_a_limit(door: tuple[House, CoreClient]) -> None:
    _, client = door
    for wrong in ([], [command("a1")] * 101):
        with pytest.raises(MalformedRequest, match="1 to 100"):
            await client.submit(wrong)


@pytest.mark.parametrize(
    "raw",
    [
        codec.encode(Tick()),  # The sequencer's own.
        b"\x92\xcc\x63\x01",  # No such tag.
        b"\x93\x06\xcd\x03\xe8\xcd\x00\x00",  # Not the shortest integers.
        cancel_all()[:-1] + b"\xa0",  # A text where a number belongs.
        b"\x94" + cancel_all()[1:] + b"\x00",  # One field too many.
        place("ok").replace(b"\xa2ok", b"\xa2\xff\xfe"),  # Not UTF-8.
        place("a\x00"),  # No table can keep a NUL.
        b"\xc0",
    ],
)
async def test_malformed_commands_are_refused_at_the_door(
    door: tuple[House, CoreClient], raw: bytes
) -> None:
    house, client = door
    with pytest.raises(MalformedRequest):
        await client.submit_encoded([place("fine"), raw])
    assert (await client.submit([command("a1")])).outcomes[0].seq == 1
    assert house.store.tip.seq == 1


async def test_a_malformed_query_is_refused(door: tuple[House, CoreClient]) -> None:
    _, client = door
    link = client._get_link()
    reply = await link.ask(77, msgspec.msgpack.encode(Query(77, msgspec.Raw(b"\x91\x63"))), 2)
    assert isinstance(reply, Submitted)
    assert reply.status == SubmitStatus.MALFORMED


async def test_a_request_that_says_who_it_is_gets_its_refusal(
    door: tuple[House, CoreClient],
) -> None:
    _, client = door
    link = client._get_link()
    reply = await link.ask(78, msgspec.msgpack.encode([1, 78, "soon", []]), 2)
    assert isinstance(reply, Submitted)
    assert reply.status == SubmitStatus.MALFORMED


@pytest.mark.parametrize("garbage", [b"\xff" * 100, pack(b"\xc1"), pack(b"\x93\x01"), pack(b"")])
async def test_garbage_ends_its_own_connection_alone(
    door: tuple[House, CoreClient], tmp_path: Path, garbage: bytes
) -> None:
    _, client = door
    reader, writer = await asyncio.open_unix_connection(tmp_path / "i.sock")
    writer.write(garbage)
    async with asyncio.timeout(2):
        assert await reader.read() == b""
    writer.close()
    assert (await client.submit([command("a1")])).outcomes[0].seq == 1


async def test_random_bytes_never_hurt_the_core(
    door: tuple[House, CoreClient], tmp_path: Path
) -> None:
    _, client = door
    for _ in range(50):
        _, writer = await asyncio.open_unix_connection(tmp_path / "i.sock")
        writer.write(pack(os.urandom(40)) + os.urandom(20))
        writer.close()
    assert (await client.submit([command("a1")])).outcomes[0].seq == 1


async def test_a_client_that_reads_no_replies_is_not_read_either(tmp_path: Path) -> None:
    async with running_house() as house, open_doors(house, tmp_path) as (path, _):
        _, writer = await asyncio.open_unix_connection(path)
        request = pack(msgspec.msgpack.encode(Submit(1, 0, [msgspec.Raw(place("a"))] * 100)))
        sent = 0
        try:
            async with asyncio.timeout(2):
                while True:
                    writer.write(request)
                    await writer.drain()
                    sent += 1
        except TimeoutError:
            pass
        assert sent * 100 > house.inbox.command_count
        client = CoreClient(path)
        await client.start()
        await client.wait_connected(2)
        async with asyncio.timeout(5):
            await client.submit([command("a1")])
        await client.close()
        writer.transport.abort()


def test_frames_are_cut_whatever_the_chunks() -> None:
    stream = pack(b"one") + pack(b"") + pack(b"x" * 1_000)
    for size in (1, 3, HEADER_SIZE, 7, 2_000):
        reader = FrameReader(FRAME_SIZE_MAX)
        found = []
        for start in range(0, len(stream), size):
            found += reader.feed(stream[start : start + size])
        assert found == [b"one", b"", b"x" * 1_000]
