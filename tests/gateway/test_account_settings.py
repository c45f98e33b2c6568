"""The default self-trade prevention of an account: read, chosen, and what orders make of it."""

import asyncio
from typing import Any

import pytest

from bezant.accounts.operations import OUTBOX_SOURCE
from bezant.accounts.settings import choose_prevention
from bezant.core import codec
from bezant.core.commands import SetAccount
from bezant.core.ids import AccountId, Number
from bezant.core.reads import Account, ReadAccount
from bezant.core.words import STPMode
from bezant.kit import outbox
from tests.gateway.exchange import Client, Exchange
from tests.gateway.sockets import connect

pytestmark = pytest.mark.asyncio(loop_scope="module")

PATH = "/api/v1/account/settings"


async def read_core(exchange: Exchange, user: Client) -> Account:
    assert user.user is not None
    found = await exchange.house.core.query(ReadAccount(AccountId(user.user.account)))
    assert isinstance(found, Account)
    return found


async def enqueue_set(
    exchange: Exchange, user: Client, *, group: int, stp: int, is_frozen: bool
) -> int:
    """Let somebody else, as an operator would, store settings; return their number."""
    assert user.user is not None
    account = AccountId(user.user.account)

    def encode(number: int) -> bytes:
        return codec.encode(
            SetAccount(OUTBOX_SOURCE, Number(number), account, group, stp, is_frozen, is_frozen)
        )

    async with exchange.house.pool.acquire() as conn, conn.transaction():
        return await outbox.enqueue(conn, OUTBOX_SOURCE, encode)


async def test_an_account_begins_with_expire_taker(alice: Client) -> None:
    reply = await alice.get(PATH)
    assert reply.status_code == 200, reply.text
    assert reply.headers["cache-control"] == "no-store"
    assert reply.json()["selfTradePrevention"] == "expire_taker"


async def test_a_chosen_mode_counts_from_the_next_order_on(alice: Client) -> None:
    old = await alice.placed(side="sell", price="130.00", quantity="0.3")
    reply = await alice.request("PATCH", PATH, json={"selfTradePrevention": "EXPIRE_MAKER"})
    assert reply.status_code == 200, reply.text
    chosen = reply.json()
    assert chosen["selfTradePrevention"] == "expire_maker"
    assert (await alice.get(PATH)).json() == chosen | {"seq": (await alice.get(PATH)).json()["seq"]}

    told = await alice.placed(side="buy", price="130.00", quantity="0.1", clientOrderId="new")
    named = await alice.placed(price="10.00", selfTradePrevention="none")
    assert told["selfTradePrevention"] == "default"
    shown = {
        key: (await alice.order(order["id"], named["seq"]))
        for key, order in (("old", old), ("new", told), ("named", named))
    }
    assert {key: one["selfTradePrevention"] for key, one in shown.items()} == {
        "old": "expire_taker",
        "new": "expire_maker",
        "named": "none",
    }
    assert (shown["old"]["status"], shown["old"]["reason"]) == ("expired", "self_trade")
    assert shown["new"]["status"] == "new"
    again = await alice.place(side="buy", price="130.00", quantity="0.1", clientOrderId="new")
    assert again.json() == told


async def test_the_same_again_changes_nothing(exchange: Exchange, alice: Client) -> None:
    first = await alice.patch(PATH, {"selfTradePrevention": "decrement"})
    count = await exchange.house.pool.fetchval("SELECT count(*) FROM command_outbox")
    again = await alice.patch(PATH, {"selfTradePrevention": "decrement"})
    assert (first.status_code, again.status_code) == (200, 200)
    assert again.json()["selfTradePrevention"] == "decrement"
    assert await exchange.house.pool.fetchval("SELECT count(*) FROM command_outbox") == count


async def test_group_and_freezes_stay_as_they_are(exchange: Exchange, alice: Client) -> None:
    number = await enqueue_set(exchange, alice, group=7, stp=STPMode.NONE, is_frozen=True)
    await exchange.desk.check_done([number])
    reply = await alice.patch(PATH, {"selfTradePrevention": "expire_both"})
    assert reply.status_code == 200, reply.text
    found = await read_core(exchange, alice)
    assert (found.trade_group, found.stp) == (7, STPMode.EXPIRE_BOTH)
    assert (found.orders_frozen, found.withdrawals_frozen) == (True, True)


