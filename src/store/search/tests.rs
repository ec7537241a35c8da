//! Tests of searching: what is found, in which order, and what odd files do to it.

#![expect(
    clippy::disallowed_methods,
    reason = "nothing reads the files before they are whole, and there are thousands"
)]

use super::*;
use crate::store::{atomic, drafts};
use std::fs;
use std::path::Path;

struct Home {
    _folder: tempfile::TempDir,
    paths: Paths,
}

fn home() -> Home {
    let folder = tempfile::tempdir().unwrap();
    let paths = Paths::below(folder.path());
    fs::create_dir_all(&paths.drafts).unwrap();
    Home {
        _folder: folder,
        paths,
    }
}

impl Home {
    fn draft(&self, name: &str, head: &str, body: &str) {
        let path = self.paths.drafts.join(format!("{name}.md"));
        let source = format!("---\ntitle: {name}\n{head}---\n\n{body}\n");
        atomic::save(&path, source.as_bytes()).unwrap();
    }

    /// Drafts of which each tenth says something, the newest with the highest number.
    fn many(&self, count: usize) {
        for number in 0..count {
            let (day, hour) = (1 + number / 24 % 28, number % 24);
            let updated = format!("updated: 2026-10-{day:02}T{hour:02}:00:00Z\n");
            let body = if number % 10 == 0 { "a needle" } else { "hay" };
            let path = self.paths.drafts.join(format!("d{number:05}.md"));
            let source = format!("---\ntitle: T{number}\n{updated}---\n\n{body}\n");
            fs::write(path, source).unwrap();
        }
    }

    fn search(&self, typed: &str, limit: usize) -> (Vec<Hit>, Tally) {
        let roll = drafts::roll(&self.paths);
        let now: Zoned = "2026-11-23T12:00:00[UTC]".parse().unwrap();
        let wanted = Wanted::new(Query::parse(typed), &now, limit);
        let mut found = Vec::new();
        let tally = super::drafts(
            (&self.paths, &roll),
            &wanted,
            &Stop::default(),
            &mut |hits| {
                assert!(!hits.is_empty());
                found.extend(hits);
            },
        );
        (found, tally)
    }

    fn names(&self, typed: &str) -> Vec<String> {
        let (hits, _) = self.search(typed, usize::MAX);
        hits.into_iter().map(|hit| hit.name).collect()
    }
}

#[test]
fn hits_come_newest_first_whatever_thread_found_them() {
    let home = home();
    home.many(1_000);
    let names = home.names("needle");
    assert_eq!(names.len(), 100);
    let updated: Vec<_> = home.search("needle", 500).0;
    let updated: Vec<_> = updated.into_iter().map(|hit| hit.updated).collect();
    assert!(updated.is_sorted_by(|a, b| a >= b));
    let (few, tally) = home.search("needle", 7);
    let few: Vec<_> = few.into_iter().map(|hit| hit.name).collect();
    assert_eq!(few, names[..7]);
    assert_eq!((tally.hits, tally.is_whole), (7, false));
}

#[test]
fn fields_narrow_with_words_and_without() {
    let home = home();
    let made = "copydesk:\n  id: x\n  template: blog-post\n  model: luna\n";
    home.draft(
        "old",
        &format!("status: done\ntags: [sea, Ice]\nupdated: 2026-11-01\n{made}"),
        "whales",
    );
    home.draft(
        "new",
        "status: draft\ntags: [sea]\nupdated: 2026-11-20\n",
        "whales",
    );
    assert_eq!(home.names("tag:sea"), ["new", "old"]);
    assert_eq!(home.names("tag:ice tag:sea whale"), ["old"]);
    assert_eq!(home.names("status:draft"), ["new"]);
    assert_eq!(home.names("template:blog model:lun"), ["old"]);
    assert_eq!(home.names("since:2026-11-20 whales"), ["new"]);
    assert_eq!(home.names("since:3w"), ["new"]);
    assert_eq!(home.names("since:4w"), ["new", "old"]);
    assert_eq!(home.search("tag:ice", 9).0[0].place, None);
}

