//! Houses of any size, and commands that keep them busy.

use std::time::Duration;

use bezant_core::commands::{
    AmendOrder, CancelOrder, Command, CreateAsset, CreateMarket, MarketParameters, OpenAccount,
    OrderTerms, PlaceOrder, SetFees, SetMarketStatus, Transfer,
};
use bezant_core::engine::Engine;
use bezant_core::ids::{order_id, AccountId, ClientId, MarketId, Number, OrderId};
use bezant_core::words::{GTC, IOC, LIMIT, MARKET, SELL, TRADING};
use bezant_core::writer::{put_array, put_uint, Writer};

use crate::{timed, BATCH, TS_NS};

const MIDDLE: i64 = 1_000_000;
const RICHES: i64 = 1 << 40;
const SOURCES: u32 = 1;
pub const ACCOUNT_MIN: u32 = 1_000;

/// How large a house is. Each market has its orders on so many levels a side, in turn.
#[derive(Clone, Copy)]
pub struct Size {
    pub accounts: u32,
    pub markets: u16,
    pub levels: i64,
    pub orders: usize,
}

/// An engine that is fed batches of commands.
pub struct House {
    pub engine: Engine,
    pub size: Size,
    chance: u64,
    number: u64,
    batch: Writer,
    waiting: usize,
    took: Duration,
    outcomes: u64, // Bytes, so that nothing is measured that nobody looks at.
}

impl House {
    /// Returns a house with its people, their money, its markets and the orders that rest.
    pub fn open(size: Size) -> Self {
        let mut house = Self {
            engine: Engine::new(0).expect("a shard"),
            size,
            chance: 1,
            number: 0,
            batch: Writer::default(),
            waiting: 0,
            took: Duration::ZERO,
            outcomes: 0,
        };
        house.furnish();
        for index in 0..size.orders {
            let level = 1 + (index as i64 / 2) % size.levels;
            let market = 1 + u16::try_from(index % usize::from(size.markets)).expect("a market");
            let account = ACCOUNT_MIN + u32::try_from(index).expect("an order") % size.accounts;
            let side = u8::from(index % 2 == 1);
            house.place(account, market, side, level, 10);
        }
        house.spent();
        house
    }

    fn furnish(&mut self) {
        for asset in [1, 2] {
            let number = self.next_number();
            self.send(&Command::CreateAsset(CreateAsset {
                source: SOURCES,
                number,
                asset,
                scale: 8,
                issued_max: 1 << 62,
                enabled: true,
            }));
        }
        for market in 1..=self.size.markets {
            let number = self.next_number();
            self.send(&Command::CreateMarket(CreateMarket {
                source: SOURCES,
                number,
                market,
                base: 1,
                quote: 2,
                lot_units: 1_000,
                tick_num: 1,
                tick_scale: 3,
                parameters: parameters(),
            }));
            let number = self.next_number();
            self.send(&Command::SetFees(SetFees {
                source: SOURCES,
                number,
                market,
                tier: 0,
                maker: 500,
                taker: 1_000,
            }));
            let number = self.next_number();
            self.send(&Command::SetMarketStatus(SetMarketStatus {
                source: SOURCES,
                number,
                market,
                status: TRADING,
            }));
        }
        for account in ACCOUNT_MIN..ACCOUNT_MIN + self.size.accounts {
            let number = self.next_number();
            self.send(&Command::OpenAccount(OpenAccount {
                source: SOURCES,
                number,
                account,
                trade_group: 0,
                stp: 0,
                orders_frozen: false,
                withdrawals_frozen: false,
            }));
            for asset in [1, 2] {
                let number = self.next_number();
                self.send(&Command::Transfer(Transfer {
                    source: SOURCES,
                    number,
                    from_account: 5,
                    to_account: account,
                    asset,
                    units: RICHES,
                    reason: 0,
                }));
            }
        }
    }

    /// Places a limit order so many ticks from the middle and returns its id.
    pub fn place(
        &mut self,
        account: AccountId,
        market: MarketId,
        side: u8,
        level: i64,
        qty: i64,
    ) -> OrderId {
        let price = if side == SELL {
            MIDDLE + level
        } else {
            MIDDLE - level
        };
        self.order(account, market, terms(side, price, qty))
    }

