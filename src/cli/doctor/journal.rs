//! The journal: whether it can be used, and making a new one of what can be read.

use super::finding::{Finding, command};
use crate::cli::outlet::Outlet;
use crate::domain::failure::Failure;
use crate::store::Paths;
use crate::store::journal::{Health, Inspection, Journal};

const AREA: &str = "journal";
const KIB: u64 = 1024;

/// What state it is in, and what lies beside it.
pub(super) fn check(paths: &Paths) -> Vec<Finding> {
    let inspection = Journal::inspect(&paths.journal);
    let mut found = vec![health(&paths.journal.display().to_string(), &inspection)];
    found.extend(inspection.set_aside.iter().map(|(path, bytes)| {
        let what = format!(
            "{} is a journal that was damaged, {} KiB; what could be read of it is in the new one",
            path.display(),
            bytes.div_ceil(KIB)
        );
        Finding::note(AREA, what).mend(command("rm", path))
    }));
    found
}

fn health(path: &str, inspection: &Inspection) -> Finding {
    let size = inspection.bytes.div_ceil(KIB);
    match &inspection.health {
        Health::Absent => Finding::ok(AREA, format!("there is none yet at {path}")),
        Health::Sound => Finding::ok(AREA, format!("{path} is sound, {size} KiB")),
        Health::Older(schema) => {
            let what = format!(
                "{path} is of an earlier version (schema {schema}); the next start brings it up to date"
            );
            Finding::note(AREA, what).mend("copydesk")
        }
        Health::Newer(schema) => {
            let what =
                format!("{path} is of a later version (schema {schema}); nothing is journaled");
            Finding::problem(AREA, what).mend("update Copydesk")
        }
        Health::Damaged(why) => {
            Finding::problem(AREA, format!("{path} is damaged: {}", why.join("; ")))
                .mend("copydesk doctor --rebuild-journal")
        }
        Health::Unusable(error) => Finding::of(AREA, &error.failure()),
    }
}

/// Sets a damaged journal aside and makes a new one of what can be read of it.
pub(super) fn rebuild(paths: &Paths) -> Result<(), Failure> {
    let Health::Damaged(_) = Journal::inspect(&paths.journal).health else {
        Outlet::complain("copydesk: the journal is not damaged, so it stays as it is");
        return Ok(());
    };
    let mut opened = Journal::open(&paths.journal)?;
    if opened.set_aside.is_none() {
        opened = opened.journal.rebuild()?;
    }
    if let Some(aside) = opened.set_aside {
        Outlet::complain(&format!("copydesk: {aside}"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::doctor::finding::Level;

    #[test]
    fn only_what_stops_the_journal_is_a_problem() {
        let level = |health: Health| {
            let inspection = Inspection {
                health,
                bytes: 4096,
                set_aside: Vec::new(),
            };
            super::health("/d/journal.db", &inspection).level
        };
        assert_eq!(level(Health::Absent), Level::Ok);
        assert_eq!(level(Health::Sound), Level::Ok);
        assert_eq!(level(Health::Older(1)), Level::Note);
        assert_eq!(level(Health::Newer(9)), Level::Problem);
        assert_eq!(level(Health::Damaged(vec!["x".to_owned()])), Level::Problem);
    }
}
