//! The metadata cache: titles of many templates without opening one.
//!
//! One file per library, read whole in one go. It may be deleted at any time. A record holds only
//! as long as the stamp of its file.

use super::scan::Stamp;
use super::sheet::{Sheet, Strip};

/// First bytes of a cache; the number changes with the format or with what labels are made of.
const MAGIC: &[u8] = b"copydesk templates 2\n";

/// What a list shows of one template.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Label {
    /// Title, or empty.
    pub(super) title: String,
    /// Description, or empty.
    pub(super) description: String,
    /// Tags in order.
    pub(super) tags: Vec<String>,
    /// What is wrong with the file.
    pub(super) problem: Option<String>,
}

/// Writes an index, record by record, in the order of names.
pub(super) struct Writer(Sheet);

impl Writer {
    /// An index of about `records` records.
    pub(super) fn new(records: usize) -> Self {
        Self(Sheet::new(MAGIC, records * 128))
    }

    /// Adds a record.
    pub(super) fn push(&mut self, name: &str, stamp: Stamp, label: &Label) {
        stamp.write(&mut self.0);
        self.0.text(name);
        self.0.text(&label.title);
        self.0.text(&label.description);
        self.0.short(label.tags.len() as u32);
        for tag in &label.tags {
            self.0.text(tag);
        }
        self.0.maybe(label.problem.as_deref());
    }

    /// The bytes of the file.
    pub(super) fn finish(self) -> Vec<u8> {
        self.0.finish()
    }
}

/// One record, its name borrowed from the file.
pub(super) struct Record<'a> {
    /// Name of the template.
    pub(super) name: &'a str,
    /// Stamp of the file that the label was made of.
    pub(super) stamp: Stamp,
    /// What a list shows.
    pub(super) label: Label,
}

/// Reads the records of an index in order; ends at the first thing that is wrong.
pub(super) struct Reader<'a>(Strip<'a>);

impl<'a> Reader<'a> {
    /// The records of a file; none when it is damaged or of another version.
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self(Strip::of(bytes, MAGIC))
    }
}

impl<'a> Iterator for Reader<'a> {
    type Item = Record<'a>;

    fn next(&mut self) -> Option<Record<'a>> {
        let strip = &mut self.0;
        let stamp = Stamp::read(strip)?;
        let name = strip.text()?;
        let label = Label {
            title: strip.text()?.to_owned(),
            description: strip.text()?.to_owned(),
            tags: (0..strip.short()?)
                .map(|_| strip.text().map(str::to_owned))
                .collect::<Option<Vec<_>>>()?,
            problem: strip.maybe()?.map(str::to_owned),
        };
        Some(Record { name, stamp, label })
    }
}

#[cfg(test)]
mod tests {
    use super::super::sheet::checksum;
    use super::*;
    use proptest::prelude::*;

    fn written() -> Vec<u8> {
        let mut writer = Writer::new(2);
        for (name, problem) in [("a", None), ("b", Some("broken".to_owned()))] {
            let stamp = Stamp {
                written: 1,
                changed: 2,
                size: 3,
                inode: 4,
            };
            let label = Label {
                title: "Title".into(),
                description: String::new(),
                tags: vec!["x".into(), "y".into()],
                problem,
            };
            writer.push(name, stamp, &label);
        }
        writer.finish()
    }

    #[test]
    fn records_read_back() {
        let bytes = written();
        let records: Vec<_> = Reader::new(&bytes).collect();
        assert_eq!(records.len(), 2);
        assert_eq!((records[1].name, records[1].stamp.size), ("b", 3));
        assert_eq!(records[0].label.tags, ["x", "y"]);
        assert_eq!(records[1].label.problem.as_deref(), Some("broken"));
    }

    proptest! {
        #[test]
        fn any_damage_makes_it_absent(at in any::<prop::sample::Index>(), bit in 0..8_u8, cut in any::<bool>()) {
            let mut bytes = written();
            let at = at.index(bytes.len());
            if cut {
                bytes.truncate(at);
            } else {
                bytes[at] ^= 1 << bit;
            }
            prop_assert_eq!(Reader::new(&bytes).count(), 0);
        }

        #[test]
        fn any_bytes_are_survived(bytes in any::<Vec<u8>>()) {
            let mut forged = MAGIC.to_vec();
            forged.extend_from_slice(&checksum(&bytes).to_le_bytes());
            forged.extend_from_slice(&bytes);
            prop_assert!(Reader::new(&forged).count() <= bytes.len());
            prop_assert_eq!(Reader::new(&bytes).count(), 0);
        }
    }
}
