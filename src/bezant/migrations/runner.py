"""Bring a database to the newest tables, or say how far it is."""

from importlib.resources import files

from bezant.kit import db
from bezant.migrations.partitions import make_partitions_ahead


class NotMigrated(db.DatabaseError):
    """The tables are older or newer than this release."""


def head_revision() -> str:
    """Return the newest revision that this release knows: revisions are named like their files."""
    versions = files("bezant.migrations") / "versions"
    return max(file.name for file in versions.iterdir() if file.name[:1].isdecimal())[: -len(".py")]


async def migrate(owner_dsn: str, app_role: str) -> str:
    """Run what is missing in one transaction, make partitions ahead, return the revision.

    Both roles exist already; `owner_dsn` is the owner's, `app_role` the name of the other.
    """
    if await current_revision(owner_dsn) != head_revision():
        # A second of loading that the usual start, with nothing to migrate, need not wait for.
        from bezant.migrations.upgrade import upgrade  # noqa: PLC0415

        await upgrade(owner_dsn, app_role)
    connection = await db.connect(owner_dsn)
    try:
        await make_partitions_ahead(connection)
    finally:
        await connection.close()
    return head_revision()


async def current_revision(dsn: str) -> str | None:
    """Return the revision that the database stands at; None if it was never migrated."""
    connection = await db.connect(dsn)
    try:
        if await connection.fetchval("SELECT to_regclass('public.alembic_version')") is None:
            return None
        revision: str | None = await connection.fetchval(
            "SELECT version_num FROM public.alembic_version"
        )
        return revision
    finally:
        await connection.close()


async def check_migrated(dsn: str) -> None:
    """Raise NotMigrated unless the database stands at this release's newest revision."""
    found, wanted = await current_revision(dsn), head_revision()
    if found != wanted:
        raise NotMigrated(
            f"the tables stand at {found or 'nothing'}, this release needs {wanted}: run "
            "`bezant db migrate` with BEZANT_DATABASE_OWNER_URL set"
        )
