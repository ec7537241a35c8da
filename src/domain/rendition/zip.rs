//! A zip file of a few texts, as a word document is one.
//!
//! Made whole in memory. The clock of the archive is fixed, so that the same text gives the same
//! bytes.

use flate2::write::DeflateEncoder;
use flate2::{Compression, Crc};
use std::io::Write;

/// 1980-01-01, the first day that the format knows.
const DAY: u16 = 0x21;
/// Version 2.0: folders and deflate.
const VERSION: u16 = 20;
/// Names are UTF-8.
const FLAGS: u16 = 1 << 11;

/// An archive of named texts, in this order.
pub(super) fn archive(entries: &[(&str, String)]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut directory = Vec::new();
    for (name, text) in entries {
        let (method, packed) = packed(text.as_bytes());
        let mut crc = Crc::new();
        crc.update(text.as_bytes());
        let mut head = Vec::new();
        for half in [VERSION, FLAGS, method, 0, DAY] {
            head.extend(half.to_le_bytes());
        }
        for word in [crc.sum(), packed.len() as u32, text.len() as u32] {
            head.extend(word.to_le_bytes());
        }
        for half in [name.len() as u16, 0] {
            head.extend(half.to_le_bytes());
        }
        let at = out.len() as u32;
        out.extend(b"PK\x03\x04");
        out.extend(&head);
        out.extend(name.as_bytes());
        out.extend(&packed);
        directory.extend(b"PK\x01\x02");
        directory.extend(VERSION.to_le_bytes());
        directory.extend(&head);
        // No comment, first disk, no attributes.
        directory.extend([0; 10]);
        directory.extend(at.to_le_bytes());
        directory.extend(name.as_bytes());
    }
    let (start, size) = (out.len() as u32, directory.len() as u32);
    let count = entries.len() as u16;
    out.extend(&directory);
    out.extend(b"PK\x05\x06");
    for half in [0, 0, count, count] {
        out.extend(half.to_le_bytes());
    }
    for word in [size, start] {
        out.extend(word.to_le_bytes());
    }
    out.extend([0; 2]);
    out
}

/// The bytes as they are kept, and how.
fn packed(bytes: &[u8]) -> (u16, Vec<u8>) {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::default());
    let done = encoder.write_all(bytes).and_then(|()| encoder.finish());
    // Memory takes everything; where it did not, the text itself is as good.
    done.map_or_else(|_| (0, bytes.to_vec()), |packed| (8, packed))
}
