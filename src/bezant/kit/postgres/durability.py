"""Refuse a database that may lose what it has confirmed (ARCHITECTURE §5, INV-08)."""

from typing import Any, Final

from bezant.kit.operator_error import OperatorError

_MUST_BE_ON: Final = ("fsync", "full_page_writes", "synchronous_commit")


class DurabilityError(OperatorError):
    """The database confirms commits that a power cut can undo."""


async def check_durability(connection: Any) -> None:
    """Raise DurabilityError if a commit on this asyncpg connection may be lost.

    `synchronous_commit` may differ by role and session, so ask on the connection that writes.
    """
    rows = await connection.fetch(
        "SELECT name, setting, source FROM pg_settings WHERE name = ANY($1::text[])",
        list(_MUST_BE_ON),
    )
    found = {row["name"]: (row["setting"], row["source"]) for row in rows}
    for name in _MUST_BE_ON:
        setting, source = found[name]
        if setting == "off":
            raise DurabilityError(
                f"PostgreSQL's {name} is off (set by: {source}), so a power cut could undo what "
                f"was confirmed. Set {name} = on and start again"
            )
