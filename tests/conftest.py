"""Fixtures that every test may ask for."""

from tests.fixtures_postgres import database, pg_server

__all__ = ["database", "pg_server"]
