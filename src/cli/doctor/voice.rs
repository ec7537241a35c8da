//! The programs of `[voice]`: whether they are there. None of them is run.

use super::finding::Finding;
use crate::config::{Settings, variable};
use crate::store::attachment;
use std::path::{Path, PathBuf};

const AREA: &str = "voice";

/// What is to be said of each program that is named; nothing where none is.
pub(super) fn programs(settings: &Settings) -> Vec<Finding> {
    let named = ["read", "dictate"].into_iter().filter_map(|key| {
        let program = settings.voice.words(key)?.first()?;
        Some((key, program.as_str()))
    });
    let path = variable("PATH").unwrap_or_default();
    named
        .map(|(key, program)| finding(key, program, &path))
        .collect()
}

fn finding(key: &str, program: &str, path: &str) -> Finding {
    let mend = format!("install it, or change `{key}` below [voice] in config.toml (F10)");
    match file(program, path) {
        Some(file) if is_executable(&file) => {
            let file = file.display();
            Finding::ok(AREA, format!("{key}: `{program}` is {file}"))
        }
        Some(file) => {
            let file = file.display();
            let what = format!("{key}: {file} may not be executed, so that nothing runs it");
            Finding::problem(AREA, what).mend(format!("chmod +x {file}"))
        }
        None if program.contains('/') => {
            Finding::problem(AREA, format!("{key}: there is no file {program}")).mend(mend)
        }
        None => {
            let what = format!("{key}: no folder of PATH has a program `{program}`");
            Finding::problem(AREA, what).mend(mend)
        }
    }
}

/// The file of a program, by its path or by the folders of PATH.
fn file(program: &str, path: &str) -> Option<PathBuf> {
    if program.contains('/') {
        return Some(attachment::resolved(program)).filter(|file| file.is_file());
    }
    let files = std::env::split_paths(path).map(|folder| folder.join(program));
    let files: Vec<PathBuf> = files.filter(|file| file.is_file()).collect();
    let runs = files.iter().find(|file| is_executable(file)).cloned();
    runs.or_else(|| files.into_iter().next())
}

#[cfg(unix)]
fn is_executable(file: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    let found = file.metadata();
    found.is_ok_and(|found| found.permissions().mode() & 0o111 != 0)
}

#[cfg(not(unix))]
fn is_executable(file: &Path) -> bool {
    file.is_file()
}
