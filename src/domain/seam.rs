//! The seam between a text that broke off and what a model wrote to go on with it: nothing twice,
//! nothing lost, nothing that is no text.
//!
//! Models begin anew with the last words, with a line break, with "(continued)", in a fence of
//! their own. What they wrote is never changed in its middle, and the text before never at all.

mod head;
mod words;

use unicode_segmentation::UnicodeSegmentation;

/// Bytes of a continuation that say how it begins. What comes later is only added.
const HEAD: usize = 2_048;
/// Bytes of the text before that are looked at.
const TAIL: usize = 4_096;

/// A text that goes on, with what was written so far to go on with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seam {
    before: String,
    /// What the model wrote, byte for byte.
    written: String,
    /// The beginning is known; from there on, what comes is added as it is.
    decided: bool,
}

/// How far a continuation came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Came {
    /// To its end: what it says is meant, even if it says only what stood there.
    Whole,
    /// Not to its end, or not yet: what began to repeat the text before would have gone on so.
    InPart,
}

impl Came {
    /// In part where that is so.
    pub const fn in_part(is_part: bool) -> Self {
        if is_part { Self::InPart } else { Self::Whole }
    }
}

/// Where a continuation begins to be text, and what joins it to the text before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Join {
    skip: usize,
    glue: &'static str,
    /// A fence was opened that does not belong to the text: its end does not, either.
    fenced: bool,
    /// So was a quotation mark.
    quoted: bool,
}

impl Join {
    const fn at(skip: usize, glue: &'static str) -> Self {
        Self {
            skip,
            glue,
            fenced: false,
            quoted: false,
        }
    }
}

impl Seam {
    /// A seam behind a text.
    pub const fn behind(before: String) -> Self {
        Self {
            before,
            written: String::new(),
            decided: false,
        }
    }

    /// The text as far as it can be told.
    pub fn text(&self, came: Came) -> String {
        joined(&self.before, &self.written, came)
    }

    /// Takes more of the answer; the text that it adds at the end, or `None` when the whole
    /// [text](Self::text) is to be taken anew.
    pub fn push<'a>(&mut self, more: &'a str) -> Option<&'a str> {
        self.written.push_str(more);
        if self.decided {
            return Some(more);
        }
        self.decided = self.written.len() > HEAD;
        None
    }

    /// Takes back what the answer said behind its first `keep` bytes.
    pub fn correct(&mut self, keep: usize, text: &str) {
        super::run::correct(&mut self.written, keep, text);
    }
}

/// What a model of this kind leaves at the end of a text that is cut inside a character: it is no
/// text, and the continuation has the character.
pub fn whole(text: &str) -> &str {
    text.trim_end_matches('\u{fffd}')
}

/// `before` and what was written to go on with it, as one text.
pub fn joined(before: &str, written: &str, came: Came) -> String {
    let join = join(before, written, came);
    let mut rest = &written[join.skip..];
    if join.fenced {
        rest = without_fence(rest);
    }
    if join.quoted {
        rest = rest
            .trim_end()
            .strip_suffix(['"', '”', '»', '“'])
            .unwrap_or(rest);
    }
    [before, if rest.is_empty() { "" } else { join.glue }, rest].concat()
}

/// Where what was written begins, seen from its head alone, so that more of it changes nothing.
fn join(before: &str, written: &str, came: Came) -> Join {
    let tail = end_of(before, TAIL);
    let head = start_of(written, HEAD);
    if before.is_empty() || head.is_empty() || goes_on_inside(tail, head) {
        return Join::at(0, "");
    }
    let mut join = Join::at(0, "");
    let code = is_in_code(before);
    join.skip = head::preamble(head);
    let fence = head::fence(&head[join.skip..], tail, code);
    let repeated_fence = fence > 0;
    join.skip += fence;
    join.fenced = repeated_fence && !code;
    let text = &head[join.skip..];
    if let Some(repeated) = words::repeated(tail, text) {
        // What follows a repetition follows the text: with the space it has, or none.
        join.skip += repeated;
        return join;
    }
    let unquoted = text.trim_start().strip_prefix(['"', '“', '„', '«']);
    if let Some(repeated) = unquoted.and_then(|text| words::repeated(tail, text)) {
        join.skip = head.len() - unquoted.map_or(0, str::len) + repeated;
        join.quoted = true;
        return join;
    }
    if came == Came::InPart && written.len() <= HEAD && words::is_begun(tail, text) {
        join.skip = written.len();
        return join;
    }
    let (skip, glue) = if code {
        in_code(tail, text, repeated_fence)
    } else {
        words::glue(tail, text)
    };
    join.skip += skip;
    join.glue = glue;
    join
}

/// Code goes on as it is; a line that is begun anew in a fence of its own is a line of its own.
fn in_code(tail: &str, text: &str, fenced: bool) -> (usize, &'static str) {
    if tail.ends_with('\n') {
        let blank = text.len() - text.trim_start_matches('\n').len();
        return (blank, "");
    }
    (0, if fenced { "\n" } else { "" })
}

/// Whether the first character belongs to the last one of the text before: an accent, the rest of
/// an emoji, the line feed behind a carriage return.
fn goes_on_inside(tail: &str, head: &str) -> bool {
    let Some(last) = tail.graphemes(true).next_back() else {
        return false;
    };
    let first = head.chars().next().map(String::from).unwrap_or_default();
    [last, &first].concat().graphemes(true).count() == 1
}

/// Whether the text ends inside a fenced block of code.
fn is_in_code(text: &str) -> bool {
    let mut open: Option<&str> = None;
    for line in text.lines() {
        let line = line.trim_start();
        let mark = &line[..line.len() - line.trim_start_matches(['`', '~']).len()];
        let is_fence = mark.len() >= 3 && !mark.contains("`~") && !mark.contains("~`");
        match open {
            Some(fence) if line.trim_end() == mark && mark.starts_with(fence) => open = None,
            None if is_fence => open = Some(mark),
            _ => {}
        }
    }
    open.is_some()
}

/// The text of a block without the line that ends it.
fn without_fence(text: &str) -> &str {
    let trimmed = text.trim_end();
    for mark in ["```", "~~~"] {
        if let Some(inner) = trimmed.strip_suffix(mark)
            && (inner.is_empty() || inner.ends_with('\n'))
            && !is_in_code(inner)
        {
            return inner.trim_end_matches('\n');
        }
    }
    text
}

fn end_of(text: &str, most: usize) -> &str {
    let from = text.len().saturating_sub(most);
    let from = (from..=text.len()).find(|at| text.is_char_boundary(*at));
    &text[from.unwrap_or(text.len())..]
}

fn start_of(text: &str, most: usize) -> &str {
    let to = (0..=most.min(text.len())).rev();
    let to = to.into_iter().find(|at| text.is_char_boundary(*at));
    &text[..to.unwrap_or(0)]
}

#[cfg(test)]
mod tests;
