"""Runs one vector: each statement in turn, each claim compared, each check asked."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from bezant.apps.vectors.checks import CHECKS
from bezant.apps.vectors.claims import agrees
from bezant.apps.vectors.grammar import Place, Statement, VectorSyntax, statements
from bezant.apps.vectors.numbers import BadNumber
from bezant.apps.vectors.render import all_events, short_form
from bezant.apps.vectors.setup import entries, openings
from bezant.apps.vectors.target import Target
from bezant.apps.vectors.verbs import VERBS
from bezant.apps.vectors.world import World
from bezant.core.commands import Command, OpenAccount
from bezant.core.contract import InvariantViolation
from bezant.core.events import AccountOpened, CommandRefused

_SET_UP = {"account", "asset", "market", "deposit"}
_SHOWN = 12


class VectorFailed(Exception):
    """The engine does not do what the vector says: file, line, expected, actual."""

    def __init__(self, place: Place, text: str, expected: str, actual: str) -> None:
        super().__init__(
            f"{place}: {' '.join(text.split())}\n  expected: {expected}\n  actual:   {actual}"
        )


@dataclass
class Run:
    """A vector while it runs."""

    target: Target
    world: World = field(default_factory=World)
    digests: dict[int, str] = field(default_factory=dict)  # By line: what `digest` lines found.


def run(path: Path, target: Target, *, update: bool = False) -> Run:
    """Run a vector against a target; with `update` take digests as they are.

    Raises VectorFailed where the target differs, VectorSyntax where the text is wrong.
    """
    state = Run(target)
    state.world.digest = target.digest
    for line in statements(path, path.read_text(encoding="utf-8")):
        try:
            _step(state, line, update=update)
        except (BadNumber, VectorSyntax, KeyError, ValueError) as error:
            raise VectorSyntax(f"{line.place}: {line.text}: {error!r}") from error
        except InvariantViolation as error:
            raise VectorFailed(line.place, line.text, "the invariants hold", str(error)) from error
    return state


def _step(state: Run, line: Statement, *, update: bool) -> None:
    if line.at is not None:
        state.world.now_ns = state.world.time_ns(line.at)
    if line.verb == "digest":
        _digest(state, line, update=update)
    elif line.verb == "restart":
        _restart(state, line)
    elif line.verb in CHECKS:
        difference = CHECKS[line.verb](state.world, state.target, line)
        if difference is not None:
            raise VectorFailed(line.place, line.text, *difference)
    else:
        events = tuple(_done(state, line))
        _compare(state.world, line, events)
        if not line.repeated:
            state.target.check()


def _done(state: Run, line: Statement) -> Iterator[object]:
    """Do a line's entries and yield their events; a refused one ends a set-up line."""
    world = state.world
    if line.verb in _SET_UP:
        for command in entries(world, line):
            events = _submit(state, command)
            if line.verb == "deposit" and isinstance(command, OpenAccount):
                continue
            yield from events
            if any(isinstance(event, CommandRefused) for event in events):
                return
        return
    if line.verb not in VERBS:
        raise VectorSyntax(f"unknown verb {line.verb}")
    command, names = VERBS[line.verb](world, line)
    if world.to_open:
        _open_people(state)
        command, names = VERBS[line.verb](world, line)  # Its number comes after theirs.
    yield from _submit(state, command, names)


def _submit(state: Run, command: Command, names: tuple[str, ...] = ()) -> tuple[object, ...]:
    outcome = state.target.submit(state.world.now_ns, command)
    state.world.learn(command, outcome.events, names)
    return outcome.events


def _open_people(state: Run) -> None:
    """Open the accounts of people met for the first time; nothing else may happen meanwhile."""
    for command in openings(state.world):
        events = _submit(state, command)
        if [type(event) for event in events] != [AccountOpened]:
            raise VectorSyntax(
                f"opening an account was not quiet ({all_events(state.world, events)}): "
                "name people before time passes"
            )


def _compare(world: World, line: Statement, events: tuple[object, ...]) -> None:
    if line.expected is None:
        if any(isinstance(event, CommandRefused) for event in events):
            raise VectorFailed(line.place, line.text, "done", all_events(world, events))
        return
    for index, text in enumerate(line.expected):
        if index == len(events):
            raise VectorFailed(line.place, line.text, text, "no further event")
        if not agrees(world, text, events[index]):
            actual = short_form(world, events[index])
            place = f"event {index + 1} of {len(events)}: {text}"
            raise VectorFailed(
                line.place, line.text, place, f"{actual} | all: " + all_events(world, events[:12])
            )
    if len(events) > len(line.expected):
        more = _few(world, events[len(line.expected) :])
        raise VectorFailed(line.place, line.text, "no further event", more)


def _few(world: World, events: tuple[object, ...]) -> str:
    """The first events of an entry: a refusal of thousands need not be read whole."""
    more = f"; … {len(events) - _SHOWN} more" if len(events) > _SHOWN else ""
    return all_events(world, events[:_SHOWN]) + more


def _restart(state: Run, line: Statement) -> None:
    """Go on from a snapshot; the state and what it waits for must be what they were."""
    before = (state.target.digest().hex(), state.target.deadline_ns())
    state.target.restart()
    after = (state.target.digest().hex(), state.target.deadline_ns())
    if after != before:
        raise VectorFailed(line.place, line.text, f"the same: {before}", str(after))


def _digest(state: Run, line: Statement, *, update: bool) -> None:
    actual = state.target.digest().hex()
    wanted = line.words[0] if line.words else ""
    state.digests[line.place.line] = actual
    if wanted != actual and not update:
        raise VectorFailed(line.place, line.text, wanted or "a digest (`make vectors`)", actual)
