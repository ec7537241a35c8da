//! The box that makes a template of the draft or of the prompt: its title, and which words are to
//! be asked for each time.
//!
//! Goes away and comes back as it was, so that words can be selected in the draft meanwhile.
//! Writes nothing itself: a deed does, and never over a template that is there.

mod offering;

use super::deed::Deed;
use super::dialog::Outcome;
use super::field::{Lines, TextEntry};
use super::key::{Code, Key};
use crate::domain::draft::slug;
use crate::domain::import::{Blank, Material, of_material, places};
use crate::domain::prompt::Example;
use crate::domain::template::name_fault;
use crate::store::items::Item;
use uuid::Uuid;

/// Letters that the name of an input is made of, at most.
const LONGEST_NAME: usize = 24;

/// What a template is made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stuff {
    /// The document of this name.
    Draft(Uuid),
    /// The prompt of this template.
    Prompt(String),
}

/// Words that become an input.
#[derive(Debug)]
pub struct Part {
    /// The name of the input, as it is being written.
    pub name: TextEntry,
    /// The words.
    pub words: String,
    /// How often they stand in the text.
    pub places: usize,
}

/// The line that has the keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hand {
    /// The title.
    Title,
    /// The name of an input.
    Part(usize),
    /// Words to be added.
    More,
}

/// The box.
#[derive(Debug)]
pub struct Making {
    /// What it is made of.
    pub stuff: Stuff,
    /// The title.
    pub title: TextEntry,
    /// The inputs.
    pub parts: Vec<Part>,
    /// Words to be added.
    pub more: TextEntry,
    /// Where the keys go.
    pub hand: Hand,
    /// Why it could not be made.
    pub complaint: Option<String>,
    body: String,
    system: Option<String>,
    examples: Vec<Example>,
    /// The names that templates have already.
    taken: Vec<String>,
}

impl Making {
    /// Takes a key.
    pub fn key(&mut self, key: Key) -> Outcome {
        self.complaint = None;
        match key.code {
            Code::Esc => return Outcome::Making(Wish::Later),
            Code::Tab if key.shift => self.step(-1),
            Code::Tab | Code::Down => self.step(1),
            Code::Up => self.step(-1),
            Code::Enter if self.hand == Hand::More && !self.more.is_blank() => {
                let words = self.more.text();
                if self.add(words.trim()) {
                    self.more = TextEntry::new("", Lines::One);
                }
            }
            Code::Enter => return self.made(),
            _ => self.type_key(key),
        }
        Outcome::Stay
    }

    fn type_key(&mut self, key: Key) {
        let entry = match self.hand {
            Hand::Title => &mut self.title,
            Hand::More => &mut self.more,
            Hand::Part(at) => {
                let Some(part) = self.parts.get_mut(at) else {
                    self.hand = Hand::More;
                    return;
                };
                if part.name.is_empty() && matches!(key.code, Code::Backspace | Code::Delete) {
                    self.parts.remove(at);
                    self.hand = match self.parts.len() {
                        0 => Hand::More,
                        count => Hand::Part(at.min(count - 1)),
                    };
                    return;
                }
                &mut part.name
            }
        };
        entry.key(key);
    }

    /// Pastes into the line that has the keys.
    pub fn paste(&mut self, text: &str) {
        match self.hand {
            Hand::Title => self.title.insert(text),
            Hand::More => self.more.insert(text),
            Hand::Part(at) => {
                if let Some(part) = self.parts.get_mut(at) {
                    part.name.insert(text);
                }
            }
        }
    }

    fn step(&mut self, by: isize) {
        let count = self.parts.len() + 2;
        let at = match self.hand {
            Hand::Title => 0,
            Hand::Part(at) => at + 1,
            Hand::More => count - 1,
        };
        let next = at.checked_add_signed(by).unwrap_or(count - 1) % count;
        self.hand = match next {
            0 => Hand::Title,
            next if next == count - 1 => Hand::More,
            next => Hand::Part(next - 1),
        };
        if let Hand::Part(at) = self.hand
            && let Some(part) = self.parts.get_mut(at)
        {
            part.name.select_all();
        }
    }

