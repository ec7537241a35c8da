//! Files come back as they were: opened and saved without an edit, byte for byte; edited, with
//! everything that was not edited; broken, with the reason and untouched.

#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use copydesk::domain::document::Document;
use copydesk::domain::draft::Draft;
use copydesk::store::items::{self, Item};
use copydesk::store::{Paths, drafts, trash};
use copydesk::tui::deeds;
use pretty_assertions::assert_eq;
use proptest::prelude::*;
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use support::cli::Home;
use support::pty::Pty;
use support::saver;

/// Files of every kind, by a name to tell them by.
fn files() -> Vec<(&'static str, Vec<u8>)> {
    let texts: [(&str, &str); 25] = [
        ("crlf", "one\r\ntwo\r\n"),
        ("mixed", "one\r\ntwo\nthree\rfour\r\r\n\n\r"),
        ("no-last-newline", "one\ntwo"),
        ("mark", "\u{feff}one\n"),
        (
            "mark-and-front",
            "\u{feff}---\r\ntitle: a\r\n---\r\n\r\none\r\n",
        ),
        ("nul", "a\0b\n"),
        ("lone-cr", "one\rtwo\r"),
        ("controls", "\u{1b}[31mred\u{7}\u{85}\u{2028}\u{202e}\n"),
        ("empty", ""),
        ("newline", "\n"),
        ("blank", "\n\n\n"),
        ("only-front", "---\ntitle: a\n---\n"),
        ("only-front-cut", "---\ntitle: a\n---"),
        ("only-front-dots", "---\ntitle: a\n...\ntext"),
        ("open-front", "---\ntitle: a\n\ntext\n"),
        ("front-then-cr", "---\ntitle: a\n---\n\rtext"),
        ("front-then-blanks", "---\ntitle: a\n---\n\n\n\ntext"),
        ("front-no-blank", "---\ntitle: a\n---\ntext"),
        (
            "comments",
            "---\n# first\ntitle: a # why\n\n# last\n---\n\ntext\n",
        ),
        (
            "odd-order",
            "---\nzebra: 1\nupdated: 2020-01-01\nalpha: {b: [1,\n   2]}\ntitle: 'it''s'\n---\n\ntext\n",
        ),
        ("tabs", "---\ntitle:\ta\t# tab\n---\n\n\ttext\n"),
        ("no-yaml", "---\n\t: [ {{ no yaml\n&&& *x\n---\n\ntext\n"),
        ("list-front", "---\n- a\n- b\n---\ntext\n"),
        ("flow-front", "---\n{title: a, x: 1}\n---\ntext\n"),
        (
            "odd-text",
            "👩‍👩‍👧 e\u{301} \u{200d}\u{fe0f} \u{e0001}\t\u{a0}\n",
        ),
    ];
    let mut files: Vec<(&str, Vec<u8>)> = texts.map(|(name, text)| (name, text.into())).into();
    files.push((
        "long-line",
        [vec![b'x'; 1024 * 1024], b"\nend".to_vec()].concat(),
    ));
    files.push(("no-utf8", b"one\xff\xfetwo\n".to_vec()));
    files.push(("cut-utf8", b"caf\xc3".to_vec()));
    files
}

/// Opens a draft as the studio does and saves it without an edit; says why where it is read-only.
fn opened_and_saved(paths: &Paths, path: &Path) -> Result<(), String> {
    let mut opened = drafts::open(paths, path).unwrap();
    if let Some(reason) = opened.read_only {
        return Err(reason.to_string());
    }
    let document = Document::new(opened.draft.body());
    opened.draft.set_body(&document.text());
    let hash = drafts::save(paths, path, &opened.draft, Some(&opened.hash)).unwrap();
    assert_eq!(hash, opened.hash);
    Ok(())
}

