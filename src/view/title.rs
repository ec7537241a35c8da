//! The title line: what is open, where it will be sent, how large the prompt is.

use super::Canvas;
use super::style::Role;
use super::wrap::cut;
use crate::app::areas::Target;
use crate::app::editor::OpenDocument;
use crate::app::voice::{Stand, Task};
use crate::app::{App, Pane};
use crate::config::Provider;
use crate::domain::budget::Standing;
use crate::domain::cost::Usd;
use crate::domain::text::Printable;
use ratatui::layout::Rect;
use unicode_width::UnicodeWidthStr;

/// What is said on the right, with how it looks.
type Said = (String, Role);

/// Draws the title line.
pub(crate) fn draw(canvas: &mut Canvas, area: Rect) {
    let app = canvas.app;
    let template = app.form.as_ref().map(|form| form.template.title.as_str());
    let name = app.editor.name();
    let parts: Vec<&str> = template
        .into_iter()
        .chain((!name.is_empty()).then_some(name.as_str()))
        .collect();
    let left = parts.join(canvas.says(" ▸ ", ", "));
    let right = right_side(
        canvas,
        area.width,
        width_of(&left) + MARGINS + width_of(canvas.says("", "not saved")),
    );
    let right_width: u16 = right.iter().map(|(text, _)| width_of(text)).sum();
    let room = area.width.saturating_sub(right_width + 2);
    let mut x = area.x + 1;
    x += canvas.text((x, area.y), "Copydesk", room, Role::Strong) + 3;
    let end = area.x + room;
    let state = match app.editor.read_only() {
        _ if app.editor.has_unsaved_text() => canvas.says("●", "not saved").to_owned(),
        Some(reason) => format!("· read only: {reason}"),
        None if app.editor.is_new_file() => "· new file".to_owned(),
        None => String::new(),
    };
    let (count, unsaved) = others(canvas);
    let behind = [&state, &count, unsaved].map(|text| width_of(text) + u16::from(!text.is_empty()));
    // What is open may be cut for what is to be known of it, but is never gone.
    let room = end.saturating_sub(x + behind.iter().sum::<u16>() + 1);
    let room = room.max(end.saturating_sub(x + 2).min(8));
    let left = cut(&left, usize::from(room));
    x += canvas.text((x, area.y), &left, room, Role::Text);
    let rest = end.saturating_sub(x + 1);
    let used = canvas.text((x + 1, area.y), &state, rest, Role::Warning);
    if used > 0 {
        x += used + 1;
    }
    x += canvas.text(
        (x + 1, area.y),
        &count,
        end.saturating_sub(x + 1),
        Role::Dim,
    ) + 1;
    canvas.text(
        (x + 1, area.y),
        unsaved,
        end.saturating_sub(x + 1),
        Role::Warning,
    );
    if right_width + 12 < area.width {
        let mut x = area.right() - right_width - 1;
        for (text, role) in &right {
            x += canvas.text((x, area.y), text, width_of(text), *role);
        }
    }
}

/// How many more documents are open, and the mark of text among them that is not saved: `+2`, `●`.
fn others(canvas: &Canvas) -> (String, &'static str) {
    let others = &canvas.app.editor.others;
    if others.is_empty() {
        return (String::new(), "");
    }
    let count = match canvas.says("+", "more") {
        "+" => format!("+{}", others.len()),
        word => format!("{} {word}", others.len()),
    };
    if others.iter().any(OpenDocument::has_unsaved_text) {
        return (count, canvas.says("●", "not saved"));
    }
    (count, "")
}

fn width_of(text: &str) -> u16 {
    Printable::line(text).as_str().width() as u16
}

/// The program's name, the mark of unsaved text, and the space around what is open.
const MARGINS: u16 = 16;

