"""Engines that are wrong on purpose, to show that the fuzzer finds them."""

from bezant.core import codec
from bezant.core.engine import Engine
from bezant.core.events import TradeExecuted

LOTS = 7


class WrongOutcome(Engine):
    """Forgets a trade of seven lots when it tells what happened; its state is right."""

    def apply(self, ts_ns: int, seq_first: int, entries: bytes) -> bytes:
        raw = super().apply(ts_ns, seq_first, entries)
        outcomes = codec.decode_outcomes(raw, self.seq - seq_first + 1)
        return codec.encode_outcomes(
            codec.Outcome(
                outcome.seq,
                outcome.code,
                tuple(event for event in outcome.events if not _is_forgotten(event)),
            )
            for outcome in outcomes
        )


class WrongState(Engine):
    """Takes an account's tier 2 for tier 1; no outcome tells."""

    def apply(self, ts_ns: int, seq_first: int, entries: bytes) -> bytes:
        raw = super().apply(ts_ns, seq_first, entries)
        for account in self.state.accounts.values():
            account.tier = min(account.tier, 1)
        return raw


class Broken(Engine):
    """Stops when an order is a self trade that is decremented."""

    def apply(self, ts_ns: int, seq_first: int, entries: bytes) -> bytes:
        raw = super().apply(ts_ns, seq_first, entries)
        if any(order.prevented for order in self.state.orders.values()):
            raise ValueError("prevented lots are too much for me")
        return raw


class Forgetful(Engine):
    """Loses the cancel timers of a snapshot."""

    def restore(self, raw: bytes) -> None:
        super().restore(raw)
        self.state.timers.cancel_due.clear()


def _is_forgotten(event: object) -> bool:
    return isinstance(event, TradeExecuted) and event.qty == LOTS
