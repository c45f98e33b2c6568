"""A state machine that draws commands; after each entry the whole house must add up.

What is compared, and with what (both cores, where the Rust one is built), stands in `house`; what
each trade must keep, in `retelling`.
"""

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from bezant.core import commands as c
from bezant.core.ids import MarketId, Source
from bezant.core.units import Ticks
from bezant.core.words import MarketStatus
from tests.properties.drawn import (
    MARKETS,
    bent,
    operations,
    orders,
    steps_ns,
    wild,
)
from tests.properties.house import House

Drawn = st.DataObject


class Machine(RuleBasedStateMachine):
    """People trade, programs repeat themselves, operators interfere, time passes."""

    def __init__(self) -> None:
        super().__init__()
        self.house = House()

    @initialize()
    def open(self) -> None:
        self.house.open()

    @rule(data=st.data(), count=st.integers(4, 16), after=steps_ns)
    def trade(self, data: Drawn, count: int, after: int) -> None:
        drawn = [data.draw(orders(self.house.known)) for _ in range(count)]
        self.house.submit(drawn, after)

    @rule(data=st.data(), after=steps_ns)
    def place_one(self, data: Drawn, after: int) -> None:
        self.house.submit([data.draw(orders(self.house.known))], after)

    @rule(data=st.data())
    def place_something_bent(self, data: Drawn) -> None:
        command = data.draw(orders(self.house.known))
        self.house.submit([data.draw(bent(command))])

    @rule(data=st.data(), after=steps_ns)
    def operate(self, data: Drawn, after: int) -> None:
        self.house.submit([data.draw(operations(self.house.known))], after)

    @rule(data=st.data())
    def operate_something_bent(self, data: Drawn) -> None:
        command = data.draw(operations(self.house.known))
        self.house.submit([data.draw(bent(command))])

    @rule(command=wild)
    def send_anything(self, command: c.Command) -> None:
        self.house.submit([command])

    @rule(data=st.data())
    def repeat_an_old_command(self, data: Drawn) -> None:
        self.house.submit([data.draw(st.sampled_from(self.house.known.sent[-30:]))])

    @rule(after=steps_ns)
    def tick(self, after: int) -> None:
        self.house.submit([c.Tick()], after)

    @rule(market=st.sampled_from(MARKETS))
    def go_back_to_trading(self, market: int) -> None:
        """Chance alone would leave markets halted for most of a run."""
        number = self.house.known.mark + 1
        here = (Source(10), number, MarketId(market))
        self.house.submit([c.SetMarketStatus(*here, MarketStatus.TRADING)])  # type: ignore[arg-type]
        later = (Source(10), self.house.known.mark + 1, MarketId(market))
        self.house.submit([c.SetReferencePrice(*later, Ticks(10))])  # type: ignore[arg-type]

    @precondition(lambda self: self.house.engine.next_deadline() > self.house.known.ts_ns)
    @rule()
    def wait_for_the_deadline(self) -> None:
        """Nothing happens by time before the deadline, and something does at it (L11.1)."""
        due = self.house.engine.next_deadline()
        wait = due - self.house.known.ts_ns
        (early,) = self.house.submit([c.Tick()], wait - 1)
        assert early.events == (), "a Tick before the deadline does nothing"
        (punctual,) = self.house.submit([c.Tick()], 1)
        assert punctual.events, "a Tick at the deadline does something"

    @rule()
    def restart(self) -> None:
        self.house.restart_shadow()

    def teardown(self) -> None:
        self.house.replay()


TestMachine = Machine.TestCase
