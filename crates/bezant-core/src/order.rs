//! An open order and an order list, as the state keeps them. Not for what happens to them.

use crate::commands::OrderTerms;
use crate::ids::{leg_of_order, AccountId, ClientId, ListId, MarketId, OrderId};
use crate::slab::NONE;
use crate::state::State;
use crate::units::{Lots, Ticks, Units};
use crate::words::{ListKind, LIMIT, SELL};

/// Where an open order is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum OrderState {
    Pending = 0,  // Has a trigger that has not come, or waits in its list (L5.1).
    Resting = 1,  // In the book.
    Matching = 2, // In its taker phase; never between entries.
    Waiting = 3,  // Triggered and in its market's due queue (L8.3).
    Ended = 4,    // No longer open; never between entries, but in slots that are free.
}

/// How far an order list has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum ListStage {
    WorkingLeg = 0, // oto, otoco: leg 0 is at work, the others wait.
    Due = 1,        // Leg 0 is filled, the list is in its market's due queue (L10.4).
    Released = 2,   // All open legs are orders in their own right; of oco from the start.
}

/// Both neighbors in a chain of orders, by slot.
#[derive(Clone, Copy, Debug)]
pub struct Links {
    pub previous: u32,
    pub next: u32,
}

/// No neighbors.
pub const UNLINKED: Links = Links {
    previous: NONE,
    next: NONE,
};

/// One open order: what every order has, in two lines of memory.
///
/// `qty`, `leaves`, `filled`, `prevented` and `visible` in lots, `qty` 0 of an order by quote; `price` is
/// a limit's, of other orders the hold price (L4.3); `hold` is its own, in units of what it pays with
/// (a pair's stands in its list). `owner`, `place` (of its market), `seat`, `parent`, `level` and `rare`
/// are slots; `name` is that of its client id among those remembered.
#[derive(Clone, Copy, Debug)]
#[repr(align(64))]
pub struct Order {
    pub id: OrderId,
    pub price: Ticks,
    pub qty: Lots,
    pub leaves: Lots,
    pub visible: Lots,
    pub hold: Units,
    pub filled: Lots,
    pub prevented: Lots,
    pub born: u64, // Of its client id, see `Remembered`.
    pub owner: u32,
    pub place: u32,
    pub seat: u32,
    pub level: u32,
    pub parent: u32,
    pub name: u32,
    pub rare: u32,
    pub in_level: Links,   // The queue of its level.
    pub in_account: Links, // The open orders of its account by id.
    pub market: MarketId,
    pub side: u8,
    pub order_type: u8,
    pub tif: u8,
    pub trigger: u8,
    pub post_only: bool,
    pub stp: u8,
    pub asked_stp: u8, // As the command said it, `default` too (L7.1).
    pub state: OrderState,
}

const _: () = assert!(size_of::<Order>() == 128, "an order is two lines of memory");

impl Order {
    /// Returns whether the order has not ended.
    #[inline]
    pub fn is_open(&self) -> bool {
        self.state != OrderState::Ended
    }

    /// Returns the price that its terms have: 0 of a market order.
    pub const fn limit(&self) -> Ticks {
        if self.order_type == LIMIT {
            self.price
        } else {
            0
        }
    }

    /// Returns whether the order has a budget in quote units instead of a quantity.
    #[inline]
    pub const fn is_by_quote(&self) -> bool {
        self.qty == 0
    }
}

/// What only some orders have: those by quote, with a trigger, a display or an end, and amended ones.
///
/// `budget` is what an order by quote may still spend or earn, in quote units.
#[derive(Clone, Debug, Default)]
pub struct Rare {
    pub quote_units: Units,
    pub budget: Units,
    pub trigger_price: Ticks,
    pub trailing_bips: i64,
    pub display: Lots,
    pub expires_ns: i64,
    pub extreme: Ticks, // Of a trailing order that tracks (L8.2), else 0.
    pub amends: u32,
    pub aliases: Vec<u32>, // Client ids from before its amends, by slot; they name it still.
}

impl Rare {
    /// Returns what these terms have beyond a plain order's, None where that is nothing.
    #[inline]
    pub fn of(terms: &OrderTerms) -> Option<Self> {
        let numbers = terms.quote_units | terms.display | terms.expires_ns;
        if numbers == 0 && terms.trigger == 0 {
            return None;
        }
        Some(Self {
            quote_units: terms.quote_units,
            budget: terms.quote_units,
            trigger_price: terms.trigger_price,
            trailing_bips: terms.trailing_bips,
            display: terms.display,
            expires_ns: terms.expires_ns,
            ..Self::default()
        })
    }
}

