//! Drafts on their way to the disk and from it, as the model wants them.
//!
//! Runs where it may block. Never writes a file that says what it said before.

use crate::app::effect::Save;
use crate::app::msg::OpenedDraft;
use crate::domain::draft::{Draft, Provenance};
use crate::domain::failure::{Failure, FailureKind};
use crate::store::items::{self, Item};
use crate::store::{self, Paths, drafts};
use std::path::Path;

/// Writes a draft; answers with what is on disk now.
pub(super) fn write(paths: &Paths, save: Save) -> Result<OpenedDraft, Failure> {
    let now = jiff::Zoned::now();
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
            let draft = Draft::new(&title, &body, &provenance, &now);
            let path = drafts::save_new(paths, &draft).map_err(tell)?;
            load_draft(paths, &path)
        }
        Save::Existing {
            path,
            hash,
            mut draft,
            body,
            provenance,
        } => {
            // Without an edit it is the file as it was, byte for byte: there is nothing to date.
            if draft.body() != body || provenance.is_some() {
                // A title that was taken from the text goes with it; one of its own stays.
                let taken = Draft::title_from(draft.body(), "");
                if draft.title() == Some(&taken) {
                    draft.set_title(&Draft::title_from(&body, &taken));
                }
                draft.set_body(&body);
                draft.set_updated(&now);
            }
            if let Some(provenance) = provenance {
                draft.set_provenance(&provenance);
            }
            let hash = drafts::save(paths, &path, &draft, Some(&hash)).map_err(tell)?;
            Ok(OpenedDraft {
                path,
                hash,
                draft: *draft,
            })
        }
        Save::Beside {
            path,
            mut draft,
            id,
            body,
            provenance,
        } => {
            draft.set_body(&body);
            draft.set_updated(&now);
            if let Some(provenance) = provenance {
                draft.set_provenance(&provenance);
            }
            // Versions go by it, and those of the other file are not its own.
            draft.set_id(&id.to_string());
            let beside = Item::Draft(path);
            let kept = items::put_beside(paths, &beside, &draft.to_source()).map_err(tell)?;
            load_draft(paths, &kept.path)
        }
    }
}

/// Reads a draft that may be edited.
pub(super) fn load_draft(paths: &Paths, path: &Path) -> Result<OpenedDraft, Failure> {
    let opened = drafts::open(paths, path).map_err(|error| error.failure())?;
    if let Some(reason) = opened.read_only {
        return Err(Failure::new(
            FailureKind::Other,
            format!("{} is not opened", path.display()),
        )
        .why(reason)
        .advice("open it in an editor that keeps such bytes"));
    }
    Ok(OpenedDraft {
        path: opened.path,
        hash: opened.hash,
        draft: opened.draft,
    })
}
