"""Vectors of a folder, one after the other, and their digests filled in."""

from collections.abc import Callable, Iterator
from pathlib import Path

from msgspec import Struct

from bezant.apps.vectors.grammar import VectorSyntax
from bezant.apps.vectors.runner import VectorFailed, run
from bezant.apps.vectors.target import Target


class Ran(Struct, frozen=True):
    """A vector that was run; `fault` says where it failed and why, None where it passed."""

    path: Path
    fault: str | None


def list_vectors(place: Path) -> tuple[Path, ...]:
    """Return the vector itself, or all of a folder in order of their paths."""
    return tuple(sorted(place.rglob("*.vec"))) if place.is_dir() else (place,)


def run_all(
    paths: tuple[Path, ...], make_target: Callable[[], Target], *, update: bool = False
) -> Iterator[Ran]:
    """Run each vector against a target of its own; with `update` write the digests found."""
    for path in paths:
        try:
            done = run(path, make_target(), update=update)
        except (VectorFailed, VectorSyntax) as error:
            yield Ran(path, str(error))
            continue
        if update:
            fill_in(path, done.digests)
        yield Ran(path, None)


def fill_in(path: Path, digests: dict[int, str]) -> None:
    """Write the digests found into the `digest` lines of a vector."""
    lines = path.read_text(encoding="utf-8").split("\n")
    for number, digest in digests.items():
        lines[number - 1] = f"digest  {digest}"
    path.write_text("\n".join(lines), encoding="utf-8")
