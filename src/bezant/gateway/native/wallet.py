"""The wallet: balances exactly as the core has them, and the ledger lines that make them up."""

from typing import Annotated, Final

from litestar import get
from litestar.params import FromPath, QueryParameter
from msgspec import UNSET

from bezant.core.ids import AccountId
from bezant.core.reads import Account, ReadAccount
from bezant.gateway.native.core_calls import query
from bezant.gateway.native.documents import (
    AssetBalance,
    BalanceList,
    LedgerLineDocument,
    LedgerPage,
)
from bezant.gateway.native.endpoint import (
    PAGE_SIZE,
    PRIVATE,
    READ,
    SIGNED_IN,
    Cursor,
    Limit,
    MinSeq,
    NativeRequest,
    catch_up,
    house_of,
    problems,
)
from bezant.gateway.native.problems import Problem, bad_cursor
from bezant.gateway.native.render import render_balance
from bezant.gateway.native.times import time_text
from bezant.marketdata.catalogue import Catalogue
from bezant.queries.ledger import LedgerLine, list_ledger_lines
from bezant.queries.places import Place

_TAGS: Final = ["Wallet"]


@get(
    "/api/wallet/balances",
    responses=problems(*PRIVATE, Problem.CORE_AWAY),
    security=SIGNED_IN,
    tags=_TAGS,
    operation_id="listBalances",
    summary="List balances",
)
async def read_balances(request: NativeRequest) -> BalanceList:
    """Return all your balances at one seq, asked of the core itself."""
    house = house_of(request)
    caller = house.access.authorize(request.scope)
    account = await query(house, ReadAccount(AccountId(caller.account)), Account)
    assets = house.get_catalogue().assets
    return BalanceList(
        account.seq,
        tuple(
            render_balance(assets[view.asset], view.available, view.hold)
            for view in account.balances
            if view.asset in assets
        ),
    )


@get(
    "/api/wallet/balance/{currency:str}",
    responses=problems(*PRIVATE, Problem.ASSET, Problem.CORE_AWAY),
    security=SIGNED_IN,
    tags=_TAGS,
    operation_id="getBalance",
    summary="Get the balance of one asset",
)
async def read_balance(currency: FromPath[str], request: NativeRequest) -> AssetBalance:
    """Return your balance of one asset, asked of the core itself; zero if you never had any."""
    house = house_of(request)
    caller = house.access.authorize(request.scope)
    asset = house.get_asset(currency)
    account = await query(house, ReadAccount(AccountId(caller.account)), Account)
    view = next((one for one in account.balances if one.asset == asset.asset), None)
    balance = render_balance(asset, view.available if view else 0, view.hold if view else 0)
    return AssetBalance(balance.asset, balance.available, balance.hold, balance.total, account.seq)


@get(
    "/api/wallet/ledger",
    responses=problems(*PRIVATE, *READ, Problem.ASSET),
    security=SIGNED_IN,
    tags=_TAGS,
    operation_id="listLedgerLines",
    summary="List ledger lines",
)
async def read_ledger(
    request: NativeRequest,
    asset: Annotated[str | None, QueryParameter(description="Only of this asset.")] = None,
    limit: Limit = PAGE_SIZE,
    cursor: Cursor = None,
    min_seq: MinSeq = None,
) -> LedgerPage:
    """Return what came and went, newest first, each with its cause."""
    house = house_of(request)
    caller = house.access.authorize(request.scope)
    wanted = house.get_asset(asset).asset if asset is not None else None
    before = parse_place(cursor)
    seq = await catch_up(house, min_seq)
    lines = await list_ledger_lines(
        house.pool, caller.account, asset=wanted, before=before, limit=limit
    )
    return LedgerPage(
        tuple(_line(line, house.get_catalogue()) for line in lines),
        str(lines[-1].place) if len(lines) == limit else None,
        seq,
    )


def parse_place(cursor: str | None) -> Place | None:
    """Return a page's cursor as a place. Raises Refusal (VALIDATION_001)."""
    if cursor is None:
        return None
    try:
        return Place.parse(cursor)
    except ValueError:
        raise bad_cursor() from None


def _line(line: LedgerLine, catalogue: Catalogue) -> LedgerLineDocument:
    asset = catalogue.assets[line.asset]
    market = catalogue.markets.get(line.market) if line.market is not None else None
    return LedgerLineDocument(
        id=str(line.place),
        seq=line.place.seq,
        time=time_text(line.ts_ns),
        asset=asset.code,
        kind=line.kind.name.lower(),
        amount=asset.text(line.units),
        balance=asset.text(line.balance),
        fee=asset.text(line.fee),
        symbol=market.code if market else UNSET,
        order_id=UNSET if line.order_id is None else str(line.order_id),
        trade_id=UNSET if line.trade_no is None else str(line.trade_no),
        transfer_id=UNSET if line.transfer_id is None else str(line.transfer_id),
    )
