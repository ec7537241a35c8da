//! Whatever stands in a prompt of another tool is printed as it stands.

use super::*;
use crate::domain::brief::{Brief, Value};
use crate::domain::render::{Rendered, render};
use proptest::prelude::*;

fn imported(format: Format, path: &str, text: &str) -> Result<Imported, String> {
    let hints = Hints::default();
    let given = Given {
        path,
        root: "home",
        text,
        hints: &hints,
    };
    let mut all = read(format, &given);
    assert_eq!(all.len(), 1);
    all.remove(0).map_err(|refused| refused.why)
}

fn rendered(imported: &Imported, values: &[(&str, &str)]) -> Rendered {
    let again = Template::parse(&imported.name, "again", &imported.source).unwrap();
    assert_eq!(again.warnings, [], "{}", imported.source);
    let brief: Brief = values
        .iter()
        .map(|(name, text)| (*name, Value::Text((*text).to_owned())))
        .collect();
    render(&again, &brief, &NoSnippets).unwrap_or_else(|why| panic!("{why}: {}", imported.source))
}

/// Text that is full of what engines take for their own.
fn marked() -> impl Strategy<Value = String> {
    let pieces = prop_oneof![
        Just("{{".to_owned()),
        Just("}}".to_owned()),
        Just("{%".to_owned()),
        Just("%}".to_owned()),
        Just("{#".to_owned()),
        Just("{".to_owned()),
        Just("}".to_owned()),
        Just("{% raw %}".to_owned()),
        Just("\"".to_owned()),
        Just("\\".to_owned()),
        Just("\n".to_owned()),
        Just("  ".to_owned()),
        Just("---\n".to_owned()),
        Just("- a: b # c".to_owned()),
        "[a-z ]{0,8}",
        any::<String>(),
    ];
    proptest::collection::vec(pieces, 0..12).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn a_text_without_variables_is_sent_as_it_stands(text in marked()) {
        let text = text.replace('$', "");
        let expected = tree::normal(&text).trim().to_owned();
        match imported(Format::Crush, "a.md", &text) {
            Ok(made) => {
                let prompt = rendered(&made, &[]).prompt;
                prop_assert_eq!(prompt.user, expected, "{}", made.source);
            }
            Err(why) => prop_assert!(expected.is_empty(), "{why}"),
        }
    }

    #[test]
    fn instructions_are_sent_as_they_stand(text in marked()) {
        let text = format!("x{}", text.replace("__", "").replace("###", ""));
        let made = imported(Format::Aichat, "a.md", &text).unwrap();
        let prompt = rendered(&made, &[("input", "y")]).prompt;
        let expected = tree::normal(&text).trim().to_owned();
        prop_assert_eq!(prompt.system.unwrap(), expected);
    }

    #[test]
    fn a_value_between_braces_is_printed_as_given(before in marked(), after in marked(), value in marked()) {
        prop_assume!(!value.trim().is_empty() && value.len() < 10_000);
        let (before, after) = (before.replace('$', ""), after.replace('$', ""));
        let text = format!("{before}{{$NAME}}{after}");
        let made = imported(Format::Crush, "a.md", &text).unwrap();
        let line = value.replace(['\n', '\r'], " ");
        let prompt = rendered(&made, &[("NAME", &line)]).prompt;
        let expected = format!("{}{{{line}}}{}", tree::normal(&before), tree::normal(&format!("}}{after}")).strip_prefix('}').unwrap_or_default());
        prop_assert_eq!(prompt.user, expected.trim().to_owned());
    }

    #[test]
    fn nothing_that_is_read_breaks_anything(text in marked(), which in 0..14_usize) {
        let name = Format::names().nth(which).unwrap();
        let hints = Hints::default();
        for path in ["a.md", "a.json", "a.yaml", "roles.yaml", "a.csv"] {
            let given = Given { path, root: "", text: &text, hints: &hints };
            for made in read(Format::named(name).unwrap(), &given).into_iter().flatten() {
                prop_assert!(Template::parse("a", "a", &made.source).is_ok());
            }
            let _guess = guess(path, &text);
        }
    }
}

