//! The disk: folders, who may do what with them, room, and what was left behind.

use super::finding::{Finding, command};
use crate::store::session::{self, State, Subject, Trace};
use crate::store::survey::{self, Others, Standing};
use crate::store::{Paths, layout};
use std::path::Path;

const FOLDERS: &str = "folders";
const SESSIONS: &str = "sessions";
const LITTER: &str = "litter";
/// Less room than this is told.
const LOW: u64 = 256 * MIB;
/// With less room than this saves are about to fail.
const OUT: u64 = 16 * MIB;
const MIB: u64 = 1024 * 1024;

/// Every folder that Copydesk keeps something in.
pub(super) fn folders(paths: &Paths) -> Vec<Finding> {
    let all = [
        ("config", &paths.config),
        ("data", &paths.data),
        ("templates", &paths.templates),
        ("snippets", &paths.snippets),
        ("drafts", &paths.drafts),
        ("trash", &paths.trash),
        ("state", &paths.state),
        ("cache", &paths.cache),
    ];
    let mut found: Vec<_> = all
        .iter()
        .map(|(name, path)| folder(name, path, &survey::standing(path)))
        .collect();
    found.extend(
        all.iter()
            .filter_map(|(name, path)| exposed(name, path, survey::others(path))),
    );
    let secret = [
        ("journal", &paths.journal),
        ("config.toml", &paths.config_file),
    ];
    found.extend(
        secret
            .iter()
            .filter_map(|(name, path)| exposed_file(name, path, survey::others(path))),
    );
    let rooms = [("data", &paths.data), ("library", &paths.library)];
    let apart = paths.library != paths.data;
    found.extend(
        rooms
            .iter()
            .take(1 + usize::from(apart))
            .filter_map(|(name, path)| Some(room(name, path, survey::free_space(path)?))),
    );
    found
}

/// How the panes were left, if that cannot be understood.
pub(super) fn layout(paths: &Paths) -> Option<Finding> {
    let error = layout::load(paths).err()?;
    let mut finding = Finding::note("layout", error.failure().to_string());
    finding.mend = Some(command("rm", &layout::file(paths)));
    Some(finding)
}

fn folder(name: &str, path: &Path, standing: &Standing) -> Finding {
    let shown = path.display();
    match standing {
        Standing::Usable => Finding::ok(FOLDERS, format!("{name}: {shown}")),
        Standing::Missing => Finding::ok(
            FOLDERS,
            format!("{name}: {shown} is made when it is needed"),
        ),
        Standing::ReadOnly => {
            Finding::problem(FOLDERS, format!("{name}: {shown} cannot be written to"))
                .mend(command("chmod u+rwx", path))
        }
        Standing::Barred(above) => {
            let above_shown = above.display();
            let what = format!(
                "{name}: {shown} is missing and cannot be made: {above_shown} cannot be written to"
            );
            Finding::problem(FOLDERS, what).mend(command("chmod u+rwx", above))
        }
        Standing::NoFolder(kind) => {
            let aside = format!("{}.aside", path.display());
            let mend = format!("{} {}", command("mv", path), shell_words::quote(&aside));
            Finding::problem(
                FOLDERS,
                format!("{name}: {shown} is a {kind}, not a folder"),
            )
            .mend(mend)
        }
        Standing::Unreachable(cause) => Finding::problem(
            FOLDERS,
            format!("{name}: {shown} cannot be reached: {cause}"),
        )
        .mend(command("ls -ld", path)),
    }
}

/// A folder that others may do too much with. That they can list one does not matter: what
/// Copydesk writes is for its owner only.
fn exposed(name: &str, path: &Path, others: Others) -> Option<Finding> {
    let shown = path.display();
    (others == Others::Write).then(|| {
        let what = format!("{name}: everybody may change what is in {shown}");
        Finding::problem(FOLDERS, what).mend(command("chmod o-w", path))
    })
}

/// A file that is nobody else's business.
fn exposed_file(name: &str, path: &Path, others: Others) -> Option<Finding> {
    let shown = path.display();
    let mend = command("chmod go-rwx", path);
    match others {
        Others::Nobody => None,
        Others::Write => {
            let what = format!("{name}: everybody may change {shown}");
            Some(Finding::problem(FOLDERS, what).mend(mend))
        }
        // The config file holds no key.
        Others::Read if name == "config.toml" => None,
        Others::Read => {
            let what = format!("{name}: others may read {shown}, which holds prompts and texts");
            Some(Finding::problem(FOLDERS, what).mend(mend))
        }
    }
}

