//! Drafts on disk: kept under readable names, listed, found again, never overwritten unseen.
//!
//! The content hash of what was opened decides whether a save may replace the file.

use super::atomic::Over;
use super::files::{Kind, ReadOnly};
pub use super::headlines::Roll;
use super::headlines::{Line, Record, WORTH_A_CACHE};
use super::scan::{self, Found, Stamp, Walk};
use super::{Paths, StoreError, atomic, fingerprint, read, signature, within};
use crate::domain::draft::{Draft, slug};
use crate::domain::text::words;
use jiff::{Timestamp, Zoned, civil::Date};
use std::borrow::Cow;
use std::collections::HashMap;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

/// Largest draft in bytes.
pub(super) const MAX_DRAFT: u64 = 64 * 1024 * 1024;
/// Drafts on the first page of a list.
const PAGE: usize = 500;
/// The share of changed files that a cache may be behind before it is written again.
const SHARE: usize = 500;
/// Fewest characters of an id that find a draft.
const MIN_ID: usize = 4;

/// A draft as it was read.
#[derive(Debug, Clone, PartialEq)]
pub struct Opened {
    /// The draft.
    pub draft: Draft,
    /// Content hash of the file, for [`save`]; empty for one that is not there until it is saved.
    pub hash: String,
    /// Where it lies.
    pub path: PathBuf,
    /// Why it must not be saved over, if that is so: it would not come back byte for byte.
    pub read_only: Option<ReadOnly>,
    /// What it is; of anything but a draft all bytes are text.
    pub kind: Kind,
}

/// One line of the list of drafts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Headline {
    /// Where it lies.
    pub path: PathBuf,
    /// Name below `drafts/`, without extension.
    pub name: String,
    /// Title; the first words or the name where the file has none.
    pub title: String,
    /// When it was last saved, by its front matter or else by its file.
    pub updated: Timestamp,
    /// Name of the template it was made with.
    pub template: Option<String>,
    /// Its id.
    pub id: Option<String>,
    /// How far it is, in the person's words.
    pub status: Option<String>,
    /// The model that wrote it.
    pub model: Option<String>,
    /// Its tags.
    pub tags: Vec<String>,
    /// When it was begun, as its front matter has it.
    pub created: Option<String>,
    /// Words of the body.
    pub words: usize,
    /// What is wrong with the file, which is listed all the same.
    pub problem: Option<String>,
}

/// An id for a new draft; ids sort by time.
pub fn new_id() -> String {
    uuid::Uuid::now_v7().to_string()
}

/// Keeps a new draft as `drafts/2026-11-23-its-title.md`, under a name nothing else has.
pub fn save_new(paths: &Paths, draft: &Draft) -> Result<PathBuf, StoreError> {
    let created = draft.created().and_then(|time| time.get(..10));
    let date: Date = created
        .and_then(|date| date.parse().ok())
        .unwrap_or_else(|| Zoned::now().date());
    let title = draft.title().map_or_else(
        || Draft::title_from(draft.body(), "untitled"),
        str::to_owned,
    );
    let stem = format!("{date}-{}", slug(&title));
    let source = draft.to_source();
    atomic::create_new(
        &paths.library,
        &paths.drafts,
        (&stem, "md"),
        source.as_bytes(),
    )
}

/// Writes a draft over its file in the library and returns the new hash.
///
/// With the hash that was opened, a file that has become another one since is left alone and
/// [`StoreError::ChangedOutside`] returned; one that is gone is written again, and one that says
/// all of it already is not touched.
pub fn save(
    paths: &Paths,
    path: &Path,
    draft: &Draft,
    opened: Option<&str>,
) -> Result<String, StoreError> {
    let source = draft.to_source();
    let hash = fingerprint(source.as_bytes());
    if opened == Some(hash.as_str()) && is_still(path, &hash)? {
        return Ok(hash);
    }
    let over = opened.map_or(Over::Anything, |hash| Over::Only(hash, MAX_DRAFT));
    atomic::save_within(&paths.library, path, source.as_bytes(), over)?;
    Ok(hash)
}

