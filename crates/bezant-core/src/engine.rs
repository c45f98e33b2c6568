//! The engine: one ordered log of commands in, their outcomes out (ARCHITECTURE §4).
//!
//! A pure function with its state inside: no clock, no chance, no input or output. The sequencer is its
//! only caller, one call at a time.

use std::fmt;

use crate::answers;
use crate::codec::{content_hash, put_outcome_head, Malformed};
use crate::commands::{CancelOrder, Command, PlaceOrder};
use crate::digest;
use crate::due;
use crate::entries::{self, EntryHead};
use crate::handlers::{
    accounts, amend, assertions, assets, cancel, markets, place, place_list, replace, status,
    transfers,
};
use crate::housekeeping;
use crate::ids::{Seq, SHARD_COUNT_MAX};
use crate::reader::Reader;
use crate::reads::Read;
use crate::refusals::RefusalCode;
use crate::restore;
use crate::snapshot;
use crate::sources;
use crate::state::{refuse, refuse_command, State};
use crate::timers;
use crate::words::Part;
use crate::writer::{Writer, SHORT_ARRAY, SHORT_COUNT};

/// Why a batch cannot be applied; the state is of no use any more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    Malformed(Malformed),
    NotDense { seq: Seq, expected: Seq },
    TimeRunsBack { ts_ns: i64, before_ns: i64 },
}

impl fmt::Display for Fault {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Malformed(Malformed(why)) => to.write_str(why),
            Self::NotDense { seq, expected } => {
                write!(to, "INV-07: seq {seq} stands where {expected} must")
            }
            Self::TimeRunsBack { ts_ns, before_ns } => {
                write!(to, "INV-07: time {ts_ns} is before {before_ns}")
            }
        }
    }
}

impl From<Malformed> for Fault {
    fn from(error: Malformed) -> Self {
        Self::Malformed(error)
    }
}

