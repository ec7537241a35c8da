//! What becomes of an item, and what no change may do to another.

use super::*;

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
    fn put(&self, path: &str, text: &str) -> PathBuf {
        let path = self.paths.library.join(path);
        atomic::save(&path, text.as_bytes()).unwrap();
        path
    }

    fn text(&self, path: &str) -> String {
        read::text(&self.paths.library.join(path), 9999).unwrap()
    }

    fn renamed(&self, item: &Item, title: &str) -> String {
        let changed = rename(&self.paths, item, title).unwrap();
        let path = changed.after.unwrap().path;
        let below = path.strip_prefix(&self.paths.library).unwrap();
        below.to_str().unwrap().to_owned()
    }
}

fn template(name: &str) -> Item {
    Item::Template(name.to_owned())
}

fn snippet(name: &str) -> Item {
    Item::Snippet(name.to_owned())
}

#[test]
fn a_renamed_draft_keeps_its_date_and_gives_way_to_others() {
    let home = home();
    let path = home.put(
        "drafts/2026-11-23-a.md",
        "---\n# mine\ntitle: A # old\nx: 1\n---\nbody",
    );
    home.put("drafts/2026-11-23-b.md", "other");
    let item = Item::Draft(path);
    assert_eq!(home.renamed(&item, "B"), "drafts/2026-11-23-b-2.md");
    let text = "---\n# mine\ntitle: B # old\nx: 1\n---\nbody";
    assert_eq!(home.text("drafts/2026-11-23-b-2.md"), text);
    assert_eq!(home.text("drafts/2026-11-23-b.md"), "other");
}

/// W11: names stay inside and the title survives, whatever it is.
#[test]
fn awkward_titles_stay_in_their_folder_and_survive() {
    let home = home();
    for title in [
        "../../x",
        "\n\u{1b}[2J",
        "CON",
        "-rf",
        ".hidden",
        "🎉",
        &"é".repeat(10_000),
    ] {
        let path = home.put("drafts/start.md", "---\ntitle: A\n---\n");
        let changed = rename(&home.paths, &Item::Draft(path), title).unwrap();
        let after = changed.after.unwrap().path;
        assert_eq!(after.parent(), Some(home.paths.drafts.as_path()));
        assert_eq!(drafts::load(&after).unwrap().draft.title(), Some(title));
    }
}

#[test]
fn a_title_of_other_case_stays_in_the_same_file() {
    let home = home();
    let path = home.put("drafts/2026-11-23-why.md", "---\ntitle: why\n---\n");
    assert_eq!(
        home.renamed(&Item::Draft(path), "WHY"),
        "drafts/2026-11-23-why.md"
    );
    assert_eq!(
        home.text("drafts/2026-11-23-why.md"),
        "---\ntitle: WHY\n---\n"
    );
    home.put("snippets/Voice.md", "calm");
    assert_eq!(
        home.renamed(&snippet("Voice"), "voice"),
        "snippets/voice.md"
    );
    assert!(!home.paths.snippets.join("Voice.md").exists());
}

#[test]
fn a_template_or_snippet_never_takes_the_name_of_another() {
    let home = home();
    home.put("templates/mine.md", "---\ntitle: Mine\n---\nWrite.");
    home.put("snippets/a.md", "a");
    home.put("snippets/b.md", "b");
    for (item, title) in [(template("mine"), "Blog post"), (snippet("a"), "B")] {
        let error = rename(&home.paths, &item, title).unwrap_err();
        assert!(matches!(error, StoreError::Taken { .. }), "{error}");
    }
    assert_eq!(
        home.renamed(&template("mine"), "Acme: mail"),
        "templates/acme-mail.md"
    );
    assert_eq!(
        home.text("templates/acme-mail.md"),
        "---\ntitle: \"Acme: mail\"\n---\nWrite."
    );
    home.put("templates/team/plain.md", "Write {{ x }}.");
    assert_eq!(
        home.renamed(&template("team/plain"), "Other"),
        "templates/team/other.md"
    );
    assert_eq!(home.text("templates/team/other.md"), "Write {{ x }}.");
}

