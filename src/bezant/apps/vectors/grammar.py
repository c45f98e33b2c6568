"""From the text of a vector to statements; nothing here knows what the words mean."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

_WORDS = re.compile(r"[^\s()]+\([^)]*\)|\([^)]*\)|[^\s()]+")
_OPTION = re.compile(r"([A-Za-z_][A-Za-z0-9_.]*)=(.*)", re.DOTALL)
_COMMENT = re.compile(r"(^|\s)#.*$")
_TURN = re.compile(r"\{i([+-]\d+)?\}")
_REPEAT = re.compile(r"repeat\s+(\d+)\s*\{(.*)\}\s*", re.DOTALL)


class VectorSyntax(Exception):
    """A vector is badly written; the message names file, line, rule."""


@dataclass(frozen=True)
class Place:
    """Where a statement stands."""

    path: Path
    line: int

    def __str__(self) -> str:
        return f"{self.path}:{self.line}"


@dataclass(frozen=True)
class Statement:
    """One line: a verb, its words and options, its legs in braces, and the events it lists."""

    place: Place
    text: str
    verb: str
    words: tuple[str, ...]
    options: dict[str, str]
    legs: tuple[str, ...]
    at: str | None
    expected: tuple[str, ...] | None
    repeated: bool = False


@dataclass
class _Source:
    """The lines of a file that are not read yet."""

    path: Path
    lines: list[str]
    number: int = 0
    pending: list[str] = field(default_factory=list)

    def next_line(self) -> str | None:
        if self.number == len(self.lines):
            return None
        self.number += 1
        return _COMMENT.sub("", self.lines[self.number - 1]).rstrip()


def title(text: str) -> str:
    """Return the sentence a vector opens with. Raises VectorSyntax if it has none."""
    first = text.split("\n", 1)[0]
    if not first.startswith("# ") or not first.rstrip().endswith("."):
        raise VectorSyntax("a vector opens with '# ' and a sentence that ends with a period")
    return first[2:].rstrip()


def statements(path: Path, text: str) -> Iterator[Statement]:
    """Yield the statements of a vector, blocks of `repeat` unrolled."""
    title(text)
    source = _Source(path, text.split("\n"))
    while (line := source.next_line()) is not None:
        if not line.strip():
            continue
        place = Place(path, source.number)
        yield from _unrolled(place, _whole(source, place, line))


def _whole(source: _Source, place: Place, line: str) -> str:
    """Join a line with those that continue it: after `->`, `;` or an open brace."""
    whole = line.strip()
    while whole.endswith(("->", ";")) or whole.count("{") > whole.count("}"):
        more = source.next_line()
        if more is None:
            raise VectorSyntax(f"{place}: the file ends inside a statement")
        joint = "\n" if whole.startswith("repeat") and not whole.endswith(("->", ";")) else " "
        whole += joint + more.strip()
    return whole


def _unrolled(place: Place, text: str) -> Iterator[Statement]:
    match = _REPEAT.fullmatch(text)
    if match is None:
        yield statement(place, text)
        return
    lines = [line.strip() for line in match[2].split("\n") if line.strip()]
    for turn in range(1, int(match[1]) + 1):
        last = turn == int(match[1])
        for index, line in enumerate(lines):
            inner = last and index == len(lines) - 1
            yield statement(place, _numbered(line, turn), repeated=not inner)


def statement(place: Place, text: str, *, repeated: bool = False) -> Statement:
    """Return the statement in `text`."""
    command, arrow, after = text.partition("->")
    expected = tuple(split_events(after)) if arrow else None
    legs: tuple[str, ...] = ()
    if "{" in command:
        before, _, inside = command.partition("{")
        inside, _, behind = inside.rpartition("}")
        legs = tuple(leg.strip() for leg in inside.split(";"))
        command = f"{before} {behind}"
    words = command.split()
    at = None
    if words[0] == "at":
        at, words = "".join(words[1:2]), words[2:]
        if not words:
            raise VectorSyntax(f"{place}: `at TIME` stands before a command")
    plain, options = options_of(words[1:])
    return Statement(place, text, words[0], plain, options, legs, at, expected, repeated)


def options_of(words: list[str]) -> tuple[tuple[str, ...], dict[str, str]]:
    """Part plain words from `key=value` options."""
    plain: list[str] = []
    options: dict[str, str] = {}
    for word in words:
        match = _OPTION.fullmatch(word)
        if match is None:
            plain.append(word)
        else:
            options[match[1]] = match[2]
    return tuple(plain), options


def split_events(text: str) -> Iterator[str]:
    """Yield the listed events in order; `repeat N { … }` unrolled, `nothing` is none."""
    for part in _top_level(text):
        match = _REPEAT.fullmatch(part)
        if match is None:
            if part != "nothing":
                yield part
            continue
        for turn in range(1, int(match[1]) + 1):
            yield from split_events(_numbered(match[2], turn))


def _numbered(text: str, turn: int) -> str:
    """Put a turn's number for `{i}`, and its sum for `{i+100}`."""
    return _TURN.sub(lambda match: str(turn + int(match[1] or 0)), text)


def event_words(text: str) -> list[str]:
    """Return the words of an event's short form, parentheses kept with the word before."""
    return _WORDS.findall(text)


def _top_level(text: str) -> Iterator[str]:
    depth = 0
    part = ""
    for sign in text:
        depth += (sign == "{") - (sign == "}")
        if sign == ";" and depth == 0:
            yield part.strip()
            part = ""
        else:
            part += sign
    if part.strip():
        yield part.strip()
