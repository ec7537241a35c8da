//! `copydesk draft versions|restore`: what a draft said before, and going back to it.
//!
//! The text that a restore replaces becomes a version first, so a restore can be taken back. A
//! file that changes meanwhile is left alone.

use super::Outcome;
use super::outlet::Outlet;
use super::report::Problem;
use crate::domain::failure::{Failure, FailureKind};
use crate::domain::text::Printable;
use crate::store::drafts::Opened;
use crate::store::journal::{Cause, Checkpoint, Journal, Version, VersionHeadline, VersionId};
use crate::store::{Paths, drafts};
use jiff::{Timestamp, Zoned, tz::TimeZone};
use serde_json::{Value, json};
use std::fmt::Write;

/// Lists the versions of a draft, newest first.
pub(super) fn list(paths: &Paths, name: &str, json: bool, outlet: &Outlet) -> Outcome {
    let opened = find(paths, name)?;
    let key = opened.draft.key(&opened.path);
    let versions = open_journal(paths)?.versions(&key)?;
    if json {
        let rows: Vec<Value> = versions.iter().map(row).collect();
        outlet.json(&rows)?;
        return Ok(0);
    }
    let mut out = String::new();
    for version in &versions {
        // Writing to a string cannot fail.
        let _ = writeln!(
            out,
            "{:>6}  {}  {:14}  {:>6} words",
            version.id.0,
            local(version.at),
            told(version.cause),
            version.words,
        );
    }
    outlet.bytes(out.as_bytes())?;
    Ok(0)
}

/// Makes a draft say again what it said in a version. stdout is where the file is.
pub(super) fn restore(
    paths: &Paths,
    (name, version): (&str, i64),
    json: bool,
    outlet: &Outlet,
) -> Outcome {
    let done = match go_back(paths, name, VersionId(version)) {
        Ok(done) => done,
        Err(failure) if json => {
            outlet.json(&json!({"path": null, "error": Problem::from(&failure)}))?;
            return Ok(failure.kind.exit_code());
        }
        Err(failure) => return Err(failure),
    };
    let now = done.now.map(|id| id.0);
    let replaced = done.replaced.map(|id| id.0);
    if json {
        outlet.json(&json!({
            "path": done.path, "restored": version, "changed": now.is_some(),
            "version": now, "replaced": replaced, "error": null,
        }))?;
        return Ok(0);
    }
    outlet.line(&done.path)?;
    let old = &done.old;
    let of = format!(
        "version {} of {} ({})",
        old.id.0,
        local(old.at),
        told(old.cause)
    );
    Outlet::complain(&match replaced {
        Some(replaced) => format!("restored {of}; what it replaced is version {replaced}"),
        None => format!("nothing to do: the draft says what it said in {of}"),
    });
    Ok(0)
}

/// What a restore did.
struct Done {
    path: String,
    old: VersionHeadline,
    /// The version that says what was replaced; `None` when nothing was.
    replaced: Option<VersionId>,
    /// The newest version afterwards; `None` when nothing was changed.
    now: Option<VersionId>,
}

fn go_back(paths: &Paths, name: &str, id: VersionId) -> Result<Done, Failure> {
    let opened = find(paths, name)?;
    if let Some(why) = opened.read_only {
        let what = format!("{} can only be read", opened.path.display());
        return Err(Failure::new(FailureKind::Other, what)
            .why(why.to_string())
            .advice(why.mend()));
    }
    let mut journal = open_journal(paths)?;
    let key = opened.draft.key(&opened.path);
    let Some(version) = journal.version(id)?.filter(|version| version.key == key) else {
        let what = format!("{} has no version {}", opened.path.display(), id.0);
        return Err(Failure::new(FailureKind::Usage, what)
            .advice(format!("see `copydesk draft versions {name}`")));
    };
    let mut done = Done {
        path: opened.path.display().to_string(),
        old: version.headline.clone(),
        replaced: None,
        now: None,
    };
    if opened.draft.body() == version.text {
        return Ok(done);
    }
    let cause = cause_of(&journal, &opened, &key)?;
    done.replaced = Some(add(&mut journal, &opened, (&key, cause))?);
    done.now = Some(write(paths, &mut journal, opened, &version)?);
    Ok(done)
}

/// Writes the text of a version over the file as it was opened.
fn write(
    paths: &Paths,
    journal: &mut Journal,
    mut opened: Opened,
    version: &Version,
) -> Result<VersionId, Failure> {
    opened.draft.set_body(&version.text);
    // Front matter that cannot be changed keeps the old time.
    let _dated = opened.draft.set_updated(&Zoned::now());
    drafts::save(paths, &opened.path, &opened.draft, Some(&opened.hash))?;
    add(journal, &opened, (&version.key, Cause::Restore))
}

fn add(
    journal: &mut Journal,
    opened: &Opened,
    (key, cause): (&str, Cause),
) -> Result<VersionId, Failure> {
    let checkpoint = Checkpoint {
        key,
        path: Some(&opened.path),
        at: Timestamp::now(),
        cause,
        text: opened.draft.body(),
    };
    Ok(journal.add_version(&checkpoint)?)
}

/// What made the text that is about to be replaced: one that no version has came from outside.
fn cause_of(journal: &Journal, opened: &Opened, key: &str) -> Result<Cause, Failure> {
    let body = opened.draft.body();
    for version in journal.versions(key)? {
        if version.bytes == body.len() as u64
            && journal
                .version(version.id)?
                .is_some_and(|version| version.text == body)
        {
            return Ok(Cause::Edit);
        }
    }
    Ok(Cause::OutsideChange)
}

fn find(paths: &Paths, name: &str) -> Result<Opened, Failure> {
    let path = drafts::find(paths, name)?;
    Ok(drafts::open(paths, &path)?)
}

/// The journal; one that was set aside is told.
pub(super) fn open_journal(paths: &Paths) -> Result<Journal, Failure> {
    let opened = Journal::open(&paths.journal)?;
    if let Some(aside) = opened.set_aside {
        Outlet::complain(&format!("copydesk: {aside}"));
    }
    Ok(opened.journal)
}

fn row(version: &VersionHeadline) -> Value {
    json!({
        "id": version.id.0, "at": version.at.to_string(), "cause": version.cause.word(),
        "words": version.words, "bytes": version.bytes, "path": version.path,
    })
}

/// A cause as people read it.
const fn told(cause: Cause) -> &'static str {
    match cause {
        Cause::OutsideChange => "outside change",
        other => other.word(),
    }
}

/// A time on the clock of this machine.
fn local(at: Timestamp) -> String {
    let time = at.to_zoned(TimeZone::system());
    Printable::line(&time.strftime("%Y-%m-%d %H:%M:%S").to_string()).to_string()
}
