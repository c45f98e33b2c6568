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

/// One open order. `terms` has its present quantity, price and client id.
///
/// `leaves`, `filled`, `prevented` and `visible` in lots; `budget` is what an order by quote may still
/// spend or earn, in quote units; `hold` is its own, in units of what it pays with (a pair's stands in
/// its list); `hold_price` is fixed when the hold is taken (L4.3); `balance` is what it pays from.
/// `owner`, `place`, `balance`, `parent` and `level` are slots.
#[derive(Clone, Debug)]
pub struct Order {
    pub id: OrderId,
    pub account: AccountId,
    pub owner: u32,
    pub place: u32, // Of its market.
    pub balance: u32,
    pub level: u32,
    pub parent: u32,
    pub market: MarketId,
    pub side: u8,
    pub stp: u8,
    pub state: OrderState,
    pub is_open: bool,
    pub price: Ticks,
    pub leaves: Lots,
    pub visible: Lots,
    pub hold: Units,
    pub hold_price: Ticks,
    pub filled: Lots,
    pub prevented: Lots,
    pub budget: Units,
    pub in_level: Links,   // The queue of its level.
    pub in_account: Links, // The open orders of its account by id.
    pub in_market: Links,  // Those of its market.
    pub terms: OrderTerms,
    pub extreme: Ticks, // Of a trailing order that tracks (L8.2), else 0.
    pub amends: u32,
    pub aliases: Vec<ClientId>, // Client ids from before its amends; they name it still.
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

/// Returns whether the order has a budget in quote units instead of a quantity.
#[inline]
pub const fn is_by_quote(terms: &OrderTerms) -> bool {
    terms.quote_units != 0
}

/// Returns whether the order pays from its hold: all but market orders that pay from available.
///
/// A market buy with a trigger gives its hold back when it triggers, a market sell keeps it (L4.3).
#[inline]
pub const fn has_hold(terms: &OrderTerms) -> bool {
    terms.order_type == LIMIT || (terms.trigger != 0 && terms.side == SELL)
}
