//! The conversation about a draft in the Output pane: its tab, what goes along with a question, the
//! question, the keys.
//!
//! Only reads. Never decides what a key does.

mod turns;

use super::output::state;
use super::style::Role;
use super::verbs::Verb;
use super::wrap::columns;
use super::{Cache, Canvas, entry, pane, verbs};
use crate::app::areas::Target;
use crate::app::ask::{Hand, Talk};
use crate::app::command::{Command, Scope, TABLE};
use crate::app::output::Variant;
use ratatui::layout::Rect;

/// Most rows of the question.
const QUESTION: u16 = 5;

/// The label of the conversation on the border, once there is one.
pub(super) fn label(canvas: &Canvas) -> Option<(String, bool, Option<Target>)> {
    let app = canvas.app;
    let shown = app.asks().shown;
    if !shown && app.talk().is_none_or(Talk::is_empty) {
        return None;
    }
    let running = app.talk().is_some_and(|talk| is_answered(canvas, talk));
    let mark = if running && !shown { "…" } else { "" };
    Some((format!("Ask{mark}"), shown, Some(Target::Ask)))
}

fn is_answered(canvas: &Canvas, talk: &Talk) -> bool {
    running(canvas, talk).is_some()
}

/// The answer that is being written.
fn running<'a>(canvas: &Canvas<'a>, talk: &Talk) -> Option<&'a Variant> {
    let asks = canvas.app.asks();
    let mut answers = talk.shown().iter().filter_map(|turn| asks.answer(turn.run));
    answers.find(|answer| answer.is_running())
}

/// Draws the conversation inside the border, whose labels end at `end`.
pub(super) fn draw(canvas: &mut Canvas, cache: &mut Cache, area: Rect, (inner, end): (Rect, u16)) {
    let app = canvas.app;
    let Some(talk) = app.talk_on_screen() else {
        return;
    };
    note(canvas, talk, area, end);
    let text = Rect {
        x: inner.x + 1,
        width: inner.width.saturating_sub(2),
        ..inner
    };
    let keys = keys(canvas, talk);
    let foot = verbs::rows(&keys, text.width).min(inner.height / 4);
    let rows = question_rows(talk, text.width.saturating_sub(2)).min((inner.height / 4).max(1));
    let line = u16::from(inner.height > 5);
    let page = Rect {
        height: inner.height.saturating_sub(foot + rows + line),
        ..text
    };
    canvas.areas.output = page;
    turns::draw(canvas, cache, talk, page);
    if line > 0 {
        along(canvas, inner, page.bottom());
    }
    let question = Rect {
        y: page.bottom() + line,
        height: rows.min(inner.height),
        ..text
    };
    draw_question(canvas, talk, question);
    let foot = Rect {
        y: question.bottom(),
        height: foot,
        ..text
    };
    verbs::draw(canvas, &keys, foot);
}

/// What the border says: which conversation it is, and how its answer is coming on.
fn note(canvas: &mut Canvas, talk: &Talk, area: Rect, end: u16) {
    let place = match talk.place() {
        (_, 1) => String::new(),
        (number, count) => format!("{number} of {count}"),
    };
    let chosen = talk.chosen().filter(|_| talk.hand != Hand::Writing);
    let chosen = chosen.or_else(|| talk.shown().last());
    let chosen = chosen.and_then(|turn| canvas.app.asks().answer(turn.run));
    let room = usize::from(area.right().saturating_sub(end + 4));
    let room = room.saturating_sub(columns(&place) + 3);
    let said = running(canvas, talk).or(chosen);
    let said = said.map(|answer| state(canvas, answer, room));
    let (said, role) = said.unwrap_or((String::new(), Role::Dim));
    let both = [place, said].into_iter().filter(|part| !part.is_empty());
    let both = both.collect::<Vec<_>>().join(" · ");
    pane::note(canvas, area, end, (&both, role));
}

/// The line above the question: what goes along with it.
fn along(canvas: &mut Canvas, inner: Rect, y: u16) {
    let rule = "─".repeat(inner.width.into());
    canvas.text((inner.x, y), &rule, inner.width, Role::Border);
    let window = canvas.app.coming_window();
    let room = inner.width.saturating_sub(2);
    let said = format!(" {window} ");
    let window = if columns(&said) <= usize::from(room) {
        said
    } else {
        format!(" {window:#} ")
    };
    canvas.text((inner.x + 1, y), &window, room, Role::Dim);
}

