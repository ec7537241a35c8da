//! The verbs of the lists: what they do to files, to the Editor and to the screen, and that what
//! they did can be taken back, also by another process after a restart.

#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use copydesk::app::deed::Deed;
use copydesk::app::effect::{Effect, Keep};
use copydesk::app::msg::{Msg, Purpose};
use copydesk::store::items::Item;
use insta::assert_snapshot;
use pretty_assertions::assert_eq;
use support::cli::Home;
use support::pty::Pty;
use support::studio::Studio;

const LARGE: (u16, u16) = (120, 40);
const USUAL: (u16, u16) = (80, 24);

const WHY: &str = "data/drafts/2026-11-18-why.md";
const HOW: &str = "data/drafts/2026-11-17-how.md";

fn source(title: &str, day: u8) -> String {
    format!(
        "---\ntitle: {title}\ntags: [rust, tui] # mine\nupdated: 2026-11-{day}T09:00:00Z\n---\n\n{title}, in a few words.\n"
    )
}

/// A studio with two drafts, a template and a snippet of the person's own, on the Drafts tab.
fn studio(size: (u16, u16)) -> Studio {
    let mut studio = Studio::new(size);
    studio.put(WHY, &source("Why Rust", 18));
    studio.put(HOW, &source("How Rust", 17));
    studio.put(
        "data/templates/translate.md",
        "---\ntitle: Mine\n---\nWrite {{ x }}.\n",
    );
    studio.read_again().keys("<tab>");
    studio
}

/// The same with the first draft open and words typed into it.
fn typed(size: (u16, u16)) -> Studio {
    let mut studio = studio(size);
    studio.keys("<enter>New words. <alt+1>");
    studio
}

/// The last file that the program put on the clipboard.
fn copied(studio: &Studio) -> &str {
    let texts = studio.asked.iter().rev().find_map(|effect| match effect {
        Effect::Copy(text) => Some(text.as_str()),
        _ => None,
    });
    texts.unwrap()
}

#[test]
fn a_deleted_draft_leaves_a_notice_that_says_how_to_get_it_back() {
    let mut usual = studio(USUAL);
    assert_snapshot!("deleted_usual", usual.keys("x").picture());
    assert_snapshot!("deleted_large", studio(LARGE).keys("x").picture());
    assert_eq!(usual.file(WHY), None);
    usual.keys("u");
    assert_eq!(usual.file(WHY), Some(source("Why Rust", 18)));
    assert!(
        usual.text().contains("“Why Rust” is back"),
        "{}",
        usual.text()
    );
}

#[test]
fn the_dialogs_for_a_name_and_for_tags() {
    for (name, size) in [("usual", USUAL), ("large", LARGE)] {
        assert_snapshot!(
            format!("rename_{name}"),
            studio(size).keys("r<end> now").picture()
        );
        assert_snapshot!(
            format!("tags_{name}"),
            studio(size).keys("t<end>, new").picture()
        );
    }
    let long =
        "r<paste:a title that is much longer than the field it is typed into, at 80 columns>";
    assert_snapshot!("rename_long", studio(USUAL).keys(long).picture());
}

#[test]
fn starred_items_stand_on_top_and_stay_there() {
    for (name, size) in [("usual", USUAL), ("large", LARGE)] {
        let mut studio = studio(size);
        studio.keys("j*<tab><tab>jj*");
        assert_snapshot!(format!("starred_{name}"), studio.picture());
        studio.read_again();
        assert_snapshot!(format!("starred_{name}"), studio.picture());
    }
    let mut studio = studio(USUAL);
    studio.keys("j*");
    let at = |studio: &mut Studio, title: &str| studio.text().find(title).unwrap();
    assert!(at(&mut studio, "How Rust") < at(&mut studio, "Why Rust"));
    studio.keys("r<end>!<enter>");
    assert!(
        at(&mut studio, "How Rust!") < at(&mut studio, "Why Rust"),
        "the star goes with it"
    );
    studio.keys("*");
    assert!(at(&mut studio, "How Rust!") > at(&mut studio, "Why Rust"));
}

