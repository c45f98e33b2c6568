"""`bezant journal`, `bezant state` and `bezant projections` on a journal in a database."""

import asyncio

import pytest

from bezant.apps import journal_tools
from bezant.apps.projections import read_status, rebuild
from bezant.apps.state_at import StateAt, state_at
from bezant.core import codec
from bezant.core.engine import Engine
from bezant.kit.operator_error import OperatorError
from bezant.projections.projector import CursorMoved, Projector
from tests.verify.exchange import SNAPSHOT_ROW, Exchange
from tests.verify.journals import BASE, QUOTE, Maker, entries_of


def silent(_seq: int, _tip: int) -> None:
    """Show no progress."""


def engine_at(maker: Maker, seq: int) -> Engine:
    """Return an engine that was fed entry by entry up to `seq`."""
    engine = Engine()
    for row in maker.rows:
        for entry in entries_of(row):
            if entry.seq <= seq:
                raw = codec.encode(entry.command)
                engine.apply_command(row.batch.ts_ns, entry.seq, entry.command, raw)
    return engine


async def state(exchange: Exchange, seq: int) -> StateAt:
    return await state_at(exchange.settings, seq, silent)


async def test_replay_ends_with_the_digest_of_the_core(exchange: Exchange, maker: Maker) -> None:
    found = await journal_tools.replay(exchange.settings, silent)
    assert (found.seq, found.digest) == (maker.seq, maker.engine.digest().hex())
    assert found.chain_head == maker.rows[-1].hash.hex()


async def test_the_state_at_any_seq_is_that_of_the_entries_so_far(
    exchange: Exchange, maker: Maker
) -> None:
    within = next(
        row.batch.seq_first
        for row in maker.rows[SNAPSHOT_ROW + 5 :]
        if row.batch.seq_last > row.batch.seq_first
    )
    snapshot_seq = maker.rows[SNAPSHOT_ROW].batch.seq_last
    for seq in (0, 3, snapshot_seq, snapshot_seq + 1, within, maker.seq):
        found = await state(exchange, seq)
        assert (found.seq, found.digest) == (seq, engine_at(maker, seq).digest().hex())


async def test_the_state_tells_balances_orders_and_books(exchange: Exchange, maker: Maker) -> None:
    found = await state(exchange, maker.seq)
    for asset in (BASE, QUOTE):
        assert sum(one.available + one.hold for one in found.balances if one.asset == asset) == 0
    assert {one.order_id for one in found.open_orders} == set(maker.engine.state.orders)
    shown = sum(level.orders for one in found.markets for level in (*one.bids, *one.asks))
    resting = [one for one in maker.engine.state.orders.values() if one.visible]
    assert shown == len(resting)


@pytest.mark.parametrize("ahead", [1, 1_000])
async def test_a_seq_beyond_the_journal_is_refused(
    exchange: Exchange, maker: Maker, ahead: int
) -> None:
    with pytest.raises(OperatorError, match=f"holds seqs 1 to {maker.seq}"):
        await state(exchange, maker.seq + ahead)
    with pytest.raises(OperatorError, match="there is no entry"):
        await journal_tools.show(exchange.settings, maker.seq + ahead)


async def test_an_entry_is_shown_with_its_outcome(exchange: Exchange) -> None:
    view = await journal_tools.show(exchange.settings, 1)
    assert (view.seq, view.command.name) == (1, "CreateAsset")
    assert view.command.fields["asset"] == BASE
    assert [event.name for event in view.events] == ["AssetCreated"]
    assert '"rowFirst":1' in journal_tools.to_json(view)


async def test_the_tail_is_the_last_entries_in_order(exchange: Exchange, maker: Maker) -> None:
    views = [one async for one in journal_tools.tail(exchange.settings, 7, follow=False)]
    assert [one.seq for one in views] == list(range(maker.seq - 6, maker.seq + 1))


async def test_stats_count_what_is_there(exchange: Exchange, maker: Maker) -> None:
    found = await journal_tools.read_stats(exchange.settings)
    assert (found.rows, found.seq_first, found.seq_last) == (len(maker.rows), 1, maker.seq)


async def test_a_rebuild_ends_with_the_same_rows(exchange: Exchange, maker: Maker) -> None:
    await exchange.project()
    steps: list[int] = []
    assert await rebuild(exchange.settings, lambda seq, _tip: steps.append(seq)) == maker.seq
    assert steps[0] == 0
    assert (await exchange.verify()).ok
    status = await read_status(exchange.settings)
    assert (status.seq, status.tip_seq, status.lag) == (maker.seq, maker.seq, 0)


async def test_a_rebuild_makes_the_running_projector_give_way(
    exchange: Exchange, maker: Maker
) -> None:
    await exchange.project()
    running = await Projector.connect(exchange.database.app_dsn)
    await running.open()
    rebuilding = asyncio.create_task(rebuild(exchange.settings, silent))
    with pytest.raises(CursorMoved):
        await asyncio.wait_for(running.watch(), 20)
    running.terminate()
    assert await asyncio.wait_for(rebuilding, 30) == maker.seq
