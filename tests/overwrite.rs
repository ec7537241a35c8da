//! `run -o FILE` over a file that is there: what it held can be taken back, wherever it lies, and
//! whatever happened to it since is never overwritten.

#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use pretty_assertions::assert_eq;
use std::os::unix::fs::symlink;
use std::path::Path;
use support::cli::{Home, Ran};

const OLD: &str = "Mine, with a caf\u{e9}.\r\nNo end";

/// Writes a sample text to a file outside the library.
fn write(home: &Home, file: &Path) -> Ran {
    let file = file.to_str().unwrap();
    home.run(&["run", "blog-post", "-i", "topic=Tea", "-o", file])
}

fn text(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap()
}

fn in_trash(home: &Home) -> usize {
    let rows = home.run(&["draft", "trash", "--json"]).json();
    rows.as_array().unwrap().len()
}

/// W10: what was overwritten comes back byte for byte, and the line on stderr says how.
#[test]
fn a_file_that_a_run_went_over_comes_back() {
    let home = Home::new();
    let file = home.write("work/post.md", OLD);
    let ran = write(&home, &file);
    assert_eq!((ran.code, ran.stdout.as_str()), (0, ""));
    let told = format!(
        "what {} held is in the trash; `copydesk draft undo` brings it back",
        file.display()
    );
    assert!(ran.stderr.contains(&told), "{}", ran.stderr);
    assert!(text(&file).contains("Tea"));
    let listed = home.run(&["draft", "trash"]);
    assert!(listed.stdout.contains("overwritten"), "{}", listed.stdout);
    assert!(listed.stdout.contains(file.to_str().unwrap()));
    let undone = home.run(&["draft", "undo"]);
    assert_eq!(undone.code, 0, "{undone:?}");
    assert_eq!(undone.stdout, format!("{}\n", file.display()));
    assert_eq!(text(&file), OLD);
    assert_eq!(in_trash(&home), 0);
}

/// W10: also by id, and of several the last one first.
#[test]
fn of_several_the_last_one_comes_back_first() {
    let home = Home::new();
    let files = ["one.txt", "two.txt"].map(|name| home.write(&format!("work/{name}"), name));
    for file in &files {
        assert_eq!(write(&home, file).code, 0);
    }
    assert_eq!(home.run(&["draft", "undo"]).code, 0);
    assert_eq!(text(&files[1]), "two.txt");
    let rows = home.run(&["draft", "trash", "--json"]).json();
    let id = rows[0]["id"].as_str().unwrap().to_owned();
    assert_eq!(home.run(&["draft", "undo", &id]).code, 0);
    assert_eq!(text(&files[0]), "one.txt");
}

/// W10: where nothing is lost there is nothing to keep, and nothing is said.
#[test]
fn a_new_or_empty_file_is_written_without_a_word() {
    let home = Home::new();
    for file in [home.path("new.md"), home.write("empty.md", "")] {
        let ran = write(&home, &file);
        assert_eq!(ran.code, 0);
        assert!(!ran.stderr.contains("held"), "{}", ran.stderr);
    }
    assert_eq!(in_trash(&home), 0);
}

/// W10: a file that was changed since stays, and its old text can be found.
#[test]
fn what_was_changed_since_is_not_overwritten() {
    let home = Home::new();
    for (changed, text_now) in [("edited", Some("Edited since.")), ("gone", None)] {
        let file = home.write(&format!("work/{changed}.md"), OLD);
        write(&home, &file);
        match text_now {
            Some(text) => drop(home.write(&format!("work/{changed}.md"), text)),
            None => std::fs::remove_file(&file).unwrap(),
        }
        let undone = home.run(&["draft", "undo"]);
        assert_eq!(undone.code, 1, "{undone:?}");
        let (_, kept) = undone.stderr.split_once("its old text is in ").unwrap();
        let kept = kept.split_once("; copy it").unwrap().0;
        assert_eq!(text(Path::new(kept)), OLD);
        assert_eq!(std::fs::read_to_string(&file).ok().as_deref(), text_now);
    }
}

/// W10: a link stays one; what it leads to is kept and comes back.
#[test]
fn a_link_is_written_through_and_its_file_comes_back() {
    let home = Home::new();
    let file = home.write("work/real.md", OLD);
    let link = home.path("work/link.md");
    symlink(&file, &link).unwrap();
    assert_eq!(write(&home, &link).code, 0);
    assert!(link.is_symlink() && text(&file) != OLD);
    assert_eq!(home.run(&["draft", "undo"]).code, 0);
    assert!(link.is_symlink());
    assert_eq!(text(&file), OLD);
    // A link that took the file's place since is not followed anywhere.
    write(&home, &file);
    let other = home.write("work/other.md", &text(&file));
    std::fs::remove_file(&file).unwrap();
    symlink(&other, &file).unwrap();
    assert_eq!(home.run(&["draft", "undo"]).code, 1);
    assert!(text(&other) != OLD);
}

/// W10: what cannot be kept is said, and holds nothing up.
#[test]
fn what_cannot_be_kept_is_said() {
    let home = Home::new();
    home.write("data/trash", "in the way");
    let file = home.write("work/post.md", OLD);
    let ran = write(&home, &file);
    assert_eq!(ran.code, 0, "{ran:?}");
    let told = format!("what {} held is not kept: ", file.display());
    assert!(ran.stderr.contains(&told), "{}", ran.stderr);
    assert!(text(&file).contains("Tea"));
    let large = home.write("work/large.md", "");
    let opened = std::fs::OpenOptions::new().write(true).open(&large);
    opened.unwrap().set_len(65 * 1024 * 1024).unwrap();
    let ran = write(&home, &large);
    assert!(
        ran.stderr.contains("larger than 65536 KiB"),
        "{}",
        ran.stderr
    );
    assert!(text(&large).contains("Tea"));
}

/// W12: what is no ordinary file is neither kept nor written.
#[test]
fn a_pipe_or_a_device_is_left_alone() {
    let home = Home::new();
    let pipe = home.path("pipe");
    rustix::fs::mkfifoat(rustix::fs::CWD, &pipe, rustix::fs::Mode::RUSR).unwrap();
    for special in [pipe.as_path(), Path::new("/dev/null")] {
        let ran = write(&home, special);
        assert_eq!(ran.code, 1, "{ran:?}");
        assert!(ran.stdout.contains("Tea"), "the text is not lost");
    }
    assert_eq!(in_trash(&home), 0);
}

/// W12: a record that was planted in the trash creates nothing and goes over nothing but what was
/// written here.
#[test]
fn a_planted_record_of_a_named_file_goes_over_nothing() {
    let home = Home::new();
    let file = home.write("work/post.md", OLD);
    write(&home, &file);
    let rows = home.run(&["draft", "trash", "--json"]).json();
    let id = rows[0]["id"].as_str().unwrap().to_owned();
    let note = home.path(&format!("data/trash/{id}.json"));
    let record = text(&note);
    let victim = home.write("config/victim.md", "mine");
    let absent = home.path("config/absent.md");
    let climbing = home.path("work/../config/victim.md");
    for target in [&victim, &absent, &climbing] {
        let planted = record.replace(file.to_str().unwrap(), target.to_str().unwrap());
        home.write(&format!("data/trash/{id}.json"), &planted);
        assert!(home.run(&["draft", "undo"]).code != 0);
        assert_eq!(text(&victim), "mine");
        assert!(!absent.exists());
    }
}
