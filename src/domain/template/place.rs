//! Places in template files: what an error points at, for people.
//!
//! Owns the one shape of a located complaint and the arithmetic from bytes to lines and columns.
//! Never decides what is wrong.

use std::fmt;
use thiserror::Error;

/// A complaint about one place in a template or snippet.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub struct Problem {
    /// The file as shown to people.
    pub file: String,
    /// Line in the file, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
    /// What is wrong and what to do.
    pub message: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            file,
            line,
            column,
            message,
        } = self;
        write!(out, "{file}:{line}:{column}: {message}")
    }
}

/// Line and column, both from 1; columns count characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Place {
    pub line: usize,
    pub column: usize,
}

impl Place {
    /// The very start of a file.
    pub(crate) const START: Self = Self { line: 1, column: 1 };

    /// The place of a byte offset; an offset inside a character counts as its start.
    pub(crate) fn of(text: &str, offset: usize) -> Self {
        let before = &text.as_bytes()[..offset.min(text.len())];
        let line_start = memchr::memrchr(b'\n', before).map_or(0, |at| at + 1);
        // Every byte but the continuations of UTF-8 (10xxxxxx) starts a character.
        let starts = before[line_start..]
            .iter()
            .filter(|byte| **byte & 0xc0 != 0x80);
        Self {
            line: 1 + memchr::memchr_iter(b'\n', before).count(),
            column: 1 + starts.count(),
        }
    }

    /// A complaint at this place.
    pub(crate) fn problem(self, file: &str, message: impl Into<String>) -> Problem {
        Problem {
            file: file.to_owned(),
            line: self.line,
            column: self.column,
            message: message.into(),
        }
    }
}

/// A text that will be rendered, and where in its file it was written.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Piece {
    /// The text as the template engine sees it.
    pub text: String,
    /// Where the text starts in the file (for a YAML string: where its scalar starts).
    pub start: usize,
    /// How the text relates to the file from there.
    pub written: Written,
}

/// How a piece stands in its file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Written {
    /// Byte for byte.
    Verbatim,
    /// As a YAML string: perhaps quoted, indented or folded.
    Yaml,
}

impl Piece {
    /// The place in `source` of a byte of this piece.
    pub(crate) fn place(&self, source: &str, offset: usize) -> Place {
        let offset = offset.min(self.text.len());
        let at = match self.written {
            Written::Verbatim => self.start + offset,
            Written::Yaml => self.find(source, offset).unwrap_or(self.start),
        };
        Place::of(source, at)
    }

    /// Looks for the line of the piece in the file, then for what stands at the offset: quoting
    /// and indentation keep lines intact, folding and escapes at least the words.
    fn find(&self, source: &str, offset: usize) -> Option<usize> {
        let offset = (0..=offset).rfind(|at| self.text.is_char_boundary(*at))?;
        let (before, after) = self.text.split_at(offset);
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        let line_end = after.find('\n').map_or(self.text.len(), |at| offset + at);
        let written = source.get(self.start..)?;
        let line = self.text[line_start..line_end].trim_end();
        if let Some(at) = find_nth(written, line, self.repeats(line, line_start)) {
            return Some(self.start + at + (offset - line_start).min(line.len()));
        }
        let word_end = after.find(['\n', '}', '"', '\\']).unwrap_or(after.len());
        let word = after[..word_end].trim_end();
        if word.is_empty() {
            return None;
        }
        find_nth(written, word, self.repeats(word, offset)).map(|at| self.start + at)
    }

    /// How often `needle` stands in the text before `offset`.
    fn repeats(&self, needle: &str, offset: usize) -> usize {
        if needle.is_empty() {
            return 0;
        }
        self.text[..offset].matches(needle).count()
    }
}

fn find_nth(text: &str, needle: &str, nth: usize) -> Option<usize> {
    if needle.is_empty() {
        return None;
    }
    text.match_indices(needle).nth(nth).map(|(at, _)| at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters() {
        assert_eq!(Place::of("aé\nüb!", 7), Place { line: 2, column: 3 });
        assert_eq!(Place::of("", 9), Place::START);
    }

    #[test]
    fn a_problem_reads_as_file_line_column() {
        let problem = Place { line: 3, column: 7 }.problem("a.md", "no");
        assert_eq!(problem.to_string(), "a.md:3:7: no");
    }

    #[test]
    fn a_place_in_an_indented_block_is_found() {
        let source = "system: |\n    One.\n    Two {{ x }}.\n";
        let piece = Piece {
            text: "One.\nTwo {{ x }}.\n".into(),
            start: 8,
            written: Written::Yaml,
        };
        let offset = piece.text.find('x').unwrap();
        assert_eq!(
            piece.place(source, offset),
            Place {
                line: 3,
                column: 12
            }
        );
    }

    #[test]
    fn a_place_in_a_folded_string_is_found_by_its_words() {
        let source = "system: >\n  One\n  two {{ x }}.\n";
        let piece = Piece {
            text: "One two {{ x }}.\n".into(),
            start: 8,
            written: Written::Yaml,
        };
        let offset = piece.text.find('x').unwrap();
        assert_eq!(
            piece.place(source, offset),
            Place {
                line: 3,
                column: 10
            }
        );
    }
}
