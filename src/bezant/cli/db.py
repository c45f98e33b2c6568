"""`bezant db`: how the database stands, bringing its tables up to date, how to look into it."""

import asyncio
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from bezant.cli.options import DataDirOption, JSONOption

if TYPE_CHECKING:
    from bezant.kit.config import Settings

app = typer.Typer(no_args_is_help=True, help="The database: status, migrate, psql-dsn.")


@app.command("status")
def status(*, data_dir: DataDirOption = None, json: JSONOption = False) -> None:
    """Show server, tables and size; status 1 if the tables are not this release's."""
    from bezant.kit.config import Settings

    found = asyncio.run(_status(Settings.load(data_dir=data_dir)))
    if json:
        import msgspec

        typer.echo(msgspec.json.encode(found).decode())
    else:
        width = max(map(len, found))
        for name, value in found.items():
            typer.echo(f"{name:<{width}}  {value}")
    if found["revision"] != found["newest"]:
        raise typer.Exit(1)


@app.command("migrate")
def migrate(*, data_dir: DataDirOption = None) -> None:
    """Bring the tables up to date. The embedded server is started for it if it does not run."""
    from bezant.kit.config import Settings

    revision = asyncio.run(_migrate(Settings.load(data_dir=data_dir)))
    typer.echo(f"the tables stand at {revision}")


@app.command("psql-dsn")
def psql_dsn(
    *,
    data_dir: DataDirOption = None,
    role: Annotated[Literal["app", "owner"], typer.Option(help="Database role.")] = "app",
) -> None:
    """Print a connection string for psql; it contains the password."""
    from bezant.kit.config import Settings
    from bezant.kit.db import database_dsn

    typer.echo(database_dsn(Settings.load(data_dir=data_dir), role))


async def _status(settings: "Settings") -> dict[str, str]:
    from bezant.kit.db import connect, database_dsn
    from bezant.kit.postgres import check_durability
    from bezant.migrations.runner import current_revision, head_revision

    dsn = database_dsn(settings)
    revision = await current_revision(dsn)
    connection = await connect(dsn)
    try:
        await check_durability(connection)
        return {
            "server": await connection.fetchval("SELECT version()"),
            "kind": "embedded" if settings.is_database_embedded else "external",
            "role": await connection.fetchval("SELECT current_user::text"),
            "revision": revision or "none",
            "newest": head_revision(),
            "size": await connection.fetchval(
                "SELECT pg_size_pretty(pg_database_size(current_database()))"
            ),
        }
    finally:
        await connection.close()


async def _migrate(settings: "Settings") -> str:
    from bezant.kit.db import connect, database_dsn, role_name
    from bezant.kit.lockfile import DataDirInUse, data_dir_lock
    from bezant.kit.paths import DataDir
    from bezant.kit.postgres import EmbeddedPostgres
    from bezant.migrations import runner

    async def run() -> str:
        return await runner.migrate(
            database_dsn(settings, "owner"), role_name(database_dsn(settings))
        )

    if not settings.is_database_embedded:
        return await run()
    places = DataDir.of(settings)
    places.prepare()
    try:
        with data_dir_lock(places.run, purpose="`bezant db migrate`"):
            async with EmbeddedPostgres(places, tcp_port=settings.postgres_port):
                return await run()
    except DataDirInUse:
        await (await connect(database_dsn(settings, "owner"))).close()
        return await run()
