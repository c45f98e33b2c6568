"""What every migration needs: run statements one by one, and grant to the application's role."""

from alembic import op


def run(*statements: str) -> None:
    """Run SQL statements in order, one each: the driver takes no more at a time."""
    for statement in statements:
        op.execute(statement)


def grant(privileges: str, *tables: str) -> None:
    """Grant the application's role `privileges` (such as `SELECT, INSERT`) on tables, no more."""
    role = op.get_context().opts["app_role"]
    quoted = '"' + role.replace('"', '""') + '"'
    for table in tables:
        op.execute(f"GRANT {privileges} ON {table} TO {quoted}")
