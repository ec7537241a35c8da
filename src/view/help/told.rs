//! The prose of help: what each place is for and how one works in it.
//!
//! Only words. Keys of commands stand in the command table; `{name}` in a sentence is the key of the
//! command with that name, as it is in force. What is said of boxes stands in `boxes`.

use crate::app::command::Scope;

/// What is said about a place.
pub(super) struct Told {
    /// What it is called.
    pub(super) title: &'static str,
    /// What it is for.
    pub(super) prose: &'static str,
    /// Its keys, where they are no commands.
    pub(super) keys: &'static [(&'static str, &'static str)],
}

/// What is said about the place where commands of a scope count.
pub(super) const fn of_scope(scope: Scope) -> Told {
    let (title, prose) = match scope {
        Scope::Anywhere => (
            "Everywhere",
            "These keys count wherever you are, also while you type.",
        ),
        Scope::Form => (
            "The form",
            "Each field is one input of the template; * marks what is needed. The Prompt tab (ctrl+t) shows \
             what will be sent while you type; what comes from the field you are in stands out there, and its border names the field. \
             {next-field} or enter goes to the next field. ctrl+e gives the text of a field to your own editor. \
             {dictate} takes down what you say, once [voice] in config.toml names a program for it. In a date, today, tomorrow or +3d will do.",
        ),
        Scope::Lists => (
            "Templates, drafts, snippets",
            "A template turns a few facts into a good prompt. {activate} opens its form. Drafts are the texts you \
             kept; {activate} opens one in the Editor, beside what is open there. {edit-source} opens the source of a template or snippet, {list-new} begins a new one. \
             What is yours can be renamed, tagged, copied and deleted; {take-back} takes the last of that back.",
        ),
        Scope::Find => (
            "The find bar",
            "Type what to look for; each place is marked, and the text shows the first. A capital asks for capitals. \
             With several lines selected, only they are looked through. esc closes the bar and stays at the place.",
        ),
        Scope::Review => (
            "Reviewing a rewrite",
            "What the model would change stands in its place: what goes is struck, what comes is coloured; without colour \
             as [-struck-] and {+coloured+}. What you accept is in the draft at once, and one ctrl+z takes all of it back. \
             esc leaves the rest for later; ctrl+k brings it back. While the review is open, letters decide and write nothing.",
        ),
        Scope::Draft => (
            "The Editor",
            "The draft you are writing, the source of a template, or any file: plain Markdown. Several texts can be open: ctrl+o goes \
             from one to the other, alt+q closes, and each keeps its undo and its place. Arrows and the keys below move; with shift they select, and where a \
             terminal has no shift, {mark} lets motions select. enter goes on with a list or a quote. \
             {read-aloud} reads it aloud and {dictate} takes down what you say, once [voice] in config.toml names programs for that. \
             In the Prompt tab, enter takes the prompt over to edit it for this run; esc or ctrl+r returns to the template's.",
        ),
        Scope::Quote => (
            "Quoting an answer",
            "The paragraph that is marked goes into the draft at its cursor, as it is or as a quotation; one ctrl+z takes it \
             out. You stay here, so that more can follow.",
        ),
        Scope::Question => (
            "Asking about the draft",
            "Type a question; enter sends it with what the line above says: the selection, else the whole draft, and the turns so \
             far. {to-answers} leads to the answers, where the keys of the Output count. esc stops, then leaves. The conversation is \
             kept with the draft.",
        ),
        Scope::Output => (
            "The Output",
            "What models wrote, one tab for each variant; 1-9 show a variant. Nothing here is lost when you generate again: \
             ‹ on the border and {previous-variant} lead to the answers before, › and {next-variant} to those after.",
        ),
    };
    Told {
        title,
        prose,
        keys: &[],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::command::TABLE;
    use std::collections::BTreeSet;

    /// Whoever adds a scope says what it is for.
    #[test]
    fn every_scope_has_prose_of_its_own() {
        let mut titles = BTreeSet::new();
        for entry in TABLE {
            let told = of_scope(entry.scope);
            assert!(told.prose.len() > 40, "{:?}", entry.scope);
            titles.insert(told.title);
        }
        let scopes: BTreeSet<_> = TABLE.iter().map(|it| format!("{:?}", it.scope)).collect();
        assert_eq!(titles.len(), scopes.len());
    }
}
