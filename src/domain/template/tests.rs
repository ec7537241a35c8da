//! What may stand in a template file, and how a mistake in it is told.

use super::*;
use crate::domain::brief::Value;
use pretty_assertions::assert_eq;

fn parse(source: &str) -> Template {
    Template::parse("test", "t.md", source).unwrap()
}

fn error(source: &str) -> String {
    Template::parse("test", "t.md", source)
        .unwrap_err()
        .to_string()
}

const BLOG: &str = r#"---
title: Blog post
description: A first draft.
tags: [blog, long-form]
system: You write clear prose. {% include "brand-voice" ignore missing %}
inputs:
  topic:    {label: Topic, required: true, help: "One line: what is it about?"}
  audience: {type: choice, options: [engineers, managers, everyone], default: engineers}
  points:   {type: text, rows: 7, label: Key points, help: "One per line"}
  words:    {type: number, min: 50, max: 5000, default: 800}
  outline:  {type: toggle, default: true}
model: {params: {reasoning: low}}        # optional
output: {target_words: "{{ words }}"}
---
Write a blog post about {{ topic }} for {{ audience }}, about {{ words }} words.
{% if points %}Cover these points:
{% for p in points | lines %}- {{ p }}
{% endfor %}{% endif %}{% if outline %}Outline first.{% endif %}
"#;

#[test]
fn the_format_of_the_manual_is_read_whole() {
    let template = parse(BLOG);
    assert_eq!(template.warnings, []);
    assert_eq!(template.title, "Blog post");
    assert_eq!(template.tags, ["blog", "long-form"]);
    let names: Vec<_> = template.inputs.iter().map(|i| i.name.as_str()).collect();
    assert_eq!(names, ["topic", "audience", "points", "words", "outline"]);
    assert!(template.inputs[0].required);
    assert_eq!(template.inputs[2].rows, 7);
    assert_eq!(template.inputs[3].default, Some(Value::Number(800.0)));
    assert_eq!(template.inputs[4].kind, InputKind::Toggle);
    assert_eq!(template.model.params.reasoning.as_deref(), Some("low"));
    assert_eq!(template.output.target_words.as_deref(), Some("{{ words }}"));
    assert!(template.body.starts_with("Write a blog post"));
    assert_eq!(template.hash.len(), 64);
}

#[test]
fn a_file_without_front_matter_is_a_template() {
    let template =
        Template::parse("my-note", "my-note.md", "Say {{ what }} to {{ whom }}.").unwrap();
    assert_eq!(template.title, "My note");
    let names: Vec<_> = template
        .inputs
        .iter()
        .map(|i| (i.name.as_str(), i.required))
        .collect();
    assert_eq!(names, [("what", true), ("whom", true)]);
}

#[test]
fn only_what_nobody_declares_or_sets_is_inferred() {
    let template = parse(
        "---\nsystem: Be {{ tone }}.\ninputs:\n  topic:\n---\n{% for p in topic|lines %}{{ loop.index }}{{ p }}{% endfor %}\
         {% set x = 1 %}{{ x }}{% for i in range(3) %}{{ i }}{% endfor %}{{ extra|upper }}",
    );
    let names: Vec<_> = template.inputs.iter().map(|i| i.name.as_str()).collect();
    assert_eq!(names, ["topic", "tone", "extra"]);
    assert!(!template.inputs[0].required);
}

#[test]
fn included_snippets_add_their_names() {
    struct One;
    impl Snippets for One {
        fn get(&self, name: &str) -> Option<String> {
            (name == "voice").then(|| "Write as {{ brand }}.".to_owned())
        }
    }
    let mut template = parse("{% include \"voice\" %}{{ topic }}");
    template.infer(&One).unwrap();
    let names: Vec<_> = template.inputs.iter().map(|i| i.name.as_str()).collect();
    assert_eq!(names, ["topic", "brand"]);
}

#[test]
fn windows_line_ends_and_a_byte_order_mark_change_nothing() {
    let unix = parse(BLOG);
    let windows = parse(&format!("\u{feff}{}", BLOG.replace('\n', "\r\n")));
    assert_eq!(windows.inputs, unix.inputs);
    assert_eq!(windows.body, unix.body);
    assert_ne!(windows.hash, unix.hash);
}

