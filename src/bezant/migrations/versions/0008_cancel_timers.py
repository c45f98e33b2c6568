"""Dead man's switches as rows, so that their owners can look at them.

Those that were set before are in the journal only, so the read models are made anew.
"""

from bezant.migrations.statements import grant, rebuild, run

revision = "0008_cancel_timers"
down_revision = "0007_account_settings"
branch_labels = None
depends_on = None

_CANCEL_TIMERS = """
CREATE TABLE cancel_timers (
    account bigint  NOT NULL,
    market  integer NOT NULL,
    due_ns  bigint  NOT NULL CHECK (due_ns >= 0),
    PRIMARY KEY (account, market)
) WITH (fillfactor = 60)
"""
_READ_MODELS = (
    "orders", "order_lists", "order_clients", "trades", "ledger_lines", "balances", "transfers",
    "candles", "market_states", "account_settings",
)  # fmt: skip


def upgrade() -> None:
    run(_CANCEL_TIMERS)
    grant("SELECT, INSERT, UPDATE, TRUNCATE", "cancel_timers")
    rebuild(*_READ_MODELS)
