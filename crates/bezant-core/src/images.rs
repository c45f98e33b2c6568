//! What canonical bytes consist of (L15.3), as messages in LAW's order. `snapshot` writes them.
//!
//! The image of the whole state is never built: it is written and read part by part.

use crate::codec::{messages, Wide};
use crate::commands::{MarketParameters, OrderTerms};
use crate::ids::{AccountId, AssetId, ClientId, ListId, MarketId, Number, OrderId, Seq, Source};
use crate::units::{Lots, Ticks, Units};

messages! {
    /// An asset.
    AssetImage {
        asset: AssetId,
        scale: i64,
        issued_max: Units,
        enabled: bool,
    }

    /// A balance that is not zero.
    BalanceImage {
        asset: AssetId,
        available: Units,
        hold: Units,
    }

    /// A user account with its balances by asset.
    AccountImage {
        account: AccountId,
        trade_group: u32,
        stp: u8,
        orders_frozen: bool,
        withdrawals_frozen: bool,
        tier: i64,
        is_closed: bool,
        balances: Vec<BalanceImage>,
    }

    /// The ten house balances of an asset, `fees` first.
    HouseImage {
        asset: AssetId,
        balances: Vec<i64>,
    }

    /// The rates of a tier.
    FeeImage {
        tier: i64,
        maker: i64,
        taker: i64,
    }

    /// A level and its queue from the head.
    LevelImage {
        price: Ticks,
        orders: Vec<OrderId>,
    }

    /// An item of a due queue: an order (0) or a list (1).
    DueImage {
        kind: u8,
        number: u64,
    }

    /// The rest of an unfinished uncross (L12.5).
    UncrossImage {
        price: Ticks,
        volume_left: Wide,
        status: u8,
        cause: u8,
        source: Source,
        number: Number,
    }

    /// A market; V and its window as they are at the state's time, levels best first.
    MarketImage {
        market: MarketId,
        base: AssetId,
        quote: AssetId,
        lot_units: Units,
        tick_num: i64,
        tick_scale: i64,
        parameters: MarketParameters,
        fees: Vec<FeeImage>,
        status: u8,
        last: Ticks,
        reference: Ticks,
        window_price: Ticks,
        interrupted_price: Ticks,
        window: i64,
        trade_no: i64,
        sequence: Seq,
        bids: Vec<LevelImage>,
        asks: Vec<LevelImage>,
        due: Vec<DueImage>,
        auction_end_ns: i64,
        extensions: i64,
        uncross: Option<UncrossImage>,
    }

    /// An open order; leaves and hold follow.
    OrderImage {
        order: OrderId,
        account: AccountId,
        market: MarketId,
        terms: OrderTerms,
        stp: u8,
        filled: Lots,
        prevented: Lots,
        visible: Lots,
        hold_price: Ticks,
        state: u8,
        extreme: Ticks,
        amends: u32,
        aliases: Vec<ClientId>,
        list_id: ListId,
    }

    /// An open list; its legs and its shared hold follow.
    ListImage {
        list_id: ListId,
        account: AccountId,
        market: MarketId,
        kind: u8,
        client_id: ClientId,
        stage: u8,
    }

    /// A remembered client id; `content` is None where it repeats nothing.
    IdImage {
        account: AccountId,
        client_id: ClientId,
        number: OrderId,
        is_list: bool,
        content: Option<u64>,
        accepted_ns: i64,
        born: u64,
    }

    /// How far a source has come.
    MarkImage {
        source: Source,
        number: Number,
    }

    /// A dead man's switch.
    CancelTimerImage {
        account: AccountId,
        market: MarketId,
        due_ns: i64,
    }
}
