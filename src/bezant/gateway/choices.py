"""Which words a field takes, read from its type, for the message that one was none of them."""

import re
import types
from collections.abc import Iterator
from functools import lru_cache
from typing import Annotated, Any, Final, Literal, Union, get_args, get_origin

import msgspec

_STEP: Final = re.compile(r"([^.\[\]]+)|\[[^\]]*\]")


@lru_cache(maxsize=1_024)
def list_choices(model: Any, path: str = "") -> tuple[str, ...]:
    """Return the words of the field at a path such as `operations[0].side`, each once.

    A word that may be written in either case is listed as its type lists it first.
    """
    kinds = [model]
    steps = _STEP.findall(path) if path else []
    for name in steps[:-1]:
        kinds = list(_inside(kinds, name))
    words = list(_inside_words(kinds, steps[-1])) if steps else list(_words(kinds))
    found: dict[str, str] = {}
    for word in words:
        found.setdefault(word.lower(), word)
    return tuple(found.values())


def say_choices(model: Any, path: str = "") -> str:
    """Return the way out of a wrong word."""
    words = list_choices(model, path)
    return f"use one of {', '.join(words)}" if words else "see /docs for its values"


def _parts(kinds: list[Any]) -> Iterator[Any]:
    """Yield what types are made of, without unions and annotations around it."""
    for kind in kinds:
        origin = get_origin(kind)
        if origin is Annotated:
            yield from _parts([get_args(kind)[0]])
        elif origin in {Union, types.UnionType}:
            yield from _parts(list(get_args(kind)))
        else:
            yield kind


def _inside(kinds: list[Any], name: str) -> Iterator[Any]:
    """Yield the types of a field, or (no name) of the items of a list."""
    for kind in _parts(kinds):
        if not name:
            yield from get_args(kind)
        elif isinstance(kind, type) and issubclass(kind, msgspec.Struct):
            for field in msgspec.structs.fields(kind):
                if field.encode_name == name:
                    yield field.type


def _inside_words(kinds: list[Any], name: str) -> Iterator[str]:
    """Yield the words of a field, or the tags where it is what tells structs apart."""
    yield from _words(list(_inside(kinds, name)))
    for kind in _parts(kinds):
        if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
            config = kind.__struct_config__
            if config.tag_field == name and isinstance(config.tag, str):
                yield config.tag


def _words(kinds: list[Any]) -> Iterator[str]:
    for kind in _parts(kinds):
        if get_origin(kind) is Literal:
            yield from (word for word in get_args(kind) if isinstance(word, str))
