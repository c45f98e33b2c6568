"""One line of JSON becomes a command, or an error that names the field, the rule and the way out.

What says a command is one, however wrong: refusing it is the core's business. So a word that LAW
does not have stands for a number that LAW does not have (300), and numbers are whole but of any
size: what no message can carry is the business of `stand_ins`.
"""

import difflib
import json
from functools import cache
from typing import Any, Final

import msgspec
from msgspec import Struct, inspect

from bezant.apps.law.names import ALIASES, FLAT, name_of, words_of
from bezant.core import commands
from bezant.core.commands import Command, OrderTerms
from bezant.core.units import I64_MAX

NO_SUCH_WORD: Final = 255
COMMANDS: Final[dict[str, type[Struct]]] = {
    kind.__name__: kind
    for kind in (
        *commands.TradeCommand.__args__,
        *commands.SourcedCommand.__args__,
        commands.Quarantined,
        commands.Tick,
    )
}
_NOTHING: Final = bytes(32)  # Of a digest that is left out.
_INTEGER_DIGITS_MAX: Final = 40

Object = dict[str, Any]


class LineError(Exception):
    """A line is no command; the text names the field, the rule and the way out."""


def read_line(line: str | bytes) -> tuple[int | None, Command]:
    """Return the time that a line names, in ns, and its command. Raises LineError."""
    found = _parse(line)
    ts_ns = found.pop("ts", None)
    if ts_ns is not None:
        _check_integer(ts_ns, "ts")
        if not 0 <= ts_ns <= I64_MAX:
            raise LineError(f"`ts` must be 0 to {I64_MAX}, not {ts_ns}")
    name = found.pop("cmd", None)
    if not isinstance(name, str):
        raise LineError('`cmd` is missing: write LAW\'s name of the command, {"cmd": "Tick"}')
    if name not in COMMANDS:
        raise LineError(f"`cmd` {name!r} is no command of LAW §2{_near(name, COMMANDS)}")
    return ts_ns, _read(COMMANDS[name], found, "")  # type: ignore[return-value]


def _parse(line: str | bytes) -> Object:
    try:
        found = json.loads(
            line,
            object_pairs_hook=_no_field_twice,
            parse_float=_no_float,
            parse_constant=_no_float,
            parse_int=_integer,
        )
    except (ValueError, RecursionError) as error:
        raise LineError(f"not a line of JSON: {error}") from None
    if not isinstance(found, dict):
        raise LineError('not a JSON object: a command is one, {"cmd": "Tick", "ts": 1}')
    return found


def _read(kind: type[Struct], found: Object, path: str) -> Struct:
    """Return the message whose fields stand in `found`; every one of them must be its own."""
    left = _without_aliases(kind.__name__, found, path)
    for name in ("new", "legs"):
        _lift(left, name)
    message = _take(kind, left, path)
    if left:
        name = next(iter(left))
        raise LineError(f"`{path}{name}` is no field of {kind.__name__}{_near(name, _known(kind))}")
    return message


def _take(kind: type[Struct], left: Object, path: str) -> Struct:
    values: list[Any] = []
    for field in fields_of(kind):
        name = name_of(kind.__name__, field.name)
        if isinstance(field.type, inspect.StructType) and name == field.name:
            values.append(_take(field.type.cls, left, path))
        elif isinstance(field.type, inspect.StructType):
            values.append(_nested(field.type.cls, left, name, path))
        elif isinstance(field.type, inspect.VarTupleType):
            values.append(_legs(left.pop(name, []), path + name))
        else:
            value = left.pop(name, None)
            values.append(_value(kind, field, value, path + name))
    return kind(*values)


@cache
def fields_of(kind: type[Struct]) -> tuple[inspect.Field, ...]:
    """Return a message's fields with their types and bounds."""
    info = inspect.type_info(kind)
    if not isinstance(info, inspect.StructType):
        raise TypeError(f"{kind.__name__} is no message")
    return info.fields


