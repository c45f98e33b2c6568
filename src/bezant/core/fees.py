"""What a trade costs its two sides (L1.3 to L1.6). Not for moving money: `trade` does."""

from typing import NamedTuple

from bezant.core.market import Market
from bezant.core.state import Account
from bezant.core.units import Units, fee, rebate
from bezant.core.words import BUY


class TradeFees(NamedTuple):
    """The taker's fee, the maker's fee and the maker's rebate (in the taker's asset)."""

    taker: Units
    maker: Units
    rebate: Units


def trade_fees(
    market: Market,
    *,
    taker: Account,
    maker: Account,
    taker_side: int,
    base_units: Units,
    quote_units: Units,
) -> TradeFees:
    """Return the fees of one trade, each in the asset that its payer receives."""
    taker_ppm = market.rates(taker.tier).taker
    maker_ppm = market.rates(maker.tier).maker
    if taker_side == BUY:
        taker_gets, taker_step = base_units, market.base_step
        maker_gets, maker_step = quote_units, market.quote_step
    else:
        taker_gets, taker_step = quote_units, market.quote_step
        maker_gets, maker_step = base_units, market.base_step
    taker_fee = fee(taker_gets, taker_ppm, taker_step) if taker_ppm else Units(0)
    if maker_ppm >= 0:
        return TradeFees(taker_fee, fee(maker_gets, maker_ppm, maker_step), Units(0))
    share = min(taker_fee, rebate(taker_gets, -maker_ppm, taker_step))
    return TradeFees(taker_fee, Units(0), Units(share))
