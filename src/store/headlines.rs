//! The metadata cache of drafts: what lists and searches need to know without opening a file.
//!
//! One file per library in the cache folder, newest draft first, read whole in one go, with a
//! signature of each text, which spares a search most files. It may be deleted at any time, and one
//! that is damaged is made anew. A record holds only as long as the stamp of its file.

use super::drafts::Headline;
use super::scan::{self, Stamp};
use super::sheet::{Sheet, Strip};
use super::{Paths, atomic, fingerprint, read};
use jiff::Timestamp;
use std::borrow::Cow;
use std::path::{Path, PathBuf};

/// First bytes of a cache; the number changes with the format or with what headlines are made of.
const MARK: &[u8] = b"copydesk drafts 3\n";
/// Largest metadata cache in bytes.
const MOST: u64 = 512 * 1024 * 1024;
/// Fewer drafts than this are read faster than a cache is kept.
pub(super) const WORTH_A_CACHE: usize = 200;

/// Headlines of all drafts as bytes, newest first.
#[derive(Debug, Default)]
pub struct Roll {
    bytes: Vec<u8>,
    /// Folders that nobody looked into, and why. Never kept: they may be open tomorrow.
    pub(super) closed: Vec<String>,
}

impl Roll {
    /// What the cache knows; nothing when there is none, or it is damaged.
    pub(super) fn kept(paths: &Paths) -> Option<Self> {
        let bytes = read::bytes(&cache_file(paths), MOST).ok()?;
        Strip::sound(&bytes, MARK)?;
        Some(Self::from(bytes))
    }

    /// The roll of a list. What has no stamp is not to be kept.
    pub(super) fn of<'h>(lines: impl ExactSizeIterator<Item = Noted<'h>>) -> Self {
        let mut sheet = Sheet::new(MARK, lines.len() * 400);
        for line in lines {
            push(&mut sheet, line);
        }
        Self::from(sheet.finish())
    }

    /// Keeps it for the next start. Without it that is slower, not wrong.
    pub(super) fn keep(&self, paths: &Paths) {
        let over = atomic::Over::Anything;
        let _slower = atomic::save_within(&paths.cache, &cache_file(paths), &self.bytes, over);
    }

    /// Keeps the first page by itself, so that it can be shown before all is read.
    pub(super) fn keep_page(&self, paths: &Paths) {
        let over = atomic::Over::Anything;
        let _later = atomic::save_within(&paths.cache, &page_file(paths), &self.bytes, over);
    }

    /// The first page as it was kept.
    pub(super) fn page(paths: &Paths) -> Option<Self> {
        let bytes = read::bytes(&page_file(paths), MOST).ok()?;
        Strip::sound(&bytes, MARK)?;
        Some(Self::from(bytes))
    }

    /// Its records, newest first.
    pub(super) fn records(&self) -> Records<'_> {
        Records(Strip::again(&self.bytes, MARK))
    }
}

impl From<Vec<u8>> for Roll {
    fn from(bytes: Vec<u8>) -> Self {
        let closed = Vec::new();
        Self { bytes, closed }
    }
}

/// One cache per library.
pub(super) fn cache_file(paths: &Paths) -> PathBuf {
    let library = fingerprint(paths.drafts.as_os_str().as_encoded_bytes());
    paths.cache.join(format!("drafts-{}.index", &library[..16]))
}

fn page_file(paths: &Paths) -> PathBuf {
    cache_file(paths).with_extension("page")
}

/// A headline and the signature of the text, with the stamp that they hold for.
pub(super) struct Line<'k> {
    pub(super) stamp: Stamp,
    pub(super) signature: Cow<'k, [u8]>,
    pub(super) headline: Headline,
}

impl Line<'_> {
    pub(super) fn noted(&self) -> Noted<'_> {
        (self.stamp, &self.signature, &self.headline)
    }
}

/// What is noted of a draft: the stamp of its file, the signature of its text, its headline.
pub(super) type Noted<'h> = (Stamp, &'h [u8], &'h Headline);

fn push(sheet: &mut Sheet, (stamp, signature, headline): Noted<'_>) {
    // Whatever a headline says is kept, or a list from the cache would say less.
    let Headline {
        path: _,
        name,
        title,
        updated,
        template,
        id,
        status,
        model,
        tags,
        created,
        words,
        problem,
    } = headline;
    stamp.write(sheet);
    sheet.long(updated.as_second().cast_unsigned());
    sheet.short(updated.subsec_nanosecond().cast_unsigned());
    sheet.long(*words as u64);
    sheet.text(name);
    sheet.text(title);
    for text in [template, id, status, model, problem, created] {
        sheet.maybe(text.as_deref());
    }
    sheet.short(tags.len() as u32);
    for tag in tags {
        sheet.text(tag);
    }
    sheet.lump(signature);
}

