//! `docs/CLI.md` says what the parser of the command line says.
//!
//! `COPYDESK_WRITE_DOCS=1 cargo test --locked --test page` writes it anew.

use clap::{Arg, Command};
use copydesk::store::atomic;
use std::fmt::Write as _;
use std::path::Path;

const OPENING: &str = "\
# The command line

Made from the parser by `COPYDESK_WRITE_DOCS=1 cargo test --locked --test page`; a change made here by hand \
does not last. `copydesk help COMMAND` prints the same, `copydesk man` as a manual page, and \
`copydesk completions SHELL` teaches it to a shell: commands, flags, and the names of templates, their inputs, drafts and briefs in your library.
";

/// The page as the parser has it.
fn page() -> String {
    let mut root = copydesk::cli::command();
    root.build();
    let mut page = OPENING.to_owned();
    page.push_str("\n```\n");
    page.push_str(&root.render_usage().to_string().replace("Usage: ", ""));
    page.push_str("\n```\n\n");
    page.push_str(&table(&root));
    if let Some(after) = root.get_after_help() {
        let _ = write!(page, "\n{after}\n");
    }
    section(&mut page, &root, "copydesk");
    page
}

fn section(page: &mut String, command: &Command, path: &str) {
    for inner in command
        .get_subcommands()
        .filter(|inner| inner.get_name() != "help")
    {
        let mut inner = inner.clone();
        let path = format!("{path} {}", inner.get_name());
        let about = inner
            .get_about()
            .map(ToString::to_string)
            .unwrap_or_default();
        if inner.has_subcommands() {
            let _ = write!(page, "\n## {path}\n\n{about}.\n");
            section(page, &inner, &path);
            continue;
        }
        let level = if path.matches(' ').count() > 1 {
            "###"
        } else {
            "##"
        };
        let usage = inner.render_usage().to_string().replace("Usage: ", "");
        let _ = write!(page, "\n{level} {path}\n\n{about}.\n\n```\n{usage}\n```\n");
        let table = table(&inner);
        if !table.is_empty() {
            let _ = write!(page, "\n{table}");
        }
    }
}

/// A row for each argument that is the command's own.
fn table(command: &Command) -> String {
    let own = command.get_arguments().filter(|arg| {
        let id = arg.get_id().as_str();
        // Told once, above all commands.
        let everywhere = ["help", "version"].contains(&id) || id == "library";
        !everywhere || command.get_name() == "copydesk" && id == "library"
    });
    let rows: Vec<String> = own.map(row).collect();
    if rows.is_empty() {
        return String::new();
    }
    format!("| argument | what it does |\n|---|---|\n{}", rows.concat())
}

fn row(arg: &Arg) -> String {
    let takes = arg.get_action().takes_values();
    let values: Vec<String> = arg
        .get_value_names()
        .into_iter()
        .flatten()
        .map(ToString::to_string)
        .collect();
    let value = values.join(" ");
    let mut names = Vec::new();
    names.extend(arg.get_short().map(|short| format!("-{short}")));
    names.extend(arg.get_long().map(|long| format!("--{long}")));
    let mut shown = names.join(", ");
    if arg.is_positional() {
        let many = arg
            .get_num_args()
            .is_some_and(|range| range.max_values() > 1);
        shown = format!("{value}{}", if many { "…" } else { "" });
    } else if takes {
        shown = format!("{shown} {value}");
    }
    let mut help = arg.get_help().map(ToString::to_string).unwrap_or_default();
    let words: Vec<String> = arg
        .get_possible_values()
        .iter()
        .map(|value| format!("`{}`", value.get_name()))
        .collect();
    if takes && !words.is_empty() {
        let _ = write!(help, " ({})", words.join(", "));
    }
    if let Some(default) = arg.get_default_values().first().filter(|_| takes) {
        let _ = write!(help, "; without it, `{}`", default.to_string_lossy());
    }
    let (shown, help) = (shown.replace('|', "\\|"), help.replace('|', "\\|"));
    format!("| `{shown}` | {help} |\n")
}

#[test]
fn the_page_of_the_command_line_is_up_to_date() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/CLI.md");
    if std::env::var_os("COPYDESK_WRITE_DOCS").is_some() {
        atomic::save(&path, page().as_bytes()).expect("docs/CLI.md can be written");
    }
    let written = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        written == page(),
        "docs/CLI.md is out of date; run `COPYDESK_WRITE_DOCS=1 cargo test --locked --test page`"
    );
}

#[test]
fn every_command_has_a_section_and_says_what_it_does() {
    fn walk(command: &Command, path: &str, page: &str) {
        for inner in command.get_subcommands() {
            let path = format!("{path} {}", inner.get_name());
            assert!(inner.get_about().is_some(), "{path}");
            assert!(page.contains(&format!("# {path}\n")), "{path}");
            for arg in inner.get_arguments() {
                assert!(arg.get_help().is_some(), "{path} {}", arg.get_id());
            }
            walk(inner, &path, page);
        }
    }
    walk(&copydesk::cli::command(), "copydesk", &page());
}
