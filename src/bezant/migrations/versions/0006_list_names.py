"""An index that finds an order list by its client id, as the API does."""

from bezant.migrations.statements import run

revision = "0006_list_names"
down_revision = "0005_order_lists"
branch_labels = None
depends_on = None

_ORDER_LISTS_CLIENT = """
CREATE INDEX order_lists_client ON order_lists (account, client_id, list_id) WHERE client_id <> ''
"""


def upgrade() -> None:
    run(_ORDER_LISTS_CLIENT)
