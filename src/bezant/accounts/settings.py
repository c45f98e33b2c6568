"""What an account's owner chooses for it: the self-trade prevention of orders that name none.

The core takes an account's settings all at once (SetAccount), so changing one of them is saying the
others as they are. They are as the last command on its way will leave them, else as the core has
them; changes of one account come one after the other, so none undoes another.
"""

from collections.abc import Awaitable, Callable
from typing import Final

from bezant.accounts.operations import OUTBOX_SOURCE
from bezant.accounts.ports import Connection
from bezant.core import codec
from bezant.core.commands import AccountSettings, SetAccount
from bezant.core.ids import AccountId, Number
from bezant.core.reads import Account
from bezant.core.words import STPMode
from bezant.kit import outbox

ReadAccountNow = Callable[[], Awaitable[Account]]

_ONE_AT_A_TIME: Final = "SELECT id FROM accounts WHERE id = $1 FOR NO KEY UPDATE"


async def choose_prevention(
    conn: Connection, account: AccountId, mode: STPMode, read: ReadAccountNow
) -> int | None:
    """Store the command that gives an account another default mode; return its number.

    It has a transaction of its own, in which `read` asks the core. Where the account has the mode,
    nothing is stored: the number is that of the command that is giving it, or None.
    """
    async with conn.transaction():
        await conn.execute(_ONE_AT_A_TIME, account)
        coming = await _find_coming(conn, account)
        now = await read() if coming is None else coming
        if prevention_of(now) is mode:
            return None if coming is None else coming.number

        def encode(number: int) -> bytes:
            return codec.encode(
                SetAccount(
                    source=OUTBOX_SOURCE,
                    number=Number(number),
                    account=account,
                    trade_group=now.trade_group,
                    stp=mode,
                    orders_frozen=now.orders_frozen,
                    withdrawals_frozen=now.withdrawals_frozen,
                )
            )

        return await outbox.enqueue(conn, OUTBOX_SOURCE, encode)


def prevention_of(settings: AccountSettings | Account) -> STPMode:
    """Return the mode of orders that name none; expire_taker unless set (L7.1)."""
    return STPMode(settings.stp) if settings.stp else STPMode.EXPIRE_TAKER


async def _find_coming(conn: Connection, account: AccountId) -> AccountSettings | None:
    """Return the last settings of an account that the core has not judged yet."""
    for one in reversed(await outbox.list_pending(conn, OUTBOX_SOURCE)):
        command = codec.decode_command(one.command)
        if isinstance(command, AccountSettings) and command.account == account:
            return command
    return None
