//! The commands of LAW §2: what enters the core, in integers.
//!
//! Wire form: `MessagePack` arrays `[tag, field …]`. Tags are never reused, new fields go last, a changed
//! meaning is a new tag. Field names are LAW's; enumerations are integers (`words`).

use crate::codec::{messages, Malformed, Wire, HEAD_SIZE_MAX};
use crate::ids::{AccountId, AssetId, ClientId, MarketId, Number, OrderId, Source, TransferId};
use crate::reader::Reader;
use crate::units::{Lots, Ticks, Units};
use crate::writer::{put_array, Sink};

/// What an order asks for, apart from whose it is and where (L2.3, L2.4).
///
/// `qty` in lots, `price` and `trigger_price` in ticks, `quote_units` in units of the quote.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrderTerms {
    pub client_id: ClientId,
    pub side: u8,
    pub order_type: u8,
    pub tif: u8,
    pub price: Ticks,
    pub qty: Lots,
    pub quote_units: Units,
    pub trigger: u8,
    pub trigger_price: Ticks,
    pub trailing_bips: i64,
    pub post_only: bool,
    pub display: Lots,
    pub stp: u8,
    pub expires_ns: i64,
}

impl OrderTerms {
    /// Returns whether these are a plain order's: nothing is set but side, type, time, price, quantity.
    #[inline(always)]
    pub const fn is_plain(&self) -> bool {
        let numbers = self.quote_units
            | self.trigger_price
            | self.trailing_bips
            | self.display
            | self.expires_ns;
        numbers == 0 && self.trigger | self.stp == 0 && !self.post_only
    }
}

const TERMS_COUNT: usize = 14;
const PLAIN_TERMS: [u8; 8] = [0, 0, 0, 0, 0xc2, 0, 0, 0]; // From quote_units on, of most orders.

impl Wire for OrderTerms {
    const SIZE_MAX: usize = HEAD_SIZE_MAX + ClientId::SIZE_MAX + TERMS_COUNT * i64::SIZE_MAX;

    #[inline(always)]
    fn write<S: Sink>(&self, out: &mut S) {
        put_array(out, TERMS_COUNT);
        self.client_id.write(out);
        self.side.write(out);
        self.order_type.write(out);
        self.tif.write(out);
        self.price.write(out);
        self.qty.write(out);
        if self.is_plain() {
            return out.put_first(&PLAIN_TERMS, PLAIN_TERMS.len());
        }
        self.quote_units.write(out);
        self.trigger.write(out);
        self.trigger_price.write(out);
        self.trailing_bips.write(out);
        self.post_only.write(out);
        self.display.write(out);
        self.stp.write(out);
        self.expires_ns.write(out);
    }

    #[inline(always)]
    fn read(from: &mut Reader<'_>) -> Result<Self, Malformed> {
        if from.array()? != TERMS_COUNT {
            return Err(Malformed("a message has another number of fields"));
        }
        let mut terms = Self {
            client_id: Wire::read(from)?,
            side: Wire::read(from)?,
            order_type: Wire::read(from)?,
            tif: Wire::read(from)?,
            price: Wire::read(from)?,
            qty: Wire::read(from)?,
            quote_units: 0,
            trigger: 0,
            trigger_price: 0,
            trailing_bips: 0,
            post_only: false,
            display: 0,
            stp: 0,
            expires_ns: 0,
        };
        if !from.skip(&PLAIN_TERMS) {
            terms.quote_units = Wire::read(from)?;
            terms.trigger = Wire::read(from)?;
            terms.trigger_price = Wire::read(from)?;
            terms.trailing_bips = Wire::read(from)?;
            terms.post_only = Wire::read(from)?;
            terms.display = Wire::read(from)?;
            terms.stp = Wire::read(from)?;
            terms.expires_ns = Wire::read(from)?;
        }
        Ok(terms)
    }
}