async def test_settings_on_their_way_are_not_undone(exchange: Exchange, alice: Client) -> None:
    """A freeze is stored, and the core has not judged it yet when the owner chooses."""
    assert alice.user is not None
    account = AccountId(alice.user.account)

    async def never() -> Account:
        raise AssertionError("the core was asked though settings are on their way to it")

    async with exchange.house.pool.acquire() as conn, conn.transaction():
        await outbox.enqueue(
            conn,
            OUTBOX_SOURCE,
            lambda number: codec.encode(
                SetAccount(OUTBOX_SOURCE, Number(number), account, 9, STPMode.NONE, True, False)
            ),
        )
        number = await choose_prevention(conn, account, STPMode.DECREMENT, never)
        again = await choose_prevention(conn, account, STPMode.DECREMENT, never)
    assert number is not None
    assert again == number
    await exchange.desk.check_done([number])
    found = await read_core(exchange, alice)
    assert (found.trade_group, found.stp, found.orders_frozen) == (9, STPMode.DECREMENT, True)


async def test_many_at_once_end_as_one_of_them_says(exchange: Exchange, alice: Client) -> None:
    number = await enqueue_set(exchange, alice, group=3, stp=STPMode.NONE, is_frozen=False)
    modes = ["none", "expire_taker", "expire_maker", "expire_both", "decrement"] * 3
    replies = await asyncio.gather(
        *(alice.patch(PATH, {"selfTradePrevention": mode}) for mode in modes)
    )
    await exchange.desk.check_done([number])
    assert {reply.status_code for reply in replies} == {200}
    assert [reply.json()["selfTradePrevention"] for reply in replies] == modes
    last = max(replies, key=lambda reply: reply.json()["seq"]).json()
    found = await read_core(exchange, alice)
    assert STPMode(found.stp).name.lower() == last["selfTradePrevention"]
    assert found.trade_group == 3


async def test_a_setting_that_takes_long_is_stored_and_says_so(
    exchange: Exchange, alice: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bezant.gateway.native.account.SET_TIMEOUT_S", -1.0)
    late = await alice.patch(PATH, {"selfTradePrevention": "none"})
    if late.status_code != 200:  # The worker may have been quicker than a look.
        assert (late.status_code, late.json()["code"]) == (503, "SYSTEM_001")
        assert "The setting is stored" in late.json()["detail"]
    monkeypatch.undo()
    again = await alice.patch(PATH, {"selfTradePrevention": "none"})
    assert (again.status_code, again.json()["selfTradePrevention"]) == (200, "none")


async def test_an_operator_sets_it_too(exchange: Exchange, alice: Client) -> None:
    assert alice.user is not None
    await exchange.desk.set_prevention(AccountId(alice.user.account), STPMode.DECREMENT)
    assert (await alice.get(PATH)).json()["selfTradePrevention"] == "decrement"


async def test_the_private_stream_names_the_mode_that_counts(
    exchange: Exchange, alice: Client
) -> None:
    await alice.patch(PATH, {"selfTradePrevention": "none"})
    await alice.placed(price="11.00")
    async with connect(exchange.app, "/ws/orders") as socket:
        begun = (await socket.ask({"type": "auth", "token": alice.token}))["data"]["orders"]
        assert [order["selfTradePrevention"] for order in begun] == ["none"]
        await alice.patch(PATH, {"selfTradePrevention": "expire_both"})
        await alice.placed(price="12.00")
        frame = await socket.hear()
        assert (frame["type"], frame["data"]["selfTradePrevention"]) == ("order", "expire_both")


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({}, "selfTradePrevention is missing: add it"),
        ({"selfTradePrevention": None}, "selfTradePrevention must be"),
        ({"selfTradePrevention": 2}, "selfTradePrevention must be"),
        ({"selfTradePrevention": "default"}, "use one of none, expire_taker, expire_maker"),
        ({"selfTradePrevention": "none", "tradeGroup": 1}, "tradeGroup is not a field here"),
        ([], "body must be an object"),
    ],
)
async def test_settings_that_cannot_be_say_why(alice: Client, body: Any, words: str) -> None:
    reply = await alice.patch(PATH, body)
    assert reply.status_code == 400, reply.text
    assert reply.json()["code"] == "VALIDATION_001"
    assert words in reply.json()["detail"]


async def test_only_the_owner_of_an_open_account_may(exchange: Exchange) -> None:
    body = {"selfTradePrevention": "none"}
    assert (await exchange.anybody.patch(PATH, body)).status_code == 401
    assert (await exchange.anybody.get(PATH)).status_code == 401
    early = await exchange.user(is_open=False)
    for reply in (await early.get(PATH), await early.patch(PATH, body)):
        assert (reply.status_code, reply.json()["code"]) == (403, "ORDER_013"), reply.text
