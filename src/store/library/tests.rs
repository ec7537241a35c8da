//! Which templates and snippets are found, which wins, and what is refused.

use super::*;

struct Home {
    folder: tempfile::TempDir,
    paths: Paths,
}

fn home() -> Home {
    let folder = tempfile::tempdir().unwrap();
    let paths = Paths::below(folder.path());
    Home { folder, paths }
}

impl Home {
    fn template(&self, name: &str, text: &str) {
        let path = scan::file(&self.paths.templates, name);
        atomic::save(&path, text.as_bytes()).unwrap();
    }

    fn snippet(&self, name: &str, text: &str) {
        let path = scan::file(&self.paths.snippets, name);
        atomic::save(&path, text.as_bytes()).unwrap();
    }

    fn many(&self, count: usize) {
        fs::create_dir_all(&self.paths.templates).unwrap();
        for number in 0..count {
            let text = format!(
                "---\ntitle: Title {number}\ndescription: What it is for, in a sentence.\ntags: [one, two]\ninputs:\n  topic: {{required: true}}\n---\nWrite about {{{{ topic }}}}.\n"
            );
            #[expect(clippy::disallowed_methods, reason = "ten thousand syncs take minutes")]
            fs::write(
                scan::file(&self.paths.templates, &format!("name-{number:05}")),
                text,
            )
            .unwrap();
        }
    }
}

#[test]
fn shipped_templates_are_there_in_order_and_each_has_a_title() {
    let home = home();
    let entries = list(&home.paths);
    assert_eq!(entries.len(), all_shipped().count());
    assert!(entries.is_sorted_by_key(|entry| entry.name.clone()));
    for entry in &entries {
        assert_eq!(entry.problem, None, "{}", entry.name);
        assert!(!entry.description.is_empty(), "{}", entry.name);
        assert_eq!(entry.origin, Origin::Shipped);
    }
    assert_eq!(
        source(&home.paths, "blog-post").unwrap().text,
        shipped("blog-post").unwrap()
    );
}

#[test]
fn a_file_of_the_same_name_wins_and_folders_count() {
    let home = home();
    home.template("blog-post", "---\ntitle: Mine\n---\nx");
    home.template("acme/cold_email", "no front matter");
    let entries = list(&home.paths);
    assert_eq!(entries.len(), all_shipped().count() + 1);
    let mine = entries
        .iter()
        .find(|entry| entry.name == "blog-post")
        .unwrap();
    assert_eq!(mine.title, "Mine");
    assert!(matches!(&mine.origin, Origin::User(path) if path.ends_with("blog-post.md")));
    assert_eq!(entries[0].name, "acme/cold_email");
    assert_eq!(entries[0].title, "Cold email");
    assert_eq!(
        source(&home.paths, "acme/cold_email").unwrap().text,
        "no front matter"
    );
    assert!(matches!(
        origin(&home.paths, "blog-post"),
        Some(Origin::User(_))
    ));
    assert_eq!(origin(&home.paths, "translate"), Some(Origin::Shipped));
}

#[test]
fn a_broken_template_is_listed_with_its_problem() {
    let home = home();
    home.template("a", "---\ntitle: [\n---\n");
    atomic::save(&scan::file(&home.paths.templates, "b"), b"\xff").unwrap();
    let entries = list(&home.paths);
    assert!(entries[0].name == "a" && entries[0].problem.is_some());
    let problem = entries
        .iter()
        .find(|entry| entry.name == "b")
        .unwrap()
        .problem
        .as_ref();
    assert!(problem.unwrap().contains("not UTF-8"));
}

#[test]
fn names_cannot_leave_the_library() {
    let home = home();
    home.snippet("voice", "calm");
    atomic::save(&home.folder.path().join("secret.md"), b"secret").unwrap();
    for name in [
        "../../secret",
        "..",
        "",
        "/etc/passwd",
        "a//b",
        ".hidden",
        "a\\b",
        "a\0",
        "./voice",
    ] {
        assert!(matches!(snippet(&home.paths, name), Ok(None)), "{name:?}");
        assert!(
            matches!(source(&home.paths, name), Err(StoreError::Unknown { .. })),
            "{name:?}"
        );
    }
    assert_eq!(
        snippet(&home.paths, "voice").unwrap().as_deref(),
        Some("calm")
    );
    assert_eq!(
        snippet(&home.paths, "voice.md").unwrap().as_deref(),
        Some("calm")
    );
}