/// Whether the file at `path` has this content; an error when it is there with another one.
pub(super) fn is_still(path: &Path, hash: &str) -> Result<bool, StoreError> {
    match read::bytes(path, MAX_DRAFT) {
        Ok(bytes) if fingerprint(&bytes) == hash => Ok(true),
        Ok(_) | Err(StoreError::TooLarge { .. }) => {
            let path = path.to_owned();
            Err(StoreError::ChangedOutside { path })
        }
        Err(StoreError::Read { cause, .. }) if cause.kind() == ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error),
    }
}

/// Opens a draft of the library; a link that leads out of it is an error.
pub fn open(paths: &Paths, path: &Path) -> Result<Opened, StoreError> {
    within::check(&paths.library, path)?;
    load(path)
}

/// Opens a draft, or any text file as one.
pub fn load(path: &Path) -> Result<Opened, StoreError> {
    let bytes = read::bytes(path, MAX_DRAFT)?;
    let hash = fingerprint(&bytes);
    let (text, read_only) = text_of(bytes);
    Ok(Opened {
        draft: Draft::parse(&text),
        hash,
        path: path.to_owned(),
        read_only,
        kind: Kind::Draft,
    })
}

/// The text of bytes, as well as it can be shown, and why it can only be read.
pub(super) fn text_of(bytes: Vec<u8>) -> (String, Option<ReadOnly>) {
    match String::from_utf8(bytes) {
        Ok(text) => (text, None),
        Err(error) => {
            let at = error.utf8_error().valid_up_to();
            let text = String::from_utf8_lossy(error.as_bytes()).into_owned();
            (text, Some(ReadOnly::NotText(at)))
        }
    }
}

/// Every draft, newest first, broken ones included.
pub fn list(paths: &Paths) -> Vec<Headline> {
    list_from(paths, Roll::kept(paths).as_ref()).0
}

/// The roll of all drafts, for a search without a list. Where nothing has changed since the cache
/// was written, no draft is opened.
pub fn roll(paths: &Paths) -> Roll {
    let kept = Roll::kept(paths);
    let trusted = within::holds(&paths.library, &paths.drafts);
    if let Some(mut kept) = kept.filter(|_| trusted) {
        let Walk { found, closed } = scan::walk(&paths.drafts);
        let stamps = found
            .iter()
            .map(|found| (found.name.as_str(), found.stamp))
            .collect::<HashMap<_, _>>();
        let mut count = 0;
        let is_true = kept.records().all(|record| {
            count += 1;
            stamps.get(record.name) == Some(&record.stamp)
        });
        if is_true && count == found.len() {
            kept.closed = closed.iter().map(ToString::to_string).collect();
            return kept;
        }
        return list_from(paths, Some(&kept)).1;
    }
    list_from(paths, None).1
}

/// What the cache knows of all drafts; nothing when there is none.
pub fn kept(paths: &Paths) -> Option<Roll> {
    Roll::kept(paths)
}

/// The newest drafts as the cache has them, before anything else has been looked at.
pub fn first_page(paths: &Paths) -> Vec<Headline> {
    let Some(page) = Roll::page(paths) else {
        return Vec::new();
    };
    let newest = page.records();
    newest
        .map(|record| record.headline(&paths.drafts))
        .collect()
}

