//! Files that a brief names: an image that goes along, or a text that is inserted.
//!
//! The brief holds paths, so that it can be sent again later; the prompt holds what they lead to.
//! Never reads a file: `store` does, when somebody asks for it.

use super::brief::{Brief, Value};
use super::image::{Image, Kind};
use super::template::{InputKind, Template};
use std::sync::Arc;

/// Most bytes of a text that is inserted, as many as a prompt may have.
pub const MAX_TEXT: u64 = 1024 * 1024;

/// What an input takes from a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    /// An image, which goes beside the text.
    Image,
    /// Its text.
    Text,
}

/// A file that a brief names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// The input it is the value of.
    pub input: String,
    /// Its path, as it was typed.
    pub path: String,
    /// What is wanted of it.
    pub wanted: Wanted,
}

/// What such a file holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Held {
    /// An image.
    Image(Image),
    /// A text.
    Text(Arc<str>),
}

/// What can be told of a file before it is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sight {
    /// Kind and size, as a person reads them.
    pub told: String,
    /// What of it the prompt can show already.
    pub what: Seen,
}

/// What is seen of a file before it is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Seen {
    /// An image of this kind; its bytes are read when it is sent.
    Image(Kind),
    /// A text.
    Text(Arc<str>),
}

impl Named {
    /// The file that an input takes, if its value names one.
    pub fn by(input: &str, kind: &InputKind, value: Option<&Value>) -> Option<Self> {
        let wanted = match kind {
            InputKind::Image => Wanted::Image,
            InputKind::File => Wanted::Text,
            _ => return None,
        };
        match value {
            Some(Value::Text(path)) if !path.trim().is_empty() => Some(Self {
                input: input.to_owned(),
                path: path.trim().to_owned(),
                wanted,
            }),
            _ => None,
        }
    }

    /// The last part of its path: where it lies is nobody's business.
    pub fn file_name(&self) -> &str {
        file_name(&self.path)
    }
}

impl Sight {
    /// An image of so many bytes.
    pub fn image(kind: Kind, bytes: u64) -> Self {
        Self {
            told: format!("{} image, {}", kind.name(), size(bytes as usize)),
            what: Seen::Image(kind),
        }
    }

    /// A text.
    pub fn text(text: String) -> Self {
        Self {
            told: format!("text, {}", size(text.len())),
            what: Seen::Text(text.into()),
        }
    }
}

/// The last part of a path.
pub(crate) fn file_name(path: &str) -> &str {
    path.rsplit(['/', '\\']).next().unwrap_or(path)
}

/// A size in the unit that suits it: `640 bytes`, `3.4 kB`, `1.2 MB`.
pub fn size(bytes: usize) -> String {
    match bytes as f64 {
        _ if bytes == 1 => "1 byte".to_owned(),
        _ if bytes < 1_000 => format!("{bytes} bytes"),
        few if bytes < 999_950 => format!("{:.1} kB", few / 1e3),
        many => format!("{:.1} MB", many / 1e6),
    }
}

/// The files that a brief names, in the order of the form.
pub fn named(template: &Template, brief: &Brief) -> Vec<Named> {
    let inputs = template.inputs.iter();
    inputs
        .filter_map(|input| Named::by(&input.name, &input.kind, brief.get(&input.name)))
        .collect()
}

/// A brief that has texts where it named their files, and the images that go along.
pub fn attached(brief: &Brief, held: &[(Named, Held)]) -> (Brief, Vec<Image>) {
    let mut brief = brief.clone();
    let mut images = Vec::new();
    for (named, held) in held {
        match held {
            Held::Image(image) => images.push(image.clone()),
            Held::Text(text) => brief.set(&named.input, Value::Text(text.to_string())),
        }
    }
    (brief, images)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_takes_the_place_of_its_path_and_an_image_goes_beside_it() {
        let source = "---\ninputs:\n  notes: {type: file}\n  photo: image\n  topic: {}\n---\n{{ notes }}{{ topic }}";
        let template = Template::parse("t", "t.md", source).unwrap();
        let mut brief = Brief::default();
        assert!(named(&template, &brief).is_empty());
        for (name, value) in [
            ("notes", " ~/n.txt "),
            ("photo", "a/b.gif"),
            ("topic", "x.txt"),
        ] {
            brief.set(name, Value::Text(value.to_owned()));
        }
        let named = named(&template, &brief);
        let paths: Vec<_> = named
            .iter()
            .map(|it| (it.path.as_str(), it.wanted))
            .collect();
        assert_eq!(
            paths,
            [("~/n.txt", Wanted::Text), ("a/b.gif", Wanted::Image)]
        );
        assert_eq!(named[1].file_name(), "b.gif");
        let image = Image::new("photo", b"GIF89a".to_vec()).unwrap();
        let held = [Held::Text("long".into()), Held::Image(image)];
        let held: Vec<_> = named.into_iter().zip(held).collect();
        let (filled, images) = attached(&brief, &held);
        assert_eq!(filled.get("notes"), Some(&Value::Text("long".to_owned())));
        assert_eq!(filled.get("photo"), brief.get("photo"));
        assert_eq!(images.len(), 1);
    }

    #[test]
    fn a_size_is_told_in_the_unit_that_suits_it() {
        for (bytes, told) in [
            (1, "1 byte"),
            (640, "640 bytes"),
            (3_400, "3.4 kB"),
            (999_960, "1.0 MB"),
            (20_000_000, "20.0 MB"),
        ] {
            assert_eq!(size(bytes), told);
        }
    }
}
