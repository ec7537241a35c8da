//! The person's own editor on the text: `$VISUAL` or `$EDITOR`, run by its arguments, never by a
//! shell, on a private temporary file, without any key in its environment.

use crate::domain::failure::{Failure, FailureKind};
use crate::store::scratch::Scratch;
use std::process::Command;

/// Most bytes that may come back.
const LARGEST: u64 = 256 * 1024 * 1024;

/// Opens `text` in the editor and returns what it became. Blocks until the editor ends.
///
/// # Errors
/// When no editor is set or found, or it fails; the text is then as it was.
pub fn edit(text: &str, editor: Option<&str>, secret_names: &[String]) -> Result<String, Failure> {
    let failed = |why: String| {
        Failure::new(FailureKind::Other, "the external editor changed nothing")
            .why(why)
            .advice("set VISUAL or EDITOR to a command, such as `vim` or `code --wait`")
    };
    let line = editor
        .filter(|line| !line.trim().is_empty())
        .unwrap_or("vi");
    let words =
        shell_words::split(line).map_err(|_| failed(format!("`{line}` has an open quote")))?;
    let Some((program, arguments)) = words.split_first() else {
        return Err(failed(format!("`{line}` names no program")));
    };
    let scratch = Scratch::new("draft.md", text)?;
    let mut command = Command::new(program);
    command.args(arguments).arg(scratch.path());
    for name in secret_names {
        command.env_remove(name);
    }
    let status = command
        .status()
        .map_err(|error| failed(format!("`{program}` could not be started: {error}")))?;
    if !status.success() {
        return Err(failed(format!("`{program}` ended with {status}")));
    }
    Ok(scratch.text(LARGEST)?)
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn what_the_editor_wrote_comes_back() {
        let edited = edit("old", Some("sed -i s/old/new/"), &[]).unwrap();
        assert_eq!(edited, "new");
    }

    #[test]
    fn a_failing_editor_leaves_the_text() {
        let failure = edit("old", Some("false"), &[]).unwrap_err();
        assert!(
            failure.to_string().contains("`false` ended with"),
            "{failure}"
        );
    }

    #[test]
    fn an_open_quote_is_told() {
        assert!(
            edit("", Some("vim 'x"), &[])
                .unwrap_err()
                .why
                .contains("open quote")
        );
    }
}
