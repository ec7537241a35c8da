//! Exports: what is made of a text, written off the loop's thread.
//!
//! What goes to the clipboard comes back, because the loop copies.

use crate::app::exporting::{Fact, Of, Order, Place};
use crate::config::language;
use crate::domain::failure::Failure;
use crate::domain::rendition::{Format, Sheet};
use crate::store::renditions::{self, Existing};
use crate::store::trash::Before;
use crate::store::{Paths, StoreError, drafts, files};
use std::path::{Path, PathBuf};

/// Does an export at once. Where a file is in the way, none is written.
pub fn done(paths: &Paths, order: Order) -> Fact {
    tried(paths, order).unwrap_or_else(Fact::Failed)
}

fn tried(paths: &Paths, order: Order) -> Result<Fact, Failure> {
    let Order {
        of,
        format,
        place,
        existing,
    } = order;
    let failed = |error: StoreError| error.failure();
    let (drafts, sheets) = sheets(paths, of).map_err(failed)?;
    let Some(places) = places(paths, place, (&drafts, format)).map_err(failed)? else {
        let texts = sheets.iter().map(|sheet| sheet.render(format));
        let texts: Vec<u8> = texts.flatten().collect();
        return Ok(Fact::Text(String::from_utf8_lossy(&texts).into_owned()));
    };
    let occupied = renditions::occupied(&places);
    if existing == Existing::Stays && !occupied.is_empty() {
        return Ok(Fact::Occupied(
            occupied.into_iter().map(Path::to_owned).collect(),
        ));
    }
    let mut before = None;
    for (sheet, file) in sheets.iter().zip(&places) {
        let bytes = sheet.render(format);
        match renditions::write(paths, file, &bytes, existing).map_err(failed)? {
            Before::Nothing => {}
            Before::Kept => {
                before.get_or_insert_with(|| "what it held is in the trash".to_owned());
            }
            Before::Gone(why) => before = Some(format!("what it held is not kept: {why}")),
        }
    }
    Ok(Fact::Written(places, before))
}

/// What is exported: the files of the drafts, if it is drafts, and what each is to become.
fn sheets(paths: &Paths, of: Of) -> Result<(Vec<PathBuf>, Vec<Sheet>), StoreError> {
    let language = language();
    match of {
        Of::Text {
            title,
            body,
            template,
        } => {
            let sheet = Sheet {
                title,
                body,
                language,
                subject: renditions::subject(paths, template.as_deref()),
                at: jiff::Zoned::now(),
            };
            Ok((Vec::new(), vec![sheet]))
        }
        Of::Drafts(drafts) => {
            let sheet = |draft: &PathBuf| {
                let opened = drafts::load(draft)?;
                Ok(renditions::sheet(paths, &opened, &language))
            };
            let sheets: Result<Vec<Sheet>, StoreError> = drafts.iter().map(sheet).collect();
            Ok((drafts, sheets?))
        }
    }
}

/// The files that are to be written; none for the clipboard.
fn places(
    paths: &Paths,
    place: Place,
    (drafts, format): (&[PathBuf], Format),
) -> Result<Option<Vec<PathBuf>>, StoreError> {
    let home = std::env::home_dir();
    let found = |named: &Path| files::place(paths, named, home.as_deref());
    let drafts = drafts.iter().map(PathBuf::as_path);
    Ok(match place {
        Place::Clipboard => None,
        Place::File(named) => Some(vec![found(&named)?]),
        // Without a slash at its end, which names no file.
        Place::Folder(named) => {
            let folder: PathBuf = named.components().collect();
            let drafts: Vec<&Path> = drafts.collect();
            Some(renditions::places(&found(&folder)?, &drafts, format))
        }
        Place::Beside => {
            let beside = |draft: &Path| draft.with_file_name(renditions::file_name(draft, format));
            Some(drafts.map(beside).collect())
        }
    })
}
