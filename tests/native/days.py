"""`python -m tests.native.days SEED N`: N commands from seed on, on both engines, all compared.

A day is a flow of `tests.properties.flow`; what its events mean is the reference's own test, so
that here only bytes are compared. Both are restored from a snapshot now and then. Prints the seed
of the day that differs.
"""

import sys
import time
from random import Random

import msgspec

from bezant.apps.engines import named_engine_maker
from bezant.apps.lockstep import Difference, Lockstep
from bezant.core import codec
from bezant.core import commands as c
from bezant.core.codec import MalformedMessage, Outcome
from bezant.core.commands import Message
from bezant.core.engine import Engine
from bezant.core.events import OrderAccepted
from bezant.core.ids import Seq, Source
from bezant.core.reads import Marks, ReadMarks
from bezant.core.refusals import RefusalCode
from tests.properties.drawn import SOURCE
from tests.properties.flow import Flow
from tests.properties.house import House

DAY = 5_000
KEPT = 2_000  # What a sender remembers of orders and commands.


STRANGE = (0, 1, -1, 3, 255, 2**31, 2**53 - 1, 2**62, 2**62 + 1, 2**63 - 1, -(2**63))
WILD_SHARE = 0.15


class WildFlow(Flow):
    """A flow in which some commands have a field or two that is any number of its range."""

    def _command(self) -> c.Command:
        command = super()._command()
        if self.rng.random() >= WILD_SHARE:
            return command
        try:
            return codec.decode_command(codec.encode(self._bent(command)))
        except (MalformedMessage, OverflowError):
            return command

    def _bent(self, message: Message) -> Message:
        names = message.__struct_fields__
        if not names:
            return message
        name = self.rng.choice(names)
        value = getattr(message, name)
        if isinstance(value, Message):
            bent: object = self._bent(value)
        elif isinstance(value, tuple) and value:
            bent = (*value[:-1], self._bent(value[-1]))
        elif isinstance(value, bool) or not isinstance(value, int | None):
            return message
        else:
            bent = self.rng.choice((*STRANGE, self.rng.randrange(2**62)))
        return msgspec.structs.replace(message, **{name: bent})


class QuickHouse(House):
    """A house whose engine is both; it learns from events and compares nothing else."""

    def submit(self, commands: list[c.Command], after_ns: int = 0) -> tuple[Outcome, ...]:
        """Apply commands side by side at one time."""
        self.known.ts_ns += after_ns
        first = self.engine.seq + 1
        entries = b"".join(
            codec.encode_entry(Seq(first + index), codec.encode(command))
            for index, command in enumerate(commands)
        )
        raw = self.engine.apply(self.known.ts_ns, first, entries)
        outcomes = codec.decode_outcomes(raw, len(commands))
        for command, outcome in zip(commands, outcomes, strict=True):
            self._learn(command, outcome)
        del self.known.orders[:-KEPT], self.known.sent[:-KEPT]
        return outcomes

    def restart_shadow(self) -> None:
        """Go on from a snapshot."""
        self.engine.restore(self.engine.snapshot())

    def _learn(self, command: c.Command, outcome: Outcome) -> None:
        self.told.begin(outcome.seq, self.known.ts_ns)
        for event in outcome.events:
            self.told.tell(event)
            if isinstance(event, OrderAccepted):
                self.known.orders.append(event.order_id)
        self.told.waiting.end(is_caught_up=outcome.code != RefusalCode.CATCHING_UP)
        self.known.sent.append(command)
        marks = self.ask(ReadMarks())
        assert isinstance(marks, Marks)
        self.known.mark = {row.source: row.number for row in marks.marks}.get(Source(SOURCE), 0)


def live(seed: int, count: int, *, state_every: int) -> int:
    """Live one day on both engines; return how many commands it had. Raises Difference."""
    both = Lockstep(Engine(), named_engine_maker("native")(), state_every)
    house = QuickHouse(engine=both)  # type: ignore[arg-type]
    house.open()
    WildFlow(Random(seed), house).run(count)
    both.digest()
    return both.seq


def main(seed: int, count: int) -> int:
    """Live days until enough commands were compared; return 1 where one differs."""
    start, done = time.monotonic(), 0
    while done < count:
        try:
            done += live(seed, DAY, state_every=50)
        except Difference as error:
            print(f"seed {seed} differs: {error}")
            return 1
        seed += 1
    print(f"{done:,} commands equal up to seed {seed - 1}, {time.monotonic() - start:.0f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), int(sys.argv[2])))
