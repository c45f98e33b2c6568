"""Writes where the coverage-guided fuzzers begin: `python -m tests.fuzz.seeds`.

Golden messages, the entries and snapshots of a few seeded days, all small; and the open house that
entries and questions are put to (`house.snapshot`). Written once and kept; new messages are the
reason to run it again. What a fuzzer finds on its own stays out of the repository.
"""

import json
from pathlib import Path
from random import Random
from typing import Final, get_args

from bezant.core import codec
from bezant.core.commands import Command
from bezant.core.engine import Engine
from bezant.core.ids import Seq
from bezant.core.reads import Read
from tests.fuzz.flow import FuzzedHouse, FuzzFlow
from tests.fuzz.pair import Makers, Pair
from tests.fuzz.recording import Item, Recorder
from tools.findings import ROOT

KINDS: Final = {kind.__name__ for kind in (*get_args(Command), *get_args(Read))}
FOLDER: Final = ROOT / "crates" / "bezant-core" / "fuzz"
GOLDEN: Final = ROOT / "tests" / "golden" / "messages"
HOUSE_SEED: Final = 80
HOUSE_COMMANDS: Final = 150
ENTRY_COUNT: Final = 50
SNAPSHOT_SEEDS: Final = range(10, 22)
SNAPSHOT_SIZE_MAX: Final = 6_000


def main() -> None:
    """Write all seeds."""
    for target, family in (("commands", "commands"), ("questions", "reads")):
        for name, raw in _golden(family):
            _write(target, name, raw)
    house = _play(HOUSE_SEED, HOUSE_COMMANDS)
    snapshot = house.recorder.pair.reference.snapshot()
    (FOLDER / "house.snapshot").write_bytes(snapshot)
    _write("snapshots", "house", snapshot)
    _write("snapshots", "empty", Engine().snapshot())
    _write_entries(house)
    for seed in SNAPSHOT_SEEDS:
        for count in (1, 30):
            raw = _play(seed, count).recorder.pair.reference.snapshot()
            if len(raw) <= SNAPSHOT_SIZE_MAX:
                _write("snapshots", f"day-{seed}-{count}", raw)


def _write_entries(house: "Play") -> None:
    """Write each of some commands as the next entry, and all of them as one batch."""
    seq = house.recorder.pair.seq
    known = len(house.recorder.items)
    house.flow.run(ENTRY_COUNT)
    items: list[Item] = [item for item in house.recorder.items[known:] if item.command]
    batch = b""
    for place, item in enumerate(items, start=1):
        if item.command is not None:
            raw = codec.encode(item.command)
            batch += codec.encode_entry(Seq(seq + place), raw)
            _write(
                "entries",
                f"{type(item.command).__name__}-{place}",
                codec.encode_entry(Seq(seq + 1), raw),
            )
    _write("entries", "batch", batch)


class Play:
    """A day on the reference alone (both engines of the pair are it)."""

    def __init__(self, seed: int) -> None:
        self.recorder = Recorder(Pair(Makers(Engine)))
        self.flow = FuzzFlow(Random(seed), FuzzedHouse(self.recorder))


def _play(seed: int, count: int) -> Play:
    play = Play(seed)
    play.flow.open()
    play.flow.run(count)
    return play


def _golden(family: str) -> list[tuple[str, bytes]]:
    lines = (GOLDEN / f"{family}.json").read_text(encoding="utf-8").splitlines()
    records = [json.loads(line.rstrip(",")) for line in lines if line.startswith("{")]
    return [
        (f"{one['name']}-{one['sample']}", bytes.fromhex(one["hex"]))
        for one in records
        if one["sample"] != "least" and one["name"] in KINDS
    ]


def _write(target: str, name: str, raw: bytes) -> None:
    path: Path = FOLDER / "seeds" / target / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(raw)


if __name__ == "__main__":
    main()
