"""`python -m tests.fuzz`: play seeded days on both engines and compare all that they say.

Ends after N commands, or after some seconds, or at the first difference. That is shrunk to a few
commands and written to a file that a person can read, `bezant core apply` takes, and `--replay`
plays again.
"""

import argparse
import gc
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.fuzz.days import Day, play_day
from tests.fuzz.lines import from_lines, to_lines
from tests.fuzz.pair import Makers
from tests.fuzz.recording import Item, Played, play
from tests.fuzz.shrink import shrink

OUT: Final = Path(".cache/fuzz")
REPORT_S: Final = 60


@dataclass
class Tally:
    """How much was compared, from which seed on and since when."""

    seed_first: int
    start: float
    seed: int = 0
    commands: int = 0
    states: int = 0

    def line(self) -> str:
        """Return how far it is."""
        seconds = time.monotonic() - self.start
        counted = f"{self.commands:,} commands and {self.states:,} states compared equal"
        return f"{counted}, seeds {self.seed_first} to {self.seed}, {seconds:.0f} s"


def main(arguments: list[str] | None = None, makers: Makers | None = None) -> int:
    """Play or replay; return 0 if all was equal."""
    options = _parse(arguments)
    makers = makers or _both()
    if makers is None:
        print("fuzz: the Rust core is not built here, so there is nothing to compare (make native)")
        return 2
    if options.replay is not None:
        return _replay(options.replay, makers)
    tally = Tally(options.seed, time.monotonic())
    reported = tally.start
    gc.disable()  # Days leave much behind at once; it is collected between them.
    while tally.commands < options.n:
        day = play_day(tally.seed_first if not tally.seed else tally.seed + 1, makers)
        if day.difference is not None:
            return _tell(day, makers, options.out)
        tally.seed, tally.commands = day.seed, tally.commands + day.commands
        tally.states += day.states
        gc.collect()
        now = time.monotonic()
        if now - reported > REPORT_S:
            reported = now
            print(f"· {tally.line()}", flush=True)
        if options.seconds and now - tally.start > options.seconds:
            break
    print(f"fuzz: {tally.line()}")
    return 0


def _parse(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--n", type=int, default=50_000, help="commands to play, at least")
    parser.add_argument(
        "--seed", type=int, default=1, help="of the first day, the next day's follows"
    )
    parser.add_argument(
        "--seconds", type=int, default=0, help="stop after so many, 0: only after N"
    )
    parser.add_argument("--replay", type=Path, help="play a file of commands instead")
    parser.add_argument("--out", type=Path, default=OUT, help="where a difference is written")
    return parser.parse_args(arguments)


def _both() -> Makers | None:
    try:
        from bezant_core import Engine
    except ImportError:
        return None
    return Makers(Engine)


def _tell(day: Day, makers: Makers, folder: Path) -> int:
    """Shrink what differed and write it down."""
    print(f"fuzz: seed {day.seed} differs: {day.difference}")
    print(f"· shrinking {len(day.recorder.items)} commands", flush=True)

    def again(items: Sequence[Item]) -> Played:
        return play(items, makers)

    kept = shrink(day.recorder.items, again)
    played = again(kept)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"seed-{day.seed}.jsonl"
    path.write_text(to_lines(played.sent), encoding="utf-8")
    print(f"fuzz: {len(kept)} commands are enough: {played.difference or 'not when played again'}")
    print(f"· {path}: `bezant core apply < {path}` shows them, `--replay {path}` compares again")
    print(f"· the whole day: `make fuzz N=1 SEED={day.seed}`")
    return 1


def _replay(path: Path, makers: Makers) -> int:
    """Play a file on both engines, and compare after each line."""
    items = from_lines(path.read_text(encoding="utf-8"))
    played = play(items, makers)
    if played.difference is not None:
        print(f"fuzz: line {played.count} of {path} differs: {played.difference}")
        return 1
    print(f"fuzz: {len(items)} lines of {path} are equal on both engines")
    return 0


if __name__ == "__main__":
    sys.exit(main())
