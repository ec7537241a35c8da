//! HTML: a page of its own, and the text within it.
//!
//! No script, no font, no style from elsewhere. Every word is escaped.

use super::passage::events;
use super::{Sheet, styles};
use pulldown_cmark::{Event, html};

/// The page.
pub(super) fn page(sheet: &Sheet) -> String {
    format!(
        "<!DOCTYPE html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>{}</title>\n<style>\n{}</style>\n</head>\n<body>\n<main>\n{}</main>\n</body>\n</html>\n",
        escaped(&sheet.language),
        escaped(&sheet.title),
        styles::PAGE,
        passage(&sheet.body, Breaks::Flow),
    )
}

/// What becomes of a line end within a paragraph.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Breaks {
    /// The text flows on, as in Markdown.
    Flow,
    /// The line ends, as in an email.
    Kept,
}

/// The text alone, as HTML.
pub(super) fn passage(body: &str, breaks: Breaks) -> String {
    let mut out = String::with_capacity(body.len() * 2);
    let broken = |event| match event {
        Event::SoftBreak if breaks == Breaks::Kept => Event::HardBreak,
        event => event,
    };
    html::push_html(&mut out, events(body).into_iter().map(broken));
    // The page may hold no control characters, whatever the text does.
    out.retain(is_allowed);
    out
}

/// Whether a character may stand in HTML and XML.
pub(super) fn is_allowed(c: char) -> bool {
    match c {
        '\t' | '\n' => true,
        '\u{fffe}' | '\u{ffff}' => false,
        c => !c.is_control(),
    }
}

/// A text between tags, or in the quotes of an attribute; also for XML.
pub(super) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars().filter(|c| is_allowed(*c)) {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}
