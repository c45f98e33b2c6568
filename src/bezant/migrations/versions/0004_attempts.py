"""Counters of attempts to log in and to register, so that a restart forgives nobody.

A subject is a hash: the table tells nobody's address.
"""

from bezant.migrations.statements import grant, run

revision = "0004_attempts"
down_revision = "0003_projections"
branch_labels = None
depends_on = None

_ATTEMPTS = """
CREATE TABLE attempts (
    subject bytea   PRIMARY KEY CHECK (octet_length(subject) = 32),
    count   integer NOT NULL CHECK (count >= 0),
    ends_ns bigint  NOT NULL
) WITH (fillfactor = 50)
"""

_ATTEMPTS_ENDS = "CREATE INDEX attempts_ends ON attempts (ends_ns)"


def upgrade() -> None:
    run(_ATTEMPTS, _ATTEMPTS_ENDS)
    grant("SELECT, INSERT, UPDATE, DELETE", "attempts")
