//! Canonical bytes taken apart, strictly: what is not the shortest form is malformed.

use crate::codec::Malformed;

/// Reads canonical bytes from their beginning.
#[derive(Clone, Debug)]
pub struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    /// Returns a reader at the beginning of bytes.
    pub const fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    /// Returns whether all has been read.
    pub const fn is_at_end(&self) -> bool {
        self.rest.is_empty()
    }

    /// Returns what has not been read.
    pub const fn rest(&self) -> &'a [u8] {
        self.rest
    }

    /// Checks that all has been read.
    ///
    /// # Errors
    /// If bytes are left over.
    pub fn end(&self) -> Result<(), Malformed> {
        if self.is_at_end() {
            return Ok(());
        }
        Err(Malformed("bytes are left over behind the message"))
    }

    /// Returns how many values the array that stands next has.
    ///
    /// # Errors
    /// If there is no array.
    #[inline(always)]
    pub fn array(&mut self) -> Result<usize, Malformed> {
        if let Some((head @ 0x90..=0x9f, rest)) = self.rest.split_first() {
            self.rest = rest;
            return Ok(usize::from(head & 0x0f));
        }
        let (count, rest) = long_array(self.rest)?;
        self.rest = rest;
        Ok(count)
    }

    /// Returns the number that stands next and is not negative.
    ///
    /// # Errors
    /// If there is none in its shortest form.
    #[inline(always)]
    pub fn uint(&mut self) -> Result<u64, Malformed> {
        let Some((head, rest)) = self.rest.split_first() else {
            return Err(TRUNCATED);
        };
        if *head < 0x80 {
            self.rest = rest;
            return Ok(u64::from(*head));
        }
        self.long_uint(*head, rest)
    }

    /// Reads the number behind a head; out of line only where it is not simply there.
    #[inline(always)]
    fn long_uint(&mut self, head: u8, rest: &'a [u8]) -> Result<u64, Malformed> {
        let form = &FORMS[usize::from(head & 3)];
        if let (0xcc..=0xcf, Some(bytes)) = (head, rest.first_chunk()) {
            let value = u64::from_be_bytes(*bytes) >> (form.shift & 63);
            if value < form.least {
                return Err(NOT_SHORTEST);
            }
            self.rest = &rest[form.size & 15..];
            return Ok(value);
        }
        let (value, rest) = last_uint(head, rest)?;
        self.rest = rest;
        Ok(value)
    }

    /// Returns the number that stands next.
    ///
    /// # Errors
    /// If there is none in its shortest form, or it is beyond 63 bits.
    #[inline(always)]
    pub fn int(&mut self) -> Result<i64, Malformed> {
        if let Some((head @ 0xd0.., rest)) = self.rest.split_first() {
            let (value, rest) = negative(*head, rest)?;
            self.rest = rest;
            return Ok(value);
        }
        i64::try_from(self.uint()?).map_err(|_| OUT_OF_RANGE)
    }

    /// Returns whether these eight bytes stand next, and steps over them if they do.
    #[inline]
    pub fn skip(&mut self, bytes: &[u8; 8]) -> bool {
        match self.rest.split_first_chunk() {
            Some((next, rest)) if next == bytes => {
                self.rest = rest;
                true
            }
            _ => false,
        }
    }

    /// Returns whether nil stands next, and steps over it.
    ///
    /// # Errors
    /// If nothing is left.
    pub fn is_nil(&mut self) -> Result<bool, Malformed> {
        let is_nil = *self.rest.first().ok_or(TRUNCATED)? == 0xc0;
        if is_nil {
            self.byte()?;
        }
        Ok(is_nil)
    }

    /// Returns the text that stands next.
    ///
    /// # Errors
    /// If there is none, or it is not UTF-8.
    #[inline(always)]
    pub fn text(&mut self) -> Result<&'a str, Malformed> {
        if let Some((0xa0, rest)) = self.rest.split_first() {
            self.rest = rest;
            return Ok("");
        }
        let (text, rest) = text(self.rest)?;
        self.rest = rest;
        Ok(text)
    }

    /// Returns the bytes that stand next as a value.
    ///
    /// # Errors
    /// If there are none.
    pub fn bytes(&mut self) -> Result<&'a [u8], Malformed> {
        let size = match self.byte()? {
            0xc4 => self.length(1, 0)?,
            0xc5 => self.length(2, 0x100)?,
            0xc6 => self.length(4, 0x1_0000)?,
            _ => return Err(Malformed("no bytes stand where they must")),
        };
        self.take(size)
    }

    /// Returns the byte that stands next.
    ///
    /// # Errors
    /// If nothing is left.
    #[inline(always)]
    pub fn byte(&mut self) -> Result<u8, Malformed> {
        let (first, rest) = self.rest.split_first().ok_or(TRUNCATED)?;
        self.rest = rest;
        Ok(*first)
    }

    fn take(&mut self, size: usize) -> Result<&'a [u8], Malformed> {
        let (taken, rest) = self.rest.split_at_checked(size).ok_or(TRUNCATED)?;
        self.rest = rest;
        Ok(taken)
    }

    fn number(&mut self, size: usize, least: u64) -> Result<u64, Malformed> {
        let mut bytes = [0; 8];
        bytes[8 - size..].copy_from_slice(self.take(size)?);
        let value = u64::from_be_bytes(bytes);
        if value < least {
            return Err(NOT_SHORTEST);
        }
        Ok(value)
    }

    fn length(&mut self, size: usize, least: u64) -> Result<usize, Malformed> {
        usize::try_from(self.number(size, least)?).map_err(|_| OUT_OF_RANGE)
    }
}

