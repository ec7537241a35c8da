//! The Markdown of a text as parser events in which nothing is active.
//!
//! HTML becomes the text it is written as, but for comments, which nobody sees, and line breaks.
//! A link or image that a reader could not safely follow keeps its words and loses its place.

use super::DIALECT;
use pulldown_cmark::{CowStr, Event, Parser, Tag, TagEnd};

/// Schemes that a link may have.
const FOLLOWED: [&str; 5] = ["http", "https", "mailto", "tel", "sms"];

/// The kinds of picture that may stand in the text itself.
const PICTURES: [&str; 4] = ["image/png", "image/jpeg", "image/gif", "image/webp"];

/// The events of a text.
pub(super) fn events(body: &str) -> Vec<Event<'_>> {
    let mut out = Vec::new();
    let mut html: Option<String> = None;
    // Whether each open link or image is kept.
    let mut kept: Vec<bool> = Vec::new();
    for event in Parser::new_ext(body, DIALECT) {
        match event {
            Event::Start(Tag::HtmlBlock) => html = Some(String::new()),
            Event::End(TagEnd::HtmlBlock) => block(&mut out, &html.take().unwrap_or_default()),
            Event::Html(text) => match &mut html {
                Some(html) => html.push_str(&text),
                None => block(&mut out, &text),
            },
            Event::Text(text) if html.is_some() => {
                if let Some(html) = &mut html {
                    html.push_str(&text);
                }
            }
            Event::InlineHtml(tag) => inline(&mut out, tag),
            Event::Start(Tag::Link { ref dest_url, .. }) => {
                kept.push(is_followed(dest_url));
                push_if(&mut out, kept.last(), event);
            }
            Event::Start(Tag::Image { ref dest_url, .. }) => {
                kept.push(is_followed(dest_url) || is_picture(dest_url));
                push_if(&mut out, kept.last(), event);
            }
            Event::End(TagEnd::Link | TagEnd::Image) => {
                let keep = kept.pop();
                push_if(&mut out, keep.as_ref(), event);
            }
            event => out.push(event),
        }
    }
    out
}

fn push_if<'a>(out: &mut Vec<Event<'a>>, keep: Option<&bool>, event: Event<'a>) {
    if keep == Some(&true) {
        out.push(event);
    }
}

/// A block of HTML as a paragraph of what it says.
fn block(out: &mut Vec<Event<'_>>, html: &str) {
    let html = html.trim();
    if html.is_empty() || is_comment(html) {
        return;
    }
    out.push(Event::Start(Tag::Paragraph));
    for (at, line) in html.lines().enumerate() {
        if at > 0 {
            out.push(Event::HardBreak);
        }
        out.push(Event::Text(CowStr::from(line.to_owned())));
    }
    out.push(Event::End(TagEnd::Paragraph));
}

fn inline<'a>(out: &mut Vec<Event<'a>>, tag: CowStr<'a>) {
    let name = tag.trim_matches(['<', '>', '/', ' ']);
    if name.eq_ignore_ascii_case("br") {
        out.push(Event::HardBreak);
    } else if !is_comment(&tag) {
        out.push(Event::Text(tag));
    }
}

/// Whether it is one comment and nothing else.
fn is_comment(html: &str) -> bool {
    let inner = html
        .strip_prefix("<!--")
        .and_then(|it| it.strip_suffix("-->"));
    inner.is_some_and(|inner| !inner.contains("-->"))
}

/// Whether a link goes where a reader can go: by one of the schemes, or to a place near the file.
fn is_followed(url: &str) -> bool {
    scheme(url).is_none_or(|scheme| FOLLOWED.contains(&scheme.as_str()))
}

fn is_picture(url: &str) -> bool {
    let Some(rest) = url.strip_prefix("data:") else {
        return false;
    };
    let kind = rest.split([';', ',']).next().unwrap_or_default();
    PICTURES.contains(&kind.to_ascii_lowercase().as_str())
}

/// The scheme as a browser reads it, which overlooks blanks and controls.
fn scheme(url: &str) -> Option<String> {
    let seen = |c: &char| !c.is_whitespace() && !c.is_control();
    let url: String = url.chars().filter(seen).take(4096).collect();
    let (scheme, _) = url.split_once(':')?;
    // A colon behind a slash is part of a path.
    (!scheme.contains(['/', '?', '#'])).then(|| scheme.to_ascii_lowercase())
}
