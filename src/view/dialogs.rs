//! Boxes over the panes: help, palette, questions, comparisons.

use super::style::Role;
use super::wrap::{columns, cut};
use super::{
    Cache, Canvas, capitalised, comparison, connect, entry, hidden, list, models, payload,
    recovery, usage,
};
use crate::app::Pane;
use crate::app::command::{Entry, Scope, TABLE};
use crate::app::dialog::{Comparison, Confirm, Dialog, Help, Palette};
use crate::app::line::{Asked, Line};
use ratatui::layout::{Position, Rect};
use ratatui::widgets::{Clear, Widget};

/// Draws one box.
pub(crate) fn draw(canvas: &mut Canvas, cache: &mut Cache, dialog: &Dialog, screen: Rect) {
    match dialog {
        Dialog::Help(help) => draw_help(canvas, help, screen),
        Dialog::Palette(palette) => draw_palette(canvas, palette, screen),
        Dialog::Confirm(confirm) => draw_confirm(canvas, confirm, screen),
        Dialog::Comparison(comparison) => draw_comparison(canvas, comparison, screen),
        Dialog::Recovery(left) => recovery::draw(canvas, left, screen),
        Dialog::Timeline(timeline) => recovery::draw_timeline(canvas, timeline, screen),
        Dialog::Line(line) => draw_line(canvas, line, screen),
        Dialog::Hidden(inspector) => hidden::draw(canvas, inspector, screen),
        Dialog::Models(picker) => models::draw(canvas, picker, screen),
        Dialog::Usage(usage) => usage::draw(canvas, usage, screen),
        Dialog::Payload(inspection) => {
            payload::draw(canvas, &mut cache.payload, inspection, screen);
        }
        Dialog::Connect(step) => connect::draw(canvas, step, screen),
    }
}

/// Clears a box in the middle of the screen and frames it; returns what is inside.
pub(super) fn frame(
    canvas: &mut Canvas,
    screen: Rect,
    (width, height): (u16, u16),
    title: &str,
) -> Rect {
    let width = width.min(screen.width);
    let height = height.min(screen.height);
    let area = Rect {
        x: screen.x + (screen.width - width) / 2,
        y: screen.y + (screen.height - height) / 3,
        width,
        height,
    };
    Clear.render(area, canvas.buffer);
    let inner = canvas.border(area, Role::BorderFocused);
    canvas.text(
        (area.x + 2, area.y),
        &format!(" {title} "),
        area.width.saturating_sub(4),
        Role::Strong,
    );
    Rect {
        x: inner.x + 1,
        width: inner.width.saturating_sub(2),
        ..inner
    }
}

fn draw_palette(canvas: &mut Canvas, palette: &Palette, screen: Rect) {
    let inner = frame(canvas, screen, (64, 18), "Commands");
    if inner.height < 2 {
        return;
    }
    let used = canvas.text((inner.x, inner.y), "> ", inner.width, Role::Key);
    let query = Rect {
        x: inner.x + used,
        y: inner.y,
        width: inner.width.saturating_sub(used),
        height: 1,
    };
    entry::draw(canvas, &palette.query, entry::Focus::Here, query);
    let rows = usize::from(inner.height - 1);
    let first = palette.cursor.saturating_sub(rows.saturating_sub(1));
    let shown = palette.matches.iter().enumerate().skip(first).take(rows);
    for (offset, (place, entry)) in shown
        .filter_map(|(place, index)| Some((place, TABLE.get(*index)?)))
        .enumerate()
    {
        let line = Rect {
            y: inner.y + 1 + offset as u16,
            height: 1,
            ..inner
        };
        palette_row(canvas, entry, line);
        if place == palette.cursor {
            canvas.paint(line, Role::Cursor);
        }
    }
    if palette.matches.is_empty() {
        canvas.text(
            (inner.x, inner.y + 1),
            "no command is called that",
            inner.width,
            Role::Dim,
        );
    }
}

