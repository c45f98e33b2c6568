"""The audit of L3: a client order id and a source's number take effect at most once (INV-09)."""

from collections import deque
from hashlib import blake2b
from typing import Final

from msgspec import Struct, field

from bezant.core import codec
from bezant.core.codec import Outcome
from bezant.core.commands import (
    AmendOrder,
    CancelAll,
    CancelOrder,
    Command,
    PlaceList,
    PlaceOrder,
    Quarantined,
    ReplaceOrder,
    SetCancelTimer,
    Tick,
)
from bezant.core.events import (
    CommandRepeated,
    Event,
    ListAccepted,
    ListDone,
    OrderAccepted,
    OrderAmended,
    OrderDone,
)
from bezant.core.refusals import RefusalCode
from bezant.journal.verifier_findings import INV_09, Findings

_DAY_NS: Final = 86_400_000_000_000
_ACCOUNT_IDS_MAX: Final = 100_000
_HOUSE_IDS_MAX: Final = 20_000_000
_SOURCE_MAX: Final = 65_535
_BEFORE_IDS: Final = (RefusalCode.CATCHING_UP, RefusalCode.QUARANTINED)


class _Taken(Struct):
    """A client id that an order (`id`) or a list (−`id`) has.

    `content` is a hash of the command that took it, empty where the id repeats nothing, None where
    a snapshot told of it.
    """

    account: int
    client_id: str
    id: int
    accepted_ns: int
    content: bytes | None
    is_ended: bool = False


class _Ids(Struct):
    """The ids of one account, and which order has which."""

    taken: dict[str, _Taken] = field(default_factory=dict)