/// What is known of one draft, borrowed from a roll.
#[derive(Debug, Clone, Copy)]
pub(super) struct Record<'r> {
    pub(super) stamp: Stamp,
    pub(super) name: &'r str,
    pub(super) title: &'r str,
    pub(super) updated: Timestamp,
    pub(super) template: Option<&'r str>,
    pub(super) status: Option<&'r str>,
    pub(super) model: Option<&'r str>,
    id: Option<&'r str>,
    problem: Option<&'r str>,
    created: Option<&'r str>,
    words: u64,
    tags: (u32, Strip<'r>),
    /// The signature of its text; empty for one that may say anything.
    pub(super) signature: &'r [u8],
}

impl<'r> Record<'r> {
    /// Its tags.
    pub(super) fn tags(&self) -> impl Iterator<Item = &'r str> + Clone + use<'r> {
        let (count, mut strip) = self.tags;
        (0..count).map_while(move |_| strip.text())
    }

    /// The headline of a draft below `root`.
    pub(super) fn headline(&self, root: &Path) -> Headline {
        let owned = |text: Option<&str>| text.map(str::to_owned);
        Headline {
            path: scan::file(root, self.name),
            name: self.name.to_owned(),
            title: self.title.to_owned(),
            updated: self.updated,
            template: owned(self.template),
            id: owned(self.id),
            status: owned(self.status),
            model: owned(self.model),
            tags: self.tags().map(str::to_owned).collect(),
            words: usize::try_from(self.words).unwrap_or(usize::MAX),
            problem: owned(self.problem),
            created: owned(self.created),
        }
    }
}

/// The records of a roll; they end at the first thing that is wrong.
pub(super) struct Records<'r>(Strip<'r>);

impl<'r> Iterator for Records<'r> {
    type Item = Record<'r>;

    fn next(&mut self) -> Option<Record<'r>> {
        let strip = &mut self.0;
        let stamp = Stamp::read(strip)?;
        let seconds = strip.long()?.cast_signed();
        let rest = strip.short()?.cast_signed();
        Some(Record {
            stamp,
            updated: Timestamp::new(seconds, rest).ok()?,
            words: strip.long()?,
            name: strip.text()?,
            title: strip.text()?,
            template: strip.maybe()?,
            id: strip.maybe()?,
            status: strip.maybe()?,
            model: strip.maybe()?,
            problem: strip.maybe()?,
            created: strip.maybe()?,
            tags: {
                let count = strip.short()?;
                let tags = *strip;
                for _ in 0..count {
                    strip.text()?;
                }
                (count, tags)
            },
            signature: strip.lump()?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::sheet::checksum;
    use super::*;
    use proptest::prelude::*;

    fn headline(name: &str) -> Headline {
        Headline {
            path: scan::file(Path::new("/drafts"), name),
            name: name.to_owned(),
            title: "Why ships sink".to_owned(),
            updated: "2026-11-23T10:00:00.5Z".parse().unwrap(),
            template: Some("blog-post".to_owned()),
            id: None,
            status: Some(String::new()),
            model: Some("luna".to_owned()),
            tags: vec!["a".to_owned(), "é".to_owned()],
            words: 812,
            created: Some("2026-11-20".to_owned()),
            problem: None,
        }
    }

    fn roll(headlines: &[Headline]) -> Roll {
        let stamp = Stamp {
            size: 3,
            ..Stamp::default()
        };
        Roll::of(
            headlines
                .iter()
                .map(|headline| (stamp, [7; 32].as_slice(), headline)),
        )
    }

    #[test]
    fn headlines_read_back() {
        let headlines = [headline("b"), headline("a/c")];
        let roll = roll(&headlines);
        let back: Vec<_> = roll
            .records()
            .map(|record| record.headline(Path::new("/drafts")))
            .collect();
        assert_eq!(back, headlines);
        let first = roll.records().next().unwrap();
        assert_eq!((first.stamp.size, first.signature), (3, [7; 32].as_slice()));
    }

    proptest! {
        #[test]
        fn any_damage_makes_it_absent(at in any::<prop::sample::Index>(), bit in 0..8_u8, cut in any::<bool>()) {
            let home = tempfile::tempdir().unwrap();
            let paths = Paths::below(home.path());
            let mut bytes = roll(&[headline("a"), headline("b")]).bytes;
            let at = at.index(bytes.len());
            if cut {
                bytes.truncate(at);
            } else {
                bytes[at] ^= 1 << bit;
            }
            atomic::save(&cache_file(&paths), &bytes).unwrap();
            prop_assert!(Roll::kept(&paths).is_none());
        }

        #[test]
        fn any_bytes_are_survived(bytes in any::<Vec<u8>>()) {
            let mut forged = MARK.to_vec();
            forged.extend_from_slice(&checksum(&bytes).to_le_bytes());
            forged.extend_from_slice(&bytes);
            prop_assert!(Roll::from(forged).records().count() <= bytes.len());
            prop_assert_eq!(Roll::from(bytes).records().count(), 0);
        }
    }
}
