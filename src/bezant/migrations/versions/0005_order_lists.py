"""Order lists as rows, with the hold that their legs share, and client ids from before amends.

An order's own hold stands in its row; that of a list's legs stands in the list's, where a pair's
shared one belongs.
"""

from bezant.migrations.statements import grant, run

revision = "0005_order_lists"
down_revision = "0004_attempts"
branch_labels = None
depends_on = None

_ORDER_LISTS = """
CREATE TABLE order_lists (
    list_id     bigint   PRIMARY KEY,
    account     bigint   NOT NULL,
    hold        bigint   NOT NULL CHECK (hold >= 0),
    created_ns  bigint   NOT NULL,
    done_ns     bigint,
    market      integer  NOT NULL,
    kind        smallint NOT NULL,
    side        smallint NOT NULL,
    client_id   text     NOT NULL,
    CHECK (done_ns IS NULL OR hold = 0)
)
"""
_ORDER_LISTS_INDEXES = (
    "CREATE INDEX order_lists_account ON order_lists (account, list_id)",
    "CREATE INDEX order_lists_open ON order_lists (account, list_id) WHERE done_ns IS NULL",
)
# The projector loads the open legs when it starts.
_ORDERS_LEGS = "CREATE INDEX orders_legs ON orders (order_id) WHERE list_id <> 0 AND status < 2"

# Names that an order had before it was amended; they still find it.
_ORDER_CLIENTS = """
CREATE TABLE order_clients (
    account   bigint NOT NULL,
    order_id  bigint NOT NULL,
    client_id text   NOT NULL,
    PRIMARY KEY (account, client_id, order_id)
)
"""


def upgrade() -> None:
    run(_ORDER_LISTS, *_ORDER_LISTS_INDEXES, _ORDERS_LEGS, _ORDER_CLIENTS)
    grant("SELECT, INSERT, UPDATE, TRUNCATE", "order_lists", "order_clients")
