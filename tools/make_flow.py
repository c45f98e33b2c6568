"""Make the order flow that the repository ships: seeded, played through the core, written as seen.

    uv run python -m tools.make_flow

Writes `data/sample-btcusd.orders.csv.xz` in the format of `bezant replay`. Every row tells what the
core did, so a replay executes each order exactly as the file says.
"""

import csv
import io
import lzma
from pathlib import Path
from random import Random
from typing import Final

from bezant.apps.replay.flow import COLUMNS, Cancel, Flow, Place
from bezant.apps.replay.offline import Desk
from bezant.core.codec import Outcome
from bezant.core.engine import Engine
from bezant.core.events import TradeExecuted

FILE: Final = Path(__file__).parents[1] / "data" / "sample-btcusd.orders.csv.xz"
SEED: Final = 20_150_501
ORDERS: Final = 1_500
FIRST_ID: Final = 70_000_001
FIRST_MS: Final = 1_430_438_400_000
MID_CENTS: Final = 23_600
CANCEL_PERCENT: Final = 42
CROSS_PERCENT: Final = 12
PAUSE_MS: Final = (20, 700)
SPREAD_CENTS: Final = (5, 400)
VOLUME: Final = (1_000_000, 500_000_000)  # 0.01 to 5 coins in 1e-8.


class Tape:
    """Plays steps at one desk and writes down what became of each order."""

    def __init__(self) -> None:
        self._desk = Desk(Engine(), Flow((), (), 0, {}))
        self._desk.open()
        self._left: dict[int, int] = {}
        self._orders: dict[int, Place] = {}
        self.rows: list[tuple[str, ...]] = []

    @property
    def open_ids(self) -> list[int]:
        """The orders that are open, oldest first."""
        return list(self._left)

    def place(self, order: Place) -> None:
        """Place an order and write down what it did."""
        self._orders[order.id] = order
        self._left[order.id] = order.volume
        self._write(order.id, order.time_ms, "created")
        for outcome in self._desk.play([order]):
            self._tell_trades(outcome, order.time_ms)

    def cancel(self, id_: int, time_ms: int) -> None:
        """Cancel what is left of an order."""
        self._desk.play([Cancel(id_, time_ms)])
        self._write(id_, time_ms, "deleted")
        del self._left[id_]

    def _tell_trades(self, outcome: Outcome, time_ms: int) -> None:
        for event in outcome.events:
            if not isinstance(event, TradeExecuted):
                continue
            for order in (event.maker_order, event.taker_order):
                id_ = self._desk.file_id(order)
                self._left[id_] -= event.qty
                self._write(id_, time_ms, "changed" if self._left[id_] else "deleted")
                if not self._left[id_]:
                    del self._left[id_]

    def _write(self, id_: int, time_ms: int, action: str) -> None:
        order = self._orders[id_]
        price = f"{order.price_cents // 100}.{order.price_cents % 100:02}"
        left = str(self._left[id_])
        direction = "bid" if order.is_bid else "ask"
        second = str(time_ms // 1000 * 1000)
        self.rows.append((str(id_), str(time_ms), second, price, left, action, direction))


def make_rows() -> list[tuple[str, ...]]:
    """Return the rows of the file."""
    chance, tape = Random(SEED), Tape()  # noqa: S311 - The same flow each time is the point.
    time_ms, mid, made = FIRST_MS, MID_CENTS, 0
    while made < ORDERS:
        time_ms += chance.randint(*PAUSE_MS)
        mid += chance.randint(-8, 8)
        if tape.open_ids and chance.randint(1, 100) <= CANCEL_PERCENT:
            tape.cancel(chance.choice(tape.open_ids), time_ms)
            continue
        is_bid = chance.randint(0, 1) == 1
        away = chance.randint(*SPREAD_CENTS)
        crosses = chance.randint(1, 100) <= CROSS_PERCENT
        price = mid - away if is_bid != crosses else mid + away
        volume = chance.randint(*VOLUME)
        tape.place(Place(FIRST_ID + made, time_ms, price, volume, is_bid))
        made += 1
    return tape.rows


def make_file() -> bytes:
    """Return the packed file, the same bytes on every machine of one liblzma."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(make_rows())
    return lzma.compress(text.getvalue().encode("ascii"), preset=9)


if __name__ == "__main__":
    FILE.write_bytes(make_file())
    print(f"{FILE} has {len(make_rows())} rows in {FILE.stat().st_size} bytes")
