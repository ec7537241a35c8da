//! What comes back from the trash, where to, and what is never overwritten or kept for ever.

use super::*;
use crate::store::items::{self, Item};

struct Home {
    _folder: tempfile::TempDir,
    paths: Paths,
}

fn home() -> Home {
    let folder = tempfile::tempdir().unwrap();
    let paths = Paths::below(folder.path());
    Home {
        _folder: folder,
        paths,
    }
}

impl Home {
    fn draft(&self, name: &str, text: &str) -> PathBuf {
        let path = self.paths.drafts.join(name);
        atomic::save(&path, text.as_bytes()).unwrap();
        path
    }

    fn delete(&self, path: &Path) {
        items::delete(&self.paths, &Item::Draft(path.to_owned())).unwrap();
    }

    fn in_trash(&self) -> Vec<String> {
        let listed = list(&self.paths);
        listed.into_iter().map(|found| found.record.title).collect()
    }
}

fn text(path: &Path) -> String {
    read::text(path, 9999).unwrap()
}

/// W10: what was deleted comes back byte for byte, the last first.
#[test]
fn the_last_deletion_comes_back_first_byte_for_byte() {
    let home = home();
    let one = home.draft("one.md", "---\r\ntitle: One\r\n---\r\nno end");
    let two = home.draft("sub/two.md", "two");
    atomic::save(&home.paths.drafts.join("three.md"), b"\xff\x00").unwrap();
    let three = home.paths.drafts.join("three.md");
    for path in [&one, &two, &three] {
        home.delete(path);
        assert!(!path.exists());
    }
    assert_eq!(home.in_trash(), ["three", "two", "One"]);
    for path in [&three, &two, &one] {
        let restored = undo_last(&home.paths).unwrap();
        assert_eq!(
            (&restored.now.path, restored.record.why),
            (path, Why::Deleted)
        );
    }
    assert_eq!(text(&one), "---\r\ntitle: One\r\n---\r\nno end");
    assert_eq!(read::bytes(&three, 9).unwrap(), b"\xff\x00");
    assert!(matches!(
        undo_last(&home.paths),
        Err(StoreError::NotInTrash { id: None })
    ));
    assert_eq!(fs::read_dir(&home.paths.trash).unwrap().count(), 0);
}

/// W10: restoring gives way to what lies in the old place by now.
#[test]
fn restoring_never_replaces_a_file() {
    let home = home();
    let path = home.draft("a.md", "old");
    home.delete(&path);
    home.draft("a.md", "new");
    home.draft("a-2.md", "second");
    let id = list(&home.paths)[0].id.clone();
    assert!(restore(&home.paths, "../a").is_err());
    let restored = restore(&home.paths, &id).unwrap();
    assert_eq!(restored.now.path, home.paths.drafts.join("a-3.md"));
    assert_eq!(text(&restored.now.path), "old");
    assert_eq!(
        (text(&path), text(&home.paths.drafts.join("a-2.md"))),
        ("new".into(), "second".into())
    );
}

/// W10: an overwritten file comes back in its place, or beside it when it was changed since.
#[test]
fn what_was_overwritten_comes_back_in_its_place() {
    let home = home();
    let path = home.draft("a.md", "---\ntags: [x]\n---\nbody");
    let item = Item::Draft(path.clone());
    let retag = || items::retag(&home.paths, &item, &["calm".to_owned()]).unwrap();
    retag();
    assert_eq!(text(&path), "---\ntags: [calm]\n---\nbody");
    let restored = undo_last(&home.paths).unwrap();
    assert!(restored.became_gone);
    assert_eq!(text(&path), "---\ntags: [x]\n---\nbody");

    retag();
    atomic::save(&path, b"typed since").unwrap();
    let restored = undo_last(&home.paths).unwrap();
    assert!(!restored.became_gone);
    assert_eq!(text(&path), "typed since");
    assert_eq!(
        text(&home.paths.drafts.join("a-2.md")),
        "---\ntags: [x]\n---\nbody"
    );
}

/// W10: a renamed file gets its name back, and what was changed under the new one stays.
#[test]
fn a_rename_is_taken_back() {
    let home = home();
    let path = home.draft("2026-11-23-a.md", "---\ntitle: A\n---\nbody");
    let rename = || {
        let changed = items::rename(&home.paths, &Item::Draft(path.clone()), "B").unwrap();
        changed.after.unwrap().path
    };
    let new = rename();
    assert!(new.ends_with("2026-11-23-b.md") && !path.exists());
    assert!(undo_last(&home.paths).unwrap().became_gone);
    assert!(!new.exists());
    assert_eq!(text(&path), "---\ntitle: A\n---\nbody");

    let new = rename();
    atomic::save(&new, b"typed since").unwrap();
    assert!(!undo_last(&home.paths).unwrap().became_gone);
    assert_eq!((text(&new).as_str(), path.exists()), ("typed since", true));
}

