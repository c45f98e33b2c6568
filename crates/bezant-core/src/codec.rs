//! The canonical bytes of commands, entries and events; strict at the door.
//!
//! `MessagePack` with shortest integers and no extra fields. What is not the shortest form, of the right
//! arity, in range and valid UTF-8 is refused as malformed; nothing is allocated before it was read.

use crate::ids::{ClientId, Number, OrderId, Seq, ID_MAX, NUMBER_MAX};

pub const FORMAT: u32 = 1; // Version of these bytes, in every journal row.
const FNV_OFFSET: u64 = 0xcbf2_9ce4_8422_2325;
const FNV_PRIME: u64 = 0x0100_0000_01b3;
const TEXT_LENGTH_MAX: usize = 256; // Of a client id in characters; longer never enters.

/// Bytes that are not the canonical encoding of a known message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Malformed(pub &'static str);

/// What can stand in a message.
pub trait Wire: Sized {
    /// Writes the canonical bytes of the value.
    fn write(&self, out: &mut Writer);

    /// Returns the value that stands next.
    ///
    /// # Errors
    /// If the bytes are not canonical.
    fn read(from: &mut Reader<'_>) -> Result<Self, Malformed>;
}

/// Declares messages: arrays of their fields, after their tag if they have one.
macro_rules! messages {
    ($($(#[$meta:meta])* $name:ident $(= $tag:literal)? { $($field:ident: $kind:ty,)* })*) => {$(
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub struct $name { $(pub $field: $kind,)* }

        impl $name {
            $(pub const TAG: u64 = $tag;)?
            const COUNT: usize = [$(stringify!($tag),)? $(stringify!($field),)*].len();

            /// Returns the message whose array header and tag have been read.
            ///
            /// # Errors
            /// If the fields are not as many, or not what they must be.
            pub fn read_fields(
                from: &mut $crate::codec::Reader<'_>,
                count: usize,
            ) -> Result<Self, $crate::codec::Malformed> {
                if count != Self::COUNT {
                    return Err($crate::codec::Malformed("a message has another number of fields"));
                }
                let _ = &from;
                Ok(Self { $($field: $crate::codec::Wire::read(from)?,)* })
            }
        }

        impl $crate::codec::Wire for $name {
            #[inline]
            fn write(&self, out: &mut $crate::codec::Writer) {
                $crate::codec::put_array(out, Self::COUNT);
                $($crate::codec::put_uint(out, $tag);)?
                $($crate::codec::Wire::write(&self.$field, out);)*
            }

            #[inline]
            fn read(
                from: &mut $crate::codec::Reader<'_>,
            ) -> Result<Self, $crate::codec::Malformed> {
                let count = from.array()?;
                $(if from.uint()? != $tag {
                    return Err($crate::codec::Malformed("a message has another tag"));
                })?
                Self::read_fields(from, count)
            }
        }
    )*};
}
pub(crate) use messages;

/// A signed 128-bit value as 16 big-endian bytes, or empty where it says nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wide {
    size: u8,
    bytes: [u8; 16],
}

impl Wide {
    pub const NOTHING: Self = Self {
        size: 0,
        bytes: [0; 16],
    };

    /// Returns the bytes of a number.
    pub const fn new(number: i128) -> Self {
        Self {
            size: 16,
            bytes: number.to_be_bytes(),
        }
    }

    /// Returns the number, None where there is none.
    pub const fn number(&self) -> Option<i128> {
        if self.size == 16 {
            Some(i128::from_be_bytes(self.bytes))
        } else {
            None
        }
    }
}

/// A text of an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text(pub String);

/// Returns the 64-bit FNV-1a of a command's canonical bytes (L3.1; <http://www.isthe.com/chongo>).
pub fn content_hash(raw: &[u8]) -> u64 {
    let mut digest = FNV_OFFSET;
    for byte in raw {
        digest = (digest ^ u64::from(*byte)).wrapping_mul(FNV_PRIME);
    }
    digest
}

/// Bytes in the making. There is always room behind them, so that a number is written whole.
#[derive(Clone, Debug, Default)]
pub struct Writer {
    bytes: Vec<u8>, // What is written, and room.
    size: usize,
}

impl Writer {
    /// Returns an empty writer with room for so many bytes.
    pub fn with_room(size: usize) -> Self {
        Self {
            bytes: vec![0; size],
            size: 0,
        }
    }