fn palette_row(canvas: &mut Canvas, entry: &Entry, line: Rect) {
    let key = entry.keys.first().copied().unwrap_or_default();
    let key_width = columns(key) as u16;
    let title = capitalised(entry.title);
    let used = canvas
        .text((line.x, line.y), &title, line.width, Role::Text)
        .max(18)
        + 1;
    let room = line.width.saturating_sub(used + key_width + 1);
    let help = cut(entry.help, usize::from(room));
    canvas.text((line.x + used, line.y), &help, room, Role::Dim);
    canvas.text(
        (line.right().saturating_sub(key_width), line.y),
        key,
        key_width,
        Role::Key,
    );
}

fn draw_help(canvas: &mut Canvas, help: &Help, screen: Rect) {
    let inner = frame(
        canvas,
        screen,
        (74, screen.height.saturating_sub(4)),
        "Help",
    );
    let lines = help_lines(canvas, help.about, usize::from(inner.width));
    scrolled(
        canvas,
        inner,
        help.scroll,
        lines.len(),
        |canvas, index, line| {
            let (key, text, role) = &lines[index];
            let used = if key.is_empty() {
                0
            } else {
                canvas
                    .text((line.x, line.y), key, KEYS, Role::Key)
                    .max(KEYS)
                    + 1
            };
            canvas.text(
                (line.x + used, line.y),
                text,
                line.width.saturating_sub(used),
                *role,
            );
        },
    );
}

/// Columns for the keys of a command in the help.
const KEYS: u16 = 22;

type HelpLine = (String, String, Role);

/// Prose about a pane, its keys, then the keys that work everywhere.
fn help_lines(canvas: &Canvas, about: Pane, width: usize) -> Vec<HelpLine> {
    let form = canvas.app.form.is_some();
    let (title, prose, scope) = match about {
        Pane::Template if form => (
            "The form",
            "Each field is one input of the template; * marks what is needed. The Prompt tab (ctrl+t) shows \
             what will be sent while you type. enter goes to the next field.",
            Some(Scope::Form),
        ),
        Pane::Template => (
            "Templates, drafts, snippets",
            "A template turns a few facts into a good prompt. enter opens its form. Drafts are the texts you \
             kept; enter opens one in the Editor. What is yours can be renamed, tagged, copied and deleted; u takes the last of that back.",
            Some(Scope::Lists),
        ),
        Pane::Editor if canvas.app.editor.find.is_some() => (
            "The find bar",
            "Type what to look for; each place is marked, and the text shows the first. A capital asks for capitals. \
             With several lines selected, only they are looked through. esc closes the bar and stays at the place.",
            Some(Scope::Find),
        ),
        Pane::Editor => (
            "The Editor",
            "The draft you are writing: plain Markdown. shift with arrows selects, ctrl+a selects all, ctrl+c, ctrl+x \
             and ctrl+v copy, cut and paste, ctrl+arrows move by words and paragraphs. In the Prompt tab, enter \
             takes the prompt over to edit it for this run; esc or ctrl+r returns to the template's.",
            None,
        ),
        Pane::Output => (
            "The Output",
            "What models wrote, one tab for each variant. Nothing here is lost when you generate again. 1-9 show a variant.",
            Some(Scope::Output),
        ),
    };
    let mut lines = vec![(String::new(), title.to_owned(), Role::Heading)];
    lines.extend(
        list::wrap(prose, width)
            .into_iter()
            .map(|line| (String::new(), line, Role::Text)),
    );
    lines.push((String::new(), String::new(), Role::Text));
    let scopes = scope.into_iter().chain([Scope::Anywhere]);
    for scope in scopes {
        let heading = if scope == Scope::Anywhere {
            "Everywhere"
        } else {
            "Here"
        };
        lines.push((String::new(), heading.to_owned(), Role::Heading));
        for entry in TABLE.iter().filter(|entry| entry.scope == scope) {
            let indent = usize::from(KEYS) + 1;
            let help = list::wrap(entry.help, width.saturating_sub(indent).max(1));
            for (row, line) in help.into_iter().enumerate() {
                lines.push(match row {
                    0 => (entry.keys.join("  "), line, Role::Text),
                    _ => (String::new(), format!("{:indent$}{line}", ""), Role::Text),
                });
            }
        }
        lines.push((String::new(), String::new(), Role::Text));
    }
    lines
}