fn room(name: &str, path: &Path, free: u64) -> Finding {
    let what = format!("{name}: {} MiB are free at {}", free / MIB, path.display());
    let mend = command("df -h", path);
    match free {
        ..OUT => Finding::problem(FOLDERS, format!("{what}: saves are about to fail")).mend(mend),
        OUT..LOW => Finding::note(FOLDERS, what).mend(mend),
        _ => Finding::ok(FOLDERS, what),
    }
}

/// Studios and runs at work, drafts that are open in them, and what killed ones have left.
pub(super) fn sessions(paths: &Paths) -> Vec<Finding> {
    let traces = session::traces(paths);
    let alive = |of: Subject| {
        let alive = |it: &&Trace| it.of == of && it.state == State::Alive;
        traces.iter().filter(alive).count()
    };
    let work = match alive(Subject::Session) {
        0 => "nothing else is at work".to_owned(),
        1 => "one studio or run is at work".to_owned(),
        more => format!("{more} studios or runs are at work"),
    };
    let open = match alive(Subject::Draft) {
        0 => String::new(),
        1 => ", with one draft open".to_owned(),
        more => format!(", with {more} drafts open"),
    };
    let left = traces.iter().filter(|it| it.state == State::Left);
    let left = left.map(|it| {
        let of = match it.of {
            Subject::Session => "a studio or run that was killed; the next one removes it",
            Subject::Draft => "a draft in a studio that was killed; the next one removes it",
        };
        let what = format!("{} is the lock of {of}", it.path.display());
        Finding::note(SESSIONS, what).mend("copydesk")
    });
    std::iter::once(Finding::ok(SESSIONS, work + &open))
        .chain(left)
        .collect()
}

/// Temporary files of saves that were killed.
pub(super) fn litter(paths: &Paths) -> Vec<Finding> {
    let folders = [
        &paths.config,
        &paths.data,
        &paths.library,
        &paths.state,
        &paths.cache,
    ];
    let found = survey::litter(&folders.map(std::path::PathBuf::as_path));
    if found.is_empty() {
        return vec![Finding::ok(LITTER, "no save has left anything behind")];
    }
    let of = |path: &std::path::PathBuf| {
        let what = format!("{} is what a save that was killed has left", path.display());
        Finding::note(LITTER, what).mend(command("rm", path))
    };
    found.iter().map(of).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::doctor::finding::Level;
    use std::path::PathBuf;

    #[test]
    fn a_folder_is_fine_when_it_is_there_or_can_be_made() {
        let level = |standing: &Standing| folder("data", Path::new("/d"), standing).level;
        assert_eq!(level(&Standing::Usable), Level::Ok);
        assert_eq!(level(&Standing::Missing), Level::Ok);
        for broken in [
            Standing::ReadOnly,
            Standing::Barred(PathBuf::from("/")),
            Standing::NoFolder("pipe"),
            Standing::Unreachable(std::io::ErrorKind::PermissionDenied.into()),
        ] {
            let finding = folder("data", Path::new("/d"), &broken);
            assert_eq!(finding.level, Level::Problem, "{broken:?}");
            assert!(finding.mend.is_some(), "{broken:?}");
        }
    }

    #[test]
    fn little_room_is_told_and_almost_none_is_a_problem() {
        let level = |free: u64| room("data", Path::new("/d"), free).level;
        assert_eq!(level(LOW), Level::Ok);
        assert_eq!(level(LOW - 1), Level::Note);
        assert_eq!(level(OUT - 1), Level::Problem);
    }

    #[test]
    fn what_others_may_do_matters_where_it_does_harm() {
        let path = Path::new("/d");
        assert!(exposed("state", path, Others::Read).is_none());
        assert!(exposed("state", path, Others::Write).is_some());
        assert!(exposed_file("config.toml", path, Others::Read).is_none());
        assert!(exposed_file("config.toml", path, Others::Write).is_some());
        let journal = exposed_file("journal", path, Others::Read).unwrap();
        assert_eq!(journal.mend.as_deref(), Some("chmod go-rwx /d"));
    }
}
