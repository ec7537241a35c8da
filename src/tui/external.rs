//! The person's own editor on the text: `$VISUAL` or `$EDITOR`, run by its arguments, never by a
//! shell, on a private temporary file, without any key in its environment.

use crate::domain::failure::{Failure, FailureKind};
use crate::store::scratch::Scratch;
use tokio::process::{Child, Command};

/// Most bytes that may come back.
const LARGEST: u64 = 256 * 1024 * 1024;

/// Which editor, and what it must not learn.
#[derive(Debug, Clone, Default)]
pub struct Editor {
    /// The command line, as a shell would split it into words; `vi` when there is none.
    pub line: Option<String>,
    /// Variables that hold keys.
    pub secrets: Vec<String>,
}

/// What the editor gets to see.
#[derive(Debug, Clone, Copy)]
pub struct Loan<'a> {
    /// The name of the file, without a folder.
    pub name: &'a str,
    /// What is in it.
    pub text: &'a str,
}

/// A text that is being edited by another program, which has the terminal meanwhile.
#[derive(Debug)]
pub struct Editing {
    program: String,
    child: Child,
    scratch: Scratch,
}

impl Editing {
    /// Opens the text in the editor.
    ///
    /// # Errors
    /// When no editor is found, or the text cannot be lent.
    pub fn start(loan: Loan<'_>, editor: &Editor) -> Result<Self, Failure> {
        let line = editor
            .line
            .as_deref()
            .filter(|line| !line.trim().is_empty())
            .unwrap_or("vi");
        let words = shell_words::split(line)
            .map_err(|_| unchanged(format!("`{line}` has an open quote")))?;
        let Some((program, arguments)) = words.split_first() else {
            return Err(unchanged(format!("`{line}` names no program")));
        };
        let scratch = Scratch::new(loan.name, loan.text)?;
        let mut command = Command::new(program);
        command.args(arguments).arg(scratch.path());
        for name in &editor.secrets {
            command.env_remove(name);
        }
        let child = command
            .spawn()
            .map_err(|error| unchanged(format!("`{program}` could not be started: {error}")))?;
        Ok(Self {
            program: program.clone(),
            child,
            scratch,
        })
    }

    /// Waits until the editor ends, and returns what the text became. May be dropped and asked
    /// again.
    ///
    /// # Errors
    /// When the editor failed; the text is then as it was.
    pub async fn end(&mut self) -> Result<String, Failure> {
        let program = &self.program;
        let status = self.child.wait().await;
        let status =
            status.map_err(|error| unchanged(format!("`{program}` was lost sight of: {error}")))?;
        if !status.success() {
            return Err(unchanged(format!("`{program}` ended with {status}")));
        }
        Ok(self.scratch.text(LARGEST)?)
    }

    /// Hands a request to end on to the editor.
    pub fn pass_on(&self, number: u8) {
        #[cfg(unix)]
        {
            use rustix::process::{Pid, Signal, kill_process};
            let pid = self
                .child
                .id()
                .and_then(|pid| Pid::from_raw(pid.cast_signed()));
            if let (Some(pid), Some(signal)) = (pid, Signal::from_named_raw(i32::from(number))) {
                // One that has just ended needs no signal.
                let _ended = kill_process(pid, signal);
            }
        }
        #[cfg(not(unix))]
        let _ = number;
    }
}

fn unchanged(why: String) -> Failure {
    Failure::new(FailureKind::Other, "the external editor changed nothing")
        .why(why)
        .advice("set VISUAL or EDITOR to a command, such as `vim` or `code --wait`")
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    fn edit(text: &str, line: &str) -> Result<String, Failure> {
        let editor = Editor {
            line: Some(line.to_owned()),
            secrets: Vec::new(),
        };
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(|error| unchanged(error.to_string()))?;
        let name = "draft.md";
        runtime.block_on(async { Editing::start(Loan { name, text }, &editor)?.end().await })
    }

    #[test]
    fn what_the_editor_wrote_comes_back() {
        assert_eq!(edit("old", "sed -i s/old/new/").unwrap(), "new");
    }

    #[test]
    fn a_failing_editor_leaves_the_text() {
        let failure = edit("old", "false").unwrap_err();
        assert!(
            failure.to_string().contains("`false` ended with"),
            "{failure}"
        );
    }

    /// O1: words are split, and nothing else of a shell happens.
    #[test]
    fn no_shell_reads_the_line() {
        assert_eq!(edit("kept", "true && false").unwrap(), "kept");
        assert!(edit("", "vim 'x").unwrap_err().why.contains("open quote"));
        assert!(edit("", "$(true)").unwrap_err().why.contains("$(true)"));
    }
}
