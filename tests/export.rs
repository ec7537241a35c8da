//! `copydesk draft export`: drafts as other files, on stdout, in files, in folders and on the
//! clipboard. Nothing that is there is lost.

#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use copydesk::store::atomic;
use pretty_assertions::assert_eq;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use support::cli::{Home, Ran};
use support::pty::Pty;

const TEA: &str = "---\ntitle: Tea\nstatus: draft\n---\n\n# Tea\n\nHot, *black*.\n";

/// A home with two drafts, one in a folder under the same name, and a mail.
fn home() -> Home {
    let home = Home::new().with("LANG", "de_CH.UTF-8");
    home.write("data/drafts/tea.md", TEA);
    home.write(
        "data/drafts/old/Tea.md",
        "---\ntitle: Old tea\n---\n\nCold.\n",
    );
    home.write(
        "data/drafts/mail.md",
        "---\ntitle: To Ann\ncopydesk:\n  id: 0193-mail\n  template: cold-email\n---\n\nSubject: A thought\n\nHi Ann,\nbye\n",
    );
    home
}

fn export(home: &Home, args: &[&str]) -> Ran {
    home.run(&[&["draft", "export"], args].concat())
}

fn text(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap()
}

#[test]
fn one_draft_goes_to_stdout_without_its_front_matter() {
    let home = home();
    let told = export(&home, &["tea", "--to", "md"]);
    assert_eq!(
        (told.code, told.stdout.as_str(), told.stderr.as_str()),
        (0, "# Tea\n\nHot, *black*.\n", "")
    );
    assert_eq!(export(&home, &["tea"]).stdout, told.stdout);
    assert_eq!(
        export(&home, &["tea", "--to", "txt"]).stdout,
        "Tea\n\nHot, black.\n"
    );
    let page = export(&home, &["tea", "--to", "html"]).stdout;
    assert!(
        page.contains("<html lang=\"de-CH\">") && page.contains("<title>Tea</title>"),
        "{page}"
    );
    let page = export(&home, &["tea", "--to", "html", "--lang", "pt_BR"]).stdout;
    assert!(page.contains("<html lang=\"pt-BR\">"), "{page}");
    let told = export(&home, &["tea", "--to", "html", "--lang", "<b>"]);
    assert_eq!(told.code, 2, "{told:?}");
}

#[test]
fn a_mail_takes_its_subject_from_the_text_where_the_template_says_so() {
    let home = home();
    let mail = export(&home, &["mail", "--to", "eml"]).stdout;
    assert!(mail.starts_with("Subject: A thought\r\n"), "{mail}");
    // By what the template says now: one of the person's own with the same name wins.
    home.write(
        "data/templates/cold-email.md",
        "---\ntitle: Mine\n---\nWrite.\n",
    );
    let mail = export(&home, &["mail", "--to", "eml"]).stdout;
    assert!(mail.starts_with("Subject: To Ann\r\n"), "{mail}");
    let mail = export(&home, &["tea", "--to", "eml"]).stdout;
    assert!(mail.starts_with("Subject: Tea\r\n"), "{mail}");
}

#[test]
fn a_file_is_written_by_its_ending_and_never_over_another() {
    let home = home();
    let file = home.path("out/new/tea.html");
    let named = file.to_str().unwrap();
    let told = export(&home, &["tea", "-o", named]);
    assert_eq!((told.code, told.stdout), (0, format!("{named}\n")));
    assert!(text(&file).starts_with("<!DOCTYPE html>"));
    home.write("out/new/tea.html", "Mine.");
    let told = export(&home, &["tea", "-o", named]);
    assert_eq!(told.code, 2);
    assert!(
        told.stderr.contains(
            "there already, so nothing was written; name another place with -o, or give --force"
        ),
        "{}",
        told.stderr
    );
    assert_eq!(text(&file), "Mine.");
    let told = export(&home, &["tea", "-o", named, "--force"]);
    assert_eq!(told.code, 0);
    assert!(
        told.stderr
            .contains("is in the trash; `copydesk draft undo` brings it back"),
        "{}",
        told.stderr
    );
    assert!(text(&file).starts_with("<!DOCTYPE html>"));
    assert_eq!(home.run(&["draft", "undo"]).code, 0);
    assert_eq!(text(&file), "Mine.");
}

