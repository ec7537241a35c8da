//! Templates and snippets made of texts that are there: the draft, the prompt, a selection.

#![cfg(unix)]

mod support;

use copydesk::domain::template::Template;
use insta::assert_snapshot;
use pretty_assertions::assert_eq;
use support::studio::Studio;

const LARGE: (u16, u16) = (120, 40);
const USUAL: (u16, u16) = (80, 24);
const LETTER: &str = "# Hello Ada<enter>Dear Ada, the {{ tag }} is yours.";

/// A studio with a draft in which words can be selected.
fn draft(size: (u16, u16)) -> Studio {
    let mut studio = Studio::new(size);
    studio.keys("<ctrl+n>").keys(LETTER);
    studio
}

#[test]
fn the_draft_becomes_a_template_and_words_become_inputs() {
    for (name, size) in [("large", LARGE), ("usual", USUAL), ("small", (60, 20))] {
        let mut studio = draft(size);
        studio.keys("<alt+T><tab>Ada<enter>tag<enter>nothing<enter>");
        assert_snapshot!(format!("making_{name}"), studio.picture());
    }
    let mut studio = draft(LARGE);
    studio.keys("<alt+T>Greeting<tab>Ada<enter><enter>");
    let source = studio
        .file("data/templates/greeting.md")
        .unwrap_or_default();
    assert!(
        source.contains("# Hello {{ ada }}\nDear {{ ada }}, the {{ \"{{\" }} tag }} is yours."),
        "{source}"
    );
    let template = Template::parse("greeting", "greeting.md", &source).unwrap();
    assert_eq!(template.title, "Greeting");
    let text = studio.text();
    assert!(text.contains("Template source"), "{text}");
    assert!(text.contains("“Greeting” made, in greeting.md"), "{text}");
    assert!(text.contains("nothing is wrong with the source"), "{text}");
    // The draft is as it was, behind the source.
    assert_eq!(studio.app.editor.others.len(), 1);
}

/// From a draft to a template of one's own and on to its form, with what the screen says.
#[test]
fn a_template_is_made_tried_and_changed_without_leaving_its_source() {
    let mut studio = draft(USUAL);
    let saved = studio.keys("<ctrl+s>").text();
    assert!(saved.contains("alt+T makes a template of it"), "{saved}");
    let text = studio.keys("<alt+T>Greeting<tab>Ada<enter><enter>").text();
    assert!(text.contains("ctrl+g fills it in"), "{text}");
    assert!(text.contains("^G Fill in"), "{text}");
    let text = studio.keys("<ctrl+g>Grace").text();
    assert_eq!(studio.app.form.as_ref().unwrap().template.name, "greeting");
    assert!(text.contains("^G Generate"), "{text}");
    // What is wrong stands where the notice about the making did, and nothing is sent of it.
    studio.keys("<F6><ctrl+end>{{ open ");
    let text = studio.keys("<ctrl+g>").text();
    assert!(text.contains("ctrl+s saves it, then ctrl+g"), "{text}");
    assert!(studio.app.output.variants.is_empty());
    // The form follows what is saved, with what it holds.
    studio.keys("}} to {{ place }}<ctrl+s>");
    let form = studio.app.form.as_ref().unwrap();
    let names: Vec<_> = form.fields.iter().map(|f| f.input.name.as_str()).collect();
    assert_eq!(names, ["ada", "open", "place"]);
    assert_eq!(form.brief().get("ada").unwrap().to_string(), "Grace");
    assert_eq!(
        studio.app.notice.as_ref().unwrap().text,
        "saved templates/greeting.md"
    );
    // The first draft is saved, and no second one says what could be made of it.
    studio.keys("<ctrl+n>Another<ctrl+s>");
    let text = studio.text();
    assert!(text.contains("saved drafts/"), "{text}");
    assert!(!text.contains("makes a template"), "{text}");
}

#[test]
fn what_is_selected_becomes_an_input_and_the_box_comes_back_with_it() {
    let mut studio = draft(LARGE);
    studio.keys("<ctrl+home><ctrl+right><ctrl+right><alt+w><alt+T>");
    let text = studio.text();
    assert!(
        text.contains("Template from the draft") && text.contains("ada"),
        "{text}"
    );
    let text = studio.keys("name<esc>").text();
    assert!(
        text.contains("select words in the draft and press alt+T again"),
        "{text}"
    );
    studio.keys("<ctrl+end><alt+w><left><alt+w><alt+T>");
    let text = studio.text();
    assert!(text.contains("yours") && text.contains("name"), "{text}");
    studio.keys("<tab><tab>Letter<enter>");
    let source = studio.file("data/templates/letter.md").unwrap_or_default();
    assert!(
        source.contains("Dear {{ name }}, the {{ \"{{\" }} tag }} is {{ yours }}."),
        "{source}"
    );
}