messages! {
    /// Place one order.
    PlaceOrder = 1 {
        account: AccountId,
        market: MarketId,
        order: OrderTerms,
    }

    /// Place an order list of two or three legs (L10).
    PlaceList = 2 {
        account: AccountId,
        market: MarketId,
        list_client_id: ClientId,
        kind: u8,
        legs: Vec<OrderTerms>,
    }

    /// Cancel one order by its id, or by its client id where the id is 0 (L11.4).
    CancelOrder = 3 {
        account: AccountId,
        order_id: OrderId,
        client_id: ClientId,
        only: u8,
    }

    /// Change an order in place (L11.5); None, or an empty id, means no change.
    AmendOrder = 4 {
        account: AccountId,
        order_id: OrderId,
        client_id: ClientId,
        new_qty: Option<Lots>,
        new_price: Option<Ticks>,
        new_client_id: ClientId,
    }

    /// Cancel one order and place another in one entry (L11.7).
    ReplaceOrder = 5 {
        account: AccountId,
        order_id: OrderId,
        client_id: ClientId,
        mode: u8,
        only: u8,
        market: MarketId,
        order: OrderTerms,
    }

    /// Cancel all orders of an account, in one market or (0) in all.
    CancelAll = 6 {
        account: AccountId,
        market: MarketId,
    }

    /// Set the dead man's switch; a timeout of 0 removes it (L11.4).
    SetCancelTimer = 7 {
        account: AccountId,
        market: MarketId,
        timeout_ms: i64,
    }

    /// Move money between two accounts at once (L13.3).
    Transfer = 10 {
        source: Source,
        number: Number,
        from_account: AccountId,
        to_account: AccountId,
        asset: AssetId,
        units: Units,
        reason: u8,
    }

    /// Hold units and fee of an account for a withdrawal.
    HoldTransfer = 11 {
        source: Source,
        number: Number,
        transfer_id: TransferId,
        account: AccountId,
        asset: AssetId,
        units: Units,
        fee: Units,
    }

    /// Pay a held transfer out of a custody account.
    SettleTransfer = 12 {
        source: Source,
        number: Number,
        transfer_id: TransferId,
        custody: AccountId,
    }

    /// Give a held transfer back.
    VoidTransfer = 13 {
        source: Source,
        number: Number,
        transfer_id: TransferId,
    }

    /// Open a user account (id >= 1,000).
    OpenAccount = 20 {
        source: Source,
        number: Number,
        account: AccountId,
        trade_group: u32,
        stp: u8,
        orders_frozen: bool,
        withdrawals_frozen: bool,
    }

    /// Change what `OpenAccount` set.
    SetAccount = 21 {
        source: Source,
        number: Number,
        account: AccountId,
        trade_group: u32,
        stp: u8,
        orders_frozen: bool,
        withdrawals_frozen: bool,
    }

    /// Set an account's fee tier, 0 to 99.
    SetTier = 22 {
        source: Source,
        number: Number,
        account: AccountId,
        tier: i64,
    }

    /// Close an empty account for good.
    CloseAccount = 23 {
        source: Source,
        number: Number,
        account: AccountId,
    }

    /// Create an asset (L1.1).
    CreateAsset = 30 {
        source: Source,
        number: Number,
        asset: AssetId,
        scale: i64,
        issued_max: Units,
        enabled: bool,
    }

    /// Change an asset's limit or switch; the scale is fixed for ever.
    SetAsset = 31 {
        source: Source,
        number: Number,
        asset: AssetId,
        scale: i64,
        issued_max: Units,
        enabled: bool,
    }

    /// The parameters of a market that may change (L1.7); prices in ticks, quantities in lots.
    MarketParameters {
        price_max: Ticks,
        qty_min: Lots,
        qty_max: Lots,
        notional_min: Units,
        notional_max: Units,
        band_bips: i64,
        dynamic_bips: i64,
        window_ms: i64,
        auction_ms: i64,
        extensions_max: i64,
        open_orders_max: i64,
        stop_orders_max: i64,
        icebergs_max: i64,
        lists_max: i64,
        parts_max: i64,
        amends_max: i64,
        trailing_min: i64,
        trailing_max: i64,
        algorithm: u8,
        top_percent: i64,
        min_allocation: Lots,
    }

    /// Create a market; `lot_units` is L, the tick `tick_num` / 10^`tick_scale` (L1.1).
    CreateMarket = 32 {
        source: Source,
        number: Number,
        market: MarketId,
        base: AssetId,
        quote: AssetId,
        lot_units: Units,
        tick_num: i64,
        tick_scale: i64,
        parameters: MarketParameters,
    }

    /// Change a market's parameters; its grid stays.
    SetMarket = 33 {
        source: Source,
        number: Number,
        market: MarketId,
        parameters: MarketParameters,
    }

    /// Set maker and taker rates of a market's tier, in parts per million (L1.3, L1.5).
    SetFees = 34 {
        source: Source,
        number: Number,
        market: MarketId,
        tier: i64,
        maker: i64,
        taker: i64,
    }

    /// Change a market's status (L12.1).
    SetMarketStatus = 35 {
        source: Source,
        number: Number,
        market: MarketId,
        status: u8,
    }

    /// Set the reference price that counts before the first trade (L5.6).
    SetReferencePrice = 36 {
        source: Source,
        number: Number,
        market: MarketId,
        price: Ticks,
    }

    /// Cancel the oldest 10,000 orders of a market.
    CancelMarket = 37 {
        source: Source,
        number: Number,
        market: MarketId,
    }

    /// State what an account has; refused with the differences if it is not so (L13.4).
    AssertBalances = 40 {
        source: Source,
        number: Number,
        account: AccountId,
        asset: AssetId,
        available: i64,
        hold: i64,
    }

    /// State the digest of the state before this entry.
    AssertDigest = 41 {
        source: Source,
        number: Number,
        digest: [u8; 32],
    }

    /// Switch to the next version of the rules from the next entry (L15.4).
    ActivateRules = 42 {
        source: Source,
        number: Number,
        version: u32,
    }

    /// Stands in the journal for a command that broke an invariant (L15.5).
    ///
    /// `source` and `number` are the quarantined command's, or 0.
    Quarantined = 43 {
        sha256: [u8; 32],
        source: Source,
        number: Number,
    }

    /// Let time pass (L11.1).
    Tick = 44 {}
}

