//! The lists at work: order, status, tags, marks, one undo for all of them, what the preview shows,
//! and what odd files do to them.

mod support;

use copydesk::app::browser::bodies::{Errand, Found};
use copydesk::app::browser::{Browser, DraftRows, Tab};
use copydesk::app::effect::Effect;
use copydesk::app::msg::Msg;
use copydesk::domain::lint::lint;
use copydesk::domain::query::{Needles, Query};
use copydesk::store::drafts::Headline;
use copydesk::store::items::Item;
use copydesk::store::shelf::Shelf;
use insta::assert_snapshot;
use pretty_assertions::assert_eq;
use std::fmt::Write;
use std::path::PathBuf;
use support::studio::Studio;

const LARGE: (u16, u16) = (120, 40);

const SEA: &str = "---\n# mine\ntitle: The sea\nstatus: draft   # not yet\ntags: [water]\ncreated: 2026-11-01\nupdated: 2026-11-18T09:00:00Z\nx-own: 1\n---\n\nWaves, and waves, and waves.\n";
const ICE: &str = "---\ntitle: Ice\ntags: [water, cold]\ncreated: 2026-11-09\nupdated: 2026-11-17T09:00:00Z\ncopydesk:\n  id: i\n  template: blog-post\n---\n\nCold.\n";
const ASH: &str =
    "---\ntitle: Ash\ncreated: 2026-11-05\nupdated: 2026-11-16T09:00:00Z\n---\n\nGrey and soft.\n";

/// A studio on the list of its three drafts.
fn studio() -> Studio {
    let mut studio = Studio::new(LARGE);
    studio.put("data/drafts/sea.md", SEA);
    studio.put("data/drafts/ice.md", ICE);
    studio.put("data/drafts/ash.md", ASH);
    studio.read_again().keys("<tab>");
    studio
}

fn listed(studio: &Studio) -> String {
    let rows = studio.app.browser.window(0, 99);
    let titles: Vec<&str> = rows.map(|(_, row)| row.title.as_str()).collect();
    titles.join(" ")
}

fn notice(studio: &Studio) -> &str {
    studio.app.notice.as_ref().map_or("", |notice| &notice.text)
}

fn meant(studio: &Studio) -> Vec<String> {
    let meant = studio.app.meant().into_iter();
    let names = meant.filter_map(|path| Some(path.file_name()?.to_str()?.to_owned()));
    names.collect()
}

#[test]
fn drafts_are_listed_in_the_order_that_is_wanted() {
    let mut studio = studio();
    for (told, titles) in [
        ("", "The sea Ice Ash"),
        ("in order of their beginning", "Ice Ash The sea"),
        ("in order of titles", "Ash Ice The sea"),
        ("in order of templates", "Ice The sea Ash"),
        ("in order of length", "The sea Ash Ice"),
        ("in order of the last edit", "The sea Ice Ash"),
    ] {
        if !told.is_empty() {
            studio.keys("o");
        }
        assert_eq!((notice(&studio), listed(&studio).as_str()), (told, titles));
    }
    // The highlight stays on its draft.
    assert_eq!(meant(&studio), ["sea.md"]);
}

#[test]
fn until_the_drafts_are_read_nobody_says_that_there_are_none() {
    let mut studio = Studio::new(LARGE);
    studio.app.browser = Browser::default();
    studio.keys("<tab>");
    assert!(
        studio.text().contains("Reading drafts…"),
        "{}",
        studio.text()
    );
    let headline = |name: &str| Headline {
        name: name.to_owned(),
        title: name.to_owned(),
        path: PathBuf::from(format!("/drafts/{name}.md")),
        ..Headline::default()
    };
    studio.tell(Msg::FirstDrafts(vec![headline("Newest")].into()));
    assert_eq!(listed(&studio), "Newest");
    studio.tell(Msg::Drafts(Ok(
        vec![headline("Newest"), headline("Older")].into()
    )));
    assert_eq!(listed(&studio), "Newest Older");
    // What was known before the list was read is worth nothing after it.
    studio.tell(Msg::Drafts(Ok(DraftRows::default())));
    studio.tell(Msg::FirstDrafts(vec![headline("Newest")].into()));
    assert!(studio.text().contains("No drafts yet"), "{}", studio.text());
}

