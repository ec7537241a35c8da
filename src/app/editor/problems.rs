//! What is wrong with the source that is written, marked in its text.
//!
//! Asks for it once the text has rested, never on the way of a key, and carries the marks along
//! with the words that they are about until the answer is there. Judges nothing itself.

use super::{OpenDocument, Tab};
use crate::app::command::Command;
use crate::app::effect::Effect;
use crate::app::{App, Weight};
use crate::domain::document::Snapshot;
use crate::domain::lint::Spot;
use crate::store::files::Kind;
use std::ops::Range;
use uuid::Uuid;

/// Milliseconds that a text rests before it is looked through: less than a person waits for,
/// more than lies between two letters of a word.
const REST: u64 = 250;
/// Longest text whose marks are carried along, in bytes. None that is longer is a template.
const MOST: usize = 1024 * 1024;

/// What is known to be wrong with a source.
#[derive(Debug, Default)]
pub struct Problems {
    spots: Vec<Spot>,
    /// The text that the spots are places of.
    text: Option<Snapshot>,
    /// The revision of that text.
    carried: u64,
    /// The text that is being looked through, and its revision.
    asked: Option<(u64, Snapshot)>,
    /// The revision that was looked through last.
    judged: Option<u64>,
    /// When the text will have rested, and its revision.
    rests: Option<(u64, u64)>,
}

impl Problems {
    /// What is wrong, in the order of the text.
    pub fn spots(&self) -> &[Spot] {
        &self.spots
    }

    /// Whether the source was ever looked through.
    pub const fn are_known(&self) -> bool {
        self.judged.is_some()
    }

    /// The problem that a cursor stands at; else the first of its line, else none.
    pub fn at(&self, cursor: usize, line: &Range<usize>) -> Option<usize> {
        let starts = |spot: &Spot| (line.start..=line.end).contains(&spot.range.start);
        let holds = |spot: &Spot| (spot.range.start..=spot.range.end).contains(&cursor);
        let here = self.spots.iter().position(holds);
        here.or_else(|| self.spots.iter().position(starts))
    }

    /// Moves the spots to where their words are now.
    fn carry(&mut self, now: &Snapshot, revision: u64) {
        if self.carried == revision {
            return;
        }
        self.carried = revision;
        let before = self.text.replace(now.clone());
        if self.spots.is_empty() || now.len() > MOST {
            return;
        }
        let Some(patch) = before.and_then(|before| now.since(&before)) else {
            return;
        };
        let (start, end) = (patch.removed.start, patch.removed.end);
        let moved = |at: usize| match at {
            at if at <= start => at,
            at if at >= end => at - end + start + patch.inserted.len(),
            _ => start,
        };
        for spot in &mut self.spots {
            spot.range = moved(spot.range.start)..moved(spot.range.end);
        }
    }
}

impl OpenDocument {
    /// True for the source of a template or a snippet, in which problems are looked for.
    pub fn is_source(&self) -> bool {
        matches!(self.kind(), Kind::Template | Kind::Snippet) && self.read_only().is_none()
    }

    /// Asks what is wrong with the source, if its text is another one and has rested.
    fn look_through(&mut self, now: u64) -> Option<Effect> {
        if !self.is_source() {
            return None;
        }
        let revision = self.document.revision();
        if self.problems.judged == Some(revision) {
            return None;
        }
        let text = self.document.snapshot();
        self.problems.carry(&text, revision);
        if self.problems.asked.is_some() {
            return None;
        }
        if self.problems.judged.is_some() {
            match self.problems.rests {
                Some((until, of)) if of == revision && now >= until => {}
                Some((_, of)) if of == revision => return None,
                _ => {
                    self.problems.rests = Some((now + REST, revision));
                    return Some(Effect::WakeAt(now + REST));
                }
            }
        }
        self.problems.asked = Some((revision, text.clone()));
        let path = self.file.as_ref()?.path.clone();
        let id = self.id;
        Some(Effect::LookThrough { id, path, text })
    }
}

impl App {
    /// Asks what is wrong with the source that is shown, when it is time.
    pub(in crate::app) fn look_through(&mut self) -> Option<Effect> {
        let now = self.now.0;
        self.editor.open.look_through(now)
    }

    /// What sources include may be another text now.
    pub(in crate::app) fn look_through_again(&mut self) {
        for open in self.editor.all_mut() {
            open.problems.judged = open.problems.judged.map(|_| u64::MAX);
        }
    }

    /// A source was looked through.
    pub(in crate::app) fn on_problems(&mut self, id: Uuid, spots: Vec<Spot>) -> Vec<Effect> {
        let Some(open) = self.editor.get_mut(id) else {
            return Vec::new();
        };
        let problems = &mut open.problems;
        if let Some((revision, text)) = problems.asked.take() {
            problems.spots = spots;
            problems.text = Some(text);
            problems.carried = revision;
            problems.judged = Some(revision);
            let now = open.document.snapshot();
            problems.carry(&now, open.document.revision());
        }
        Vec::new()
    }

    /// Goes to the next problem of the source, or the one before.
    pub(super) fn go_to_problem(&mut self, command: Command) -> Vec<Effect> {
        let open = &self.editor.open;
        if self.editor.tab != Tab::Draft || !open.is_source() {
            let told = "problems are looked for in the source of a template or snippet";
            return self.tell(Weight::Note, told);
        }
        let cursor = open.document.cursor();
        let mut starts = open.problems.spots.iter().map(|spot| spot.range.start);
        let next = if command == Command::NextProblem {
            let after = starts.clone().find(|start| *start > cursor);
            after.or_else(|| starts.next())
        } else {
            let before = starts.clone().rfind(|start| *start < cursor);
            before.or_else(|| starts.next_back())
        };
        match next {
            Some(at) => {
                self.editor.document.stand_at(at);
                Vec::new()
            }
            None => self.tell(Weight::Good, "nothing is wrong with the source"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::document::Document;
    use crate::domain::lint::Gravity;

    #[test]
    fn marks_stay_with_their_words_while_others_are_typed() {
        let mut document = Document::new("one two three");
        let spot = |range| Spot {
            range,
            gravity: Gravity::Error,
            message: String::new(),
        };
        let mut problems = Problems {
            spots: vec![spot(0..3), spot(4..7), spot(8..13)],
            text: Some(document.snapshot()),
            carried: document.revision(),
            ..Problems::default()
        };
        document.replace(4..5, "and t", 0);
        problems.carry(&document.snapshot(), document.revision());
        let text = document.text();
        let words: Vec<&str> = problems
            .spots
            .iter()
            .map(|spot| &text[spot.range.clone()])
            .collect();
        assert_eq!(words[0], "one");
        assert!(words[1].ends_with("two"), "{words:?}");
        assert_eq!(words[2], "three");
        document.replace(0..9, "", 0);
        problems.carry(&document.snapshot(), document.revision());
        let ranges: Vec<_> = problems
            .spots
            .iter()
            .map(|spot| spot.range.clone())
            .collect();
        let long = document.len();
        assert!(
            ranges
                .iter()
                .all(|range| range.start <= range.end && range.end <= long)
        );
    }
}
