//! The part of Handlebars that dotprompt files use, as pieces of a text.
//!
//! Values, `if`, `unless`, `each`, roles, media and partials become what a template has for them.
//! Any other helper stays as text, and is told. No helper is ever run.

use super::Given;
use super::braces::{Nested, between};
use super::messages::Role;
use super::sketch::{Bit, Field, Kind, Sketch, Text};

/// What is open at a place of the text.
#[derive(Debug, Clone, PartialEq)]
enum Open {
    If,
    Each,
    /// A helper that stays as text, with its name.
    Kept(String),
}

/// The messages of a prompt, in order. A prompt without roles is one message of the user.
pub(super) fn messages(
    sketch: &mut Sketch,
    given: &Given<'_>,
    text: &str,
) -> Result<Vec<(Role, Text)>, String> {
    let mut reader = Reader {
        sketch,
        given,
        open: Vec::new(),
        messages: vec![(Role::User, Text::default())],
    };
    let mut rest = text;
    while let Some(at) = rest.find("{{") {
        reader.text().said(&rest[..at]);
        let here = &rest[at..];
        let used = reader.tag(here)?;
        if used == 0 {
            reader.text().said("{");
            rest = &here[1..];
        } else {
            rest = &here[used..];
        }
    }
    reader.text().said(rest);
    match reader.open.pop() {
        Some(Open::If) => Err("an `{{#if}}` is never closed".to_owned()),
        Some(Open::Each) => Err("an `{{#each}}` is never closed".to_owned()),
        Some(Open::Kept(name)) => Err(format!("a `{{{{#{name}}}}}` is never closed")),
        None => Ok(reader.messages),
    }
}

struct Reader<'r> {
    sketch: &'r mut Sketch,
    given: &'r Given<'r>,
    open: Vec<Open>,
    messages: Vec<(Role, Text)>,
}

