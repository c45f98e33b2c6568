"""The sequencer: dense seqs, one append in flight, nothing let out before its commit."""

import asyncio
import hashlib

import pytest

from bezant.core import codec, reads
from bezant.core.codec import MalformedMessage
from bezant.core.commands import Command, Quarantined, SetTier, Tick
from bezant.core.ids import AccountId, Number, Source
from bezant.journal.memory import Store
from bezant.journal.ports import BATCH_BYTES_MAX
from bezant.kit.clock import SystemClock
from bezant.sequencer.faults import AppendUnknown, Deposed, Poisoned
from bezant.sequencer.inbox import Done, Question, Settlement, TurnedAway
from tests.sequencer.counting_engine import CountingEngine
from tests.sequencer.house import Gate, House, running_house
from tests.sequencer.orders import place, set_timer

READ = codec.encode(reads.ReadMarks())


def commands_of(house: House) -> list[Command]:
    return [
        entry.command
        for row in house.store.rows
        for entry in codec.decode_entries(
            row.batch.entries, row.batch.seq_last - row.batch.seq_first + 1
        )
    ]


def done(settlement: Settlement) -> Done:
    assert isinstance(settlement, Done)
    return settlement


def ask(house: House) -> "asyncio.Future[bytes | TurnedAway | MalformedMessage]":
    answer: asyncio.Future[bytes | TurnedAway | MalformedMessage]
    answer = asyncio.get_running_loop().create_future()
    house.inbox.ask(Question(READ, answer.set_result))
    return answer


async def test_each_command_gets_the_next_seq_and_its_outcome() -> None:
    async with running_house() as house:
        settled = [house.submit(place(f"a{i}"), place(f"b{i}")) for i in range(10)]
        outcomes = [one for each in settled for one in done(await each).outcomes]
    seqs = [one.seq for one in codec.decode_outcomes(b"".join(outcomes), 20)]
    assert seqs == list(range(1, 21))
    assert house.store.tip.seq == 20


async def test_nothing_is_let_out_before_its_commit() -> None:
    """INV-08: neither the reply, nor a read that saw it, nor the feed."""
    gate = Gate(is_open=False)
    async with running_house(faults=gate) as house:
        settled, answer = house.submit(place("a1")), None
        await asyncio.sleep(0.01)
        answer = ask(house)
        await asyncio.sleep(0.02)
        assert gate.sent == 1
        assert house.engine.seq == 1
        assert not settled.done()
        assert not answer.done()
        assert house.rows == []
        assert house.feed.tip_seq == 0
        gate.open()
        await asyncio.wait_for(settled, 1)
        assert (await answer) is not None
        assert house.feed.tip_seq == 1


async def test_one_append_is_in_flight_while_the_next_batch_gathers() -> None:
    gate = Gate(is_open=False)
    async with running_house(faults=gate) as house:
        first = house.submit(place("a1"))
        await asyncio.sleep(0.01)
        rest = [house.submit(place(f"b{i}")) for i in range(50)]
        await asyncio.sleep(0.02)
        assert gate.sent == 1
        assert house.engine.seq == 51  # Applied ahead of the journal; nobody can see it.
        gate.open()
        await asyncio.wait_for(asyncio.gather(first, *rest), 1)
    assert [row.batch.seq_last for row in house.store.rows] == [1, 51]


async def test_commands_of_a_request_stay_adjacent_in_one_row() -> None:
    async with running_house() as house:
        both = [house.submit(*(place(f"{who}{i}") for i in range(100))) for who in "ab"]
        for settled in both:
            outcomes = codec.decode_outcomes(b"".join(done(await settled).outcomes), 100)
            first = outcomes[0].seq
            assert [one.seq for one in outcomes] == list(range(first, first + 100))
            assert [
                row
                for row in house.store.rows
                if row.batch.seq_first <= first and first + 99 <= row.batch.seq_last
            ]


async def test_rows_stay_below_their_limit_of_bytes() -> None:
    async with running_house() as house:
        settled = [
            house.submit(*(place(f"{i}-{k}" + "x" * 200) for k in range(100))) for i in range(60)
        ]
        await asyncio.gather(*settled)
    sizes = [len(row.batch.entries) + len(row.batch.events) for row in house.store.rows]
    assert max(sizes) <= BATCH_BYTES_MAX
    assert house.store.tip.seq == 6_000


async def test_a_late_command_is_refused_unjournaled() -> None:
    async with running_house() as house:
        now_ns = SystemClock().now_ns()
        late = house.submit(place("a1"), valid_until_ns=now_ns - 1_000_000)
        in_time = house.submit(place("a2"), valid_until_ns=now_ns + 10_000_000_000)
        assert await late is TurnedAway.EXPIRED
        assert isinstance(await in_time, Done)
    assert house.store.tip.seq == 1


async def test_an_idle_house_ticks_when_a_timer_is_due() -> None:
    async with running_house() as house:
        await house.submit(set_timer(30))
        await asyncio.sleep(0.15)
    assert [type(command) for command in commands_of(house)][1:] == [Tick]
    assert house.engine.next_deadline() == 0