/// Every draft like [`list`], and their roll. What `kept` knows of files that have not changed
/// since is taken from there.
pub fn list_from(paths: &Paths, kept: Option<&Roll>) -> (Vec<Headline>, Roll) {
    let trusted = within::holds(&paths.library, &paths.drafts);
    let records = kept.filter(|_| trusted).into_iter().flat_map(Roll::records);
    let known: HashMap<&str, Record<'_>> = records.map(|record| (record.name, record)).collect();
    let Walk { found, closed } = scan::walk(&paths.drafts);
    let mut lines: Vec<(Found, Option<Line<'_>>)> = found
        .into_iter()
        .map(|found| {
            let record = known.get(found.name.as_str());
            let record = record.filter(|record| record.stamp == found.stamp);
            let line = record.map(|record| Line {
                stamp: found.stamp,
                signature: Cow::Borrowed(record.signature),
                headline: record.headline(&paths.drafts),
            });
            (found, line)
        })
        .collect();
    let mut missing: Vec<_> = lines
        .iter_mut()
        .filter(|(_, line)| line.is_none())
        .collect();
    let opened = missing.len();
    scan::in_parallel(&mut missing, |(found, line)| {
        *line = Some(headline_of(paths, found, trusted));
    });
    let gone = known.len().saturating_sub(lines.len() - opened);
    let mut lines: Vec<Line<'_>> = lines.into_iter().filter_map(|(_, line)| line).collect();
    lines.sort_by(|a, b| {
        let (a, b) = (&a.headline, &b.headline);
        b.updated.cmp(&a.updated).then_with(|| b.name.cmp(&a.name))
    });
    let mut roll = Roll::of(lines.iter().map(Line::noted));
    let is_behind = opened.max(gone) > lines.len() / SHARE;
    if trusted && lines.len() >= WORTH_A_CACHE && is_behind {
        roll.keep(paths);
    }
    if trusted && lines.len() >= WORTH_A_CACHE && (is_behind || opened + gone > 0) {
        let page = lines.iter().take(PAGE);
        Roll::of(page.map(|line| (line.stamp, [].as_slice(), &line.headline))).keep_page(paths);
    }
    roll.closed = closed.iter().map(ToString::to_string).collect();
    let headlines = lines.into_iter().map(|line| line.headline);
    let closed = closed.iter().map(|why| closed_folder(paths, why));
    (headlines.chain(closed).collect(), roll)
}

/// The line of a folder that nobody could look into.
fn closed_folder(paths: &Paths, why: &StoreError) -> Headline {
    let path = match why {
        StoreError::Read { path, .. } | StoreError::TooDeep { path } => path.clone(),
        _ => paths.drafts.clone(),
    };
    let below = path.strip_prefix(&paths.drafts).unwrap_or(&path);
    let name = format!("{}/", below.display());
    Headline {
        title: name.clone(),
        name,
        path,
        problem: Some(why.to_string()),
        ..Headline::default()
    }
}

/// The headline of one draft.
pub(super) fn headline(paths: &Paths, found: &Found) -> Headline {
    let trusted = within::holds(&paths.library, &paths.drafts);
    headline_of(paths, found, trusted).headline
}

fn headline_of(paths: &Paths, found: &Found, trusted: bool) -> Line<'static> {
    let path = found.path(&paths.drafts);
    let written = i128::from(found.stamp.written.cast_signed());
    let mut headline = Headline {
        title: found.name.clone(),
        name: found.name.clone(),
        updated: Timestamp::from_nanosecond(written).unwrap_or_default(),
        path,
        ..Headline::default()
    };
    match text_at(paths, found, &headline.path, trusted) {
        Ok(bytes) => {
            let signature = Cow::Owned(signature::of(&bytes));
            describe(&mut headline, bytes);
            Line {
                stamp: found.stamp,
                signature,
                headline,
            }
        }
        Err(error) => {
            headline.problem = Some(error.to_string());
            Line {
                // It may be readable tomorrow, and no file has this stamp.
                stamp: Stamp::default(),
                signature: Cow::default(),
                headline,
            }
        }
    }
}

fn text_at(
    paths: &Paths,
    found: &Found,
    path: &Path,
    trusted: bool,
) -> Result<Vec<u8>, StoreError> {
    within::callable(&paths.drafts, &found.name)?;
    // Only a link can lead out of the library: an ordinary file needs no second look.
    if !trusted || fs::symlink_metadata(path).is_ok_and(|found| found.is_symlink()) {
        within::find(&paths.library, &paths.drafts, &found.name)?;
    }
    read::bytes(path, MAX_DRAFT)
}