    /// Takes so many lots from the best of the other side.
    pub fn take(&mut self, account: AccountId, market: MarketId, side: u8, qty: i64) {
        self.order(account, market, terms(side, 0, qty));
    }

    fn order(&mut self, account: AccountId, market: MarketId, order: OrderTerms) -> OrderId {
        let id = order_id(self.next_seq(), 0, 0);
        self.send(&Command::PlaceOrder(PlaceOrder {
            account,
            market,
            order,
        }));
        id
    }

    /// Amends an order's quantity, or moves it by as many ticks.
    pub fn amend(&mut self, account: AccountId, order_id: OrderId, qty: Option<i64>) {
        let moved = if qty.is_none() {
            Some(MIDDLE - self.level())
        } else {
            None
        };
        self.send(&Command::AmendOrder(AmendOrder {
            account,
            order_id,
            client_id: ClientId::EMPTY,
            new_qty: qty,
            new_price: moved,
            new_client_id: ClientId::EMPTY,
        }));
    }

    /// Cancels an order.
    pub fn cancel(&mut self, account: AccountId, order_id: OrderId) {
        self.send(&Command::CancelOrder(CancelOrder {
            account,
            order_id,
            client_id: ClientId::EMPTY,
            only: 0,
        }));
    }

    /// Returns any account.
    pub fn account(&mut self) -> AccountId {
        let count = u64::from(self.size.accounts);
        ACCOUNT_MIN + u32::try_from(self.draw(count)).expect("an account")
    }

    /// Returns any market.
    pub fn market(&mut self) -> MarketId {
        let count = u64::from(self.size.markets);
        1 + u16::try_from(self.draw(count)).expect("a market")
    }

    /// Returns how far from the middle any level is.
    pub fn level(&mut self) -> i64 {
        let count = self.size.levels.unsigned_abs();
        1 + i64::try_from(self.draw(count)).expect("a level")
    }

    /// Returns a number below a limit.
    pub fn draw(&mut self, limit: u64) -> u64 {
        self.chance ^= self.chance << 13;
        self.chance ^= self.chance >> 7;
        self.chance ^= self.chance << 17;
        self.chance % limit
    }

    /// Applies what waits; returns the CPU time of all that was applied since the last time.
    pub fn spent(&mut self) -> Duration {
        self.flush();
        std::mem::take(&mut self.took)
    }

    fn next_seq(&self) -> u64 {
        self.engine.seq() + 1 + self.waiting as u64
    }

    fn next_number(&mut self) -> Number {
        self.number += 1;
        Number(self.number)
    }

    fn send(&mut self, command: &Command) {
        let seq = self.next_seq();
        put_array(&mut self.batch, 2);
        put_uint(&mut self.batch, seq);
        command.write(&mut self.batch);
        self.waiting += 1;
        if self.waiting == BATCH {
            self.flush();
        }
    }

    fn flush(&mut self) {
        let (engine, batch) = (&mut self.engine, self.batch.as_bytes());
        let seq = engine.seq() + 1;
        let (outcomes, took) = timed(|| engine.apply(TS_NS, seq, batch).expect("it applies"));
        self.outcomes += outcomes.len() as u64;
        self.took += took;
        self.batch.clear();
        self.waiting = 0;
    }
}

fn terms(side: u8, price: i64, qty: i64) -> OrderTerms {
    OrderTerms {
        client_id: ClientId::EMPTY,
        side,
        order_type: if price == 0 { MARKET } else { LIMIT },
        tif: if price == 0 { IOC } else { GTC },
        price,
        qty,
        quote_units: 0,
        trigger: 0,
        trigger_price: 0,
        trailing_bips: 0,
        post_only: false,
        display: 0,
        stp: 1,
        expires_ns: 0,
    }
}

fn parameters() -> MarketParameters {
    MarketParameters {
        price_max: 1 << 40,
        qty_min: 1,
        qty_max: 1 << 40,
        notional_min: 1,
        notional_max: 1 << 62,
        band_bips: 5_000,
        dynamic_bips: 0,
        window_ms: 0,
        auction_ms: 1_000,
        extensions_max: 0,
        open_orders_max: 10_000,
        stop_orders_max: 100,
        icebergs_max: 100,
        lists_max: 100,
        parts_max: 100,
        amends_max: 100,
        trailing_min: 1,
        trailing_max: 1_000,
        algorithm: 0,
        top_percent: 0,
        min_allocation: 1,
    }
}