/// Draws the lines from `scroll` on, with a hint how to leave and how much there is.
fn scrolled(
    canvas: &mut Canvas,
    inner: Rect,
    scroll: usize,
    count: usize,
    mut draw: impl FnMut(&mut Canvas, usize, Rect),
) {
    let rows = usize::from(inner.height);
    let first = scroll.min(count.saturating_sub(rows));
    for (offset, index) in (first..count.min(first + rows)).enumerate() {
        draw(
            canvas,
            index,
            Rect {
                y: inner.y + offset as u16,
                height: 1,
                ..inner
            },
        );
    }
    let more = if first + rows < count {
        " ↓ more · esc closes "
    } else {
        " esc closes "
    };
    let width = columns(more) as u16;
    canvas.text(
        (inner.right().saturating_sub(width), inner.bottom()),
        more,
        width,
        Role::Dim,
    );
}

fn draw_confirm(canvas: &mut Canvas, confirm: &Confirm, screen: Rect) {
    let width = 60.min(screen.width);
    let lines = list::wrap(&confirm.question, usize::from(width.saturating_sub(4)));
    let height = (lines.len() + confirm.answers.len() + 3) as u16;
    let inner = frame(canvas, screen, (width, height), "Please decide");
    for (row, line) in lines.iter().enumerate() {
        canvas.text(
            (inner.x, inner.y + row as u16),
            line,
            inner.width,
            Role::Text,
        );
    }
    for (index, (key, text, _)) in confirm.answers.iter().enumerate() {
        let y = inner.y + (lines.len() + 1 + index) as u16;
        let used = canvas.text((inner.x, y), &key.to_string(), 1, Role::Key) + 2;
        canvas.text(
            (inner.x + used, y),
            text,
            inner.width.saturating_sub(used),
            Role::Text,
        );
    }
}

fn draw_line(canvas: &mut Canvas, line: &Line, screen: Rect) {
    let (title, hint) = match (line.asked, line.item.kind()) {
        (Asked::Tags, _) => ("Tags", "separated by commas"),
        (Asked::Title, "snippet") => (
            "Rename",
            "templates include it by its new name from then on",
        ),
        (Asked::Title, _) => ("Rename", "a new title; the file is named after it"),
    };
    let inner = frame(canvas, screen, (60.min(screen.width), 5), title);
    if inner.height < 1 {
        return;
    }
    let used = canvas.text((inner.x, inner.y), "> ", inner.width, Role::Key);
    let room = usize::from(inner.width.saturating_sub(used + 1));
    let text = line.entry.text();
    let (before, after) = text.split_at(
        text.char_indices()
            .nth(line.entry.cursor().1)
            .map_or(text.len(), |(at, _)| at),
    );
    // What is left of the cursor goes out of sight when there is no room for it.
    let mut start = before.char_indices().map(|(at, _)| at);
    let from = start
        .find(|at| columns(&before[*at..]) <= room)
        .unwrap_or(before.len());
    let shown = [&before[from..], after].concat();
    canvas.text(
        (inner.x + used, inner.y),
        &shown,
        inner.width.saturating_sub(used),
        Role::Text,
    );
    canvas.cursor = Some(Position {
        x: inner.x + used + columns(&before[from..]) as u16,
        y: inner.y,
    });
    if inner.height > 2 {
        canvas.text((inner.x, inner.y + 1), hint, inner.width, Role::Dim);
        let keys = "enter does it · esc leaves it as it is";
        canvas.text((inner.x, inner.y + 2), keys, inner.width, Role::Dim);
    }
}

fn draw_comparison(canvas: &mut Canvas, comparison: &Comparison, screen: Rect) {
    let size = (
        screen.width.saturating_sub(8).min(100),
        screen.height.saturating_sub(4),
    );
    let inner = frame(canvas, screen, size, &comparison.title);
    let lines = comparison::lines(&comparison.hunks, inner.width, canvas.styles);
    scrolled(
        canvas,
        inner,
        comparison.scroll,
        lines.len(),
        |canvas, index, line| {
            (&lines[index]).render(line, canvas.buffer);
        },
    );
}
