//! What the program says in the place of a text or below it: a refusal, a failure, a wait.
//!
//! Never part of a text, and never longer than the room that a text leaves it.

use super::style::Role;
use super::wrap::cut;
use super::{Canvas, capitalised, list};
use crate::app::output::{Phase, Variant};
use ratatui::layout::Rect;

/// A line or paragraph that the program says, never part of a text.
pub(super) type Said = (String, Role);

/// What stands where text is missing: a refusal, a failure.
pub(super) fn nothing_yet(canvas: &Canvas, variant: &Variant, width: u16) -> Vec<Said> {
    let mut paragraphs: Vec<Said> = Vec::new();
    if !variant.refusal.is_empty() {
        paragraphs.push((
            format!("The model declined: {}", variant.refusal),
            Role::Warning,
        ));
    }
    paragraphs.extend(trouble(canvas, variant));
    if matches!(variant.phase, Phase::Failed(_)) {
        paragraphs.push((
            canvas
                .app
                .keymap
                .told("The brief and the prompt are as they were; ctrl+g tries again.")
                .into_owned(),
            Role::Dim,
        ));
    } else if !variant.is_running() {
        paragraphs.push(("No text came.".to_owned(), Role::Dim));
    }
    let mut lines = Vec::new();
    for (text, role) in paragraphs.iter().filter(|(text, _)| !text.is_empty()) {
        lines.extend(wrapped(text, *role, width));
        lines.push((String::new(), *role));
    }
    lines
}

/// What went wrong with a run: its failure, or the try that is waited for.
pub(super) fn trouble(canvas: &Canvas, variant: &Variant) -> Vec<Said> {
    match &variant.phase {
        Phase::Failed(failure) => vec![
            (capitalised(&failure.what), Role::Error),
            (capitalised(&failure.why), Role::Text),
            (capitalised(&failure.advice), Role::Accent),
        ],
        Phase::InTurn => vec![
            (
                "As many requests are under way as may be at once.".to_owned(),
                Role::Text,
            ),
            (
                "This one goes out when one of them ends; esc takes it back.".to_owned(),
                Role::Accent,
            ),
        ],
        Phase::Loading { what } => vec![
            (capitalised(what), Role::Text),
            (
                "The request goes out as soon as it is ready; esc cancels.".to_owned(),
                Role::Accent,
            ),
        ],
        Phase::Connecting { retry: Some(retry) } => vec![
            (capitalised(&retry.why), Role::Warning),
            (
                format!(
                    "{}; esc cancels",
                    capitalised(&retry.countdown(canvas.app.now))
                ),
                Role::Accent,
            ),
        ],
        _ => Vec::new(),
    }
}

pub(super) fn wrapped(text: &str, role: Role, width: u16) -> impl Iterator<Item = Said> {
    let lines = list::wrap(text, usize::from(width));
    lines.into_iter().map(move |line| (line, role))
}

/// What is said under a text, as at most `rows` lines after an empty one.
pub(super) fn below(canvas: &Canvas, variant: &Variant, width: u16, rows: u16) -> Vec<Said> {
    let said = trouble(canvas, variant);
    let mut lines: Vec<Said> = vec![(String::new(), Role::Dim)];
    for (text, role) in said.iter().filter(|(text, _)| !text.is_empty()) {
        lines.extend(wrapped(text, *role, width));
    }
    if variant.text.is_empty() || lines.len() == 1 {
        return Vec::new();
    }
    let most = usize::from(rows);
    if lines.len() > most {
        lines.truncate(most);
        if let Some((last, _)) = lines.last_mut() {
            *last = cut(&format!("{last} …"), usize::from(width));
        }
    }
    lines
}

/// Draws them from the top of an area on.
pub(super) fn draw(canvas: &mut Canvas, lines: &[Said], area: Rect) {
    for ((text, role), y) in lines.iter().zip(area.top()..area.bottom()) {
        canvas.text((area.x, y), text, area.width, *role);
    }
}
