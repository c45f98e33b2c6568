"""The enumerations of the law, numbered from 0 in LAW's order; numbers are permanent.

Fields of commands carry plain integers, so that an unknown number is a refusal (300) and not a
decoding error.
"""

import enum
from typing import Final


class Side(enum.IntEnum):
    """Which side of the book an order stands on."""

    BUY = 0
    SELL = 1


class OrderType(enum.IntEnum):
    """Limit or market; SPEC's other types are combinations (L2.3)."""

    LIMIT = 0
    MARKET = 1


class TimeInForce(enum.IntEnum):
    """How long an order works."""

    GTC = 0
    IOC = 1
    FOK = 2
    GTD = 3


class Trigger(enum.IntEnum):
    """What wakes a pending order (L8)."""

    NONE = 0
    STOP = 1
    TAKE_PROFIT = 2


class STPMode(enum.IntEnum):
    """Self-trade prevention; DEFAULT becomes the account's mode at acceptance (L7.1)."""

    DEFAULT = 0
    NONE = 1
    EXPIRE_TAKER = 2
    EXPIRE_MAKER = 3
    EXPIRE_BOTH = 4
    DECREMENT = 5


class ListKind(enum.IntEnum):
    """Order lists (L10)."""

    OCO = 0
    OTO = 1
    OTOCO = 2


class Only(enum.IntEnum):
    """Which orders a cancel or replace may touch (L11.6)."""

    ANY = 0
    NEW = 1
    PARTIALLY_FILLED = 2


class ReplaceMode(enum.IntEnum):
    """What a failed cancel means for a replace (L11.7)."""

    STOP_ON_FAILURE = 0
    ALLOW_FAILURE = 1


class TransferReason(enum.IntEnum):
    """Why money moves between accounts (L13.3)."""

    DEPOSIT = 0
    INTERNAL = 1
    REVERSAL = 2
    ADJUSTMENT = 3
    CUSTODY = 4


class Algorithm(enum.IntEnum):
    """How a level shares a taker's quantity (L5, L6)."""

    FIFO = 0
    PRO_RATA = 1


class MarketStatus(enum.IntEnum):
    """What a market does with orders (L12)."""

    PRE_OPEN = 0
    TRADING = 1
    POST_ONLY = 2
    CANCEL_ONLY = 3
    HALTED = 4
    CLOSED = 5


class StatusCause(enum.IntEnum):
    """Who changed a market's status."""

    OPERATOR = 0
    VOLATILITY = 1
    AUCTION_END = 2


class AcceptedState(enum.IntEnum):
    """Where an accepted order stands before anything else happens to it (L5.1)."""

    PENDING = 0
    RESTING = 1
    MATCHING = 2


class DoneStatus(enum.IntEnum):
    """How an order ended (L5.5)."""

    FILLED = 0
    CANCELED = 1
    EXPIRED = 2


class DoneReason(enum.IntEnum):
    """Why an order ended (L5.5); NONE belongs to FILLED."""

    NONE = 0
    USER = 1
    LIST = 2
    REPLACED = 3
    TIMER = 4
    OPERATOR = 5
    GTD = 6
    IOC = 7
    FOK = 8
    LIQUIDITY = 9
    FUNDS = 10
    PRICE_BAND = 11
    MATCH_LIMIT = 12
    INTERRUPTED = 13
    SELF_TRADE = 14
    REFUSED = 15


class Part(enum.IntEnum):
    """Which part of a command was refused (L2.2)."""

    WHOLE = 0
    CANCEL = 1
    PLACE = 2


# Short names for the words that every order is asked about: looking into an enumeration is slow.
BUY: Final = Side.BUY
SELL: Final = Side.SELL
LIMIT: Final = OrderType.LIMIT
MARKET: Final = OrderType.MARKET
GTC: Final = TimeInForce.GTC
IOC: Final = TimeInForce.IOC
FOK: Final = TimeInForce.FOK
GTD: Final = TimeInForce.GTD
PRE_OPEN: Final = MarketStatus.PRE_OPEN
TRADING: Final = MarketStatus.TRADING
POST_ONLY: Final = MarketStatus.POST_ONLY
FILLED: Final = DoneStatus.FILLED
CANCELED: Final = DoneStatus.CANCELED
EXPIRED: Final = DoneStatus.EXPIRED
