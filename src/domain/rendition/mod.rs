//! A draft as another kind of file: Markdown, HTML, plain text, a document for a word processor,
//! an email.
//!
//! Owns what each kind looks like. What the text says is never active in them: HTML in it stays
//! text, and a link goes only where a reader can go. Writes no file.

mod docx;
mod eml;
mod html;
mod passage;
mod plain;
mod styles;
mod zip;

use jiff::Zoned;
use pulldown_cmark::Options;

/// What of Markdown is understood beside CommonMark.
pub const DIALECT: Options = Options::ENABLE_TABLES
    .union(Options::ENABLE_STRIKETHROUGH)
    .union(Options::ENABLE_TASKLISTS)
    .union(Options::ENABLE_FOOTNOTES);

/// What kind of file.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Format {
    /// Markdown without front matter.
    #[default]
    Markdown,
    /// One page that needs nothing else.
    Html,
    /// Text without any mark.
    Text,
    /// For word processors: Office Open XML.
    Docx,
    /// A message that is not sent yet: RFC 5322, as text and as HTML.
    Email,
}

impl Format {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::Markdown,
        Self::Html,
        Self::Text,
        Self::Docx,
        Self::Email,
    ];

    /// The ending of its files, by which it is also asked for.
    pub const fn ending(self) -> &'static str {
        match self {
            Self::Markdown => "md",
            Self::Html => "html",
            Self::Text => "txt",
            Self::Docx => "docx",
            Self::Email => "eml",
        }
    }

    /// As a person knows it.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Markdown => "Markdown",
            Self::Html => "HTML page",
            Self::Text => "Plain text",
            Self::Docx => "Word document",
            Self::Email => "Email",
        }
    }

    /// The one that a file name ends in.
    pub fn of_name(name: &str) -> Option<Self> {
        let (_, ending) = name.rsplit_once('.')?;
        let all = Self::ALL.into_iter();
        let same = |format: &Self| format.ending().eq_ignore_ascii_case(ending);
        let other = |format: &Self| *format == Self::Html && ending.eq_ignore_ascii_case("htm");
        let mut all = all.filter(|format| same(format) || other(format));
        all.next()
    }

    /// Whether it is text that can be pasted somewhere.
    pub const fn is_text(self) -> bool {
        matches!(self, Self::Markdown | Self::Html | Self::Text)
    }
}

/// Where the subject of an email comes from.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Subject {
    /// It is the title.
    #[default]
    Title,
    /// The text begins with it, when it does: `Subject: …`. That line is no part of the body.
    FirstLine,
}

/// What is made into a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sheet {
    /// The title.
    pub title: String,
    /// The text, as Markdown.
    pub body: String,
    /// Its language, as HTML names it: `en`, `de-CH`.
    pub language: String,
    /// Where the subject of an email comes from.
    pub subject: Subject,
    /// When it is made.
    pub at: Zoned,
}

impl Sheet {
    /// The whole file.
    pub fn render(&self, format: Format) -> Vec<u8> {
        match format {
            Format::Markdown => ended(self.body.clone()).into_bytes(),
            Format::Html => html::page(self).into_bytes(),
            Format::Text => ended(plain::text(&self.body)).into_bytes(),
            Format::Docx => docx::file(self),
            Format::Email => eml::message(self).into_bytes(),
        }
    }
}

/// A text file ends with a line end.
fn ended(mut text: String) -> String {
    if !text.is_empty() && !text.ends_with('\n') {
        text.push('\n');
    }
    text
}

/// A name of a language as HTML takes it, from one that a person or a locale gives:
/// `de_CH.UTF-8` is `de-CH`. `None` for what names none.
pub fn language(name: &str) -> Option<String> {
    let name = name.split(['.', '@']).next().unwrap_or_default();
    let parts: Vec<&str> = name.split(['_', '-']).collect();
    let fits = |part: &&str| {
        (1..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric())
    };
    let first = parts.first()?;
    let known = (2..=3).contains(&first.len()) && first.bytes().all(|b| b.is_ascii_alphabetic());
    (known && parts.iter().all(fits)).then(|| parts.join("-"))
}

#[cfg(test)]
mod tests;
