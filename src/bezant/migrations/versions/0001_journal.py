"""The journal and what stands around it: lease, snapshots, quarantine, cursors.

The application's role may add rows to the journal and read them, never change or remove one
(INV-08, INV-10).
"""

from bezant.migrations.statements import grant, run

revision = "0001_journal"
down_revision = None
branch_labels = None
depends_on = None

_LEASE = """
CREATE TABLE lease (
    shard      smallint    PRIMARY KEY,
    epoch      bigint      NOT NULL CHECK (epoch >= 0),
    holder     text        NOT NULL,
    expires_at timestamptz NOT NULL,
    tip_seq    bigint      NOT NULL CHECK (tip_seq >= 0),
    tip_hash   bytea       NOT NULL CHECK (octet_length(tip_hash) = 32)
) WITH (fillfactor = 10, autovacuum_vacuum_threshold = 500, autovacuum_vacuum_scale_factor = 0)
"""

_FIRST_LEASE = """
INSERT INTO lease (shard, epoch, holder, expires_at, tip_seq, tip_hash)
VALUES (0, 0, '', '-infinity', 0, decode(repeat('00', 32), 'hex'))
"""

_JOURNAL = """
CREATE TABLE journal (
    shard     smallint NOT NULL,
    seq_first bigint   NOT NULL CHECK (seq_first > 0),
    seq_last  bigint   NOT NULL,
    ts_ns     bigint   NOT NULL,
    epoch     bigint   NOT NULL,
    rules     integer  NOT NULL,
    format    integer  NOT NULL,
    entries   bytea    NOT NULL,
    events    bytea    NOT NULL,
    prev_hash bytea    NOT NULL CHECK (octet_length(prev_hash) = 32),
    hash      bytea    NOT NULL CHECK (octet_length(hash) = 32),
    PRIMARY KEY (shard, seq_first),
    CHECK (seq_last >= seq_first)
) PARTITION BY RANGE (seq_first)
"""

# The bytes are packed already; packing them again would only cost time.
_EXTERNAL = """
ALTER TABLE journal
    ALTER COLUMN entries SET STORAGE EXTERNAL,
    ALTER COLUMN events SET STORAGE EXTERNAL
"""

_SNAPSHOT = """
CREATE TABLE snapshot (
    shard      smallint    NOT NULL,
    seq        bigint      NOT NULL CHECK (seq > 0),
    rules      integer     NOT NULL,
    format     integer     NOT NULL,
    engine     text        NOT NULL,
    digest     bytea       NOT NULL CHECK (octet_length(digest) = 32),
    object     text        NOT NULL,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (shard, seq)
)
"""

_QUARANTINE = """
CREATE TABLE quarantine (
    shard          smallint    NOT NULL,
    command_sha256 bytea       NOT NULL CHECK (octet_length(command_sha256) = 32),
    error          text        NOT NULL,
    created_at     timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (shard, command_sha256)
)
"""

_CURSOR = """
CREATE TABLE cursor (
    consumer text     NOT NULL,
    shard    smallint NOT NULL,
    seq      bigint   NOT NULL CHECK (seq >= 0),
    PRIMARY KEY (consumer, shard)
) WITH (fillfactor = 10)
"""


def upgrade() -> None:
    run(_LEASE, _FIRST_LEASE, _JOURNAL, _EXTERNAL, _SNAPSHOT, _QUARANTINE, _CURSOR)
    grant("SELECT", "alembic_version")
    grant("SELECT, INSERT", "journal")
    grant("SELECT, INSERT, UPDATE", "lease", "cursor")
    grant("SELECT, INSERT, DELETE", "snapshot", "quarantine")