#[test]
fn unknown_keys_and_unused_inputs_are_warnings() {
    let template = parse("---\ntitel: x\ninputs:\n  a: {lable: A}\n  b:\n---\n{{ a }}");
    let warnings: Vec<_> = template.warnings.iter().map(ToString::to_string).collect();
    assert_eq!(warnings.len(), 3);
    assert!(warnings[0].starts_with("t.md:2:1: unknown key `titel`"));
    assert!(warnings[1].starts_with("t.md:4:7: unknown key `lable`"));
    assert_eq!(warnings[2], "t.md:5:3: input `b` is never used");
}

#[test]
fn every_error_has_its_place() {
    let front = |lines: &str| error(&format!("---\n{lines}\n---\n"));
    let cases = [
        (
            error("---\ntitle: x\n"),
            "t.md:1:1: front matter is not closed; end it with a line of three dashes",
        ),
        (
            front("inputs:\n  a: {type: text, default: [1]}"),
            "t.md:3:28: default of `a`: must be text, not a list",
        ),
        (
            front("inputs:\n  a: {type: txt}"),
            "t.md:3:13: unknown input type `txt`; use line, text, choice, choices, number, date, toggle, image or file",
        ),
        (
            front("inputs:\n  a: {type: number, min: 5, default: 3}"),
            "t.md:3:38: default of `a`: 3 is less than 5",
        ),
        (
            front("inputs:\n  a: {type: number, min: 5, max: 3}"),
            "t.md:3:34: `max` 3 is less than `min` 5",
        ),
        (
            front("inputs:\n  a: {type: number, default: many}"),
            "t.md:3:30: default of `a`: must be a number, not text",
        ),
        (
            front("inputs:\n  a: {type: choice}"),
            "t.md:3:13: a choice needs `options: [one, another]`",
        ),
        (
            front("inputs:\n  a: {options: [x, y], default: z}"),
            "t.md:3:33: default of `a`: `z` is not one of x, y",
        ),
        (
            front("inputs:\n  a: {options: [x, x]}"),
            "t.md:3:16: option `x` is listed twice",
        ),
        (
            front("inputs:\n  a: {type: toggle, default: 3}"),
            "t.md:3:30: default of `a`: must be true or false, not a number",
        ),
        (
            front("inputs:\n  a-b: {}"),
            "t.md:3:3: `a-b` is no input name; use letters, digits and `_`, starting with a letter",
        ),
        (
            front("inputs:\n  if: {}"),
            "t.md:3:3: `if` is a word of the template language; use another name",
        ),
        (
            front("inputs: [a]"),
            "t.md:2:9: `inputs` must be a mapping, not a list",
        ),
        (
            front("title: [a]"),
            "t.md:2:8: `title` must be text, not a list",
        ),
        (
            front("model: {params: {temperature: hot}}"),
            "t.md:2:31: `temperature` must be a number, not text",
        ),
        (
            front("examples:\n  - {user: a}"),
            "t.md:3:5: an example needs both `user` and `assistant`",
        ),
        (
            error("---\ntitle: x\n---\nHello\n  {{ a b }}"),
            "t.md:5:8: syntax: unexpected identifier, expected end of variable block",
        ),
        (
            error("{% if a %}"),
            "t.md:1:9: syntax: unexpected end of input, expected end of block",
        ),
        (
            error("---\nsystem: |\n  One.\n  Two {{ a b }}.\n---\n"),
            "t.md:4:12: syntax: unexpected identifier, expected end of variable block",
        ),
        (
            error("---\nsystem: \"One {{ a b }}\"\n---\n"),
            "t.md:2:19: syntax: unexpected identifier, expected end of variable block",
        ),
        (
            error("é {% include name %}"),
            "t.md:1:14: `include` takes a name in quotes",
        ),
    ];
    for (found, expected) in cases {
        assert_eq!(found, expected);
    }
}

#[test]
fn missing_inputs_are_listed_all_at_once() {
    let template = parse(
        "---\ninputs:\n  a: {required: true}\n  b:\n  c: {required: true, default: x}\n  d: {required: true, type: toggle}\n---\n{{ a }}{{ b }}{{ c }}{{ d }}{{ e }}",
    );
    let missing = |brief: &Brief| -> Vec<String> {
        template
            .missing(brief)
            .iter()
            .map(|i| i.name.clone())
            .collect()
    };
    assert_eq!(missing(&Brief::default()), ["a", "e"]);
    let brief: Brief = [
        ("a", Value::Text("  ".into())),
        ("e", Value::Text("x".into())),
    ]
    .into_iter()
    .collect();
    assert_eq!(missing(&brief), ["a"]);
    assert_eq!(
        template.settled(&Brief::default()).get("c"),
        Some(&Value::Text("x".into()))
    );
}