/// W9: whatever is in a file, opening and saving it changes no byte and writes nothing; what would
/// not come back is read-only, with the reason.
#[test]
fn a_save_without_an_edit_writes_nothing() {
    for (name, bytes) in files() {
        let home = Home::new();
        let path = home.write_bytes("data/drafts/a.md", &bytes);
        let before = std::fs::metadata(&path).unwrap();
        let saved = opened_and_saved(&saver::paths(&home.path("")), &path);
        let after = std::fs::metadata(&path).unwrap();
        assert_eq!(
            saved.is_err(),
            std::str::from_utf8(&bytes).is_err(),
            "{name}: {saved:?}"
        );
        assert!(
            saved.is_ok() || saved.unwrap_err().contains("not UTF-8 at byte"),
            "{name}"
        );
        assert!(std::fs::read(&path).unwrap() == bytes, "{name}");
        assert_eq!(
            (before.ino(), before.mtime_nsec(), before.ctime_nsec()),
            (after.ino(), after.mtime_nsec(), after.ctime_nsec()),
            "{name} was written"
        );
    }
}

/// W9: a file that was deleted outside comes back byte for byte.
#[test]
fn a_deleted_file_comes_back_as_it_was() {
    for (name, bytes) in files() {
        let home = Home::new();
        let path = home.write_bytes("data/drafts/a.md", &bytes);
        let paths = saver::paths(&home.path(""));
        let opened = drafts::open(&paths, &path).unwrap();
        if opened.read_only.is_none() {
            std::fs::remove_file(&path).unwrap();
            drafts::save(&paths, &path, &opened.draft, Some(&opened.hash)).unwrap();
            assert!(std::fs::read(&path).unwrap() == bytes, "{name}");
        }
    }
}

fn pieces() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        Just(b"---\n".to_vec()),
        Just(b"---\r\n".to_vec()),
        Just(b"title: a\n".to_vec()),
        Just(b"\r".to_vec()),
        Just(b"\n".to_vec()),
        Just(b"\xef\xbb\xbf".to_vec()),
        proptest::collection::vec(any::<u8>(), 0..4),
        "[ -~]{0,8}".prop_map(String::into_bytes),
        any::<char>().prop_map(|c| c.to_string().into_bytes()),
    ];
    proptest::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}

proptest! {
    /// W9: the same of any bytes at all.
    #[test]
    fn any_bytes_come_back(bytes in pieces()) {
        let home = Home::new();
        let path = home.write_bytes("data/drafts/a.md", &bytes);
        let paths = saver::paths(&home.path(""));
        let saved = opened_and_saved(&paths, &path);
        prop_assert_eq!(saved.is_err(), std::str::from_utf8(&bytes).is_err());
        prop_assert_eq!(&std::fs::read(&path).unwrap(), &bytes);
        // Written anew, it is the same too: nothing but the text that was read is left of it.
        let opened = drafts::open(&paths, &path).unwrap();
        if opened.read_only.is_none() {
            std::fs::remove_file(&path).unwrap();
            drafts::save(&paths, &path, &opened.draft, None).unwrap();
            prop_assert_eq!(&std::fs::read(&path).unwrap(), &bytes);
        }
    }
}

// --- the studio -------------------------------------------------------------------------------

#[expect(
    clippy::disallowed_methods,
    reason = "nothing reads the file before it is whole"
)]
fn furnished(files: &[(String, Vec<u8>)]) -> Pty {
    let home = tempfile::tempdir().unwrap();
    let drafts = home.path().join("data/drafts");
    std::fs::create_dir_all(&drafts).unwrap();
    for (name, bytes) in files {
        std::fs::write(drafts.join(format!("{name}.md")), bytes).unwrap();
    }
    let program = env!("CARGO_BIN_EXE_copydesk");
    let studio = Pty::start_at_home(home, (program, &[]), (120, 36), &[]).unwrap();
    studio.wait_for_text("Blog post");
    studio
}

fn open(studio: &Pty, name: &str) {
    studio.keys("<ctrl+o>").keys(name);
    let query = format!("> {name} ");
    let found = |screen: &str| screen.contains(&query) && screen.contains("1 of 1");
    studio.wait_for(found, "one draft in the list");
    studio.keys("<enter>");
}

