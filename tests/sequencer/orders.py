"""Commands and batches as the tests of the log need them: small, valid, told apart by number."""

from bezant.core import codec
from bezant.core.commands import CancelAll, OrderTerms, PlaceOrder, SetCancelTimer
from bezant.core.contract import EngineContract
from bezant.core.ids import AccountId, MarketId, Seq
from bezant.core.units import Lots, Ticks, Units
from bezant.journal.ports import Batch, Row, Tenure, Tip, chain


def order_terms(client_id: str) -> OrderTerms:
    return OrderTerms(
        client_id=client_id,
        side=0,
        type=0,
        tif=0,
        price=Ticks(100),
        qty=Lots(1),
        quote_units=Units(0),
        trigger=0,
        trigger_price=Ticks(0),
        trailing_bips=0,
        post_only=False,
        display=Lots(0),
        stp=0,
        expires_ns=0,
    )


def place(client_id: str, account: int = 1_000) -> bytes:
    return codec.encode(PlaceOrder(AccountId(account), MarketId(1), order_terms(client_id)))


def cancel_all(account: int = 1_000) -> bytes:
    return codec.encode(CancelAll(AccountId(account), MarketId(0)))


def set_timer(timeout_ms: int, account: int = 1_000) -> bytes:
    return codec.encode(SetCancelTimer(AccountId(account), MarketId(0), timeout_ms))


def apply_batch(engine: EngineContract, ts_ns: int, *commands: bytes) -> Batch:
    """Apply commands as the next batch of an engine and return it."""
    first, rules = engine.seq + 1, engine.rules
    entries = b"".join(codec.encode_entry(Seq(first + i), one) for i, one in enumerate(commands))
    events = engine.apply(ts_ns, first, entries)
    return Batch(first, engine.seq, ts_ns, rules, codec.FORMAT, entries, events)


def after(tenure: Tenure, batch: Batch) -> Tenure:
    """Return the tenure that stands after a committed batch."""
    return Tenure(tenure.epoch, Tip(batch.seq_last, chain(tenure.tip.hash, 0, tenure.epoch, batch)))


def seqs(rows: list[Row]) -> list[tuple[int, int]]:
    return [(row.batch.seq_first, row.batch.seq_last) for row in rows]
