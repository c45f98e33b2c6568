//! Sources of money and configuration number their commands; one mark each (L3.3, INV-09).

use crate::commands::Quarantined;
use crate::events::CommandRepeated;
use crate::ids::{MarketId, Number, Source};
use crate::refusals::RefusalCode;
use crate::rules::SOURCE_MAX;
use crate::state::{refuse_command, State};

/// Returns whether a number can be a source's.
pub const fn is_source(source: Source) -> bool {
    1 <= source && source <= SOURCE_MAX
}

/// Returns the slot of the market of an operator's command.
///
/// # Errors
/// 210 or 300 where there is none to act on.
pub fn find_market(state: &State, market: MarketId, source: Source) -> Result<u32, RefusalCode> {
    let place = state
        .markets
        .find(market)
        .ok_or(RefusalCode::MarketUnknown)?;
    if is_source(source) {
        Ok(place)
    } else {
        Err(RefusalCode::FieldOutOfRange)
    }
}

/// Moves the source's mark and returns true, or answers a repeat or a gap and returns false.
///
/// A number that cannot be a source's has no mark: the command's handler refuses it (300).
pub fn is_next(state: &mut State, source: Source, number: Number) -> bool {
    if !is_source(source) {
        return true;
    }
    let mark = state.marks.get(&source).map_or(0, |mark| mark.0);
    if number.0 <= mark {
        state.emit(&CommandRepeated {
            id: number.0.cast_signed(),
            source,
            number,
        });
        return false;
    }
    if number.0 > mark + 1 {
        refuse_command(state, RefusalCode::NumberGap, source, number);
        return false;
    }
    state.marks.insert(source, number);
    true
}

/// Refuses what stands in quarantine; its source may go on with the next number (L15.5).
pub fn pass_over(state: &mut State, command: &Quarantined) {
    let (source, number) = (command.source, command.number);
    let mark = state.marks.get(&source).map_or(0, |mark| mark.0);
    if is_source(source) && number.0 == mark + 1 {
        state.marks.insert(source, number);
    }
    refuse_command(state, RefusalCode::Quarantined, source, number);
}
