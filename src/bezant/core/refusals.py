"""Why a command was refused. Numbers are permanent; the smallest that applies is given (L2.5)."""

import enum


class RefusalCode(enum.IntEnum):
    """The codes of LAW §2, in their precedence."""

    CATCHING_UP = 10  # Time work of an earlier entry is unfinished: send it again (L11.3).
    QUARANTINED = 11  # This very command once broke an invariant; an operator may lift it (L15.5).
    NUMBER_GAP = 12  # A source skipped a number; its commands come densely from 1 (L3.3).
    CLIENT_ID_REUSED = 20  # The client id is remembered with other content (L3.1).
    TRANSFER_ID_PENDING = 21  # A held transfer with this id is pending (L3.3).
    ACCOUNT_UNKNOWN = 100  # There is no such account, a transfer's `from` too (L2.5).
    ACCOUNT_CLOSED = 101  # The account was closed, for good (L13.3).
    COUNTERPARTY_NOT_OPEN = 102  # Who a transfer goes to is unknown or closed (L13.3).
    ORDER_UNKNOWN = 105  # No such order is open for this account (L11.4).
    TRANSFER_UNKNOWN = 107  # No such transfer is pending (L13.3).
    ORDERS_FROZEN = 130  # The account may not place, replace or enlarge orders (L2.5).
    WITHDRAWALS_FROZEN = 131  # The account may not hold or send money (L2.5).
    ASSET_UNKNOWN = 200  # There is no such asset (L2.5).
    ASSET_DISABLED = 201  # The asset takes no new orders or withdrawals (L12.8).
    MARKET_UNKNOWN = 210  # There is no such market (L2.5).
    MARKET_STATUS = 220  # The market's status does not allow it now (L12).
    STATUS_CHANGE_NOT_ALLOWED = 221  # A market cannot go from its status to that one (L12.1).
    MARKET_NOT_EMPTY = 222  # A market with orders cannot be closed (L12.1).
    FIELD_OUT_OF_RANGE = 300  # A value is outside what its field can mean (L2.5).
    COMBINATION_NOT_SUPPORTED = 310  # The fields do not go together (L2.4).
    EXPIRY_NOT_AFTER_NOW = 311  # The order would expire before it could rest (L2.5).
    PRICE_NOT_POSITIVE = 400  # A limit or reference price is ≤ 0, or a trigger price < 0 (L2.5).
    PRICE_TOO_HIGH = 401  # A price is above the market's `price_max` (L1.7).
    PRICE_OUT_OF_BAND = 402  # A limit price is too far from the reference price (L5.6).
    QTY_NOT_POSITIVE = 410  # A quantity, or a quote amount, is not above 0 (L2.5).
    QTY_TOO_LOW = 411  # A quantity is below the market's `qty_min` (L1.7).
    QTY_TOO_HIGH = 412  # A quantity is above the market's `qty_max` (L1.7).
    NOTIONAL_TOO_LOW = 420  # Price × quantity is below the market's `notional_min` (L2.5).
    NOTIONAL_TOO_HIGH = 421  # Price × quantity is above the market's `notional_max` (L2.5).
    TRAILING_OUT_OF_RANGE = 430  # A trailing distance is outside the market's limits (L8).
    DISPLAY_NOT_BELOW_QTY = 440  # An iceberg would show all of itself (L9).
    DISPLAY_TOO_LOW = 441  # An iceberg would show less than `qty_min` (L9).
    ICEBERG_PARTS_TOO_MANY = 442  # An iceberg would have more parts than allowed (L9).
    NO_CHANGE = 450  # An amendment that changes nothing (L11.5).
    QTY_NOT_ABOVE_FILLED = 451  # An amended quantity is not above what was filled (L11.5).
    AMEND_NOT_ALLOWED = 452  # This order cannot be amended in this way (L11.5).
    AMENDS_TOO_MANY = 453  # The order was amended as often as the market allows (L11.5).
    CANCEL_RESTRICTED = 460  # The order is not what the cancel's `only` asked for (L11.6).
    NO_LAST_PRICE = 600  # A trigger needs a last price and the market has none yet (L8.1).
    WOULD_TRIGGER_NOW = 601  # The trigger's condition is met already (L8.1).
    LIST_PRICES_WRONG = 602  # The prices of a list's legs stand the wrong way round (L10.1).
    POST_ONLY_WOULD_TAKE = 610  # A post-only order would have taken (L5.8).
    OPEN_ORDERS_TOO_MANY = 700  # The account's open orders in the market reached the limit (L2.5).
    STOP_ORDERS_TOO_MANY = 701  # The account's orders with a trigger reached the limit (L2.5).
    ICEBERGS_TOO_MANY = 702  # The account's icebergs reached the limit (L2.5).
    LISTS_TOO_MANY = 703  # The account's order lists reached the limit (L2.5).
    ACCOUNT_ORDERS_TOO_MANY = 704  # The account has 10,000 open orders in all markets (L2.5).
    PENDING_TRANSFERS_TOO_MANY = 705  # The house has 1,000,000 pending transfers (L2.5).
    AVAILABLE_TOO_LOW = 800  # The account's available balance does not cover it (L4).
    HOUSE_TOO_LOW = 801  # A house account would go below 0 (L13.1).
    SUPPLY_TOO_HIGH = 802  # The house would owe more of the asset than `issued_max` (L1.2).
    ACCOUNT_NOT_EMPTY = 810  # An account has balances, orders or pending transfers (L13.3).
    BALANCES_DIFFER = 820  # Asserted balances differ; the event says by how much (L13.4).
    DIGEST_DIFFERS = 821  # The asserted state digest differs from the real one (L13.4).
    EXISTS = 900  # What should be created is there already (L2.5).
    TICK_LOT_NOT_WHOLE = 901  # One tick of one lot is not a whole number of quote units (L1.1).
    CONFIG_OUT_OF_RANGE = 902  # A parameter of an asset, a market, a tier or fees is none (L1.7).
    RULES_VERSION_WRONG = 904  # Rules are activated one version at a time, only known ones (L15.4).
