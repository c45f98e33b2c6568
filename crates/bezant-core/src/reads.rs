//! Exact reads of the core (`Engine::query`): the questions and the answers as messages.
//!
//! Asked between batches and answered at one seq. Lists are paged; a page has at most `PAGE_MAX` rows.

use crate::codec::{messages, Malformed, Text};
use crate::commands::{MarketParameters, OrderTerms};
use crate::ids::{AccountId, AssetId, ClientId, ListId, MarketId, Number, OrderId, Seq, Source};
use crate::reader::Reader;
use crate::units::{Lots, Ticks, Units};

pub const PAGE_MAX: u32 = 1_000;

messages! {
    /// All assets and markets with what the core owns of them.
    ReadCatalogue = 1 {}

    /// One account's settings and balances (house accounts too).
    ReadAccount = 2 {
        account: AccountId,
    }

    /// Open orders by id, above `after`; account or market 0 means any.
    ReadOpenOrders = 3 {
        account: AccountId,
        market: MarketId,
        after: OrderId,
        limit: u32,
    }

    /// One order of an account, by id or (id 0) by client id while that is remembered.
    ReadOrder = 4 {
        account: AccountId,
        order_id: OrderId,
        client_id: ClientId,
    }

    /// The best `depth` levels a side of a market, visible lots only (L9.1).
    ReadBook = 5 {
        market: MarketId,
        depth: u32,
    }

    /// The high-water mark of each source (L3.3).
    ReadMarks = 6 {}

    /// The state digest now (L15.3); costs a pass over the whole state.
    ReadDigest = 7 {}

    /// An asset as the core has it.
    AssetView {
        asset: AssetId,
        scale: i64,
        issued_max: Units,
        enabled: bool,
    }

    /// Rates of one tier in parts per million.
    FeeView {
        tier: i64,
        maker: i64,
        taker: i64,
    }

    /// A market as the core has it; `last` and `reference` are 0 where there is none.
    MarketView {
        market: MarketId,
        base: AssetId,
        quote: AssetId,
        lot_units: Units,
        tick_num: i64,
        tick_scale: i64,
        tick_lot_units: Units,
        parameters: MarketParameters,
        status: u8,
        last: Ticks,
        reference: Ticks,
        trade_no: i64,
        sequence: Seq,
        fees: Vec<FeeView>,
    }

    /// Available and hold of one asset; a house account has all in `available`.
    BalanceView {
        asset: AssetId,
        available: i64,
        hold: i64,
    }

    /// An open order; `order` has its present quantity and price. State is `words.AcceptedState`.
    OrderView {
        order_id: OrderId,
        account: AccountId,
        market: MarketId,
        order: OrderTerms,
        state: u8,
        filled: Lots,
        prevented: Lots,
        visible: Lots,
        hold: Units,
        list_id: ListId,
    }

    /// One price of a book.
    LevelView {
        price: Ticks,
        visible: Lots,
        orders: u32,
    }

    /// How far a source has come.
    MarkView {
        source: Source,
        number: Number,
    }

    /// Answers `ReadCatalogue`.
    Catalogue = 1 {
        seq: Seq,
        ts_ns: i64,
        rules: u32,
        assets: Vec<AssetView>,
        markets: Vec<MarketView>,
    }

    /// Answers `ReadAccount`; `is_known` is false for an account that was never opened.
    Account = 2 {
        seq: Seq,
        account: AccountId,
        is_known: bool,
        is_closed: bool,
        trade_group: u32,
        stp: u8,
        orders_frozen: bool,
        withdrawals_frozen: bool,
        tier: i64,
        balances: Vec<BalanceView>,
    }

    /// Answers `ReadOpenOrders`; `has_more` when the page was full.
    OpenOrders = 3 {
        seq: Seq,
        orders: Vec<OrderView>,
        has_more: bool,
    }

    /// Answers `ReadOrder`: the id (0 if unknown) and the order if it is still open.
    OrderFound = 4 {
        seq: Seq,
        order_id: OrderId,
        order: Option<OrderView>,
    }

    /// Answers `ReadBook`, best price first; `sequence` is the seq of the last change of the book.
    Book = 5 {
        seq: Seq,
        market: MarketId,
        sequence: Seq,
        bids: Vec<LevelView>,
        asks: Vec<LevelView>,
    }

    /// Answers `ReadMarks`.
    Marks = 6 {
        seq: Seq,
        marks: Vec<MarkView>,
    }

    /// Answers `ReadDigest`.
    StateDigest = 7 {
        seq: Seq,
        ts_ns: i64,
        digest: [u8; 32],
    }

    /// The question names something that is not there, or a page that is too long.
    ReadFailed = 8 {
        seq: Seq,
        text: Text,
    }
}

/// Any question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Read {
    ReadCatalogue(ReadCatalogue),
    ReadAccount(ReadAccount),
    ReadOpenOrders(ReadOpenOrders),
    ReadOrder(ReadOrder),
    ReadBook(ReadBook),
    ReadMarks(ReadMarks),
    ReadDigest(ReadDigest),
}

impl Read {
    /// Returns the question that stands next.
    ///
    /// # Errors
    /// If the bytes are not the canonical ones of a question.
    pub fn decode(from: &mut Reader<'_>) -> Result<Self, Malformed> {
        let count = from.array()?;
        Ok(match from.uint()? {
            ReadCatalogue::TAG => Self::ReadCatalogue(ReadCatalogue::read_fields(from, count)?),
            ReadAccount::TAG => Self::ReadAccount(ReadAccount::read_fields(from, count)?),
            ReadOpenOrders::TAG => Self::ReadOpenOrders(ReadOpenOrders::read_fields(from, count)?),
            ReadOrder::TAG => Self::ReadOrder(ReadOrder::read_fields(from, count)?),
            ReadBook::TAG => Self::ReadBook(ReadBook::read_fields(from, count)?),
            ReadMarks::TAG => Self::ReadMarks(ReadMarks::read_fields(from, count)?),
            ReadDigest::TAG => Self::ReadDigest(ReadDigest::read_fields(from, count)?),
            _ => return Err(Malformed("no question has this tag")),
        })
    }
}
