"""How fast the Rust core is, beside the reference, on the same flows, and where the time goes.

Three flows with balances, holds and fees on: the synthetic one of `benches.core` without and with
client ids, and a recorded file played again and again. For both engines: commands a second apart
for decoding, applying and encoding and for the way from bytes to bytes, the latency of each
command, and memory; all must end in the same digest. Rates are of CPU time. The native figures
come from `crates/bezant-bench`, which cargo builds twice: once it encodes events, once it only
counts them. No aim is asserted: it prints what it saw.

    python -m benches.engine --commands 1000000 --seed 1
"""

import argparse
import os
import platform
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Final

import psutil

from benches.core import STEP_NS, opening, record
from benches.recorded import recorded_commands, recorded_opening
from bezant.core import codec
from bezant.core.codec import Outcome
from bezant.core.commands import Command
from bezant.core.engine import Engine
from bezant.core.entries import decode_journaled, split_entries
from bezant.core.ids import Seq

ROOT: Final = Path(__file__).parents[1]
BENCH: Final = ROOT / "crates" / "bezant-bench" / "Cargo.toml"
TARGET = ROOT / "target"  # Where cargo builds.
SAMPLE: Final = ROOT / "data" / "sample-btcusd.orders.csv.xz"
BATCH: Final = 200
Entries = list[bytes]


def main() -> None:
    """Print the figures with their conditions."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--commands", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--recorded", type=Path, default=SAMPLE, help="a file of order flow")
    parser.add_argument("--passes", type=int, default=5, help="of native; the best counts")
    parser.add_argument("--save", type=Path, help="a folder in which the flows are left")
    options = parser.parse_args()
    print(f"engine: {options.commands:,} commands, seed {options.seed}, {platform.machine()}, ")
    print(f"        {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    with tempfile.TemporaryDirectory() as scratch:
        folder = options.save or Path(scratch)
        for name, made, flow in flows(options.commands, options.seed, options.recorded):
            path = folder / f"{name.replace(' ', '-')}.entries"
            path.write_bytes(len(made).to_bytes(4, "big") + b"".join([*made, *flow]))
            print(f"-- {name}: {len(flow):,} commands")
            digest = measure_reference(made, flow)
            measure_native(path, options.passes, digest)


def flows(commands: int, seed: int, recorded: Path) -> Iterable[tuple[str, Entries, Entries]]:
    """Yield each flow's name, what opens its market, and its entries."""
    for with_client_ids in (False, True):
        name = f"synthetic {'with' if with_client_ids else 'without'} client ids"
        drawn = record(commands, seed, with_client_ids=with_client_ids)
        yield name, *entries_of(opening(), (raw for _, raw in drawn))
    raws = map(codec.encode, recorded_commands(recorded, commands))
    yield f"recorded {recorded.name.split('.')[0]}", *entries_of(recorded_opening(), raws)


def entries_of(made: Iterable[Command], raws: Iterable[bytes]) -> tuple[Entries, Entries]:
    """Return entries of commands and of those that come after them."""
    first = [codec.encode_entry(Seq(seq), codec.encode(one)) for seq, one in enumerate(made, 1)]
    start = len(first) + 1
    return first, [codec.encode_entry(Seq(seq), raw) for seq, raw in enumerate(raws, start)]


def measure_reference(made: Entries, flow: Entries) -> str:
    """Print what the reference does, one part after the other; return its digest."""
    before = psutil.Process().memory_info().rss
    engine = Engine()
    engine.apply(STEP_NS, 1, b"".join(made))
    first, spans, seconds = len(made) + 1, [], dict.fromkeys(("decode", "apply", "encode"), 0)
    for index in range(0, len(flow), BATCH):
        part = flow[index : index + BATCH]
        start = time.process_time_ns()
        split = split_entries(b"".join(part), Seq(first + index))
        raws = [bytes(entry.command) for entry in split]
        commands = [decode_journaled(entry.command) for entry in split]
        decoded = time.process_time_ns()
        outcomes = []
        for place, (command, raw) in enumerate(zip(commands, raws, strict=True), first + index):
            begun = time.perf_counter_ns()
            events = engine.apply_command(STEP_NS, place, command, raw)
            spans.append(time.perf_counter_ns() - begun)
            outcomes.append(Outcome(Seq(place), engine.state.refused, tuple(events)))
        applied = time.process_time_ns()
        codec.encode_outcomes(outcomes)
        encoded = time.process_time_ns()
        seconds["decode"] += decoded - start
        seconds["apply"] += applied - decoded
        seconds["encode"] += encoded - applied
    for what, took in (*seconds.items(), ("bytes to bytes", sum(seconds.values()))):
        print(f"reference {what:<14} {len(flow) * 10**9 / took:>12,.0f} commands/s")
    spans.sort()
    p50, p99, p999 = (spans[len(spans) * mille // 1_000] for mille in (500, 990, 999))
    print(f"reference latency        p50 {p50:,} ns, p99 {p99:,} ns, p99.9 {p999:,} ns (apply)")
    grown = psutil.Process().memory_info().rss - before
    print(f"reference memory         {grown:>12,} bytes more with an engine")
    return engine.digest().hex()


def measure_native(path: Path, passes: int, digest: str) -> None:
    """Print what the Rust core does with a saved flow; needs cargo."""
    if shutil.which("cargo") is None:
        print("native    not measured: cargo is not here")
        return
    printed = run_bench("flow", str(path), str(passes), features="count-events")
    printed += run_bench("flow", str(path), str(passes))
    print(printed, end="")
    print("digest    the same" if digest in printed else "digest    ANOTHER")


def run_bench(name: str, *arguments: str, features: str = "") -> str:
    """Return what a program of `crates/bezant-bench` prints; it is built first."""
    target = TARGET / (f"bench-{features}" if features else "bench")
    command = ["cargo", "run", "--quiet", "--release", "--locked", "--manifest-path", str(BENCH)]
    command += ["--target-dir", str(target), "--features", features, "--bin", name, "--"]
    return subprocess.check_output([*command, *arguments], text=True)


if __name__ == "__main__":
    main()
