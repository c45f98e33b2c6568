"""The API's description as the running gateway gives it: whole, so that strict tools accept it."""

from collections.abc import Iterator
from typing import Any

from bezant.client import Exchange
from tests.e2e.house import House


def references(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        for key, value in node.items():
            if key == "$ref":
                yield value
            else:
                yield from references(value)
    elif isinstance(node, list):
        for value in node:
            yield from references(value)


async def test_every_reference_leads_somewhere(house: House) -> None:
    async with Exchange(house.url) as exchange:
        schema = await exchange.request("GET", "/schema")
    assert schema["openapi"].startswith("3.1")
    schemas = schema["components"]["schemas"]
    for reference in references(schema):
        assert reference.removeprefix("#/components/schemas/") in schemas, reference
