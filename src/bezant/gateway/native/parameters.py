"""Query parameters, as strict as bodies: none unknown, none twice, none missing, each explained.

Litestar converts them; which there are is read from the handlers' own signatures.
"""

import re
from typing import Any, Final

from litestar import Request
from litestar.types import Empty
from msgspec import Struct

from bezant.gateway.choices import say_choices
from bezant.gateway.native.problems import FieldError, Problem, Refusal
from bezant.gateway.strict_json import shorten

_OPTION: Final = "query_parameters"
_BODY: Final = "data"  # How Litestar names the body of a handler.
_NOT_OF_THE_QUERY: Final = frozenset({_BODY, "request"})
_BOUND: Final = re.compile(r"Expected `int(?: \| null)?` (?P<sign>[<>]=) (?P<limit>\d+)", re.ASCII)


class QueryParameters(Struct, frozen=True):
    """A handler's parameters: the words that clients write, by Python's names; those needed."""

    words: dict[str, str]
    required: frozenset[str]


async def check_query(request: Request[Any, Any, Any]) -> None:
    """Stop a query that the endpoint does not know in every part. Raises Refusal."""
    handler = request.route_handler
    if not handler.include_in_schema:
        return
    known = parameters_of(handler)
    if not request.scope["query_string"] and not known.required:
        return
    names = [name for name, _ in request.query_params.multi_items()]
    for name in names:
        if name not in known.words.values():
            shown = shorten(name)
            raise _refusal(shown, "unknown_parameter", f"{shown} is not known here: leave it out")
        if names.count(name) > 1:
            raise _refusal(name, "duplicate", f"{name} is there twice: send it once")
    for name in sorted(known.required - set(names)):
        raise _refusal(name, "required", f"{name} is missing: add it")


def parameters_of(handler: Any) -> QueryParameters:
    """Return the query parameters of a handler; path parameters are not among them."""
    found: QueryParameters | None = handler.opt.get(_OPTION)
    if found is None:
        in_path = {name for path in handler.paths for name in re.findall(r"{(\w+)", path)}
        fields = {
            name: field
            for name, field in handler.parsed_fn_signature.parameters.items()
            if name not in _NOT_OF_THE_QUERY | in_path
        }
        words = {
            name: getattr(field.kwarg_definition, "name", None) or name
            for name, field in fields.items()
        }
        required = {words[name] for name, field in fields.items() if field.default is Empty}
        found = handler.opt[_OPTION] = QueryParameters(words, frozenset(required))
    return found


def explain_parameter(handler: Any, error: dict[str, Any]) -> FieldError:
    """Return what is wrong with a parameter that Litestar could not convert."""
    name = str(error.get("key", ""))
    word = parameters_of(handler).words.get(name, name)
    said = str(error.get("message", ""))
    if name == _BODY:
        return FieldError("", "json", "the body is missing: send a JSON object")
    if bound := _BOUND.match(said):
        at = "least" if bound["sign"] == ">=" else "most"
        return FieldError(word, "range", f"{word} must be at {at} {bound['limit']}")
    if said.startswith("Expected `int"):
        return FieldError(word, "type", f"{word} must be a whole number")
    if said.startswith("Invalid enum value"):
        given = shorten(said.removeprefix("Invalid enum value "))
        kind = handler.parsed_fn_signature.parameters[name].raw
        return FieldError(word, "value", f"{word} cannot be {given}: {say_choices(kind)}")
    return FieldError(word, "parameter", f"{word}: {said.replace('`', '')}"[:200])


def _refusal(name: str, rule: str, message: str) -> Refusal:
    return Refusal(Problem.MALFORMED, message, errors=(FieldError(name, rule, message),))
