"""The state of the core as it was after any entry: replayed from the nearest snapshot before it."""

from collections.abc import Callable

import msgspec
from msgspec import Struct

from bezant.apps.engines import engine_maker
from bezant.apps.journal_tools import opened
from bezant.core import codec
from bezant.core.contract import EngineContract
from bezant.core.images import LevelImage, MarketImage, OrderImage, StateImage
from bezant.journal.ports import GENESIS_HASH, Journal, JournalCorrupt, Row, Tip
from bezant.journal.replay import apply_row
from bezant.journal.snapshot import BadSnapshot, SnapshotPointer, read_object
from bezant.journal.snapshot_index import PostgresSnapshotIndex
from bezant.kit.config import Settings
from bezant.kit.operator_error import OperatorError
from bezant.kit.paths import DataDir

Progress = Callable[[int, int], None]


class BalanceAt(Struct, frozen=True):
    """What an account had of an asset, in units."""

    account: int
    asset: int
    available: int
    hold: int


class OrderAt(Struct, frozen=True, rename="camel"):
    """An open order: price in ticks, the rest in lots."""

    order_id: int
    account: int
    market: int
    client_id: str
    side: int
    price: int
    qty: int
    filled: int
    prevented: int
    visible: int
    state: int


class LevelAt(Struct, frozen=True):
    """A price of a book: ticks, visible lots, how many orders."""

    price: int
    visible: int
    orders: int


class MarketAt(Struct, frozen=True, rename="camel"):
    """A market with its book, best prices first."""

    market: int
    status: int
    last: int
    trade_no: int
    sequence: int
    bids: tuple[LevelAt, ...]
    asks: tuple[LevelAt, ...]


class StateAt(Struct, frozen=True, rename="camel"):
    """The state after the entry `seq`, and its digest (L15.3)."""

    seq: int
    ts_ns: int
    rules: int
    digest: str
    balances: tuple[BalanceAt, ...]
    open_orders: tuple[OrderAt, ...]
    markets: tuple[MarketAt, ...]


async def state_at(settings: Settings, seq: int, progress: Progress) -> StateAt:
    """Return the state as it was after the entry `seq`. Raises OperatorError if it is not there."""
    async with opened(settings) as journal:
        tip = await journal.tip()
        if not 0 <= seq <= tip.seq:
            raise OperatorError(f"--at {seq}: the journal holds seqs 1 to {tip.seq}")
        index = PostgresSnapshotIndex(journal.readers, shard=settings.shard)
        pointers = await index.list_newest_first()
        engine, start = _start(settings, pointers, seq)
        await _replay(journal, engine, start, seq, progress)
    return _describe(engine)


def _start(
    settings: Settings, pointers: tuple[SnapshotPointer, ...], seq: int
) -> tuple[EngineContract, Tip]:
    """Return an engine at the newest good snapshot that is not after `seq`, else at genesis."""
    folder = DataDir.of(settings).snapshots
    for pointer in pointers:
        if pointer.seq > seq:
            continue
        engine = engine_maker(settings)()
        try:
            header, state = read_object(folder / pointer.name, pointer)
            engine.restore(state)
        except (BadSnapshot, codec.MalformedMessage):
            continue
        return engine, Tip(header.seq, header.row_hash)
    return engine_maker(settings)(), Tip(0, GENESIS_HASH)


async def _replay(
    journal: Journal, engine: EngineContract, start: Tip, seq: int, progress: Progress
) -> None:
    if seq == start.seq:
        return
    is_first = True
    async for row in journal.read(start.seq + 1, seq):
        if is_first and (row.batch.seq_first, row.prev_hash) != (start.seq + 1, start.hash):
            raise JournalCorrupt(f"the snapshot at seq {start.seq} is not of this journal")
        is_first = False
        if row.batch.seq_last <= seq:
            apply_row(engine, row)
        else:
            _apply_part(engine, row, seq)
        progress(engine.seq, seq)


def _apply_part(engine: EngineContract, row: Row, seq: int) -> None:
    """Apply a row's entries up to `seq`."""
    batch = row.batch
    parts = codec.split(batch.entries, batch.seq_last - batch.seq_first + 1)
    some = b"".join(bytes(part) for part in parts[: seq - batch.seq_first + 1])
    engine.apply(batch.ts_ns, batch.seq_first, some)


def _describe(engine: EngineContract) -> StateAt:
    image = msgspec.msgpack.decode(engine.snapshot(), type=StateImage)
    visible = {int(order.order): int(order.visible) for order in image.orders}
    return StateAt(
        seq=image.seq,
        ts_ns=image.ts_ns,
        rules=image.rules,
        digest=engine.digest().hex(),
        balances=_balances(image),
        open_orders=tuple(_order(order) for order in image.orders),
        markets=tuple(_market(market, visible) for market in image.markets),
    )


def _balances(image: StateImage) -> tuple[BalanceAt, ...]:
    house = [
        BalanceAt(place + 1, one.asset, units, 0)
        for one in image.house
        for place, units in enumerate(one.balances)
        if units
    ]
    users = [
        BalanceAt(account.account, one.asset, one.available, one.hold)
        for account in image.accounts
        for one in account.balances
    ]
    return (*sorted(house, key=lambda one: (one.account, one.asset)), *users)


def _order(image: OrderImage) -> OrderAt:
    terms = image.terms
    return OrderAt(
        order_id=image.order,
        account=image.account,
        market=image.market,
        client_id=terms.client_id,
        side=terms.side,
        price=terms.price,
        qty=terms.qty,
        filled=image.filled,
        prevented=image.prevented,
        visible=image.visible,
        state=image.state,
    )


def _market(image: MarketImage, visible: dict[int, int]) -> MarketAt:
    def levels(found: tuple[LevelImage, ...]) -> tuple[LevelAt, ...]:
        return tuple(
            LevelAt(level.price, sum(visible[one] for one in level.orders), len(level.orders))
            for level in found
        )

    return MarketAt(
        market=image.market,
        status=image.status,
        last=image.last,
        trade_no=image.trade_no,
        sequence=image.sequence,
        bids=levels(image.bids),
        asks=levels(image.asks),
    )
