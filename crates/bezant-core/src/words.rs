//! The enumerations of the law, numbered from 0 in LAW's order; numbers are permanent.
//!
//! Fields of commands carry plain integers, so that an unknown number is a refusal (300) and not a
//! decoding error.

/// Which side of the book an order stands on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Side {
    Buy = 0,
    Sell = 1,
}

/// Limit or market; SPEC's other types are combinations (L2.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum OrderType {
    Limit = 0,
    Market = 1,
}

/// How long an order works.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum TimeInForce {
    Gtc = 0,
    Ioc = 1,
    Fok = 2,
    Gtd = 3,
}

/// What wakes a pending order (L8).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Trigger {
    None = 0,
    Stop = 1,
    TakeProfit = 2,
}

/// Self-trade prevention; DEFAULT becomes the account's mode at acceptance (L7.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
#[allow(clippy::upper_case_acronyms)]
pub enum STPMode {
    Default = 0,
    None = 1,
    ExpireTaker = 2,
    ExpireMaker = 3,
    ExpireBoth = 4,
    Decrement = 5,
}

/// Order lists (L10).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum ListKind {
    Oco = 0,
    Oto = 1,
    Otoco = 2,
}

/// Which orders a cancel or replace may touch (L11.6).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Only {
    Any = 0,
    New = 1,
    PartiallyFilled = 2,
}

/// What a failed cancel means for a replace (L11.7).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum ReplaceMode {
    StopOnFailure = 0,
    AllowFailure = 1,
}

/// Why money moves between accounts (L13.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum TransferReason {
    Deposit = 0,
    Internal = 1,
    Reversal = 2,
    Adjustment = 3,
    Custody = 4,
}

/// How a level shares a taker's quantity (L5, L6).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Algorithm {
    Fifo = 0,
    ProRata = 1,
}

/// What a market does with orders (L12).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum MarketStatus {
    PreOpen = 0,
    Trading = 1,
    PostOnly = 2,
    CancelOnly = 3,
    Halted = 4,
    Closed = 5,
}

/// Who changed a market's status.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum StatusCause {
    Operator = 0,
    Volatility = 1,
    AuctionEnd = 2,
}

/// Where an accepted order stands before anything else happens to it (L5.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum AcceptedState {
    Pending = 0,
    Resting = 1,
    Matching = 2,
}

/// How an order ended (L5.5).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum DoneStatus {
    Filled = 0,
    Canceled = 1,
    Expired = 2,
}

/// Why an order ended (L5.5); NONE belongs to FILLED.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum DoneReason {
    None = 0,
    User = 1,
    List = 2,
    Replaced = 3,
    Timer = 4,
    Operator = 5,
    Gtd = 6,
    Ioc = 7,
    Fok = 8,
    Liquidity = 9,
    Funds = 10,
    PriceBand = 11,
    MatchLimit = 12,
    Interrupted = 13,
    SelfTrade = 14,
    Refused = 15,
}

/// Which part of a command was refused (L2.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Part {
    Whole = 0,
    Cancel = 1,
    Place = 2,
}

// Short names for the words that every order is asked about, as commands carry them.
pub const BUY: u8 = Side::Buy as u8;
pub const SELL: u8 = Side::Sell as u8;
pub const LIMIT: u8 = OrderType::Limit as u8;
pub const MARKET: u8 = OrderType::Market as u8;
pub const GTC: u8 = TimeInForce::Gtc as u8;
pub const IOC: u8 = TimeInForce::Ioc as u8;
pub const FOK: u8 = TimeInForce::Fok as u8;
pub const GTD: u8 = TimeInForce::Gtd as u8;
pub const PRE_OPEN: u8 = MarketStatus::PreOpen as u8;
pub const TRADING: u8 = MarketStatus::Trading as u8;
pub const POST_ONLY: u8 = MarketStatus::PostOnly as u8;
pub const FILLED: DoneStatus = DoneStatus::Filled;
pub const CANCELED: DoneStatus = DoneStatus::Canceled;
pub const EXPIRED: DoneStatus = DoneStatus::Expired;
