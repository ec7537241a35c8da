//! `copydesk draft|template versions|restore`: what a text said before, and going back to it.
//!
//! The text that a restore replaces becomes a version first, so a restore can be taken back. A
//! file that changes meanwhile is left alone.

use super::Outcome;
use super::outlet::Outlet;
use super::report::Problem;
use crate::domain::failure::{Failure, FailureKind};
use crate::domain::text::Printable;
use crate::store::drafts::Opened;
use crate::store::files::{self, Replaced};
use crate::store::journal::{Cause, Checkpoint, Journal, Version, VersionHeadline, VersionId};
use crate::store::library::{self, Origin};
use crate::store::{Paths, drafts};
use jiff::{Timestamp, Zoned, tz::TimeZone};
use serde_json::{Value, json};
use std::fmt::Write;

/// What has versions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Of<'n> {
    /// The draft of this name.
    Draft(&'n str),
    /// The template of this name, if it is the person's own.
    Template(&'n str),
}

impl Of<'_> {
    /// The words that list its versions.
    fn list(self) -> String {
        match self {
            Self::Draft(name) => format!("copydesk draft versions {name}"),
            Self::Template(name) => format!("copydesk template versions {name}"),
        }
    }
}

/// Lists the versions of a text, newest first.
pub(super) fn list(paths: &Paths, of: Of<'_>, json: bool, outlet: &Outlet) -> Outcome {
    let opened = find(paths, of)?;
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
            cause_in_words(version.cause),
            version.words,
        );
    }
    outlet.bytes(out.as_bytes())?;
    Ok(0)
}

/// Makes a text say again what it said in a version. stdout is where the file is.
pub(super) fn restore(
    paths: &Paths,
    (of, version): (Of<'_>, i64),
    json: bool,
    outlet: &Outlet,
) -> Outcome {
    let done = match go_back(paths, of, VersionId(version)) {
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
    let told = format!(
        "version {} of {} ({})",
        old.id.0,
        local(old.at),
        cause_in_words(old.cause)
    );
    let what = match of {
        Of::Draft(_) => "draft",
        Of::Template(_) => "template",
    };
    Outlet::complain(&match replaced {
        Some(replaced) => format!("restored {told}; what it replaced is version {replaced}"),
        None => format!("nothing to do: the {what} says what it said in {told}"),
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

fn go_back(paths: &Paths, of: Of<'_>, id: VersionId) -> Result<Done, Failure> {
    let opened = find(paths, of)?;
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
        return Err(Failure::new(FailureKind::Usage, what).advice(format!("see `{}`", of.list())));
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
    done.now = Some(match of {
        Of::Draft(_) => write(paths, &mut journal, opened, &version)?,
        Of::Template(_) => write_whole(paths, &mut journal, opened, &version)?,
    });
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

/// The same of a source, all of which is text.
fn write_whole(
    paths: &Paths,
    journal: &mut Journal,
    mut opened: Opened,
    version: &Version,
) -> Result<VersionId, Failure> {
    opened.draft.set_body(&version.text);
    let place = (opened.path.as_path(), opened.hash.as_str());
    files::save(paths, place, &opened.draft.to_source(), Replaced::IsKept)?;
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

fn find(paths: &Paths, of: Of<'_>) -> Result<Opened, Failure> {
    let name = match of {
        Of::Draft(name) => {
            let path = drafts::find(paths, name)?;
            return Ok(drafts::open(paths, &path)?);
        }
        Of::Template(name) => name,
    };
    match library::source(paths, name)?.origin {
        Origin::User(path) => Ok(files::open(paths, &path)?),
        Origin::Shipped => {
            let what = format!("{name:?} comes with Copydesk and has no versions");
            Err(Failure::new(FailureKind::Usage, what).advice(format!(
                "`copydesk template edit {name}` makes a copy of it, which has"
            )))
        }
    }
}

fn open_journal(paths: &Paths) -> Result<Journal, Failure> {
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
const fn cause_in_words(cause: Cause) -> &'static str {
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
