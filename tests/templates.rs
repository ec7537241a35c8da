//! The templates inside the binary: each one is sound, small to fill in, and renders cleanly.
//!
//! With `COPYDESK_REAL_LLM` set to a base URL (`COPYDESK_REAL_MODEL` names the model), each one is
//! also tried once against that model.

#![expect(clippy::panic, reason = "a test fails by panicking")]

use copydesk::domain::brief::{Brief, Value};
use copydesk::domain::prompt::Prompt;
use copydesk::domain::render::{self, NoSnippets};
use copydesk::domain::template::{Destination, Input, InputKind, Template};
use copydesk::store::shipped::{SHIPPED, VERBS};

fn templates() -> impl Iterator<Item = Template> {
    SHIPPED.iter().map(|(name, source)| {
        let file = format!("{name}.md");
        Template::parse(name, &file, source).unwrap_or_else(|problem| panic!("{problem}"))
    })
}

/// A plausible value for any input.
fn value(input: &Input) -> Value {
    match &input.kind {
        InputKind::Line => Value::Text("a blue kettle".to_owned()),
        InputKind::Text => Value::Text("It boils in two minutes\nIt is blue, not green".to_owned()),
        InputKind::Choice { options } => Value::Text(options[options.len() - 1].clone()),
        InputKind::Choices { options } => Value::List(options.clone()),
        InputKind::Date => Value::Text("2026-11-24".to_owned()),
        InputKind::Number { min, .. } => Value::Number(min.unwrap_or(3.0).max(3.0)),
        InputKind::Toggle => Value::Toggle(true),
        InputKind::Image | InputKind::File => Value::Text("photo.png".to_owned()),
    }
}

fn another_value(input: &Input) -> Value {
    match &input.kind {
        InputKind::Line | InputKind::Text => Value::Text("something else".to_owned()),
        InputKind::Choice { options } => Value::Text(options[0].clone()),
        InputKind::Choices { options } => Value::List(vec![options[0].clone()]),
        InputKind::Date => Value::Text("2027-01-31".to_owned()),
        InputKind::Number { max, .. } => Value::Number(max.unwrap_or(7.0)),
        InputKind::Toggle => Value::Toggle(false),
        InputKind::Image | InputKind::File => Value::Text("other.png".to_owned()),
    }
}

fn only_required(template: &Template) -> Brief {
    let mut brief = Brief::default();
    for input in template.inputs.iter().filter(|input| input.required) {
        brief.set(&input.name, value(input));
    }
    brief
}

/// Nothing but the required inputs: every other field is emptied, as far as it can be.
fn bare(template: &Template) -> Brief {
    let values = template.inputs.iter().map(|input| {
        let left = match &input.kind {
            _ if input.required => value(input),
            InputKind::Toggle => Value::Toggle(false),
            InputKind::Choice { options } => Value::Text(options[0].clone()),
            InputKind::Choices { .. } => Value::List(Vec::new()),
            InputKind::Line
            | InputKind::Date
            | InputKind::Text
            | InputKind::Number { .. }
            | InputKind::Image
            | InputKind::File => Value::Text(String::new()),
        };
        (input.name.clone(), left)
    });
    values.collect()
}

fn everything(template: &Template) -> Brief {
    let all = template.inputs.iter();
    all.map(|input| (input.name.clone(), value(input)))
        .collect()
}

fn prompt(template: &Template, brief: &Brief) -> Prompt {
    match render::render(template, brief, &NoSnippets) {
        Ok(rendered) => rendered.prompt,
        Err(why) => panic!("{}: {why}", template.name),
    }
}

fn texts(prompt: &Prompt) -> impl Iterator<Item = &str> {
    let examples = prompt.examples.iter();
    let examples = examples.flat_map(|pair| [pair.user.as_str(), pair.assistant.as_str()]);
    prompt
        .system
        .as_deref()
        .into_iter()
        .chain(examples)
        .chain([prompt.user.as_str()])
}

#[test]
fn there_are_eighteen_and_they_stand_in_order() {
    let names: Vec<&str> = SHIPPED.iter().map(|(name, _)| *name).collect();
    assert_eq!(names.len(), 18);
    assert!(names.is_sorted(), "{names:?}");
}

#[test]
fn each_parses_without_a_warning() {
    for template in templates() {
        assert!(template.warnings.is_empty(), "{:?}", template.warnings);
    }
}

#[test]
fn each_says_what_it_is_for() {
    for template in templates() {
        let name = &template.name;
        assert!(!template.title.is_empty(), "{name}");
        let length = template.description.chars().count();
        assert!((20..=120).contains(&length), "{name}: {length}");
        assert!(!template.tags.is_empty(), "{name}");
    }
}

#[test]
fn each_asks_for_little() {
    for template in templates() {
        let name = &template.name;
        assert!((3..=7).contains(&template.inputs.len()), "{name}");
        let required = template.inputs.iter().filter(|input| input.required);
        assert!((1..=2).contains(&required.count()), "{name}");
        assert!(
            template.inputs.iter().all(|input| !input.label.is_empty()),
            "{name}"
        );
        let fed = template.inputs.iter().filter(|input| input.stdin).count();
        assert!(fed <= 1, "{name} has {fed} inputs for stdin");
    }
}

