//! The search through texts in the switcher: what it finds, while it goes on and after, where a hit
//! leads, and what it says of what it cannot read.

mod support;

use copydesk::app::dialog::Dialog;
use copydesk::app::effect::Effect;
use copydesk::app::msg::Msg;
use copydesk::app::switcher::Place;
use copydesk::app::switcher::runs::Look as Lookup;
use copydesk::app::switcher::texts::{End, Errand, Found, Look, Part, Said, Whose};
use copydesk::domain::run::RunId;
use copydesk::store::items::Item;
use insta::assert_snapshot;
use pretty_assertions::assert_eq;
use support::studio::Studio;
use uuid::Uuid;

const LARGE: (u16, u16) = (120, 40);
const USUAL: (u16, u16) = (80, 24);

fn draft(title: &str, day: u8, head: &str, body: &str) -> String {
    format!("---\ntitle: {title}\nupdated: 2026-11-{day}T09:00:00Z\n{head}---\n\n{body}\n")
}

/// A studio with drafts, a template and a snippet that say something of whales.
fn sea(size: (u16, u16)) -> Studio {
    let mut studio = Studio::new(size);
    let made =
        "status: done\ntags: [water]\ncopydesk:\n  id: x\n  template: blog-post\n  model: luna\n";
    studio.put(
        "data/drafts/sea.md",
        &draft(
            "The sea",
            18,
            made,
            "# The sea\n\nShips sink.\n\nThere the Whales sing.",
        ),
    );
    studio.put(
        "data/drafts/ice.md",
        &draft("Ice", 20, "tags: [water, cold]\n", "No whales here."),
    );
    studio.put(
        "data/drafts/tea.md",
        &draft("Tea", 19, "", "Nothing but tea."),
    );
    studio.put(
        "data/templates/deep.md",
        "---\ntitle: Deep\n---\nWrite about whales.\n",
    );
    studio.put("data/snippets/tone.md", "Like whales in song.\n");
    studio.read_again();
    studio
}

/// What the list says, a line each, without its frame.
fn rows(studio: &mut Studio) -> String {
    let Some(Dialog::Switcher(switcher)) = studio.app.dialogs.last() else {
        return "the switcher is not open".to_owned();
    };
    let rows = switcher.list.rows.iter().filter_map(|hit| {
        let entry = studio.app.switcher_entry(switcher, *hit)?;
        Some(format!("{}/{}", hit.group.title(), entry.title))
    });
    rows.collect::<Vec<_>>().join(" ")
}

fn selected(studio: &Studio) -> Option<String> {
    studio.app.editor.document.selected_text()
}

fn run(number: u128, excerpt: &str) -> Said {
    Said {
        whose: Whose::Run(RunId(Uuid::from_u128(number))),
        title: "blog-post".to_owned(),
        at: None,
        line: 1,
        excerpt: excerpt.to_owned(),
        marks: Vec::new(),
        in_body: true,
    }
}

fn draft_hit() -> Said {
    Said {
        whose: Whose::Item(Item::Draft("/drafts/x.md".into())),
        ..run(3, "three")
    }
}

fn last_look(effects: &[Effect]) -> Option<Look> {
    let mut looks = effects.iter().rev().filter_map(|effect| match effect {
        Effect::Search(Errand::Look(look)) => Some((**look).clone()),
        _ => None,
    });
    looks.next()
}

#[test]
fn texts_are_found_below_names_with_the_line_that_says_it() {
    for (size, name) in [(LARGE, "texts_large"), (USUAL, "texts_usual")] {
        let mut studio = sea(size);
        studio.keys("<ctrl+o>whales");
        assert_snapshot!(name, studio.picture());
    }
}

#[test]
fn a_hit_opens_at_its_place() {
    let mut studio = sea(LARGE);
    studio.keys("<ctrl+o>whales sing<enter>");
    assert_eq!(studio.app.editor.title(), "The sea");
    assert_eq!(selected(&studio).as_deref(), Some("Whales"));
    studio.keys("<ctrl+o>song<down><enter>");
    assert_eq!(selected(&studio).as_deref(), Some("song"));
    // The document is open now; what is typed in it and not saved is found as well.
    studio.keys("<ctrl+end>An unsaved narwhal.<ctrl+n><ctrl+o>narwhal");
    assert_eq!(rows(&mut studio), "In the text/tone.md");
    studio.keys("<enter>");
    assert_eq!(selected(&studio).as_deref(), Some("narwhal"));
    studio.keys("<ctrl+o>write about whales<enter>");
    assert_eq!(selected(&studio).as_deref(), Some("whales"));
}

#[test]
fn what_a_name_says_is_not_said_again_by_its_front_matter() {
    let mut studio = sea(LARGE);
    studio.put(
        "data/drafts/fin.md",
        &draft("Fin whale", 17, "tags: [krill]\n", "Nothing of it."),
    );
    studio.put(
        "data/templates/orca.md",
        "---\ntitle: Orca\ntags: [krill]\ninputs: {fluke: {}}\n---\nWrite about {{ fluke }}.\n",
    );
    studio.read_again();
    for (typed, found) in [
        ("fin whale", "Drafts/Fin whale"),
        ("krill", "Drafts/Fin whale Templates/Orca"),
        ("orca", "Templates/Orca"),
        // No name has it, so its front matter is all there is.
        ("fluke:", "In the text/Orca"),
    ] {
        studio.keys(&format!("<ctrl+o>{typed}"));
        assert_eq!(rows(&mut studio), found, "{typed}");
        studio.keys("<esc>");
    }
}

