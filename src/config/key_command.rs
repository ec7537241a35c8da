//! `key_command`: a program of the person's choice that prints a key.
//!
//! Run by its words and never by a shell, without any key in its environment, within a time
//! limit. What it printed is never told, whatever becomes of it.

use crate::domain::endpoint::Key;
use crate::domain::failure::{Failure, FailureKind};
use std::process::Stdio;
use std::time::Duration;
use tokio::io::AsyncReadExt;
use tokio::process::{Child, Command};
use tokio::time::timeout;

/// How long a command may take; somebody may have to touch a token or type a passphrase.
pub(super) const PATIENCE: Duration = Duration::from_secs(30);

/// Most bytes that it may print.
const LARGEST: u64 = 64 * 1024;

/// Runs a command and takes what it prints as a key.
///
/// # Errors
/// When it cannot be started, fails, takes too long, or prints something that is no key.
pub(super) async fn ask(
    words: &[String],
    secrets: &[String],
    patience: Duration,
) -> Result<Key, Failure> {
    let Some((program, arguments)) = words.split_first() else {
        return Err(failed("", "it names no program".to_owned()));
    };
    let mut command = Command::new(program);
    command
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        // What it says there may hold the key as well.
        .stderr(Stdio::null());
    // A group of its own: it cannot read keys that are meant for the studio, and it ends whole.
    #[cfg(unix)]
    command.process_group(0);
    for name in secrets {
        command.env_remove(name);
    }
    let child = command.kill_on_drop(true).spawn();
    let child =
        child.map_err(|error| failed(program, format!("it could not be started: {error}")))?;
    let mut running = Running(child);
    let ended = timeout(patience, running.printed()).await;
    let printed = ended
        .map_err(|_| {
            let limit = patience.as_secs_f32().ceil();
            failed(program, format!("it did not end within {limit} s"))
        })?
        .map_err(|why| failed(program, why))?;
    Key::new(&printed).map_err(|fault| failed(program, fault.to_string()))
}

/// A command that is running; it ends with everything it started when nobody waits for it.
struct Running(Child);

impl Running {
    async fn printed(&mut self) -> Result<String, String> {
        let mut bytes = Vec::new();
        if let Some(stdout) = self.0.stdout.take() {
            let read = stdout.take(LARGEST + 1).read_to_end(&mut bytes).await;
            read.map_err(|error| format!("what it prints could not be read: {error}"))?;
        }
        if bytes.len() as u64 > LARGEST {
            return Err(format!("it printed more than {} KiB", LARGEST / 1024));
        }
        let status = self.0.wait().await;
        let status = status.map_err(|error| format!("it was lost sight of: {error}"))?;
        if !status.success() {
            return Err(format!("it ended with {status}"));
        }
        String::from_utf8(bytes).map_err(|_| "it printed something that is not text".to_owned())
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        #[cfg(unix)]
        {
            use rustix::process::{Pid, Signal, kill_process_group};
            // Without an id it has ended, and its number may be somebody else's.
            let pid = self.0.id().and_then(|pid| Pid::from_raw(pid.cast_signed()));
            if let Some(pid) = pid {
                let _gone = kill_process_group(pid, Signal::KILL);
            }
        }
    }
}

fn failed(program: &str, why: String) -> Failure {
    Failure::new(
        FailureKind::Usage,
        format!("key_command `{program}` gave no key"),
    )
    .why(why)
    .advice("run it by hand; it must print the key and nothing else")
}

#[cfg(unix)]
#[cfg(test)]
mod tests {
    use super::*;

    fn ask_for(script: &str, patience: Duration) -> Result<Key, Failure> {
        let words = ["sh", "-c", script].map(str::to_owned);
        let secrets = ["HOME".to_owned()];
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        runtime.block_on(ask(&words, &secrets, patience))
    }

    const LIMIT: Duration = Duration::from_secs(20);

    #[test]
    fn what_it_prints_is_the_key_without_blanks_around_it() {
        let key = ask_for("printf ' sk-printed\\n\\n'", LIMIT).unwrap();
        assert_eq!(key.expose(), "sk-printed");
    }

    #[test]
    fn it_sees_no_variable_that_holds_a_key() {
        let key = ask_for("printf '%s' \"${HOME-none}\"", LIMIT).unwrap();
        assert_eq!(key.expose(), "none");
    }

    /// K1: whatever it printed on either stream, the failure holds none of it.
    #[test]
    fn a_failure_says_why_and_never_what_was_printed() {
        for (script, why) in [
            (
                "echo sk-secret; echo sk-secret >&2; exit 3",
                "exit status: 3",
            ),
            (
                "echo sk-secret; echo sk-secret",
                "a line break in its middle",
            ),
            ("printf 'sk-secret\\377'", "not text"),
            ("printf ''", "it holds nothing"),
            ("yes sk-secret", "more than 64 KiB"),
            ("kill -9 $$", "signal: 9"),
        ] {
            let told = ask_for(script, LIMIT).unwrap_err().to_string();
            assert!(told.starts_with("key_command `sh` gave no key: "), "{told}");
            assert!(told.contains(why) && !told.contains("secret"), "{told}");
        }
        let words = ["/nowhere/copydesk-key".to_owned()];
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        let told = runtime
            .block_on(ask(&words, &[], LIMIT))
            .unwrap_err()
            .to_string();
        assert!(told.contains("could not be started"), "{told}");
    }

    #[test]
    fn one_that_hangs_is_ended_with_all_it_started() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("pid");
        let script = format!("sleep 600 & echo $! > {}; wait", path.display());
        // Long enough for a shell to start, and short enough to wait for.
        let told = ask_for(&script, Duration::from_secs(2))
            .unwrap_err()
            .to_string();
        assert!(told.contains("did not end within 2 s"), "{told}");
        let pid: i32 = std::fs::read_to_string(&path)
            .unwrap()
            .trim()
            .parse()
            .unwrap();
        let pid = rustix::process::Pid::from_raw(pid).unwrap();
        let start = std::time::Instant::now();
        let ended = || match std::fs::read_to_string(format!("/proc/{}/stat", pid.as_raw_nonzero()))
        {
            Ok(line) => line.contains(") Z"),
            Err(_) => rustix::process::test_kill_process(pid).is_err(),
        };
        while !ended() && start.elapsed() < LIMIT {
            std::thread::yield_now();
        }
        assert!(ended());
    }
}