#[test]
fn python_templates_are_read_as_python_reads_them() {
    let text = "prompt: 'a $x ${y}b $$z $5 ${ } $ {{x}} $input'\ndefaults: {y: 2}\n";
    let made = imported(Format::Llm, "a.yaml", text).unwrap();
    let prompt = rendered(&made, &[("x", "1"), ("input", "{{ x }}")]).prompt;
    assert_eq!(prompt.user, "a 1 2b $z $5 ${ } $ {{x}} {{ x }}");
}

#[test]
fn arguments_that_begin_alike_stay_apart() {
    let made = imported(Format::Crush, "a.md", "$TONE and $TONE_NOTES").unwrap();
    let prompt = rendered(&made, &[("TONE", "$TONE_NOTES"), ("TONE_NOTES", "x")]).prompt;
    assert_eq!(prompt.user, "$TONE_NOTES and x");
}

#[test]
fn a_role_keeps_its_rules_and_needs_no_front_matter() {
    let text = "One\n---\ntwo\n---\nthree {{__os__}} {{__cwd__";
    let made = imported(Format::Aichat, "a.md", text).unwrap();
    let prompt = rendered(&made, &[("os", "Linux"), ("input", "x")]).prompt;
    assert_eq!(
        prompt.system.unwrap(),
        "One\n---\ntwo\n---\nthree Linux {{__cwd__"
    );
}

#[test]
fn a_pattern_is_cut_at_its_input() {
    for (text, system, user) in [
        ("A\n# INPUT\nINPUT:\n", "A", "T"),
        ("A\n\nINPUT: {{input}}\nB", "A", "T\nB"),
        ("A {{input}} B {{input}}", "", "A T B T"),
        ("A\nB {{input}} C\nD", "A", "B T C\nD"),
        ("A", "A", "T"),
        ("A {{#role}}", "A T", "T"),
    ] {
        let made = imported(Format::Fabric, "p/system.md", text).unwrap();
        let prompt = rendered(&made, &[("input", "T"), ("role", "T")]).prompt;
        assert_eq!(prompt.system.unwrap_or_default(), system, "{text}");
        assert_eq!(prompt.user, user, "{text}");
    }
}

#[test]
fn a_name_that_is_text_can_be_said_to_be_text() {
    let hints = Hints {
        literal: vec!["BaseURL".to_owned()],
        ..Hints::default()
    };
    let given = Given {
        path: "p/system.md",
        root: "",
        text: "See {{BaseURL}}/x {{y}}",
        hints: &hints,
    };
    let made = read(Format::Fabric, &given).remove(0).unwrap();
    let prompt = rendered(&made, &[("input", "T"), ("y", "Y")]).prompt;
    assert_eq!(prompt.system.unwrap(), "See {{BaseURL}}/x Y");
}

#[test]
fn handlebars_choose_and_repeat() {
    let text =
        "{{#if a}}A{{else}}B{{/if}}{{#unless a}}C{{/unless}}{{#each xs}}[{{this}}]{{/each}}{{{b}}}";
    let made = imported(Format::Dotprompt, "a.prompt", text).unwrap();
    let with = rendered(&made, &[("a", "1"), ("xs", "p\nq"), ("b", "{{x}}")]).prompt;
    assert_eq!(with.user, "A[p][q]{{x}}");
    let without = rendered(&made, &[("xs", "p"), ("b", "y")]).prompt;
    assert_eq!(without.user, "BC[p]y");
}

#[test]
fn a_file_of_braces_alone_is_read_at_once() {
    for sign in ["{{", "${", "$", "__", "{{{", "{{\"", "{{x", "{{ \"a\" }"] {
        let text = sign.repeat(128 * 1024 / sign.len());
        for name in Format::names() {
            let format = Format::named(name).unwrap();
            let hints = Hints::default();
            for path in ["a.md", "system.md"] {
                let given = Given {
                    path,
                    root: "",
                    text: &text,
                    hints: &hints,
                };
                let _whatever = read(format, &given);
                let _guess = guess(path, &text);
            }
        }
    }
}
