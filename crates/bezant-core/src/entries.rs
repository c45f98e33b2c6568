//! A batch's bytes taken apart: entries with their commands and their canonical bytes.

use crate::codec::{Malformed, Reader};
use crate::commands::Command;
use crate::ids::Seq;

/// Returns the entry that stands next: its seq, its command and the command's bytes.
///
/// # Errors
/// If there is no canonical entry.
#[inline]
pub fn read_entry<'a>(from: &mut Reader<'a>) -> Result<(Seq, Command, &'a [u8]), Malformed> {
    if from.array()? != 2 {
        return Err(Malformed("an entry is a seq and a command"));
    }
    let seq = from.uint()?;
    let before = from.rest();
    let command = Command::read(from)?;
    let raw = &before[..before.len() - from.rest().len()];
    Ok((seq, command, raw))
}