    /// Returns how many bytes are written.
    pub const fn len(&self) -> usize {
        self.size
    }

    /// Returns whether nothing is written.
    pub const fn is_empty(&self) -> bool {
        self.size == 0
    }

    /// Takes back what is written; the room stays.
    pub fn clear(&mut self) {
        self.size = 0;
    }

    /// Returns what is written.
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes[..self.size]
    }

    /// Returns what is written, without the room.
    pub fn into_bytes(mut self) -> Vec<u8> {
        self.bytes.truncate(self.size);
        self.bytes
    }

    /// Writes one byte.
    #[inline(always)]
    pub fn push(&mut self, byte: u8) {
        if let Some(place) = self.bytes.get_mut(self.size) {
            *place = byte;
        } else {
            self.grow(1);
            self.bytes[self.size] = byte;
        }
        self.size = self.size.wrapping_add(1);
    }

    /// Writes bytes.
    #[inline]
    pub fn extend_from_slice(&mut self, bytes: &[u8]) {
        if self.bytes.len() - self.size < bytes.len() {
            self.grow(bytes.len());
        }
        self.bytes[self.size..self.size + bytes.len()].copy_from_slice(bytes);
        self.size += bytes.len();
    }

    /// Puts bytes over those that begin at a place, of which there are `old`.
    pub fn replace(&mut self, place: usize, old: usize, bytes: &[u8]) {
        if bytes.len() != old {
            self.extend_from_slice(bytes);
            self.bytes
                .copy_within(place + old..self.size - bytes.len(), place + bytes.len());
            self.size -= old;
        }
        self.bytes[place..place + bytes.len()].copy_from_slice(bytes);
    }

    /// Writes a head and the first `size` of eight bytes.
    #[inline]
    fn put(&mut self, head: u8, bytes: [u8; 8], size: u8) {
        if self.bytes.len() - self.size < 9 {
            self.grow(9);
        }
        let place = &mut self.bytes[self.size..self.size + 9];
        place[0] = head;
        place[1..].copy_from_slice(&bytes);
        self.size += 1 + usize::from(size);
    }

    #[cold]
    #[inline(never)]
    fn grow(&mut self, least: usize) {
        let size = (2 * self.bytes.len()).max(self.size + least).max(ROOM_MIN);
        self.bytes.resize(size, 0);
    }
}

const ROOM_MIN: usize = 64;
const SMALL_MAX: u64 = 0x7f; // What is its own only byte.

/// How numbers of so many bits are written: in how many bytes, after which head.
const FORMS: [(u8, u8); 65] = {
    let mut forms = [(0, 0); 65];
    let mut bits = 0;
    while bits <= 64 {
        forms[bits] = match bits {
            0..=8 => (1, 0xcc),
            9..=16 => (2, 0xcd),
            17..=32 => (4, 0xce),
            _ => (8, 0xcf),
        };
        bits += 1;
    }
    forms
};

/// Writes a number that is not negative.
#[inline(always)]
pub fn put_uint(out: &mut Writer, value: u64) {
    if value <= SMALL_MAX {
        out.push(value.to_le_bytes()[0]);
    } else {
        put_long(out, value);
    }
}

#[inline(never)]
fn put_long(out: &mut Writer, value: u64) {
    let (size, head) = FORMS[64 - value.leading_zeros() as usize];
    let left = value << (64 - 8 * u32::from(size));
    out.put(head, left.to_be_bytes(), size);
}