#[test]
fn a_headline_is_what_the_whole_parse_reads() {
    for front in [
        "title: Blog post\ndescription: A draft, of a post.\ntags: [blog, long-form]",
        "title: \"Quoted: yes\"\ndescription: >\n  Folded\n  text\ntags:\n  - a\n  - \"b c\"",
        "title: 'It''s'\ntags: [a, 'b, c', \"d\"]\ninputs:\n  title: {}\n  tags:",
        "inputs:\n  x: {}\ntags:\n- a\n- b\ntitle: Plain # with a comment\ndescription: 42",
        "title:\ndescription: true\ntags: one",
        "description: |\n  title: not this\n\n  tags: [no]\ntitle: Last",
        "subtitle: no\ntitle: C# and F#\ntags: []",
    ] {
        let source = format!("---\n{front}\n---\nbody");
        let whole = parse(&source);
        let headline = headline(&source);
        let title = if headline.title.is_empty() {
            "Test"
        } else {
            &headline.title
        };
        assert_eq!(title, whole.title, "{front}");
        assert_eq!(headline.description, whole.description, "{front}");
        assert_eq!(headline.tags, whole.tags, "{front}");
        assert_eq!(
            headline,
            super::headline(&source.replace('\n', "\r\n")),
            "{front}"
        );
    }
    assert_eq!(headline("no front matter"), Headline::default());
    assert_eq!(headline("---\ntitle: unclosed"), Headline::default());
}

#[test]
fn what_does_not_fit_a_choice_a_date_or_a_limit_has_its_place() {
    let front = |lines: &str| error(&format!("---\n{lines}\n---\n"));
    for (told, expected) in [
        (
            front("inputs:\n  a: {type: date, default: 2026-02-30}"),
            "t.md:3:28: default of `a`: `2026-02-30` is no day of the calendar",
        ),
        (
            front("inputs:\n  a: {type: choices, options: [p, q], default: [p, r]}"),
            "t.md:3:48: default of `a`: `r` is not one of p, q",
        ),
        (
            front("inputs:\n  a: {type: choices}"),
            "t.md:3:13: a choice needs `options: [one, another]`",
        ),
        (
            front("inputs:\n  a: {pattern: \"(\"}"),
            "t.md:3:16: `(` is not a regular expression: unclosed group",
        ),
        (
            front("inputs:\n  a: {type: number, pattern: x}"),
            "t.md:3:30: `pattern` belongs to types line and text, not number",
        ),
        (
            front("inputs:\n  a: {max: 1.5}"),
            "t.md:3:12: `max` counts characters here; use a whole number",
        ),
        (
            front("inputs:\n  a: {max: 3, default: long}"),
            "t.md:3:24: default of `a`: has 4 characters; at most 3 are allowed",
        ),
    ] {
        assert_eq!(told, expected);
    }
}

#[test]
fn several_choices_are_a_list_to_loop_over_and_never_a_bomb() {
    use crate::domain::brief::Brief;
    use crate::domain::render::{preview, render};
    let source = "---\ninputs:\n  nets: {type: choices, options: [X, Blog], default: [Blog]}\n---\n\
                  {{ nets | join(\"+\") }}{% for net in nets %} {{ net }}{% endfor %}{% if not nets %}none{% endif %}";
    let template = parse(source);
    let user = |value: Option<Value>| {
        let brief: Brief = value.map(|value| ("nets", value)).into_iter().collect();
        render(&template, &brief, &NoSnippets).unwrap().prompt.user
    };
    assert_eq!(user(None), "Blog Blog");
    let both = Value::List(vec!["X".to_owned(), "Blog".to_owned()]);
    assert_eq!(user(Some(both)), "X+Blog X Blog");
    assert_eq!(user(Some(Value::List(Vec::new()))), "none");
    // What an older draft has of an input that took one.
    assert_eq!(user(Some(Value::Text(String::new()))), "none");
    let needed = parse(&source.replace("default: [Blog]", "required: true, label: Nets"));
    let shown = preview(&needed, &Brief::default(), &NoSnippets).unwrap();
    assert!(shown.prompt.user.starts_with("⟨Nets⟩ ⟨Nets⟩"), "{shown:?}");
    for body in ["{{ nets * 9 }}", "{% set a = nets + nets %}{{ a | join }}"] {
        let source = source.split("---\n").collect::<Vec<_>>()[1].to_owned();
        let told = error(&format!("---\n{source}---\n{body}"));
        assert!(told.contains("`+` and `*` are for numbers"), "{told}");
    }
}