/// W9: ctrl+s on an opened draft says that nothing changed and leaves the file alone, also after
/// moving about; one that would not come back is shown as well as it can be, and takes no edit.
#[test]
fn the_studio_leaves_an_unedited_draft_alone() {
    // Numbered, so that each name finds one file.
    let files: Vec<(String, Vec<u8>)> = (10..)
        .zip(files())
        .map(|(number, (name, bytes))| (format!("k{number}-{name}"), bytes))
        .collect();
    let mut studio = furnished(&files);
    let stamp = |path: &Path| {
        let found = std::fs::metadata(path).unwrap();
        (found.ino(), found.ctime_nsec())
    };
    let path = |studio: &Pty, name: &str| studio.home().join(format!("data/drafts/{name}.md"));
    let before: Vec<_> = files
        .iter()
        .map(|(name, _)| stamp(&path(&studio, name)))
        .collect();
    for (name, bytes) in &files {
        open(&studio, name);
        let title = format!("{name}.md");
        let titled = |screen: &str| screen.lines().next().unwrap().contains(&title);
        studio.wait_for(titled, name);
        studio.keys("<alt+2><ctrl+end><up><home><shift+down><ctrl+home>");
        if std::str::from_utf8(bytes).is_ok() {
            studio.keys("<ctrl+s>");
            studio.wait_for_text(&format!("nothing changed in drafts/{name}.md"));
        } else {
            assert_takes_no_edit(&studio, bytes);
        }
    }
    // Nothing is unsaved, so nothing is asked.
    studio.keys("<ctrl+q>");
    assert_eq!(studio.exit_code(), 0);
    for ((name, bytes), before) in files.iter().zip(before) {
        let path = path(&studio, name);
        assert!(std::fs::read(&path).unwrap() == *bytes, "{name}");
        assert_eq!(stamp(&path), before, "{name}");
    }
}

/// Tries every way to change or write the draft that is open, which can only be read.
fn assert_takes_no_edit(studio: &Pty, bytes: &[u8]) {
    let at = std::str::from_utf8(bytes).unwrap_err().valid_up_to();
    let reason = format!("read only: not UTF-8 at byte {at}");
    let titled = |screen: &str| screen.lines().next().unwrap().contains(&reason);
    studio.wait_for(titled, "the reason in the title");
    let bordered = |line: &str| line.contains("Prompt") && line.contains(" read only ");
    studio.wait_for(
        |screen| screen.lines().any(bordered),
        "a note on the border",
    );
    let refused = format!("{reason}; convert the file to UTF-8");
    for keys in [
        "x",
        "<enter>",
        "<backspace>",
        "<delete>",
        "<paste:pasted>",
        "<ctrl+z>",
        "<ctrl+y>",
        "<ctrl+v>",
        "<ctrl+a><ctrl+x>",
        "<ctrl+e>",
    ] {
        studio.keys(keys);
        studio.wait_for_text(&refused);
        // Another notice takes its place, so that the next refusal is seen to be a new one.
        studio.keys("<ctrl+s>");
        studio.wait_for_text(&format!("{reason}; nothing to save"));
    }
    // The terminal of the tests leaves out the sign for what is no text.
    let raw = studio.raw();
    assert!(String::from_utf8_lossy(&raw).contains('\u{fffd}'));
    let shown = studio.screen();
    assert!(!shown.contains("pasted") && !shown.contains('●'), "{shown}");
    studio.keys("<ctrl+a><ctrl+c>");
    studio.wait_for_text("copied ");
}