/// Writes a number of any sign.
#[inline]
pub fn put_int(out: &mut Writer, value: i64) {
    if value >= 0 {
        return put_uint(out, value.unsigned_abs());
    }
    put_negative(out, value);
}

#[cold]
fn put_negative(out: &mut Writer, value: i64) {
    let [_, _, _, _, e, f, g, h] = value.to_be_bytes();
    if value >= -0x20 {
        out.push(h);
    } else if value >= -0x80 {
        out.extend_from_slice(&[0xd0, h]);
    } else if value >= -0x8000 {
        out.extend_from_slice(&[0xd1, g, h]);
    } else if value >= -0x8000_0000 {
        out.extend_from_slice(&[0xd2, e, f, g, h]);
    } else {
        out.push(0xd3);
        out.extend_from_slice(&value.to_be_bytes());
    }
}

/// Writes the header of an array.
#[inline]
pub fn put_array(out: &mut Writer, count: usize) {
    let [_, _, _, _, e, f, g, h] = (count as u64).to_be_bytes();
    if count < 16 {
        out.push(0x90 | h);
    } else if count < 0x1_0000 {
        out.extend_from_slice(&[0xdc, g, h]);
    } else {
        out.extend_from_slice(&[0xdd, e, f, g, h]);
    }
}

/// Writes that there is no value.
pub fn put_nil(out: &mut Writer) {
    out.push(0xc0);
}

/// Writes bytes.
pub fn put_bytes(out: &mut Writer, bytes: &[u8]) {
    put_size(out, bytes.len(), [0xc4, 0xc5, 0xc6]);
    out.extend_from_slice(bytes);
}

/// Writes a text.
#[inline]
pub fn put_text(out: &mut Writer, text: &[u8]) {
    if text.len() < 32 {
        out.push(0xa0 | text.len().to_be_bytes()[7]);
    } else {
        put_size(out, text.len(), [0xd9, 0xda, 0xdb]);
    }
    out.extend_from_slice(text);
}

