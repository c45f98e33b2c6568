"""Alembic's way in: runs the migrations on the connection that the runner hands over."""

from alembic import context

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=None,
    transactional_ddl=True,
    app_role=context.config.attributes["app_role"],
)
with context.begin_transaction():
    context.run_migrations()