async def test_ticks_go_before_commands_while_the_engine_catches_up() -> None:
    async with running_house(engine=CountingEngine(timers_per_entry=2)) as house:
        await house.submit(*(set_timer(1, 1_000 + i) for i in range(7)))
        await asyncio.sleep(0.05)
        settled = done(await house.submit(place("a1")))
    assert codec.decode_outcomes(settled.outcomes[0], 1)[0].code == 0
    kinds = [type(command).__name__ for command in commands_of(house)]
    assert kinds[7:11] == ["Tick"] * 4


async def test_time_of_entries_never_runs_back() -> None:
    async with running_house() as house:
        for number in range(20):
            await house.submit(place(str(number)))
    times = [row.batch.ts_ns for row in house.store.rows]
    assert times == sorted(times)
    assert abs(times[-1] - SystemClock().now_ns()) < 1_000_000_000


async def test_a_deposed_sequencer_ends_and_answers_nobody() -> None:
    async with running_house() as house:
        await house.submit(place("a1"))
        house.store.epoch += 1
        settled = house.submit(place("a2"))
        with pytest.raises(Deposed):
            await asyncio.wait_for(house.running, 1)
        assert not settled.done()
    assert house.store.tip.seq == 1


async def test_an_unknown_append_ends_the_sequencer() -> None:
    class Lost(Gate):
        async def after_write(self) -> None:
            raise ConnectionResetError

    async with running_house(faults=Lost()) as house:
        settled = house.submit(place("a1"))
        with pytest.raises(AppendUnknown, match="seq 1 to 1"):
            await asyncio.wait_for(house.running, 1)
        assert not settled.done()
        assert house.rows == []


async def test_an_idle_leader_renews_its_lease_and_notices_that_it_lost_it() -> None:
    async with running_house(lease_ttl_ms=90) as house:
        expires_ns = house.store.expires_ns
        await asyncio.sleep(0.1)
        assert house.store.expires_ns > expires_ns
        house.store.epoch += 1
        with pytest.raises(Deposed):
            await asyncio.wait_for(house.running, 1)


async def test_a_poisonous_command_is_buried_and_refused_when_it_comes_again() -> None:
    """One crash at most (F25, L15.5): then the journal says Quarantined in its place."""
    store, poison = Store(SystemClock()), place("poison")
    async with running_house(store=store) as house:
        await house.submit(place("a1"))
        settled = house.submit(place("a2"), poison)
        with pytest.raises(Poisoned):
            await asyncio.wait_for(house.running, 1)
        assert not settled.done()
    sha256 = hashlib.sha256(poison).digest()
    assert set(store.quarantine) == {sha256}
    assert store.tip.seq == 1  # Nothing of its batch was written.

    store.expires_ns = 0
    engine = CountingEngine()
    row = store.rows[0]
    engine.apply(row.batch.ts_ns, row.batch.seq_first, row.batch.entries)
    async with running_house(store=store, engine=engine) as house:
        await house.submit(place("a2"), poison)
    assert commands_of(house)[2] == Quarantined(sha256, Source(0), Number(0))


async def test_a_quarantined_command_with_a_source_keeps_its_number() -> None:
    store = Store(SystemClock())
    command = codec.encode(SetTier(Source(3), Number(8), AccountId(1_000), 1))
    sha256 = hashlib.sha256(command).digest()
    store.quarantine[sha256] = "it broke"
    async with running_house(store=store) as house:
        await house.submit(command)
    assert commands_of(house) == [Quarantined(sha256, Source(3), Number(8))]


async def test_the_batch_before_a_poison_is_still_answered() -> None:
    gate = Gate(is_open=False)
    async with running_house(faults=gate) as house:
        before = house.submit(place("a1"))
        await asyncio.sleep(0.01)
        house.submit(place("poison"))
        await asyncio.sleep(0.01)
        gate.open()
        with pytest.raises(Poisoned):
            await asyncio.wait_for(house.running, 1)
        assert isinstance(await before, Done)


async def test_stop_turns_away_what_waits_and_finishes_what_is_applied() -> None:
    gate = Gate(is_open=False)
    async with running_house(faults=gate) as house:
        first = house.submit(place("a1"))
        await asyncio.sleep(0.01)
        applied = house.submit(place("a2"))
        await asyncio.sleep(0.01)
        house.sequencer.stop()
        late = house.submit(place("a3"))
        gate.open()
        await asyncio.wait_for(house.running, 1)
        assert isinstance(await first, Done)
        assert isinstance(await applied, Done)
        assert await late is TurnedAway.STOPPING
    assert house.store.tip.seq == 2


async def test_reads_are_answered_while_commands_keep_coming() -> None:
    async with running_house() as house:
        commands = [house.submit(place(str(number))) for number in range(3_000)]
        answers = [ask(house) for _ in range(20)]
        await asyncio.wait_for(asyncio.gather(*answers), 5)
        await asyncio.gather(*commands)
