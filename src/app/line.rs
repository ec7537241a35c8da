//! The dialog that asks for one line: a title, tags, a path.

use super::App;
use super::deed::Deed;
use super::dialog::{Dialog, Outcome};
use super::field::{Lines, TextEntry};
use super::key::{Code, Key};
use crate::domain::draft::slug;
use crate::store::items::Item;
use std::path::PathBuf;

/// What the line is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asked {
    /// The title of an item.
    Title,
    /// Its tags, separated by commas.
    Tags,
    /// The title of a template that begins.
    NewTemplate,
    /// The name of a snippet that begins.
    NewSnippet,
    /// The path of a file to open.
    File,
}

/// One line that is asked for.
#[derive(Debug)]
pub struct Line {
    /// What it is.
    pub asked: Asked,
    /// What is entered.
    pub entry: TextEntry,
    /// What it is about, if that is there already.
    pub item: Option<Item>,
    /// What the new item says, if that is there already.
    pub source: Option<String>,
    before: String,
}

impl Line {
    /// A dialog about an item that starts with what there is, selected: typing replaces it.
    pub fn about(item: Item, asked: Asked, text: &str) -> Self {
        let mut entry = TextEntry::new(text, Lines::One);
        entry.select_all();
        Self {
            asked,
            before: entry.text(),
            entry,
            item: Some(item),
            source: None,
        }
    }

    /// A dialog about what is not there yet.
    pub fn asking(asked: Asked) -> Self {
        Self {
            asked,
            entry: TextEntry::new("", Lines::One),
            item: None,
            source: None,
            before: String::new(),
        }
    }

    /// A dialog about what is not there yet, of which the source is; `text` is only proposed.
    pub fn of_text(asked: Asked, text: &str, source: String) -> Self {
        let mut entry = TextEntry::new(text, Lines::One);
        entry.select_all();
        Self {
            entry,
            source: Some(source),
            ..Self::asking(asked)
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
        let title = text.trim().to_owned();
        let make = |item| {
            let title = title.clone();
            Outcome::Do(match self.source.clone() {
                Some(source) => Deed::Write {
                    item,
                    title,
                    source,
                },
                None => Deed::Make { item, title },
            })
        };
        match (self.asked, self.item.clone()) {
            (Asked::File, _) if !title.is_empty() => Outcome::OpenFile(PathBuf::from(text)),
            (Asked::NewTemplate, _) if !title.is_empty() => make(Item::Template(slug(&title))),
            (Asked::NewSnippet, _) if !title.is_empty() => make(Item::Snippet(slug(&title))),
            (Asked::Title | Asked::Tags, Some(_)) if text == self.before => Outcome::Close,
            (Asked::Title, Some(item)) if !title.is_empty() => {
                Outcome::Do(Deed::Rename { item, title })
            }
            (Asked::Tags, Some(item)) => Outcome::Do(Deed::Retag {
                item,
                tags: tags(&text),
            }),
            _ => Outcome::Stay,
        }
    }
}

impl App {
    /// Asks for the path of a file to open.
    pub(super) fn ask_for_path(&mut self) {
        let line = Line::asking(Asked::File);
        self.dialogs.push(Dialog::Line(Box::new(line)));
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
        let mut line = Line::about(item, Asked::Title, "a");
        let enter = Key::plain(Code::Enter);
        assert_eq!(line.key(enter), Outcome::Close);
        line.key(Key::plain(Code::Backspace));
        assert_eq!(line.key(enter), Outcome::Stay);
        line.key(Key::plain(Code::Char('b')));
        assert!(matches!(line.key(enter), Outcome::Do(Deed::Rename { title, .. }) if title == "b"));
    }
}
