//! Draws the dialog that connects a provider. Of a key it shows how long it is, and nothing else.

use super::dialogs::frame;
use super::style::Role;
use super::wrap::{columns, cut};
use super::{Canvas, capitalised, entry, list};
use crate::app::connect::models::{Models, Row};
use crate::app::connect::{self, Address, Connect, Found, Plan, Servers, Step};
use crate::app::masked::Masked;
use crate::config::keychain::Place;
use crate::config::presets::{Need, Preset};
use crate::domain::failure::Failure;
use ratatui::layout::{Position, Rect};

/// Columns for the name of a server.
const NAMES: u16 = 20;

/// Draws the step that the person is at.
pub(crate) fn draw(canvas: &mut Canvas, connect: &Connect, screen: Rect) {
    let plan = &connect.plan;
    let title = format!("Connect {}", plan.title);
    let title = title.trim_end();
    match &connect.step {
        Step::Servers(servers) => draw_servers(canvas, servers, screen),
        Step::Address(address) => draw_address(canvas, (plan, title), address, screen),
        Step::Key { entry, complaint } => {
            draw_key(canvas, (plan, title), (entry, complaint.as_deref()), screen);
        }
        Step::Trying => {
            let asked = format!("Asking {} for its models…", plan.title);
            draw_words(
                canvas,
                title,
                &[(&asked, Role::Text)],
                (screen, "esc stops"),
            );
        }
        Step::Failed(failure) => draw_failed(canvas, title, failure, screen),
        Step::Model(models) => draw_models(canvas, (plan, title), models, screen),
        Step::Place(cursor) => draw_places(canvas, (plan, title), *cursor, screen),
        Step::Writing => draw_words(canvas, title, &[("Writing…", Role::Text)], (screen, "")),
    }
}

/// The keys of a step, in the last row.
fn keys(canvas: &mut Canvas, inner: Rect, text: &str) {
    if inner.height == 0 {
        return;
    }
    let text = cut(text, usize::from(inner.width));
    canvas.text((inner.x, inner.bottom() - 1), &text, inner.width, Role::Dim);
}

/// A box of a few paragraphs over its keys.
fn draw_words(
    canvas: &mut Canvas,
    title: &str,
    words: &[(&str, Role)],
    (screen, help): (Rect, &str),
) {
    let width = 66.min(screen.width);
    let room = usize::from(width.saturating_sub(4)).max(1);
    let lines: Vec<_> = words
        .iter()
        .flat_map(|(text, role)| list::wrap(text, room).into_iter().map(|line| (line, *role)))
        .collect();
    let height = u16::try_from(lines.len())
        .unwrap_or(u16::MAX)
        .saturating_add(4);
    let inner = frame(canvas, screen, (width, height), title);
    let shown = inner.height.saturating_sub(1);
    for ((line, role), y) in lines.iter().zip(inner.y..inner.y + shown) {
        canvas.text((inner.x, y), line, inner.width, *role);
    }
    keys(canvas, inner, help);
}

fn draw_servers(canvas: &mut Canvas, servers: &Servers, screen: Rect) {
    let rows = connect::rows();
    let height = rows.len() as u16 + 4;
    let inner = frame(canvas, screen, (66, height), "Connect");
    // Rather every server than an empty row above the keys.
    let full = rows.len() + 1 >= usize::from(inner.height);
    let apart = if full { 1 } else { 2 };
    let shown = usize::from(inner.height.saturating_sub(apart)).max(1);
    let first = servers.cursor.saturating_sub(shown - 1);
    let current = canvas.app.settings.provider.as_str();
    for (offset, (index, row)) in rows.iter().enumerate().skip(first).take(shown).enumerate() {
        let line = Rect {
            y: inner.y + offset as u16,
            height: 1,
            ..inner
        };
        let (name, note) = match row {
            Some(preset) => (preset.title, note_of(preset, servers.found.as_ref())),
            None => (
                "Another server",
                "any address that speaks OpenAI's API".to_owned(),
            ),
        };
        let mark = if row.is_some_and(|preset| preset.name == current) {
            canvas.says("● ", "asked now: ")
        } else {
            "  "
        };
        let used = canvas.text((line.x, line.y), mark, line.width, Role::Accent);
        canvas.text(
            (line.x + used, line.y),
            name,
            line.width.saturating_sub(used),
            Role::Text,
        );
        let room = line.width.saturating_sub(NAMES);
        let note = cut(&note, usize::from(room));
        canvas.text((line.x + NAMES, line.y), &note, room, Role::Dim);
        if index == servers.cursor {
            canvas.paint(line, Role::Cursor);
        }
    }
    let mut presets = rows.iter().flatten();
    let told = if presets.any(|preset| preset.name == current) {
        canvas.says(
            "enter chooses · esc closes · ● is asked now",
            "enter chooses · esc closes",
        )
    } else {
        "enter chooses · esc closes"
    };
    keys(canvas, inner, told);
}