#[cfg(unix)]
#[test]
fn links_cannot_leave_the_library() {
    use std::os::unix::fs::symlink;
    let home = home();
    home.snippet("voice", "calm");
    home.template("real", "---\ntitle: Real\n---\n");
    let secret = home.folder.path().join("secret.md");
    atomic::save(&secret, b"secret").unwrap();
    symlink(&secret, scan::file(&home.paths.snippets, "planted")).unwrap();
    symlink(home.folder.path(), home.paths.snippets.join("folder")).unwrap();
    symlink("voice.md", scan::file(&home.paths.snippets, "alias")).unwrap();
    assert!(snippet(&home.paths, "planted").is_err());
    assert!(snippet(&home.paths, "folder/secret").is_err());
    assert_eq!(
        snippet(&home.paths, "alias").unwrap().as_deref(),
        Some("calm")
    );
    symlink(&secret, scan::file(&home.paths.templates, "planted")).unwrap();
    let error = source(&home.paths, "planted").unwrap_err();
    assert!(matches!(error, StoreError::LeavesLibrary { .. }));
    let entries = list(&home.paths);
    let planted = entries
        .iter()
        .find(|entry| entry.name == "planted")
        .unwrap();
    assert!(
        planted
            .problem
            .as_ref()
            .unwrap()
            .contains("leaves the library")
    );
}

#[cfg(unix)]
#[test]
fn a_templates_folder_that_is_a_link_out_shows_names_only() {
    let home = home();
    let outside = tempfile::tempdir().unwrap();
    let secret = outside.path().join("secret.md");
    atomic::save(&secret, b"---\ntitle: Hidden words\n---\n").unwrap();
    fs::create_dir_all(&home.paths.library).unwrap();
    std::os::unix::fs::symlink(outside.path(), &home.paths.templates).unwrap();
    let entries = list(&home.paths);
    let entry = entries.iter().find(|entry| entry.name == "secret").unwrap();
    assert_eq!(entry.title, "Secret");
    assert!(
        entry
            .problem
            .as_ref()
            .unwrap()
            .contains("leaves the library")
    );
    assert!(source(&home.paths, "secret").is_err());
}

#[test]
fn a_snippet_has_a_largest_size() {
    let home = home();
    home.snippet("big", &"x".repeat(MAX_SNIPPET as usize + 1));
    assert!(snippet(&home.paths, "big").is_err());
}

#[test]
fn the_cache_changes_nothing_but_the_time() {
    let home = home();
    home.many(WORTH_AN_INDEX);
    let cold = list(&home.paths);
    let index = index_file(&home.paths);
    assert!(index.exists());
    assert_eq!(list(&home.paths), cold);

    home.template("name-00003", "---\ntitle: Changed\n---\n");
    home.template("aaa", "---\ntitle: New\n---\n");
    fs::remove_file(scan::file(&home.paths.templates, "name-00005")).unwrap();
    let warm = list(&home.paths);
    fs::remove_file(&index).unwrap();
    assert_eq!(list(&home.paths), warm);
    assert_eq!(warm.len(), cold.len());
    assert_eq!(
        warm.iter()
            .find(|entry| entry.name == "name-00003")
            .unwrap()
            .title,
        "Changed"
    );
    assert!(warm.iter().all(|entry| entry.name != "name-00005"));
}

#[test]
fn the_cache_is_used_and_a_damaged_one_is_not() {
    let home = home();
    home.many(WORTH_AN_INDEX);
    list(&home.paths);
    let found = scan::markdown(&home.paths.templates);
    let mut writer = Writer::new(found.len());
    for found in &found {
        let label = Label {
            title: "from the cache".into(),
            ..Label::default()
        };
        writer.push(&found.name, found.stamp, &label);
    }
    let mut bytes = writer.finish();
    atomic::save(&index_file(&home.paths), &bytes).unwrap();
    let titles = |paths| {
        list(paths)
            .iter()
            .filter(|entry| entry.title == "from the cache")
            .count()
    };
    assert_eq!(titles(&home.paths), WORTH_AN_INDEX);
    let last = bytes.len() - 1;
    bytes[last] ^= 1;
    atomic::save(&index_file(&home.paths), &bytes).unwrap();
    assert_eq!(titles(&home.paths), 0);
}

#[test]
fn a_small_library_keeps_no_cache() {
    let home = home();
    home.many(3);
    list(&home.paths);
    assert!(!index_file(&home.paths).exists());
}
