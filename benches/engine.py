"""How many commands a second the Rust core applies, beside the reference, on the same flow.

From entry bytes to outcome bytes in batches, balances, holds and fees on, with the flow of
`benches.core`; both must end in the same digest. `--save` keeps the flow's entries for
`cargo run --release --example flow`, which times decoding, applying and encoding apart. Needs the
module `bezant_core` (crates/README.md). No aim is asserted: it prints what it saw.

    python -m benches.engine --commands 200000 --seed 1
"""

import argparse
import importlib
import platform
import time
from pathlib import Path

from benches.core import STEP_NS, opening, record
from bezant.core import codec
from bezant.core.contract import EngineContract
from bezant.core.engine import Engine
from bezant.core.ids import Seq

BATCHES = (1, 200, 10_000)
Entries = list[bytes]


def entries_of(commands: int, seed: int, *, with_client_ids: bool) -> tuple[Entries, Entries]:
    """Return the entries of the opening and those of the flow."""
    drawn = record(commands, seed, with_client_ids=with_client_ids)
    raws = [codec.encode(command) for command in opening()]
    first = len(raws) + 1
    made = [codec.encode_entry(Seq(seq), raw) for seq, raw in enumerate(raws, start=1)]
    flow = [codec.encode_entry(Seq(seq), raw) for seq, (_, raw) in enumerate(drawn, start=first)]
    return made, flow


def time_batches(engine: EngineContract, made: Entries, flow: Entries, size: int) -> float:
    """Return the CPU seconds of the flow in batches of a size, after the opening."""
    engine.apply(STEP_NS, 1, b"".join(made))
    first = len(made) + 1
    batches = [
        (first + index, b"".join(flow[index : index + size])) for index in range(0, len(flow), size)
    ]
    start = time.process_time()
    for seq, entries in batches:
        engine.apply(STEP_NS, seq, entries)
    return time.process_time() - start


def main() -> None:
    """Print the figures with their conditions."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--commands", type=int, default=200_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--save", type=Path, help="a folder for the entries of the flows")
    options = parser.parse_args()
    native = importlib.import_module("bezant_core")
    print(f"engine: {options.commands:,} commands, seed {options.seed}, {platform.machine()}")
    for with_client_ids in (False, True):
        made, flow = entries_of(options.commands, options.seed, with_client_ids=with_client_ids)
        name = "with client ids" if with_client_ids else "without client ids"
        if options.save is not None:
            path = options.save / f"{name.replace(' ', '-')}.entries"
            path.write_bytes(len(made).to_bytes(4, "big") + b"".join([*made, *flow]))
        reference = Engine()
        rate = len(flow) / time_batches(reference, made, flow, 200)
        print(f"{'reference':>10}, {name:<20} {rate:>12,.0f} commands/s, batches of 200")
        for size in BATCHES:
            engine: EngineContract = native.Engine()
            seconds = time_batches(engine, made, flow, size)
            rate = len(flow) / seconds
            print(f"{'native':>10}, {name:<20} {rate:>12,.0f} commands/s, batches of {size:,}")
            is_same = engine.digest() == reference.digest()
            print(f"{'digest':>10}, {'the same' if is_same else 'ANOTHER'}")


if __name__ == "__main__":
    main()
