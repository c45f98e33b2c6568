//! Bytes in the making: numbers, texts and arrays in their shortest form (`MessagePack`).

const ROOM_MASK: usize = 511;

/// The most bytes of one message that is written into a `Room`.
pub const ROOM_SIZE: usize = ROOM_MASK + 1;

const SPARE: usize = 40; // What a write may touch beyond the bytes that it leaves.
const NUMBER_SPARE: usize = 9;

/// Where bytes go.
pub trait Sink {
    /// Writes one byte.
    fn push(&mut self, byte: u8);

    /// Writes `size` bytes: a head and the first of the others.
    fn put(&mut self, head: u8, bytes: [u8; 8], size: u8);

    /// Writes the first bytes of an array of at most 40.
    fn put_first<const N: usize>(&mut self, bytes: &[u8; N], size: usize);

    /// Writes bytes.
    fn extend_from_slice(&mut self, bytes: &[u8]);
}

/// Bytes in the making. There is always room behind them, so that a number is written whole.
#[derive(Clone, Debug, Default)]
pub struct Writer {
    bytes: Vec<u8>, // What is written, and room.
    size: usize,
}

impl Writer {
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

    /// Lets one message of bounded size be written into room behind what is written; returns its size.
    #[inline(always)]
    pub fn put_in_room(&mut self, write: impl FnOnce(&mut Room<'_>)) -> usize {
        if self.bytes.len() - self.size < ROOM_SIZE + SPARE {
            self.grow(ROOM_SIZE + SPARE);
        }
        let place = self.bytes[self.size..].first_chunk_mut();
        let mut room = Room {
            bytes: place.expect("there is room"),
            size: 0,
        };
        write(&mut room);
        let size = room.size;
        self.size += size;
        size
    }

    /// Puts a byte over one that is written.
    #[inline(always)]
    pub fn set(&mut self, place: usize, byte: u8) {
        self.bytes[place] = byte;
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

    #[cold]
    #[inline(never)]
    fn grow(&mut self, least: usize) {
        let size = (2 * self.bytes.len()).max(self.size + least);
        self.bytes.resize(size, 0);
    }
}

impl Sink for Writer {
    #[inline]
    fn push(&mut self, byte: u8) {
        if self.bytes.len() == self.size {
            self.grow(SPARE);
        }
        self.bytes[self.size] = byte;
        self.size += 1;
    }

    #[inline]
    fn put(&mut self, head: u8, bytes: [u8; 8], size: u8) {
        if self.bytes.len() - self.size < NUMBER_SPARE {
            self.grow(SPARE);
        }
        let place = &mut self.bytes[self.size..self.size + NUMBER_SPARE];
        place[0] = head;
        place[1..].copy_from_slice(&bytes);
        self.size += usize::from(size);
    }

    #[inline]
    fn put_first<const N: usize>(&mut self, bytes: &[u8; N], size: usize) {
        self.extend_from_slice(&bytes[..size]);
    }

    #[inline]
    fn extend_from_slice(&mut self, bytes: &[u8]) {
        if self.bytes.len() - self.size < bytes.len() {
            self.grow(bytes.len());
        }
        self.bytes[self.size..self.size + bytes.len()].copy_from_slice(bytes);
        self.size += bytes.len();
    }
}

/// Room for one message: all its places are known to be there, so that no write asks for them.
///
/// A message is never larger (`Wire::SIZE_MAX` says so when the program is compiled).
#[derive(Debug)]
pub struct Room<'a> {
    bytes: &'a mut [u8; ROOM_SIZE + SPARE],
    size: usize,
}

impl Sink for Room<'_> {
    #[inline(always)]
    fn push(&mut self, byte: u8) {
        self.bytes[self.size & ROOM_MASK] = byte;
        self.size += 1;
    }

    #[inline(always)]
    fn put(&mut self, head: u8, bytes: [u8; 8], size: u8) {
        let place = &mut self.bytes[self.size & ROOM_MASK..][..NUMBER_SPARE];
        place[0] = head;
        place[1..].copy_from_slice(&bytes);
        self.size += usize::from(size);
    }

    #[inline(always)]
    fn put_first<const N: usize>(&mut self, bytes: &[u8; N], size: usize) {
        const { assert!(N <= SPARE, "a write stays within the room") }
        self.bytes[self.size & ROOM_MASK..][..N].copy_from_slice(bytes);
        self.size += size;
    }