#[test]
fn keys_typed_while_a_file_is_deleted_act_on_the_list_that_follows() {
    let mut studio = studio(USUAL);
    let path = "data/drafts/2026-11-16-third.md";
    studio.put(path, &source("Third", 16));
    studio.read_again();
    // The rig answers at once; here nothing answers before all keys are typed.
    let asked = studio.keep_back("xx");
    let deletes = |effect: &Effect| matches!(effect, Effect::Change(Deed::Delete(_)));
    assert_eq!(asked.iter().filter(|effect| deletes(effect)).count(), 1);
    let Some(Effect::Change(deed)) = asked.into_iter().find(deletes) else {
        unreachable!();
    };
    studio.perform(Effect::Change(deed));
    assert_eq!((studio.file(WHY), studio.file(HOW)), (None, None));
    assert!(studio.file(path).is_some());
}

#[test]
fn a_renamed_draft_keeps_its_date_and_the_editor_follows_with_unsaved_text() {
    let mut studio = typed(LARGE);
    studio.keys("r<end> again<enter>");
    let renamed = "data/drafts/2026-11-18-why-rust-again.md";
    let titled = source("Why Rust", 18).replace("title: Why Rust", "title: Why Rust again");
    assert_eq!(
        (studio.file(WHY), studio.file(renamed)),
        (None, Some(titled))
    );
    let seen = studio.text();
    assert!(seen.contains("why-rust-again.md ●"), "{seen}");
    assert!(
        seen.contains("renamed, now in 2026-11-18-why-rust-again.md"),
        "{seen}"
    );
    studio.keys("<ctrl+s>");
    let saved = studio.file(renamed).unwrap();
    assert!(saved.contains("New words. Why Rust, in") && saved.contains("title: Why Rust again"));
    assert_eq!(studio.file(WHY), None);
}

#[test]
fn a_rename_taken_back_takes_the_editor_back_too() {
    let mut studio = typed(LARGE);
    studio.keys("r<end> again<enter>u");
    assert_eq!(studio.file(WHY), Some(source("Why Rust", 18)));
    assert!(
        studio.text().contains("2026-11-18-why.md ●"),
        "{}",
        studio.text()
    );
    studio.keys("<ctrl+s>");
    assert!(studio.file(WHY).unwrap().contains("New words. "));
    assert_eq!(studio.app.browser.total(), 2);
}

/// W10: deleting the draft that is open costs no typed character.
#[test]
fn the_text_of_a_deleted_draft_stays_open_as_an_unsaved_one() {
    let mut studio = typed(LARGE);
    studio.keys("x");
    assert_eq!(studio.file(WHY), None);
    let seen = studio.text();
    assert!(
        seen.contains("unsaved draft ●") && seen.contains("New words. Why"),
        "{seen}"
    );
    assert!(
        seen.contains("deleted, its text stays open; u takes it back"),
        "{seen}"
    );
    assert!(studio.keys("<ctrl+q>").text().contains("save and quit"));
    studio.keys("<esc>u");
    let seen = studio.text();
    assert!(seen.contains("2026-11-18-why.md ●"), "{seen}");
    studio.keys("<ctrl+s>");
    assert!(studio.file(WHY).unwrap().contains("New words. Why Rust"));
}

/// What the journal was told last of the text that no file holds: its file and its words.
fn journaled(studio: &Studio) -> Option<(Option<String>, String)> {
    studio.asked.iter().rev().find_map(|effect| match effect {
        Effect::Keep(Keep::Unsaved(unsaved)) => {
            let name = unsaved.path.as_ref().and_then(|path| path.file_name());
            let name = name.map(|name| name.to_string_lossy().into_owned());
            Some((name, unsaved.text.text()))
        }
        Effect::Keep(Keep::Settled(_)) => Some((None, String::new())),
        _ => None,
    })
}

