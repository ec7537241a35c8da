//! The clipboard of the session: which program reaches it, and what goes through that program.
//!
//! A program is run by its arguments, never by a shell, without any key in its environment; text
//! goes through its stdin. It gets a moment and no more, and the loop never waits for it. Where
//! there is none, and over SSH, the terminal itself is asked to copy (OSC 52).

use super::Clipboard;
use std::ffi::OsString;
use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::process::Command;
use tokio::time::timeout;

/// What can be read from a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Selection {
    /// What was copied.
    Clipboard,
    /// What is marked, where the session keeps that.
    Primary,
}

/// How long a program may take.
const MOMENT: Duration = Duration::from_secs(2);

/// Most bytes that are read from a clipboard.
const LARGEST: u64 = 64 << 20;

/// A program for the clipboard: the arguments that copy, and those that print each selection.
#[derive(Debug, PartialEq, Eq)]
struct Kind {
    copy: &'static [&'static str],
    read: &'static [&'static str],
    primary: Option<&'static [&'static str]>,
}

const MAC: Kind = Kind {
    copy: &["pbcopy"],
    read: &["pbpaste"],
    primary: None,
};
const WAYLAND: Kind = Kind {
    copy: &["wl-copy"],
    read: &["wl-paste", "--no-newline"],
    primary: Some(&["wl-paste", "--no-newline", "--primary"]),
};
const XCLIP: Kind = Kind {
    copy: &["xclip", "-selection", "clipboard", "-in"],
    read: &["xclip", "-selection", "clipboard", "-out"],
    primary: Some(&["xclip", "-selection", "primary", "-out"]),
};
const XSEL: Kind = Kind {
    copy: &["xsel", "--clipboard", "--input"],
    read: &["xsel", "--clipboard", "--output"],
    primary: Some(&["xsel", "--primary", "--output"]),
};

/// What is known of the session that the studio runs in. Nothing is looked for on disk before
/// something is copied or pasted.
#[derive(Debug, Clone, Default)]
pub struct Session {
    kinds: Vec<&'static Kind>,
    path: OsString,
}

/// Where a text that is copied goes.
#[derive(Debug)]
pub enum Way {
    /// Nowhere but into Copydesk.
    None,
    /// To the terminal.
    Terminal,
    /// To a program.
    Program(Program),
}

/// A program that was found, and its arguments.
#[derive(Debug)]
pub struct Program {
    file: PathBuf,
    arguments: &'static [&'static str],
}

impl Session {
    /// The session of this process.
    pub fn of_process() -> Self {
        Self::of(&|name| std::env::var_os(name).filter(|value| !value.is_empty()))
    }

    fn of(lookup: &dyn Fn(&str) -> Option<OsString>) -> Self {
        let has = |name: &str| lookup(name).is_some();
        let mut kinds = Vec::new();
        // Over SSH such programs reach the clipboard of the wrong machine.
        if !has("SSH_CONNECTION") && !has("SSH_TTY") {
            if cfg!(target_os = "macos") {
                kinds.push(&MAC);
            }
            if has("WAYLAND_DISPLAY") {
                kinds.push(&WAYLAND);
            }
            if has("DISPLAY") {
                kinds.extend([&XCLIP, &XSEL]);
            }
        }
        let path = lookup("PATH").unwrap_or_default();
        Self { kinds, path }
    }

    /// Whether there may be a clipboard that can be read.
    pub fn may_read(&self, wish: Clipboard) -> bool {
        wish == Clipboard::Auto && !self.kinds.is_empty()
    }

    /// Where a text goes that is copied.
    pub fn way(&self, wish: Clipboard) -> Way {
        match wish {
            Clipboard::Off => Way::None,
            Clipboard::Osc52 => Way::Terminal,
            Clipboard::Auto => {
                let found = self.find(|kind| Some(kind.copy));
                found.map_or(Way::Terminal, Way::Program)
            }
        }
    }

    /// The program that prints a selection.
    pub fn reader(&self, wish: Clipboard, selection: Selection) -> Option<Program> {
        if !self.may_read(wish) {
            return None;
        }
        self.find(|kind| match selection {
            Selection::Clipboard => Some(kind.read),
            Selection::Primary => kind.primary,
        })
    }

    fn find(
        &self,
        arguments: impl Fn(&Kind) -> Option<&'static [&'static str]>,
    ) -> Option<Program> {
        let mut lines = self.kinds.iter().filter_map(|kind| arguments(kind));
        lines.find_map(|line| self.found(line))
    }

    fn found(&self, line: &'static [&'static str]) -> Option<Program> {
        let (name, arguments) = line.split_first()?;
        let folders = std::env::split_paths(&self.path).filter(|folder| folder.is_absolute());
        let mut files = folders.map(|folder| folder.join(name));
        let file = files.find(|file| file.is_file())?;
        Some(Program { file, arguments })
    }
}

impl Program {
    fn command(&self, secrets: &[String]) -> Command {
        let mut command = Command::new(&self.file);
        command.args(self.arguments).stderr(Stdio::null());
        for name in secrets {
            command.env_remove(name);
        }
        // What is typed to stop the studio is not meant for it.
        #[cfg(unix)]
        command.process_group(0);
        command.kill_on_drop(true);
        command
    }

