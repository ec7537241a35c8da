//! `docs/KEYS.md` says what the command table says.
//!
//! `COPYDESK_WRITE_DOCS=1 cargo test --locked --test keys` writes it anew.

use copydesk::app::command::{Scope, TABLE};
use copydesk::store::atomic;
use std::fmt::Write as _;
use std::path::Path;

const OPENING: &str = "\
# Keys

Made from the table in `src/app/command.rs` by `COPYDESK_WRITE_DOCS=1 cargo test --locked --test keys`; \
a change made here by hand does not last. The palette (`ctrl+p`) finds every command by its title.

Each command has a name, in the last column, by which `config.toml` gives it other keys: [`[keys]`](CONFIG.md#keys).
";

const SCOPES: [(Scope, &str, &str); 9] = [
    (
        Scope::Anywhere,
        "Anywhere",
        "These count everywhere, also while typing. An open dialog takes all keys but help and quit.",
    ),
    (
        Scope::Lists,
        "Lists",
        "In the Template pane while it shows a list.",
    ),
    (
        Scope::Form,
        "Form",
        "In the Template pane while it shows a form. A key that the field itself can use is the field's.",
    ),
    (
        Scope::Draft,
        "Text",
        "In the Editor pane, while a text is written. With shift, a motion selects. Arrows, page keys, backspace and delete do what they do everywhere. `editor.keys = \"vim\"` adds the keys that EDITING.md lists.",
    ),
    (
        Scope::Find,
        "Find bar",
        "In the Editor pane while the bar is open. Other keys write what is looked for.",
    ),
    (
        Scope::Review,
        "Review",
        "In the Editor pane while a rewritten part is decided about. No other key writes anything.",
    ),
    (
        Scope::Output,
        "Output",
        "In the Output pane. `1` to `9` show the variant with that number. In a conversation about the draft, they are about the chosen answer.",
    ),
    (
        Scope::Question,
        "Question",
        "In the Output pane while a question about the draft is written. Other keys write it.",
    ),
    (
        Scope::Quote,
        "Quote",
        "In the Output pane while paragraphs of an answer are chosen.",
    ),
];

/// The page as the table has it.
fn page() -> String {
    let mut page = OPENING.to_owned();
    for (scope, title, about) in SCOPES {
        let _ = write!(
            page,
            "\n## {title}\n\n{about}\n\n| keys | command | what it does | name |\n|---|---|---|---|\n"
        );
        for entry in TABLE.iter().filter(|entry| entry.scope == scope) {
            let keys: Vec<String> = entry.keys.iter().map(|key| format!("`{key}`")).collect();
            let _ = writeln!(
                page,
                "| {} | {} | {} | `{}` |",
                keys.join(" "),
                entry.title,
                entry.help,
                entry.name
            );
        }
    }
    page
}

#[test]
fn the_page_of_keys_is_up_to_date() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/KEYS.md");
    if std::env::var_os("COPYDESK_WRITE_DOCS").is_some() {
        atomic::save(&path, page().as_bytes()).expect("docs/KEYS.md can be written");
    }
    let written = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        written == page(),
        "docs/KEYS.md is out of date; run `COPYDESK_WRITE_DOCS=1 cargo test --locked --test keys`"
    );
}

#[test]
fn every_command_is_on_the_page() {
    let rows = page()
        .lines()
        .filter(|line| line.starts_with("| `"))
        .count();
    assert_eq!(rows, TABLE.len());
}