/// W9: an edit in one place keeps every other byte: line ends, the byte order mark, controls, a
/// last line without an end.
#[test]
fn an_edit_in_one_place_keeps_every_other_byte() {
    let kinds = [
        "crlf",
        "mixed",
        "no-last-newline",
        "mark",
        "mark-and-front",
        "nul",
        "lone-cr",
        "controls",
        "odd-text",
        "comments",
        "long-line",
    ];
    let files: Vec<(String, Vec<u8>)> = (10..)
        .zip(files())
        .filter(|(_, (name, _))| kinds.contains(name))
        .map(|(number, (name, bytes))| (format!("k{number}-{name}"), bytes))
        .collect();
    assert_eq!(files.len(), kinds.len());
    let studio = furnished(&files);
    for (name, bytes) in &files {
        open(&studio, name);
        let title = format!("{name}.md");
        let titled = |screen: &str| screen.lines().next().unwrap().contains(&title);
        studio.wait_for(titled, name);
        studio.keys("<alt+2>New <enter><ctrl+s>");
        studio.wait_for_text(&format!("saved drafts/{name}.md"));
        let saved = std::fs::read(studio.home().join(format!("data/drafts/{name}.md"))).unwrap();
        let source = std::str::from_utf8(bytes).unwrap();
        let old = Draft::parse(source);
        let line = if old.body().contains("\r\n") {
            "New \r\n"
        } else {
            "New \n"
        };
        let body = [line, old.body()].concat();
        let (head, text) = saved.split_at(saved.len() - body.len());
        assert!(text == body.as_bytes(), "{name}");
        let head = std::str::from_utf8(head).unwrap();
        let mark = source.starts_with('\u{feff}');
        assert_eq!(head.starts_with('\u{feff}'), mark, "{name}");
        // Before the text there is the time of the save, and what there was.
        let others = head.lines().filter(|line| !line.starts_with("updated: "));
        let before = source.trim_end_matches(old.body());
        let before = if before.contains("---") {
            before.to_owned()
        } else {
            format!("{before}---\n---\n\n")
        };
        assert_eq!(
            others.collect::<Vec<_>>(),
            before.lines().collect::<Vec<_>>(),
            "{name}"
        );
        let crlf = |text: &str| text.contains("\r\n");
        assert_eq!(crlf(head), crlf(source), "{name}");
    }
}

/// W9: a draft that is not UTF-8 is listed, shown and copied as well as it can be read, and keeps
/// its bytes; an edit of its front matter is refused with the reason.
#[test]
fn a_draft_that_is_not_utf8_is_shown_and_kept() {
    let home = Home::new();
    let bytes = b"---\ntitle: Caf\xe9\n---\n\ncaf\xe9 \xff\n";
    let path = home.write_bytes("data/drafts/latin.md", bytes);
    let rows = home.run(&["draft", "list", "--json"]).json();
    assert_eq!(
        rows[0]["problem"],
        "latin.md: read only: not UTF-8 at byte 14"
    );
    let ran = home.run(&["draft", "show", "latin"]);
    assert_eq!(
        (ran.code, ran.stdout.as_str()),
        (0, "caf\u{fffd} \u{fffd}\n")
    );
    assert!(
        ran.stderr.contains("not UTF-8 at byte 14"),
        "{}",
        ran.stderr
    );
    let ran = home.run(&["draft", "restore", "latin", "1"]);
    assert!(
        ran.code != 0 && ran.stderr.contains("not UTF-8 at byte 14"),
        "{ran:?}"
    );
    let paths = saver::paths(&home.path(""));
    let item = Item::Draft(path.clone());
    let copied = deeds::text_of(&paths, &item).unwrap();
    assert_eq!(copied, "caf\u{fffd} \u{fffd}\n");
    for refused in [
        items::retag(&paths, &item, &["a".to_owned()]).unwrap_err(),
        items::rename(&paths, &item, "b").unwrap_err(),
        items::source(&paths, &item).unwrap_err(),
    ] {
        let told = refused.to_string();
        assert!(told.contains("not UTF-8 at byte 14; convert"), "{told}");
    }
    let copy = items::duplicate(&paths, &item).unwrap().after.unwrap();
    assert!(std::fs::read(copy.path).unwrap() == bytes);
    assert!(std::fs::read(&path).unwrap() == bytes);
    items::delete(&paths, &item).unwrap();
    trash::undo_last(&paths).unwrap();
    assert!(std::fs::read(&path).unwrap() == bytes);
}

