//! A command watched from outside by `strace`: the calls it makes, and calls that are made to fail.
//!
//! Where `strace` cannot run, [`works`] says so aloud and the test that asked is skipped.

#![expect(clippy::unwrap_used, reason = "a rig fails by panicking")]

use super::cli::{Ran, ran};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

/// Calls that a save makes or could make.
pub const CALLS: &str = "openat,mkdirat,mkdir,statx,newfstatat,fstat,readlink,read,write,pwrite64,\
fsync,fdatasync,fchmod,flock,rename,renameat,renameat2,linkat,unlink,unlinkat";

/// One call as `strace` wrote it down.
#[derive(Debug, Clone)]
pub struct Call {
    /// Thread that made it.
    pub thread: u32,
    /// Its name.
    pub name: String,
    /// Arguments and result; descriptors with their paths.
    pub rest: String,
}

impl Call {
    /// True for a call of this name with all of `words` in its arguments or result.
    pub fn is(&self, name: &str, words: &[&str]) -> bool {
        self.name == name && words.iter().all(|word| self.rest.contains(word))
    }
}

/// Whether a program can be traced here; says aloud why not.
pub fn works() -> bool {
    static WORKS: OnceLock<bool> = OnceLock::new();
    *WORKS.get_or_init(|| {
        let mut probe = Command::new("strace");
        probe.args([
            "-f",
            "-qq",
            "-e",
            "trace=none",
            "-e",
            "inject=sync:error=EIO",
        ]);
        let ended = probe.arg("true").stderr(Stdio::piped()).output();
        let why = match ended {
            Ok(output) if output.status.success() => return true,
            Ok(output) => String::from_utf8_lossy(&output.stderr).into_owned(),
            Err(why) => why.to_string(),
        };
        super::aloud(&format!(
            "SKIPPED: strace cannot trace here: {}",
            why.trim()
        ));
        false
    })
}

/// Runs `command` to its end and returns what it did and which of [`CALLS`] it made.
///
/// `options` go to `strace`, such as `-e inject=fsync:error=EIO:when=2`. What the command's
/// environment is, it must have been given by `env`: nothing is inherited.
pub fn trace(command: &Command, options: &[&str]) -> (Ran, Vec<Call>) {
    let log = tempfile::NamedTempFile::new().unwrap();
    let mut traced = Command::new("strace");
    traced
        .args(["-f", "-qq", "-y", "-s", "256", "-o"])
        .arg(log.path())
        .args(["-e", &format!("trace={CALLS}")])
        .args(options)
        .arg("--")
        .arg(command.get_program())
        .args(command.get_args())
        .env_clear()
        .envs(
            command
                .get_envs()
                .filter_map(|(name, value)| Some((name, value?))),
        )
        .stdin(Stdio::null());
    if let Some(folder) = command.get_current_dir() {
        traced.current_dir(folder);
    }
    let ran = ran(&traced.output().unwrap());
    let log = std::fs::read_to_string(log.path()).unwrap();
    (ran, log.lines().filter_map(call).collect())
}

/// `1234  fsync(11</home/a.tmp>) = 0`; other lines tell of signals and ends.
fn call(line: &str) -> Option<Call> {
    let (thread, call) = line.split_once(' ')?;
    let (name, rest) = call.trim_start().split_once('(')?;
    Some(Call {
        thread: thread.parse().ok()?,
        name: name.to_owned(),
        rest: rest.to_owned(),
    })
}
