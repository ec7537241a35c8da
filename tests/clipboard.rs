//! The clipboard of the session, through programs that stand in for its own, in the real binary.

#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use support::pty::Pty;

/// A program that keeps what it is given, or prints `marked` and what is kept.
const XCLIP: &str = "#!/bin/sh
case \"$2 $3\" in
  \"clipboard -in\") /bin/cat > \"$KEPT\" ;;
  \"clipboard -out\") /bin/cat \"$KEPT\" ;;
  \"primary -out\") printf 'marked elsewhere' ;;
esac
";

#[expect(
    clippy::disallowed_methods,
    reason = "nothing reads the files before they are whole"
)]
fn furnish(folder: &Path, script: &str) {
    let file = folder.join("xclip");
    std::fs::write(&file, script).unwrap();
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o755)).unwrap();
    std::fs::write(folder.join("kept"), "from elsewhere").unwrap();
    std::fs::write(folder.join("notes.txt"), "own words\n").unwrap();
}

fn studio(folder: &Path, also: &[(&str, &str)]) -> Pty {
    let kept = folder.join("kept");
    let notes = folder.join("notes.txt");
    let mut envs = vec![
        ("DISPLAY", ":77"),
        ("PATH", folder.to_str().unwrap()),
        ("KEPT", kept.to_str().unwrap()),
    ];
    envs.extend(also);
    let arguments = ["edit", notes.to_str().unwrap()];
    let studio = Pty::start(&arguments, (120, 36), &envs).unwrap();
    studio.wait_for_text("own words");
    studio
}

fn raw(studio: &Pty) -> String {
    String::from_utf8_lossy(&studio.raw()).into_owned()
}

#[test]
fn what_is_copied_and_pasted_goes_through_the_program_of_the_session() {
    let folder = tempfile::tempdir().unwrap();
    furnish(folder.path(), XCLIP);
    let studio = studio(folder.path(), &[]);
    // What is typed behind the paste stays behind it.
    studio
        .keys("<ctrl+v> then ")
        .wait_for_text("from elsewhere then own words");
    studio
        .keys("<ctrl+a><ctrl+c>")
        .wait_for_text("copied 5 words");
    let kept = std::fs::read_to_string(folder.path().join("kept")).unwrap();
    assert_eq!(kept, "from elsewhere then own words\n");
    assert!(
        !raw(&studio).contains("\x1b]52;"),
        "the terminal copied too"
    );
}

#[test]
fn over_ssh_the_terminal_copies_and_nothing_is_read() {
    let folder = tempfile::tempdir().unwrap();
    furnish(folder.path(), XCLIP);
    let studio = studio(folder.path(), &[("SSH_TTY", "/dev/pts/9")]);
    studio
        .keys("<ctrl+a><ctrl+c>")
        .wait_for_text("copied 2 words");
    assert!(raw(&studio).contains("\x1b]52;c;"));
    studio.keys("<ctrl+end><ctrl+v>");
    studio.wait_for(
        |screen| screen.matches("own words").count() == 2,
        "the paste of what was copied here",
    );
    let kept = std::fs::read_to_string(folder.path().join("kept")).unwrap();
    assert_eq!(kept, "from elsewhere");
}

#[test]
fn the_terminal_copies_what_a_program_would_not_take() {
    let folder = tempfile::tempdir().unwrap();
    furnish(folder.path(), "#!/bin/sh\nexit 4\n");
    let studio = studio(folder.path(), &[]);
    studio
        .keys("<ctrl+a><ctrl+c>")
        .wait_for_text("copied by the terminal");
    assert!(raw(&studio).contains("\x1b]52;c;"));
    studio.keys("<ctrl+end><ctrl+v>");
    studio.wait_for(
        |screen| screen.matches("own words").count() == 2,
        "the paste of what was copied here",
    );
}

#[test]
fn the_middle_button_puts_in_what_is_marked() {
    let folder = tempfile::tempdir().unwrap();
    furnish(folder.path(), XCLIP);
    let studio = studio(folder.path(), &[]);
    let (row, column) = studio.look(|screen| {
        let text = screen.contents();
        let (row, line) = text
            .lines()
            .enumerate()
            .find(|(_, line)| line.contains("own words"))
            .unwrap();
        let before = line.split("own words").next().unwrap();
        (row + 1, before.chars().count() + 1)
    });
    studio.send(format!("\x1b[<1;{column};{row}M\x1b[<1;{column};{row}m").as_bytes());
    studio.wait_for_text("marked elsewhereown words");
}
