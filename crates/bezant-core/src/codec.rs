//! The canonical bytes of commands, entries and events; strict at the door.
//!
//! `MessagePack` with shortest integers and no extra fields. What is not the shortest form, of the right
//! arity, in range and valid UTF-8 is refused as malformed; nothing is allocated before it was read.

use crate::ids::{ClientId, Number, OrderId, Seq, CLIENT_ID_SIZE_MAX, ID_MAX, NUMBER_MAX};
use crate::reader::{Reader, OUT_OF_RANGE, TRUNCATED};
use crate::writer::{
    put_array, put_bytes, put_int, put_nil, put_text, put_text_size, put_uint, Sink,
};

pub const FORMAT: u32 = 1; // Version of these bytes, in every journal row.
const FNV_OFFSET: u64 = 0xcbf2_9ce4_8422_2325;
const FNV_PRIME: u64 = 0x0100_0000_01b3;
const TEXT_LENGTH_MAX: usize = 256; // Of a client id in characters; longer never enters.
const NUMBER_SIZE_MAX: usize = 9;

/// The most bytes of an array's header and a tag.
pub const HEAD_SIZE_MAX: usize = 6;

/// Bytes that are not the canonical encoding of a known message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Malformed(pub &'static str);

/// What can stand in a message.
pub trait Wire: Sized {
    /// The most bytes that a value takes.
    const SIZE_MAX: usize;

    /// Writes the canonical bytes of the value.
    fn write<S: Sink>(&self, out: &mut S);

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
            #[inline(always)]
            pub fn read_fields(
                from: &mut $crate::reader::Reader<'_>,
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
            const SIZE_MAX: usize = $crate::codec::HEAD_SIZE_MAX
                $(.saturating_add(<$kind as $crate::codec::Wire>::SIZE_MAX))*;

            #[inline(always)]
            fn write<S: $crate::writer::Sink>(&self, out: &mut S) {
                $crate::writer::put_array(out, Self::COUNT);
                $($crate::writer::put_uint(out, $tag);)?
                $($crate::codec::Wire::write(&self.$field, out);)*
            }

            #[inline(always)]
            fn read(
                from: &mut $crate::reader::Reader<'_>,
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

macro_rules! wire_uint {
    ($($kind:ty),*) => {$(
        impl Wire for $kind {
            const SIZE_MAX: usize = NUMBER_SIZE_MAX;

            #[inline(always)]
            fn write<S: Sink>(&self, out: &mut S) {
                put_uint(out, u64::from(*self));
            }

            #[inline(always)]
            fn read(from: &mut Reader<'_>) -> Result<Self, Malformed> {
                <$kind>::try_from(from.uint()?).map_err(|_| OUT_OF_RANGE)
            }
        }
    )*};
}
wire_uint!(u8, u16, u32, u64);

impl Wire for i64 {
    const SIZE_MAX: usize = NUMBER_SIZE_MAX;

    #[inline(always)]
    fn write<S: Sink>(&self, out: &mut S) {
        put_int(out, *self);
    }

    #[inline(always)]
    fn read(from: &mut Reader<'_>) -> Result<Self, Malformed> {
        from.int()
    }
}

impl Wire for OrderId {
    const SIZE_MAX: usize = NUMBER_SIZE_MAX;

    #[inline(always)]
    fn write<S: Sink>(&self, out: &mut S) {
        put_uint(out, self.0);
    }

    #[inline(always)]
    fn read(from: &mut Reader<'_>) -> Result<Self, Malformed> {
        let value = from.uint()?;
        if value > ID_MAX {
            return Err(OUT_OF_RANGE);
        }
        Ok(Self(value))
    }
}

impl Wire for Number {
    const SIZE_MAX: usize = NUMBER_SIZE_MAX;

    #[inline(always)]
    fn write<S: Sink>(&self, out: &mut S) {
        put_uint(out, self.0);
    }

    #[inline(always)]
    fn read(from: &mut Reader<'_>) -> Result<Self, Malformed> {
        let value = from.uint()?;
        if value > NUMBER_MAX {
            return Err(OUT_OF_RANGE);
        }
        Ok(Self(value))
    }
}

impl Wire for bool {
    const SIZE_MAX: usize = 1;

    #[inline(always)]
    fn write<S: Sink>(&self, out: &mut S) {
        out.push(if *self { 0xc3 } else { 0xc2 });
    }

    #[inline(always)]
    fn read(from: &mut Reader<'_>) -> Result<Self, Malformed> {
        match from.byte()? {
            0xc2 => Ok(false),
            0xc3 => Ok(true),
            _ => Err(Malformed("no boolean stands where one must")),
        }
    }
}

impl Wire for ClientId {
    const SIZE_MAX: usize = 2 + CLIENT_ID_SIZE_MAX;

    #[inline(always)]
    fn write<S: Sink>(&self, out: &mut S) {
        let (bytes, size) = self.padded();
        put_text_size(out, size);
        out.put_first(bytes, size);
    }

    #[inline(always)]
    fn read(from: &mut Reader<'_>) -> Result<Self, Malformed> {
        let text = from.text()?;
        if text.is_empty() {
            return Ok(Self::EMPTY);
        }
        if text.len() > TEXT_LENGTH_MAX && text.chars().count() > TEXT_LENGTH_MAX {
            return Err(Malformed("a client id has over 256 characters"));
        }
        Ok(Self::new(text))
    }
}

impl Wire for Text {
    const SIZE_MAX: usize = usize::MAX;

    fn write<S: Sink>(&self, out: &mut S) {
        put_text(out, self.0.as_bytes());
    }

    fn read(from: &mut Reader<'_>) -> Result<Self, Malformed> {
        Ok(Self(from.text()?.to_owned()))
    }
}

impl Wire for [u8; 32] {
    const SIZE_MAX: usize = 2 + 32;

    fn write<S: Sink>(&self, out: &mut S) {
        put_bytes(out, self);
    }

    fn read(from: &mut Reader<'_>) -> Result<Self, Malformed> {
        from.bytes()?
            .try_into()
            .map_err(|_| Malformed("a digest has 32 bytes"))
    }
}

impl Wire for Wide {
    const SIZE_MAX: usize = 2 + 16;

    fn write<S: Sink>(&self, out: &mut S) {
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
    const SIZE_MAX: usize = T::SIZE_MAX;

    #[inline(always)]
    fn write<S: Sink>(&self, out: &mut S) {
        match self {
            Some(value) => value.write(out),
            None => put_nil(out),
        }
    }

    #[inline(always)]
    fn read(from: &mut Reader<'_>) -> Result<Self, Malformed> {
        if from.is_nil()? {
            return Ok(None);
        }
        T::read(from).map(Some)
    }
}

impl<T: Wire> Wire for Vec<T> {
    const SIZE_MAX: usize = usize::MAX;

    fn write<S: Sink>(&self, out: &mut S) {
        put_array(out, self.len());
        for value in self {
            value.write(out);
        }
    }

    fn read(from: &mut Reader<'_>) -> Result<Self, Malformed> {
        let count = from.array()?;
        if count > from.rest().len() {
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
#[inline(always)]
pub fn put_outcome_head<S: Sink>(out: &mut S, seq: Seq, code: u32, event_count: usize) {
    put_array(out, 3);
    put_uint(out, seq);
    put_uint(out, u64::from(code));
    put_array(out, event_count);
}
