"""The inbox is bounded: refused at once, never slow, never lost, never reordered."""

from bezant.core.codec import MalformedMessage
from bezant.sequencer.inbox import Inbox, Question, Request, Settlement, TurnedAway


class Sender:
    """Fills an inbox and keeps what it was told."""

    def __init__(self, inbox: Inbox) -> None:
        self.inbox = inbox
        self.told: list[Settlement] = []
        self.answers: list[bytes | TurnedAway | MalformedMessage] = []

    def send(self, name: str, count: int = 1, *, has_new_order: bool = True) -> None:
        commands = [f"{name}{i}".encode() for i in range(count)]
        self.inbox.submit(Request(commands, has_new_order, 0, self.told.append))

    def ask(self) -> None:
        self.inbox.ask(Question(b"", self.answers.append))


def test_requests_leave_in_the_order_they_came() -> None:
    inbox = Inbox(10)
    sender = Sender(inbox)
    for name in "abc":
        sender.send(name)
    assert [inbox.take_request().commands for _ in "abc"] == [[b"a0"], [b"b0"], [b"c0"]]
    assert not inbox.has_requests
    assert sender.told == []


def test_above_four_fifths_new_orders_are_refused_and_cancels_enter() -> None:
    sender = Sender(Inbox(10))
    for _ in range(8):
        sender.send("order")
    sender.send("order")
    assert sender.told == [TurnedAway.OVERLOADED]
    sender.send("cancel", has_new_order=False)
    sender.send("cancel", has_new_order=False)
    assert sender.told == [TurnedAway.OVERLOADED]
    sender.send("cancel", has_new_order=False)
    assert sender.told == [TurnedAway.OVERLOADED] * 2
    assert sender.inbox.command_count == 10


def test_a_batch_counts_with_all_its_commands_and_enters_whole_or_not() -> None:
    sender = Sender(Inbox(100))
    sender.send("a", 79)
    sender.send("b", 2)
    assert sender.told == [TurnedAway.OVERLOADED]
    sender.send("c", 1)
    assert sender.inbox.command_count == 80


def test_room_comes_back_when_requests_are_taken() -> None:
    sender = Sender(Inbox(10))
    sender.send("a", 8)
    sender.inbox.take_request()
    sender.send("b", 8)
    assert sender.told == []
    assert sender.inbox.command_count == 8


def test_reads_have_a_limit_of_their_own() -> None:
    sender = Sender(Inbox(10, reads_max=2))
    sender.send("a", 8)
    for _ in range(3):
        sender.ask()
    assert sender.answers == [TurnedAway.OVERLOADED]


def test_a_closed_inbox_turns_all_away() -> None:
    sender = Sender(Inbox(10))
    sender.send("a")
    sender.ask()
    sender.inbox.close()
    sender.send("b", has_new_order=False)
    sender.ask()
    assert sender.told == [TurnedAway.STOPPING] * 2
    assert sender.answers == [TurnedAway.STOPPING] * 2
    assert not sender.inbox.has_requests


def test_whoever_waits_is_woken_by_what_enters_alone() -> None:
    woken: list[None] = []
    sender = Sender(Inbox(10, reads_max=1))
    sender.inbox.on_arrival(lambda: woken.append(None))
    sender.send("a", 8)
    sender.ask()
    assert len(woken) == 2
    sender.send("b")
    sender.ask()
    assert len(woken) == 2