    /// Copies a text.
    ///
    /// # Errors
    /// When the program cannot be started, fails or takes too long; says so in a sentence.
    pub async fn copy(&self, text: &str, secrets: &[String]) -> Result<(), String> {
        let name = self.file.display();
        let work = async {
            let mut command = self.command(secrets);
            // It may stay to serve the text, and must not hold what belongs to the studio.
            command.stdin(Stdio::piped()).stdout(Stdio::null());
            let mut child = command
                .spawn()
                .map_err(|error| format!("`{name}` could not be started: {error}"))?;
            if let Some(mut stdin) = child.stdin.take() {
                // One that ends without reading says why by its status.
                let _ended = stdin.write_all(text.as_bytes()).await;
            }
            match child.wait().await {
                Ok(status) if status.success() => Ok(()),
                Ok(status) => Err(format!("`{name}` ended with {status}")),
                Err(error) => Err(format!("`{name}` was lost sight of: {error}")),
            }
        };
        let done = timeout(MOMENT, work).await;
        done.unwrap_or_else(|_| Err(format!("`{name}` took too long")))
    }

    /// What a selection holds; `None` when that is nothing, or the program fails.
    pub async fn read(&self, secrets: &[String]) -> Option<String> {
        let work = async {
            let mut command = self.command(secrets);
            command.stdin(Stdio::null()).stdout(Stdio::piped());
            let mut child = command.spawn().ok()?;
            let mut bytes = Vec::new();
            let mut out = child.stdout.take()?.take(LARGEST);
            out.read_to_end(&mut bytes).await.ok()?;
            drop(out);
            let ended = child.wait().await.ok()?;
            let text = String::from_utf8_lossy(&bytes);
            let text = text.replace("\r\n", "\n").replace('\r', "\n");
            (ended.success() && !text.is_empty()).then_some(text)
        };
        timeout(MOMENT, work).await.ok().flatten()
    }
}

#[cfg(unix)]
#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;
    use std::path::Path;

    fn session(names: &[&str], path: &Path) -> Session {
        let path = path.as_os_str().to_owned();
        Session::of(&|name| match name {
            "PATH" => Some(path.clone()),
            name => names.contains(&name).then(|| "x".into()),
        })
    }

    #[expect(
        clippy::disallowed_methods,
        reason = "nothing reads the file before it is whole"
    )]
    fn program(folder: &Path, name: &str, script: &str) {
        let file = folder.join(name);
        std::fs::write(&file, format!("#!/bin/sh\n{script}\n")).unwrap();
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o755)).unwrap();
    }

    fn run<T>(work: impl Future<Output = T>) -> T {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        runtime.block_on(work)
    }

    fn copier(session: &Session) -> Program {
        match session.way(Clipboard::Auto) {
            Way::Program(program) => program,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_text_goes_through_the_program_of_the_session() {
        let folder = tempfile::tempdir().unwrap();
        let kept = folder.path().join("kept");
        let script = format!("/bin/cat > {0}; echo \"$@\" >> {0}", kept.display());
        program(folder.path(), "xclip", &script);
        let session = session(&["DISPLAY"], folder.path());
        run(copier(&session).copy("two words\n", &[])).unwrap();
        let held = std::fs::read_to_string(&kept).unwrap();
        assert_eq!(held, "two words\n-selection clipboard -in\n");
    }

    #[test]
    fn wayland_comes_first_where_its_program_is_there() {
        let folder = tempfile::tempdir().unwrap();
        program(folder.path(), "xsel", "exit 0");
        let both = session(&["DISPLAY", "WAYLAND_DISPLAY"], folder.path());
        assert!(copier(&both).file.ends_with("xsel"));
        program(folder.path(), "wl-copy", "exit 0");
        assert!(copier(&both).file.ends_with("wl-copy"));
    }

    #[test]
    fn the_terminal_copies_over_ssh_without_a_program_and_where_it_is_wished() {
        let folder = tempfile::tempdir().unwrap();
        let bare = session(&["DISPLAY"], folder.path());
        assert!(matches!(bare.way(Clipboard::Auto), Way::Terminal));
        program(folder.path(), "xclip", "exit 0");
        let remote = session(&["DISPLAY", "SSH_TTY"], folder.path());
        assert!(matches!(remote.way(Clipboard::Auto), Way::Terminal));
        assert!(!remote.may_read(Clipboard::Auto));
        let here = session(&["DISPLAY"], folder.path());
        assert!(matches!(here.way(Clipboard::Osc52), Way::Terminal));
        assert!(matches!(here.way(Clipboard::Off), Way::None));
        assert!(here.may_read(Clipboard::Auto) && !here.may_read(Clipboard::Off));
    }

    #[test]
    fn each_selection_is_read_and_an_empty_or_failing_one_is_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let script = "[ \"$2\" = primary ] && printf 'marked\\r\\ntext' || exit 1";
        program(folder.path(), "xclip", script);
        let session = session(&["DISPLAY"], folder.path());
        let read = |selection| {
            let reader = session.reader(Clipboard::Auto, selection).unwrap();
            run(reader.read(&[]))
        };
        assert_eq!(read(Selection::Primary).as_deref(), Some("marked\ntext"));
        assert_eq!(read(Selection::Clipboard), None);
    }

    #[test]
    fn a_program_that_fails_is_named_and_sees_no_key() {
        let folder = tempfile::tempdir().unwrap();
        let script = "[ -n \"$CARGO_MANIFEST_DIR\" ] && exit 3; exit 0";
        program(folder.path(), "xclip", script);
        let session = session(&["DISPLAY"], folder.path());
        let why = run(copier(&session).copy("x", &[])).unwrap_err();
        assert!(why.contains("xclip` ended with exit status: 3"), "{why}");
        run(copier(&session).copy("x", &["CARGO_MANIFEST_DIR".to_owned()])).unwrap();
    }
}
