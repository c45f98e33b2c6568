"""The API's own description: OpenAPI 3.1 at /schema, complete with problems and security."""

from typing import Any, Final

from litestar.enums import MediaType
from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.openapi.spec import Components, License, SecurityScheme, Tag

TITLE: Final = "Bezant"
DESCRIPTION: Final = (
    "The native REST API. Amounts, prices and quantities are decimal strings, ids are strings, "
    "times are RFC 3339 in UTC. Fields that are not documented are refused. Errors are problem "
    "documents (RFC 9457) with a permanent `code`."
)
_TAGS: Final = (
    Tag("Accounts", "Register, log in, who am I."),
    Tag("Orders", "Place, cancel, read orders."),
    Tag("Trades", "Everybody's trades and one's own fills."),
    Tag("Wallet", "Balances and what they are made of."),
    Tag("Market data", "Public: assets, markets, books, candles."),
    Tag("Health", "How the house is."),
)


class SchemaPlugin(JsonRenderPlugin):
    """Serves the description at /schema itself."""

    def __init__(self) -> None:
        super().__init__(path="/", media_type=MediaType.JSON)


def make_config(version: str) -> OpenAPIConfig:
    """Return how Litestar describes this app."""
    return OpenAPIConfig(
        title=TITLE,
        version=version,
        description=DESCRIPTION,
        license=License(name="Apache-2.0", identifier="Apache-2.0"),
        path="/schema",
        render_plugins=[SchemaPlugin()],
        create_examples=False,
        tags=list(_TAGS),
        components=Components(
            security_schemes={
                "accessToken": SecurityScheme(
                    type="http",
                    scheme="bearer",
                    bearer_format="JWT",
                    description="POST /api/auth/login",
                )
            }
        ),
    )


def describe(app: Any) -> dict[str, Any]:
    """Return the description as plain values, as /schema sends it."""
    schema: dict[str, Any] = app.openapi_schema.to_schema()
    return schema