/// What is known of a server before it is chosen.
fn note_of(preset: &Preset, found: Option<&Found>) -> String {
    let Some(found) = found else {
        let looked_for = if preset.is_local() { "looking…" } else { "" };
        return looked_for.to_owned();
    };
    if preset.is_local() {
        let place = preset
            .base_url
            .trim_start_matches("http://")
            .trim_end_matches("/v1");
        let near = found
            .nearby
            .iter()
            .find(|near| near.base_url == preset.base_url);
        return match near.map(|near| near.models.as_slice()) {
            None => format!("none answers on {place}"),
            Some([]) => format!("answers on {place}, without a model"),
            Some([only]) => format!("answers with {only}"),
            Some([first, rest @ ..]) => format!("answers with {first} and {} more", rest.len()),
        };
    }
    match found.keys.get(preset.name) {
        Some(source) => format!("key from {source}"),
        None if preset.need == Need::Key => "asks for a key".to_owned(),
        None => String::new(),
    }
}

fn draw_address(
    canvas: &mut Canvas,
    (plan, title): (&Plan, &str),
    address: &Address,
    screen: Rect,
) {
    let hint = if plan.is_azure {
        "The name of your resource, such as acme, or its address"
    } else {
        "Its base URL, such as http://localhost:8080/v1"
    };
    let inner = asked(canvas, (title, hint), address.complaint.as_deref(), screen);
    if inner.height > 1 {
        let line = prompt(canvas, inner);
        entry::draw(canvas, &address.entry, entry::Focus::Here, line);
    }
    keys(canvas, inner, "enter goes on · esc goes back");
}

/// A box that asks for one line; what is wrong stands below the line.
fn asked(
    canvas: &mut Canvas,
    (title, hint): (&str, &str),
    wrong: Option<&str>,
    screen: Rect,
) -> Rect {
    let width = 66.min(screen.width);
    let room = usize::from(width.saturating_sub(4)).max(1);
    let lines = wrong.map(|wrong| list::wrap(&capitalised(wrong), room));
    let lines = lines.unwrap_or_default();
    let height = u16::try_from(lines.len())
        .unwrap_or(u16::MAX)
        .saturating_add(6);
    let inner = frame(canvas, screen, (width, height), title);
    canvas.text((inner.x, inner.y), hint, inner.width, Role::Dim);
    let end = inner.bottom().saturating_sub(1);
    for (line, y) in lines.iter().zip(inner.y + 2..end) {
        canvas.text((inner.x, y), line, inner.width, Role::Warning);
    }
    inner
}

/// The place where a line is typed.
fn prompt(canvas: &mut Canvas, inner: Rect) -> Rect {
    let used = canvas.text((inner.x, inner.y + 1), "> ", inner.width, Role::Key);
    Rect {
        x: inner.x + used,
        y: inner.y + 1,
        width: inner.width.saturating_sub(used),
        height: 1,
    }
}

fn draw_key(
    canvas: &mut Canvas,
    (plan, title): (&Plan, &str),
    (entered, complaint): (&Masked, Option<&str>),
    screen: Rect,
) {
    let hint = if plan.keyless {
        "Its key; leave this empty if it needs none".to_owned()
    } else {
        format!("Its key: paste it, or set {} instead", plan.key_env)
    };
    let wrong = complaint.or_else(|| connect::note(entered));
    let inner = asked(canvas, (title, &hint), wrong, screen);
    if inner.height > 1 {
        let line = prompt(canvas, inner);
        draw_masked(canvas, entered, line);
    }
    keys(
        canvas,
        inner,
        "enter goes on · ctrl+u empties · esc goes back",
    );
}

