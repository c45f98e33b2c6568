"""The API's own description: OpenAPI 3.1 at /schema, complete with problems and security."""

from types import ModuleType
from typing import Any, Final

import msgspec
from litestar import Litestar, Request
from litestar.enums import MediaType
from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.openapi.spec import Components, License, SecurityScheme, Tag

from bezant.gateway.native import bodies, documents, operation_documents
from bezant.gateway.native.examples import EXAMPLES
from bezant.gateway.native.problems import ProblemDocument

TITLE: Final = "Bezant"
DESCRIPTION: Final = (
    "The native REST API. Amounts, prices and quantities are decimal strings, ids are strings, "
    "times are RFC 3339 in UTC. Fields that are not documented are refused. Errors are problem "
    "documents (RFC 9457) with a permanent `code`."
)
_TAGS: Final = (
    Tag("Accounts", "Register, log in, who am I."),
    Tag("Orders", "Place, change, cancel, read orders."),
    Tag("Order lists", "Orders that depend on each other: oco, oto, otoco."),
    Tag("Trades", "Everybody's trades and one's own fills."),
    Tag("Wallet", "Balances and what they are made of."),
    Tag("Market data", "Public: assets, markets, books, candles."),
    Tag("Health", "How the house is."),
)


def _structs_of(module: ModuleType) -> tuple[type[msgspec.Struct], ...]:
    """Return the structs that a module defines."""
    return tuple(
        one
        for one in vars(module).values()
        if isinstance(one, type)
        and issubclass(one, msgspec.Struct)
        and one.__module__ == module.__name__
    )


_MODELS: Final = (
    *_structs_of(bodies),
    *_structs_of(documents),
    *_structs_of(operation_documents),
    ProblemDocument,
)


class SchemaPlugin(JsonRenderPlugin):
    """Serves the description at /schema itself."""

    def __init__(self) -> None:
        super().__init__(path="/", media_type=MediaType.JSON)

    def render(self, request: Request[Any, Any, Any], openapi_schema: dict[str, Any]) -> bytes:
        """Return the description as JSON."""
        return super().render(request, _complete(openapi_schema))


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
        use_handler_docstrings=True,
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


def describe(app: Litestar) -> dict[str, Any]:
    """Return the description as plain values, as /schema sends it."""
    return _complete(app.openapi_schema.to_schema())


def _complete(schema: dict[str, Any]) -> dict[str, Any]:
    """Put msgspec's own schemas of our types in place of Litestar's, which lose constraints."""
    _, components = msgspec.json.schema_components(
        _MODELS, ref_template="#/components/schemas/{name}"
    )
    schemas = schema["components"]["schemas"] | components
    for model, example in EXAMPLES.items():
        schemas[model.__name__] |= {"examples": [example]}
    return schema | {"components": schema["components"] | {"schemas": schemas}}