#[test]
fn a_search_that_is_stopped_ends_and_says_so() {
    let home = home();
    home.many(2_000);
    let roll = drafts::roll(&home.paths);
    let wanted = Wanted::new(Query::parse("hay"), &Zoned::now(), usize::MAX);
    let stop = Stop::default();
    let mut times = 0;
    let tally = super::drafts((&home.paths, &roll), &wanted, &stop, &mut |_| {
        times += 1;
        stop.set();
    });
    assert!(
        !tally.is_whole && tally.hits < 1_800 && times <= 2,
        "{tally:?} {times}"
    );
}

#[test]
fn a_draft_larger_than_the_first_read_is_looked_through_to_its_end() {
    let home = home();
    home.draft("large", "", &format!("{}needle", "hay\n".repeat(300_000)));
    let place = home.search("needle", 9).0.remove(0).place.unwrap();
    assert_eq!((place.line, place.column), (300_005, 1));
}

/// What is no ordinary file of the library is counted, and nothing waits for it.
#[cfg(unix)]
#[test]
fn pipes_links_and_locked_files_are_counted_and_nothing_outside_is_read() {
    use std::os::unix::fs::symlink;
    let home = home();
    let drafts = &home.paths.drafts;
    home.draft("real", "", "a needle");
    let secret = home.paths.library.join("../secret.md");
    fs::write(&secret, "a needle outside").unwrap();
    symlink(&secret, drafts.join("planted.md")).unwrap();
    symlink("real.md", drafts.join("alias.md")).unwrap();
    symlink("round.md", drafts.join("round.md")).unwrap();
    symlink("..", drafts.join("up")).unwrap();
    symlink("/", drafts.join("root.md")).unwrap();
    fs::create_dir(drafts.join("folder.md")).unwrap();
    let pipe = drafts.join("pipe.md");
    let made = std::process::Command::new("mkfifo").arg(&pipe).status();
    assert!(made.unwrap().success());
    fs::write(drafts.join("bad\nname.md"), "a needle").unwrap();
    let (hits, tally) = home.search("needle", 9);
    let mut names: Vec<_> = hits.iter().map(|hit| hit.name.as_str()).collect();
    names.sort_unstable();
    assert_eq!(names, ["alias", "real"]);
    assert!(tally.unread >= 4 && tally.is_whole, "{tally:?}");
    let listed = drafts::list(&home.paths);
    for odd in ["planted", "round", "pipe", "folder", "bad\nname"] {
        let line = listed.iter().find(|line| line.name == odd);
        assert!(line.is_some_and(|line| line.problem.is_some()), "{odd}");
    }
}

#[test]
fn five_thousand_broken_drafts_are_listed_with_reasons_and_searched() {
    let home = home();
    for number in 0..5_000 {
        let path = home.paths.drafts.join(format!("b{number}.md"));
        let bytes: &[u8] = match number % 4 {
            0 => b"---\ntitle: [\n---\n\nneedle\n",
            1 => b"---\nnever closed, needle\n",
            2 => b"\xff\xfe needle",
            _ => b"---\ncopydesk: needle\n---\n\nneedle",
        };
        fs::write(path, bytes).unwrap();
    }
    for cache in ["cold", "warm"] {
        let listed = drafts::list(&home.paths);
        let broken = listed.iter().filter(|line| line.problem.is_some()).count();
        assert_eq!((listed.len(), broken), (5_000, 5_000), "{cache}");
    }
    assert_eq!(home.names("needle").len(), 5_000);
}

#[test]
fn a_cache_is_kept_for_many_drafts_and_follows_every_change() {
    let home = home();
    home.many(300);
    let cold = drafts::list(&home.paths);
    let cache = super::super::headlines::cache_file(&home.paths);
    let kept = fs::read(&cache).unwrap();
    assert_eq!(drafts::list(&home.paths), cold);
    assert_eq!(fs::read(&cache).unwrap(), kept);
    home.draft("d00007", "updated: 2027-01-01\n", "changed needle");
    home.draft("fresh", "updated: 2027-01-02\n", "fresh needle");
    fs::remove_file(home.paths.drafts.join("d00010.md")).unwrap();
    let warm = drafts::list(&home.paths);
    assert_eq!(warm[0].name, "fresh");
    assert_eq!(warm[1].name, "d00007");
    assert_eq!(home.names("needle")[..2], ["fresh", "d00007"]);
    assert!(!home.names("needle").contains(&"d00010".to_owned()));
    fs::write(&cache, "damaged").unwrap();
    assert_eq!(drafts::list(&home.paths), warm);
    fs::remove_file(&cache).unwrap();
    assert_eq!(drafts::list(&home.paths), warm);
    assert_eq!(warm.len(), 300);
}

