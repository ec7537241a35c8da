//! The dialog that asks for one line: a title or tags.

use super::deed::Deed;
use super::dialog::Outcome;
use super::field::{Lines, TextEntry};
use super::key::{Code, Key};
use crate::store::items::Item;

/// What the line is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asked {
    /// The title of an item.
    Title,
    /// Its tags, separated by commas.
    Tags,
}

/// One line that is asked for.
#[derive(Debug)]
pub struct Line {
    /// What it is.
    pub asked: Asked,
    /// What is entered.
    pub entry: TextEntry,
    /// What it is about.
    pub item: Item,
    before: String,
}

impl Line {
    /// A dialog that starts with what there is, selected: typing replaces it.
    pub fn new(asked: Asked, item: Item, text: &str) -> Self {
        let mut entry = TextEntry::new(text, Lines::One);
        entry.select_all();
        Self {
            asked,
            before: entry.text(),
            entry,
            item,
        }
    }

    /// Takes a key.
    pub fn key(&mut self, key: Key) -> Outcome {
        match key.code {
            Code::Esc => Outcome::Close,
            Code::Enter => self.entered(),
            _ => {
                self.entry.key(key);
                Outcome::Stay
            }
        }
    }

    fn entered(&self) -> Outcome {
        let text = self.entry.text();
        let item = self.item.clone();
        match self.asked {
            _ if text == self.before => Outcome::Close,
            Asked::Title if text.trim().is_empty() => Outcome::Stay,
            Asked::Title => Outcome::Do(Deed::Rename {
                item,
                title: text.trim().to_owned(),
            }),
            Asked::Tags => Outcome::Do(Deed::Retag {
                item,
                tags: tags(&text),
            }),
        }
    }
}

/// The tags of a line, each once.
fn tags(line: &str) -> Vec<String> {
    let mut tags: Vec<String> = Vec::new();
    for tag in line.split(',').map(str::trim) {
        if !tag.is_empty() && !tags.iter().any(|known| known == tag) {
            tags.push(tag.to_owned());
        }
    }
    tags
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_trimmed_and_counted_once() {
        assert_eq!(tags(" a, b c ,,a,"), ["a", "b c"]);
        assert!(tags(" , ").is_empty());
    }

    #[test]
    fn an_untouched_or_empty_title_changes_nothing() {
        let item = Item::Snippet("voice".to_owned());
        let mut line = Line::new(Asked::Title, item, "a");
        let enter = Key::plain(Code::Enter);
        assert_eq!(line.key(enter), Outcome::Close);
        line.key(Key::plain(Code::Backspace));
        assert_eq!(line.key(enter), Outcome::Stay);
        line.key(Key::plain(Code::Char('b')));
        assert!(matches!(line.key(enter), Outcome::Do(Deed::Rename { title, .. }) if title == "b"));
    }
}