/// A list that is read anew shares its rows with the one before, but for those that changed.
#[test]
fn a_draft_that_changed_is_listed_as_it_is_now() {
    let headline = |name: &str| Headline {
        name: name.to_owned(),
        title: name.to_owned(),
        path: PathBuf::from(format!("/drafts/{name}.md")),
        status: Some("draft".to_owned()),
        tags: vec!["sea".to_owned()],
        words: 7,
        ..Headline::default()
    };
    let before: DraftRows = vec![headline("a"), headline("b")].into();
    let changes: [fn(&mut Headline); 9] = [
        |line| line.title = "Other".to_owned(),
        |line| line.updated = "2026-11-18T09:00:00Z".parse().unwrap(),
        |line| line.template = Some("blog-post".to_owned()),
        |line| line.status = None,
        |line| line.model = Some("luna".to_owned()),
        |line| line.tags = vec!["ice".to_owned()],
        |line| line.created = Some("2026-11-01".to_owned()),
        |line| line.words = 8,
        |line| line.problem = Some("a.md:1:1: broken".to_owned()),
    ];
    for change in changes {
        let mut drafts = vec![headline("b"), headline("a"), headline("c")];
        change(&mut drafts[1]);
        let anew = DraftRows::from(drafts.clone());
        assert_eq!(
            format!("{:?}", DraftRows::of(drafts, &before)),
            format!("{anew:?}")
        );
    }
}

#[test]
fn a_status_is_written_and_nothing_else() {
    let mut studio = studio();
    studio.keys("s");
    assert!(studio.text().contains("draft, ready, published"));
    studio.keys("ready<enter>");
    let written = studio.file("data/drafts/sea.md").unwrap();
    assert_eq!(written, SEA.replace("status: draft ", "status: ready "));
    assert!(
        notice(&studio).contains("is ready now"),
        "{}",
        notice(&studio)
    );
    let row = studio.app.browser.highlighted().unwrap();
    assert!(row.detail.contains("· ready"), "{}", row.detail);
    studio.keys("u");
    assert_eq!(studio.file("data/drafts/sea.md").unwrap(), SEA);
    studio.keys("s<enter><tab>s");
    assert_eq!(notice(&studio), "only drafts have a status");
}

#[test]
fn tags_and_other_fields_narrow_a_list() {
    let mut studio = studio();
    studio.keys("#");
    assert_eq!(notice(&studio), "tags: water 2 · cold 1");
    studio.keys("co");
    assert_eq!(listed(&studio), "Ice");
    studio.keys("<esc>/since:2026-11-18");
    assert_eq!(listed(&studio), "The sea");
    studio.keys("<esc>/tag:water template:blog ic");
    assert_eq!(listed(&studio), "Ice");
}

/// A studio on the list of templates of its own, whose bodies say something of whales.
fn whales(size: (u16, u16)) -> Studio {
    let mut studio = Studio::new(size);
    for (name, body) in [
        (
            "deep",
            "Dive.\n\nWrite about the Whales of {{ sea }} and their songs.",
        ),
        ("whale-song", "Sing of whales."),
        ("cattle", "Nothing but bywhales."),
    ] {
        studio.put(&format!("data/templates/{name}.md"), body);
    }
    studio.read_again();
    studio
}

fn bodies_asked(effects: &[Effect]) -> Vec<(u64, &str)> {
    let asked = effects.iter().filter_map(|effect| match effect {
        Effect::Bodies(Errand::Look { ticket, typed }) => Some((*ticket, typed.as_str())),
        Effect::Bodies(Errand::Stop) => Some((0, "stop")),
        _ => None,
    });
    asked.collect()
}

#[test]
fn a_filter_finds_templates_by_their_bodies_below_those_with_the_name() {
    for (size, name) in [(LARGE, "bodies_large"), ((80, 24), "bodies_usual")] {
        let mut studio = whales(size);
        studio.keys("/whal");
        assert_eq!(listed(&studio), "Whale song Deep");
        studio.keys("<down>");
        assert_snapshot!(name, studio.picture());
    }
    let mut studio = whales(LARGE);
    // Each word may stand elsewhere, but not all of them in what another one says.
    for (typed, found) in [
        ("deep songs", "Deep"),
        ("songs whales", "Deep"),
        ("tag:sea whales", ""),
        ("Whales their", "Deep"),
        ("dive sing", ""),
    ] {
        studio.keys(&format!("<esc>/{typed}"));
        assert_eq!(listed(&studio), found, "{typed}");
    }
}