class OnceVerifier:
    """Marks of sources, and client ids while they are remembered."""

    def __init__(self, findings: Findings) -> None:
        self._findings = findings
        self._marks: dict[int, int] = {}
        self._ids: dict[int, _Ids] = {}
        self._by_order: dict[int, list[_Taken]] = {}
        self._oldest: deque[_Taken] = deque()
        self._content = b""

    def apply(self, ts_ns: int, command: Command, outcome: Outcome) -> None:
        """Judge an entry by what was remembered before it, then remember what it took."""
        self._content = b""
        match command:
            case PlaceOrder():
                self._judge_id(ts_ns, command, command.order.client_id, outcome)
            case PlaceList():
                self._judge_id(ts_ns, command, command.list_client_id, outcome)
            case ReplaceOrder():
                self._judge_id(ts_ns, command, command.order.client_id, outcome)
            case CancelOrder() | AmendOrder() | CancelAll() | SetCancelTimer() | Tick():
                pass
            case Quarantined():
                if command.number == self._marks.get(command.source, 0) + 1:
                    self._marks[command.source] = command.number
            case _:
                self._judge_number(command.source, command.number, outcome)
        for event in outcome.events:
            self._remember(outcome.seq, ts_ns, event)

    def adopt_mark(self, source: int, number: int) -> None:
        """Take over a source's mark from a snapshot."""
        self._marks[source] = number

    def adopt_id(
        self, account: int, client_id: str, order_id: int, *, accepted_ns: int, is_ended: bool
    ) -> None:
        """Take over a remembered id from a snapshot; they come in the order of acceptance."""
        taken = _Taken(account, client_id, order_id, accepted_ns, None, is_ended)
        self._ids.setdefault(account, _Ids()).taken[client_id] = taken
        self._by_order.setdefault(order_id, []).append(taken)
        self._oldest.append(taken)

    def _judge_number(self, source: int, number: int, outcome: Outcome) -> None:
        if outcome.code == RefusalCode.CATCHING_UP or not 1 <= source <= _SOURCE_MAX:
            return
        mark = self._marks.get(source, 0)
        last = outcome.events[-1] if outcome.events else None
        is_repeat = isinstance(last, CommandRepeated)
        if number <= mark and not is_repeat:
            text = f"number {number} of source {source} takes effect again; its mark is {mark}"
            self._findings.add(INV_09, outcome.seq, text)
        elif number > mark + 1 and outcome.code != RefusalCode.NUMBER_GAP:
            text = f"number {number} of source {source} is done, but {mark + 1} was never seen"
            self._findings.add(INV_09, outcome.seq, text)
        elif number == mark + 1:
            self._marks[source] = number
            if is_repeat:
                text = f"number {number} of source {source} is called a repeat and never was done"
                self._findings.add(INV_09, outcome.seq, text)

    def _judge_id(
        self,
        ts_ns: int,
        command: PlaceOrder | PlaceList | ReplaceOrder,
        client_id: str,
        outcome: Outcome,
    ) -> None:
        if not client_id or outcome.code in _BEFORE_IDS:
            return
        self._content = blake2b(codec.encode(command), digest_size=8).digest()
        last = outcome.events[-1] if outcome.events else None
        found = self._find(ts_ns, command.account, client_id, outcome)
        if found is None:
            if isinstance(last, CommandRepeated) and self._is_exact(command.account):
                text = f"client id {client_id!r} is called a repeat and never was accepted"
                self._findings.add(INV_09, outcome.seq, text)
            return
        is_repeat = isinstance(last, CommandRepeated) and last.id == abs(found.id)
        is_reuse = outcome.code == RefusalCode.CLIENT_ID_REUSED
        if found.content is None:
            is_right = is_repeat or is_reuse
        else:
            is_right = is_repeat if found.content == self._content else is_reuse
        if not is_right and self._is_exact(command.account):
            self._findings.add(
                INV_09,
                outcome.seq,
                f"account {command.account} sends client id {client_id!r} again, which order "
                f"{abs(found.id)} has: the answer is neither a repeat nor CLIENT_ID_REUSED",
            )

    def _find(self, ts_ns: int, account: int, client_id: str, outcome: Outcome) -> _Taken | None:
        """Return who has the id when the command is judged, after what time did before it."""
        found = self._ids.get(account, _Ids()).taken.get(client_id)
        if found is None:
            return None
        ended_before = any(
            isinstance(event, OrderDone) and event.order_id == found.id for event in outcome.events
        )
        is_ended = found.is_ended or ended_before
        return None if is_ended and ts_ns >= found.accepted_ns + _DAY_NS else found

    def _is_exact(self, account: int) -> bool:
        """Whether no id was forgotten before its time; else replay alone can judge (L3.2)."""
        ids = self._ids.get(account)
        count = 0 if ids is None else len(ids.taken)
        return count <= _ACCOUNT_IDS_MAX and len(self._oldest) <= _HOUSE_IDS_MAX

    def _remember(self, seq: int, ts_ns: int, event: Event) -> None:
        match event:
            case OrderAccepted():
                if event.list_id:
                    self._content = b""  # A leg's id repeats nothing.
                self._take(seq, ts_ns, event.account, event.order.client_id, event.order_id)
            case ListAccepted():
                self._take(seq, ts_ns, event.account, event.list_client_id, -event.list_id)
            case OrderAmended():
                self._content = b""
                known = self._ids.get(event.account, _Ids()).taken.get(event.client_id)
                if known is None or known.id != event.order_id:
                    self._take(seq, ts_ns, event.account, event.client_id, event.order_id)
            case OrderDone():
                self._end(event.order_id)
            case ListDone():
                self._end(-event.list_id)
            case _:
                pass

    def _take(self, seq: int, ts_ns: int, account: int, client_id: str, order_id: int) -> None:
        if not client_id:
            return
        self._forget(ts_ns)
        ids = self._ids.setdefault(account, _Ids())
        found = ids.taken.get(client_id)
        is_live = found is not None and (not found.is_ended or ts_ns < found.accepted_ns + _DAY_NS)
        if found is not None and is_live and self._is_exact(account):
            self._findings.add(
                INV_09,
                seq,
                f"account {account}: client id {client_id!r} is accepted for order "
                f"{abs(order_id)} while order {abs(found.id)} has it",
            )
        taken = _Taken(account, client_id, order_id, ts_ns, self._content)
        ids.taken[client_id] = taken
        self._by_order.setdefault(order_id, []).append(taken)
        self._oldest.append(taken)

    def _end(self, order_id: int) -> None:
        for taken in self._by_order.pop(order_id, ()):
            taken.is_ended = True

    def _forget(self, ts_ns: int) -> None:
        """Let go of what is free, oldest first, so that a long journal fits into memory."""
        while self._oldest:
            oldest = self._oldest[0]
            taken = self._ids[oldest.account].taken
            if taken.get(oldest.client_id) is oldest:
                if not oldest.is_ended or ts_ns < oldest.accepted_ns + _DAY_NS:
                    return
                del taken[oldest.client_id]
            self._oldest.popleft()
