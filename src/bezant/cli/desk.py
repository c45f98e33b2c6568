"""Running an operator's deed from the command line: settings, desk, and errors in plain words."""

import asyncio
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from bezant.apps.operator import Desk

T = TypeVar("T")


def at_desk(data_dir: Path | None, deed: "Callable[[Desk], Coroutine[Any, Any, T]]") -> T:
    """Run `deed` at the operator's desk of a data directory and return what it returns.

    Raises OperatorError for anything that the operator can mend.
    """
    from bezant.accounts.emails import BadEmail
    from bezant.accounts.operations import EmailTaken
    from bezant.accounts.passwords import WeakPassword
    from bezant.accounts.staffing import UserSpecError
    from bezant.apps.operator import Desk
    from bezant.kit.config import Settings
    from bezant.kit.decimals import NotDecimal, TooManyDecimals
    from bezant.kit.operator_error import OperatorError
    from bezant.kit.outbox import OutboxTimeout
    from bezant.marketdata.listing import ListingError

    async def run() -> T:
        async with Desk(Settings.load(data_dir=data_dir)) as desk:
            return await deed(desk)

    try:
        return asyncio.run(run())
    except (
        BadEmail,
        EmailTaken,
        ListingError,
        NotDecimal,
        OutboxTimeout,
        TooManyDecimals,
        UserSpecError,
        WeakPassword,
    ) as error:
        raise OperatorError(str(error)) from error


def print_rows(rows: list[dict[str, str]], *, json: bool) -> None:
    """Print rows as a table for a person, or as JSON for a program."""
    import msgspec
    from rich.console import Console
    from rich.table import Table

    if json:
        print(msgspec.json.encode(rows).decode())  # noqa: T201 - This is the command's output.
        return
    if not rows:
        Console().print("none yet")
        return
    table = Table(*rows[0], box=None, header_style="bold")
    for row in rows:
        table.add_row(*row.values())
    Console().print(table)
