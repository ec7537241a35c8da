//! Text that tries to command a terminal, and a judge of what a program sent to one.
//!
//! Knows which sequences Copydesk writes itself; anything else that is no printable character
//! came from outside.

/// Control sequences, marks of direction, and what has no width or shape.
pub const HOSTILE: &str = "A\u{1b}]52;c;SGFja2Vk\u{7}B\u{1b}[6nC\u{1b}[>0cD\u{9b}5nE\u{1b}P0p\u{1b}\\F\u{8}G\u{7f}\
                           H\u{202e}I\u{200b}J\u{2028}K\u{e0041}L\rM\u{feff}N\u{9d}52;c;eA==\u{9c}O";

/// Terminal modes that the studio sets and takes back.
const MODES: [&str; 9] = [
    "?25", "?1000", "?1002", "?1003", "?1004", "?1006", "?1049", "?2004", "?2026",
];

/// Where a program writes to the terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Writer {
    /// The studio draws cells and nothing else.
    Studio,
    /// A headless command writes lines.
    Command,
}

/// The first thing among `bytes` that `writer` would not write by itself, with what stands around.
pub fn foreign(bytes: &[u8], writer: Writer) -> Option<String> {
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(why) => return Some(why.to_string()),
    };
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let length = own(rest, writer).or_else(|| shows_itself(c).then_some(c.len_utf8()));
        let Some(length) = length else {
            let around: String = rest.chars().take(40).collect();
            return Some(format!("{around:?}"));
        };
        rest = &rest[length..];
    }
    None
}

fn shows_itself(c: char) -> bool {
    copydesk::domain::text::mark(c).is_none() && !c.is_control()
}

/// Bytes of a sequence of the program's own.
fn own(rest: &str, writer: Writer) -> Option<usize> {
    if writer == Writer::Command {
        return ["\r\n", "\t"]
            .iter()
            .find(|end| rest.starts_with(**end))
            .map(|end| end.len());
    }
    let title = "\u{1b}]2;Copydesk\u{7}";
    if rest.starts_with(title) {
        return Some(title.len());
    }
    let body = rest.strip_prefix("\u{1b}[")?;
    let length = body.find(|c: char| !c.is_ascii_digit() && c != ';' && c != '?')?;
    let (numbers, last) = (&body[..length], body.as_bytes()[length]);
    let known = match last {
        b'H' | b'm' | b'J' | b'K' => !numbers.starts_with('?'),
        b'h' | b'l' => MODES.contains(&numbers),
        b't' => matches!(numbers, "22;2" | "23;2"),
        _ => false,
    };
    known.then_some(2 + length + 1)
}
