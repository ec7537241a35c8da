//! The card that explains the practice engine, wherever there is room for it.

use super::layout::Plan;
use super::style::Role;
use super::{Canvas, list};
use crate::app::editor::Tab;
use crate::app::{App, Pane};
use ratatui::layout::Rect;

const CARD: [&str; 11] = [
    "No key is set, so the practice engine answers: a sample text made from your brief, offline, so that you can try everything.",
    "",
    "1  {activate} opens a template; fill in what has a *",
    "2  ctrl+g generates",
    "3  {use-variant} uses the text as your draft",
    "4  ctrl+s saves it",
    "",
    "To write with a model, press F2 to connect one: OpenAI, a server on this machine, or any other. OPENAI_API_KEY in your shell does it, too.",
    "",
    "esc puts this card away",
    "",
];

const SHORT: &str = "No key is set: the practice engine answers offline with a sample text. \
                     F2 connects a model. esc puts this away.";

/// The pane that has room for the card, while there is one to show.
pub(crate) fn place(app: &App, plan: &Plan) -> Option<Pane> {
    if !app.practice_card {
        return None;
    }
    let shown = |pane| plan.panes.iter().any(|(each, _)| *each == pane);
    let editor_is_free =
        app.editor.document.is_empty() && app.editor.tab == Tab::Draft && app.focus != Pane::Editor;
    match () {
        () if shown(Pane::Output) => app.output.variants.is_empty().then_some(Pane::Output),
        () if shown(Pane::Editor) => editor_is_free.then_some(Pane::Editor),
        () => (shown(Pane::Template) && app.form.is_none()).then_some(Pane::Template),
    }
}

/// Draws the whole card into a pane that has nothing else to show.
pub(crate) fn draw(canvas: &mut Canvas, area: Rect) {
    canvas.areas.card = true;
    let mut y = area.y;
    for (index, text) in CARD.iter().enumerate() {
        let role = if index == 0 { Role::Strong } else { Role::Dim };
        let told = canvas.app.keymap.spelled(text);
        let lines = list::wrap(&told, usize::from(area.width));
        for line in lines
            .iter()
            .map(String::as_str)
            .chain(text.is_empty().then_some(""))
        {
            if y < area.bottom() {
                canvas.text((area.x, y), line, area.width, role);
            }
            y += 1;
        }
    }
}

/// Draws the card in short at the bottom of an area that lists something; returns what is left.
pub(crate) fn draw_short(canvas: &mut Canvas, area: Rect) -> Rect {
    let width = area.width.saturating_sub(2);
    let lines = list::wrap(&canvas.app.keymap.told(SHORT), usize::from(width));
    let rows = lines.len() as u16;
    if area.height < rows + 3 {
        return area;
    }
    canvas.areas.card = true;
    let top = area.bottom() - rows;
    let rule = "─".repeat(usize::from(area.width));
    canvas.text((area.x, top - 1), &rule, area.width, Role::Border);
    for (line, y) in lines.iter().zip(top..) {
        canvas.text((area.x + 1, y), line, width, Role::Strong);
    }
    Rect {
        height: area.height - rows - 1,
        ..area
    }
}
