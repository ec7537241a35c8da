//! What a template and a brief render to, and where rendering stops.

use super::*;
use pretty_assertions::assert_eq;

fn template(source: &str) -> Template {
    Template::parse("test", "t.md", source).unwrap()
}

fn brief(values: &[(&str, &str)]) -> Brief {
    values
        .iter()
        .map(|(name, text)| (*name, Value::Text((*text).to_owned())))
        .collect()
}

fn user(source: &str, values: &[(&str, &str)]) -> String {
    render(&template(source), &brief(values), &NoSnippets)
        .unwrap()
        .prompt
        .user
}

fn error(source: &str) -> String {
    let rendered = Template::parse("test", "t.md", source)
        .map_err(RenderError::from)
        .and_then(|template| render(&template, &Brief::default(), &NoSnippets));
    rendered.unwrap_err().to_string()
}

struct Library(&'static [(&'static str, &'static str)]);

impl Snippets for Library {
    fn get(&self, name: &str) -> Option<String> {
        let found = self.0.iter().find(|(known, _)| *known == name);
        found.map(|(_, text)| (*text).to_owned())
    }
}

#[test]
fn all_parts_are_rendered() {
    let template = template(
        "---\nsystem: Be {{ tone }}.\nexamples: [{user: \"Q {{ tone }}\", assistant: A}]\ninputs:\n  words: {type: number, default: 800}\n\
         model: {params: {reasoning: low}}\noutput: {target_words: \"{{ words }}\"}\n---\n\nWrite {{ words }} words.\n\n",
    );
    let rendered = render(&template, &brief(&[("tone", "calm")]), &NoSnippets).unwrap();
    assert_eq!(rendered.prompt.system.as_deref(), Some("Be calm."));
    assert_eq!(rendered.prompt.examples[0].user, "Q calm");
    assert_eq!(rendered.prompt.examples[0].assistant, "A");
    assert_eq!(rendered.prompt.user, "Write 800 words.");
    assert_eq!(rendered.prompt.params.reasoning.as_deref(), Some("low"));
    assert_eq!(rendered.target_words, Some(800));
}

#[test]
fn optional_inputs_without_a_value_are_empty_and_false() {
    let source = "---\ninputs:\n  a:\n  b: {type: toggle}\n  c: {type: number}\n---\n[{{ a }}{{ c }}]{% if a or b or c %}no{% endif %}";
    assert_eq!(user(source, &[]), "[]");
}

#[test]
fn a_value_is_never_rendered_again_nor_escaped() {
    let typed = "{{7*7}} {% if %} <b> & \"q\" {# c #}";
    assert_eq!(user("{{ a }}", &[("a", typed)]), typed);
}

#[test]
fn lines_splits_into_lines_that_say_something() {
    let source =
        "---\ninputs: {a: {type: text}}\n---\n{% for p in a | lines %}- {{ p }}\n{% endfor %}";
    assert_eq!(user(source, &[("a", " one \n\n  two\r\n")]), "- one\n- two");
}

#[test]
fn all_missing_inputs_are_named() {
    let missing = error("{{ topic }} {{ key_points }}");
    assert_eq!(
        missing,
        "missing input: topic (Topic), key_points (Key points); give each a value"
    );
}

#[test]
fn a_value_that_does_not_fit_is_refused_with_its_place() {
    let template = template("---\ninputs:\n  a: {options: [x, y]}\n---\n{{ a }}");
    let error = render(&template, &brief(&[("a", "z")]), &NoSnippets).unwrap_err();
    assert_eq!(
        error.to_string(),
        "t.md:3:3: value of `a`: `z` is not one of x, y"
    );
}

#[test]
fn errors_while_rendering_have_their_place() {
    let with = |body: &str| error(&format!("---\ninputs:\n  a:\n---\n{body}"));
    assert_eq!(
        with("Hi\n {{ a.name.first }}"),
        "t.md:6:5: `a.name.first` is not defined; declare it under `inputs` or check the spelling"
    );
    assert!(with("é {{ a|nope }}").starts_with("t.md:5:8: there is no filter `nope`; there are"));
    assert_eq!(
        with("{% include \"voice\" %}"),
        "t.md:5:4: snippet \"voice\" is not in the library; add it or write `ignore missing`"
    );
    assert!(with("{{ now() }}").starts_with("t.md:5:4: "));
}

#[test]
fn snippets_are_included_and_their_errors_name_them() {
    let library = Library(&[("voice", "as {{ brand }}"), ("bad", "x\n {{ brand.y }}")]);
    let mut good = template("Write {% include \"voice\" %}{% include \"none\" ignore missing %}.");
    good.infer(&library).unwrap();
    let rendered = render(&good, &brief(&[("brand", "ACME")]), &library).unwrap();
    assert_eq!(rendered.prompt.user, "Write as ACME.");
    assert_eq!(rendered.spans[0].range, 9..13);
    let mut bad = template("{% include \"bad\" %}");
    bad.infer(&library).unwrap();
    let error = render(&bad, &brief(&[("brand", "ACME")]), &library).unwrap_err();
    assert!(
        error
            .to_string()
            .starts_with("snippets/bad.md:2:5: `brand.y` is not defined"),
        "{error}"
    );
}

#[test]
fn a_snippet_name_cannot_leave_the_library() {
    struct Anything;
    impl Snippets for Anything {
        fn get(&self, name: &str) -> Option<String> {
            panic!("asked for {name}")
        }
    }
    for name in [
        "../secret",
        "/etc/passwd",
        "a/b",
        "..",
        "<template>",
        ".hidden",
        "a\\\\b",
    ] {
        let template = template(&format!("{{% include \"{name}\" %}}"));
        let error = render(&template, &Brief::default(), &Anything).unwrap_err();
        assert!(
            error.to_string().contains("is not in the library"),
            "{error}"
        );
    }
}

#[test]
fn spans_tell_which_text_came_from_which_input() {
    let template = template(
        "---\nsystem: For {{ b }}.\ninputs:\n  a: {type: text}\n  b:\n---\n\n{% for p in a|lines %}- {{ p|upper }}\n{% endfor %}{{ b }} {{ 1 + 1 }}  ",
    );
    let rendered = render(
        &template,
        &brief(&[("a", "x\nyé"), ("b", "you")]),
        &NoSnippets,
    )
    .unwrap();
    let texts: Vec<_> = rendered
        .spans
        .iter()
        .map(|span| {
            let text = match span.part {
                Part::System => rendered.prompt.system.as_deref().unwrap(),
                _ => &rendered.prompt.user,
            };
            (&text[span.range.clone()], span.input)
        })
        .collect();
    assert_eq!(texts, [("you", 1), ("X", 0), ("YÉ", 0), ("you", 1)]);
}

#[test]
fn a_preview_shows_what_is_missing() {
    let template = template("Write about {{ topic }}{% if topic %}!{% endif %}");
    let shown = preview(&template, &Brief::default(), &NoSnippets).unwrap();
    assert_eq!(shown.prompt.user, "Write about ⟨Topic⟩!");
    let span = &shown.spans[0];
    assert_eq!(
        (&shown.prompt.user[span.range.clone()], span.missing),
        ("⟨Topic⟩", true)
    );
    let done = preview(&template, &brief(&[("topic", "bees")]), &NoSnippets).unwrap();
    assert!(!done.spans[0].missing);
}

#[test]
fn a_preview_calculates_with_a_missing_number() {
    let template = template(
        "---\ninputs:\n  n: {type: number, min: 50, required: true}\n---\n{{ n // 10 }} {{ topic }}",
    );
    let shown = preview(&template, &Brief::default(), &NoSnippets).unwrap();
    assert_eq!(shown.prompt.user, "5 ⟨Topic⟩");
}

#[test]
fn a_preview_still_tells_what_is_wrong() {
    let template = template("{{ a|nope }}");
    let problem = preview(&template, &Brief::default(), &NoSnippets).unwrap_err();
    let told = problem.to_string();
    assert!(
        told.starts_with("t.md:1:6: there is no filter `nope`; there are abs, bool,"),
        "{told}"
    );
}

#[test]
fn a_choice_that_nobody_made_is_its_first_option() {
    let source =
        "---\ninputs:\n  tone: {type: choice, options: [warm, cold]}\n---\ntone=[{{ tone }}]";
    assert_eq!(user(source, &[]), "tone=[warm]");
    assert_eq!(user(source, &[("tone", "cold")]), "tone=[cold]");
    let settled = template(source).settled(&Brief::default());
    assert_eq!(settled, brief(&[("tone", "warm")]));
}

#[test]
fn an_input_left_blank_on_purpose_is_empty_and_recorded_so() {
    let source = "---\ninputs:\n  words: {type: number, default: 800}\n  note:\n---\n\
                  Write{% if words %} {{ words }} words{% endif %}.{{ note }}";
    assert_eq!(user(source, &[]), "Write 800 words.");
    assert_eq!(user(source, &[("words", "")]), "Write.");
    let template = template(source);
    let blank = brief(&[("note", ""), ("words", "")]);
    assert_eq!(template.settled(&blank), brief(&[("words", "")]));
    let words = template.settled(&Brief::default()).get("words").cloned();
    assert_eq!(words, Some(Value::Number(800.0)));
    let once = template.settled(&blank);
    assert_eq!(template.settled(&once), once);
}

#[test]
fn a_required_input_left_blank_is_missing_even_with_a_default() {
    let template = template("---\ninputs:\n  a: {required: true, default: x}\n---\n{{ a }}");
    assert!(template.missing(&Brief::default()).is_empty());
    assert_eq!(template.missing(&brief(&[("a", " ")])).len(), 1);
}

#[test]
fn a_prompt_without_text_is_not_sent() {
    for source in [
        "",
        "---\ntitle: T\nsystem: Be brief.\n---\n\n",
        "{# later #}",
    ] {
        assert!(error(source).contains("t.md:1:1: there is no text to send"));
    }
}

#[test]
fn a_snippet_that_cannot_be_read_stops_the_prompt() {
    struct Broken;
    impl Snippets for Broken {
        fn get(&self, _name: &str) -> Option<String> {
            None
        }
        fn fault(&self, name: &str) -> Option<String> {
            (name == "voice").then(|| "cannot read voice.md".to_owned())
        }
    }
    let template = template("Hello.\n{% include \"voice\" ignore missing %}");
    let told = render(&template, &Brief::default(), &Broken).unwrap_err();
    assert_eq!(
        told.to_string(),
        "t.md:2:12: snippet \"voice\" cannot be included: cannot read voice.md"
    );
}

#[test]
fn running_away_is_told_with_what_to_do() {
    let told = error("{% macro a() %}{{ a() }}{% endmacro %}{{ a() }}");
    assert!(told.contains("call each other without end"), "{told}");
    let told = error("{% for i in range(99999999) %}x{% endfor %}");
    assert!(told.contains("smaller"), "{told}");
}