/// W4: a kill right after a rename or a deletion brings the text back where it belongs.
#[test]
fn the_journal_hears_where_unsaved_text_belongs_after_a_rename_and_a_deletion() {
    let mut studio = typed(LARGE);
    studio.keys("r<end> again<enter>");
    let (name, text) = journaled(&studio).unwrap();
    assert_ne!(name.as_deref(), Some("2026-11-18-why.md"));
    assert!(name.is_some() && text.starts_with("New words."), "{name:?}");
    let mut studio = opened(LARGE);
    studio.keys("x");
    let (name, text) = journaled(&studio).unwrap();
    assert_eq!((name, text.trim()), (None, "Why Rust, in a few words."));
}

/// A draft that is open and was not touched.
fn opened(size: (u16, u16)) -> Studio {
    let mut studio = studio(size);
    studio.keys("<enter><alt+1>");
    studio
}

#[test]
fn an_untouched_draft_is_saved_again_once_it_is_back() {
    let mut studio = studio(LARGE);
    studio.keys("<enter><alt+1>x");
    assert!(
        studio.text().contains("unsaved draft ●"),
        "{}",
        studio.text()
    );
    studio.keys("u");
    let seen = studio.text();
    assert!(
        seen.contains("2026-11-18-why.md ") && !seen.contains('●'),
        "{seen}"
    );
}

#[test]
fn a_save_asked_for_during_a_rename_goes_to_the_new_name() {
    let mut studio = typed(LARGE);
    let asked = studio.keep_back("r<end> again<enter><ctrl+s>");
    assert!(
        !asked
            .iter()
            .any(|effect| matches!(effect, Effect::Save { .. })),
        "{asked:?}"
    );
    let Some(Effect::Change(deed)) = asked.into_iter().next() else {
        unreachable!();
    };
    studio.perform(Effect::Change(deed));
    let renamed = studio
        .file("data/drafts/2026-11-18-why-rust-again.md")
        .unwrap();
    assert!(renamed.contains("New words. ") && studio.file(WHY).is_none());
}

#[test]
fn tags_change_their_line_only_and_can_be_taken_back() {
    let mut studio = typed(LARGE);
    studio.keys("t<end>, new<enter>");
    let tagged = source("Why Rust", 18).replace("[rust, tui]", "[rust, tui, new]");
    assert_eq!(studio.file(WHY), Some(tagged));
    assert!(
        studio.text().contains("tags: rust, tui, new"),
        "{}",
        studio.text()
    );
    studio.keys("u");
    assert_eq!(studio.file(WHY), Some(source("Why Rust", 18)));
    studio.keys("<ctrl+s>");
    assert!(
        studio.file(WHY).unwrap().contains("New words. "),
        "{}",
        studio.text()
    );
}

#[test]
fn a_copy_is_highlighted_and_what_is_shipped_becomes_the_persons_own() {
    let mut studio = studio(LARGE);
    studio.keys("d");
    assert!(
        studio
            .file("data/drafts/2026-11-18-why-2.md")
            .unwrap()
            .contains("title: Why Rust (copy)")
    );
    let highlighted = studio.app.browser.highlighted().unwrap();
    assert_eq!(highlighted.title, "Why Rust (copy)");
    studio.keys("<tab><tab>");
    assert!(
        studio
            .keys("x")
            .text()
            .contains("Blog post comes with Copydesk and stays")
    );
    assert!(studio.keys("r").app.dialogs.is_empty());
    studio.keys("d");
    assert!(
        studio
            .text()
            .contains("“Blog post” is a template of your own now")
    );
    assert!(studio.file("data/templates/blog-post.md").is_some());
    assert!(
        studio
            .keys("x")
            .text()
            .contains("moved to the trash; u takes it back")
    );
    assert_eq!(studio.file("data/templates/blog-post.md"), None);
}

#[test]
fn a_renamed_template_keeps_its_last_brief() {
    let mut studio = studio(LARGE);
    studio.keys("<shift+tab>/mine<enter>");
    assert!(studio.app.form.is_some(), "{}", studio.text());
    studio.keys("my words<esc>r<end> too<enter><esc>");
    assert!(
        studio.file("data/templates/mine-too.md").is_some(),
        "{}",
        studio.text()
    );
    studio.keys("/mine<enter>");
    assert!(studio.text().contains("my words"), "{}", studio.text());
}

