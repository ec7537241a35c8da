//! Drafts on their way to the disk and from it, as the model wants them.
//!
//! Runs where it may block. Never writes a file that says what it said before.

use crate::app::effect::{Replaced, Save, Wanted};
use crate::app::msg::{OpenedDraft, Written};
use crate::domain::draft::{Draft, Provenance};
use crate::domain::failure::Failure;
use crate::store::files::{self, Kind};
use crate::store::items::{self, Item};
use crate::store::{self, Paths, drafts, shelf};
use jiff::Zoned;
use std::path::{Path, PathBuf};

/// Writes a draft as one of this moment; answers with what is on disk now.
///
/// # Errors
/// When it cannot be written, or would go over what nobody here has seen.
pub fn write(paths: &Paths, save: Save, now: &Zoned) -> Result<Written, Failure> {
    let tell = |error: store::StoreError| error.failure();
    match save {
        Save::New {
            body,
            fallback,
            provenance,
        } => {
            let mut provenance = provenance.map_or_else(Provenance::default, |made| *made);
            if provenance.id.is_empty() {
                provenance.id = drafts::new_id();
            }
            let title = Draft::title_from(&body, &fallback);
            let draft = Draft::new(&title, &body, &provenance, now);
            let path = drafts::save_new(paths, &draft).map_err(tell)?;
            let (file, lacks) = (written(path, &draft.to_source()), None);
            Ok(Written {
                file,
                lacks,
                problem: None,
            })
        }
        Save::Existing {
            path,
            hash,
            mut draft,
            body,
            provenance,
            replaced,
        } => {
            let edited = draft.body() != body;
            if let Some(title) = draft.retitled(&body).filter(|_| edited) {
                draft.set_title(&title);
            }
            let lacks = brought_up_to_date(&mut draft, &body, (provenance, now));
            let over = (path.as_path(), hash.as_str());
            // A text that stays where it is needs no trash.
            let replaced = if edited {
                replaced
            } else {
                Replaced::IsVersion
            };
            let hash = write_over(paths, over, &draft, replaced).map_err(tell)?;
            let file = OpenedDraft {
                path,
                hash,
                draft: *draft,
                read_only: None,
                kind: Kind::Draft,
            };
            Ok(Written {
                file,
                lacks,
                problem: None,
            })
        }
        Save::Beside {
            path,
            mut draft,
            id,
            body,
            provenance,
        } => {
            let lacks = brought_up_to_date(&mut draft, &body, (provenance, now));
            // Versions go by it, and those of the other file are not its own.
            draft.set_id(&id.to_string());
            let beside = Item::Draft(path);
            let source = draft.to_source();
            let kept = items::put_beside(paths, &beside, &source).map_err(tell)?;
            let file = written(kept.path, &source);
            Ok(Written {
                file,
                lacks,
                problem: None,
            })
        }
        Save::Whole {
            path,
            hash,
            source,
            replaced,
        } => {
            let replaced = match replaced {
                Replaced::IsVersion => files::Replaced::IsKept,
                Replaced::GoesToTrash => files::Replaced::GoesToTrash,
            };
            files::save(paths, (&path, &hash), &source, replaced).map_err(tell)?;
            Ok(whole(paths, path, &source))
        }
        Save::WholeBeside { path, source } => {
            let path = files::save_beside(paths, &path, &source).map_err(tell)?;
            Ok(whole(paths, path, &source))
        }
    }
}

/// A file that is no draft as it was just written, and what is wrong with it as a template.
fn whole(paths: &Paths, path: PathBuf, source: &str) -> Written {
    let problem = match Item::at(paths, &path) {
        Some(Item::Template(name)) => shelf::problem(paths, &name, source),
        _ => None,
    };
    Written {
        file: OpenedDraft {
            hash: store::fingerprint(source.as_bytes()),
            draft: Draft::whole(source),
            read_only: None,
            kind: Kind::at(paths, &path),
            path,
        },
        lacks: None,
        problem,
    }
}

/// A new file as it was just written. It is not read for that: a read that failed would tell that
/// nothing was saved, and the next save would make a second file.
fn written(path: PathBuf, source: &str) -> OpenedDraft {
    OpenedDraft {
        path,
        hash: store::fingerprint(source.as_bytes()),
        draft: Draft::parse(source),
        read_only: None,
        kind: Kind::Draft,
    }
}

/// Writes a draft over its file, which still has this hash; returns the new one.
fn write_over(
    paths: &Paths,
    (path, hash): (&Path, &str),
    draft: &Draft,
    replaced: Replaced,
) -> Result<String, store::StoreError> {
    if replaced == Replaced::GoesToTrash {
        let item = Item::Draft(path.to_owned());
        let written = items::rewrite(paths, &item, &draft.to_source(), hash);
        // Where there is no trash either, keeping what was written matters more.
        if let Some(after) = written.ok().and_then(|changed| changed.after) {
            return Ok(after.hash);
        }
    }
    drafts::save(paths, path, draft, Some(hash))
}

/// Gives a draft its text, the time and its record; answers with what it did not take.
fn brought_up_to_date(
    draft: &mut Draft,
    body: &str,
    (provenance, now): (Option<Box<Provenance>>, &Zoned),
) -> Option<String> {
    let before = draft.to_source();
    draft.set_body(body);
    let recorded = provenance.is_none_or(|provenance| draft.set_provenance(&provenance));
    // Without a change it is the file as it was, byte for byte: there is nothing to date.
    let dated = draft.to_source() == before || draft.set_updated(now);
    let without = match (recorded, dated) {
        (true, true) => return None,
        (false, true) => "how it was made",
        (true, false) => "when",
        (false, false) => "when and how it was made",
    };
    let why = draft.problem().unwrap_or(
        "between the `---` lines, only lines like `name: value` can be changed; write them so",
    );
    Some(format!("without {without}: {why}, then save again"))
}

/// Reads a file that is wanted in the Editor, one that may only be read as well.
///
/// # Errors
/// When it cannot be read, or is an item and lies outside the library.
pub fn load(paths: &Paths, wanted: &Wanted) -> Result<OpenedDraft, Failure> {
    let opened = match wanted {
        Wanted::Item(item) => files::open(paths, &files::of_item(paths, item)),
        Wanted::Named(path) => {
            let home = std::env::home_dir();
            let place = files::place(paths, path, home.as_deref());
            place.and_then(|path| files::open(paths, &path))
        }
    };
    opened.map_err(|error| error.failure())
}