/// W8: an edit in the studio changes the text and the time of the save, and nothing else.
#[test]
fn an_edit_keeps_unknown_keys_comments_and_order() {
    let head = "---\n# mine\nzebra: [1,\n  2]   # two\ntitle: 'It''s' # why\nupdated: 2020-01-01 # last\n\
        nested:\n  - {a: b}\n  # inside\n  - |\n    text\n    more\nupdatedish: x\n---\n\n";
    let studio = furnished(&[(
        "kept".to_owned(),
        format!("{head}Old words.\n").into_bytes(),
    )]);
    open(&studio, "kept");
    studio.wait_for_text("Old words.");
    studio.keys("<alt+2>New <ctrl+s>");
    studio.wait_for_text("saved drafts/kept.md");
    let saved = std::fs::read_to_string(studio.home().join("data/drafts/kept.md")).unwrap();
    let (lines, old) = (saved.lines(), format!("{head}New Old words.\n"));
    for (line, old) in lines.zip(old.lines()) {
        if old.starts_with("updated: ") {
            assert!(
                line.starts_with("updated: 20") && line.ends_with(" # last"),
                "{line}"
            );
        } else {
            assert_eq!(line, old);
        }
    }
    assert_eq!(saved.lines().count(), old.lines().count());
}

// --- broken files -----------------------------------------------------------------------------

/// W8: a broken config file is told with its place, the defaults stand, and it is left as it is.
#[test]
fn a_broken_config_is_told_with_line_and_column() {
    let broken: [(&[u8], &str); 5] = [
        (b"model = \"m\"\nprovider = [oops\n", ":2:17: "),
        (b"model = 3\n", ":1:9: "),
        (b"a = 1\na = 2\n", ":2:1: "),
        (b"model = \"m\"\n# caf\xe9\n", ":2:6: "),
        (b"model = \"\0\"\n", ":1:10: "),
    ];
    for (bytes, place) in broken {
        let home = Home::new();
        let path = home.write_bytes("config/config.toml", bytes);
        let ran = home.run(&["run", "blog-post", "-i", "topic=t"]);
        assert_eq!(ran.code, 2, "{ran:?}");
        let told = format!("{}{place}", path.display());
        assert!(
            ran.stderr.contains(&told),
            "{told} is not in {}",
            ran.stderr
        );
        assert!(ran.stderr.contains("nothing is sent"), "{}", ran.stderr);
        assert_eq!(std::fs::read(&path).unwrap(), bytes);
    }
}

/// W8: a broken draft and a broken template are listed with the reason beside the good ones.
#[test]
fn broken_files_are_listed_with_the_reason() {
    let home = Home::new();
    home.write("data/drafts/good.md", "# Good\n");
    home.write(
        "data/drafts/broken.md",
        "---\ntitle: [a\n---\nStill here.\n",
    );
    home.write_bytes("data/drafts/bytes.md", b"\xff");
    home.write("data/templates/broken.md", "---\ninputs: 3\n---\nx\n");
    home.write_bytes("data/templates/bytes.md", b"caf\xe9");
    let everything = home.everything();
    let rows = home.run(&["draft", "list", "--json"]).json();
    let problem = |rows: &serde_json::Value, name: &str| {
        let rows = rows.as_array().unwrap();
        let row = rows.iter().find(|row| row["name"] == name).unwrap();
        row["problem"].as_str().map(ToOwned::to_owned)
    };
    assert_eq!(problem(&rows, "good"), None);
    assert!(
        problem(&rows, "broken")
            .unwrap()
            .starts_with("broken.md:2:8: "),
        "{rows}"
    );
    assert!(
        problem(&rows, "bytes").unwrap().contains("byte 0"),
        "{rows}"
    );
    let rows = home.run(&["template", "list", "--json"]).json();
    assert!(
        problem(&rows, "broken").unwrap().contains("broken.md:2:"),
        "{rows}"
    );
    assert!(
        problem(&rows, "bytes").unwrap().contains("not UTF-8"),
        "{rows}"
    );
    assert_eq!(problem(&rows, "blog-post"), None);
    assert_eq!(
        home.run(&["draft", "show", "broken"]).stdout,
        "Still here.\n"
    );
    assert_eq!(home.everything(), everything);
}
