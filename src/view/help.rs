//! The help box: prose about what is focused, its keys, and the keys that work everywhere.
//!
//! Keys of commands come from the command table; only the prose is written here.

use super::dialogs::{frame, scrolled};
use super::style::Role;
use super::{Canvas, list};
use crate::app::Pane;
use crate::app::command::{Scope, TABLE};
use crate::app::dialog::{About, Help};
use crate::app::key::Key;
use ratatui::layout::Rect;

/// Columns for the keys of a command.
const KEYS: u16 = 22;

/// Keys, text, and how the text looks.
type HelpLine = (String, String, Role);

/// What is said about a place: a title, a paragraph, and where its keys count.
type Told = (&'static str, &'static str, Option<Scope>);

/// Keys of a comparison; they are no commands, because nothing else is asked there.
const COMPARING: [(&str, &str); 7] = [
    ("n  N  p", "To the next change, to the change before"),
    (
        "0  1-9  [  ]",
        "Compare a variant with the draft, with the variant of this number, with the text before or after",
    ),
    (
        "m",
        "Go through what the variant changes in the draft, and take over what is better",
    ),
    ("f", "Show all of the text, or fold what is equal again"),
    ("j  k  down  up", "One line down or up"),
    ("pagedown  pageup", "Ten lines down or up"),
    ("esc  enter  q", "Close"),
];

/// Draws the box.
pub(crate) fn draw(canvas: &mut Canvas, help: &Help, screen: Rect) {
    let size = (74, screen.height.saturating_sub(4));
    let inner = frame(canvas, screen, size, "Help");
    let lines = lines(canvas, help.about, usize::from(inner.width));
    let draw = |canvas: &mut Canvas, index: usize, line: Rect| {
        let (key, text, role): &HelpLine = &lines[index];
        let used = if key.is_empty() {
            0
        } else {
            let used = canvas.text((line.x, line.y), key, KEYS, Role::Key);
            used.max(KEYS) + 1
        };
        let room = line.width.saturating_sub(used);
        canvas.text((line.x + used, line.y), text, room, *role);
    };
    scrolled(canvas, inner, help.scroll, lines.len(), draw);
}

fn told(canvas: &Canvas, about: About) -> Told {
    let app = canvas.app;
    match about {
        About::Comparing => (
            "Comparing two texts",
            "What goes is marked as removed, what comes as added; without colour as [-removed-] and {+added+}. A \
             paragraph that was written anew goes out whole and comes in whole. Long stretches that are equal are \
             folded to one line. Comparing changes nothing.",
            None,
        ),
        About::Pane(Pane::Template) if app.form.is_some() => (
            "The form",
            "Each field is one input of the template; * marks what is needed. The Prompt tab (ctrl+t) shows \
             what will be sent while you type; what comes from the field you are in stands out there, and its border names the field. \
             {next-field} or enter goes to the next field. ctrl+e gives the text of a field to your own editor. \
             In a date, today, tomorrow or +3d will do.",
            Some(Scope::Form),
        ),
        About::Pane(Pane::Template) => (
            "Templates, drafts, snippets",
            "A template turns a few facts into a good prompt. {activate} opens its form. Drafts are the texts you \
             kept; {activate} opens one in the Editor, beside what is open there. {edit-source} opens the source of a template or snippet, {list-new} begins a new one. \
             What is yours can be renamed, tagged, copied and deleted; {take-back} takes the last of that back.",
            Some(Scope::Lists),
        ),
        About::Pane(Pane::Editor) if app.editor.find.is_some() => (
            "The find bar",
            "Type what to look for; each place is marked, and the text shows the first. A capital asks for capitals. \
             With several lines selected, only they are looked through. esc closes the bar and stays at the place.",
            Some(Scope::Find),
        ),
        About::Pane(Pane::Editor) if app.is_reviewing() => (
            "Reviewing a rewrite",
            "What the model would change stands in its place: what goes is struck, what comes is coloured; without colour \
             as [-struck-] and {+coloured+}. What you accept is in the draft at once, and one ctrl+z takes all of it back. \
             esc leaves the rest for later; ctrl+k brings it back. While the review is open, letters decide and write nothing.",
            Some(Scope::Review),
        ),
        About::Pane(Pane::Editor) => (
            "The Editor",
            "The draft you are writing, the source of a template, or any file: plain Markdown. Several texts can be open: ctrl+o goes \
             from one to the other, alt+q closes, and each keeps its undo and its place. Arrows and the keys below move; with shift they select, and where a \
             terminal has no shift, {mark} lets motions select. enter goes on with a list or a quote. \
             In the Prompt tab, enter takes the prompt over to edit it for this run; esc or ctrl+r returns to the template's.",
            Some(Scope::Draft),
        ),
        About::Pane(Pane::Output) if app.is_quoting() => (
            "Quoting an answer",
            "The paragraph that is marked goes into the draft at its cursor, as it is or as a quotation; one ctrl+z takes it \
             out. You stay here, so that more can follow.",
            Some(Scope::Quote),
        ),
        About::Pane(Pane::Output) if app.is_writing_question() => (
            "Asking about the draft",
            "Type a question; enter sends it with what the line above says: the selection, else the whole draft, and the turns so \
             far. {to-answers} leads to the answers, where the keys of the Output count. esc stops, then leaves. The conversation is \
             kept with the draft.",
            Some(Scope::Question),
        ),
        About::Pane(Pane::Output) => (
            "The Output",
            "What models wrote, one tab for each variant; 1-9 show a variant. Nothing here is lost when you generate again: \
             ‹ on the border and {previous-variant} lead to the answers before, › and {next-variant} to those after.",
            Some(Scope::Output),
        ),
    }
}

fn lines(canvas: &Canvas, about: About, width: usize) -> Vec<HelpLine> {
    let (title, prose, scope) = told(canvas, about);
    let said = |text: String, role| (String::new(), text, role);
    let blank = || said(String::new(), Role::Text);
    let mut lines = vec![said(title.to_owned(), Role::Heading)];
    let prose = list::wrap(&canvas.app.keymap.spelled(prose), width).into_iter();
    lines.extend(prose.map(|line| said(line, Role::Text)));
    lines.push(blank());
    if about == About::Comparing {
        for (keys, help) in COMPARING {
            keyed(&mut lines, keys.to_owned(), help, width);
        }
        return lines;
    }
    for scope in scope.into_iter().chain([Scope::Anywhere]) {
        let heading = if scope == Scope::Anywhere {
            "Everywhere"
        } else {
            "Here"
        };
        lines.push(said(heading.to_owned(), Role::Heading));
        for entry in TABLE.iter().filter(|entry| entry.scope == scope) {
            let keys = canvas.app.keymap.keys(entry).iter().map(Key::to_string);
            let keys: Vec<String> = keys.collect();
            keyed(&mut lines, keys.join("  "), entry.help, width);
        }
        lines.push(blank());
    }
    lines
}

/// Keys and what they do, on as many lines as that takes.
fn keyed(lines: &mut Vec<HelpLine>, keys: String, help: &str, width: usize) {
    let indent = usize::from(KEYS) + 1;
    let mut rows = list::wrap(help, width.saturating_sub(indent).max(1)).into_iter();
    let first = rows.next().unwrap_or_default();
    lines.push((keys, first, Role::Text));
    lines.extend(rows.map(|row| (String::new(), format!("{:indent$}{row}", ""), Role::Text)));
}