/// What stands behind the heads from 0xcc on: a number of so many bytes, not below `least`.
struct Form {
    size: usize,
    shift: u32, // To the right, of eight bytes of which it is the first.
    least: u64,
}

const FORMS: [Form; 4] = [
    Form {
        size: 1,
        shift: 56,
        least: 0x80,
    },
    Form {
        size: 2,
        shift: 48,
        least: 0x100,
    },
    Form {
        size: 4,
        shift: 32,
        least: 0x1_0000,
    },
    Form {
        size: 8,
        shift: 0,
        least: 0x1_0000_0000,
    },
];

/// Reads a number behind its head, where fewer than eight bytes may be left.
#[cold]
#[inline(never)]
fn last_uint(head: u8, rest: &[u8]) -> Result<(u64, &[u8]), Malformed> {
    if !(0xcc..=0xcf).contains(&head) {
        return Err(Malformed("no number in range stands where one must"));
    }
    let form = &FORMS[usize::from(head & 3)];
    let mut from = Reader::new(rest);
    let value = from.number(form.size, form.least)?;
    Ok((value, from.rest))
}

/// Reads a number of which the head may say that it is negative.
#[cold]
#[inline(never)]
fn negative(head: u8, rest: &[u8]) -> Result<(i64, &[u8]), Malformed> {
    let (size, least) = match head {
        0xe0..=0xff => return Ok((i64::from(i8::from_be_bytes([head])), rest)),
        0xd0 => (1, -0x21),
        0xd1 => (2, -0x81),
        0xd2 => (4, -0x8001),
        0xd3 => (8, -0x8000_0001),
        _ => return Err(Malformed("no number in range stands where one must")),
    };
    let (taken, rest) = rest.split_at_checked(size).ok_or(TRUNCATED)?;
    let mut bytes = [0xff; 8];
    bytes[8 - size..].copy_from_slice(taken);
    let value = i64::from_be_bytes(bytes);
    let is_negative = bytes[8 - size] & 0x80 != 0;
    if is_negative && value <= least {
        return Ok((value, rest));
    }
    Err(NOT_SHORTEST)
}

#[cold]
#[inline(never)]
fn long_array(bytes: &[u8]) -> Result<(usize, &[u8]), Malformed> {
    let mut from = Reader::new(bytes);
    let (size, least) = match from.byte()? {
        0xdc => (2, 16),
        0xdd => (4, 0x1_0000),
        _ => return Err(Malformed("no array stands where one must")),
    };
    Ok((from.length(size, least)?, from.rest))
}

#[inline(never)]
fn text(bytes: &[u8]) -> Result<(&str, &[u8]), Malformed> {
    let mut from = Reader::new(bytes);
    let size = match from.byte()? {
        head @ 0xa0..=0xbf => usize::from(head & 0x1f),
        0xd9 => from.length(1, 32)?,
        0xda => from.length(2, 0x100)?,
        0xdb => from.length(4, 0x1_0000)?,
        _ => return Err(Malformed("no text stands where one must")),
    };
    let taken = std::str::from_utf8(from.take(size)?);
    let text = taken.map_err(|_| Malformed("a text is not UTF-8"))?;
    Ok((text, from.rest))
}

pub(crate) const TRUNCATED: Malformed = Malformed("the bytes end before the message does");
pub(crate) const OUT_OF_RANGE: Malformed = Malformed("a number is out of its field's range");
const NOT_SHORTEST: Malformed = Malformed("not the canonical encoding: longer forms");
