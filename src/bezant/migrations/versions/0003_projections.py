"""The read models: what events say, as rows. All of it can be thrown away and projected again.

Orders are cut by ranges of their id, trades and ledger lines by ranges of seq, 10 M seqs each, by
a function of the owner's that the projector calls ahead of its cursor. Keys of partitioned tables
contain the partition column. Sums over time are `numeric`; what one event moves fits 64 bits.
"""

from bezant.migrations.statements import grant, run

revision = "0003_projections"
down_revision = "0002_accounts"
branch_labels = None
depends_on = None

_ORDERS = """
CREATE TABLE orders (
    order_id      bigint   PRIMARY KEY,
    account       bigint   NOT NULL,
    price         bigint   NOT NULL,
    qty           bigint   NOT NULL,
    quote_units   bigint   NOT NULL,
    trigger_price bigint   NOT NULL,
    trailing_bips bigint   NOT NULL,
    display       bigint   NOT NULL,
    expires_ns    bigint   NOT NULL,
    list_id       bigint   NOT NULL,
    filled        bigint   NOT NULL CHECK (filled >= 0),
    prevented     bigint   NOT NULL CHECK (prevented >= 0),
    hold          bigint   NOT NULL CHECK (hold >= 0),
    created_ns    bigint   NOT NULL,
    updated_ns    bigint   NOT NULL,
    updated_seq   bigint   NOT NULL,
    market        integer  NOT NULL,
    code          integer  NOT NULL,
    side          smallint NOT NULL,
    type          smallint NOT NULL,
    tif           smallint NOT NULL,
    trigger       smallint NOT NULL,
    stp           smallint NOT NULL,
    status        smallint NOT NULL,
    reason        smallint NOT NULL,
    post_only     boolean  NOT NULL,
    client_id     text     NOT NULL,
    filled_quote  numeric  NOT NULL,
    CHECK (qty = 0 OR filled + prevented <= qty),
    CHECK (status < 2 OR hold = 0)
) PARTITION BY RANGE (order_id)
"""
_ORDERS_INDEXES = (
    "CREATE INDEX orders_account ON orders (account, order_id)",
    "CREATE INDEX orders_open ON orders (account, order_id) WHERE status < 2",
    "CREATE INDEX orders_client ON orders (account, client_id, order_id) WHERE client_id <> ''",
)

_TRADES = """
CREATE TABLE trades (
    trade_no      bigint   NOT NULL,
    seq           bigint   NOT NULL,
    ts_ns         bigint   NOT NULL,
    price         bigint   NOT NULL,
    qty           bigint   NOT NULL,
    quote_units   bigint   NOT NULL,
    taker_order   bigint   NOT NULL,
    taker_account bigint   NOT NULL,
    maker_order   bigint   NOT NULL,
    maker_account bigint   NOT NULL,
    taker_fee     bigint   NOT NULL,
    maker_fee     bigint   NOT NULL,
    market        integer  NOT NULL,
    idx           integer  NOT NULL,
    taker_side    smallint NOT NULL,
    PRIMARY KEY (market, trade_no, seq)
) PARTITION BY RANGE (seq)
"""
_TRADES_INDEXES = (
    "CREATE INDEX trades_taker ON trades (taker_account, seq, idx)",
    "CREATE INDEX trades_maker ON trades (maker_account, seq, idx)",
    "CREATE INDEX trades_taker_order ON trades (taker_order)",
    "CREATE INDEX trades_maker_order ON trades (maker_order)",
    "CREATE INDEX trades_seq ON trades USING brin (seq)",
)

# An event changes a balance by at most one line: its parts (a rebate, one's own trade) are summed.
_LEDGER_LINES = """
CREATE TABLE ledger_lines (
    account     bigint   NOT NULL,
    seq         bigint   NOT NULL,
    ts_ns       bigint   NOT NULL,
    units       bigint   NOT NULL,
    balance     bigint   NOT NULL,
    fee         bigint   NOT NULL,
    order_id    bigint,
    trade_no    bigint,
    transfer_id bigint,
    number      bigint,
    source      integer,
    market      integer,
    asset       integer  NOT NULL,
    idx         integer  NOT NULL,
    kind        smallint NOT NULL,
    PRIMARY KEY (account, asset, seq, idx),
    CHECK (account < 1000 OR balance >= 0)
) PARTITION BY RANGE (seq)
"""
_LEDGER_LINES_SEQ = "CREATE INDEX ledger_lines_seq ON ledger_lines USING brin (seq)"

_BALANCES = """
CREATE TABLE balances (
    account   bigint  NOT NULL,
    available bigint  NOT NULL,
    hold      bigint  NOT NULL CHECK (hold >= 0),
    asset     integer NOT NULL,
    PRIMARY KEY (account, asset),
    CHECK (account < 1000 OR available >= 0),
    CHECK (account >= 1000 OR hold = 0)
) WITH (fillfactor = 60)
"""