    #[inline(always)]
    fn extend_from_slice(&mut self, bytes: &[u8]) {
        let start = self.size & ROOM_MASK;
        self.bytes[start..start + bytes.len()].copy_from_slice(bytes);
        self.size += bytes.len();
    }
}

const SMALL_MAX: u64 = 0x7f; // What is its own only byte.

/// How a larger number is written: after which head, shifted how far to the left, and in how many
/// bytes with the head.
#[derive(Clone, Copy)]
struct Form {
    head: u8,
    shift: u8,
    size: u8,
}

const FORMS: [Form; 64] = {
    let mut forms = [Form {
        head: 0xcc,
        shift: 56,
        size: 2,
    }; 64]; // By the place of the highest bit.
    let mut bit = 8;
    while bit < 64 {
        let (head, shift, size) = match bit {
            8..=15 => (0xcd, 48, 3),
            16..=31 => (0xce, 32, 5),
            _ => (0xcf, 0, 9),
        };
        forms[bit] = Form { head, shift, size };
        bit += 1;
    }
    forms
};

/// Writes a number that is not negative.
#[inline(always)]
pub fn put_uint<S: Sink>(out: &mut S, value: u64) {
    if value <= SMALL_MAX {
        return out.push(value.to_le_bytes()[0]);
    }
    let form = FORMS[value.ilog2() as usize];
    let left = value << (form.shift & 63);
    out.put(form.head, left.to_be_bytes(), form.size);
}

/// Writes a number of any sign.
#[inline(always)]
pub fn put_int<S: Sink>(out: &mut S, value: i64) {
    if value >= 0 {
        return put_uint(out, value.unsigned_abs());
    }
    let (bytes, size) = negative(value);
    out.put_first(&bytes, size);
}

/// Returns the bytes of a negative number, and how many of them count.
#[cold]
#[inline(never)]
fn negative(value: i64) -> ([u8; NUMBER_SPARE], usize) {
    let (head, size) = match value {
        -0x80..=-0x21 => (0xd0, 1),
        -0x8000..=-0x81 => (0xd1, 2),
        -0x8000_0000..=-0x8001 => (0xd2, 4),
        i64::MIN..=-0x8000_0001 => (0xd3, 8),
        _ => (value.to_le_bytes()[0], 0),
    };
    let mut bytes = [0; NUMBER_SPARE];
    bytes[0] = head;
    bytes[1..=size].copy_from_slice(&value.to_be_bytes()[8 - size..]);
    (bytes, 1 + size)
}

/// What the header of an array of fewer than `SHORT_COUNT` values has beside their count.
pub const SHORT_ARRAY: u8 = 0x90;
pub const SHORT_COUNT: usize = 16;

/// Writes the header of an array.
#[inline(always)]
pub fn put_array<S: Sink>(out: &mut S, count: usize) {
    let [_, _, _, _, e, f, g, h] = (count as u64).to_be_bytes();
    if count < SHORT_COUNT {
        out.push(SHORT_ARRAY | h);
    } else if count < 0x1_0000 {
        out.extend_from_slice(&[0xdc, g, h]);
    } else {
        out.extend_from_slice(&[0xdd, e, f, g, h]);
    }
}

/// Writes that there is no value.
pub fn put_nil<S: Sink>(out: &mut S) {
    out.push(0xc0);
}

/// Writes bytes.
pub fn put_bytes<S: Sink>(out: &mut S, bytes: &[u8]) {
    put_size(out, bytes.len(), [0xc4, 0xc5, 0xc6]);
    out.extend_from_slice(bytes);
}

/// Writes a text.
#[inline]
pub fn put_text<S: Sink>(out: &mut S, text: &[u8]) {
    put_text_size(out, text.len());
    out.extend_from_slice(text);
}

/// Writes the header of a text of so many bytes.
#[inline(always)]
pub fn put_text_size<S: Sink>(out: &mut S, size: usize) {
    if size < 32 {
        out.push(0xa0 | size.to_le_bytes()[0]);
    } else {
        put_size(out, size, [0xd9, 0xda, 0xdb]);
    }
}

fn put_size<S: Sink>(out: &mut S, size: usize, heads: [u8; 3]) {
    let [_, _, _, _, e, f, g, h] = (size as u64).to_be_bytes();
    if size < 0x100 {
        out.extend_from_slice(&[heads[0], h]);
    } else if size < 0x1_0000 {
        out.extend_from_slice(&[heads[1], g, h]);
    } else {
        out.extend_from_slice(&[heads[2], e, f, g, h]);
    }
}
