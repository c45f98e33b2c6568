"""The audit's own ledger: every event's postings, written from LAW §13 a second time.

Shares no code with the engine's ledger and none with `core.postings`; that is its worth (INV-01,
INV-02).
"""

from typing import Final

from bezant.core.events import (
    Event,
    ListAccepted,
    ListWorking,
    OrderAccepted,
    OrderAmended,
    OrderDone,
    OrderTriggered,
    SelfTradePrevented,
    TradeExecuted,
    TransferHeld,
    TransferPosted,
    TransferSettled,
    TransferVoided,
)
from bezant.journal.verifier_findings import INV_01, INV_02, Findings
from bezant.journal.verifier_house import AuditedMarket, House

FEES_ACCOUNT: Final = 1
OWED_HOUSE_MAX: Final = 4  # House accounts 1 to 4 are owed, 5 to 10 are custody.
USERS_FROM: Final = 1_000
BUY: Final = 0

Key = tuple[int, int]  # Account, asset.
Move = tuple[int, int, int, int]  # Account, asset, change of available, change of hold.


class LedgerVerifier:
    """Balances of all accounts, moved event by event."""

    def __init__(self, findings: Findings, house: House) -> None:
        self._findings = findings
        self._house = house
        self.available: dict[Key, int] = {}
        self.hold: dict[Key, int] = {}

    def apply(self, seq: int, event: Event) -> list[Move]:
        """Post an event, check it, and return its moves."""
        moves = self._moves(event)
        sums: dict[int, int] = {}
        for account, asset, free, held in moves:
            sums[asset] = sums.get(asset, 0) + free + held
            key = (account, asset)
            self.available[key] = self.available.get(key, 0) + free
            self.hold[key] = self.hold.get(key, 0) + held
        for asset, total in sums.items():
            if total != 0:
                self._findings.add(
                    INV_01, seq, f"{type(event).__name__} makes {total} units of asset {asset}"
                )
        for account, asset, _, _ in moves:
            self._check_debt(seq, (account, asset), event)
        return moves

    def finish(self, seq: int) -> None:
        """Check that all accounts of each asset sum to zero."""
        for asset, (users, house, custody) in self.sums().items():
            total = users + house + custody
            if total != 0:
                self._findings.add(
                    INV_01, seq, f"asset {asset}: all accounts sum to {total}, not to zero"
                )

    def sums(self) -> dict[int, tuple[int, int, int]]:
        """Return what users and house have and what custody mirrors, by asset."""
        sums: dict[int, list[int]] = {asset: [0, 0, 0] for asset in sorted(self._house.scales)}
        for key, units in self.available.items():
            account, asset = key
            place = 0 if account >= USERS_FROM else 1 if account <= OWED_HOUSE_MAX else 2
            sums.setdefault(asset, [0, 0, 0])[place] += units + self.hold[key]
        return {asset: (one[0], one[1], one[2]) for asset, one in sums.items()}

    def balance(self, key: Key) -> int:
        """Return available + hold."""
        return self.available.get(key, 0) + self.hold.get(key, 0)

    def _check_debt(self, seq: int, key: Key, event: Event) -> None:
        account, asset = key
        if OWED_HOUSE_MAX < account < USERS_FROM:
            return
        available, hold = self.available[key], self.hold[key]
        if available < 0 or hold < 0:
            self._findings.add(
                INV_02,
                seq,
                f"account {account} has {available} available and {hold} held of asset {asset} "
                f"after {type(event).__name__}",
            )

    def _moves(self, event: Event) -> list[Move]:
        match event:
            case OrderAccepted():
                return self._hold(event.account, event.market, event.order.side, event.held)
            case ListAccepted() | ListWorking() | OrderAmended():
                return self._hold(event.account, event.market, event.side, event.held)
            case OrderDone() | OrderTriggered():
                return self._hold(event.account, event.market, event.side, -event.released)
            case SelfTradePrevented():
                taker, maker = event.taker_side, 1 - event.taker_side
                return self._hold(
                    event.taker_account, event.market, taker, -event.taker_released
                ) + self._hold(event.maker_account, event.market, maker, -event.maker_released)
            case TradeExecuted():
                return self._trade(event, self._house.markets[event.market])
            case TransferPosted():
                return [
                    (event.from_account, event.asset, -event.units, 0),
                    (event.to_account, event.asset, event.units, 0),
                ]
            case TransferHeld():
                whole = event.units + event.fee
                return [(event.account, event.asset, -whole, whole)]
            case TransferVoided():
                whole = event.units + event.fee
                return [(event.account, event.asset, whole, -whole)]
            case TransferSettled():
                return [
                    (event.account, event.asset, 0, -event.units - event.fee),
                    (event.custody, event.asset, event.units, 0),
                    (FEES_ACCOUNT, event.asset, event.fee, 0),
                ]
            case _:
                return []

    def _hold(self, account: int, market: int, side: int, units: int) -> list[Move]:
        if units == 0:
            return []
        terms = self._house.markets[market]
        return [(account, terms.quote if side == BUY else terms.base, -units, units)]

    def _trade(self, event: TradeExecuted, market: AuditedMarket) -> list[Move]:
        """Seller gives base, buyer gives quote, each receives less its fee; the house keeps fees.

        A maker with a hold pays from it, a taker if the event says so; a rebate goes from the
        house to the maker, in the asset that the taker received.
        """
        base, quote = market.base, market.quote
        base_units = event.qty * market.lot_units
        quote_units = event.qty * event.price * market.tick_lot_units
        is_taker_buyer = event.taker_side == BUY
        buyer = event.taker_account if is_taker_buyer else event.maker_account
        seller = event.maker_account if is_taker_buyer else event.taker_account
        is_buyer_held = event.taker_has_hold or not is_taker_buyer
        is_seller_held = event.taker_has_hold or is_taker_buyer
        moves: list[Move] = []
        moves.append(
            (seller, base, 0, -base_units) if is_seller_held else (seller, base, -base_units, 0)
        )
        moves.append((buyer, base, base_units, 0))
        moves.append(
            (buyer, quote, event.improvement, -quote_units - event.improvement)
            if is_buyer_held
            else (buyer, quote, -quote_units, 0)
        )
        moves.append((seller, quote, quote_units, 0))
        taker_gets, maker_gets = (base, quote) if is_taker_buyer else (quote, base)
        moves += _charge(event.taker_account, taker_gets, event.taker_fee)
        if event.maker_fee < 0:
            moves += _charge(event.maker_account, taker_gets, event.maker_fee)
        else:
            moves += _charge(event.maker_account, maker_gets, event.maker_fee)
        return moves


def _charge(account: int, asset: int, units: int) -> list[Move]:
    return [(account, asset, -units, 0), (FEES_ACCOUNT, asset, units, 0)] if units else []
