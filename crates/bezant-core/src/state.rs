//! The whole state of the core (L15.3) and the entry in progress. Not for rules: it only holds.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap};

use crate::balance::Balance;
use crate::book::Level;
use crate::chart::HOUSE;
use crate::codec::{messages, Wide, Wire};
use crate::events::CommandRefused;
use crate::hashing::{hash_number, hash_text, SlotTable};
use crate::ids::{
    AccountId, AssetId, ClientId, ListId, MarketId, Number, OrderId, Seq, Source, TransferId,
};
use crate::market::Market;
use crate::order::{Links, Order, OrderList, Rare, UNLINKED};
use crate::refusals::RefusalCode;
use crate::rules::RULES_FIRST;
use crate::slab::{PagedSlab, Slab, NONE};
use crate::units::Units;
use crate::words::{Part, STPMode, SELL};
use crate::writer::{Writer, ROOM_SIZE};

/// An asset with the balances of the ten house accounts, by number (L13.1).
#[derive(Clone, Debug)]
pub struct Asset {
    pub id: AssetId,
    pub scale: i64,
    pub issued_max: Units,
    pub enabled: bool,
    pub house: [i64; HOUSE.len() + 1],
}

/// Open orders of an account in a market, as codes 700 to 703 count them; 10,000 at most.
#[derive(Clone, Copy, Debug, Default)]
pub struct Counts {
    pub orders: u16,
    pub stops: u16,
    pub icebergs: u16,
    pub lists: u16,
}

/// What an account has in a market: its counts there, and the slots of its balances of base and quote.
#[derive(Clone, Copy, Debug)]
#[repr(align(32))]
pub struct Seat {
    pub account: AccountId,
    pub market: MarketId,
    pub place: u32,
    pub base_balance: u32,
    pub quote_balance: u32,
    pub counts: Counts,
}

impl Seat {
    /// Returns the slot of the balance that an order of this side pays from.
    #[inline]
    pub const fn paying(&self, side: u8) -> u32 {
        if side == SELL {
            self.base_balance
        } else {
            self.quote_balance
        }
    }

    /// Returns the slot of the balance in which an order of this side receives.
    #[inline]
    pub const fn receiving(&self, side: u8) -> u32 {
        if side == SELL {
            self.quote_balance
        } else {
            self.base_balance
        }
    }
}

/// A client id that is taken (L3). `born` orders the house's ids by acceptance.
///
/// `content` is the 64-bit hash of the command's canonical bytes where the id `repeats` it; it repeats
/// nothing if it is a leg's, or taken by an amend.
#[derive(Clone, Debug)]
pub struct Remembered {
    pub born: u64,
    pub accepted_ns: i64,
    pub id: OrderId,
    pub content: u64,
    pub owner: u32,
    pub client_id: ClientId,
    pub repeats: bool,
    pub is_list: bool,
    pub is_kept: bool,
}

const _: () = assert!(size_of::<Remembered>() == 80, "many are remembered");

/// Ids that may be forgotten by (born, slot), oldest first; stale lines are skipped when met.
pub type EndedIds = BinaryHeap<Reverse<(u64, u32)>>;

/// A user account. `orders` chains its open orders by id; balances are sorted by asset.
///
/// All that an order asks for stands in the first of its two lines of memory.
#[derive(Clone, Debug)]
#[repr(C, align(64))]
pub struct Account {
    pub id: AccountId,
    pub trade_group: u32,
    pub stp: u8,
    pub orders_frozen: bool,
    pub withdrawals_frozen: bool,
    pub is_closed: bool,
    last_seat: u32, // Where it was last in a market; mostly where it is next.
    pub tier: i64,
    pub orders: Links, // `next` is the first, `previous` the last.
    pub order_count: usize,
    pub ids_count: usize,
    pub transfer_count: u32, // Pending transfers.
    pub balances: Vec<(AssetId, u32)>,
    pub ended_ids: EndedIds,
}

impl Account {
    /// Returns an account that has been opened and nothing more.
    pub const fn new(
        id: AccountId,
        trade_group: u32,
        stp: u8,
        orders_frozen: bool,
        withdrawals_frozen: bool,
    ) -> Self {
        Self {
            id,
            trade_group,
            stp,
            orders_frozen,
            withdrawals_frozen,
            tier: 0,
            is_closed: false,
            transfer_count: 0,
            balances: Vec::new(),
            orders: UNLINKED,
            order_count: 0,
            ids_count: 0,
            ended_ids: EndedIds::new(),
            last_seat: NONE,
        }
    }