#[test]
fn a_name_that_is_taken_is_told_and_nothing_moves() {
    let mut studio = studio(USUAL);
    studio.keys("<shift+tab>/mine<enter><esc>r<backspace*4>Blog post<enter>");
    assert!(
        studio.text().contains("there is a template named"),
        "{}",
        studio.text()
    );
    assert!(studio.file("data/templates/translate.md").is_some());
}

#[test]
fn copying_takes_the_text_and_not_the_front_matter() {
    let mut studio = studio(USUAL);
    studio.keys("y");
    assert_eq!(copied(&studio), "Why Rust, in a few words.\n");
    studio.keys("<tab>y");
    assert_eq!(copied(&studio), "Plain and warm.\n");
    studio.keys("<tab>y");
    assert!(copied(&studio).starts_with("---\ntitle: Blog post"));
}

#[test]
fn a_draft_s_source_goes_to_the_external_editor_and_a_snippet_s_into_the_editor() {
    let mut studio = studio(USUAL);
    let item = studio.app.browser.highlighted().unwrap().item.clone();
    studio.keys("e");
    let wanted = Effect::Change(Deed::EditSource(item));
    assert_eq!(studio.asked.last(), Some(&wanted));
    let deed = Deed::EditSource(Item::Draft(studio.path(WHY)));
    let result = Ok(Box::default());
    studio.tell(Msg::Changed { deed, result });
    studio.keys("<tab>e");
    assert_eq!(studio.app.editor.document.text(), "Plain and warm.\n");
}

#[test]
fn nothing_to_take_back_is_told() {
    let mut studio = studio(USUAL);
    assert!(
        studio
            .keys("u")
            .text()
            .contains("there is nothing to take back")
    );
    // It stays long enough to be read.
    studio.wait(3_001).keys("j");
    assert!(!studio.text().contains("nothing to take back"));
}

#[test]
fn an_answer_about_another_file_leaves_the_editor_alone() {
    let mut studio = typed(LARGE);
    studio.keys("jx");
    assert_eq!(studio.file(HOW), None);
    assert!(
        studio.text().contains("2026-11-18-why.md ●"),
        "{}",
        studio.text()
    );
    studio.keys("ud");
    assert!(
        studio.text().contains("2026-11-18-why.md ●"),
        "{}",
        studio.text()
    );
}

#[test]
fn a_preview_of_a_changed_template_is_read_again() {
    let mut studio = studio(LARGE);
    studio.keys("<shift+tab>/mine<enter><esc>");
    studio.put(
        "data/templates/translate.md",
        "---\ntitle: Mine\n---\nWrite {{ other }}.\n",
    );
    studio.keys("t<end>, a<enter>");
    assert!(studio.text().contains("Other *"), "{}", studio.text());
    let read = studio.told.iter().rev().any(|(_, msg)| {
        matches!(
            msg,
            Msg::Template {
                purpose: Purpose::Preview,
                ..
            }
        )
    });
    assert!(read);
}

// --- from outside -----------------------------------------------------------------------------

/// W10: what the studio deleted comes back by one command after a restart, byte for byte.
#[test]
fn a_draft_deleted_in_the_studio_is_taken_back_after_a_restart() {
    let home = Home::new();
    let (why, how) = (
        home.write(WHY, &source("Why Rust", 18)),
        home.write(HOW, "no front\r\nmatter"),
    );
    let envs = [("COPYDESK_HOME", home.path("").display().to_string())];
    let envs = envs.each_ref().map(|(name, value)| (*name, value.as_str()));
    let open = || {
        let studio = Pty::start(&[], LARGE, &envs).unwrap();
        studio.wait_for_text("Blog post");
        studio.keys("<tab>").wait_for_text("Why Rust");
        studio
    };
    let quit = |mut studio: Pty| {
        studio.keys("<ctrl+q>");
        assert_eq!(studio.exit_code(), 0);
    };
    let studio = open();
    // Two keys in one burst delete two drafts, not one of them twice.
    studio.keys("gxx").wait_for_text("No drafts yet");
    quit(studio);
    assert!(!why.exists() && !how.exists());

    let rows = home.run(&["draft", "trash", "--json"]).json();
    let whys: Vec<_> = rows
        .as_array()
        .unwrap()
        .iter()
        .map(|row| &row["why"])
        .collect();
    assert_eq!(whys, ["deleted", "deleted"]);
    let ran = home.run(&["draft", "undo"]);
    assert_eq!(ran.code, 0, "{ran:?}");

    let studio = Pty::start(&[], LARGE, &envs).unwrap();
    studio.wait_for_text("Blog post");
    studio.keys("<tab>u").wait_for_text("is back");
    quit(studio);
    assert_eq!(
        std::fs::read_to_string(&why).unwrap(),
        source("Why Rust", 18)
    );
    assert_eq!(std::fs::read_to_string(&how).unwrap(), "no front\r\nmatter");
    assert_eq!(
        home.run(&["draft", "trash", "--json"]).json(),
        serde_json::json!([])
    );
}