def _nested(kind: type[Struct], left: Object, name: str, path: str) -> Struct:
    """Return the order that stands in a field of its own."""
    found = left.pop(name, {})
    if not isinstance(found, dict):
        raise LineError(f"`{path}{name}` must be an object with the fields of PlaceOrder")
    return _read(kind, found, f"{path}{name}.")


def _legs(found: Any, path: str) -> tuple[Struct, ...]:
    if not isinstance(found, list) or not all(isinstance(leg, dict) for leg in found):
        raise LineError(f"`{path}` must be a list of objects with the fields of PlaceOrder")
    return tuple(_read(OrderTerms, leg, f"{path}[{place}].") for place, leg in enumerate(found))


def _value(kind: type[Struct], field: inspect.Field, value: Any, path: str) -> Any:
    """Return a field's value, what stands for an absent one where it is None."""
    match field.type:
        case inspect.BoolType():
            if value is not None and not isinstance(value, bool):
                raise LineError(f"`{path}` must be true or false, not {_show(value)}")
            return bool(value)
        case inspect.StrType():
            return _text(value, path)
        case inspect.BytesType():
            return _digest(value, path)
        case inspect.UnionType():  # An amend's value, or no change.
            return None if value is None else _check_integer(value, path)
        case inspect.IntType():
            words = words_of(kind.__name__, field.name)
            if words and isinstance(value, str):
                return words.get(value, NO_SUCH_WORD)
            return 0 if value is None else _check_integer(value, path)
        case _:
            raise TypeError(f"{kind.__name__}.{field.name} is of a type that no line carries")


def _check_integer(value: Any, path: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise LineError(f"`{path}` must be a whole number, not {_show(value)}")
    return value


def _text(value: Any, path: str) -> str:
    if value is None:
        return ""
    if not isinstance(value, str):
        raise LineError(f"`{path}` must be a text, not {_show(value)}")
    try:
        value.encode()
    except UnicodeEncodeError:
        raise LineError(f"`{path}` holds half a character (a lone surrogate)") from None
    return value


def _digest(value: Any, path: str) -> bytes:
    if value is None:
        return _NOTHING
    try:
        raw = bytes.fromhex(value)
    except (TypeError, ValueError):
        raw = b""
    if len(raw) != len(_NOTHING):
        raise LineError(f"`{path}` must be a SHA-256 as 64 hexadecimal digits")
    return raw


def _without_aliases(message: str, found: Object, path: str) -> Object:
    """Return the fields under the names that messages have."""
    left: Object = {}
    for name, value in found.items():
        known = ALIASES.get((message, name), name)
        if known in left:
            raise LineError(f"`{path}{name}` says again what another name has said: keep one")
        left[known] = value
    return left


def _lift(left: Object, name: str) -> None:
    """Let whose and where the nested orders are stand beside them: it is the same for all."""
    nested = left.get(name)
    for order in nested if isinstance(nested, list) else [nested]:
        if not isinstance(order, dict):
            continue
        for shared in ("account", "market"):
            value = order.pop(shared, None)
            if value is not None and left.setdefault(shared, value) != value:
                raise LineError(f"`{name}` names another {shared} than the command: keep one")


def _known(kind: type[Struct]) -> list[str]:
    names: list[str] = []
    for field in msgspec.structs.fields(kind):
        is_flat = field.type in FLAT and name_of(kind.__name__, field.name) == field.name
        names += _known(field.type) if is_flat else [name_of(kind.__name__, field.name)]
    return names


def _near(name: str, known: Any) -> str:
    near = difflib.get_close_matches(name, list(known), n=1)
    return f": did you mean `{near[0]}`?" if near else ""


def _show(value: Any) -> str:
    text = json.dumps(value)
    return text if len(text) <= _INTEGER_DIGITS_MAX else f"{text[:_INTEGER_DIGITS_MAX]}…"


def _no_field_twice(pairs: list[tuple[str, Any]]) -> Object:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"the field {twice!r} is there twice")
    return found


def _no_float(text: str) -> Any:
    raise ValueError(f"{text} is not a whole number: ticks, lots and units are")


def _integer(text: str) -> int:
    if len(text) > _INTEGER_DIGITS_MAX:
        raise ValueError("a number has over 40 digits")
    return int(text)