#[test]
fn fields_narrow_names_and_texts() {
    let mut studio = sea(LARGE);
    for (typed, found) in [
        ("tag:water", "Drafts/Ice Drafts/The sea"),
        ("tag:cold whales", "In the text/Ice"),
        ("template:blog", "Drafts/The sea"),
        ("model:lun status:do whales", "In the text/The sea"),
        ("since:2026-11-20", "Drafts/Ice"),
        ("status:draft", ""),
    ] {
        studio.keys(&format!("<ctrl+o>{typed}"));
        assert_eq!(rows(&mut studio), found, "{typed}");
        studio.keys("<esc>");
    }
    studio.keys("<ctrl+o>titel:x");
    assert!(studio.text().contains("there is no field `titel:`"));
}

#[test]
fn every_key_begins_anew_and_what_an_earlier_search_finds_is_dropped() {
    let mut studio = sea(LARGE);
    let early = last_look(&studio.keep_back("<ctrl+o>zw")).unwrap();
    let asked = studio.keep_back("q");
    let late = last_look(&asked).unwrap();
    assert!(late.ticket > early.ticket && late.typed == "zwq");
    assert!(
        asked
            .iter()
            .any(|effect| *effect == Effect::Runs(Lookup::Said(late.ticket, "zwq".into())))
    );
    let found = |ticket, part, said, over| {
        Msg::Found(Found {
            ticket,
            part,
            said,
            over,
        })
    };
    studio.tell(found(early.ticket, Part::Runs, vec![run(1, "early")], None));
    assert_eq!(rows(&mut studio), "");
    assert!(studio.text().contains("looking through texts"));
    studio.tell(found(
        late.ticket,
        Part::Runs,
        vec![run(1, "one"), run(2, "two")],
        Some(End::default()),
    ));
    studio.keys("<down>");
    // What comes before does not move the highlight to another row.
    studio.tell(found(late.ticket, Part::Library, vec![draft_hit()], None));
    let Some(Dialog::Switcher(switcher)) = studio.app.dialogs.last() else {
        panic!("it is open");
    };
    assert_eq!(switcher.list.chosen().unwrap().place, Place::Said(2));
    let asked = studio.keep_back("<esc>");
    assert_eq!(asked, [Effect::Search(Errand::Stop)]);
    studio.tell(found(
        late.ticket,
        Part::Library,
        vec![run(4, "late")],
        None,
    ));
}

/// Only what somebody waits for is drawn before its turn: the first hits of each kind, of the search
/// that is wanted.
#[test]
fn the_first_hits_of_a_search_are_waited_for() {
    let mut studio = sea(LARGE);
    let ticket = last_look(&studio.keep_back("<ctrl+o>zz")).unwrap().ticket;
    let found = |ticket: u64, said: Vec<Said>| Found {
        ticket,
        part: Part::Library,
        said,
        over: None,
    };
    assert!(studio.app.waits_for(&found(ticket, vec![draft_hit()])));
    assert!(!studio.app.waits_for(&found(ticket, Vec::new())));
    assert!(!studio.app.waits_for(&found(ticket - 1, vec![draft_hit()])));
    studio.tell(Msg::Found(found(ticket, vec![draft_hit()])));
    assert!(!studio.app.waits_for(&found(ticket, vec![draft_hit()])));
    assert!(studio.app.waits_for(&found(ticket, vec![run(7, "zz")])));
    studio.keys("<esc>");
    assert!(!studio.app.waits_for(&found(ticket, vec![run(7, "zz")])));
}

#[test]
fn a_run_that_says_it_is_shown_in_the_output_pane() {
    let mut studio = sea(LARGE);
    let look = last_look(&studio.keep_back("<ctrl+o>walrus")).unwrap();
    let (ticket, part) = (look.ticket, Part::Runs);
    let said = vec![run(9, "A walrus")];
    studio.tell(Msg::Found(Found {
        ticket,
        part,
        said,
        over: Some(End::default()),
    }));
    assert_eq!(rows(&mut studio), "Runs/blog-post");
    let asked = studio.keep_back("<enter>");
    let id = RunId(Uuid::from_u128(9));
    assert!(
        matches!(&asked[0], Effect::Runs(Lookup::Run(run, _)) if *run == id),
        "{asked:?}"
    );
}

/// What cannot be read is said with the reason, and the rest is found.
#[test]
fn what_cannot_be_read_is_said_and_hostile_text_is_drawn_as_marks() {
    let mut studio = sea(USUAL);
    studio.put("data/drafts/a/b/c/d/e/f/g/h/i/deep.md", "whales\n");
    std::fs::create_dir(studio.path("data/drafts/folder.md")).unwrap();
    studio.put("data/drafts/evil.md", "a \u{1b}[2J\u{202e}whales\n");
    studio.read_again().keys("<ctrl+o>whales");
    let shown = studio.text();
    assert!(shown.contains("2 could not be read; "), "{shown}");
    assert!(
        shown.contains("␛[2J") && !shown.contains(['\u{1b}', '\u{202e}']),
        "{shown:?}"
    );
    assert!(shown.contains("No whales here"), "{shown}");
}
