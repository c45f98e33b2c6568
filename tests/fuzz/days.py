"""Seeded days on both engines: what is played, how often the state is compared, what is asked."""

from dataclasses import dataclass
from random import Random

from bezant.core import reads as r
from bezant.core.commands import Command
from bezant.core.ids import AccountId, MarketId, OrderId
from bezant.core.invariants import check
from tests.fuzz.crowd import Crowd
from tests.fuzz.flow import FuzzedHouse, FuzzFlow
from tests.fuzz.pair import Difference, Makers, Pair
from tests.fuzz.recording import Recorder

QUESTION_SHARE = 0.05
LONG_SHARE = 0.03
LONG_COMMANDS = 6_000
CROWD_SHARE = 0.003


@dataclass(frozen=True)
class Day:
    """A day that was played: how many commands and states were compared, and what differed."""

    seed: int
    commands: int
    states: int
    recorder: Recorder
    difference: Difference | None


class AskingHouse(FuzzedHouse):
    """Asks both engines something now and then."""

    def __init__(self, recorder: Recorder, rng: Random) -> None:
        super().__init__(recorder)
        self.rng = rng

    def submit(self, commands: list[Command], after_ns: int = 0) -> None:
        super().submit(commands, after_ns)
        if self.rng.random() < QUESTION_SHARE:
            self.recorder.pair.query(_question(self.rng))


def play_day(seed: int, makers: Makers, commands_max: int | None = None) -> Day:
    """Play the day of a seed until it ends or the engines differ."""
    rng = Random(seed)
    drawn = rng.random()
    is_crowded, is_long = drawn < CROWD_SHARE, drawn < CROWD_SHARE + LONG_SHARE
    count = LONG_COMMANDS if is_long else rng.choice((60, 150, 300, 600))
    recorder = Recorder(Pair(makers))
    flow = FuzzFlow(rng, AskingHouse(recorder, rng))
    try:
        flow.open()
        if is_crowded:
            Crowd(rng, flow).gather()
        flow.run(count if commands_max is None else min(count, commands_max))
        recorder.restart()
    except Difference as difference:
        return Day(seed, len(recorder.items), recorder.states, recorder, difference)
    check(recorder.pair.reference.state)
    return Day(seed, recorder.pair.seq, recorder.states, recorder, None)


def _question(rng: Random) -> r.Read:
    account, market = AccountId(rng.choice((0, 1, 5, 1_001, 1_002))), MarketId(rng.randrange(3))
    return rng.choice(
        (
            r.ReadCatalogue(),
            r.ReadAccount(account),
            r.ReadOpenOrders(account, market, OrderId(0), rng.choice((0, 1, 10, 1_000, 1_001))),
            r.ReadOrder(account, OrderId(0), f"f{rng.randrange(200)}"),
            r.ReadBook(market, rng.choice((0, 1, 5, 1_000))),
            r.ReadMarks(),
            r.ReadDigest(),
        )
    )
