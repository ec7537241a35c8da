//! Pure drawing: reads the model, fills a frame, reports where things were drawn.
//!
//! Drawing twice without an update changes no cell. Every text goes through `Printable`, and a
//! last pass over the frame marks whatever a widget let through.

mod ask;
mod brief;
mod card;
mod cells;
mod columns;
pub mod comparison;
mod connect;
pub mod dialogs;
pub mod editor;
mod entry;
mod exporting;
mod filtered;
mod find;
mod footer;
pub mod form;
mod help;
mod hidden;
pub mod layout;
mod linear;
pub mod list;
mod making;
pub mod markdown;
mod models;
pub mod output;
mod palette;
pub mod pane;
mod paths;
mod payload;
mod problems;
pub mod prompt;
pub mod reasoning;
mod recovery;
mod refine;
mod review;
mod rival;
mod said;
pub mod settings;
mod status;
pub mod style;
mod switcher;
mod themes;
pub mod title;
mod tour;
mod usage;
mod verbs;
mod work;
pub mod wrap;
mod writing;

use crate::app::areas::{Areas, Target};
use crate::app::dialog::Dialog;
use crate::app::editor::Tab;
use crate::app::output::Variant;
use crate::app::{App, Pane};
use crate::config::theme::{Depth, Theme};
use crate::domain::hidden::Tally;
use crate::domain::run::RunId;
use crate::domain::text::{Printable, mark};
use layout::Plan;
use markdown::Markdown;
use ratatui::Frame;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::{Color, Style};
use ratatui::widgets::{Paragraph, Widget, Wrap};
use std::collections::HashMap;
use style::{Role, Styles};

/// Bytes that a text on screen may be ahead of its rows between frames.
const BEHIND: usize = 4096;

/// What drawing remembers between frames; dropping it changes no cell.
#[derive(Debug, Default)]
pub struct Cache {
    variants: HashMap<RunId, Markdown>,
    /// The variants in the last frame, and how often each was corrected up to there.
    shown: Vec<(RunId, u32)>,
    comparison: Option<comparison::Sheet>,
    reasoning: HashMap<RunId, Markdown>,
    /// By run and the number of its corrections: a tally only ever goes on.
    hidden: HashMap<(RunId, u32), Tally>,
    payload: payload::Rows,
    prompt: prompt::Heights,
    review: Option<review::Sheet>,
    styles: Styles,
    /// The theme that all of it was drawn in.
    theme: Theme,
    depth: Depth,
}

impl Cache {
    /// A cache that remembers nothing, for a terminal with so many colours.
    pub fn new(depth: Depth) -> Self {
        Self::wearing(Theme::default(), depth)
    }

    fn wearing(theme: Theme, depth: Depth) -> Self {
        Self {
            styles: Styles::of_theme(theme, depth),
            theme,
            depth,
            ..Self::default()
        }
    }

    /// Forgets everything when the theme is another one.
    fn wear(&mut self, theme: &Theme) {
        if self.theme != *theme {
            *self = Self::wearing(*theme, self.depth);
        }
    }

    /// Lays out what came since the last frame of the variants in it, so that the frame that a key
    /// asks for has little left to do. Changes no cell.
    pub fn keep_up(&mut self, app: &App) {
        for (run, corrections) in &self.shown {
            let goes_on = |it: &&Variant| it.run == *run && it.corrections == *corrections;
            let variant = app.output.variants.iter().find(goes_on);
            let page = self.variants.get_mut(run);
            if let Some((variant, page)) = variant.zip(page)
                && variant.text.len() >= page.laid_out() + BEHIND
            {
                page.grow(&variant.text);
            }
        }
    }

    /// The runs whose texts were laid out so far, and how many bytes of each.
    pub fn laid_out(&self) -> impl Iterator<Item = (RunId, usize)> {
        let pages = self.variants.iter();
        pages.map(|(run, page)| (*run, page.laid_out()))
    }
}

/// One drawing of one frame.
pub(crate) struct Canvas<'a> {
    pub(crate) app: &'a App,
    pub(crate) styles: Styles,
    /// How many colours there are.
    pub(crate) depth: Depth,
    pub(crate) buffer: &'a mut Buffer,
    pub(crate) areas: Areas,
    pub(crate) cursor: Option<Position>,
    /// The pane that shows the card about the practice engine.
    pub(crate) card: Option<Pane>,
}

impl Canvas<'_> {
    /// Draws one line of text, cut at `width` cells; returns the cells used.
    pub(crate) fn text(&mut self, at: (u16, u16), text: &str, width: u16, role: Role) -> u16 {
        if self.is_linear() && linear::is_rule(text) {
            return 0;
        }
        let safe = Printable::line(text);
        let end = cells::print(self.buffer, at, safe.as_str(), width, self.styles.of(role));
        end - at.0
    }

    /// Draws a border; returns what is inside it.
    pub(crate) fn border(&mut self, area: Rect, role: Role) -> Rect {
        if self.is_linear() {
            return linear::inside(area);
        }
        cells::border(self.buffer, area, self.styles.of(role))
    }

    /// Makes a place clickable.
    pub(crate) fn target(&mut self, area: Rect, target: Target) {
        self.areas.targets.push((area, target));
    }

    /// Lays a role's style over an area.
    pub(crate) fn paint(&mut self, area: Rect, role: Role) {
        if role == Role::Cursor && self.is_linear() {
            self.cursor = Some(area.as_position());
        }
        let style = self.styles.of(role);
        self.buffer.set_style(area, style);
    }
}

