//! The title line: what is open, where it will be sent, how large the prompt is.

use super::Canvas;
use super::style::Role;
use crate::app::Pane;
use crate::app::areas::Target;
use crate::domain::text::Printable;
use ratatui::layout::Rect;
use unicode_width::UnicodeWidthStr;

/// Draws the title line.
pub(crate) fn draw(canvas: &mut Canvas, area: Rect) {
    let app = canvas.app;
    let right = right_side(canvas);
    let right_width = Printable::line(&right).as_str().width() as u16;
    let room = area.width.saturating_sub(right_width + 2);
    let mut x = area.x + 1;
    x += canvas.text((x, area.y), "Copydesk", room, Role::Strong) + 3;
    let template = app.form.as_ref().map(|form| form.template.title.as_str());
    let name = app.editor.name();
    let parts: Vec<&str> = template
        .into_iter()
        .chain((!name.is_empty()).then_some(name.as_str()))
        .collect();
    let left = parts.join(" ▸ ");
    let end = area.x + room;
    x += canvas.text((x, area.y), &left, end.saturating_sub(x + 2), Role::Text);
    let state = match app.editor.read_only() {
        _ if app.editor.has_unsaved_text() => "●".to_owned(),
        Some(reason) => format!("· read only: {reason}"),
        None => String::new(),
    };
    let rest = end.saturating_sub(x + 1);
    canvas.text((x + 1, area.y), &state, rest, Role::Warning);
    if right_width + 12 < area.width {
        canvas.text(
            (area.right() - right_width - 1, area.y),
            &right,
            right_width,
            Role::Dim,
        );
    }
}

fn right_side(canvas: &Canvas) -> String {
    let app = canvas.app;
    let wish = app
        .form
        .as_ref()
        .and_then(|form| form.template.model.id.as_deref());
    let target = match app.settings.provider(None) {
        Ok(provider) if provider.is_practice() => "practice engine".to_owned(),
        Ok(provider) => format!(
            "{} · {}",
            provider.name,
            app.settings.model_for(provider, wish)
        ),
        Err(_) if app.settings.problem.is_some() => "config.toml?".to_owned(),
        Err(_) => format!("{}?", app.settings.provider),
    };
    match app.prompt_tokens() {
        Some(tokens) => format!("{target}  ~{} tok", thousands(tokens)),
        None => target,
    }
}

/// `1234` → `1,234`.
pub(crate) fn thousands(number: usize) -> String {
    let digits = number.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// Draws the strip of pane names for narrow screens.
pub(crate) fn draw_panes(canvas: &mut Canvas, area: Rect) {
    let mut x = area.x + 1;
    for (index, pane) in Pane::ALL.into_iter().enumerate() {
        let label = format!(" {} {} ", index + 1, pane.name());
        let role = if pane == canvas.app.focus {
            Role::Cursor
        } else {
            Role::Dim
        };
        let used = canvas.text((x, area.y), &label, area.right().saturating_sub(x), role);
        canvas.target(
            Rect {
                x,
                y: area.y,
                width: used,
                height: 1,
            },
            Target::Pane(pane),
        );
        x += used + 1;
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn thousands_are_grouped() {
        assert_eq!(super::thousands(7), "7");
        assert_eq!(super::thousands(1_234_567), "1,234,567");
    }
}