    /// Returns the slot of the account's balance of an asset, None if it never had any.
    #[inline]
    pub fn find_balance(&self, asset: AssetId) -> Option<u32> {
        let place = self
            .balances
            .binary_search_by_key(&asset, |(id, _)| *id)
            .ok()?;
        Some(self.balances[place].1)
    }

    /// Returns what stp `default` means for this account (L7.1).
    pub const fn default_stp(&self) -> u8 {
        if self.stp != 0 {
            self.stp
        } else {
            STPMode::ExpireTaker as u8
        }
    }
}

messages! {
    /// A withdrawal whose units and fee are held (L3.3, L13.3).
    HeldTransfer {
        id: TransferId,
        account: AccountId,
        asset: AssetId,
        units: Units,
        fee: Units,
    }
}

/// Deadlines by kind as heaps, earliest first (L11.1); stale lines are skipped when met.
///
/// `gtd` by (due, order), `cancel` by (due, account, market), `auction` by (due, market).
/// `cancel_due` has the truth about the second kind, orders and markets about the others; `firing` is
/// a cancel timer that was cut short, by (account, market).
#[derive(Clone, Debug, Default)]
pub struct Timers {
    pub gtd: BinaryHeap<Reverse<(i64, OrderId)>>,
    pub cancel: BinaryHeap<Reverse<(i64, AccountId, MarketId)>>,
    pub auction: BinaryHeap<Reverse<(i64, MarketId)>>,
    pub cancel_due: BTreeMap<(AccountId, MarketId), i64>,
    pub firing: Option<(AccountId, MarketId)>,
}

/// Values in the order of their creation, found by a short id.
#[derive(Clone, Debug)]
pub struct Catalogue<T> {
    items: Vec<T>,
    slot_of: Vec<u32>, // By id.
    by_id: Vec<u32>,   // Slots sorted by id.
    ids: Vec<u16>,     // By slot.
}

impl<T> Default for Catalogue<T> {
    fn default() -> Self {
        Self {
            items: Vec::new(),
            slot_of: Vec::new(),
            by_id: Vec::new(),
            ids: Vec::new(),
        }
    }
}

impl<T> Catalogue<T> {
    /// Returns the slot of an id.
    #[inline]
    pub fn find(&self, id: u16) -> Option<u32> {
        self.slot_of
            .get(usize::from(id))
            .copied()
            .filter(|slot| *slot != NONE)
    }

    /// Adds a value under an id that is free.
    pub fn insert(&mut self, id: u16, value: T) {
        let slot = u32::try_from(self.items.len()).expect("an id has 16 bits");
        let place = usize::from(id);
        if self.slot_of.len() <= place {
            self.slot_of.resize(place + 1, NONE);
        }
        self.slot_of[place] = slot;
        self.items.push(value);
        let before = |other: &u32| self.ids[*other as usize] < id;
        let sorted = self.by_id.partition_point(before);
        self.by_id.insert(sorted, slot);
        self.ids.push(id);
    }

    /// Returns the values by id.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &T> {
        self.by_id.iter().map(|slot| &self.items[*slot as usize])
    }
}

impl<T> std::ops::Index<u32> for Catalogue<T> {
    type Output = T;

    #[inline]
    fn index(&self, slot: u32) -> &T {
        &self.items[slot as usize]
    }
}

impl<T> std::ops::IndexMut<u32> for Catalogue<T> {
    #[inline]
    fn index_mut(&mut self, slot: u32) -> &mut T {
        &mut self.items[slot as usize]
    }
}

/// All that the core knows, and the counters and events of the entry in progress.
#[derive(Clone, Debug)]
pub struct State {
    pub shard: u64,
    pub rules: u32,
    pub rules_next: u32,
    pub seq: Seq,
    pub ts_ns: i64,
    pub assets: Catalogue<Asset>,
    pub accounts: Vec<Account>, // By opening.
    pub account_table: SlotTable,
    pub balances: Vec<Balance>,
    pub seats: Vec<Seat>,
    pub seat_table: SlotTable,
    pub markets: Catalogue<Market>,
    pub orders: Slab<Order>, // Open ones.
    pub order_table: SlotTable,
    pub order_count: usize,
    pub rares: Slab<Rare>,
    pub levels: Slab<Level>,
    pub lists: Slab<OrderList>, // Open ones.
    pub list_table: SlotTable,
    pub transfers: BTreeMap<TransferId, HeldTransfer>, // Pending ones.
    pub marks: BTreeMap<Source, Number>,
    pub timers: Timers,
    pub ids: PagedSlab<Remembered>,
    pub id_table: SlotTable,
    pub secret: u64, // Where client ids fall in their table; no result depends on it.
    pub ids_count: usize,
    pub ended_ids: EndedIds,
    pub due_count: usize, // Items in all due queues; tells at once that there are none.
    pub due_markets: BTreeSet<MarketId>, // Those whose due queues have items.
    pub uncross_count: usize, // Markets whose uncross is not finished.
    pub uncrossing: BTreeSet<MarketId>, // Those.

