"""The audit of single trades: numbers, limits, fees, rebates, improvements (L1.3 to L1.5, L4.2)."""

from bezant.core.events import TradeExecuted
from bezant.core.words import OrderType
from bezant.journal.verifier_findings import FORMULAS, INV_05, INV_07, Findings
from bezant.journal.verifier_house import AuditedMarket, House
from bezant.journal.verifier_ledger import BUY
from bezant.journal.verifier_orders import AuditedOrder, OrdersVerifier

_MILLION = 1_000_000


class TradesVerifier:
    """Judges each trade by the orders and rates that stood before it."""

    def __init__(self, findings: Findings, house: House, orders: OrdersVerifier) -> None:
        self._findings = findings
        self._house = house
        self._orders = orders

    def judge(self, seq: int, event: TradeExecuted) -> None:
        """Check a trade that the orders have not taken in yet."""
        market = self._house.markets[event.market]
        if event.trade_no != market.trade_no + 1:
            self._findings.add(
                INV_07,
                seq,
                f"market {market.id}: trade {event.trade_no} follows trade {market.trade_no}",
            )
        taker = self._orders.orders.get(event.taker_order)
        maker = self._orders.orders.get(event.maker_order)
        if taker is None or maker is None:
            return  # The orders' verifier finds fault with it.
        for order, account, side in (
            (taker, event.taker_account, event.taker_side),
            (maker, event.maker_account, 1 - event.taker_side),
        ):
            self._judge_side(seq, event, order, account=account, side=side)
        self._judge_fees(seq, event, market)
        self._judge_improvement(seq, event, market, taker if event.taker_side == BUY else maker)
        if event.taker_has_hold != taker.has_hold:
            text = f"trade {event.trade_no}: whether the taker has a hold is told wrongly"
            self._findings.add(FORMULAS, seq, text)

    def _judge_side(
        self, seq: int, event: TradeExecuted, order: AuditedOrder, *, account: int, side: int
    ) -> None:
        if (account, event.market, side) != (order.account, order.market, order.terms.side):
            text = f"trade {event.trade_no} names another account, market or side than order "
            self._findings.add(INV_05, seq, text + f"{order.id} has")
        if order.terms.type != OrderType.LIMIT:
            return
        is_within = event.price <= order.price if side == BUY else event.price >= order.price
        if not is_within:
            self._findings.add(
                INV_05,
                seq,
                f"trade {event.trade_no} at {event.price} is beyond the limit {order.price} of "
                f"order {order.id}",
            )

    def _judge_fees(self, seq: int, event: TradeExecuted, market: AuditedMarket) -> None:
        base = (event.qty * market.lot_units, market.base_step)
        quote = (event.price * event.qty * market.tick_lot_units, market.quote_step)
        taker_gets, maker_gets = (base, quote) if event.taker_side == BUY else (quote, base)
        _, taker_rate = self._house.rates(market, event.taker_account)
        maker_rate, _ = self._house.rates(market, event.maker_account)
        taker_fee = _fee(*taker_gets, taker_rate)
        if maker_rate < 0:
            maker_fee = -min(taker_fee, _rebate(*taker_gets, -maker_rate))
        else:
            maker_fee = _fee(*maker_gets, maker_rate)
        if (event.taker_fee, event.maker_fee) != (taker_fee, maker_fee):
            self._findings.add(
                FORMULAS,
                seq,
                f"trade {event.trade_no}: fees are {event.taker_fee} (taker) and "
                f"{event.maker_fee} (maker), by formula {taker_fee} and {maker_fee}",
            )

    def _judge_improvement(
        self, seq: int, event: TradeExecuted, market: AuditedMarket, buyer: AuditedOrder
    ) -> None:
        due = 0
        if buyer.has_hold:
            due = (buyer.hold_price - event.price) * event.qty * market.tick_lot_units
        if event.improvement != due:
            self._findings.add(
                FORMULAS,
                seq,
                f"trade {event.trade_no}: improvement is {event.improvement}, the buyer's hold "
                f"is for {due} more",
            )


def _fee(received: int, step: int, ppm: int) -> int:
    """Return min(received, ⌈received × rate⌉ up to whole steps) (L1.3)."""
    exact_up = -(-received * ppm // _MILLION)
    return min(received, -(-exact_up // step) * step)


def _rebate(received: int, step: int, ppm: int) -> int:
    """Return ⌊received × rate⌋ down to whole steps (L1.4)."""
    return received * ppm // _MILLION // step * step
