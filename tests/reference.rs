//! `docs/TEMPLATES.md` is true: its examples work, and it names every key, type, filter and format.

use copydesk::domain::import::Format;
use copydesk::domain::lint::lint;
use copydesk::domain::template::{NoSnippets, Template};

const PAGE: &str = include_str!("../docs/TEMPLATES.md");

/// The blocks of code that are marked with `language`.
fn blocks(language: &str) -> Vec<&'static str> {
    let opening = format!("```{language}\n");
    let blocks = PAGE.split(&opening).skip(1);
    blocks
        .map(|rest| rest.split("```").next().unwrap_or_default())
        .collect()
}

#[test]
fn every_template_of_the_page_is_one_without_a_complaint() {
    let all = blocks("markdown");
    assert_eq!(all.len(), 4);
    for source in all {
        let found = lint("example", "example.md", source, &NoSnippets);
        assert_eq!(found, [], "{source}");
    }
}

#[test]
fn every_fragment_of_the_page_is_front_matter() {
    let all = blocks("yaml");
    assert_eq!(all.len(), 1);
    for front in all {
        let unused = format!("---\n{front}---\nx");
        let template = Template::parse("t", "t.md", &unused).expect("it parses");
        let uses: Vec<String> = template
            .inputs
            .iter()
            .map(|input| format!("{{% if {0} %}}{0}{{% endif %}}", input.name))
            .collect();
        let source = format!("---\n{front}---\n{}", uses.join(""));
        assert_eq!(lint("t", "t.md", &source, &NoSnippets), []);
    }
}

#[test]
fn every_type_and_key_is_on_the_page() {
    for (source, told) in [
        ("---\ninputs: {a: {type: x}}\n---\n{{ a }}", "use "),
        ("---\ninputs: {a: {x: 1}}\n---\n{{ a }}", "known are "),
        ("---\nx: 1\n---\nText", "known are "),
    ] {
        let problem = match Template::parse("t", "t.md", source) {
            Ok(template) => template.warnings[0].message.clone(),
            Err(problem) => problem.message,
        };
        let list = problem.split_once(told).expect("it says which").1;
        for word in list
            .replace(" and ", ", ")
            .replace(" or ", ", ")
            .split(", ")
        {
            assert!(PAGE.contains(&format!("`{word}`")), "{word}");
        }
    }
    for format in Format::names() {
        assert!(PAGE.contains(&format!("`{format}`")), "{format}");
    }
}

#[test]
fn the_filters_of_the_page_are_those_there_are() {
    let list = PAGE.split_once("Filters: `").expect("a list").1;
    let list = list.split_once('`').expect("an end").0;
    let told = lint("t", "t.md", "{{ a | nothing }}", &NoSnippets);
    let told = told[0].problem.message.clone();
    let there = told.split_once("there are ").expect("it says which").1;
    assert_eq!(
        list.split(' ').collect::<Vec<_>>(),
        there.split(", ").collect::<Vec<_>>()
    );
}
