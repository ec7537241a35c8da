//! Names that are safe: of templates as files, of inputs as words of the template language.

use crate::domain::draft::slug;
use crate::domain::template::name_fault;

/// Longest name of an input.
const LONGEST: usize = 40;

/// A file name without extension, whatever the other tool calls it: never a path, never hidden,
/// never one that a system keeps for itself.
pub(super) fn of_template(called: &str) -> String {
    slug(called)
}

/// The name of a command or prompt file: its folders, as far as they say something, and its stem.
/// `.claude/commands/git/commit.md` is `git/commit`.
pub(super) fn of_path(path: &str, ending: &str) -> String {
    const SHELVES: [&str; 11] = [
        "commands",
        "prompts",
        "roles",
        "templates",
        "patterns",
        "user",
        "project",
        ".claude",
        ".crush",
        ".codex",
        ".github",
    ];
    let mut parts: Vec<&str> = path.split('/').collect();
    if let Some(shelf) = parts.iter().rposition(|part| SHELVES.contains(part))
        && shelf + 1 < parts.len()
    {
        parts.drain(..=shelf);
    }
    let joined = parts.join("/");
    joined.strip_suffix(ending).unwrap_or(&joined).to_owned()
}

/// A legal name of an input for each of `called`, in their order, all different.
pub(super) fn of_inputs(called_as: &[&str]) -> Vec<String> {
    let mut names: Vec<String> = Vec::with_capacity(called_as.len());
    for called in called_as {
        let base = legal(called);
        let mut name = base.clone();
        let mut number = 2;
        // What is legal already keeps its name, whichever comes first.
        let others = |name: &str| name != *called && called_as.contains(&name);
        while names.contains(&name) || others(&name) {
            name = format!("{base}_{number}");
            number += 1;
        }
        names.push(name);
    }
    names
}

fn legal(called: &str) -> String {
    if called.len() <= LONGEST && name_fault(called).is_none() {
        return called.to_owned();
    }
    let words: String = slug(called)
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c } else { '_' })
        .take(LONGEST)
        .collect();
    let words = words.trim_matches('_');
    let nothing = words.is_empty() || words == "untitled" && called != "untitled";
    let name = match words {
        _ if nothing => "value".to_owned(),
        words if words.starts_with(|c: char| c.is_ascii_digit()) => format!("value_{words}"),
        words => words.to_owned(),
    };
    match name_fault(&name) {
        None => name,
        Some(_) => format!("{name}_value"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_name_that_is_none_becomes_one_and_no_two_are_the_same() {
        let called = [
            "topic", "my topic", "my-topic", "in", "9 lives", "日本", "loop", "MY_TOPIC",
        ];
        assert_eq!(
            of_inputs(&called),
            [
                "topic",
                "my_topic",
                "my_topic_2",
                "in_value",
                "value_9_lives",
                "value",
                "loop_value",
                "MY_TOPIC"
            ]
        );
    }

    #[test]
    fn folders_belong_to_a_name_unless_they_are_shelves() {
        for (path, name) in [
            (".claude/commands/git/commit.md", "git/commit"),
            ("commit.md", "commit"),
            ("a/b.md", "a/b"),
            ("commands/x/commands/y.md", "y"),
            ("prompts/.md", ""),
        ] {
            assert_eq!(of_path(path, ".md"), name);
        }
    }

    proptest! {
        #[test]
        fn every_name_of_an_input_is_legal(called in proptest::collection::vec(any::<String>(), 0..6)) {
            let called: Vec<&str> = called.iter().map(String::as_str).collect();
            let names = of_inputs(&called);
            for (at, name) in names.iter().enumerate() {
                prop_assert!(name_fault(name).is_none(), "{name}");
                prop_assert!(!names[..at].contains(name));
            }
        }
    }
}
