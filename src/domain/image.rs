//! Images that go to a model: which kinds may, told by their first bytes and not by a name.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::sync::Arc;

/// Most bytes of one image. Servers take about as much, and a prompt grows by a third in base64.
pub const MAX_IMAGE: u64 = 20 * 1024 * 1024;

/// The kinds of image that models read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// PNG.
    Png,
    /// JPEG.
    Jpeg,
    /// GIF.
    Gif,
    /// WebP.
    WebP,
}

impl Kind {
    /// The kind that the bytes begin as.
    pub fn sniffed(bytes: &[u8]) -> Option<Self> {
        match bytes {
            [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => Some(Self::Png),
            [0xff, 0xd8, 0xff, ..] => Some(Self::Jpeg),
            [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', ..] => Some(Self::Gif),
            [
                b'R',
                b'I',
                b'F',
                b'F',
                _,
                _,
                _,
                _,
                b'W',
                b'E',
                b'B',
                b'P',
                ..,
            ] => Some(Self::WebP),
            _ => None,
        }
    }

    /// What people call it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Png => "PNG",
            Self::Jpeg => "JPEG",
            Self::Gif => "GIF",
            Self::WebP => "WebP",
        }
    }

    /// Its media type.
    pub const fn mime(self) -> &'static str {
        match self {
            Self::Png => "image/png",
            Self::Jpeg => "image/jpeg",
            Self::Gif => "image/gif",
            Self::WebP => "image/webp",
        }
    }
}

/// An image that goes to a model. What is recorded of it has no bytes.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Image {
    /// What it is.
    pub kind: Kind,
    /// Its file's bytes.
    #[serde(skip)]
    pub bytes: Arc<[u8]>,
    /// The input it is the value of.
    pub input: String,
}

impl fmt::Debug for Image {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { kind, bytes, input } = self;
        write!(
            out,
            "Image({input}: {} bytes of {})",
            bytes.len(),
            kind.mime()
        )
    }
}

impl Image {
    /// An image whose bytes nobody has: it counts, and cannot be sent.
    pub fn unread(input: &str, kind: Kind) -> Self {
        Self {
            kind,
            bytes: Arc::from([]),
            input: input.to_owned(),
        }
    }

    /// Whether its bytes are not there.
    pub fn is_unread(&self) -> bool {
        self.bytes.is_empty()
    }

    /// Takes the bytes of a file for the value of an input; says why they are no image.
    pub fn new(input: &str, bytes: Vec<u8>) -> Result<Self, String> {
        Ok(Self {
            kind: told_by(bytes.get(..512).unwrap_or(&bytes))?,
            bytes: bytes.into(),
            input: input.to_owned(),
        })
    }
}

/// The kind that the first bytes of a file tell.
///
/// # Errors
/// Why it is no image that models read.
pub fn told_by(start: &[u8]) -> Result<Kind, String> {
    Kind::sniffed(start).ok_or_else(|| {
        let what = match start.trim_ascii_start() {
            [] => "it is empty",
            [b'<', ..] => "it is a page or a drawing in XML",
            [b'%', b'P', b'D', b'F', ..] => "it is a PDF",
            [b'I', b'I', ..] | [b'M', b'M', ..] => "it may be a TIFF",
            [_, _, _, _, b'f', b't', b'y', b'p', ..] => "it may be a HEIC, an AVIF or a film",
            _ => "its first bytes are those of none of them",
        };
        format!("it must be a PNG, JPEG, GIF or WebP image, and {what}")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bytes_tell_what_an_image_is() {
        for (bytes, kind) in [
            (&b"\x89PNG\r\n\x1a\nrest"[..], Some(Kind::Png)),
            (b"\xff\xd8\xff\xe0JFIF", Some(Kind::Jpeg)),
            (b"GIF87a..", Some(Kind::Gif)),
            (b"GIF89a..", Some(Kind::Gif)),
            (b"RIFF\x10\0\0\0WEBPVP8 ", Some(Kind::WebP)),
            (b"RIFF\x10\0\0\0WAVEfmt ", None),
            (b"\x89PNG", None),
            (b"GIF88a..", None),
            (b"", None),
        ] {
            assert_eq!(Kind::sniffed(bytes), kind, "{bytes:?}");
        }
    }

    #[test]
    fn what_is_no_image_is_told_as_what_it_looks_like() {
        for (bytes, says) in [
            (&b""[..], "it is empty"),
            (b"  <svg xmlns", "in XML"),
            (b"%PDF-1.7", "a PDF"),
            (b"\0\0\0\x18ftypheic", "HEIC"),
            (b"hello", "none of them"),
        ] {
            let why = Image::new("photo", bytes.to_vec()).unwrap_err();
            assert!(why.contains(says) && why.contains("PNG"), "{why}");
        }
    }

    #[test]
    fn an_image_is_not_spelt_out_in_logs() {
        let image = Image::new("photo", b"GIF89a0123456789".to_vec()).unwrap();
        assert_eq!(format!("{image:?}"), "Image(photo: 16 bytes of image/gif)");
    }
}