#[test]
fn a_search_through_bodies_begins_anew_with_every_key_and_ends_with_the_filter() {
    let mut studio = whales(LARGE);
    assert_eq!(bodies_asked(&studio.keep_back("/so")), []);
    let effects = studio.keep_back("ng");
    let asked = bodies_asked(&effects);
    let ([(early, "son"), (late, "song")], "Whale song") = (&asked[..], &*listed(&studio)) else {
        panic!("{asked:?}");
    };
    let place = Needles::beginning(&Query::parse("song"))
        .find(b"a song")
        .unwrap();
    let found = |ticket: &u64, name: &str, over| {
        Msg::Bodies(Found {
            ticket: *ticket,
            said: vec![(name.to_owned(), place.clone())],
            over,
        })
    };
    studio.tell(found(early, "cattle", true));
    assert_eq!(listed(&studio), "Whale song");
    studio.tell(found(late, "deep", false));
    assert_eq!(listed(&studio), "Whale song Deep");
    studio.keys("<down>").tell(found(late, "cattle", false));
    assert_eq!(listed(&studio), "Whale song Deep Cattle");
    assert_eq!(studio.app.browser.cursor(), 1);
    // The words of a filter that is gone stay nowhere.
    assert_eq!(bodies_asked(&studio.keep_back("<esc>")), [(0, "stop")]);
    studio.tell(found(late, "blog-post", true));
    assert_eq!(studio.app.browser.len(), studio.app.browser.total());
}

#[test]
fn a_body_that_changes_is_looked_through_again_and_the_highlight_stays() {
    let mut studio = whales(LARGE);
    studio.keys("/whales<down>");
    assert_eq!(listed(&studio), "Whale song Deep");
    studio.put("data/templates/cattle.md", "Whales.");
    studio.put("data/templates/whale-song.md", "Sing.");
    studio.read_again();
    assert_eq!(listed(&studio), "Whale song Cattle Deep");
    assert_eq!(studio.app.browser.highlighted().unwrap().title, "Deep");
}

#[test]
fn verbs_are_for_all_that_is_marked_and_one_undo_takes_all_back() {
    let mut studio = studio();
    studio.keys("<space><space>");
    assert_eq!(meant(&studio), ["sea.md", "ice.md"]);
    assert_eq!(
        notice(&studio),
        "2 marked; x t s alt+E are for all, esc for none"
    );
    assert!(studio.text().contains("✓The sea"), "{}", studio.text());
    studio.keys("x");
    assert_eq!(
        (listed(&studio).as_str(), meant(&studio)),
        ("Ash", vec!["ash.md".to_owned()])
    );
    assert_eq!(notice(&studio), "2 moved to the trash; u takes all back");
    studio.keys("u");
    assert_eq!(
        (notice(&studio), listed(&studio).as_str()),
        ("2 taken back", "The sea Ice Ash")
    );
    assert_eq!(studio.file("data/drafts/sea.md").unwrap(), SEA);
    studio.keys("g<space><space>tnew, -cold<enter>");
    assert!(
        studio
            .file("data/drafts/ice.md")
            .unwrap()
            .contains("tags: [water, new]\n")
    );
    studio.keys("g<space><space>sdone<enter>");
    assert!(
        studio
            .file("data/drafts/ice.md")
            .unwrap()
            .contains("status: done\n")
    );
    studio.keys("uu");
    assert_eq!(studio.file("data/drafts/ice.md").unwrap(), ICE);
    assert_eq!(studio.file("data/drafts/sea.md").unwrap(), SEA);
    studio.keys("<space><esc>");
    assert_eq!(studio.app.browser.marked(), 0);
}

#[test]
fn the_preview_of_a_draft_shows_how_it_begins() {
    let mut studio = studio();
    assert!(studio.text().contains("Waves, and waves"));
    studio.keys("j");
    assert!(studio.text().contains("Cold."));
}