impl Reader<'_> {
    /// The message that is being written.
    fn text(&mut self) -> &mut Text {
        if self.messages.is_empty() {
            self.messages.push((Role::User, Text::default()));
        }
        let last = self.messages.len() - 1;
        &mut self.messages[last].1
    }

    /// Reads a tag at the start of `here`; how many bytes it has, or none if it is text.
    fn tag(&mut self, here: &str) -> Result<usize, String> {
        if let Some(comment) = here.strip_prefix("{{!--") {
            return Ok(comment.find("--}}").map_or(0, |end| end + 9));
        }
        let triple = here.starts_with("{{{");
        let pair = if triple { ("{{{", "}}}") } else { ("{{", "}}") };
        let Some((inner, length)) = between(here, pair, Nested::Never) else {
            return Ok(0);
        };
        let inner = inner.trim().trim_matches('~').trim();
        if inner.starts_with('!') {
            return Ok(length);
        }
        if let Some(opening) = inner.strip_prefix('#') {
            return Ok(self.opening(opening, &here[..length]));
        }
        if let Some(closing) = inner.strip_prefix('/') {
            return self.closing(closing.trim(), &here[..length]);
        }
        if inner == "else" {
            return Ok(match self.open.last() {
                Some(Open::If) => self.put(Bit::Else, length),
                Some(Open::Each) => 0,
                _ => self.keep(&here[..length]),
            });
        }
        Ok(self.value(inner, length))
    }

    fn put(&mut self, bit: Bit, length: usize) -> usize {
        self.text().push(bit);
        length
    }

    fn keep(&mut self, tag: &str) -> usize {
        self.text().said(tag);
        tag.len()
    }

    fn opening(&mut self, opening: &str, tag: &str) -> usize {
        let (helper, rest) = opening.split_once(' ').unwrap_or((opening, ""));
        let name = rest.trim();
        let inside = self.open.contains(&Open::Each);
        let bit = match helper {
            "if" if is_path(name) && !(inside && name == "this") => Bit::If(name.to_owned()),
            "unless" if is_path(name) && !(inside && name == "this") => {
                Bit::Unless(name.to_owned())
            }
            "each" if is_path(name) && !inside => {
                self.sketch.field(Field {
                    kind: Kind::Text,
                    help: "One per line".to_owned(),
                    ..Field::line(name)
                });
                Bit::Each(name.to_owned())
            }
            _ => {
                let shown: String = opening.chars().take(40).collect();
                self.sketch.leave(format!(
                    "`{{{{#{shown}}}}}`: a template has no such block; it stays as text"
                ));
                self.open.push(Open::Kept(helper.to_owned()));
                return self.keep(tag);
            }
        };
        if let Bit::If(name) | Bit::Unless(name) = &bit {
            // What is asked for may be left out.
            let name = name.clone();
            self.sketch.field(Field {
                required: false,
                ..Field::line(&name)
            });
        }
        self.open.push(match bit {
            Bit::Each(_) => Open::Each,
            _ => Open::If,
        });
        self.put(bit, tag.len())
    }

    fn closing(&mut self, helper: &str, tag: &str) -> Result<usize, String> {
        let fits = match self.open.last() {
            Some(Open::If) => matches!(helper, "if" | "unless"),
            Some(Open::Each) => helper == "each",
            Some(Open::Kept(name)) => name == helper,
            None => false,
        };
        if !fits {
            return Err(format!("`{{{{/{helper}}}}}` closes nothing that is open"));
        }
        Ok(match self.open.pop() {
            Some(Open::If) => self.put(Bit::EndIf, tag.len()),
            Some(Open::Each) => self.put(Bit::EndEach, tag.len()),
            _ => self.keep(tag),
        })
    }

    fn value(&mut self, inner: &str, length: usize) -> usize {
        if let Some(partial) = inner.strip_prefix('>') {
            return self.partial(partial.trim(), length);
        }
        let (helper, rest) = inner.split_once(' ').unwrap_or((inner, ""));
        match helper {
            "role" if self.open.is_empty() => {
                let word = rest.trim().trim_matches(['"', '\'']);
                if let Some(role) = Role::named(word) {
                    self.messages.push((role, Text::default()));
                    return length;
                }
            }
            "history" => {
                self.sketch
                    .leave("`{{history}}`: a template has no earlier messages");
                return length;
            }
            "media" => return self.media(rest, length),
            "this" if self.open.contains(&Open::Each) && rest.is_empty() => {
                return self.put(Bit::Item, length);
            }
            _ => {}
        }
        if is_path(inner) && inner != "this" && !self.given.is_literal(inner) {
            return self.put(Bit::Value(inner.to_owned(), None), length);
        }
        let shown: String = inner.chars().take(40).collect();
        self.sketch.leave(format!(
            "`{{{{{shown}}}}}`: no variable, so it stays as text"
        ));
        0
    }

    /// A partial is a snippet of the same name.
    fn partial(&mut self, name: &str, length: usize) -> usize {
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
        if name.is_empty() || !name.chars().all(plain) {
            self.sketch
                .leave("a partial with values of its own: it stays as text");
            return 0;
        }
        self.sketch.leave(format!(
            "`{{{{>{name}}}}}`: write its text as the snippet `{name}`"
        ));
        self.put(Bit::Include(name.to_owned()), length)
    }

    /// An image goes along with the prompt.
    fn media(&mut self, rest: &str, length: usize) -> usize {
        let url = rest
            .split_whitespace()
            .find_map(|word| word.strip_prefix("url="));
        match url.filter(|url| is_path(url)) {
            Some(name) => {
                let field = self.sketch.field(Field::line(name));
                (field.kind, field.default) = (Kind::Image, None);
            }
            None => self
                .sketch
                .leave("`{{media}}`: nothing is fetched; declare an input of type image"),
        }
        length
    }
}

/// Whether something is a name, or a path of names.
fn is_path(text: &str) -> bool {
    let part = |part: &str| {
        part.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
            && part.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
    };
    text.len() <= 200 && text.split('.').all(part)
}