/// A draft that is not opened because the cache knows it says what the cache says.
#[test]
fn an_unchanged_draft_is_told_from_the_cache() {
    let home = home();
    home.many(300);
    let mut lines = drafts::list(&home.paths);
    let found = scan::markdown(&home.paths.drafts);
    for line in &mut lines {
        line.title = "from the cache".to_owned();
    }
    let stamp_of = |name: &str| found.iter().find(|found| found.name == name).unwrap().stamp;
    let noted = lines
        .iter()
        .map(|line| (stamp_of(&line.name), [].as_slice(), line));
    Roll::of(noted).keep(&home.paths);
    let told = drafts::list(&home.paths);
    assert!(told.iter().all(|line| line.title == "from the cache"));
    let (hits, _) = home.search("needle", 9);
    assert!(hits.iter().all(|hit| hit.title == "from the cache"));
}

/// What a roll says counts as long as the files are as they were: one that was changed, written or
/// deleted since is told as it is now, and in no case twice.
#[test]
fn what_changed_since_the_roll_was_made_is_found_behind_the_rest() {
    let home = home();
    home.many(300);
    let roll = drafts::roll(&home.paths);
    home.draft("d00007", "tags: [new]\n", "changed, and a needle");
    home.draft("d00020", "", "changed, and nothing there");
    home.draft("d00030", "", "changed, and still a needle");
    home.draft("fresh", "tags: [new]\n", "a fresh needle");
    fs::remove_file(home.paths.drafts.join("d00010.md")).unwrap();
    let search = |typed: &str, limit: usize| {
        let wanted = Wanted::new(Query::parse(typed), &Zoned::now(), limit);
        let mut found: Vec<String> = Vec::new();
        let ground = (&home.paths, &roll);
        let tally = super::all_drafts(ground, &wanted, &Stop::default(), &mut |hits| {
            found.extend(hits.into_iter().map(|hit| hit.name));
        });
        (found, tally)
    };
    let (found, tally) = search("needle", 500);
    assert_eq!(found[found.len() - 2..], ["d00007", "fresh"]);
    let mut names = found.clone();
    names.sort();
    names.dedup();
    assert_eq!((names.len(), found.len(), tally.hits), (30, 30, 30));
    assert!(
        !names
            .iter()
            .any(|name| name == "d00010" || name == "d00020")
    );
    // Its file is gone, which is said.
    assert_eq!((tally.unread, tally.is_whole), (1, true));
    assert_eq!(search("tag:new needle", 9).0, ["d00007", "fresh"]);
    let (few, tally) = search("needle", 29);
    assert_eq!((few.len(), tally.is_whole), (29, false));
}

/// A file whose signature has none of a word is not opened for it.
#[test]
fn a_search_opens_only_what_may_say_it() {
    let home = home();
    home.many(300);
    let roll = drafts::roll(&home.paths);
    // Unreadable by now, which whoever opened it would say.
    for number in 0..300 {
        fs::remove_file(home.paths.drafts.join(format!("d{number:05}.md"))).unwrap();
    }
    let unread = |typed: &str| {
        let wanted = Wanted::new(Query::parse(typed), &Zoned::now(), 9);
        super::drafts((&home.paths, &roll), &wanted, &Stop::default(), &mut |_| {}).unread
    };
    assert_eq!((unread("needle"), unread("zanzibar")), (30, 0));
}

#[test]
fn a_library_that_is_not_there_has_nothing() {
    let paths = Paths::below(Path::new("/nonexistent/home"));
    let roll = drafts::roll(&paths);
    let wanted = Wanted::new(Query::parse("a"), &Zoned::now(), 9);
    let tally = super::drafts((&paths, &roll), &wanted, &Stop::default(), &mut |_| {
        panic!("nothing is there");
    });
    assert_eq!((tally.hits, tally.unread, tally.is_whole), (0, 0, true));
}
