"""Who is whose self, and which mode rules: self-trade prevention as events tell it (L7.1)."""

from dataclasses import dataclass, field

from bezant.core import events as e
from bezant.core.words import STPMode


@dataclass
class Selves:
    """Groups and modes of accounts, and the mode each order was accepted with."""

    groups: dict[int, int] = field(default_factory=dict)
    defaults: dict[int, int] = field(default_factory=dict)
    modes: dict[int, int] = field(default_factory=dict)
    uncrossing: dict[int, bool] = field(default_factory=dict)

    def tell(self, event: e.Event) -> None:
        """Take an event in. Raises AssertionError if a self traded, or a stranger was prevented."""
        match event:
            case e.AccountOpened() | e.AccountSet():
                self.groups[event.account] = event.trade_group
                self.defaults[event.account] = event.stp or STPMode.EXPIRE_TAKER
            case e.OrderAccepted():
                own = self.defaults.get(event.account, STPMode.EXPIRE_TAKER)
                self.modes[event.order_id] = event.order.stp or own
            case e.AuctionUncrossed():
                self.uncrossing[event.market] = True
            case e.MarketStatusChanged():
                self.uncrossing.pop(event.market, None)
            case e.TradeExecuted() if event.market not in self.uncrossing:
                may_meet = self.modes[event.taker_order] == STPMode.NONE
                assert may_meet or not self._is_self(event), f"L7.1: {event}"
            case e.SelfTradePrevented():
                assert event.mode == self.modes[event.taker_order] != STPMode.NONE, f"L7.1: {event}"
                assert self._is_self(event), f"L7.1: {event}"
                is_decrement = event.mode == STPMode.DECREMENT
                assert (event.qty > 0) == is_decrement, f"L7.1: {event}"
            case _:
                pass

    def _is_self(self, event: e.TradeExecuted | e.SelfTradePrevented) -> bool:
        taker, maker = event.taker_account, event.maker_account
        group = self.groups.get(taker, 0)
        return taker == maker or (group != 0 and group == self.groups.get(maker, 0))