fn describe(headline: &mut Headline, bytes: Vec<u8>) {
    let (text, read_only) = text_of(bytes);
    let draft = Draft::parse(&text);
    headline.title = draft.title().map_or_else(
        || Draft::title_from(draft.body(), &headline.name),
        str::to_owned,
    );
    if let Some(updated) = draft.updated() {
        headline.updated = updated;
    }
    if let Some(record) = draft.provenance() {
        headline.template.clone_from(&record.template);
        headline.model.clone_from(&record.model);
        headline.id = Some(record.id.clone()).filter(|id| !id.is_empty());
    }
    headline.created = draft.created().map(str::to_owned);
    headline.status = draft.status().map(str::to_owned);
    headline.tags = draft.tags().to_vec();
    headline.words = words(draft.body());
    headline.problem = read_only.map(|reason| format!("{}.md: read only: {reason}", headline.name));
    if let Some(problem) = draft.problem() {
        headline.problem = Some(format!("{}.md:{problem}", headline.name));
    }
}

/// The draft that a person means: by file name, by name without extension, by the start of its
/// id, or by its title. Each way is tried only when the one before found nothing.
pub fn find(paths: &Paths, name: &str) -> Result<PathBuf, StoreError> {
    let all = list(paths);
    let stem = name.strip_suffix(".md").unwrap_or(name);
    let title = name.to_lowercase();
    let by_id = |line: &Headline| {
        let id = line.id.as_deref();
        name.len() >= MIN_ID && id.is_some_and(|id| id.starts_with(name))
    };
    let ways: [&dyn Fn(&Headline) -> bool; 4] = [
        &|line| line.name == stem,
        &|line| line.name.rsplit('/').next() == Some(stem),
        &by_id,
        &|line| line.title.to_lowercase() == title,
    ];
    for fits in ways {
        let mut fitting = all.iter().filter(|line| fits(line));
        let Some(first) = fitting.next() else {
            continue;
        };
        let mut others = fitting.map(|line| line.name.clone()).peekable();
        if others.peek().is_none() {
            within::find(&paths.library, &paths.drafts, &first.name)?;
            return Ok(first.path.clone());
        }
        let among = std::iter::once(first.name.clone()).chain(others.take(4));
        return Err(StoreError::Ambiguous {
            name: name.to_owned(),
            among: among.collect(),
        });
    }
    Err(StoreError::Unknown {
        kind: "draft",
        name: name.to_owned(),
        near: None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::draft::Provenance;

    fn home() -> (tempfile::TempDir, Paths) {
        let folder = tempfile::tempdir().unwrap();
        let paths = Paths::below(folder.path());
        (folder, paths)
    }

    fn draft(title: &str, id: &str, day: u8) -> Draft {
        let record = Provenance {
            id: id.into(),
            template: Some("blog-post".into()),
            ..Provenance::default()
        };
        let now = format!("2026-11-{day:02}T23:30:00-05:00[America/New_York]");
        Draft::new(title, "Two words.", &record, &now.parse().unwrap())
    }

    #[test]
    fn a_new_draft_is_named_by_its_local_date_and_title() {
        let (_home, paths) = home();
        let first = save_new(&paths, &draft("Why Rust: TUIs", "a", 23)).unwrap();
        let second = save_new(&paths, &draft("Why Rust, TUIs?", "b", 23)).unwrap();
        assert_eq!(first, paths.drafts.join("2026-11-23-why-rust-tuis.md"));
        assert_eq!(second, paths.drafts.join("2026-11-23-why-rust-tuis-2.md"));
        assert_eq!(load(&first).unwrap().draft.title(), Some("Why Rust: TUIs"));
    }

    #[test]
    fn an_awkward_title_stays_in_the_drafts_folder_and_survives() {
        let (_home, paths) = home();
        for title in [
            "../../x",
            "",
            "\n\u{1b}[2J",
            "CON",
            &"é".repeat(10_000),
            "🎉",
        ] {
            let path = save_new(&paths, &draft(title, "a", 1)).unwrap();
            assert_eq!(path.parent(), Some(paths.drafts.as_path()));
            assert_eq!(load(&path).unwrap().draft.title(), Some(title));
        }
    }

    #[test]
    fn a_file_changed_outside_is_not_overwritten() {
        let (_home, paths) = home();
        let path = save_new(&paths, &draft("t", "a", 1)).unwrap();
        let mut opened = load(&path).unwrap();
        opened.draft.set_body("mine\n");
        let hash = save(&paths, &path, &opened.draft, Some(&opened.hash)).unwrap();
        assert_eq!(load(&path).unwrap().hash, hash);

        atomic::save(&path, b"theirs").unwrap();
        let error = save(&paths, &path, &opened.draft, Some(&hash)).unwrap_err();
        assert!(
            matches!(error, StoreError::ChangedOutside { .. }),
            "{error}"
        );
        assert_eq!(read::text(&path, 99).unwrap(), "theirs");
        assert_eq!(std::fs::read_dir(&paths.drafts).unwrap().count(), 1);
        save(&paths, &path, &opened.draft, None).unwrap();
        assert_eq!(load(&path).unwrap().draft.body(), "mine\n");
    }

    #[test]
    fn a_file_deleted_outside_is_written_again() {
        let (_home, paths) = home();
        let path = save_new(&paths, &draft("t", "a", 1)).unwrap();
        let opened = load(&path).unwrap();
        std::fs::remove_file(&path).unwrap();
        save(&paths, &path, &opened.draft, Some(&opened.hash)).unwrap();
        assert_eq!(load(&path).unwrap(), opened);
    }

    #[test]
    fn bytes_that_are_no_text_open_read_only() {
        let (_home, paths) = home();
        let path = paths.drafts.join("a.md");
        atomic::save(&path, b"ab\xff").unwrap();
        let opened = load(&path).unwrap();
        assert_eq!(opened.read_only, Some(ReadOnly::NotText(2)));
    }

    #[test]
    fn the_list_is_newest_first_and_hides_nothing() {
        let (_home, paths) = home();
        save_new(&paths, &draft("Old", "a", 1)).unwrap();
        save_new(&paths, &draft("New", "b", 3)).unwrap();
        let broken = "---\ntitle: [\nupdated: 2026-11-02\n---\n# Still here\n";
        atomic::save(&paths.drafts.join("broken.md"), broken.as_bytes()).unwrap();
        let lines = list(&paths);
        // The broken one counts as written now, which is after or before either, but it is there.
        assert_eq!(lines.len(), 3);
        let place = |title: &str| lines.iter().position(|line| line.title == title).unwrap();
        assert!(place("New") < place("Old"));
        let broken = &lines[place("Still here")];
        assert!(broken.problem.is_some());
        let new = &lines[place("New")];
        assert_eq!((new.template.as_deref(), new.words), (Some("blog-post"), 2));
        assert_eq!(new.problem, None);
    }

    #[cfg(unix)]
    #[test]
    fn a_planted_link_is_listed_but_neither_read_nor_handed_out() {
        let (home, paths) = home();
        save_new(&paths, &draft("One", "a", 1)).unwrap();
        let secret = home.path().join("secret");
        atomic::save(&secret, b"# Secret").unwrap();
        std::os::unix::fs::symlink(&secret, paths.drafts.join("planted.md")).unwrap();
        let lines = list(&paths);
        let planted = lines.iter().find(|line| line.name == "planted").unwrap();
        assert_eq!((planted.title.as_str(), planted.words), ("planted", 0));
        assert!(planted.problem.is_some());
        assert!(matches!(
            find(&paths, "planted"),
            Err(StoreError::LeavesLibrary { .. })
        ));
    }

    #[test]
    fn a_draft_is_found_by_name_id_or_title() {
        let (_home, paths) = home();
        let one = save_new(&paths, &draft("One", "0199aaaa", 1)).unwrap();
        let two = save_new(&paths, &draft("Two", "0199bbbb", 1)).unwrap();
        for name in ["2026-11-01-one", "2026-11-01-one.md", "0199a", "ONE"] {
            assert_eq!(find(&paths, name).unwrap(), one, "{name}");
        }
        assert_eq!(find(&paths, "0199bbbb").unwrap(), two);
        assert!(
            matches!(find(&paths, "0199"), Err(StoreError::Ambiguous { among, .. }) if among.len() == 2)
        );
        assert!(matches!(
            find(&paths, "019"),
            Err(StoreError::Unknown { .. })
        ));
        assert!(matches!(
            find(&paths, "../x"),
            Err(StoreError::Unknown { .. })
        ));
    }
}