/// A command that entered; the two that come most are known before they are taken apart.
#[derive(Clone, Copy)]
enum Entered<'a> {
    Place(&'a PlaceOrder),
    Cancel(&'a CancelOrder),
    Other(&'a Command),
}

impl Entered<'_> {
    /// Returns whether the command may take, or repeat, a client id (L3.1).
    #[inline(always)]
    fn may_take_id(self) -> bool {
        match self {
            Self::Place(command) => !command.order.client_id.is_empty(),
            Self::Cancel(_) => false,
            Self::Other(command) => {
                matches!(command, Command::PlaceList(_) | Command::ReplaceOrder(_))
            }
        }
    }
}

/// The law with its state.
#[derive(Clone, Debug)]
pub struct Engine {
    pub state: State,
}

impl Engine {
    /// Returns an engine before its first entry, None for a shard that cannot be.
    pub fn new(shard: u64) -> Option<Self> {
        if shard < SHARD_COUNT_MAX {
            Some(Self {
                state: State::new(shard),
            })
        } else {
            None
        }
    }

    /// Takes a secret number, so that nobody can choose client ids that are slow to look up.
    ///
    /// No outcome, answer or snapshot depends on it. Chance comes from the host: the core has none.
    #[must_use]
    pub fn keyed(mut self, secret: u64) -> Self {
        self.state.secret = secret;
        self
    }

    /// Returns the seq of the last entry applied; 0 before the first.
    pub const fn seq(&self) -> Seq {
        self.state.seq
    }

    /// Returns the time of the last entry applied.
    pub const fn ts_ns(&self) -> i64 {
        self.state.ts_ns
    }

    /// Returns the version of the rules in force for the next entry.
    #[allow(clippy::misnamed_getters)] // The state's own `rules` are those of the entry in progress.
    pub const fn rules(&self) -> u32 {
        self.state.rules_next
    }

    /// Applies concatenated entries at one time; returns as many concatenated outcomes.
    ///
    /// # Errors
    /// If bytes are unknown, seq is not dense or time runs back.
    ///
    /// # Panics
    /// If the engine is wrong (an invariant does not hold).
    pub fn apply(&mut self, ts_ns: i64, seq_first: Seq, batch: &[u8]) -> Result<Vec<u8>, Fault> {
        let mut from = Reader::new(batch);
        let mut expected = seq_first;
        self.state.outcomes.clear();
        while !from.is_at_end() {
            let head = entries::read_head(&mut from)?;
            match head.tag {
                PlaceOrder::TAG => {
                    let command = PlaceOrder::read_fields(&mut from, head.count)?;
                    let raw = head.raw(&from);
                    self.step(ts_ns, &head, expected, Entered::Place(&command), raw)?;
                }
                CancelOrder::TAG => {
                    let command = CancelOrder::read_fields(&mut from, head.count)?;
                    self.step(ts_ns, &head, expected, Entered::Cancel(&command), &[])?;
                }
                _ => from = self.step_rarer(ts_ns, &head, expected, from)?,
            }
            expected += 1;
        }
        Ok(self.state.outcomes.as_bytes().to_vec())
    }

    #[inline(never)]
    fn step_rarer<'a>(
        &mut self,
        ts_ns: i64,
        head: &EntryHead<'a>,
        expected: Seq,
        mut from: Reader<'a>,
    ) -> Result<Reader<'a>, Fault> {
        let command = Command::read_fields(&mut from, head.count, head.tag)?;
        let raw = head.raw(&from);
        self.step(ts_ns, head, expected, Entered::Other(&command), raw)?;
        Ok(from)
    }

    /// Applies an entry and writes its outcome.
    #[inline(always)]
    fn step(
        &mut self,
        ts_ns: i64,
        head: &EntryHead<'_>,
        expected: Seq,
        command: Entered<'_>,
        raw: &[u8],
    ) -> Result<(), Fault> {
        let seq = head.seq;
        if seq != expected {
            return Err(Fault::NotDense { seq, expected });
        }
        let outcomes = &mut self.state.outcomes;
        let place = outcomes.len();
        let head_size = outcomes.put_in_room(|room| put_outcome_head(room, seq, 0, 1)); // Mostly so.
        self.run(ts_ns, seq, command, raw)?;
        let state = &mut self.state;
        if state.refused == 0 && state.event_count < SHORT_COUNT {
            let [count, ..] = state.event_count.to_le_bytes();
            state
                .outcomes
                .set(place + head_size - 1, SHORT_ARRAY | count);
        } else {
            let mut head = Writer::default();
            put_outcome_head(&mut head, seq, state.refused, state.event_count);
            state.outcomes.replace(place, head_size, head.as_bytes());
        }
        Ok(())
    }

    /// Applies one entry, with its command's canonical bytes; its events are in `state.outcomes`.
    ///
    /// # Errors
    /// If seq is not dense or time runs back.
    pub fn apply_command(
        &mut self,
        ts_ns: i64,
        seq: Seq,
        command: &Command,
        raw: &[u8],
    ) -> Result<(), Fault> {
        self.state.outcomes.clear();
        let command = match command {
            Command::PlaceOrder(command) => Entered::Place(command),
            Command::CancelOrder(command) => Entered::Cancel(command),
            _ => Entered::Other(command),
        };
        self.run(ts_ns, seq, command, raw)
    }

    #[inline(always)]
    fn run(&mut self, ts_ns: i64, seq: Seq, command: Entered<'_>, raw: &[u8]) -> Result<(), Fault> {
        let state = &mut self.state;
        if seq != state.seq + 1 {
            return Err(Fault::NotDense {
                seq,
                expected: state.seq + 1,
            });
        }
        if ts_ns < state.ts_ns {
            return Err(Fault::TimeRunsBack {
                ts_ns,
                before_ns: state.ts_ns,
            });
        }
        let digest_before = match command {
            Entered::Other(Command::AssertDigest(_)) => digest::digest(state),
            _ => [0; 32],
        };
        begin(state, ts_ns, seq);
        if command.may_take_id() {
            state.content = content_hash(raw);
        }
        if housekeeping::is_needed(state) && !housekeeping::run(state) {
            refuse_catching_up(state, command);
            return Ok(());
        }
        match command {
            Entered::Place(command) => place::place_order(state, command),
            Entered::Cancel(command) => cancel::cancel_order(state, command),
            Entered::Other(command) => dispatch(state, command, &digest_before),
        }
        if state.due_count > 0 && state.uncross_count == 0 {
            due::run(state);
        }
        Ok(())
    }

    /// Returns the encoded answer (`reads`) to an encoded question.
    ///
    /// # Errors
    /// If the question is malformed.
    pub fn query(&self, question: &[u8]) -> Result<Vec<u8>, Malformed> {
        let mut from = Reader::new(question);
        let read = Read::decode(&mut from)?;
        from.end()?;
        Ok(answers::answer(&self.state, &read))
    }

    /// Returns when a Tick is due: the earliest timer, `ts_ns` if work is left, 0 if none.
    pub fn next_deadline(&mut self) -> i64 {
        if timers::is_work_left(&mut self.state) {
            return self.state.ts_ns;
        }
        timers::next_due(&mut self.state)
    }

    /// Returns the canonical bytes of the whole state (L15.3).
    pub fn snapshot(&self) -> Vec<u8> {
        snapshot::encode(&self.state)
    }

    /// Takes the state from canonical bytes.
    ///
    /// # Errors
    /// If they are not canonical bytes of a state.
    pub fn restore(&mut self, raw: &[u8]) -> Result<(), Malformed> {
        self.state = restore::decode(raw, self.state.shard, self.state.secret)?;
        Ok(())
    }

    /// Returns SHA-256 of the canonical bytes.
    pub fn digest(&self) -> [u8; 32] {
        digest::digest(&self.state)
    }
}

