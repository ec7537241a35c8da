//! What a draft file says, and that what others wrote into it survives.

use super::*;
use crate::domain::brief::{Brief, Value};
use crate::domain::cost::{Spent, Usd};
use crate::domain::prompt::Params;
use crate::domain::run::{FinishReason, RunId};
use pretty_assertions::assert_eq;
use proptest::prelude::*;

fn noon() -> Zoned {
    "2026-11-23T12:04:05+01:00[Europe/Berlin]".parse().unwrap()
}

fn full() -> Provenance {
    Provenance {
        id: "0199-a".into(),
        template: Some("blog-post".into()),
        template_hash: Some("12345e67".into()),
        brief: [
            ("topic", Value::Text("Rust: why?".into())),
            ("points", Value::Text("one\n- two\n".into())),
            ("words", Value::Number(800.0)),
            ("outline", Value::Toggle(true)),
            ("answer", Value::Text("yes".into())),
        ]
        .into_iter()
        .collect(),
        provider: Some("openai".into()),
        origin: Some("https://api.openai.com".into()),
        model: Some("gpt-5.1".into()),
        params: Params {
            reasoning: Some("low".into()),
            temperature: Some(0.7),
            ..Params::default()
        },
        run: Some(RunId(uuid::Uuid::from_u128(7))),
        tokens: Some(Tokens {
            input: 12,
            output: 340,
        }),
        cost: Usd::new(0.004_2).map(Spent::Real),
        finish: Some(FinishReason::Stop),
        parts: vec![Part {
            run: RunId(uuid::Uuid::from_u128(8)),
            template: Some("cold: email".into()),
            model: None,
        }],
    }
}

#[test]
fn a_new_draft_looks_as_documented() {
    let draft = Draft::new("Why Rust TUIs", "# Why\n\nBecause.\n", &full(), &noon());
    assert_eq!(
        draft.to_source(),
        "---\ntitle: Why Rust TUIs\nstatus: draft\ntags: []\ncreated: 2026-11-23T12:04:05+01:00\n\
         updated: 2026-11-23T12:04:05+01:00\ncopydesk:\n  id: \"0199-a\"\n  template: blog-post\n  \
         template_hash: \"12345e67\"\n  brief:\n    topic: \"Rust: why?\"\n    points: |\n      one\n      - two\n    \
         words: 800\n    outline: true\n    answer: \"yes\"\n  provider: openai\n  \
         origin: \"https://api.openai.com\"\n  model: gpt-5.1\n  params:\n    temperature: 0.7\n    \
         reasoning: low\n  run: \"00000000-0000-0000-0000-000000000007\"\n  \
         tokens: {input: 12, output: 340}\n  cost: 0.0042\n  finish: stop\n  parts:\n    - run: \
         \"00000000-0000-0000-0000-000000000008\"\n      template: \"cold: email\"\n---\n\n# Why\n\nBecause.\n"
    );
    assert_eq!(draft.problem(), None);
    assert_eq!(draft.provenance(), Some(&full()));
    assert_eq!(draft.updated().unwrap().to_string(), "2026-11-23T11:04:05Z");
}

#[test]
fn text_of_a_model_is_cleaned_and_cannot_pose_as_front_matter() {
    let draft = Draft::new(
        "t",
        "---\ntitle: evil\n---\n\u{1b}[31mred\r\n",
        &full(),
        &noon(),
    );
    let read = Draft::parse(&draft.to_source());
    assert_eq!(read.title(), Some("t"));
    assert_eq!(read.body(), "---\ntitle: evil\n---\n␛[31mred\n");
}

#[test]
fn broken_front_matter_is_kept_and_told_with_its_line() {
    let source = "---\ntitle: ok\ntags: [a\nfoo: }\n---\nbody\n";
    let mut draft = Draft::parse(source);
    assert!(
        draft
            .problem()
            .unwrap()
            .contains("between the `---` lines, "),
        "{:?}",
        draft.problem()
    );
    assert!(!draft.set_title("new"));
    assert_eq!(draft.to_source(), source);
    assert_eq!(draft.body(), "body\n");
}

#[test]
fn a_broken_block_does_not_hide_the_title() {
    let draft = Draft::parse("---\ntitle: ok\ncopydesk: {run: nonsense}\n---\nbody\n");
    assert_eq!(draft.title(), Some("ok"));
    assert_eq!(draft.provenance(), None);
    assert!(draft.problem().unwrap().contains("below `copydesk:`"));
}

#[test]
fn parameters_of_a_later_version_are_no_problem() {
    let draft =
        Draft::parse("---\ncopydesk: {id: a, params: {seed: 3, top_p: 0.5}, cost: 1}\n---\n");
    assert_eq!(draft.problem(), None);
    assert_eq!(draft.provenance().unwrap().params.top_p, Some(0.5));
}

#[test]
fn a_file_without_front_matter_is_all_body() {
    let mut draft = Draft::parse("\u{feff}just text\r\n");
    assert_eq!(draft.body(), "just text\r\n");
    assert!(draft.set_title("A: b"));
    assert_eq!(
        draft.to_source(),
        "\u{feff}---\r\ntitle: \"A: b\"\r\n---\r\n\r\njust text\r\n"
    );
}

#[test]
fn an_edit_changes_only_its_lines() {
    let source = "\u{feff}---\r\n# note\r\ntitle: Old # why\r\nmine: [1,\r\n  2]\r\nupdated: 2020-01-01\r\n---\r\ntext";
    let mut draft = Draft::parse(source);
    assert!(draft.set_title("New"));
    assert!(draft.set_updated(&noon()));
    draft.set_body("other");
    assert_eq!(
        draft.to_source(),
        "\u{feff}---\r\n# note\r\ntitle: New # why\r\nmine: [1,\r\n  2]\r\nupdated: 2026-11-23T12:04:05+01:00\r\n---\r\nother"
    );
}

