"""Identifiers of the core: their types, their ranges, and how an order id is made (LAW L15.1).

Not for names or symbols of people and markets: those live in rows outside the core.
"""

from typing import Annotated, Final, NewType

from msgspec import Meta

AccountId = NewType("AccountId", int)
AssetId = NewType("AssetId", int)
MarketId = NewType("MarketId", int)
OrderId = NewType("OrderId", int)
ListId = NewType("ListId", int)  # The id of its leg 0 (L10.2).
TransferId = NewType("TransferId", int)
Source = NewType("Source", int)
Number = NewType("Number", int)
Seq = NewType("Seq", int)

U8 = Annotated[int, Meta(ge=0, le=2**8 - 1)]
U16 = Annotated[int, Meta(ge=0, le=2**16 - 1)]
U32 = Annotated[int, Meta(ge=0, le=2**32 - 1)]
I64 = Annotated[int, Meta(ge=-(2**63), le=2**63 - 1)]

WireAccountId = Annotated[AccountId, Meta(ge=0, le=2**32 - 1)]
WireAssetId = Annotated[AssetId, Meta(ge=0, le=2**16 - 1)]
WireMarketId = Annotated[MarketId, Meta(ge=0, le=2**16 - 1)]
WireOrderId = Annotated[OrderId, Meta(ge=0, le=2**53 - 1)]
WireListId = Annotated[ListId, Meta(ge=0, le=2**53 - 1)]
WireTransferId = Annotated[TransferId, Meta(ge=-(2**63), le=2**63 - 1)]
WireSource = Annotated[Source, Meta(ge=0, le=2**32 - 1)]
WireNumber = Annotated[Number, Meta(ge=0, le=2**63 - 1)]
WireSeq = Annotated[Seq, Meta(ge=0, le=2**53 - 1)]

USER_ACCOUNT_MIN: Final = 1_000  # Ids below are the house's chart of accounts (L13.1).
SHARD_COUNT_MAX: Final = 16
CLIENT_ID_SIZE_MAX: Final = 36  # In bytes of UTF-8; above it 300.


def order_id(seq: Seq, leg: int, shard: int) -> OrderId:
    """Return the id of the order that leg `leg` (0, 1, 2) of the entry `seq` makes (L15.1)."""
    return OrderId((4 * seq + leg) * SHARD_COUNT_MAX + shard)


def seq_of_order(order: OrderId) -> Seq:
    """Return the seq of the entry that made the order: its id without leg and shard (L3.1)."""
    return Seq(order >> 6)
