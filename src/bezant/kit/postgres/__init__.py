"""The embedded PostgreSQL: a wheel's binaries with a lifecycle of our own (ADR 0005)."""

from bezant.kit.postgres.durability import DurabilityError, check_durability
from bezant.kit.postgres.server import EmbeddedPostgres, PostgresError

__all__ = ["DurabilityError", "EmbeddedPostgres", "PostgresError", "check_durability"]