/// Any command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    PlaceOrder(PlaceOrder),
    PlaceList(PlaceList),
    CancelOrder(CancelOrder),
    AmendOrder(AmendOrder),
    ReplaceOrder(ReplaceOrder),
    CancelAll(CancelAll),
    SetCancelTimer(SetCancelTimer),
    Transfer(Transfer),
    HoldTransfer(HoldTransfer),
    SettleTransfer(SettleTransfer),
    VoidTransfer(VoidTransfer),
    OpenAccount(OpenAccount),
    SetAccount(SetAccount),
    SetTier(SetTier),
    CloseAccount(CloseAccount),
    CreateAsset(CreateAsset),
    SetAsset(SetAsset),
    CreateMarket(CreateMarket),
    SetMarket(SetMarket),
    SetFees(SetFees),
    SetMarketStatus(SetMarketStatus),
    SetReferencePrice(SetReferencePrice),
    CancelMarket(CancelMarket),
    AssertBalances(AssertBalances),
    AssertDigest(AssertDigest),
    ActivateRules(ActivateRules),
    Quarantined(Quarantined),
    Tick(Tick),
}

impl Command {
    /// Returns the command that stands next, decoded strictly.
    ///
    /// # Errors
    /// If tag, arity, range, length, UTF-8 or the form of a number is not the canonical one.
    pub fn read(from: &mut Reader<'_>) -> Result<Self, Malformed> {
        let count = from.array()?;
        let tag = from.uint()?;
        Self::read_fields(from, count, tag)
    }

    /// Returns the command whose array header and tag have been read.
    ///
    /// # Errors
    /// If there is none with this tag, or its fields are not canonical.
    pub fn read_fields(from: &mut Reader<'_>, count: usize, tag: u64) -> Result<Self, Malformed> {
        Ok(match tag {
            PlaceOrder::TAG => Self::PlaceOrder(PlaceOrder::read_fields(from, count)?),
            PlaceList::TAG => Self::PlaceList(PlaceList::read_fields(from, count)?),
            CancelOrder::TAG => Self::CancelOrder(CancelOrder::read_fields(from, count)?),
            AmendOrder::TAG => Self::AmendOrder(AmendOrder::read_fields(from, count)?),
            ReplaceOrder::TAG => Self::ReplaceOrder(ReplaceOrder::read_fields(from, count)?),
            CancelAll::TAG => Self::CancelAll(CancelAll::read_fields(from, count)?),
            SetCancelTimer::TAG => Self::SetCancelTimer(SetCancelTimer::read_fields(from, count)?),
            Transfer::TAG => Self::Transfer(Transfer::read_fields(from, count)?),
            HoldTransfer::TAG => Self::HoldTransfer(HoldTransfer::read_fields(from, count)?),
            SettleTransfer::TAG => Self::SettleTransfer(SettleTransfer::read_fields(from, count)?),
            VoidTransfer::TAG => Self::VoidTransfer(VoidTransfer::read_fields(from, count)?),
            OpenAccount::TAG => Self::OpenAccount(OpenAccount::read_fields(from, count)?),
            SetAccount::TAG => Self::SetAccount(SetAccount::read_fields(from, count)?),
            SetTier::TAG => Self::SetTier(SetTier::read_fields(from, count)?),
            CloseAccount::TAG => Self::CloseAccount(CloseAccount::read_fields(from, count)?),
            CreateAsset::TAG => Self::CreateAsset(CreateAsset::read_fields(from, count)?),
            SetAsset::TAG => Self::SetAsset(SetAsset::read_fields(from, count)?),
            CreateMarket::TAG => Self::CreateMarket(CreateMarket::read_fields(from, count)?),
            SetMarket::TAG => Self::SetMarket(SetMarket::read_fields(from, count)?),
            SetFees::TAG => Self::SetFees(SetFees::read_fields(from, count)?),
            SetMarketStatus::TAG => {
                Self::SetMarketStatus(SetMarketStatus::read_fields(from, count)?)
            }
            SetReferencePrice::TAG => {
                Self::SetReferencePrice(SetReferencePrice::read_fields(from, count)?)
            }
            CancelMarket::TAG => Self::CancelMarket(CancelMarket::read_fields(from, count)?),
            AssertBalances::TAG => Self::AssertBalances(AssertBalances::read_fields(from, count)?),
            AssertDigest::TAG => Self::AssertDigest(AssertDigest::read_fields(from, count)?),
            ActivateRules::TAG => Self::ActivateRules(ActivateRules::read_fields(from, count)?),
            Quarantined::TAG => Self::Quarantined(Quarantined::read_fields(from, count)?),
            Tick::TAG => Self::Tick(Tick::read_fields(from, count)?),
            _ => return Err(Malformed("no command has this tag")),
        })
    }

