"""Client ids: the same command again is answered, not done again (L3.1, L3.2, INV-09).

Not for sources and numbers, which the engine judges by one mark each (L3.3).
"""

from heapq import heapify, heappop, heappush
from typing import Final

from bezant.core.codec import content_hash
from bezant.core.events import CommandRepeated
from bezant.core.ids import Number, Source
from bezant.core.order import Order
from bezant.core.refusals import RefusalCode
from bezant.core.rules import ACCOUNT_IDS_MAX, HOUSE_IDS_MAX, REMEMBERED_NS
from bezant.core.state import Account, Remembered, State, refuse

BIRTHS_SIZE: Final = 8  # Ids that one entry can take, and some: a list's own and its legs'.
STALE_MIN: Final = 1_000


def find(state: State, account: Account, client_id: str) -> Remembered | None:
    """Return who has the id now, or None if it is free (L3.2)."""
    found = account.ids.get(client_id)
    return None if found is None or is_free(found, state.ts_ns) else found


def is_free(remembered: Remembered, ts_ns: int) -> bool:
    """Return whether the id may be taken again: 24 h have passed and its order has ended."""
    return remembered.is_ended and ts_ns >= remembered.accepted_ns + REMEMBERED_NS


def answers_repeat(state: State, account: Account | None, client_id: str) -> bool:
    """Answer a command whose own id is remembered, and return whether it was."""
    if account is None or not client_id:
        return False
    found = find(state, account, client_id)
    if found is None:
        return False
    if _is_same(found, state.raw):
        state.events.append(CommandRepeated(found.id, Source(0), Number(0)))
    else:
        refuse(state, RefusalCode.CLIENT_ID_REUSED)
    return True


def content_of(remembered: Remembered) -> int:
    """Return the 64-bit hash of the command, computed when first asked for; 0 if it has none."""
    if isinstance(remembered.content, bytes):
        remembered.content = content_hash(remembered.content)
    return remembered.content or 0


def remember(
    state: State,
    account: Account,
    client_id: str,
    *,
    order: int,
    content: bytes | None = None,
    is_list: bool = False,
) -> None:
    """Take an id for an order or a list that was just accepted; empty ids are not remembered.

    `content` is what a repeat must equal: the command's bytes, or nothing for ids that repeat
    nothing.
    """
    if not client_id:
        return
    _forget_expired(state)
    born = state.seq * BIRTHS_SIZE + state.ids_born
    state.ids_born += 1
    account.ids[client_id] = Remembered(
        account.id, client_id, order, is_list, content, state.ts_ns, born
    )
    state.ids_count += 1
    if len(account.ids) > ACCOUNT_IDS_MAX:
        _forget_oldest(state, account.ended_ids)
    if state.ids_count > HOUSE_IDS_MAX:
        _forget_oldest(state, state.ended_ids)


def mark_ended(state: State, account: Account, client_id: str) -> None:
    """Note that the order or list which has the id ended: it may be forgotten from now on."""
    found = account.ids.get(client_id)
    if found is None:
        return
    found.is_ended = True
    line = (found.born, found)
    heappush(account.ended_ids, line)
    heappush(state.ended_ids, line)
    if len(state.ended_ids) > 2 * state.ids_count + STALE_MIN:
        state.ended_ids = [line for line in state.ended_ids if _is_kept(state, line[1])]
        heapify(state.ended_ids)


def mark_order_ended(state: State, account: Account, order: Order) -> None:
    """Note that an order ended, under its present client id and the older ones."""
    if order.terms.client_id:
        mark_ended(state, account, order.terms.client_id)
    for alias in order.aliases:
        mark_ended(state, account, alias)


def _is_same(remembered: Remembered, raw: bytes) -> bool:
    if remembered.content is None:
        return False
    if isinstance(remembered.content, bytes):
        return remembered.content == raw
    return remembered.content == content_hash(raw)


def _forget_expired(state: State) -> None:
    """Forget what is free; the oldest come first, since time never runs back."""
    ended = state.ended_ids
    while ended and is_free(ended[0][1], state.ts_ns):
        oldest = heappop(ended)[1]
        if _is_kept(state, oldest):
            _forget(state, state.accounts[oldest.account], oldest)


def _forget_oldest(state: State, ended: list[tuple[int, Remembered]]) -> None:
    """Forget the oldest whose order has ended; without one, one more is held."""
    while ended:
        oldest = heappop(ended)[1]
        if _is_kept(state, oldest):
            _forget(state, state.accounts[oldest.account], oldest)
            return


def _forget(state: State, account: Account, remembered: Remembered) -> None:
    del account.ids[remembered.client_id]
    state.ids_count -= 1
    ended = account.ended_ids
    while ended and not _is_kept(state, ended[0][1]):
        heappop(ended)


def _is_kept(state: State, remembered: Remembered) -> bool:
    return state.accounts[remembered.account].ids.get(remembered.client_id) is remembered
