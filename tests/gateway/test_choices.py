"""A word that is none of a field's is answered with those that are."""

from typing import Any

import pytest

from bezant.gateway.choices import list_choices, say_choices
from bezant.gateway.native.bodies import BatchBody, PlaceListBody, PlaceOrderBody
from tests.gateway.exchange import Client

TYPES = (
    "limit", "market", "limit_maker", "iceberg", "stop", "stop_limit", "take_profit",
    "take_profit_limit", "trailing_stop",
)  # fmt: skip


@pytest.mark.parametrize(
    ("model", "path", "words"),
    [
        (PlaceOrderBody, "side", ("buy", "sell")),
        (PlaceOrderBody, "timeInForce", ("GTC", "IOC", "FOK", "GTD")),
        (PlaceListBody, "legs[1].type", TYPES),
        (BatchBody, "operations[7].order.type", TYPES),
        (BatchBody, "operations[...].only", ("any", "new", "partially_filled")),
        (
            BatchBody,
            "operations[0].op",
            ("place", "cancel", "cancel_all", "amend", "replace", "place_list"),
        ),
        (PlaceOrderBody, "price", ()),
        (PlaceOrderBody, "nothing.like.it", ()),
    ],
)
def test_the_words_of_a_field_are_those_of_its_type(
    model: Any, path: str, words: tuple[str, ...]
) -> None:
    assert list_choices(model, path) == words
    assert say_choices(model, path) == (
        f"use one of {', '.join(words)}" if words else "see /docs for its values"
    )


@pytest.mark.asyncio(loop_scope="module")
async def test_bodies_and_queries_say_them(alice: Client) -> None:
    body = await alice.place(timeInForce="GTX")
    assert body.json()["detail"] == "timeInForce cannot be 'GTX': use one of GTC, IOC, FOK, GTD"
    query = await alice.get("/api/v1/orders", status="done")
    assert query.json()["detail"] == "status cannot be 'done': use one of open, closed, all"
