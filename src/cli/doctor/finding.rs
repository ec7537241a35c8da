//! Findings: what the doctor says, one at a time, and how a list of them is put.

use crate::domain::failure::Failure;
use crate::domain::text::Printable;
use serde::Serialize;
use std::fmt::Write;
use std::path::Path;

/// How much a finding matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Level {
    /// As it should be.
    Ok,
    /// Good to know.
    Note,
    /// Something does not work, or is not safe.
    Problem,
}

impl Level {
    const fn word(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Note => "note",
            Self::Problem => "problem",
        }
    }
}

/// One thing that was looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Finding {
    pub(super) level: Level,
    /// What it belongs to, one word.
    pub(super) area: &'static str,
    pub(super) what: String,
    /// The command, or what else to do, that mends it.
    pub(super) mend: Option<String>,
}

impl Finding {
    fn new(level: Level, area: &'static str, what: impl Into<String>) -> Self {
        Self {
            level,
            area,
            what: what.into(),
            mend: None,
        }
    }

    pub(super) fn ok(area: &'static str, what: impl Into<String>) -> Self {
        Self::new(Level::Ok, area, what)
    }

    pub(super) fn note(area: &'static str, what: impl Into<String>) -> Self {
        Self::new(Level::Note, area, what)
    }

    pub(super) fn problem(area: &'static str, what: impl Into<String>) -> Self {
        Self::new(Level::Problem, area, what)
    }

    /// A failure as a problem.
    pub(super) fn of(area: &'static str, failure: &Failure) -> Self {
        let what = match failure.why.as_str() {
            "" => failure.what.clone(),
            why => format!("{}: {why}", failure.what),
        };
        let mut finding = Self::problem(area, what);
        finding.mend = Some(failure.advice.clone()).filter(|advice| !advice.is_empty());
        finding
    }

    pub(super) const fn is_problem(&self) -> bool {
        matches!(self.level, Level::Problem)
    }

    /// The same, with what mends it.
    pub(super) fn mend(mut self, command: impl Into<String>) -> Self {
        self.mend = Some(command.into());
        self
    }
}

/// A command about a path, as a shell takes it.
pub(super) fn command(words: &str, path: &Path) -> String {
    let path = path.display().to_string();
    format!("{words} {}", shell_words::quote(&path))
}

/// The findings as aligned lines.
pub(super) fn lines(findings: &[Finding]) -> String {
    let width = findings.iter().map(|it| it.area.len()).max().unwrap_or(0);
    let mut out = String::new();
    for Finding {
        level,
        area,
        what,
        mend,
    } in findings
    {
        // Writing to a string cannot fail.
        let _ = writeln!(
            out,
            "{:7}  {area:width$}  {}",
            level.word(),
            Printable::line(what)
        );
        if let Some(mend) = mend {
            let _ = writeln!(out, "{:7}  {:width$}  → {}", "", "", Printable::line(mend));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_aligned_and_hold_nothing_that_a_terminal_obeys() {
        let all = [
            Finding::ok("keys", "fine"),
            Finding::problem("terminal", "a\nb\u{1b}[2J").mend("rm x"),
        ];
        let text = lines(&all);
        assert!(!text.contains('\u{1b}'), "{text:?}");
        let rows: Vec<_> = text.lines().collect();
        assert_eq!(rows.len(), 3, "{text}");
        assert_eq!(rows[0], "ok       keys      fine");
        assert!(rows[1].starts_with("problem  terminal  a"), "{text}");
        assert_eq!(rows[2], "                   → rm x");
    }

    #[test]
    fn a_path_in_a_command_is_one_word() {
        assert_eq!(command("rm", Path::new("/a b")), "rm '/a b'");
    }
}