/// Draws the whole screen, the cursor included.
pub fn draw(app: &App, cache: &mut Cache, frame: &mut Frame) -> Areas {
    let (areas, cursor) = paint(app, cache, frame.buffer_mut());
    if let Some(cursor) = cursor {
        frame.set_cursor_position(cursor);
    }
    areas
}

/// Draws the whole screen into a blank buffer; tells where things are, and where the cursor is to
/// stand.
pub fn paint(app: &App, cache: &mut Cache, buffer: &mut Buffer) -> (Areas, Option<Position>) {
    let area = buffer.area;
    cache.wear(app.theme());
    cache.shown.clear();
    let mut canvas = Canvas {
        app,
        styles: cache.styles,
        depth: cache.depth,
        buffer,
        areas: Areas::default(),
        cursor: None,
        card: None,
    };
    match layout::plan(app, area) {
        None => too_small(&mut canvas, area),
        Some(plan) => studio(&mut canvas, cache, &plan),
    }
    let Canvas {
        areas,
        cursor,
        buffer,
        ..
    } = canvas;
    mark_hidden(buffer);
    lay_screen(buffer, cache.styles.of(Role::Screen));
    (areas, cursor)
}

fn studio(canvas: &mut Canvas, cache: &mut Cache, plan: &Plan) {
    canvas.card = card::place(canvas.app, plan);
    canvas.areas.borders.clone_from(&plan.borders);
    title::draw(canvas, plan.title);
    if let Some(tabs) = plan.tabs {
        title::draw_panes(canvas, tabs);
    }
    for (pane, area) in &plan.panes {
        canvas.target(*area, Target::Pane(*pane));
        match pane {
            Pane::Template if canvas.app.form.is_some() => form::draw(canvas, *area),
            Pane::Template => list::draw(canvas, *area),
            Pane::Editor if canvas.app.editor.tab == Tab::Prompt => {
                prompt::draw(canvas, &mut cache.prompt, *area);
            }
            Pane::Editor => pane::draft(canvas, cache, *area),
            Pane::Output => output::draw(canvas, cache, *area),
        }
        canvas.rest_cursor(linear::inside(*area));
    }
    tour::draw(canvas, plan.tour);
    status::draw(canvas, plan.notice, plan.status);
    for dialog in &canvas.app.dialogs {
        canvas.cursor = None;
        dialogs::draw(canvas, cache, dialog, plan.for_boxes());
    }
    if !canvas
        .app
        .dialogs
        .iter()
        .any(|dialog| matches!(dialog, Dialog::Comparison(_)))
    {
        cache.comparison = None;
    }
    if canvas.app.reviewed().is_none() {
        cache.review = None;
    }
    let known: Vec<RunId> = canvas
        .app
        .output
        .variants
        .iter()
        .chain(canvas.app.asks().answers())
        .map(|variant| variant.run)
        .collect();
    cache.variants.retain(|run, _| known.contains(run));
    cache.reasoning.retain(|run, _| known.contains(run));
    cache.hidden.retain(|(run, _), _| known.contains(run));
}

fn too_small(canvas: &mut Canvas, area: Rect) {
    let line = format!(
        "{}×{} is too small for Copydesk: make the window larger",
        area.width, area.height
    );
    Paragraph::new(line)
        .wrap(Wrap { trim: true })
        .render(area, canvas.buffer);
}

/// A text with its first letter in upper case, unless it begins with an address or a name.
pub(crate) fn capitalised(text: &str) -> String {
    let first = text.split_whitespace().next().unwrap_or_default();
    if first.contains(['/', ':', '.', '_', '`', '=']) {
        return text.to_owned();
    }
    let mut chars = text.chars();
    let first = chars.next().into_iter().flat_map(char::to_uppercase);
    first.chain(chars).collect()
}

/// Marks what a widget passed on raw, such as a direction mark that it joined to a letter.
fn mark_hidden(buffer: &mut Buffer) {
    for cell in &mut buffer.content {
        let symbol = cell.symbol();
        let suspect = symbol.len() > 1 && symbol.chars().any(|c| mark(c).is_some());
        if suspect && Printable::new(symbol).as_str() != symbol {
            cell.set_char('∅');
        }
    }
}

/// Gives every cell the colours of the screen that has none of its own.
fn lay_screen(buffer: &mut Buffer, screen: Style) {
    if screen == Style::new() {
        return;
    }
    for cell in &mut buffer.content {
        if cell.fg == Color::Reset {
            cell.fg = screen.fg.unwrap_or(Color::Reset);
        }
        if cell.bg == Color::Reset {
            cell.bg = screen.bg.unwrap_or(Color::Reset);
        }
        cell.modifier |= screen.add_modifier;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_not_capitalised() {
        let address = "http://127.0.0.1:9/v1 cannot be reached";
        assert_eq!(capitalised(address), address);
        assert_eq!(capitalised("the key is wrong"), "The key is wrong");
    }

    #[test]
    fn a_direction_mark_joined_to_a_letter_is_marked_and_an_emoji_stays_whole() {
        let mut buffer = Buffer::empty(Rect::new(0, 0, 8, 1));
        buffer.set_string(0, 0, "a\u{202e}b❤\u{fe0f}", Style::new());
        mark_hidden(&mut buffer);
        let shown: String = buffer
            .content
            .iter()
            .map(ratatui::buffer::Cell::symbol)
            .collect();
        assert!(
            !shown.contains('\u{202e}') && shown.contains("❤\u{fe0f}"),
            "{shown:?}"
        );
    }
}
