//! How a pro-rata market shares a taker's quantity among a level's orders (L6).

use crate::commands::MarketParameters;
use crate::prevention;
use crate::slab::NONE;
use crate::state::State;
use crate::taker;
use crate::trade;
use crate::units::{narrow, Lots};
use crate::words::STPMode;

/// Matches a taker once with a level; returns the matches and whether they were preventions.
pub fn match_level(state: &mut State, aggressor: u32, level: u32, cap: Lots) -> (usize, bool) {
    if state.orders[aggressor].stp != STPMode::None as u8 {
        let prevented = prevent(state, aggressor, level);
        if prevented > 0 {
            return (prevented, true);
        }
    }
    let makers = queue_of(state, level);
    let price = state.levels[level].price;
    let visible: Vec<Lots> = makers
        .iter()
        .map(|maker| state.orders[*maker].visible)
        .collect();
    let place = state.orders[aggressor].place;
    let shares = allocate(cap, &visible, &state.markets[place].parameters);
    let mut matches = 0;
    for (maker, lots) in makers.into_iter().zip(shares) {
        if lots != 0 {
            matches += 1;
            trade::execute(state, aggressor, maker, price, lots);
            trade::fill_taker(state, aggressor, price, lots);
            trade::fill_maker(state, maker, lots);
        }
    }
    (matches, false)
}

/// Returns what each order of a level gets, in queue order (L6.1 b).
pub fn allocate(cap: Lots, visible: &[Lots], parameters: &MarketParameters) -> Vec<Lots> {
    let total: Lots = visible.iter().sum();
    let lots = cap.min(total);
    if lots == total {
        return visible.to_vec();
    }
    let top = i128::from(lots) * i128::from(parameters.top_percent);
    let head = visible[0].min(narrow(top.div_euclid(100)));
    let (rest, weights) = (lots - head, total - head);
    let mut shares: Vec<Lots> = visible.to_vec();
    for (index, share_of) in shares.iter_mut().enumerate() {
        let weight = if index == 0 {
            *share_of - head
        } else {
            *share_of
        };
        *share_of = share(rest, weight, weights, parameters);
    }
    shares[0] += head;
    let mut left = lots - shares.iter().sum::<Lots>();
    for (share, most) in shares.iter_mut().zip(visible) {
        let more = left.min(most - *share);
        *share += more;
        left -= more;
    }
    shares
}

/// Returns the slots of the orders of a level from its head.
pub fn queue_of(state: &State, level: u32) -> Vec<u32> {
    let mut slots = Vec::with_capacity(state.levels[level].count as usize);
    let mut slot = state.levels[level].head;
    while slot != NONE {
        slots.push(slot);
        slot = state.orders[slot].in_level.next;
    }
    slots
}

fn share(rest: Lots, weight: Lots, weights: Lots, parameters: &MarketParameters) -> Lots {
    if weights == 0 {
        return 0;
    }
    let product = i128::from(rest) * i128::from(weight);
    let share = narrow(product.div_euclid(i128::from(weights)));
    if share >= parameters.min_allocation {
        share
    } else {
        0
    }
}

/// Applies prevention to each own order of the level, until the taker can take no more.
fn prevent(state: &mut State, aggressor: u32, level: u32) -> usize {
    let account = state.orders[aggressor].owner;
    let price = state.levels[level].price;
    let mut count = 0;
    for maker in queue_of(state, level) {
        if !prevention::is_self(state, account, &state.orders[maker]) {
            continue;
        }
        let cap = taker::cap(state, &state.orders[aggressor], price);
        if cap == 0 {
            break;
        }
        count += 1;
        if !prevention::prevent(state, aggressor, maker, price, cap) {
            break;
        }
    }
    count
}