/// Rows for the question, as it would be wrapped.
fn question_rows(talk: &Talk, width: u16) -> u16 {
    if talk.hand != Hand::Writing {
        return 1;
    }
    let text = talk.entry.text();
    let width = usize::from(width.max(1));
    let rows = text.split('\n').map(|line| columns(line) / width + 1);
    (rows.sum::<usize>() as u16).clamp(1, QUESTION)
}

fn draw_question(canvas: &mut Canvas, talk: &Talk, area: Rect) {
    let writing = talk.hand == Hand::Writing && canvas.app.is_writing_question();
    canvas.target(area, Target::Question);
    let used = canvas.text((area.x, area.y), "? ", area.width, Role::Key);
    let place = Rect {
        x: area.x + used,
        width: area.width.saturating_sub(used),
        ..area
    };
    canvas.areas.question = Some(place);
    let front = canvas.app.dialogs.is_empty();
    let focus = if writing && front {
        entry::Focus::Here
    } else {
        entry::Focus::Elsewhere
    };
    entry::draw(canvas, &talk.entry, focus, place);
}

/// The keys that make sense now, as key and title.
fn keys(canvas: &Canvas, talk: &Talk) -> Vec<Verb> {
    let answered = is_answered(canvas, talk);
    let one = |name, title| (canvas.app.keymap.letter(name), title);
    let back = one("back", if answered { "stop" } else { "back" });
    let here = canvas.app.focus == crate::app::Pane::Output;
    match talk.hand {
        Hand::Quoting(_) => vec![
            two(
                canvas,
                ["next-paragraph", "previous-paragraph"],
                "paragraph",
            ),
            one("take-more", "more"),
            one("quote-chosen", "quote"),
            one("insert-chosen", "insert"),
            one("copy-chosen", "copy"),
            back,
        ],
        Hand::Choosing => of_answer(canvas, talk),
        Hand::Writing if !here => vec![one("ask", "ask")],
        Hand::Writing => {
            let answers = (!talk.shown().is_empty()).then(|| one("to-answers", "answers"));
            let keys = [Some(one("send-question", "ask")), answers, Some(back)];
            keys.into_iter().flatten().collect()
        }
    }
}

/// Two keys that lead there and back.
fn two(canvas: &Canvas, names: [&str; 2], title: &'static str) -> Verb {
    (
        names.map(|name| canvas.app.keymap.letter(name)).join(" "),
        title,
    )
}

/// The verbs of the chosen answer, and the ways on from it.
fn of_answer(canvas: &Canvas, talk: &Talk) -> Vec<Verb> {
    let answer = canvas.app.shown_answer();
    let done = answer.is_some_and(|answer| !answer.text.is_empty() && !answer.is_running());
    let partial = answer.is_some_and(Variant::is_partial);
    let draft = !canvas.app.editor.document.is_empty();
    let here = TABLE.iter().filter(|entry| entry.scope == Scope::Output);
    let verbs = here.filter_map(|entry| {
        use Command as C;
        let sensible = match entry.command {
            C::UseVariant | C::AppendVariant | C::InsertVariant | C::Quote | C::Copy => done,
            C::Compare => done && draft,
            C::Continue => done && partial,
            C::Regenerate | C::NewConversation => true,
            _ => false,
        };
        let title = match entry.command {
            C::Regenerate => "ask again",
            C::Continue => "go on",
            C::NewConversation => "new",
            _ => entry.title,
        };
        let key = verbs::key(canvas, entry);
        (sensible && !key.is_empty()).then_some((key, title))
    });
    let others = ["previous-variant", "next-variant"];
    let others = (talk.shown().len() > 1).then(|| two(canvas, others, "others"));
    let ways = ["earlier-conversation", "later-conversation"];
    let conversations = (talk.place().1 > 1).then(|| two(canvas, ways, "conversations"));
    let question = (canvas.app.keymap.letter("switch-hand"), "question");
    let ways = [others, conversations, Some(question)];
    verbs.chain(ways.into_iter().flatten()).collect()
}