    /// Writes the canonical bytes of the command.
    pub fn write<S: Sink>(&self, out: &mut S) {
        match self {
            Self::PlaceOrder(command) => Wire::write(command, out),
            Self::PlaceList(command) => Wire::write(command, out),
            Self::CancelOrder(command) => Wire::write(command, out),
            Self::AmendOrder(command) => Wire::write(command, out),
            Self::ReplaceOrder(command) => Wire::write(command, out),
            Self::CancelAll(command) => Wire::write(command, out),
            Self::SetCancelTimer(command) => Wire::write(command, out),
            Self::Transfer(command) => Wire::write(command, out),
            Self::HoldTransfer(command) => Wire::write(command, out),
            Self::SettleTransfer(command) => Wire::write(command, out),
            Self::VoidTransfer(command) => Wire::write(command, out),
            Self::OpenAccount(command) => Wire::write(command, out),
            Self::SetAccount(command) => Wire::write(command, out),
            Self::SetTier(command) => Wire::write(command, out),
            Self::CloseAccount(command) => Wire::write(command, out),
            Self::CreateAsset(command) => Wire::write(command, out),
            Self::SetAsset(command) => Wire::write(command, out),
            Self::CreateMarket(command) => Wire::write(command, out),
            Self::SetMarket(command) => Wire::write(command, out),
            Self::SetFees(command) => Wire::write(command, out),
            Self::SetMarketStatus(command) => Wire::write(command, out),
            Self::SetReferencePrice(command) => Wire::write(command, out),
            Self::CancelMarket(command) => Wire::write(command, out),
            Self::AssertBalances(command) => Wire::write(command, out),
            Self::AssertDigest(command) => Wire::write(command, out),
            Self::ActivateRules(command) => Wire::write(command, out),
            Self::Quarantined(command) => Wire::write(command, out),
            Self::Tick(command) => Wire::write(command, out),
        }
    }

    /// Returns source and number of what a source numbers (L3.3), None of trade commands and Tick.
    pub const fn sourced(&self) -> Option<(Source, Number)> {
        match self {
            Self::Transfer(command) => Some((command.source, command.number)),
            Self::HoldTransfer(command) => Some((command.source, command.number)),
            Self::SettleTransfer(command) => Some((command.source, command.number)),
            Self::VoidTransfer(command) => Some((command.source, command.number)),
            Self::OpenAccount(command) => Some((command.source, command.number)),
            Self::SetAccount(command) => Some((command.source, command.number)),
            Self::SetTier(command) => Some((command.source, command.number)),
            Self::CloseAccount(command) => Some((command.source, command.number)),
            Self::CreateAsset(command) => Some((command.source, command.number)),
            Self::SetAsset(command) => Some((command.source, command.number)),
            Self::CreateMarket(command) => Some((command.source, command.number)),
            Self::SetMarket(command) => Some((command.source, command.number)),
            Self::SetFees(command) => Some((command.source, command.number)),
            Self::SetMarketStatus(command) => Some((command.source, command.number)),
            Self::SetReferencePrice(command) => Some((command.source, command.number)),
            Self::CancelMarket(command) => Some((command.source, command.number)),
            Self::AssertBalances(command) => Some((command.source, command.number)),
            Self::AssertDigest(command) => Some((command.source, command.number)),
            Self::ActivateRules(command) => Some((command.source, command.number)),
            Self::Quarantined(command) => Some((command.source, command.number)),
            _ => None,
        }
    }
}