#[test]
fn an_input_is_taken_out_by_emptying_its_name() {
    let mut studio = draft(LARGE);
    studio.keys("<alt+T>T<tab>Ada<enter><up><delete><delete><up>");
    studio.keys("<enter>");
    let source = studio.file("data/templates/t.md").unwrap_or_default();
    assert!(source.contains("Dear Ada"), "{source}");
}

#[test]
fn a_name_that_is_taken_is_refused_in_the_box_and_nothing_is_written_over() {
    let mut studio = draft(LARGE);
    studio.keys("<alt+T>Blog post<enter>");
    let text = studio.text();
    assert!(
        text.contains("there is a template blog-post already"),
        "{text}"
    );
    // One that the list does not know yet.
    studio.put("data/templates/other.md", "Mine.\n");
    studio.keys("<backspace*9>Other<enter>");
    let text = studio.text();
    assert!(text.contains("choose another"), "{text}");
    assert!(text.contains("Template from the draft"), "{text}");
    assert_eq!(
        studio.file("data/templates/other.md").as_deref(),
        Some("Mine.\n")
    );
    studio.keys("<esc>");
    let bad = studio.keys("<alt+T><tab>Ada<enter><up>a b<enter>").text();
    assert!(bad.contains("is no input name"), "{bad}");
}

#[test]
fn the_prompt_becomes_a_template_that_asks_for_the_same_again() {
    let mut studio = Studio::new(LARGE);
    studio.put(
        "data/templates/mail.md",
        "---\ntitle: Mail\nsystem: Be kind to {{ who }}.\ninputs: {who: {}, words: {type: number, default: 80}}\n---\n\
         Write {{ words }} words to {{ who }}.\n",
    );
    studio.read_again();
    while !studio.text().contains("mail.md · your own") {
        studio.keys("j");
    }
    studio.keys("<enter><alt+P>");
    let text = studio.text();
    assert!(text.contains("Template from the prompt"), "{text}");
    assert!(text.contains("words") && text.contains("80"), "{text}");
    studio.keys("<esc>Ada{{x}}<alt+2><ctrl+t><enter>More: <alt+P>");
    assert_snapshot!("making_prompt", studio.picture());
    studio.keys("Mail again<tab><tab><tab><enter>");
    let source = studio
        .file("data/templates/mail-again.md")
        .unwrap_or_default();
    let system = "system: Be kind to {{ who }}.";
    let quoted = "system: \"Be kind to {{ who }}.\"";
    assert!(
        source.contains(system) || source.contains(quoted),
        "{source}"
    );
    let user = "More: Write {{ words }} words to {{ who }}.";
    assert!(source.contains(user), "{source}");
}

#[test]
fn a_selection_becomes_a_snippet() {
    let mut studio = draft(LARGE);
    let told = studio.keys("<alt+S>").text();
    assert!(told.contains("select the words in the Editor"), "{told}");
    studio.keys("<ctrl+a><alt+S>");
    assert_snapshot!("making_snippet", studio.picture());
    studio.keys("greeting<enter>");
    let source = studio.file("data/snippets/greeting.md").unwrap_or_default();
    assert_eq!(
        source,
        "# Hello Ada\nDear Ada, the {{ \"{{\" }} tag }} is yours.\n"
    );
    // Of a source, what is written stays what it is.
    studio.keys("<ctrl+a><alt+S>raw<enter>");
    assert_eq!(studio.file("data/snippets/raw.md"), Some(source));
    let text = studio.keys("<alt+T>").text();
    assert!(text.contains("this is a source already"), "{text}");
}

#[test]
fn without_a_text_it_is_said() {
    let mut studio = Studio::new(USUAL);
    let text = studio.keys("<alt+T>").text();
    assert!(text.contains("there is no text in the draft"), "{text}");
    let text = studio.keys("<alt+P>").text();
    assert!(text.contains("there is no prompt"), "{text}");
}