fn put_size(out: &mut Writer, size: usize, heads: [u8; 3]) {
    let [_, _, _, _, e, f, g, h] = (size as u64).to_be_bytes();
    if size < 0x100 {
        out.extend_from_slice(&[heads[0], h]);
    } else if size < 0x1_0000 {
        out.extend_from_slice(&[heads[1], g, h]);
    } else {
        out.extend_from_slice(&[heads[2], e, f, g, h]);
    }
}

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
    #[inline]
    pub fn array(&mut self) -> Result<usize, Malformed> {
        let head = self.byte()?;
        if head & 0xf0 == 0x90 {
            return Ok(usize::from(head & 0x0f));
        }
        let (size, least) = match head {
            0xdc => (2, 16),
            0xdd => (4, 0x1_0000),
            _ => return Err(Malformed("no array stands where one must")),
        };
        self.length(size, least)
    }

    /// Returns the number that stands next and is not negative.
    ///
    /// # Errors
    /// If there is none in its shortest form.
    #[inline(always)]
    pub fn uint(&mut self) -> Result<u64, Malformed> {
        let head = self.byte()?;
        if head < 0x80 {
            return Ok(u64::from(head));
        }
        self.long_uint(head)
    }

    #[inline(never)]
    fn long_uint(&mut self, head: u8) -> Result<u64, Malformed> {
        let (size, least) = match head {
            0xcc => (1, 0x80),
            0xcd => (2, 0x100),
            0xce => (4, 0x1_0000),
            0xcf => (8, 0x1_0000_0000),
            _ => return Err(Malformed("no number in range stands where one must")),
        };
        self.number(size, least)
    }

    /// Returns the number that stands next.
    ///
    /// # Errors
    /// If there is none in its shortest form, or it is beyond 63 bits.
    #[inline(always)]
    pub fn int(&mut self) -> Result<i64, Malformed> {
        let head = self.byte()?;
        if head < 0x80 {
            return Ok(i64::from(head));
        }
        if head >= 0xd0 {
            return self.negative(head);
        }
        i64::try_from(self.long_uint(head)?).map_err(|_| OUT_OF_RANGE)
    }

    #[cold]
    fn negative(&mut self, head: u8) -> Result<i64, Malformed> {
        let (size, least) = match head {
            0xe0..=0xff => return Ok(i64::from(i8::from_be_bytes([head]))),
            0xd0 => (1, -0x21),
            0xd1 => (2, -0x81),
            0xd2 => (4, -0x8001),
            0xd3 => (8, -0x8000_0001),
            _ => return Err(Malformed("no number in range stands where one must")),
        };
        let mut bytes = [0xff; 8];
        bytes[8 - size..].copy_from_slice(self.take(size)?);
        let value = i64::from_be_bytes(bytes);
        let is_negative = bytes[8 - size] & 0x80 != 0;
        if is_negative && value <= least {
            return Ok(value);
        }
        Err(NOT_SHORTEST)
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
    pub fn text(&mut self) -> Result<&'a str, Malformed> {
        let head = self.byte()?;
        let size = match head {
            0xa0..=0xbf => usize::from(head & 0x1f),
            0xd9 => self.length(1, 32)?,
            0xda => self.length(2, 0x100)?,
            0xdb => self.length(4, 0x1_0000)?,
            _ => return Err(Malformed("no text stands where one must")),
        };
        std::str::from_utf8(self.take(size)?).map_err(|_| Malformed("a text is not UTF-8"))
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

    #[inline(always)]
    fn byte(&mut self) -> Result<u8, Malformed> {
        let (first, rest) = self.rest.split_first().ok_or(TRUNCATED)?;
        self.rest = rest;
        Ok(*first)
    }

    #[inline]
    fn take(&mut self, size: usize) -> Result<&'a [u8], Malformed> {
        let (taken, rest) = self.rest.split_at_checked(size).ok_or(TRUNCATED)?;
        self.rest = rest;
        Ok(taken)
    }

    #[inline]
    fn number(&mut self, size: usize, least: u64) -> Result<u64, Malformed> {
        let value = if let Some(bytes) = self.rest.first_chunk() {
            self.rest = &self.rest[size..];
            u64::from_be_bytes(*bytes) >> (64 - 8 * size)
        } else {
            let mut bytes = [0; 8];
            bytes[8 - size..].copy_from_slice(self.take(size)?);
            u64::from_be_bytes(bytes)
        };
        if value < least {
            return Err(NOT_SHORTEST);
        }
        Ok(value)
    }

    fn length(&mut self, size: usize, least: u64) -> Result<usize, Malformed> {
        usize::try_from(self.number(size, least)?).map_err(|_| OUT_OF_RANGE)
    }
}

const TRUNCATED: Malformed = Malformed("the bytes end before the message does");
const OUT_OF_RANGE: Malformed = Malformed("a number is out of its field's range");
const NOT_SHORTEST: Malformed = Malformed("not the canonical encoding: longer forms");

macro_rules! wire_uint {
    ($($kind:ty),*) => {$(
        impl Wire for $kind {
            #[inline]
            fn write(&self, out: &mut Writer) {
                put_uint(out, u64::from(*self));
            }

            #[inline]
            fn read(from: &mut Reader<'_>) -> Result<Self, Malformed> {
                <$kind>::try_from(from.uint()?).map_err(|_| OUT_OF_RANGE)
            }
        }
    )*};
}
wire_uint!(u8, u16, u32, u64);

impl Wire for i64 {
    #[inline]
    fn write(&self, out: &mut Writer) {
        put_int(out, *self);
    }

    #[inline]
    fn read(from: &mut Reader<'_>) -> Result<Self, Malformed> {
        from.int()
    }
}

impl Wire for OrderId {
    #[inline]
    fn write(&self, out: &mut Writer) {
        put_uint(out, self.0);
    }