#[test]
fn each_renders_cleanly_however_much_is_filled_in() {
    for template in templates() {
        for brief in [
            bare(&template),
            only_required(&template),
            everything(&template),
        ] {
            let prompt = prompt(&template, &brief);
            assert!(!prompt.user.trim().is_empty(), "{}", template.name);
            for text in texts(&prompt) {
                for mark in ["\n\n\n", "{{", "{%", "{#", "⟨"] {
                    assert!(
                        !text.contains(mark),
                        "{} leaves {mark:?} in:\n{text}",
                        template.name
                    );
                }
                assert_eq!(text.trim(), text.trim_matches(' '), "{}", template.name);
            }
        }
    }
}

#[test]
fn an_emptied_number_leaves_no_trace() {
    for template in templates() {
        let numbers = |input: &&Input| matches!(input.kind, InputKind::Number { .. });
        for input in template.inputs.iter().filter(numbers) {
            let default = input.default.as_ref().map(ToString::to_string);
            let default = default.unwrap_or_default();
            let full = prompt(&template, &only_required(&template)).user;
            assert!(full.contains(&default), "{}: {default}", template.name);
            let mut brief = only_required(&template);
            brief.set(&input.name, Value::Text(String::new()));
            let without = prompt(&template, &brief).user;
            // Where a number is needed all the same, the text itself names one.
            let named = format!("{} or {default}", input.name);
            let needed = template.body.contains(&named);
            assert_eq!(without == full, needed, "{}: {}", template.name, input.name);
            for hole in ["about  ", "most  ", "  words", " , ", " ."] {
                assert!(!without.contains(hole), "{}: {without}", template.name);
            }
        }
    }
}

#[test]
fn each_required_value_reaches_the_prompt() {
    for template in templates() {
        let user = prompt(&template, &only_required(&template)).user;
        for input in template.inputs.iter().filter(|input| input.required) {
            let value = value(input).to_string();
            let first = value.lines().next().unwrap_or_default();
            assert!(user.contains(first), "{}: {}", template.name, input.name);
        }
    }
}

#[test]
fn each_field_changes_the_prompt() {
    for template in templates() {
        let full = everything(&template);
        let whole = prompt(&template, &full);
        for input in &template.inputs {
            let mut other = full.clone();
            other.set(&input.name, another_value(input));
            let changed = prompt(&template, &other) != whole;
            assert!(
                changed,
                "{}: `{}` changes nothing",
                template.name, input.name
            );
        }
    }
}

/// A real model writes something for each template. Only where somebody offers one.
#[test]
fn each_gets_a_text_from_a_real_model() {
    let Ok(base_url) = std::env::var("COPYDESK_REAL_LLM") else {
        return;
    };
    let model = std::env::var("COPYDESK_REAL_MODEL").unwrap_or_else(|_| "default".to_owned());
    for template in templates() {
        let home = tempfile::TempDir::new().unwrap();
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_copydesk"));
        command.args(["run", &template.name, "--json"]);
        for (name, value) in only_required(&template).iter() {
            command.arg("-i").arg(format!("{name}={value}"));
        }
        command
            .env("COPYDESK_HOME", home.path())
            .env("OPENAI_BASE_URL", &base_url)
            .env("COPYDESK_MODEL", &model);
        let output = command.output().unwrap();
        let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        let text = report["text"].as_str().unwrap_or_default();
        assert!(
            text.split_whitespace().count() > 5,
            "{}: {report}",
            template.name
        );
    }
}

fn verbs() -> impl Iterator<Item = Template> {
    VERBS.iter().map(|(name, source)| {
        let file = format!("{name}.md");
        Template::parse(name, &file, source).unwrap_or_else(|problem| panic!("{problem}"))
    })
}

/// What the studio gives to a verb, and what it asks for.
const OF_A_VERB: [&str; 4] = ["part", "before", "after", "adjust"];

#[test]
fn each_verb_for_a_part_is_sound_and_takes_what_the_studio_gives() {
    assert_eq!(verbs().count(), 8);
    for verb in verbs() {
        let name = &verb.name;
        assert!(name.starts_with("refine/"), "{name}");
        assert!(verb.warnings.is_empty(), "{:?}", verb.warnings);
        let length = verb.description.chars().count();
        assert!((20..=90).contains(&length), "{name}: {length}");
        for given in OF_A_VERB {
            assert!(verb.input(given).is_some(), "{name} lacks {given}");
        }
        let asked = verb.inputs.iter();
        let asked = asked.filter(|input| !OF_A_VERB.contains(&input.name.as_str()));
        assert!(asked.count() <= 1, "{name}");
        let goes = if name == "refine/continue" {
            Destination::Behind
        } else {
            Destination::Instead
        };
        assert_eq!(verb.output.destination, goes, "{name}");
    }
}

#[test]
fn each_verb_marks_the_part_in_the_draft_and_asks_for_nothing_around_it() {
    for verb in verbs() {
        let name = &verb.name;
        let mut brief = only_required(&verb);
        brief.set("part", Value::Text("PART".to_owned()));
        let alone = prompt(&verb, &brief).user;
        assert!(alone.contains("<part>\nPART\n</part>"), "{name}: {alone}");
        assert!(!alone.contains("<draft>"), "{name}: {alone}");
        brief.set("before", Value::Text("Before. ".to_owned()));
        brief.set("after", Value::Text(" After.".to_owned()));
        brief.set("adjust", Value::Text("no puns".to_owned()));
        let user = prompt(&verb, &brief).user;
        assert!(
            user.contains("Before. <part>PART</part> After.\n</draft>"),
            "{name}: {user}"
        );
        assert!(
            user.contains("The writer adds: no puns\n"),
            "{name}: {user}"
        );
        assert!(
            user.contains("no quotation marks or code fence around it"),
            "{name}"
        );
        assert!(!user.contains("\n\n\n"), "{name}: {user}");
    }
}
