//! Traps in the library: links, pipes and devices where files should be, and folders that become
//! links in the middle of a save. Nothing is written outside, and nothing hangs.

#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use copydesk::store::{StoreError, drafts};
use pretty_assertions::assert_eq;
use rustix::fs::{CWD, Mode, RenameFlags};
use std::os::unix::fs::symlink;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use support::cli::{Home, KEY, Ran, ran};
use support::saver::{self, Order};
use support::strace;

const RUN: [&str; 6] = [
    "run",
    "blog-post",
    "-i",
    "topic=Kettle",
    "--provider",
    "practice",
];

/// Puts a pipe that nobody writes to at a path inside `home`.
fn pipe(home: &Home, relative: &str) {
    let path = home.path(relative);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    rustix::fs::mkfifoat(CWD, &path, Mode::RUSR | Mode::WUSR).unwrap();
}

/// Puts a link at a path inside `home`.
fn link(home: &Home, relative: &str, to: impl AsRef<Path>) {
    let path = home.path(relative);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    symlink(to, path).unwrap();
}

/// Something at a path that is no ordinary file, and what it is called.
type Trap = (fn(&Home, &str), &'static str);

const TRAPS: [Trap; 4] = [
    (|home, at| pipe(home, at), "pipe"),
    (|home, at| link(home, at, "/dev/zero"), "device"),
    (|home, at| link(home, at, "/dev/tty"), "device"),
    (
        |home, at| drop(std::fs::create_dir_all(home.path(at))),
        "folder",
    ),
];

/// The problem that a list of drafts or templates tells of one of them.
fn problem(list: &Ran, name: &str) -> String {
    let rows = list.json();
    let row = rows
        .as_array()
        .unwrap()
        .iter()
        .find(|row| row["name"] == name);
    row.unwrap()["problem"]
        .as_str()
        .unwrap_or_default()
        .to_owned()
}

/// W12: a trap in the place of a draft or a template is listed with the reason, and never waited
/// for. (Every command here has a time limit; the rig fails when it is reached.)
#[test]
fn a_trap_in_the_library_is_told_and_not_waited_for() {
    for (set, kind) in TRAPS {
        let home = Home::new();
        home.write("data/drafts/good.md", "Good.");
        for at in [
            "data/drafts/trap.md",
            "data/templates/trap.md",
            "data/snippets/trap.md",
        ] {
            set(&home, at);
        }
        let told = if kind == "device" {
            "leaves the library"
        } else {
            kind
        };
        let list = home.run(&["draft", "list", "--json"]);
        assert!(problem(&list, "trap").contains(told), "{kind}: {list:?}");
        assert_eq!(problem(&list, "good"), "");
        let list = home.run(&["template", "list", "--json"]);
        assert!(problem(&list, "trap").contains(told), "{kind}: {list:?}");
        for args in [
            &["draft", "show", "trap"] as &[&str],
            &["template", "show", "trap"],
            &["run", "trap"],
        ] {
            let ran = home.run(args);
            assert!(
                ran.code == 1 && ran.stderr.contains(told),
                "{kind} {args:?}: {ran:?}"
            );
        }
        home.write("data/templates/asks.md", "{% include 'trap' %} {{ topic }}");
        let ran = home.run(&["run", "asks", "-i", "topic=t", "--provider", "practice"]);
        assert!(ran.code != 0 && !ran.stderr.is_empty(), "{kind}: {ran:?}");
    }
}

/// W12: the same for the config file: it is told, and nothing is sent.
#[test]
fn a_trap_for_a_config_file_is_told_and_nothing_is_sent() {
    for (set, kind) in TRAPS {
        let home = Home::new();
        set(&home, "config/config.toml");
        let ran = home.run(&["run", "blog-post", "-i", "topic=t"]);
        assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{kind}: {ran:?}");
        for words in ["config.toml", kind] {
            assert!(ran.stderr.contains(words), "{kind}: {ran:?}");
        }
    }
}

/// W12: the same for files that are named on the command line.
#[test]
fn a_trap_for_an_input_or_an_output_is_told() {
    for (set, kind) in TRAPS {
        let home = Home::new();
        set(&home, "trap");
        let ran = home.run(&["run", "blog-post", "-f", "topic=trap"]);
        assert!(
            ran.code == 2 && ran.stderr.contains(kind),
            "{kind}: {ran:?}"
        );
        let ran = home.run(&[&RUN as &[&str], &["-o", "trap"]].concat());
        assert!(
            ran.code == 1 && ran.stderr.contains(kind),
            "{kind}: {ran:?}"
        );
        assert!(
            ran.stdout.contains("Sample: Kettle"),
            "the text is lost: {ran:?}"
        );
    }
}

/// W12: where the folder of drafts should be, a trap stops the save and nothing else.
#[test]
fn a_trap_for_the_folder_of_drafts_costs_no_text() {
    let outside = tempfile::tempdir().unwrap();
    let traps: [&dyn Fn(&Home); 4] = [
        &|home| pipe(home, "data/drafts"),
        &|home| drop(home.write("data/drafts", "a file")),
        &|home| link(home, "data/drafts", outside.path()),
        &|home| link(home, "data/drafts", outside.path().join("not-there-yet")),
    ];
    for set in traps {
        let home = Home::new();
        set(&home);
        let ran = home.run(&[&RUN as &[&str], &["--save"]].concat());
        assert_eq!(ran.code, 1, "{ran:?}");
        assert!(ran.stdout.contains("Sample: Kettle"), "{ran:?}");
        assert!(
            ran.stderr.contains("data/drafts") && !ran.stderr.contains("saved"),
            "{ran:?}"
        );
        assert_eq!(home.run(&["draft", "list"]).code, 0);
    }
    assert_eq!(std::fs::read_dir(outside.path()).unwrap().count(), 0);
}

/// W12: a linked folder that stays inside the library is used as it is.
#[test]
fn a_link_inside_the_library_is_followed() {
    let home = Home::new();
    std::fs::create_dir_all(home.path("data/elsewhere")).unwrap();
    link(&home, "data/drafts", "elsewhere");
    let ran = home.run(&[&RUN as &[&str], &["--save"]].concat());
    assert_eq!(ran.code, 0, "{ran:?}");
    assert_eq!(
        std::fs::read_dir(home.path("data/elsewhere"))
            .unwrap()
            .count(),
        1
    );
}

/// W12: a link planted for a draft is neither opened nor written through, wherever it leads and
/// whenever it was planted.
#[test]
fn a_link_planted_for_a_draft_is_not_written_through() {
    let outside = tempfile::tempdir().unwrap();
    let home = Home::new();
    let path = home.write("data/drafts/a.md", "text");
    let paths = saver::paths(&home.path(""));
    let mut opened = drafts::open(&paths, &path).unwrap();
    opened.draft.set_body("mine");
    // A file of equal content, so that the hash alone would let it pass; and one that is missing.
    let twin = home.write("twin", "text");
    for target in [
        twin.as_path(),
        &outside.path().join("new.md"),
        &outside.path().join("no/new.md"),
    ] {
        std::fs::remove_file(&path).unwrap();
        symlink(target, &path).unwrap();
        let told = drafts::save(&paths, &path, &opened.draft, Some(&opened.hash)).unwrap_err();
        assert!(matches!(told, StoreError::LeavesLibrary { .. }), "{told}");
        drafts::save(&paths, &path, &opened.draft, None).unwrap_err();
        drafts::open(&paths, &path).unwrap_err();
        assert_eq!(std::fs::read_to_string(&twin).unwrap(), "text");
        assert_eq!(std::fs::read_dir(outside.path()).unwrap().count(), 0);
    }
}

/// W12: a link planted for the cache of titles is not written through either.
#[test]
fn a_link_planted_for_the_cache_is_not_written_through() {
    let home = Home::new();
    for number in 0..220 {
        home.write(&format!("data/templates/t{number}.md"), "Hello {{ name }}.");
    }
    assert_eq!(home.run(&["template", "list"]).code, 0);
    let [index] = std::fs::read_dir(home.path("cache"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect::<Vec<_>>()
        .try_into()
        .unwrap();
    let precious = home.write("precious", KEY);
    std::fs::remove_file(&index).unwrap();
    symlink(&precious, &index).unwrap();
    assert_eq!(home.run(&["template", "list"]).code, 0);
    assert_eq!(std::fs::read_to_string(&precious).unwrap(), KEY);
}

/// W12: a folder that becomes a link and a folder again, all the time, never leads a save outside.
/// Each call of the save is held back a little, so that the swap falls between any two of them.
#[test]
fn a_folder_swapped_for_a_link_leads_no_save_outside() {
    let outside = tempfile::tempdir().unwrap();
    let home = Home::new();
    home.write("data/drafts/sub/a.md", "text");
    link(&home, "data/drafts/trap", outside.path());
    let (folder, trap) = (home.path("data/drafts/sub"), home.path("data/drafts/trap"));
    let done = AtomicBool::new(false);
    let ran = std::thread::scope(|scope| {
        scope.spawn(|| {
            while !done.load(Ordering::Relaxed) {
                rustix::fs::renameat_with(CWD, &folder, CWD, &trap, RenameFlags::EXCHANGE).unwrap();
            }
        });
        let command = saver::command(&home, Order::Insist(40));
        let held = "inject=openat,mkdirat,readlink,newfstatat,renameat2:delay_enter=300";
        let ran = if strace::works() {
            strace::trace(&command, &["-e", held]).0
        } else {
            ran(&{ command }.output().unwrap())
        };
        done.store(true, Ordering::Relaxed);
        ran
    });
    let kept = ran.stdout.matches("kept").count();
    assert!(kept > 0 && ran.stdout.contains("refused"), "{ran:?}");
    let strays: Vec<_> = std::fs::read_dir(outside.path()).unwrap().collect();
    assert!(strays.is_empty(), "{strays:?}");
}

/// A process that saves when the test above starts it; otherwise nothing.
#[test]
fn saver() {
    saver::obey();
}