    pub outcomes: Writer, // Of the batch, encoded as they happen.
    pub event_count: usize,
    pub refused: u32,      // The first refusal's code.
    pub content: u64,      // The command's hash (L3.1), where it may take a client id.
    pub timed_work: usize, // L11.3.
    pub due_items: usize,  // L8.4.
    pub matches: usize,    // Of the entry's taker phases (L8.4).
    pub ids_born: u64,     // Of the entry.
}

impl State {
    /// Returns the state before the first entry.
    pub fn new(shard: u64) -> Self {
        Self {
            shard,
            rules: RULES_FIRST,
            rules_next: RULES_FIRST,
            seq: 0,
            ts_ns: 0,
            assets: Catalogue::default(),
            accounts: Vec::new(),
            account_table: SlotTable::default(),
            balances: Vec::new(),
            seats: Vec::new(),
            seat_table: SlotTable::default(),
            markets: Catalogue::default(),
            orders: Slab::default(),
            order_table: SlotTable::default(),
            order_count: 0,
            rares: Slab::default(),
            levels: Slab::default(),
            lists: Slab::default(),
            list_table: SlotTable::default(),
            transfers: BTreeMap::new(),
            marks: BTreeMap::new(),
            timers: Timers::default(),
            ids: PagedSlab::default(),
            id_table: SlotTable::default(),
            secret: 0,
            ids_count: 0,
            ended_ids: EndedIds::new(),
            due_count: 0,
            due_markets: BTreeSet::new(),
            uncross_count: 0,
            uncrossing: BTreeSet::new(),
            outcomes: Writer::default(),
            event_count: 0,
            refused: 0,
            content: 0,
            timed_work: 0,
            due_items: 0,
            matches: 0,
            ids_born: 0,
        }
    }

    /// Emits an event.
    #[inline]
    pub fn emit<E: Wire>(&mut self, event: &E) {
        const { assert!(E::SIZE_MAX <= ROOM_SIZE, "an event has room") }
        if cfg!(feature = "count-events") {
            std::hint::black_box(event);
        } else {
            self.outcomes.put_in_room(|room| event.write(room));
        }
        self.event_count += 1;
    }

    /// Returns the slot of an account, whether it is open or not.
    #[inline]
    pub fn find_account(&self, account: AccountId) -> Option<u32> {
        let is_it = |slot| self.account(slot).id == account;
        self.account_table
            .find(hash_number(u64::from(account)), is_it)
    }

    /// Returns the account in a slot.
    #[inline]
    pub fn account(&self, slot: u32) -> &Account {
        &self.accounts[slot as usize]
    }

    /// Returns the account in a slot, to change it.
    #[inline]
    pub fn account_mut(&mut self, slot: u32) -> &mut Account {
        &mut self.accounts[slot as usize]
    }

    /// Adds an account that was never opened before.
    pub fn add_account(&mut self, account: Account) {
        let slot = u32::try_from(self.accounts.len()).expect("an account id has 32 bits");
        self.account_table
            .insert(hash_number(u64::from(account.id)), slot);
        self.accounts.push(account);
    }

    /// Returns the slot of an account's balance of an asset, an empty one if it never had any.
    #[inline]
    pub fn balance(&mut self, account: u32, asset: AssetId) -> u32 {
        let account = &mut self.accounts[account as usize];
        match account.balances.binary_search_by_key(&asset, |(id, _)| *id) {
            Ok(place) => account.balances[place].1,
            Err(place) => {
                let slot = u32::try_from(self.balances.len()).expect("fewer than 2^32 balances");
                self.balances.push(Balance::default());
                account.balances.insert(place, (asset, slot));
                slot
            }
        }
    }

    /// Returns the slot of an account's seat in a market, a new one if it had none.
    #[inline(always)]
    pub fn seat(&mut self, owner: u32, place: u32) -> u32 {
        let last = self.account(owner).last_seat;
        match self.seats.get(last as usize) {
            Some(seat) if seat.place == place => last,
            _ => self.another_seat(owner, place),
        }
    }

    #[inline(never)]
    fn another_seat(&mut self, owner: u32, place: u32) -> u32 {
        let seat = self.find_seat(owner, place);
        self.account_mut(owner).last_seat = seat;
        seat
    }

