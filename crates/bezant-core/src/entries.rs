//! A batch's bytes taken apart: entries with their commands and their canonical bytes.

use crate::codec::Malformed;
use crate::commands::Command;
use crate::ids::Seq;
use crate::reader::Reader;

/// What stands before the fields of an entry's command.
pub struct EntryHead<'a> {
    pub seq: Seq,
    pub count: usize, // Of the command's array.
    pub tag: u64,
    command: &'a [u8], // From the command's first byte on.
}

impl<'a> EntryHead<'a> {
    /// Returns the canonical bytes of the command, whose fields have been read.
    #[inline(always)]
    pub fn raw(&self, from: &Reader<'a>) -> &'a [u8] {
        &self.command[..self.command.len() - from.rest().len()]
    }
}

/// Returns the head of the entry that stands next.
///
/// # Errors
/// If there is no canonical entry.
#[inline(always)]
pub fn read_head<'a>(from: &mut Reader<'a>) -> Result<EntryHead<'a>, Malformed> {
    if from.array()? != 2 {
        return Err(Malformed("an entry is a seq and a command"));
    }
    let seq = from.uint()?;
    let command = from.rest();
    let count = from.array()?;
    let tag = from.uint()?;
    Ok(EntryHead {
        seq,
        count,
        tag,
        command,
    })
}

/// Returns the entry that stands next: its seq, its command and the command's bytes.
///
/// # Errors
/// If there is no canonical entry.
pub fn read_entry<'a>(from: &mut Reader<'a>) -> Result<(Seq, Command, &'a [u8]), Malformed> {
    let head = read_head(from)?;
    let command = Command::read_fields(from, head.count, head.tag)?;
    Ok((head.seq, command, head.raw(from)))
}