#[test]
fn what_comes_with_copydesk_is_neither_deleted_nor_changed_but_copied() {
    let home = home();
    let post = template("blog-post");
    for result in [
        delete(&home.paths, &post),
        rename(&home.paths, &post, "Mine"),
        retag(&home.paths, &post, &[]),
        rewrite(&home.paths, &post, "", ""),
    ] {
        let told = result.unwrap_err().to_string();
        assert!(
            told.contains("comes with Copydesk") && told.contains("copy"),
            "{told}"
        );
    }
    duplicate(&home.paths, &post).unwrap();
    let (text, hash) = source(&home.paths, &post).unwrap();
    assert_eq!(Some(text.as_str()), library::shipped("blog-post"));
    rewrite(&home.paths, &post, "Mine.", &hash).unwrap();
    assert_eq!(home.text("templates/blog-post.md"), "Mine.");
    delete(&home.paths, &post).unwrap();
    assert_eq!(
        library::origin(&home.paths, "blog-post"),
        Some(Origin::Shipped)
    );
}

#[test]
fn a_copy_is_a_draft_of_its_own() {
    let home = home();
    let made = "---\ntitle: A\ncopydesk:\n  id: 0199aaaa\n  template: blog-post\n---\n\nbody";
    let item = Item::Draft(home.put("drafts/a.md", made));
    duplicate(&home.paths, &item).unwrap();
    duplicate(&home.paths, &item).unwrap();
    assert_eq!(home.text("drafts/a.md"), made);
    let copy = Draft::parse(&home.text("drafts/a-3.md"));
    assert_eq!((copy.title(), copy.body()), (Some("A (copy)"), "body"));
    let record = copy.provenance().unwrap();
    assert_eq!(record.template.as_deref(), Some("blog-post"));
    assert!(record.id != "0199aaaa" && !record.id.is_empty());
}

#[test]
fn tags_change_one_line() {
    let home = home();
    let tags = ["a b".to_owned(), "c: d".to_owned()];
    home.put(
        "templates/mine.md",
        "---\ntitle: M\ntags: [x] # y\ninputs:\n  a: {}\n---\n{{ a }}",
    );
    retag(&home.paths, &template("mine"), &tags).unwrap();
    let text = "---\ntitle: M\ntags: [a b, \"c: d\"] # y\ninputs:\n  a: {}\n---\n{{ a }}";
    assert_eq!(home.text("templates/mine.md"), text);
    let broken = Item::Draft(home.put("drafts/b.md", "---\ntitle: [\n---\n"));
    for (item, word) in [
        (broken, "mend it"),
        (snippet("voice"), "only templates and drafts"),
    ] {
        let told = retag(&home.paths, &item, &tags).unwrap_err().to_string();
        assert!(told.contains(word), "{told}");
    }
    assert!(
        trash::list(&home.paths).len() == 1,
        "a refused change keeps nothing"
    );
}

#[test]
fn a_source_changed_meanwhile_is_not_written_over() {
    let home = home();
    let item = Item::Draft(home.put("drafts/a.md", "one"));
    let (text, hash) = source(&home.paths, &item).unwrap();
    assert_eq!(text, "one");
    home.put("drafts/a.md", "theirs");
    let error = rewrite(&home.paths, &item, "mine", &hash).unwrap_err();
    assert!(
        matches!(error, StoreError::ChangedOutside { .. }),
        "{error}"
    );
    assert_eq!(home.text("drafts/a.md"), "theirs");
    assert!(trash::list(&home.paths).is_empty());
}

#[test]
fn nothing_outside_the_library_is_an_item() {
    let home = home();
    let outside = home.paths.config.join("a.md");
    atomic::save(&outside, b"x").unwrap();
    let drafts = &home.paths.drafts;
    for item in [
        Item::Draft(outside.clone()),
        Item::Draft(drafts.join("../../config/a.md")),
        snippet("../../config/a"),
        template("../../config/a"),
    ] {
        let error = delete(&home.paths, &item).unwrap_err();
        assert!(matches!(error, StoreError::Unknown { .. }), "{error}");
    }
    assert!(outside.exists());
}