#[test]
fn a_template_that_leads_into_a_circle_is_listed_as_broken_with_the_words_of_a_check() {
    let mut studio = Studio::new(LARGE);
    studio.put("data/snippets/a.md", "A {% include \"b\" %}");
    studio.put("data/snippets/b.md", "B\n{% include 'a.md' %}");
    studio.put("data/snippets/brand-voice.md", "{% include \"a\" %}");
    studio.put("data/snippets/fine.md", "Plain words.");
    studio.put(
        "data/templates/round.md",
        "{% include \"fine\" %}{% include \"b\" %}",
    );
    studio.put("data/templates/straight.md", "{% include \"fine\" %}");
    studio.read_again();
    let problem = |studio: &Studio, name: &str| {
        let rows = studio.app.browser.rows(Tab::Templates);
        let row = rows.iter().find(|row| row.item.name() == name).unwrap();
        row.problem.clone()
    };
    let told =
        "snippets/a.md:1:14: snippet `b` includes itself: b → a → b; take one of the includes out";
    let file = studio.file("data/templates/round.md").unwrap();
    let found = lint("round", "round.md", &file, &Shelf(studio.paths()));
    assert_eq!(found[0].problem.to_string(), told);
    assert_eq!(problem(&studio, "round").as_deref(), Some(told));
    assert_eq!(problem(&studio, "straight"), None);
    // What comes with Copydesk includes a snippet of the person's, too.
    let mail = problem(&studio, "release-notes").unwrap();
    assert!(mail.contains("a → b → a"), "{mail}");
    assert_eq!(problem(&studio, "translate"), None);
    let text = studio.keys("/round").text();
    assert!(
        text.contains("!round.md") && text.contains("includes itself"),
        "{text}"
    );
    // Nothing stops at it.
    studio.keys("<enter><enter><ctrl+t><ctrl+g>");
    assert!(studio.text().contains("Round"), "{}", studio.text());
    studio.put("data/snippets/a.md", "A");
    studio.read_again();
    assert_eq!(problem(&studio, "round"), None);
}

/// W11, and five thousand broken files at once: each is listed with its reason, nothing stops.
#[test]
fn broken_files_and_odd_names_are_listed_with_reasons() {
    let mut studio = Studio::new(LARGE);
    let folder = studio.path("data/templates");
    std::fs::create_dir_all(&folder).unwrap();
    for number in 0..5_000 {
        let source = "---\ninputs: [\n---\n{{ x\n";
        #[expect(
            clippy::disallowed_methods,
            reason = "nothing reads it before it is whole"
        )]
        std::fs::write(folder.join(format!("broken-{number}.md")), source).unwrap();
    }
    let long = "n".repeat(250);
    for name in [
        "a\u{1b}[2Jb",
        "-rf",
        "CON",
        "e\u{301}",
        "é",
        "🎉",
        " ",
        "..x",
        &long,
    ] {
        studio.put(
            &format!("data/drafts/{name}.md"),
            "---\ntitle: [\n---\ntext\n",
        );
    }
    let mut huge = String::from("---\ntitle: Huge\n---\n");
    for number in 0..40_000 {
        let _ = writeln!(
            huge,
            "{{% if a{number} %}}{{{{ b }}}}{{% endif %}} and more of it"
        );
    }
    studio.put("data/templates/huge.md", &huge);
    studio.read_again();
    let rows = studio.app.browser.rows(Tab::Templates);
    let broken = rows.iter().filter(|row| row.title.starts_with("broken-"));
    assert_eq!(broken.filter(|row| row.problem.is_some()).count(), 5_000);
    let huge = Item::Template("huge".to_owned());
    let huge = rows.iter().find(|row| row.item == huge).unwrap();
    assert!(
        huge.problem
            .as_ref()
            .is_some_and(|why| why.contains("larger")),
        "{huge:?}"
    );
    let drafts = studio.app.browser.rows(Tab::Drafts);
    assert_eq!(drafts.len(), 8);
    assert!(drafts.iter().all(|row| row.problem.is_some()));
    studio.keys("<tab>jjjj<space>jx");
    let shown = studio.text();
    assert!(!shown.contains('\u{1b}'), "{shown:?}");
    studio.keys("<ctrl+o>broken");
    assert!(studio.text().contains("broken-"));
}