#[test]
fn several_go_into_a_folder_each_under_a_name_of_its_own_or_none_does() {
    let home = home();
    let told = export(&home, &["tea", "mail", "--to", "txt"]);
    assert_eq!(told.code, 2);
    assert!(
        told.stderr.contains("several drafts need a folder"),
        "{}",
        told.stderr
    );
    let folder = home.path("out");
    let out = folder.to_str().unwrap();
    let all = ["tea", "old/Tea", "mail", "tea", "--to", "txt", "-o", out];
    let told = export(&home, &all);
    assert_eq!(told.code, 0, "{told:?}");
    let names: Vec<_> = told
        .stdout
        .lines()
        .map(|line| line.rsplit('/').next().unwrap())
        .collect();
    assert_eq!(names, ["tea.txt", "Tea-2.txt", "mail.txt"]);
    assert_eq!(text(&folder.join("Tea-2.txt")), "Cold.\n");
    std::fs::remove_file(folder.join("tea.txt")).unwrap();
    let told = export(&home, &all);
    assert_eq!(told.code, 2);
    assert!(
        told.stderr.contains("mail.txt") || told.stderr.contains("and 1 more"),
        "{}",
        told.stderr
    );
    assert!(!folder.join("tea.txt").exists());
}

/// W: a name that a person gives reaches no other place, and an unknown one is said.
#[test]
fn an_unknown_draft_and_a_bad_place_are_sentences() {
    let home = home();
    for (args, told) in [
        (vec!["none"], "there is no draft named \"none\""),
        (vec!["tea", "--to", "pdf"], "invalid value 'pdf'"),
        (vec!["tea", "-o", "data/drafts/tea.md/x.md"], "tea.md"),
        (vec!["tea", "--clipboard", "-o", "x"], "cannot be used with"),
        (
            vec!["tea", "--to", "docx", "--clipboard"],
            "the clipboard takes no docx",
        ),
        (
            vec!["tea", "mail", "--clipboard"],
            "the clipboard takes one draft",
        ),
        (
            vec!["tea", "--clipboard"],
            "neither a program for the clipboard nor a terminal",
        ),
    ] {
        let ran = export(&home, &args);
        assert!(
            ran.code != 0 && ran.stderr.contains(told),
            "{args:?}: {ran:?}"
        );
        assert_eq!(ran.stdout, "");
    }
    assert_eq!(text(&home.path("data/drafts/tea.md")), TEA);
}

#[test]
fn the_clipboard_gets_it_through_the_program_of_the_session() {
    let home = home();
    let program = home.write(
        "bin/xclip",
        "#!/bin/sh\n/bin/cat > \"$HOME/copied\"\n[ -z \"$OPENAI_API_KEY\" ]\n",
    );
    std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755)).unwrap();
    let path = home.path("bin");
    let home = home
        .with("PATH", path.to_str().unwrap())
        .with("DISPLAY", ":9")
        .with("OPENAI_API_KEY", support::cli::KEY);
    let told = export(&home, &["tea", "--to", "txt", "--clipboard"]);
    assert_eq!(
        (told.code, told.stdout.as_str(), told.stderr.as_str()),
        (0, "", "")
    );
    assert_eq!(text(&home.path("copied")), "Tea\n\nHot, black.\n");
}

#[test]
fn a_document_is_no_matter_for_a_terminal() {
    let home = tempfile::tempdir().unwrap();
    let draft = home.path().join("data/drafts/tea.md");
    std::fs::create_dir_all(draft.parent().unwrap()).unwrap();
    atomic::save(&draft, TEA.as_bytes()).unwrap();
    let program = env!("CARGO_BIN_EXE_copydesk");
    let args = ["draft", "export", "tea", "--to", "docx"];
    let mut shown = Pty::start_at_home(home, (program, &args), (80, 24), &[]).unwrap();
    shown.wait_for(
        |screen| screen.contains("a docx file is not for a terminal"),
        "the refusal",
    );
    assert_eq!(shown.exit_code(), 2);
}

#[test]
fn a_document_in_a_pipe_or_a_file_is_the_same_zip() {
    let home = home();
    let file = home.path("tea.docx");
    assert_eq!(
        export(&home, &["tea", "-o", file.to_str().unwrap()]).code,
        0
    );
    let piped = home
        .command(&["draft", "export", "tea", "--to", "docx"])
        .output()
        .unwrap();
    let written = std::fs::read(&file).unwrap();
    assert!(written.starts_with(b"PK\x03\x04") && written.len() > 2000);
    // The second they were made in may differ, and nothing else.
    assert!(piped.stdout.starts_with(b"PK\x03\x04"));
    assert!(piped.stdout.len().abs_diff(written.len()) < 32);
}
