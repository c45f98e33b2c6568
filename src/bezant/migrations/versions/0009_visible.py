"""What an open iceberg shows, in its row; an index finds those that the projector follows.

The rows that are there do not know it, so the read models are made anew.
"""

from bezant.migrations.statements import rebuild, run

revision = "0009_visible"
down_revision = "0008_cancel_timers"
branch_labels = None
depends_on = None

_VISIBLE = "ALTER TABLE orders ADD COLUMN visible bigint NOT NULL DEFAULT 0 CHECK (visible >= 0)"
# The projector loads the open icebergs when it starts.
_ORDERS_ICEBERGS = (
    "CREATE INDEX orders_icebergs ON orders (order_id) WHERE display <> 0 AND status < 2"
)
_READ_MODELS = (
    "orders", "order_lists", "order_clients", "trades", "ledger_lines", "balances", "transfers",
    "candles", "market_states", "account_settings", "cancel_timers",
)  # fmt: skip


def upgrade() -> None:
    run(_VISIBLE, _ORDERS_ICEBERGS)
    rebuild(*_READ_MODELS)