/// Whom the prompt goes to, its size and price, and the budget: as much of that as leaves room for
/// what is open, and half of the line in any case. The budget goes first, then the price.
fn right_side(canvas: &Canvas, width: u16, left: u16) -> Vec<Said> {
    let mut parts: Vec<Said> = voice(canvas.app).chain(at_work(canvas.app)).collect();
    let least = parts.len() + 1;
    parts.push((target(canvas), Role::Dim));
    parts.extend(estimate(canvas));
    parts.extend(budget(canvas.app));
    let wide = |parts: &[Said]| parts.iter().map(|(text, _)| width_of(text)).sum::<u16>();
    let free = width.saturating_sub(left);
    // A state in words is never cut for whom it goes to.
    let most = if canvas.is_linear() {
        free
    } else {
        free.max(width / 2)
    };
    while parts.len() > least && wide(&parts) > most {
        parts.pop();
    }
    parts
}

/// What is read aloud or taken down: nothing else on screen tells it for long.
fn voice(app: &App) -> impl Iterator<Item = Said> {
    app.voice().going().map(|going| {
        let said = match (going.task, going.stand) {
            (Task::Read, _) => "reading aloud  ",
            (Task::Dictate, Stand::Going) => "listening  ",
            (Task::Dictate, Stand::Ending) => "taking it down  ",
        };
        (said.to_owned(), Role::Accent)
    })
}

/// How much goes on, when that is more than one pane tells.
fn at_work(app: &App) -> Option<Said> {
    let count = app.runs_at_work();
    (count > 1).then(|| (format!("{count} running  "), Role::Accent))
}

fn target(canvas: &Canvas) -> String {
    let app = canvas.app;
    let form = app.form.as_ref();
    let wish = form.and_then(|form| form.template.model.id.as_deref());
    match app.settings.provider(None) {
        Ok(provider) if provider.is_practice() => "practice engine".to_owned(),
        Ok(provider) if app.coming_models().len() > 1 => {
            format!("{} · {}", provider.name, several(&app.coming_models()))
        }
        Ok(provider) if app.settings.without_model(provider, wish).is_some() => {
            let model = if provider.takes_first() {
                "its first model"
            } else {
                "no model yet"
            };
            format!("{} · {model}", provider.name)
        }
        Ok(provider) => format!(
            "{} · {}",
            provider.name,
            app.settings.model_for(provider, wish)
        ),
        Err(_) if app.settings.problem.is_some() => "config.toml?".to_owned(),
        Err(_) => format!("{}?", app.settings.provider),
    }
}

/// Models that are asked together, as short as they can be told apart from one.
fn several(models: &[String]) -> String {
    match models {
        [one, other] => format!("{one} + {other}"),
        [first, others @ ..] => format!("{first} + {} more", others.len()),
        [] => String::new(),
    }
}

/// Size and price of the prompt: `~1,240 tok ≈ $0.004`, and how often it goes out if that is more
/// than once; the price is that of all of it.
fn estimate(canvas: &Canvas) -> Vec<Said> {
    let app = canvas.app;
    let Some(estimate) = app.estimate() else {
        return Vec::new();
    };
    let times = match app.coming_models().len() * app.coming_rounds() {
        0 | 1 => String::new(),
        times => format!("{times} × "),
    };
    let size = format!("  {times}{} tok", estimate.input);
    let price = match estimate.cost {
        _ if app.settings.provider(None).is_ok_and(Provider::is_practice) => String::new(),
        Some(spent) => format!(" ≈ {}", spent.usd()),
        None => " · cost n/a".to_owned(),
    };
    vec![(size, Role::Dim), (price, Role::Dim)]
}

/// What is used of the month's budget: `month $0.31/5`.
fn budget(app: &App) -> Option<Said> {
    let (budget, spent) = (app.settings.budget?, app.month()?);
    let (mark, role) = match budget.standing(spent, Usd::ZERO) {
        Standing::Within => ("", Role::Dim),
        Standing::Near => ("!", Role::Warning),
        Standing::Over => ("!", Role::Error),
    };
    Some((format!("  month {}{mark}", budget.used(spent)), role))
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
