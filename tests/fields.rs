//! Fields of a form that take several choices, a day, or text within limits, as keys fill them in.

#![cfg(unix)]

mod support;

use copydesk::app::effect::Effect;
use support::studio::Studio;

const TEMPLATE: &str = "---\ntitle: Aa\ninputs:\n  nets: {type: choices, options: [Mail, Web, Poster], required: true, label: Channels}\n  \
                        day: {type: date, label: Day}\n  code: {pattern: \"[A-Z]+\", label: Code}\n---\n\
                        For {{ nets | join(\" and \") }} on {{ day }} {{ code }}\n";

fn studio(size: (u16, u16)) -> Studio {
    let mut studio = Studio::new(size);
    studio.put("data/templates/aa.md", TEMPLATE);
    studio.read_again();
    studio.keys("/aa<enter>");
    studio
}

/// The prompts that were asked to be sent.
fn sent(studio: &Studio) -> Vec<String> {
    let effects = studio.asked.iter();
    effects
        .filter_map(|effect| match effect {
            Effect::Generate { request, .. } => Some(request.prompt.user.clone()),
            _ => None,
        })
        .collect()
}

#[test]
fn arrows_go_through_the_options_and_space_marks_them() {
    for size in [(120, 40), (80, 24)] {
        let mut studio = studio(size);
        assert!(studio.text().contains("› [ ] Mail"), "{}", studio.text());
        studio.keys("<space><right><right><space>");
        let text = studio.text();
        assert!(
            text.contains("  [x] Mail") && text.contains("› [x] Poster"),
            "{text}"
        );
        studio.keys("<right><space><space><tab>");
        assert!(studio.text().contains("Mail, Poster"), "{}", studio.text());
        studio.keys("2026-12-31+<ctrl+g>");
        assert_eq!(sent(&studio), ["For Mail and Poster on 2027-01-01"]);
    }
}

#[test]
fn nothing_is_sent_while_a_field_does_not_fit() {
    let mut studio = studio((120, 40));
    studio.keys("<ctrl+g>");
    assert!(
        studio.text().contains("Channels (needed)"),
        "{}",
        studio.text()
    );
    studio.keys("<space><tab>2026-1");
    assert!(
        studio.text().contains("is not a date such as"),
        "{}",
        studio.text()
    );
    studio.keys("<tab>ab");
    assert!(
        studio.text().contains("does not match the pattern"),
        "{}",
        studio.text()
    );
    studio.keys("<ctrl+g>");
    assert_eq!(sent(&studio), Vec::<String>::new());
    // The first that does not fit has the cursor now.
    studio.keys("<ctrl+r><tab><ctrl+r><ctrl+g>");
    assert_eq!(sent(&studio), ["For Mail on"]);
}
