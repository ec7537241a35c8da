//! The command line in a home of its own: an environment, files, and what one command did.
//!
//! Owns that home. Nothing of the machine's environment reaches the program but what a test gives.

#![expect(clippy::unwrap_used, reason = "a rig fails by panicking")]

use super::server::{Server, Step};
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;
use tempfile::TempDir;

/// The key that is in the environment of every command which asks a server.
pub const KEY: &str = "sk-test-0123456789abcdef";

/// How long one command may take; only reached on failure.
const PATIENCE: Duration = Duration::from_secs(20);

/// A folder that holds everything of one person, and their environment.
pub struct Home {
    folder: TempDir,
    variables: Vec<(String, String)>,
}

/// What a command did.
#[derive(Debug)]
pub struct Ran {
    /// The exit code.
    pub code: i32,
    /// What came out.
    pub stdout: String,
    /// What was said beside it.
    pub stderr: String,
}

impl Ran {
    /// stdout as JSON.
    pub fn json(&self) -> serde_json::Value {
        match serde_json::from_str(&self.stdout) {
            Ok(json) => json,
            Err(why) => panic!("stdout is no JSON: {why}: {self:?}"),
        }
    }
}

impl Home {
    /// A home without any key or file.
    pub fn new() -> Self {
        Self {
            folder: TempDir::new().unwrap(),
            variables: Vec::new(),
        }
    }

    /// A home whose default provider is `server`.
    pub fn asking(server: &Server) -> Self {
        Self::new()
            .with("OPENAI_BASE_URL", &server.base_url())
            .with("OPENAI_API_KEY", KEY)
            .with("OPENAI_MODEL", "m1")
    }

    /// The same with one more variable.
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.variables.push((name.to_owned(), value.to_owned()));
        self
    }

    /// A path inside it.
    pub fn path(&self, relative: &str) -> PathBuf {
        self.folder.path().join(relative)
    }

    /// Writes a file inside it, folders included.
    pub fn write(&self, relative: &str, text: &str) -> PathBuf {
        self.write_bytes(relative, text.as_bytes())
    }

    /// The command, ready to be started; stdin is empty.
    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = self.command_of(Path::new(env!("CARGO_BIN_EXE_copydesk")));
        command.args(args);
        command
    }

    /// The same of any program.
    pub fn command_of(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        command
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("HOME", self.folder.path())
            .env("COPYDESK_HOME", self.folder.path())
            .env("TZ", "UTC")
            .current_dir(self.folder.path())
            .stdin(Stdio::null());
        for (name, value) in &self.variables {
            command.env(name, value);
        }
        command
    }

    /// Runs `copydesk` with `args` and nothing on stdin.
    pub fn run(&self, args: &[&str]) -> Ran {
        self.feed(args, "")
    }

    /// Runs it with `text` in the pipe that is its stdin.
    pub fn feed(&self, args: &[&str], text: &str) -> Ran {
        let mut command = assert_cmd::Command::from_std(self.command(args));
        let output = command.write_stdin(text).timeout(PATIENCE).output();
        ran(&output.unwrap())
    }

    /// Writes bytes as they are to a file inside it.
    #[expect(
        clippy::disallowed_methods,
        reason = "nothing reads the file before it is whole"
    )]
    pub fn write_bytes(&self, relative: &str, bytes: &[u8]) -> PathBuf {
        let path = self.path(relative);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, bytes).unwrap();
        path
    }

    /// Every file, link and pipe inside it, by its path from there, but the journal and the state
    /// of the program, which hold no file of the person's.
    pub fn everything(&self) -> Vec<String> {
        let mut found = Vec::new();
        let mut folders = vec![self.folder.path().to_owned()];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap().map(Result::unwrap) {
                if entry.file_type().unwrap().is_dir() {
                    folders.push(entry.path());
                } else {
                    let path = entry.path();
                    let path = path.strip_prefix(self.folder.path()).unwrap();
                    found.push(path.to_string_lossy().into_owned());
                }
            }
        }
        found.retain(|path| !path.starts_with("data/journal") && !path.starts_with("state/"));
        found.sort();
        found
    }

    /// What saves that failed or were killed have left.
    pub fn litter(&self) -> Vec<String> {
        let mut found = self.everything();
        found.retain(|path| path.contains(".copydesk-"));
        found
    }

    /// The drafts in its library, by path.
    pub fn drafts(&self) -> Vec<PathBuf> {
        let Ok(folder) = std::fs::read_dir(self.path("data/drafts")) else {
            return Vec::new();
        };
        let mut found: Vec<_> = folder.map(|entry| entry.unwrap().path()).collect();
        found.retain(|path| path.extension() == Some(OsStr::new("md")));
        found.sort();
        found
    }
}

/// What an ended command did. Whatever it was: it must not have shown the key.
pub fn ran(output: &std::process::Output) -> Ran {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    let Some(code) = output.status.code() else {
        panic!("ended by a signal: {output:?}");
    };
    let ran = Ran {
        code,
        stdout: text(&output.stdout),
        stderr: text(&output.stderr),
    };
    assert!(!ran.stdout.contains(KEY), "the key is on stdout: {ran:?}");
    assert!(!ran.stderr.contains(KEY), "the key is on stderr: {ran:?}");
    assert!(!ran.stderr.contains("broke down"), "{ran:?}");
    ran
}

/// One chunk of a chat stream that carries `text`.
pub fn delta(text: &str) -> String {
    let chunk = serde_json::json!({
        "model": "m1-2026", "choices": [{"index": 0, "delta": {"content": text}, "finish_reason": null}],
    });
    format!("data: {chunk}\n\n")
}

/// The chunks that end a chat stream well.
pub fn ending(reason: &str) -> String {
    let last = serde_json::json!({
        "model": "m1-2026", "choices": [{"index": 0, "delta": {}, "finish_reason": reason}],
    });
    let usage = serde_json::json!({
        "choices": [], "usage": {"prompt_tokens": 27, "completion_tokens": 31, "total_tokens": 58},
    });
    format!("data: {last}\n\ndata: {usage}\n\ndata: [DONE]\n\n")
}

/// The script of a whole chat answer.
pub fn answer(text: &str) -> Vec<Step> {
    let body = format!("{}{}", delta(text), ending("stop"));
    vec![Step::stream_head(), Step::body(&body)]
}
