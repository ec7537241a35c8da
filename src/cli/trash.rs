//! `copydesk draft trash|undo`: what was deleted, renamed or overwritten, and taking it back.

use super::Outcome;
use super::outlet::Outlet;
use super::report::Problem;
use crate::domain::failure::Failure;
use crate::domain::text::Printable;
use crate::store::Paths;
use crate::store::trash::{self, Restored, Trashed};
use serde_json::{Value, json};
use std::fmt::Write;
use std::path::Path;

/// Lists what is in the trash, newest first.
pub(super) fn list(paths: &Paths, json: bool, outlet: &Outlet) -> Outcome {
    let found = trash::list(paths);
    if json {
        let rows: Vec<Value> = found.iter().map(row).collect();
        outlet.bytes(format!("{}\n", Value::from(rows)).as_bytes())?;
        return Ok(0);
    }
    let mut out = String::new();
    for Trashed { id, record, .. } in &found {
        // Writing to a string cannot fail.
        let _ = writeln!(
            out,
            "{:18}  {:11}  {}  ({})",
            Printable::line(id).as_str(),
            record.why.word(),
            Printable::line(&record.title),
            Printable::line(&below(paths, &record.from)),
        );
    }
    outlet.bytes(out.as_bytes())?;
    Ok(0)
}

/// Takes the last change back, or the one with this id. stdout is where the file is now.
pub(super) fn undo(paths: &Paths, id: Option<&str>, json: bool, outlet: &Outlet) -> Outcome {
    let taken = match id {
        Some(id) => trash::restore(paths, id).map(|one| (vec![one], None)),
        None => trash::undo_together(paths),
    };
    let (all, failed) = match taken.map_err(|error| error.failure()) {
        Ok(taken) => taken,
        Err(failure) if json => {
            let told = json!({"path": null, "error": Problem::from(&failure)});
            outlet.bytes(format!("{told}\n").as_bytes())?;
            return Ok(failure.kind.exit_code());
        }
        Err(failure) => return Err(failure),
    };
    for restored in &all {
        tell_restored(paths, restored, json, outlet)?;
    }
    if let Some(failed) = failed {
        return Err(failed.failure());
    }
    Ok(0)
}

/// Says where one is that was taken back.
fn tell_restored(
    paths: &Paths,
    restored: &Restored,
    json: bool,
    outlet: &Outlet,
) -> Result<(), Failure> {
    let (record, now) = (&restored.record, &restored.now.path);
    if json {
        let told = json!({
            "path": now, "title": record.title, "why": record.why.word(), "from": record.from,
            "in_place": *now == record.from, "error": null,
        });
        outlet.bytes(format!("{told}\n").as_bytes())?;
        return Ok(());
    }
    outlet.line(&now.display().to_string())?;
    let mut note = format!("taken back: {} {:?}", record.why.word(), record.title);
    if let Some(became) = record.became.as_ref().filter(|_| !restored.became_gone) {
        let _ = write!(
            note,
            "; {} was changed since and stays",
            below(paths, &became.path)
        );
    }
    Outlet::complain(&note);
    Ok(())
}

fn row(trashed: &Trashed) -> Value {
    let Trashed { id, record, bytes } = trashed;
    json!({
        "id": id, "why": record.why.word(), "title": record.title, "at": record.at.to_string(),
        "from": record.from, "became": record.became.as_ref().map(|mark| &mark.path), "bytes": bytes,
    })
}

/// A path as people know it: below the library.
fn below(paths: &Paths, path: &Path) -> String {
    let short = path.strip_prefix(&paths.library).unwrap_or(path);
    short.display().to_string()
}
