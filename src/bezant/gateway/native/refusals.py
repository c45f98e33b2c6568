"""What each refusal of the core says to a client: the problem, the field, and a sentence.

One row per code of LAW §2; a sentence may name the order's and the market's numbers in braces.
"""

from collections.abc import Mapping
from typing import Final

from msgspec import Struct

from bezant.core.refusals import RefusalCode as Code
from bezant.gateway.native.problems import FieldError, Problem, Refusal


class Row(Struct, frozen=True):
    """What a client is told; `field` is empty where no single field is at fault.

    Field and sentence may name facts in braces.
    """

    problem: Problem
    field: str
    sentence: str


REFUSALS: Final[Mapping[Code, Row]] = {
    Code.CATCHING_UP: Row(
        Problem.CATCHING_UP, "", "The core finishes work that is due: try again in a moment"
    ),
    Code.QUARANTINED: Row(
        Problem.ENGINE, "", "This command was put aside because it once stopped the core"
    ),
    Code.NUMBER_GAP: Row(Problem.OPERATOR, "", "A command of this source is missing before it"),
    Code.CLIENT_ID_REUSED: Row(
        Problem.CLIENT_ID,
        "clientOrderId",
        "clientOrderId {clientOrderId} belongs to an order with another body: use a new one, "
        "or send the first body again",
    ),
    Code.TRANSFER_ID_PENDING: Row(Problem.TRANSFER, "", "A transfer with this id is pending"),
    Code.ACCOUNT_UNKNOWN: Row(
        Problem.ACCOUNT, "", "The account is not open yet: try again in some seconds"
    ),
    Code.ACCOUNT_CLOSED: Row(Problem.ACCOUNT, "", "The account is closed"),
    Code.COUNTERPARTY_NOT_OPEN: Row(Problem.TRANSFER, "", "The receiving account is not open"),
    Code.ORDER_UNKNOWN: Row(
        Problem.ORDER_UNKNOWN,
        "{nameField}",
        "No open order of yours on {symbol} has this {nameField}: it may have ended",
    ),
    Code.TRANSFER_UNKNOWN: Row(Problem.TRANSFER, "", "There is no such pending transfer"),
    Code.ORDERS_FROZEN: Row(Problem.ACCOUNT, "", "New orders of this account are frozen"),
    Code.WITHDRAWALS_FROZEN: Row(Problem.TRANSFER, "", "Withdrawals of this account are frozen"),
    Code.ASSET_UNKNOWN: Row(Problem.ASSET, "asset", "There is no such asset"),
    Code.ASSET_DISABLED: Row(
        Problem.ASSET_DISABLED, "symbol", "An asset of {symbol} is switched off for now"
    ),
    Code.MARKET_UNKNOWN: Row(Problem.MARKET, "symbol", "There is no market {symbol}"),
    Code.MARKET_STATUS: Row(
        Problem.MARKET_STATUS, "symbol", "{symbol} is {status} and does not take this now"
    ),
    Code.STATUS_CHANGE_NOT_ALLOWED: Row(
        Problem.OPERATOR,
        "status",
        "The market cannot go to this status from where it is: it may have it already, closed "
        "is for good, and only a halted or cancel_only market may be closed",
    ),
    Code.MARKET_NOT_EMPTY: Row(
        Problem.OPERATOR, "status", "The market still has orders: cancel them first"
    ),
    Code.FIELD_OUT_OF_RANGE: Row(
        Problem.FIELD, "", "A field is out of its range: a clientOrderId has at most 36 bytes"
    ),
    Code.COMBINATION_NOT_SUPPORTED: Row(
        Problem.COMBINATION, "type", "These fields do not go together for this type of order"
    ),
    Code.EXPIRY_NOT_AFTER_NOW: Row(
        Problem.EXPIRY, "expiresAt", "expiresAt is not in the future: use a later time"
    ),
    Code.PRICE_NOT_POSITIVE: Row(
        Problem.PRICE, "price", "price {price} must be above 0: use at least {tickSize}"
    ),
    Code.PRICE_TOO_HIGH: Row(
        Problem.PRICE,
        "{tooHigh}",
        "{tooHigh} {tooHighPrice} is above the maximum {maxPrice} of {symbol}",
    ),
    Code.PRICE_OUT_OF_BAND: Row(
        Problem.PRICE,
        "price",
        "price {price} is outside the price band of {symbol}, {bandPercent} % around {lastPrice}: "
        "use a price nearer to it",
    ),
    Code.QTY_NOT_POSITIVE: Row(
        Problem.QUANTITY, "quantity", "quantity must be above 0: use at least {minQuantity}"
    ),
    Code.QTY_TOO_LOW: Row(
        Problem.QUANTITY,
        "quantity",
        "quantity {quantity} is below the minimum {minQuantity} of {symbol}",
    ),
    Code.QTY_TOO_HIGH: Row(
        Problem.QUANTITY,
        "quantity",
        "quantity {quantity} is above the maximum {maxQuantity} of {symbol}",
    ),
    Code.NOTIONAL_TOO_LOW: Row(
        Problem.NOTIONAL,
        "{sizeField}",
        "{notional} is below the minimum notional {minNotional} {quote} of {symbol}: use a larger "
        "{sizeField}",
    ),
    Code.NOTIONAL_TOO_HIGH: Row(
        Problem.NOTIONAL,
        "{sizeField}",
        "{notional} is above the maximum notional {maxNotional} {quote} of {symbol}: split the "
        "order",
    ),
    Code.TRAILING_OUT_OF_RANGE: Row(
        Problem.TRIGGER,
        "trailingBips",
        "trailingBips {trailingBips} is outside the range of {symbol}: use {minTrailingBips} to "
        "{maxTrailingBips}",
    ),
    Code.DISPLAY_NOT_BELOW_QTY: Row(
        Problem.ICEBERG,
        "displayQuantity",
        "displayQuantity {displayQuantity} must be below quantity {quantity}: display less, or "
        "leave it out",
    ),
    Code.DISPLAY_TOO_LOW: Row(
        Problem.ICEBERG,
        "displayQuantity",
        "displayQuantity {displayQuantity} is below the minimum quantity {minQuantity} of "
        "{symbol}: display more",
    ),
    Code.ICEBERG_PARTS_TOO_MANY: Row(
        Problem.ICEBERG,
        "displayQuantity",
        "quantity {quantity} in parts of {displayQuantity} makes more than the {maxIcebergParts} "
        "parts that {symbol} allows: display more",
    ),
    Code.NO_CHANGE: Row(
        Problem.AMEND,
        "",
        "The order has this quantity, price and client order id already: change one of them",
    ),
    Code.QTY_NOT_ABOVE_FILLED: Row(
        Problem.AMEND,
        "quantity",
        "quantity {quantity} is not above what is filled already: use a larger one, or cancel the "
        "order",
    ),
    Code.AMEND_NOT_ALLOWED: Row(
        Problem.AMEND,
        "",
        "Only an order that rests in the book, and is no leg of a list, can change its price or "
        "grow; others can only shrink, and none can while it waits for its turn after its "
        "trigger: replace it, or cancel it",
    ),
    Code.AMENDS_TOO_MANY: Row(
        Problem.AMEND,
        "",
        "The order was changed {maxAmends} times, as often as {symbol} allows: replace it",
    ),
    Code.CANCEL_RESTRICTED: Row(
        Problem.RESTRICTED,
        "only",
        "only is {only}, and the order is not: look at it, and decide again",
    ),
    Code.NO_LAST_PRICE: Row(
        Problem.TRIGGER,
        "triggerPrice",
        "{symbol} has no last price yet, so nothing can trigger: wait for its first trade",
    ),
    Code.WOULD_TRIGGER_NOW: Row(
        Problem.TRIGGER,
        "triggerPrice",
        "triggerPrice {triggerPrice} is met already: for a {trigger} {side} order on {symbol} it "
        "must be {triggerSide} {lastPrice}",
    ),
    Code.LIST_PRICES_WRONG: Row(
        Problem.TRIGGER,
        "{pairField}",
        "The prices of the pair stand in the wrong order: {pairRule}",
    ),
    Code.POST_ONLY_WOULD_TAKE: Row(
        Problem.POST_ONLY,
        "price",
        "price {price} meets the other side of {symbol}, and the order is post-only",
    ),
    Code.OPEN_ORDERS_TOO_MANY: Row(
        Problem.TOO_MANY,
        "symbol",
        "{symbol} allows {maxOpenOrders} open orders an account: cancel some first",
    ),
    Code.STOP_ORDERS_TOO_MANY: Row(
        Problem.TOO_MANY,
        "symbol",
        "{symbol} allows {maxStopOrders} open orders with a trigger an account: cancel some first",
    ),
    Code.ICEBERGS_TOO_MANY: Row(
        Problem.TOO_MANY,
        "symbol",
        "{symbol} allows {maxIcebergs} open iceberg orders an account: cancel some first",
    ),
    Code.LISTS_TOO_MANY: Row(
        Problem.TOO_MANY,
        "symbol",
        "{symbol} allows {maxLists} open order lists an account: cancel some first",
    ),
    Code.ACCOUNT_ORDERS_TOO_MANY: Row(
        Problem.TOO_MANY,
        "",
        "An account has at most 10000 open orders over all markets: cancel some first",
    ),
    Code.PENDING_TRANSFERS_TOO_MANY: Row(
        Problem.TRANSFER, "", "The house has too many pending transfers: try again later"
    ),
    Code.AVAILABLE_TOO_LOW: Row(
        Problem.INSUFFICIENT,
        "quantity",
        "The available balance of {spends} is too low for this order on {symbol}: place a smaller "
        "one, cancel another, or deposit",
    ),
    Code.HOUSE_TOO_LOW: Row(Problem.TRANSFER, "", "The house account has too little"),
    Code.SUPPLY_TOO_HIGH: Row(
        Problem.MONEY_LIMIT, "", "The house would owe more of this asset than it may"
    ),
    Code.ACCOUNT_NOT_EMPTY: Row(
        Problem.OPERATOR, "", "The account still has balances, orders or transfers"
    ),
    Code.BALANCES_DIFFER: Row(Problem.OPERATOR, "", "The balances are not as stated"),
    Code.DIGEST_DIFFERS: Row(Problem.OPERATOR, "", "The state's digest is not as stated"),
    Code.EXISTS: Row(Problem.OPERATOR, "", "It exists already"),
    Code.TICK_LOT_NOT_WHOLE: Row(
        Problem.OPERATOR,
        "tick",
        "One tick of one lot is not a whole number of the quote's units: choose a larger tick "
        "or lot, or a quote that keeps more decimals",
    ),
    Code.CONFIG_OUT_OF_RANGE: Row(Problem.OPERATOR, "", "A parameter is out of its range"),
    Code.RULES_VERSION_WRONG: Row(Problem.OPERATOR, "", "The rules cannot go to this version"),
}


def explain(code: int, facts: Mapping[str, str]) -> Refusal:
    """Return the refusal that answers the core's code; `facts` fill the sentence's braces.

    A fact that the caller has no knowledge of leaves the problem's own title and advice.
    """
    known = Code(code)
    row = REFUSALS[known]
    try:
        detail = row.sentence.format_map(facts)
        field = row.field.format_map(facts)
    except KeyError:
        kind = row.problem.value
        detail = f"{kind.title}: {kind.advice}"
        field = "" if "{" in row.field else row.field
    if known is Code.COMBINATION_NOT_SUPPORTED and "combination" in facts:
        field, detail = facts["combinationField"], facts["combination"]
    errors = (FieldError(field, known.name.lower(), detail),) if field else ()
    return Refusal(row.problem, detail, reason=known.name, errors=errors)
