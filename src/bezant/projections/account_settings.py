"""What accounts chose: the self-trade prevention of their orders that name none (L7.1).

An account that keeps what it was opened with has no row.
"""

from typing import Any, ClassVar, Final

from bezant.core.events import AccountOpened, AccountSet, Event
from bezant.core.postings import Posting
from bezant.core.words import STPMode
from bezant.projections.fold import At

UNLESS_SET: Final = STPMode.EXPIRE_TAKER

_WRITE: Final = """
INSERT INTO account_settings AS kept (account, stp)
SELECT * FROM unnest($1::bigint[], $2::smallint[])
ON CONFLICT (account) DO UPDATE SET stp = excluded.stp WHERE kept.stp <> excluded.stp
"""


class AccountSettingsFold:
    """The last settings that a batch gives each account."""

    events: ClassVar[tuple[type[Event], ...]] = (AccountOpened, AccountSet)

    def __init__(self) -> None:
        self._chosen: dict[int, int] = {}

    def fold(self, at: At, event: Event, moved: tuple[Posting, ...]) -> None:
        """Take in settings; those that an account is opened with only where they are others."""
        del at, moved
        match event:
            case AccountSet():
                self._chosen[event.account] = mode_of(event)
            case AccountOpened() if mode_of(event) != UNLESS_SET:
                self._chosen[event.account] = mode_of(event)
            case _:
                pass

    async def write(self, connection: Any) -> None:
        """Write a row an account."""
        if self._chosen:
            await connection.execute(_WRITE, list(self._chosen), list(self._chosen.values()))


def mode_of(event: AccountOpened | AccountSet) -> int:
    """Return the mode of orders that name none."""
    return event.stp or UNLESS_SET
