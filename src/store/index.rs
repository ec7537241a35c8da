//! The metadata cache: titles of many templates without opening one.
//!
//! One file per library, read whole in one go. It may be deleted at any time: whatever is wrong
//! with it, it counts as absent. A record holds only as long as the stamp of its file.

use super::scan::Stamp;

/// First bytes of a cache; the number changes with the format or with what labels are made of.
const MAGIC: &[u8] = b"copydesk templates 1\n";
/// Length that stands for "absent".
const NONE: u32 = u32::MAX;

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
pub(super) struct Writer(Vec<u8>);

impl Writer {
    /// An index of about `records` records.
    pub(super) fn new(records: usize) -> Self {
        let mut bytes = Vec::with_capacity(64 + records * 128);
        bytes.extend_from_slice(MAGIC);
        bytes.extend_from_slice(&[0; 8]);
        Self(bytes)
    }

    /// Adds a record.
    pub(super) fn push(&mut self, name: &str, stamp: Stamp, label: &Label) {
        for number in [stamp.written, stamp.changed, stamp.size] {
            self.0.extend_from_slice(&number.to_le_bytes());
        }
        self.text(name);
        self.text(&label.title);
        self.text(&label.description);
        self.0
            .extend_from_slice(&(label.tags.len() as u32).to_le_bytes());
        for tag in &label.tags {
            self.text(tag);
        }
        match &label.problem {
            Some(problem) => self.text(problem),
            None => self.0.extend_from_slice(&NONE.to_le_bytes()),
        }
    }

    fn text(&mut self, text: &str) {
        self.0.extend_from_slice(&(text.len() as u32).to_le_bytes());
        self.0.extend_from_slice(text.as_bytes());
    }

    /// The bytes of the file.
    pub(super) fn finish(mut self) -> Vec<u8> {
        let start = MAGIC.len() + 8;
        let sum = checksum(&self.0[start..]).to_le_bytes();
        self.0[MAGIC.len()..start].copy_from_slice(&sum);
        self.0
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
pub(super) struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    /// The records of a file; none when it is damaged or of another version.
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        let records = bytes.strip_prefix(MAGIC).and_then(|rest| {
            let (sum, records) = rest.split_first_chunk::<8>()?;
            (u64::from_le_bytes(*sum) == checksum(records)).then_some(records)
        });
        Self(records.unwrap_or_default())
    }

    fn record(&mut self) -> Option<Record<'a>> {
        let stamp = Stamp {
            written: self.long()?,
            changed: self.long()?,
            size: self.long()?,
        };
        let name = self.text()??;
        let title = self.text()??.to_owned();
        let description = self.text()??.to_owned();
        let tags = (0..self.short()?)
            .map(|_| self.text()?.map(str::to_owned))
            .collect::<Option<Vec<_>>>()?;
        let problem = self.text()?.map(str::to_owned);
        let label = Label {
            title,
            description,
            tags,
            problem,
        };
        Some(Record { name, stamp, label })
    }

    fn long(&mut self) -> Option<u64> {
        let (number, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(u64::from_le_bytes(*number))
    }

    fn short(&mut self) -> Option<u32> {
        let (number, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(u32::from_le_bytes(*number))
    }

    /// A text; the outer `None` is the end of the file, the inner one an absent text.
    #[expect(
        clippy::option_option,
        reason = "damage and absence are different things"
    )]
    fn text(&mut self) -> Option<Option<&'a str>> {
        let length = self.short()?;
        if length == NONE {
            return Some(None);
        }
        let (text, rest) = self.0.split_at_checked(length as usize)?;
        self.0 = rest;
        std::str::from_utf8(text).ok().map(Some)
    }
}

impl<'a> Iterator for Reader<'a> {
    type Item = Record<'a>;

    fn next(&mut self) -> Option<Record<'a>> {
        self.record()
    }
}

/// FNV-1a over words of eight bytes: finds damage, not intent.
fn checksum(bytes: &[u8]) -> u64 {
    let (words, rest) = bytes.as_chunks::<8>();
    let words = words.iter().map(|word| u64::from_le_bytes(*word));
    words
        .chain(rest.iter().map(|byte| u64::from(*byte)))
        .fold(0xcbf2_9ce4_8422_2325, |sum: u64, word| {
            (sum ^ word).wrapping_mul(0x0100_0000_01b3).rotate_left(29)
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn written() -> Vec<u8> {
        let mut writer = Writer::new(2);
        for (name, problem) in [("a", None), ("b", Some("broken".to_owned()))] {
            let stamp = Stamp {
                written: 1,
                changed: 2,
                size: 3,
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
