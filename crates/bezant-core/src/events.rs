//! The events of LAW §14: all that the world learns from the core.
//!
//! Postings, books and private streams follow from an event and the catalogue alone, so every event
//! that moves money or an order names its account, its market and its side.

use crate::codec::{messages, Wide};
use crate::commands::{MarketParameters, OrderTerms};
use crate::ids::{
    AccountId, AssetId, ClientId, ListId, MarketId, Number, OrderId, Source, TransferId,
};
use crate::units::{Lots, Ticks, Units};

messages! {
    /// A command, or part of a replace, was refused (L2.2).
    ///
    /// The two differences (actual − asserted, `units.wide`) are empty except with code 820.
    CommandRefused = 1 {
        code: u32,
        part: u8,
        source: Source,
        number: Number,
        available_diff: Wide,
        hold_diff: Wide,
    }

    /// The command was done before: `id` is its first order's or list's id, or its number (L3).
    CommandRepeated = 2 {
        id: i64,
        source: Source,
        number: Number,
    }

    /// An order exists; `held` units of quote (buy) or base (sell) moved into its hold (L5.1).
    OrderAccepted = 10 {
        order_id: OrderId,
        account: AccountId,
        market: MarketId,
        order: OrderTerms,
        state: u8,
        held: Units,
        list_id: ListId,
    }

    /// What is left of an order stands at the tail of its level.
    OrderRested = 11 {
        order_id: OrderId,
        account: AccountId,
        market: MarketId,
        side: u8,
        price: Ticks,
        visible: Lots,
    }

    /// Taker and maker traded `qty` lots at `price` ticks.
    ///
    /// Fees are units of what each side received; a negative maker fee is a rebate, paid in the asset
    /// that the taker received (L1.4). `taker_has_hold` tells which of the taker's balances paid.
    TradeExecuted = 12 {
        market: MarketId,
        trade_no: i64,
        taker_order: OrderId,
        taker_account: AccountId,
        maker_order: OrderId,
        maker_account: AccountId,
        taker_side: u8,
        price: Ticks,
        qty: Lots,
        taker_fee: Units,
        maker_fee: Units,
        improvement: Units,
        taker_has_hold: bool,
    }

    /// An iceberg shows its next peak (L9.1).
    PeakRefilled = 13 {
        order_id: OrderId,
        account: AccountId,
        market: MarketId,
        side: u8,
        price: Ticks,
        visible: Lots,
    }

    /// An account met itself (L7); lots and releases are zero but for decrement.
    SelfTradePrevented = 14 {
        market: MarketId,
        taker_order: OrderId,
        taker_account: AccountId,
        maker_order: OrderId,
        maker_account: AccountId,
        taker_side: u8,
        mode: u8,
        price: Ticks,
        qty: Lots,
        taker_released: Units,
        maker_released: Units,
    }

    /// An order ended (L5.5); `code` is the refusal where the reason is REFUSED.
    OrderDone = 15 {
        order_id: OrderId,
        account: AccountId,
        market: MarketId,
        side: u8,
        status: u8,
        reason: u8,
        released: Units,
        filled: Lots,
        prevented: Lots,
        code: u32,
    }

    /// A pending order woke; its market-order hold was released (L4.3, L8.4).
    OrderTriggered = 16 {
        order_id: OrderId,
        account: AccountId,
        market: MarketId,
        side: u8,
        released: Units,
    }

    /// An order has a new quantity, price or client id; `held` is the change of its hold (L11.5).
    OrderAmended = 17 {
        order_id: OrderId,
        account: AccountId,
        market: MarketId,
        side: u8,
        qty: Lots,
        price: Ticks,
        client_id: ClientId,
        visible: Lots,
        keeps_priority: bool,
        held: Units,
    }

    /// An order list exists (L10.2).
    ListAccepted = 18 {
        list_id: ListId,
        account: AccountId,
        market: MarketId,
        side: u8,
        kind: u8,
        list_client_id: ClientId,
        held: Units,
    }

    /// The pending legs of a list went to work (L10.4); `side` is theirs.
    ListWorking = 19 {
        list_id: ListId,
        account: AccountId,
        market: MarketId,
        side: u8,
        held: Units,
    }

    /// The last leg of a list ended.
    ListDone = 20 {
        list_id: ListId,
        account: AccountId,
        market: MarketId,
    }

    /// How many orders a `CancelAll` ends; their `OrderDone` events follow.
    CanceledAll = 21 {
        account: AccountId,
        market: MarketId,
        count: i64,
    }

    /// The dead man's switch will act at `due_ns`, or (0) is gone.
    CancelTimerSet = 22 {
        account: AccountId,
        market: MarketId,
        due_ns: i64,
    }

    /// A dead man's switch acts; `OrderDone` events follow.
    TimerFired = 23 {
        account: AccountId,
        market: MarketId,
    }

    /// Money moved between two accounts.
    TransferPosted = 30 {
        source: Source,
        number: Number,
        from_account: AccountId,
        to_account: AccountId,
        asset: AssetId,
        units: Units,
        reason: u8,
    }

    /// Units and fee are held for a withdrawal.
    TransferHeld = 31 {
        source: Source,
        number: Number,
        transfer_id: TransferId,
        account: AccountId,
        asset: AssetId,
        units: Units,
        fee: Units,
    }

    /// A held transfer was paid out.
    TransferSettled = 32 {
        source: Source,
        number: Number,
        transfer_id: TransferId,
        account: AccountId,
        asset: AssetId,
        units: Units,
        fee: Units,
        custody: AccountId,
    }

    /// A held transfer was given back.
    TransferVoided = 33 {
        source: Source,
        number: Number,
        transfer_id: TransferId,
        account: AccountId,
        asset: AssetId,
        units: Units,
        fee: Units,
    }

    /// A user account exists.
    AccountOpened = 40 {
        source: Source,
        number: Number,
        account: AccountId,
        trade_group: u32,
        stp: u8,
        orders_frozen: bool,
        withdrawals_frozen: bool,
    }

    /// An account's settings changed.
    AccountSet = 41 {
        source: Source,
        number: Number,
        account: AccountId,
        trade_group: u32,
        stp: u8,
        orders_frozen: bool,
        withdrawals_frozen: bool,
    }

    /// An account has another fee tier.
    TierSet = 42 {
        source: Source,
        number: Number,
        account: AccountId,
        tier: i64,
    }

    /// An account is closed for good.
    AccountClosed = 43 {
        source: Source,
        number: Number,
        account: AccountId,
    }

    /// An asset exists.
    AssetCreated = 50 {
        source: Source,
        number: Number,
        asset: AssetId,
        scale: i64,
        issued_max: Units,
        enabled: bool,
    }

    /// An asset's limit or switch changed.
    AssetSet = 51 {
        source: Source,
        number: Number,
        asset: AssetId,
        scale: i64,
        issued_max: Units,
        enabled: bool,
    }

    /// A market exists; `tick_lot_units` is U, the quote units of one tick of one lot (L1.1).
    MarketCreated = 52 {
        source: Source,
        number: Number,
        market: MarketId,
        base: AssetId,
        quote: AssetId,
        lot_units: Units,
        tick_num: i64,
        tick_scale: i64,
        tick_lot_units: Units,
        parameters: MarketParameters,
    }

    /// A market's parameters changed.
    MarketSet = 53 {
        source: Source,
        number: Number,
        market: MarketId,
        parameters: MarketParameters,
    }

    /// A market's rates for a tier changed, in parts per million.
    FeesSet = 54 {
        source: Source,
        number: Number,
        market: MarketId,
        tier: i64,
        maker: i64,
        taker: i64,
    }

    /// A market has another status; source and number are 0 unless an operator asked.
    ///
    /// `until_ns` is the end of an interruption auction, else 0.
    MarketStatusChanged = 55 {
        source: Source,
        number: Number,
        market: MarketId,
        status: u8,
        cause: u8,
        until_ns: i64,
    }

    /// A market has another reference price.
    ReferencePriceSet = 56 {
        source: Source,
        number: Number,
        market: MarketId,
        price: Ticks,
    }

    /// A `CancelMarket` ended; `left` orders are still open.
    MarketCanceled = 57 {
        source: Source,
        number: Number,
        market: MarketId,
        left: i64,
    }

    /// An auction found its price: `volume` lots trade, `surplus` is demand less supply (L12.4).
    AuctionUncrossed = 58 {
        market: MarketId,
        price: Ticks,
        volume: Wide,
        surplus: Wide,
    }

    /// An interruption auction goes on until `until_ns` (L12.7).
    AuctionExtended = 59 {
        market: MarketId,
        until_ns: i64,
    }

    /// An account has exactly what was stated.
    BalancesAsserted = 60 {
        source: Source,
        number: Number,
        account: AccountId,
        asset: AssetId,
        available: i64,
        hold: i64,
    }

    /// The state before this entry has exactly the stated digest.
    DigestAsserted = 61 {
        source: Source,
        number: Number,
        digest: [u8; 32],
    }

    /// The rules have another version from the next entry.
    RulesActivated = 62 {
        source: Source,
        number: Number,
        version: u32,
    }
}
