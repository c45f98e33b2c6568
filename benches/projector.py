"""How many commands a second the projector turns into rows, sustained, on one synthetic journal.

    python -m benches.projector --commands 200000 --seed 1

Starts PostgreSQL of its own (fsync on) and projects the flow of `benches.core` from memory, as the
feed would bring it: rows of 200 commands, all orders with client ids. Prints the rate, the CPU time
of this process, and what a command costs in tables and in write-ahead log. No aim is asserted.
"""

import argparse
import asyncio
import os
import platform
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import asyncpg
import uvloop

from benches.core import BATCH, STEP_NS, Flow, opening
from bezant.core import codec
from bezant.core.engine import Engine
from bezant.core.ids import Seq
from bezant.egress.frames import FeedRow
from bezant.kit.paths import DataDir
from bezant.kit.postgres import EmbeddedPostgres
from bezant.kit.postgres.passwords import ROLE_NAMES
from bezant.migrations.runner import migrate
from bezant.projections.projector import TABLES, Projector
from bezant.projections.pump import Pump
from tests.fixtures_postgres import remove_data_dir

START_NS = 1_700_000_000_000_000_000
_SIZES = """
SELECT coalesce(sum(pg_relation_size(relid)), 0)::bigint AS heap,
       coalesce(sum(pg_indexes_size(relid)), 0)::bigint AS indexes
FROM pg_partition_tree(to_regclass($1))
"""
_SIZE = "SELECT pg_relation_size($1::regclass) AS heap, pg_indexes_size($1::regclass) AS indexes"
_WAL = "SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::bigint"


def main() -> None:
    """Make the journal, start a database, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--commands", type=int, default=200_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    print(f"projector: {options.commands:,} commands, seed {options.seed}, {BATCH} a row")
    print(f"           {platform.machine()}, {os.cpu_count()} cores, {platform.python_version()}")
    rows, kinds = record(options.commands, options.seed)
    told = ", ".join(f"{count:,} {name}" for name, count in kinds.most_common(4))
    print(f"           {told}")
    with tempfile.TemporaryDirectory(prefix="bezant-bench-", dir="/tmp") as name:
        folder = Path(name)
        folder.chmod(0o755)
        uvloop.run(run(folder, rows))


def record(commands: int, seed: int) -> tuple[list[FeedRow], Counter[str]]:
    """Return the rows of a feed, the opening first, and how many events of each kind there are."""
    flow = Flow(seed, with_client_ids=True)
    engine = Engine()
    outcomes: list[codec.Outcome] = []
    kinds: Counter[str] = Counter()
    opened = list(opening())
    for place in range(len(opened) + commands):
        command = opened[place] if place < len(opened) else flow.draw()
        seq = Seq(engine.seq + 1)
        events = engine.apply_command(STEP_NS, seq, command, codec.encode(command))
        outcomes.append(codec.outcome(seq, events))
        flow.learn([*events])
        kinds.update(type(event).__name__ for event in events)
    rows = []
    for start in range(0, len(outcomes), BATCH):
        some = outcomes[start : start + BATCH]
        ts_ns = START_NS + start * 100_000  # Ten thousand commands a second.
        raw = codec.encode_outcomes(some)
        rows.append(FeedRow(some[0].seq, some[-1].seq, ts_ns, 1, codec.FORMAT, raw))
    return rows, kinds


async def run(folder: Path, rows: list[FeedRow]) -> None:
    """Start the database and measure."""
    data_dir = DataDir(folder / "data")
    server = EmbeddedPostgres(data_dir)
    try:
        await server.start()
        await migrate(server.dsn("owner"), ROLE_NAMES["app"])
        observer = await asyncpg.connect(server.dsn("app"))
        projector = await Projector.connect(server.dsn("app"))
        await projector.open()
        wal = await observer.fetchval(_WAL)
        sizes: list[int] = []
        wall_s, cpu_s = time.perf_counter(), time.process_time()
        await Pump(projector, lambda batch: sizes.append(batch.count)).run(_feed(rows))
        wall_s, cpu_s = time.perf_counter() - wall_s, time.process_time() - cpu_s
        count = rows[-1].seq_last
        print(f"           {count / wall_s:,.0f} commands/s in {len(sizes)} batches")
        print(f"           {cpu_s / count * 1e6:.1f} µs of CPU a command in the projector")
        await _print_sizes(observer, count, await observer.fetchval(_WAL) - wal)
        projector.terminate()
        await observer.close()
    finally:
        await server.stop()
        remove_data_dir(data_dir)


async def _feed(rows: list[FeedRow]) -> AsyncIterator[FeedRow]:
    for row in rows:
        yield row
        await asyncio.sleep(0)


async def _print_sizes(observer: Any, count: int, wal: int) -> None:
    heap = indexes = 0
    for table in TABLES:
        is_parted = await observer.fetchval(
            "SELECT relkind = 'p' FROM pg_class WHERE oid = $1::regclass", table
        )
        found = await observer.fetchrow(_SIZES if is_parted else _SIZE, table)
        heap, indexes = heap + found["heap"], indexes + found["indexes"]
    print(
        f"           {heap / count:.0f} B of tables, {indexes / count:.0f} B of indexes and "
        f"{wal / count:.0f} B of write-ahead log a command"
    )


if __name__ == "__main__":
    main()
