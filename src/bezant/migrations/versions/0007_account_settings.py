"""Accounts that choose their default self-trade prevention; an order's row says what it became.

The rows that are there say what was asked, so the read models are made anew when the projector
starts.
"""

from bezant.migrations.statements import grant, rebuild, run

revision = "0007_account_settings"
down_revision = "0006_list_names"
branch_labels = None
depends_on = None

_ACCOUNT_SETTINGS = """
CREATE TABLE account_settings (
    account bigint   PRIMARY KEY,
    stp     smallint NOT NULL
) WITH (fillfactor = 60)
"""
_READ_MODELS = (
    "orders", "order_lists", "order_clients", "trades", "ledger_lines", "balances", "transfers",
    "candles", "market_states",
)  # fmt: skip


def upgrade() -> None:
    run(_ACCOUNT_SETTINGS)
    grant("SELECT, INSERT, UPDATE, TRUNCATE", "account_settings")
    rebuild(*_READ_MODELS)