/// Starts an entry: its time, its place, and counters that start anew.
#[inline]
fn begin(state: &mut State, ts_ns: i64, seq: Seq) {
    state.seq = seq;
    state.ts_ns = ts_ns;
    state.rules = state.rules_next;
    state.event_count = 0;
    state.refused = 0;
    state.timed_work = 0;
    state.due_items = 0;
    state.matches = 0;
    state.ids_born = 0;
}

/// Refuses what comes before time has caught up; only a Tick may (L11.3).
#[cold]
fn refuse_catching_up(state: &mut State, command: Entered<'_>) {
    let code = RefusalCode::CatchingUp;
    let Entered::Other(command) = command else {
        return refuse(state, code, Part::Whole);
    };
    if let Some((source, number)) = command.sourced() {
        refuse_command(state, code, source, number);
    } else if !matches!(command, Command::Tick(_)) {
        refuse(state, code, Part::Whole);
    }
}

#[inline(never)]
fn dispatch(state: &mut State, command: &Command, digest_before: &[u8; 32]) {
    match command {
        Command::CancelAll(command) => cancel::cancel_all(state, command),
        Command::ReplaceOrder(command) => replace::replace_order(state, command),
        Command::AmendOrder(command) => amend::amend_order(state, command),
        Command::PlaceList(command) => place_list::place_list(state, command),
        Command::SetCancelTimer(command) => cancel::set_cancel_timer(state, command),
        Command::Quarantined(command) => sources::pass_over(state, command),
        Command::Tick(_) => {}
        _ => {
            let (source, number) = command.sourced().expect("all others have a source");
            if sources::is_next(state, source, number) {
                dispatch_sourced(state, command, digest_before);
            }
        }
    }
}

fn dispatch_sourced(state: &mut State, command: &Command, digest_before: &[u8; 32]) {
    match command {
        Command::Transfer(command) => transfers::transfer(state, command),
        Command::HoldTransfer(command) => transfers::hold_transfer(state, command),
        Command::SettleTransfer(command) => transfers::settle_transfer(state, command),
        Command::VoidTransfer(command) => transfers::void_transfer(state, command),
        Command::OpenAccount(command) => accounts::open_account(state, command),
        Command::SetAccount(command) => accounts::set_account(state, command),
        Command::SetTier(command) => accounts::set_tier(state, command),
        Command::CloseAccount(command) => accounts::close_account(state, command),
        Command::CreateAsset(command) => assets::create_asset(state, command),
        Command::SetAsset(command) => assets::set_asset(state, command),
        Command::CreateMarket(command) => markets::create_market(state, command),
        Command::SetMarket(command) => markets::set_market(state, command),
        Command::SetFees(command) => markets::set_fees(state, command),
        Command::SetMarketStatus(command) => status::set_market_status(state, command),
        Command::SetReferencePrice(command) => markets::set_reference_price(state, command),
        Command::CancelMarket(command) => status::cancel_market(state, command),
        Command::AssertBalances(command) => assertions::assert_balances(state, command),
        Command::AssertDigest(command) => {
            assertions::assert_digest(state, command, digest_before);
        }
        Command::ActivateRules(command) => assertions::activate_rules(state, command),
        Command::PlaceOrder(_)
        | Command::PlaceList(_)
        | Command::CancelOrder(_)
        | Command::AmendOrder(_)
        | Command::ReplaceOrder(_)
        | Command::CancelAll(_)
        | Command::SetCancelTimer(_)
        | Command::Quarantined(_)
        | Command::Tick(_) => unreachable!("dispatched before"),
    }
}