    #[inline]
    fn read(from: &mut Reader<'_>) -> Result<Self, Malformed> {
        let value = from.uint()?;
        if value > ID_MAX {
            return Err(OUT_OF_RANGE);
        }
        Ok(Self(value))
    }
}

impl Wire for Number {
    #[inline]
    fn write(&self, out: &mut Writer) {
        put_uint(out, self.0);
    }

    #[inline]
    fn read(from: &mut Reader<'_>) -> Result<Self, Malformed> {
        let value = from.uint()?;
        if value > NUMBER_MAX {
            return Err(OUT_OF_RANGE);
        }
        Ok(Self(value))
    }
}

impl Wire for bool {
    #[inline]
    fn write(&self, out: &mut Writer) {
        out.push(if *self { 0xc3 } else { 0xc2 });
    }

    #[inline]
    fn read(from: &mut Reader<'_>) -> Result<Self, Malformed> {
        match from.byte()? {
            0xc2 => Ok(false),
            0xc3 => Ok(true),
            _ => Err(Malformed("no boolean stands where one must")),
        }
    }
}

impl Wire for ClientId {
    #[inline]
    fn write(&self, out: &mut Writer) {
        put_text(out, self.as_bytes());
    }

    #[inline]
    fn read(from: &mut Reader<'_>) -> Result<Self, Malformed> {
        let text = from.text()?;
        if text.len() > TEXT_LENGTH_MAX && text.chars().count() > TEXT_LENGTH_MAX {
            return Err(Malformed("a client id has over 256 characters"));
        }
        Ok(Self::new(text))
    }
}

impl Wire for Text {
    fn write(&self, out: &mut Writer) {
        put_text(out, self.0.as_bytes());
    }

    fn read(from: &mut Reader<'_>) -> Result<Self, Malformed> {
        Ok(Self(from.text()?.to_owned()))
    }
}

impl Wire for [u8; 32] {
    fn write(&self, out: &mut Writer) {
        put_bytes(out, self);
    }

    fn read(from: &mut Reader<'_>) -> Result<Self, Malformed> {
        from.bytes()?
            .try_into()
            .map_err(|_| Malformed("a digest has 32 bytes"))
    }
}

impl Wire for Wide {
    fn write(&self, out: &mut Writer) {
        put_bytes(out, &self.bytes[..usize::from(self.size)]);
    }

    fn read(from: &mut Reader<'_>) -> Result<Self, Malformed> {
        let taken = from.bytes()?;
        let mut wide = Self::NOTHING;
        let place = wide.bytes.get_mut(..taken.len()).ok_or(OUT_OF_RANGE)?;
        place.copy_from_slice(taken);
        wide.size = u8::try_from(taken.len()).map_err(|_| OUT_OF_RANGE)?;
        Ok(wide)
    }
}

impl<T: Wire> Wire for Option<T> {
    #[inline]
    fn write(&self, out: &mut Writer) {
        match self {
            Some(value) => value.write(out),
            None => put_nil(out),
        }
    }

    #[inline]
    fn read(from: &mut Reader<'_>) -> Result<Self, Malformed> {
        if from.is_nil()? {
            return Ok(None);
        }
        T::read(from).map(Some)
    }
}

impl<T: Wire> Wire for Vec<T> {
    fn write(&self, out: &mut Writer) {
        put_array(out, self.len());
        for value in self {
            value.write(out);
        }
    }

    fn read(from: &mut Reader<'_>) -> Result<Self, Malformed> {
        let count = from.array()?;
        if count > from.rest.len() {
            return Err(TRUNCATED);
        }
        let mut values = Self::new();
        for _ in 0..count {
            values.push(T::read(from)?);
        }
        Ok(values)
    }
}

/// Writes the head of an outcome: `[seq, code, events]`, of which the events' bytes follow.
pub fn put_outcome_head(out: &mut Writer, seq: Seq, code: u32, event_count: usize) {
    put_array(out, 3);
    put_uint(out, seq);
    put_uint(out, u64::from(code));
    put_array(out, event_count);
}
