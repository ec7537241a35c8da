//! What the README shows is what Copydesk reads: its template parses, its settings resolve.

use copydesk::config::{Overrides, Settings};
use copydesk::domain::template::Template;

const README: &str = include_str!("../README.md");

/// The first block of code that is marked with `language`.
#[expect(
    clippy::expect_used,
    reason = "a page without its example fails every test here"
)]
fn block(language: &str) -> &'static str {
    let opening = format!("```{language}\n");
    let rest = README.split_once(&opening).expect("the block is there").1;
    rest.split_once("\n```").expect("the block ends").0
}

#[test]
fn the_template_of_the_readme_parses_without_a_complaint() {
    let template =
        Template::parse("bug-report", "README.md", block("markdown")).expect("it parses");
    assert_eq!(template.warnings, []);
    assert_eq!(template.inputs.len(), 5);
}

#[test]
fn the_settings_of_the_readme_are_all_known() {
    let text = block("toml");
    let settings = Settings::resolve(Some(("README.md", text)), &|_| None, &Overrides::default());
    assert_eq!((&settings.problem, settings.warnings.len()), (&None, 0));
    let provider = settings.provider(None).expect("it is there");
    assert_eq!(provider.base_url, "http://localhost:11434/v1");
    assert_eq!(settings.model_for(provider, None), "llama3.2");
    assert!(settings.budget.is_some());
    let work = settings.provider(Some("work")).expect("it is there");
    assert_eq!(work.base_url, "https://acme.openai.azure.com/openai/v1");
}

/// Every test that the page on reliability names is there.
#[test]
fn the_tests_behind_the_promises_exist() {
    const PAGE: &str = include_str!("../docs/RELIABILITY.md");
    let mut named = 0;
    for line in PAGE.lines().filter_map(|line| line.strip_prefix("- `")) {
        let (path, test) = line
            .trim_end_matches('`')
            .split_once("::")
            .expect("a place");
        let source = std::fs::read_to_string(path).expect(path);
        assert!(source.contains(&format!("fn {test}(")), "{line}");
        named += 1;
    }
    assert!(named > 100, "{named}");
}
