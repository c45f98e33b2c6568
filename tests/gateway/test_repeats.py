"""Once: the same client order id with the same body is the same order (L3, SECURITY R-4, R-6)."""

import asyncio

import pytest

from tests.gateway.exchange import Client

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_a_repeat_answers_the_first_reply_byte_for_byte(alice: Client, bob: Client) -> None:
    await bob.placed(side="sell", price="80.00", quantity="0.1")
    first = await alice.place(price="80.00", quantity="0.3", clientOrderId="once")
    assert first.status_code == 201
    assert first.json()["status"] == "partially_filled"

    again = await alice.place(price="80.00", quantity="0.3", clientOrderId="once")
    assert (again.status_code, again.content) == (200, first.content)
    await alice.delete(f"/api/v1/orders/{first.json()['id']}")
    after_its_end = await alice.place(price="80.00", quantity="0.3", clientOrderId="once")
    assert (after_its_end.status_code, after_its_end.content) == (200, first.content)


async def test_another_body_under_the_same_id_is_refused(alice: Client) -> None:
    await alice.placed(price="20.00", clientOrderId="taken")
    other = await alice.place(price="21.00", clientOrderId="taken")
    assert (other.status_code, other.json()["code"]) == (409, "ORDER_008")
    assert other.json()["reason"] == "CLIENT_ID_REUSED"
    assert "taken" in other.json()["detail"]


async def test_fifty_at_once_have_one_effect(alice: Client) -> None:
    replies = await asyncio.gather(
        *(alice.place(price="15.00", quantity="1", clientOrderId="race") for _ in range(50))
    )
    assert sorted(reply.status_code for reply in replies) == [200] * 49 + [201]
    assert len({reply.content for reply in replies}) == 1
    assert (await alice.balance("USDT"))["hold"] == "15.00000000"


async def test_another_users_id_is_another_name_space(alice: Client, bob: Client) -> None:
    mine = await alice.placed(price="10.00", clientOrderId="shared")
    yours = await bob.placed(price="11.00", clientOrderId="shared")
    assert mine["id"] != yours["id"]


@pytest.mark.parametrize("name", ["a" * 36, "Ünïcødé-日本", "UPPER", "upper", "a.b:c_d-e 1"])
async def test_ids_are_kept_as_they_are(alice: Client, name: str) -> None:
    order = await alice.placed(price="10.00", clientOrderId=name)
    assert order["clientOrderId"] == name
    found = await alice.get(f"/api/v1/orders/by-client-id/{name}", minSeq=order["seq"])
    assert found.json()["id"] == order["id"]
    canceled = await alice.delete(f"/api/v1/orders/by-client-id/{name}")
    assert canceled.json()["id"] == order["id"]


@pytest.mark.parametrize("name", ["", "a" * 37, "日" * 13, "a\x00b", "a\nb", "\ud800", 7, []])
async def test_ids_that_cannot_be_are_refused(alice: Client, name: object) -> None:
    reply = await alice.place(clientOrderId=name)
    assert (reply.status_code, reply.json()["code"]) == (400, "VALIDATION_001"), reply.text


async def test_a_refused_order_is_not_remembered(alice: Client) -> None:
    refused = await alice.place(price="10.00", quantity="100000000", clientOrderId="again")
    assert refused.json()["code"] == "WALLET_001"
    accepted = await alice.place(price="10.00", quantity="1", clientOrderId="again")
    assert accepted.status_code == 201


async def test_a_request_may_not_be_done_after_valid_until(alice: Client) -> None:
    late = await alice.place(price="10.00", validUntil="2020-01-01T00:00:00Z", clientOrderId="v")
    assert (late.status_code, late.json()["code"]) == (400, "ORDER_019")
    in_time = await alice.place(price="10.00", validUntil="2099-01-01T00:00:00Z", clientOrderId="v")
    assert in_time.status_code == 201
    wrong = await alice.place(price="10.00", validUntil="tomorrow")
    assert wrong.json()["errors"][0]["field"] == "validUntil"