/// One dot for each character, and their number when they do not fit.
fn draw_masked(canvas: &mut Canvas, entered: &Masked, line: Rect) {
    let count = entered.count();
    let room = usize::from(line.width.saturating_sub(1));
    let dots = if count <= room {
        "•".repeat(count)
    } else {
        let number = format!(" {count} characters");
        "•".repeat(room.saturating_sub(columns(&number))) + &number
    };
    let used = canvas.text((line.x, line.y), &dots, line.width, Role::Text);
    canvas.cursor = Some(Position {
        x: line.x + used.min(line.width.saturating_sub(1)),
        y: line.y,
    });
}

fn draw_failed(canvas: &mut Canvas, title: &str, failure: &Failure, screen: Rect) {
    let what = match failure.why.as_str() {
        "" => format!("{}.", capitalised(&failure.what)),
        why => format!("{}: {why}.", capitalised(&failure.what)),
    };
    let advice = format!("{}.", capitalised(&failure.advice));
    let mut words = vec![(what.as_str(), Role::Error)];
    if advice.len() > 1 {
        words.extend([("", Role::Text), (advice.as_str(), Role::Text)]);
    }
    words.push(("", Role::Text));
    let help = "enter again · k new key · s connect anyway · esc back";
    draw_words(canvas, title, &words, (screen, help));
}

fn draw_models(canvas: &mut Canvas, (plan, title): (&Plan, &str), models: &Models, screen: Rect) {
    let hint = match (models.is_unlisted(), plan.is_azure) {
        (_, true) => "The name of your deployment",
        (true, _) => "It lists no models: type a name, or leave this empty",
        (false, _) => "The model to ask for: choose one, or type any name",
    };
    let rows = models.rows().len().min(12) as u16;
    let inner = frame(canvas, screen, (66, rows + 6), title);
    canvas.text((inner.x, inner.y), hint, inner.width, Role::Dim);
    if inner.height > 1 {
        let line = prompt(canvas, inner);
        entry::draw(canvas, &models.query, entry::Focus::Here, line);
    }
    let shown = usize::from(inner.height.saturating_sub(4)).max(1);
    let first = models.cursor.saturating_sub(shown - 1);
    let visible = models.rows().iter().enumerate().skip(first).take(shown);
    for (offset, (index, row)) in visible.enumerate() {
        let line = Rect {
            y: inner.y + 2 + offset as u16,
            height: 1,
            ..inner
        };
        let (text, role) = match row {
            Row::Free(meaning) => (format!("none in particular: {meaning}"), Role::Dim),
            Row::Listed(name) => (name.clone(), Role::Text),
            Row::Typed(name) => (format!("{name}, as typed"), Role::Text),
        };
        canvas.text((line.x, line.y), &text, line.width, role);
        if index == models.cursor {
            canvas.paint(line, Role::Cursor);
        }
    }
    keys(canvas, inner, "enter chooses · esc goes back");
}

fn draw_places(canvas: &mut Canvas, (plan, title): (&Plan, &str), cursor: usize, screen: Rect) {
    let places = connect::places();
    let inner = frame(canvas, screen, (66, places.len() as u16 + 5), title);
    let hint = "Where should the key be kept?";
    canvas.text((inner.x, inner.y), hint, inner.width, Role::Dim);
    for (index, (place, y)) in places.iter().zip(inner.y + 1..inner.bottom()).enumerate() {
        let text = match place {
            Place::File => "in a file that only you can read".to_owned(),
            Place::Keyring => "in the keyring of the system".to_owned(),
            Place::Nowhere => format!("nowhere: I set {} in my shell", plan.key_env),
        };
        let line = Rect {
            y,
            height: 1,
            ..inner
        };
        canvas.text((line.x, line.y), &text, line.width, Role::Text);
        if index == cursor {
            canvas.paint(line, Role::Cursor);
        }
    }
    keys(canvas, inner, "enter chooses, and connects · esc goes back");
}
