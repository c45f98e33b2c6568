"""What every migration needs: run statements one by one, and grant to the application's role."""

from alembic import op


def run(*statements: str) -> None:
    """Run SQL statements in order, one each: the driver takes no more at a time."""
    for statement in statements:
        op.execute(statement)


def rebuild(*tables: str) -> None:
    """Empty read models and put their projector to the beginning: it makes them of the journal."""
    run(
        f"TRUNCATE {', '.join(tables)}",
        "UPDATE cursor SET seq = 0, ts_ns = 0 WHERE consumer = 'projector'",
    )


def grant(privileges: str, *tables: str) -> None:
    """Grant the application's role `privileges` (such as `SELECT, INSERT`) on tables, no more."""
    role = op.get_context().opts["app_role"]
    quoted = '"' + role.replace('"', '""') + '"'
    for table in tables:
        op.execute(f"GRANT {privileges} ON {table} TO {quoted}")