_TRANSFERS = """
CREATE TABLE transfers (
    number       bigint   NOT NULL,
    seq          bigint   NOT NULL,
    ts_ns        bigint   NOT NULL,
    from_account bigint   NOT NULL,
    to_account   bigint,
    units        bigint   NOT NULL,
    fee          bigint   NOT NULL,
    transfer_id  bigint,
    done_seq     bigint,
    done_ns      bigint,
    source       integer  NOT NULL,
    idx          integer  NOT NULL,
    asset        integer  NOT NULL,
    kind         smallint NOT NULL,
    status       smallint NOT NULL,
    PRIMARY KEY (source, number)
)
"""
_TRANSFERS_INDEXES = (
    "CREATE UNIQUE INDEX transfers_held ON transfers (transfer_id) WHERE status = 1",
    "CREATE INDEX transfers_id ON transfers (transfer_id, seq) WHERE transfer_id IS NOT NULL",
    "CREATE INDEX transfers_from ON transfers (from_account, seq, idx)",
    "CREATE INDEX transfers_to ON transfers (to_account, seq, idx)",
)

_CANDLES = """
CREATE TABLE candles (
    open_ms      bigint  NOT NULL,
    open         bigint  NOT NULL,
    high         bigint  NOT NULL,
    low          bigint  NOT NULL,
    close        bigint  NOT NULL,
    trade_count  bigint  NOT NULL CHECK (trade_count > 0),
    market       integer NOT NULL,
    interval_s   integer NOT NULL,
    volume       numeric NOT NULL,
    quote_volume numeric NOT NULL,
    PRIMARY KEY (market, interval_s, open_ms),
    CHECK (low <= open AND low <= close AND high >= open AND high >= close)
) WITH (fillfactor = 80)
"""

_MARKET_STATES = """
CREATE TABLE market_states (
    lot_units      bigint   NOT NULL,
    tick_lot_units bigint   NOT NULL,
    until_ns       bigint   NOT NULL,
    last_price     bigint   NOT NULL,
    last_trade_no  bigint   NOT NULL,
    last_trade_ns  bigint   NOT NULL,
    market         integer  PRIMARY KEY,
    base           integer  NOT NULL,
    quote          integer  NOT NULL,
    status         smallint NOT NULL,
    cause          smallint NOT NULL,
    volume         numeric  NOT NULL,
    quote_volume   numeric  NOT NULL
) WITH (fillfactor = 20)
"""

# How far the feed was known to reach when the cursor moved, the time of its last entry, and when.
_CURSOR = """
ALTER TABLE cursor
    ADD COLUMN tip_seq    bigint      NOT NULL DEFAULT 0,
    ADD COLUMN ts_ns      bigint      NOT NULL DEFAULT 0,
    ADD COLUMN updated_at timestamptz NOT NULL DEFAULT clock_timestamp()
"""

# A new partition is made apart and then attached, so that readers of the table need not wait.
_PARTITIONS_AHEAD = """
CREATE FUNCTION projections_partitions_ahead(upto_seq bigint) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
    size constant bigint := 10000000;
    made integer := 0;
    part bigint;
    parent text;
    name text;
    factor bigint;
BEGIN
    IF upto_seq < 0 OR upto_seq >= 2::bigint ^ 53 THEN
        RAISE EXCEPTION 'upto_seq must be a seq, got %', upto_seq;
    END IF;
    PERFORM pg_advisory_xact_lock(hashtext('projections_partitions_ahead'));
    FOR part IN SELECT generate_series(greatest(upto_seq / size - 1, 0), upto_seq / size + 1) LOOP
        FOREACH parent IN ARRAY ARRAY['orders', 'trades', 'ledger_lines'] LOOP
            name := format('%s_p%s', parent, lpad(part::text, 6, '0'));
            CONTINUE WHEN to_regclass('public.' || name) IS NOT NULL;
            factor := size * CASE parent WHEN 'orders' THEN 64 ELSE 1 END;
            EXECUTE format('CREATE TABLE public.%I (LIKE public.%I INCLUDING ALL)', name, parent);
            EXECUTE format(
                'ALTER TABLE public.%I ATTACH PARTITION public.%I FOR VALUES FROM (%s) TO (%s)',
                parent, name, part * factor, (part + 1) * factor
            );
            made := made + 1;
        END LOOP;
    END LOOP;
    RETURN made;
END
$$
"""
_PARTITIONS_AHEAD_CLOSED = (
    "REVOKE EXECUTE ON FUNCTION projections_partitions_ahead(bigint) FROM PUBLIC"
)
_FIRST_PARTITIONS = "SELECT projections_partitions_ahead(0)"

_TABLES = ("orders", "trades", "ledger_lines", "balances", "transfers", "candles", "market_states")


def upgrade() -> None:
    run(_ORDERS, *_ORDERS_INDEXES, _TRADES, *_TRADES_INDEXES)
    run(_LEDGER_LINES, _LEDGER_LINES_SEQ, _BALANCES, _TRANSFERS, *_TRANSFERS_INDEXES)
    run(_CANDLES, _MARKET_STATES, _CURSOR)
    run(_PARTITIONS_AHEAD, _PARTITIONS_AHEAD_CLOSED, _FIRST_PARTITIONS)
    grant("SELECT, INSERT, UPDATE, TRUNCATE", *_TABLES)
    grant("EXECUTE", "FUNCTION projections_partitions_ahead(bigint)")