    /// Makes words an input, if the text has them; false when it has not.
    fn add(&mut self, words: &str) -> bool {
        self.add_named(&name_of(words), words)
    }

    fn add_named(&mut self, name: &str, words: &str) -> bool {
        let found = places(&self.body, words);
        if found == 0 {
            self.complaint = Some(format!("“{}” is not in the text", start_of(words)));
            return false;
        }
        if self.parts.iter().any(|part| part.words == words) {
            return true;
        }
        let taken = |name: &str| self.parts.iter().any(|part| part.name.text() == name);
        let mut free = name.to_owned();
        let mut number = 2;
        while taken(&free) {
            free = format!("{name}_{number}");
            number += 1;
        }
        self.parts.push(Part {
            name: TextEntry::new(&free, Lines::One),
            words: words.to_owned(),
            places: found,
        });
        true
    }

    /// The template, if nothing is wrong with what is entered.
    fn made(&mut self) -> Outcome {
        match self.source() {
            Ok((item, title, source)) => Outcome::Making(Wish::Make(Deed::Write {
                item,
                title,
                source,
            })),
            Err((hand, why)) => {
                self.hand = hand;
                self.complaint = Some(why);
                Outcome::Stay
            }
        }
    }

    fn source(&self) -> Result<(Item, String, String), (Hand, String)> {
        let title = self.title.text().trim().to_owned();
        if title.is_empty() {
            return Err((Hand::Title, "it needs a title".to_owned()));
        }
        let name = slug(&title);
        if self.taken.contains(&name) {
            let why = format!("there is a template {name} already; choose another title");
            return Err((Hand::Title, why));
        }
        let mut blanks: Vec<Blank> = Vec::new();
        for (at, part) in self.parts.iter().enumerate() {
            let name = part.name.text().trim().to_owned();
            if let Some(why) = name_fault(&name) {
                return Err((Hand::Part(at), why));
            }
            if blanks.iter().any(|blank| blank.name == name) {
                let why = format!("two inputs are called `{name}`; give one another name");
                return Err((Hand::Part(at), why));
            }
            let words = part.words.clone();
            blanks.push(Blank { name, words });
        }
        let material = Material {
            title: &title,
            system: self.system.as_deref(),
            examples: &self.examples,
            body: &self.body,
        };
        let source = of_material(material, &blanks).map_err(|why| (self.hand, why))?;
        Ok((Item::Template(name), title, source))
    }
}

/// What the box asks for.
#[derive(Debug, PartialEq, Eq)]
pub enum Wish {
    /// It goes away, and comes back as it is.
    Later,
    /// The template is made.
    Make(Deed),
}

/// A name for the input that words stand for.
fn name_of(words: &str) -> String {
    let mut name = String::new();
    for word in slug(words).split('-') {
        let more = usize::from(!name.is_empty()) + word.len();
        if !name.is_empty() && name.len() + more > LONGEST_NAME {
            break;
        }
        if !name.is_empty() {
            name.push('_');
        }
        let plain = word.chars().filter(char::is_ascii_alphanumeric);
        name.extend(plain.take(LONGEST_NAME));
    }
    let name = name.trim_matches('_').to_owned();
    if name_fault(&name).is_some() {
        return "part".to_owned();
    }
    name
}

fn start_of(words: &str) -> String {
    const LONGEST: usize = 30;
    let line = words.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= LONGEST {
        return line;
    }
    let start: String = line.chars().take(LONGEST - 1).collect();
    format!("{}…", start.trim_end())
}

#[cfg(test)]
mod tests {
    use super::name_of;

    #[test]
    fn a_name_is_made_of_the_first_words() {
        for (words, name) in [
            ("Rust terminal apps", "rust_terminal_apps"),
            ("2026", "part"),
            ("not", "part"),
            ("Grüße an alle Menschen überall", "gruesse_an_alle_menschen"),
            ("日本", "part"),
        ] {
            let made = name_of(words);
            assert!(
                crate::domain::template::name_fault(&made).is_none(),
                "{made}"
            );
            if words.is_ascii() {
                assert_eq!(made, name);
            }
        }
    }
}