    fn find_seat(&mut self, owner: u32, place: u32) -> u32 {
        let (account, market) = (self.account(owner).id, self.markets[place].id);
        let hash = hash_number(u64::from(account) << 16 | u64::from(market));
        let is_it = |slot: u32| {
            let seat = &self.seats[slot as usize];
            seat.account == account && seat.market == market
        };
        match self.seat_table.find(hash, is_it) {
            Some(slot) => slot,
            None => self.add_seat(owner, place, hash),
        }
    }

    #[cold]
    fn add_seat(&mut self, owner: u32, place: u32, hash: u64) -> u32 {
        let market = &self.markets[place];
        let (id, base, quote) = (market.id, market.base, market.quote);
        let slot = u32::try_from(self.seats.len()).expect("fewer than 2^32 seats");
        let seat = Seat {
            account: self.account(owner).id,
            market: id,
            place,
            base_balance: self.balance(owner, base),
            quote_balance: self.balance(owner, quote),
            counts: Counts::default(),
        };
        self.seats.push(seat);
        self.seat_table.insert(hash, slot);
        slot
    }

    /// Returns the seat of an order.
    #[inline]
    pub fn seat_of(&self, order: &Order) -> &Seat {
        &self.seats[order.seat as usize]
    }

    /// Returns the slot of the balance that an order pays from.
    #[inline]
    pub fn paying(&self, order: &Order) -> u32 {
        self.seat_of(order).paying(order.side)
    }

    /// Returns the slot of an open order.
    #[inline]
    pub fn find_order(&self, order: OrderId) -> Option<u32> {
        let is_it = |slot| self.orders[slot].id == order;
        self.order_table.find(hash_number(order.0), is_it)
    }

    /// Returns an account's order among the open ones, by its id.
    #[inline]
    pub fn find_order_of(&self, account: u32, order: OrderId) -> Option<u32> {
        let slot = self.find_order(order)?;
        if self.orders[slot].owner == account {
            Some(slot)
        } else {
            None
        }
    }

    /// Returns all open orders with their slots, by id.
    pub fn open_orders(&self) -> Vec<(OrderId, u32)> {
        let open = self.orders.iter().filter(|(_, order)| order.is_open());
        let mut slots: Vec<_> = open.map(|(slot, order)| (order.id, slot)).collect();
        slots.sort_unstable();
        slots
    }

    /// Returns the slot of an open list.
    pub fn find_list(&self, list: ListId) -> Option<u32> {
        let is_it = |slot| self.lists[slot].id == list;
        self.list_table.find(hash_number(list.0), is_it)
    }

    /// Returns the slot of a client id that is remembered, whether it is free by now or not.
    #[inline]
    pub fn find_id(&self, account: u32, client_id: &ClientId) -> Option<u32> {
        let is_it = |slot| {
            let found = &self.ids[slot];
            found.owner == account && found.client_id == *client_id
        };
        let hash = self.hash_id(account, client_id);
        self.id_table.find(hash, is_it)
    }

    /// Returns the hash of a client id.
    #[inline]
    pub fn hash_id(&self, account: u32, client_id: &ClientId) -> u64 {
        hash_text(self.secret, account, client_id.as_bytes())
    }

    /// Returns the slots of an account's open orders by id.
    pub fn orders_of(&self, account: u32) -> Vec<u32> {
        let mut slots = Vec::with_capacity(self.account(account).order_count);
        let mut slot = self.account(account).orders.next;
        while slot != NONE {
            slots.push(slot);
            slot = self.orders[slot].in_account.next;
        }
        slots
    }
}

/// Emits that a command with a source and a number is refused (L14.1).
pub fn refuse_command(state: &mut State, code: RefusalCode, source: Source, number: Number) {
    emit_refusal(state, code, Part::Whole, source, number);
}

/// Emits that the command, or a part of it, is refused (L2.2).
pub fn refuse(state: &mut State, code: RefusalCode, part: Part) {
    emit_refusal(state, code, part, 0, Number(0));
}

fn emit_refusal(state: &mut State, code: RefusalCode, part: Part, source: Source, number: Number) {
    state.emit(&CommandRefused {
        code: code as u32,
        part: part as u8,
        source,
        number,
        available_diff: Wide::NOTHING,
        hold_diff: Wide::NOTHING,
    });
    if state.refused == 0 {
        state.refused = code as u32;
    }
}

/// Returns the slot of an account that is open.
///
/// # Errors
/// The code that says why there is none.
#[inline]
pub fn find_open_account(state: &State, account: AccountId) -> Result<u32, RefusalCode> {
    let slot = state
        .find_account(account)
        .ok_or(RefusalCode::AccountUnknown)?;
    if state.account(slot).is_closed {
        Err(RefusalCode::AccountClosed)
    } else {
        Ok(slot)
    }
}