#[test]
fn many_processes_discard_at_once_under_names_of_their_own() {
    let home = home();
    for number in 0..32 {
        home.draft(&format!("{number}.md"), &number.to_string());
    }
    std::thread::scope(|scope| {
        for worker in 0..8 {
            let home = &home;
            scope.spawn(move || {
                for number in (worker * 4)..(worker * 4 + 4) {
                    home.delete(&home.paths.drafts.join(format!("{number}.md")));
                }
            });
        }
    });
    let listed = list(&home.paths);
    assert_eq!(listed.len(), 32);
    for trashed in listed {
        let restored = restore(&home.paths, &trashed.id).unwrap();
        assert_eq!(text(&restored.now.path), trashed.record.title);
    }
}

#[test]
fn the_trash_is_bounded_in_time_and_size_but_keeps_the_newest() {
    let home = home();
    let put = |title: &str, days: i64, bytes: usize| {
        let at = Timestamp::now() - SignedDuration::from_hours(24 * days);
        let from = home.paths.drafts.join("a.md");
        let record = Record {
            at,
            ..Record::new(Why::Deleted, title, &from, None)
        };
        let note = noted(&home.paths, &record).unwrap();
        fs::File::create(note.with_extension("md"))
            .unwrap()
            .set_len(bytes as u64)
            .unwrap();
    };
    let most = MAX_BYTES as usize;
    put("too old", DAYS + 1, 1);
    put("pushed out", 20, most / 2);
    put("kept", 10, most / 2);
    put("newest", 0, 1);
    prune(&home.paths, Timestamp::now());
    assert_eq!(home.in_trash(), ["newest", "kept"]);
    put("larger than all", 0, most + 1);
    prune(&home.paths, Timestamp::now());
    assert_eq!(home.in_trash(), ["larger than all"]);
    assert_eq!(fs::read_dir(&home.paths.trash).unwrap().count(), 2);
}

/// W12: a planted record names no file outside the library.
#[test]
fn a_planted_record_leads_nowhere_outside_the_library() {
    let home = home();
    let outside = home.paths.config.join("x.md");
    let inside = home.paths.drafts.join("x.md");
    let climbing = home.paths.drafts.join("../../config/x.md");
    atomic::save(&outside, b"mine").unwrap();
    let mark = |path: &Path| Some(Mark::new(path, b"mine"));
    let plant = |from: &Path, became: Option<Mark>| {
        let note = noted(&home.paths, &Record::new(Why::Renamed, "t", from, became)).unwrap();
        atomic::save(&note.with_extension("md"), b"theirs").unwrap();
    };
    plant(&outside, None);
    plant(&climbing, None);
    plant(&inside, mark(&outside));
    plant(&inside, mark(&climbing));
    plant(&home.paths.library.join("run.sh"), None);
    assert!(list(&home.paths).is_empty());
    assert!(undo_last(&home.paths).is_err());
    assert_eq!(text(&outside), "mine");
}

#[cfg(unix)]
#[test]
fn a_folder_that_became_a_link_out_of_the_library_is_not_restored_into() {
    let home = home();
    let path = home.draft("sub/a.md", "text");
    home.delete(&path);
    fs::remove_dir(home.paths.drafts.join("sub")).unwrap();
    fs::create_dir_all(&home.paths.config).unwrap();
    std::os::unix::fs::symlink(&home.paths.config, home.paths.drafts.join("sub")).unwrap();
    assert!(matches!(
        undo_last(&home.paths),
        Err(StoreError::LeavesLibrary { .. })
    ));
    assert_eq!(fs::read_dir(&home.paths.config).unwrap().count(), 0);
    assert_eq!(home.in_trash(), ["text"]);
}

#[test]
fn damaged_and_foreign_files_in_the_trash_are_passed_over() {
    let home = home();
    let path = home.draft("a.md", "text");
    home.delete(&path);
    atomic::save(&home.paths.trash.join("b.json"), b"{").unwrap();
    atomic::save(&home.paths.trash.join("b.md"), b"x").unwrap();
    atomic::save(&home.paths.trash.join("c.txt"), b"x").unwrap();
    let record = Record::new(Why::Deleted, "without content", &path, None);
    noted(&home.paths, &record).unwrap();
    assert_eq!(home.in_trash(), ["text"]);
}