/// An order list. `hold` is the pair's shared one while both of its legs are open (L4.5).
///
/// A leg that ended is `NONE`; `leg_count` is what the list began with.
#[derive(Clone, Debug)]
pub struct OrderList {
    pub id: ListId,
    pub account: AccountId,
    pub owner: u32,
    pub place: u32,
    pub market: MarketId,
    pub kind: u8,
    pub client_id: ClientId,
    pub stage: ListStage,
    pub hold: Units,
    pub legs: [u32; 3],
    pub leg_count: usize,
}

impl OrderList {
    /// Returns whether the list has an open leg.
    pub fn is_open(&self) -> bool {
        self.legs.iter().any(|leg| *leg != NONE)
    }

    /// Returns the places of the two legs of which one ends the other, None for oto.
    pub fn pair(&self) -> Option<(usize, usize)> {
        if self.kind == ListKind::Oto as u8 {
            return None;
        }
        Some((self.leg_count - 2, self.leg_count - 1))
    }

    /// Returns the open legs of the pair.
    pub fn open_pair(&self) -> Option<(u32, u32)> {
        let (first, second) = self.pair()?;
        let legs = (self.legs[first], self.legs[second]);
        if legs.0 == NONE || legs.1 == NONE {
            None
        } else {
            Some(legs)
        }
    }
}

/// Returns whether the order waits for its list's working leg.
pub fn is_dormant(state: &State, order: &Order) -> bool {
    order.parent != NONE
        && state.lists[order.parent].stage != ListStage::Released
        && leg_of_order(order.id) != 0
}

/// Returns the other leg of the order's pair while both are open, else None.
pub fn find_partner(state: &State, order: &Order) -> Option<u32> {
    if order.parent == NONE {
        return None;
    }
    let parent = &state.lists[order.parent];
    let (first, second) = parent.pair()?;
    let leg = leg_of_order(order.id);
    let partner = if leg == first {
        parent.legs[second]
    } else if leg == second {
        parent.legs[first]
    } else {
        NONE
    };
    if partner == NONE {
        None
    } else {
        Some(partner)
    }
}

/// Returns the order's terms with its present quantity, price and client id.
pub fn terms_of(state: &State, order: &Order) -> OrderTerms {
    let plain = Rare::default();
    let rare = if order.rare == NONE {
        &plain
    } else {
        &state.rares[order.rare]
    };
    OrderTerms {
        client_id: name_of(state, order),
        side: order.side,
        order_type: order.order_type,
        tif: order.tif,
        price: order.limit(),
        qty: order.qty,
        quote_units: rare.quote_units,
        trigger: order.trigger,
        trigger_price: rare.trigger_price,
        trailing_bips: rare.trailing_bips,
        post_only: order.post_only,
        display: rare.display,
        stp: order.asked_stp,
        expires_ns: rare.expires_ns,
    }
}

/// Returns the order's client id, empty if it has none.
pub fn name_of(state: &State, order: &Order) -> ClientId {
    if order.name == NONE {
        ClientId::EMPTY
    } else {
        state.ids[order.name].client_id
    }
}

/// Returns how many lots an iceberg shows, 0 of other orders.
#[inline]
pub fn display_of(state: &State, order: &Order) -> Lots {
    if order.rare == NONE {
        0
    } else {
        state.rares[order.rare].display
    }
}

/// Returns what an order by quote may still spend or earn.
#[inline]
pub fn budget_of(state: &State, order: &Order) -> Units {
    state.rares[order.rare].budget
}

/// Returns what only some orders have, made for this one if it had none.
pub fn rare_of(state: &mut State, slot: u32) -> &mut Rare {
    if state.orders[slot].rare == NONE {
        state.orders[slot].rare = state.rares.insert(Rare::default());
    }
    &mut state.rares[state.orders[slot].rare]
}

/// Returns whether the order has a budget in quote units instead of a quantity.
#[inline]
pub const fn is_by_quote(terms: &OrderTerms) -> bool {
    terms.quote_units != 0
}

/// Returns whether the order pays from its hold: all but market orders that pay from available.
///
/// A market buy with a trigger gives its hold back when it triggers, a market sell keeps it (L4.3).
#[inline]
pub const fn has_hold(order: &Order) -> bool {
    order.order_type == LIMIT || (order.trigger != 0 && order.side == SELL)
}