#[test]
fn provenance_that_no_line_can_hold_is_not_forced_in() {
    for source in [
        "---\n{title: a, mine: 1}\n---\ntext",
        "---\ntitle: [a\n---\ntext",
        "---\n- a\n---\ntext",
        "---\nopen: front matter\n",
    ] {
        let mut draft = Draft::parse(source);
        assert!(!draft.set_provenance(&full()), "{source:?}");
        assert_eq!(draft.to_source(), source);
    }
    let mut draft = Draft::parse("---\n# mine\ncopydesk: {id: kept}\nlast: 1\n---\ntext");
    assert!(draft.set_provenance(&full()));
    assert_eq!(draft.provenance().unwrap().id, "kept");
    let source = draft.to_source();
    assert!(
        source.starts_with("---\n# mine\ncopydesk:\n  id: kept\n"),
        "{source}"
    );
    assert!(source.ends_with("\nlast: 1\n---\ntext"), "{source}");
}

#[test]
fn tags_may_be_a_list_or_one_word() {
    assert_eq!(Draft::parse("---\ntags: [a, b]\n---\n").tags(), ["a", "b"]);
    assert_eq!(Draft::parse("---\ntags: a\n---\n").tags(), ["a"]);
    assert_eq!(Draft::parse("---\n---\n").tags(), [""; 0]);
}

fn sources() -> impl Strategy<Value = String> {
    let line = prop_oneof![
        Just("title: A # c".to_owned()),
        Just("updated: 2020-01-01".to_owned()),
        Just("tags: [a]".to_owned()),
        Just("  more".to_owned()),
        Just("# comment".to_owned()),
        Just("---".to_owned()),
        Just("copydesk: {id: x}".to_owned()),
        "[ -~]{0,12}",
        any::<String>(),
    ];
    let end = prop_oneof![Just("\n"), Just("\r\n"), Just("\r")];
    (
        any::<bool>(),
        any::<bool>(),
        proptest::collection::vec((line, end), 0..12),
        any::<String>(),
    )
        .prop_map(|(mark, fence, lines, last)| {
            let mut out = String::new();
            if mark {
                out.push('\u{feff}');
            }
            if fence {
                out.push_str("---\n");
            }
            for (line, end) in lines {
                out.push_str(&line);
                out.push_str(end);
            }
            out + &last
        })
}

proptest! {
    #[test]
    fn reading_and_writing_is_the_identity(source in sources()) {
        prop_assert_eq!(Draft::parse(&source).to_source(), source);
    }

    #[test]
    fn a_set_title_reads_back_and_the_body_stays(source in sources(), title in any::<String>()) {
        let mut draft = Draft::parse(&source);
        let before = draft.clone();
        if draft.set_title(&title) {
            let read = Draft::parse(&draft.to_source());
            prop_assert_eq!(read.title(), Some(title.as_str()));
            prop_assert_eq!(read.tags(), before.tags());
            prop_assert_eq!(read.updated(), before.updated());
            prop_assert_eq!(read.body().trim_start(), before.body().trim_start_matches('\u{feff}').trim_start());
        } else {
            prop_assert_eq!(draft.to_source(), source);
        }
    }

    #[test]
    fn a_set_body_reads_back(body in any::<String>(), blank in "[\n\r]{0,2}") {
        let body = blank + &body;
        for source in ["---\na: 1\n---", "---\na: 1\n---\n", "---\na: 1\n---\n\nold", "---\r\n---\r\nold"] {
            let mut draft = Draft::parse(source);
            draft.set_body(&body);
            let read = Draft::parse(&draft.to_source());
            prop_assert_eq!(read.body(), &body);
        }
    }

    #[test]
    fn everything_written_reads_back(
        title in any::<String>(),
        topic in any::<String>(),
        lines in proptest::collection::vec("[ -~]{0,20}", 0..5),
        name in "[a-z_]{1,8}",
        number in proptest::num::f64::NORMAL,
        on in any::<bool>(),
        model in any::<String>(),
        body in any::<String>(),
    ) {
        let mut brief = Brief::default();
        brief.set("topic", Value::Text(topic));
        brief.set("lines", Value::Text(lines.join("\n")));
        brief.set(name, Value::Number(number));
        brief.set("on", Value::Toggle(on));
        let record = Provenance { model: Some(model.clone()), finish: Some(FinishReason::Other(format!("x{model}"))), brief, ..full() };
        let draft = Draft::parse(&Draft::new(&title, &body, &record, &noon()).to_source());
        prop_assert_eq!(draft.problem(), None);
        prop_assert_eq!(draft.title(), Some(title.as_str()));
        prop_assert_eq!(draft.provenance(), Some(&record));
        let body = stored(&body);
        prop_assert_eq!(draft.body(), body.as_ref());
    }
}

#[test]
fn an_estimated_cost_is_marked_and_read_back_and_an_odd_one_costs_only_itself() {
    let estimated = Provenance {
        cost: Usd::new(0.5).map(Spent::Estimated),
        ..full()
    };
    let draft = Draft::new("T", "x\n", &estimated, &noon());
    let source = draft.to_source();
    assert!(source.contains("  cost: \"~0.5\"\n"), "{source}");
    let read = Draft::parse(&source);
    let read = read.provenance();
    assert_eq!(read.and_then(|made| made.cost), estimated.cost);
    let odd = source.replace("\"~0.5\"", "[a lot]");
    let read = Draft::parse(&odd);
    let read = read.provenance().unwrap();
    assert_eq!((read.cost, &read.model), (None, &estimated.model));
}
