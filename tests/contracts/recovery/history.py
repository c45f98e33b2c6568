"""What clients did and what they were told, kept outside the exchange, and the judge of it.

Each client has one command in flight. It keeps what it was told (`ok`), and sends again, byte for
byte, what stayed unknown: the core must then give the one result (I5, I6, I14).
"""

import asyncio
import random
from collections.abc import Sequence
from typing import Final, Protocol

from msgspec import Struct

from bezant.core import codec
from bezant.core.codec import Outcome
from bezant.core.commands import CancelOrder, Command, OrderTerms, PlaceOrder
from bezant.core.events import CommandRepeated, OrderAccepted
from bezant.core.ids import AccountId, OrderId
from bezant.core.units import Lots, Ticks, Units
from bezant.ingress.client import CoreError, OutcomeUnknown, Submission
from bezant.journal.ports import Journal
from tests.sequencer.market import ACCOUNTS, MARKET

CLIENT_COUNT: Final = 24


class Client(Protocol):
    """What a history needs of a client of the core."""

    @property
    def is_connected(self) -> bool: ...

    async def submit(self, commands: Sequence[Command]) -> Submission: ...


class Told(Struct, frozen=True):
    """A command and the outcome that the core gave for it."""

    command: bytes
    outcome: Outcome


class History:
    """All that was told to all clients, over all lives of the core."""

    def __init__(self, seed: int) -> None:
        self.told: list[Told] = []
        self.unknown_count = 0
        self.repeated_count = 0
        self._chance = random.Random(seed)
        self._number = 0
        self._open: list[tuple[int, str]] = []
        self._unresolved: list[Command] = []
        self._forgone: list[bytes] = []  # Not sent or turned away: nothing may have been done.

    @property
    def unresolved_count(self) -> int:
        """How many commands are still unknown."""
        return len(self._unresolved)

    async def work(self, client: Client) -> None:
        """Submit until the core is gone."""
        await asyncio.gather(*(self._one_client(client) for _ in range(CLIENT_COUNT)))

    async def resolve(self, client: Client) -> None:
        """Send again what stayed unknown, as long as the core is there."""
        while self._unresolved and client.is_connected:
            await self._send(client, self._unresolved.pop(), was_sent=True)

    async def check(self, journal: Journal) -> int:
        """Check all that was told against the journal; return how many entries that has."""
        commands: list[bytes] = []
        outcomes: list[bytes] = []
        async for row in journal.read(1):
            count = row.batch.seq_last - row.batch.seq_first + 1
            entries = codec.decode_entries(row.batch.entries, count)
            commands += [codec.encode(entry.command) for entry in entries]
            outcomes += map(bytes, codec.split(row.batch.events, count))
        for told in self.told:
            seq = told.outcome.seq
            assert commands[seq - 1] == told.command, f"seq {seq} is not what was acknowledged"
            assert outcomes[seq - 1] == codec.encode(told.outcome), f"seq {seq} has other events"
        assert not set(commands) & set(self._forgone), "what was turned away was done"
        self._check_once(outcomes)
        return len(commands)

    def _check_once(self, outcomes: list[bytes]) -> None:
        """Check that no client order id was accepted twice (INV-09)."""
        accepted: dict[tuple[int, str], int] = {}
        for outcome in codec.decode_outcomes(b"".join(outcomes), len(outcomes)):
            for event in outcome.events:
                if isinstance(event, OrderAccepted):
                    key = (event.account, event.order.client_id)
                    assert key not in accepted, f"{key} at seq {accepted[key]} and {outcome.seq}"
                    accepted[key] = outcome.seq

    async def _one_client(self, client: Client) -> None:
        while client.is_connected:
            if not await self._send(client, self._next_command()):
                return

    async def _send(self, client: Client, command: Command, *, was_sent: bool = False) -> bool:
        """Submit one command and keep what came of it; false once the core is gone.

        One that was sent before stays unknown when it is turned away now.
        """
        try:
            submission = await client.submit([command])
        except OutcomeUnknown:
            self.unknown_count += 1
            self._unresolved.append(command)
            return False
        except asyncio.CancelledError:
            self._unresolved.append(command)
            raise
        except CoreError:
            if was_sent:
                self._unresolved.append(command)
            else:
                self._forgone.append(codec.encode(command))
            return False
        outcome = submission.outcomes[0]
        self.told.append(Told(codec.encode(command), outcome))
        if any(isinstance(event, CommandRepeated) for event in outcome.events):
            self.repeated_count += 1
        return True

    def _next_command(self) -> Command:
        chance = self._chance
        if self._open and chance.random() < 0.4:
            account, client_id = self._open.pop(chance.randrange(len(self._open)))
            return CancelOrder(AccountId(account), OrderId(0), client_id, 0)
        self._number += 1
        account = chance.choice(ACCOUNTS)
        self._open.append((account, f"c{self._number}"))
        return PlaceOrder(AccountId(account), MARKET, _terms(f"c{self._number}", chance))


def _terms(client_id: str, chance: random.Random) -> OrderTerms:
    return OrderTerms(
        client_id=client_id,
        side=chance.randint(0, 1),
        type=0,
        tif=0,
        price=Ticks(chance.randint(95, 105)),
        qty=Lots(chance.randint(1, 10)),
        quote_units=Units(0),
        trigger=0,
        trigger_price=Ticks(0),
        trailing_bips=0,
        post_only=False,
        display=Lots(0),
        stp=0,
        expires_ns=0,
    )