/// W10: the command line lists and takes back by id, beside what lies there by now.
#[test]
fn the_command_line_takes_back_by_id_and_never_over_a_file() {
    let home = Home::new();
    let why = home.write(WHY, &source("Why Rust", 18));
    let envs = [("COPYDESK_HOME", home.path("").display().to_string())];
    let envs = envs.each_ref().map(|(name, value)| (*name, value.as_str()));
    let mut studio = Pty::start(&[], USUAL, &envs).unwrap();
    studio.wait_for_text("Blog post");
    studio.keys("<tab>").wait_for_text("Why Rust");
    studio
        .keys("x")
        .wait_for_text("moved to the trash; u takes it back");
    studio.keys("<ctrl+q>");
    assert_eq!(studio.exit_code(), 0);

    home.write(WHY, "another one");
    let listed = home.run(&["draft", "trash"]).stdout;
    assert!(
        listed.contains("deleted") && listed.contains("Why Rust"),
        "{listed}"
    );
    assert!(listed.contains("drafts/2026-11-18-why.md"), "{listed}");
    let id = listed.split_whitespace().next().unwrap();
    let told = home.run(&["draft", "undo", id, "--json"]).json();
    let beside = home.path("data/drafts/2026-11-18-why-2.md");
    assert_eq!(
        (told["path"].as_str(), &told["in_place"]),
        (beside.to_str(), &false.into())
    );
    assert_eq!(std::fs::read_to_string(&why).unwrap(), "another one");
    assert_eq!(
        std::fs::read_to_string(&beside).unwrap(),
        source("Why Rust", 18)
    );

    for args in [
        &["draft", "undo"][..],
        &["draft", "undo", id],
        &["draft", "undo", "../x"],
    ] {
        let ran = home.run(args);
        assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{ran:?}");
        let json = home.run(&[args, &["--json"]].concat()).json();
        assert_eq!(json["error"]["exit_code"], 2);
    }
}

#[test]
fn a_source_goes_to_the_persons_editor_and_comes_back_into_the_lists() {
    let home = Home::new();
    let why = home.write(WHY, &source("Why Rust", 18));
    let envs = [
        ("COPYDESK_HOME", home.path("").display().to_string()),
        ("EDITOR", "sed -i s/^title:.*/title:\\ Edited/".to_owned()),
    ];
    let envs = envs.each_ref().map(|(name, value)| (*name, value.as_str()));
    let mut studio = Pty::start(&[], USUAL, &envs).unwrap();
    studio.wait_for_text("Blog post");
    studio.keys("<tab>").wait_for_text("Why Rust");
    studio.keys("e").wait_for_text(" Edited ");
    let text = std::fs::read_to_string(&why).unwrap();
    assert_eq!(
        text,
        source("Why Rust", 18).replace("title: Why Rust", "title: Edited")
    );
    studio.keys("u").wait_for_text("is as it was before");
    assert_eq!(
        std::fs::read_to_string(&why).unwrap(),
        source("Why Rust", 18)
    );
    studio.keys("<ctrl+q>");
    assert_eq!(studio.exit_code(), 0);
}
