"""Bodies decoded strictly: unknown fields, duplicate keys, wrong types and numbers are refused.

Every error names the field, the rule and the way out. What a decimal string may look like is
`kit.decimals`' business.
"""

import json
import re
from typing import Any, Final, TypeVar

import msgspec

from bezant.gateway.choices import say_choices
from bezant.gateway.native.problems import FieldError, Problem, Refusal

T = TypeVar("T")

NAME_SIZE_MAX: Final = 64  # Of a client's own words in an answer.

_DECODERS: Final[dict[Any, msgspec.json.Decoder[Any]]] = {}

_PLACE: Final = re.compile(
    r"^(?P<what>.*?)(?: - at `(?P<key>key in )?\$(?P<path>.*)`)?$", re.DOTALL
)
_NAMED: Final = re.compile(r"^Object (?:contains unknown|missing required) field `(?P<name>.*)`$")
_TYPES: Final = re.compile(r"^Expected `(?P<wanted>.*)`, got `(?P<given>.*)`$", re.DOTALL)
_BOUND: Final = re.compile(
    r"^Expected `(?P<kind>[^`]*)` (?P<of>of length )?(?P<sign>[<>]=) (?P<limit>-?\d+)$"
)
_LISTED: Final = re.compile(r"^Invalid (?:enum )?value (?P<given>.*)$", re.DOTALL)

# JSON's types in the words of who writes a body, as what is wanted and as what was given.
_WANTED: Final = {
    "int": "a whole number",
    "str": "a string",
    "bool": "true or false",
    "array": "a list",
    "object": "an object",
}
_GIVEN: Final = _WANTED | {"int": "a number", "float": "a number"}


def decode_body(model: type[T], raw: bytes, *, name: str = "body") -> T:
    """Return the body as `model`. Raises Refusal (VALIDATION_001) with the field at fault."""
    body = decode_part(model, raw, name=name)
    try:
        _UNIQUE.decode(raw.decode())
    except _DuplicateKey as error:
        twice = shorten(error.name)
        raise _malformed(
            FieldError(twice, "duplicate", f"the field {twice} is there twice: send it once")
        ) from None
    except ValueError as error:
        raise _malformed(FieldError("", "json", f"the {name} is not JSON: {error}"[:200])) from None
    except RecursionError:
        raise _too_deep(name) from None
    return body


def decode_part(model: type[T], raw: bytes | msgspec.Raw, *, name: str = "body") -> T:
    """Return a part of a text whose keys are known to be unique. Raises as `decode_body`."""
    try:
        part: T = _decoder(model).decode(raw)
    except msgspec.ValidationError as error:
        raise _malformed(_explain(str(error), name, model)) from None
    except (msgspec.DecodeError, UnicodeDecodeError, ValueError) as error:
        is_empty = not bytes(raw).strip()
        said = f"the {name} is empty" if is_empty else f"the {name} is not JSON: {error}"
        raise _malformed(FieldError("", "json", said[:200])) from None
    except RecursionError:
        raise _too_deep(name) from None
    return part


def shorten(text: str) -> str:
    """Return a client's own word in a length that fits an answer."""
    return text if len(text) <= NAME_SIZE_MAX else f"{text[:NAME_SIZE_MAX]}…"


class _DuplicateKey(Exception):
    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


def _decoder(model: type[T]) -> msgspec.json.Decoder[T]:
    """Return the decoder of a model, made once: each request would pay for it anew."""
    found = _DECODERS.get(model)
    if found is None:
        found = _DECODERS[model] = msgspec.json.Decoder(model)
    return found


def _check_unique(pairs: list[tuple[str, Any]]) -> None:
    """Look at one object's keys; what it holds is dropped, since msgspec has decoded it."""
    seen: set[str] = set()
    for name, _ in pairs:
        if name in seen:
            raise _DuplicateKey(name)
        seen.add(name)


# Made once, since making one costs as much as reading an order.
_UNIQUE: Final = json.JSONDecoder(object_pairs_hook=_check_unique)


def _malformed(error: FieldError) -> Refusal:
    return Refusal(Problem.MALFORMED, error.message, errors=(error,))


def _too_deep(name: str) -> Refusal:
    return _malformed(FieldError("", "json", f"the {name} is nested too deeply"))


def _explain(said: str, name: str, model: Any) -> FieldError:
    """Turn msgspec's sentence into a field, a rule and a message."""
    place = _PLACE.match(said)
    what, path = (place["what"], (place["path"] or "")) if place else (said, "")
    path = path.removeprefix(".")
    if named := _NAMED.match(what):
        missed = shorten(named["name"])
        field = f"{path}.{missed}" if path else missed
        if what.startswith("Object contains"):
            return FieldError(field, "unknown_field", f"{field} is not a field here: leave it out")
        return FieldError(field, "required", f"{field} is missing: add it")
    field = shorten(path) or name
    if types := _TYPES.match(what):
        return FieldError(field, "type", _wrong_type(field, types["wanted"], types["given"]))
    if bound := _BOUND.match(what):
        return FieldError(field, "range", _out_of_bounds(field, bound))
    if listed := _LISTED.match(what):
        given = shorten(listed["given"])
        return FieldError(field, "value", f"{field} cannot be {given}: {say_choices(model, path)}")
    return FieldError(field, "range", f"{field}: {what}"[:200])


def _wrong_type(field: str, wanted: str, given: str) -> str:
    first = wanted.split(" ", maxsplit=1)[0]
    if first == "str" and given in {"int", "float"}:
        return (
            f"{field} must be a string in quotes, not a JSON number: numbers lose digits on "
            "their way"
        )
    if first == "int" and given == "float":
        return f"{field} must be a whole number, without a point or an exponent"
    return f"{field} must be {_WANTED.get(first, first)}, not {_GIVEN.get(given, given)}"


def _out_of_bounds(field: str, bound: re.Match[str]) -> str:
    at = "least" if bound["sign"] == ">=" else "most"
    if not bound["of"]:
        return f"{field} must be at {at} {bound['limit']}"
    counted = "characters" if bound["kind"].startswith("str") else "items"
    return f"{field} must have at {at} {bound['limit']} {counted}"
