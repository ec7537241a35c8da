//! The bytes of a cache: numbers and texts one after the other, behind a mark and a checksum.
//!
//! A cache may be deleted at any time: one that is damaged, cut off or of another version has no
//! bytes at all. Knows nothing of what the numbers and texts mean.

/// Length that stands for "absent".
const NONE: u32 = u32::MAX;

/// A cache that is being written.
#[derive(Debug)]
pub(super) struct Sheet {
    bytes: Vec<u8>,
    start: usize,
}

impl Sheet {
    /// An empty one with the mark of its kind and version, and room for about `room` bytes.
    pub(super) fn new(mark: &[u8], room: usize) -> Self {
        let mut bytes = Vec::with_capacity(mark.len() + 8 + room);
        bytes.extend_from_slice(mark);
        bytes.extend_from_slice(&[0; 8]);
        Self {
            start: bytes.len(),
            bytes,
        }
    }

    /// Adds a number.
    pub(super) fn long(&mut self, number: u64) {
        self.bytes.extend_from_slice(&number.to_le_bytes());
    }

    /// Adds a small number.
    pub(super) fn short(&mut self, number: u32) {
        self.bytes.extend_from_slice(&number.to_le_bytes());
    }

    /// Adds a text.
    pub(super) fn text(&mut self, text: &str) {
        self.short(text.len() as u32);
        self.bytes.extend_from_slice(text.as_bytes());
    }

    /// Adds bytes of whatever kind.
    pub(super) fn lump(&mut self, bytes: &[u8]) {
        self.short(bytes.len() as u32);
        self.bytes.extend_from_slice(bytes);
    }

    /// Adds a text that may be absent.
    pub(super) fn maybe(&mut self, text: Option<&str>) {
        match text {
            Some(text) => self.text(text),
            None => self.short(NONE),
        }
    }

    /// The bytes of the file.
    pub(super) fn finish(mut self) -> Vec<u8> {
        let sum = checksum(&self.bytes[self.start..]).to_le_bytes();
        self.bytes[self.start - 8..self.start].copy_from_slice(&sum);
        self.bytes
    }
}

/// What is left to read of a cache.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Strip<'a>(&'a [u8]);

impl<'a> Strip<'a> {
    /// What a file holds; nothing when it is damaged, or has another mark.
    pub(super) fn of(bytes: &'a [u8], mark: &[u8]) -> Self {
        Self::sound(bytes, mark).unwrap_or_default()
    }

    /// The same, where nothing is not the same as an empty one.
    pub(super) fn sound(bytes: &'a [u8], mark: &[u8]) -> Option<Self> {
        let (sum, held) = bytes.strip_prefix(mark)?.split_first_chunk::<8>()?;
        (u64::from_le_bytes(*sum) == checksum(held)).then_some(Self(held))
    }

    /// The same of bytes that were found sound before.
    pub(super) fn again(bytes: &'a [u8], mark: &[u8]) -> Self {
        Self(bytes.get(mark.len() + 8..).unwrap_or_default())
    }

    /// A number; `None` at the end, as with the others.
    pub(super) fn long(&mut self) -> Option<u64> {
        let (number, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(u64::from_le_bytes(*number))
    }

    /// A small number.
    pub(super) fn short(&mut self) -> Option<u32> {
        let (number, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(u32::from_le_bytes(*number))
    }

    /// A text that is there.
    pub(super) fn text(&mut self) -> Option<&'a str> {
        self.maybe()?
    }

    /// Bytes of whatever kind.
    pub(super) fn lump(&mut self) -> Option<&'a [u8]> {
        let length = self.short()?;
        let (bytes, rest) = self.0.split_at_checked(length as usize)?;
        self.0 = rest;
        Some(bytes)
    }

    /// A text; the outer `None` is the end of the file, the inner one an absent text.
    #[expect(
        clippy::option_option,
        reason = "damage and absence are different things"
    )]
    pub(super) fn maybe(&mut self) -> Option<Option<&'a str>> {
        let length = self.short()?;
        if length == NONE {
            return Some(None);
        }
        let (text, rest) = self.0.split_at_checked(length as usize)?;
        self.0 = rest;
        std::str::from_utf8(text).ok().map(Some)
    }
}

/// FNV-1a over words of eight bytes: finds damage, not intent.
pub(super) fn checksum(bytes: &[u8]) -> u64 {
    let (words, rest) = bytes.as_chunks::<8>();
    let words = words.iter().map(|word| u64::from_le_bytes(*word));
    words
        .chain(rest.iter().map(|byte| u64::from(*byte)))
        .fold(0xcbf2_9ce4_8422_2325, |sum: u64, word| {
            (sum ^ word).wrapping_mul(0x0100_0000_01b3).rotate_left(29)
        })
}
