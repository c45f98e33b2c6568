"""What a replay gave: counts, and the digest that every run of the same flow must reach."""

import hashlib

from msgspec import Struct

from bezant.apps.replay.flow import Flow


class Report(Struct, frozen=True):
    """The result of a replay; `volume` is the base coin with eight decimals."""

    orders: int
    preexisting: int
    trades: int
    volume: str
    cancels: int
    cancels_missed: int
    ignored: int
    executed_in_file: int
    executed_exactly: int
    digest: str
    elapsed_s: str
    orders_per_s: int


class Tally:
    """Gathers trades and cancels of one replay, in trade order."""

    def __init__(self, flow: Flow) -> None:
        self._flow = flow
        self._sha256 = hashlib.sha256()
        self._executed: dict[int, int] = {}
        self.trades = 0
        self.volume = 0
        self.cancels = 0
        self.cancels_missed = 0

    def add_trade(self, taker: int, maker: int, *, price_cents: int, volume: int) -> None:
        """Count a trade between two orders of the file: `volume` in 1e-8."""
        line = f"{taker},{maker},{price_cents // 100}.{price_cents % 100:02},{volume}\n"
        self._sha256.update(line.encode("ascii"))
        self.trades += 1
        self.volume += volume
        for order in (taker, maker):
            self._executed[order] = self._executed.get(order, 0) + volume

    def add_cancel(self, *, is_done: bool) -> None:
        """Count a cancel that ended something, or one that came too late."""
        if is_done:
            self.cancels += 1
        else:
            self.cancels_missed += 1

    def report(self, elapsed_ns: int) -> Report:
        """Return the result after `elapsed_ns` of playing."""
        expected = self._flow.executed
        exact = sum(1 for id_, volume in expected.items() if self._executed.get(id_) == volume)
        orders = self._flow.orders
        elapsed_ms = elapsed_ns // 1_000_000
        return Report(
            orders=orders,
            preexisting=len(self._flow.preexisting),
            trades=self.trades,
            volume=f"{self.volume // 10**8}.{self.volume % 10**8:08}",
            cancels=self.cancels,
            cancels_missed=self.cancels_missed,
            ignored=self._flow.ignored,
            executed_in_file=len(expected),
            executed_exactly=exact,
            digest=self._sha256.hexdigest(),
            elapsed_s=f"{elapsed_ms // 1000}.{elapsed_ms % 1000:03}",
            orders_per_s=orders * 10**9 // max(elapsed_ns, 1),
        )
