//! Frames of panes, and the Draft tab.

use super::style::Role;
use super::wrap::{columns, cut};
use super::{
    Cache, Canvas, card, editor, find, hidden, linear, list, problems, refine, review, verbs,
};
use crate::app::Pane;
use crate::app::areas::Target;
use crate::app::editor::Tab;
use crate::store::files::Kind;
use ratatui::layout::Rect;

/// Draws the border of a pane; returns what is inside it.
pub(crate) fn border(canvas: &mut Canvas, pane: Pane, area: Rect) -> Rect {
    let focused = canvas.app.focus == pane && canvas.app.dialogs.is_empty();
    let role = if focused {
        Role::BorderFocused
    } else {
        Role::Border
    };
    canvas.border(area, role)
}

/// The label that leads to what came before the labels after it; no line parts them.
pub(crate) const EARLIER: &str = "‹";
/// The label that leads to what came after the labels before it.
pub(crate) const LATER: &str = "›";

/// Writes labels into the top border; the active one stands out. Returns the next free column.
/// Labels that do not fit with room around them are set close.
pub(crate) fn labels(
    canvas: &mut Canvas,
    area: Rect,
    labels: &[(String, bool, Option<Target>)],
) -> u16 {
    if canvas.is_linear() {
        let arrows =
            |label: &&(String, bool, Option<Target>)| label.0 != EARLIER && label.0 != LATER;
        let tabs = labels.iter().filter(arrows);
        let tabs: Vec<(String, bool)> = tabs.map(|it| (it.0.clone(), it.1)).collect();
        return linear::heading(canvas, area, &tabs);
    }
    let wide: usize = labels.iter().map(|(label, ..)| columns(label) + 3).sum();
    let close = wide + 2 > usize::from(area.width);
    let mut x = area.x + if close { 1 } else { 2 };
    for (index, (label, active, target)) in labels.iter().enumerate() {
        let room = area.right().saturating_sub(x + 1);
        if room < 3 {
            break;
        }
        let after_arrow = index > 0 && labels[index - 1].0 == EARLIER;
        if index > 0 && !after_arrow && label != LATER {
            x += canvas.text((x, area.y), "│", room, Role::Border);
        }
        let start = x;
        let role = if *active { Role::Strong } else { Role::Dim };
        let label = match label.as_str() {
            arrow if close => arrow.to_owned(),
            EARLIER => format!(" {EARLIER}"),
            LATER => format!("{LATER} "),
            _ => format!(" {label} "),
        };
        x += canvas.text(
            (x, area.y),
            &label,
            area.right().saturating_sub(x + 1),
            role,
        );
        if let Some(target) = target {
            let place = Rect {
                x: start,
                y: area.y,
                width: x - start,
                height: 1,
            };
            canvas.target(place, *target);
        }
    }
    x
}

/// Writes a note at the right end of the top border, behind `from`; what does not fit is cut.
pub(crate) fn note(canvas: &mut Canvas, area: Rect, from: u16, (note, role): (&str, Role)) {
    let room = usize::from(area.right().saturating_sub(from + 2)).saturating_sub(2);
    let note = cut(note, room);
    let width = columns(&note) as u16 + 2;
    let x = area.right().saturating_sub(width + 1);
    if room > 2 && !note.is_empty() && x > from {
        canvas.text((x, area.y), &format!(" {note} "), width, role);
    }
}

/// The two tabs of the Editor pane.
pub(crate) fn editor_labels(canvas: &mut Canvas, area: Rect) -> u16 {
    let tab = canvas.app.editor.tab;
    let kind = match canvas.app.editor.kind() {
        Kind::Draft => "Draft",
        Kind::Template => "Template source",
        Kind::Snippet => "Snippet source",
        Kind::File => "File",
    };
    let both = [
        (kind.to_owned(), tab == Tab::Draft, Some(Target::DraftTab)),
        (
            "Prompt".to_owned(),
            tab == Tab::Prompt,
            Some(Target::PromptTab),
        ),
    ];
    labels(canvas, area, &both)
}

/// Draws the Draft tab.
pub(crate) fn draft(canvas: &mut Canvas, cache: &mut Cache, area: Rect) {
    let inner = border(canvas, Pane::Editor, area);
    let from = editor_labels(canvas, area);
    let room = area.right().saturating_sub(from + 4);
    if let Some((said, role)) = refine::note(canvas, room) {
        note(canvas, area, from, (&said, role));
    } else if canvas.app.editor.outside.is_another() {
        note(canvas, area, from, ("changed outside", Role::Warning));
    } else if canvas.app.editor.read_only().is_some() {
        note(canvas, area, from, ("read only", Role::Warning));
    }
    hidden::number(canvas, area, canvas.app.editor.document.hidden());
    let text = Rect {
        x: inner.x + 1,
        width: inner.width.saturating_sub(2),
        ..inner
    };
    let (text, bar) = find::split(canvas, text);
    canvas.areas.document = text;
    let finding = canvas.app.editor.find.is_some();
    let focused = canvas.app.focus == Pane::Editor && canvas.app.dialogs.is_empty();
    if canvas.card == Some(Pane::Editor) {
        return card::draw(canvas, text);
    }
    if canvas.app.editor.document.is_empty() && !focused && !finding {
        let keymap = &canvas.app.keymap;
        let hint = keymap.told(
            "The draft appears here. Generate, then Enter in the Output pane uses a text; \
             or start writing (alt+2).",
        );
        // What the verbs below a text call it.
        let hint = hint.replace("Enter", &verbs::called(&keymap.spelled("{use-variant}")));
        for (row, line) in list::wrap(&hint, usize::from(text.width))
            .iter()
            .enumerate()
        {
            if (row as u16) < text.height {
                canvas.text((text.x, text.y + row as u16), line, text.width, Role::Dim);
            }
        }
        return;
    }
    if let Some(reviewed) = canvas.app.reviewed() {
        return review::draw(canvas, cache, reviewed, text);
    }
    let cursor = editor::draw(
        &canvas.app.editor.document,
        focused,
        canvas.styles,
        text,
        canvas.buffer,
    );
    if focused {
        canvas.cursor = cursor;
    }
    let app = canvas.app;
    editor::paint(&app.editor.document, canvas.styles, text, canvas.buffer);
    if app.pen.focus {
        editor::dim_others(&app.editor.document, canvas.styles, text, canvas.buffer);
    }
    problems::mark(canvas, text);
    review::mark_parts(canvas, text);
    find::draw(canvas, &app.editor.document, text, bar);
}
