"""Users and their accounts, the catalogue's rows, and the outbox of commands about them.

Ids come from identity columns and are never used again: a deleted row's id stays in the journal.
Accounts below 1,000 are the house's chart of accounts, which lives in the core alone.
"""

from bezant.migrations.statements import grant, run

revision = "0002_accounts"
down_revision = "0001_journal"
branch_labels = None
depends_on = None

_USERS = """
CREATE TABLE users (
    id            bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    email         text        NOT NULL UNIQUE CHECK (email = lower(email)),
    password_hash text        NOT NULL,
    role          text        NOT NULL DEFAULT 'USER'
                  CHECK (role IN ('USER', 'SUPPORT', 'COMPLIANCE', 'TREASURER', 'ADMIN')),
    tier          smallint    NOT NULL DEFAULT 0 CHECK (tier >= 0),
    status        text        NOT NULL DEFAULT 'active'
                  CHECK (status IN ('active', 'locked', 'closed')),
    created_at    timestamptz NOT NULL DEFAULT clock_timestamp()
)
"""

_ACCOUNTS = """
CREATE TABLE accounts (
    id         bigint      GENERATED ALWAYS AS IDENTITY (START WITH 1000 MINVALUE 1000)
               PRIMARY KEY CHECK (id BETWEEN 1000 AND 4294967295),
    user_id    bigint      NOT NULL REFERENCES users (id),
    label      text        NOT NULL DEFAULT 'main',
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    UNIQUE (user_id, label)
)
"""

_ASSETS = """
CREATE TABLE assets (
    id            smallint    GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    code          text        NOT NULL UNIQUE CHECK (code ~ '^[A-Z0-9]{1,16}$'),
    name          text        NOT NULL,
    kind          text        NOT NULL,
    category      text        NOT NULL,
    display_scale smallint    NOT NULL CHECK (display_scale >= 0),
    created_at    timestamptz NOT NULL DEFAULT clock_timestamp()
)
"""

_MARKETS = """
CREATE TABLE markets (
    id         smallint    GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    symbol     text        NOT NULL UNIQUE CHECK (symbol ~ '^[A-Z0-9]{2,32}$'),
    name       text        NOT NULL UNIQUE CHECK (name ~ '^[A-Z0-9]+-[A-Z0-9]+$'),
    base_id    smallint    NOT NULL REFERENCES assets (id),
    quote_id   smallint    NOT NULL REFERENCES assets (id),
    tick       numeric     NOT NULL CHECK (tick > 0),
    step       numeric     NOT NULL CHECK (step > 0),
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    CHECK (base_id <> quote_id)
)
"""

_OUTBOX_SOURCE = """
CREATE TABLE outbox_source (
    source      integer PRIMARY KEY CHECK (source > 0),
    last_number bigint  NOT NULL DEFAULT 0 CHECK (last_number >= 0)
) WITH (fillfactor = 10)
"""

_COMMAND_OUTBOX = """
CREATE TABLE command_outbox (
    source        integer     NOT NULL REFERENCES outbox_source (source),
    number        bigint      NOT NULL CHECK (number > 0),
    command       bytea       NOT NULL,
    created_at    timestamptz NOT NULL DEFAULT clock_timestamp(),
    submitted_seq bigint,
    outcome       bytea,
    PRIMARY KEY (source, number)
)
"""

_COMMAND_OUTBOX_WAITING = """
CREATE INDEX command_outbox_waiting ON command_outbox (source, number)
    WHERE submitted_seq IS NULL
"""


def upgrade() -> None:
    run(_USERS, _ACCOUNTS, _ASSETS, _MARKETS)
    run(_OUTBOX_SOURCE, _COMMAND_OUTBOX, _COMMAND_OUTBOX_WAITING)
    grant("SELECT, INSERT, UPDATE", "users", "accounts", "assets", "markets", "outbox_source")
    grant("SELECT, INSERT, UPDATE (submitted_seq, outcome)", "command_outbox")
