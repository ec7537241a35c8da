//! What the bytes of a terminal mean: keys, the mouse, pastes. Bytes in, messages out.
//!
//! A sequence may be cut anywhere: what could still go on is held until more comes, or until
//! nothing has come for [`PAUSE`]. Nothing in a paste is a command, whether the terminal marked it
//! or not: a batch with more different characters than a person types between two reads is a paste
//! too, to the next pause. Never reads and never looks at a clock.

use crate::app::key::{Code, Key, Mouse, MouseAction};
use crate::app::msg::{Looks, Msg};
use memchr::memmem;
use std::collections::VecDeque;
use std::time::Duration;

/// Silence after which what is held is all that comes: a lone escape is the escape key.
pub const PAUSE: Duration = Duration::from_millis(30);

/// Characters, each unlike the one before it, that one read may bring from a person's fingers.
const TYPED: usize = 24;
/// Bytes of a paste that are kept before they are handed on.
const LARGEST: usize = 64 << 20;
/// Bytes of a sequence before it counts as noise.
const LONGEST: usize = 64;

const ESC: u8 = 0x1b;
const PASTE_BEGINS: &[u8] = b"\x1b[200~";
const PASTE_ENDS: &[u8] = b"\x1b[201~";

/// Who says where a paste ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Edge {
    /// The terminal, by a mark.
    Mark,
    /// The next pause.
    Pause,
}

#[derive(Debug)]
struct Paste {
    edge: Edge,
    text: Vec<u8>,
}

/// Turns bytes into messages, however they were cut.
#[derive(Debug, Default)]
pub struct Decoder {
    held: Vec<u8>,
    paste: Option<Paste>,
}

impl Decoder {
    /// Takes what one read brought.
    pub fn push(&mut self, batch: &[u8], out: &mut VecDeque<Msg>) {
        let mut bytes = std::mem::take(&mut self.held);
        bytes.extend_from_slice(batch);
        let mut rest = bytes.as_slice();
        while !rest.is_empty() {
            rest = match &mut self.paste {
                Some(paste) => match paste.take(rest, out) {
                    Some(after) => {
                        self.paste = None;
                        after
                    }
                    None => break,
                },
                None => self.typed(rest, out),
            };
        }
    }

    /// Whether silence would mean something.
    pub fn waits(&self) -> bool {
        match &self.paste {
            Some(paste) => paste.edge == Edge::Pause || paste.text.last() == Some(&ESC),
            None => !self.held.is_empty(),
        }
    }

    /// Takes it that nothing has come for a [`PAUSE`].
    pub fn settle(&mut self, out: &mut VecDeque<Msg>) {
        if !self.waits() {
            return;
        }
        if let Some(mut paste) = self.paste.take() {
            // Escape, and then nothing: the person wants out of a paste that has no end.
            if paste.edge == Edge::Mark {
                paste.text.pop();
            }
            out.extend(pasted(&paste.text));
        }
        match std::mem::take(&mut self.held).as_slice() {
            [ESC] => out.push_back(Msg::Key(Key::plain(Code::Esc))),
            [ESC, byte @ (b'[' | b'O')] => {
                out.push_back(Msg::Key(alt(Key::plain(Code::Char(char::from(*byte))))));
            }
            [] | [ESC, ..] => {}
            _ => out.push_back(Msg::Key(Key::plain(Code::Char(
                char::REPLACEMENT_CHARACTER,
            )))),
        }
    }

    /// Takes what stands before the next paste; returns what follows.
    fn typed<'a>(&mut self, bytes: &'a [u8], out: &mut VecDeque<Msg>) -> &'a [u8] {
        let marked = memmem::find(bytes, PASTE_BEGINS);
        let (keys, after) = bytes.split_at(marked.unwrap_or(bytes.len()));
        if is_burst(keys) {
            let text = keys.to_vec();
            if marked.is_some() {
                out.extend(pasted(&text));
            } else {
                let edge = Edge::Pause;
                self.paste = Some(Paste { edge, text });
            }
        } else {
            let mut rest = keys;
            while !rest.is_empty() {
                let Some(Step { length, msg }) = step(rest) else {
                    self.held = rest.to_vec();
                    break;
                };
                out.extend(msg);
                rest = &rest[length..];
            }
        }
        if marked.is_some() {
            // What was cut before a paste never goes on.
            self.held.clear();
            let (edge, text) = (Edge::Mark, Vec::new());
            self.paste = Some(Paste { edge, text });
        }
        after.get(PASTE_BEGINS.len()..).unwrap_or_default()
    }
}

impl Paste {
    /// Takes text in; what follows the end of the paste, if it is there.
    fn take<'a>(&mut self, bytes: &'a [u8], out: &mut VecDeque<Msg>) -> Option<&'a [u8]> {
        let before = self.text.len();
        self.text.extend_from_slice(bytes);
        if self.edge == Edge::Mark {
            let from = before.saturating_sub(PASTE_ENDS.len());
            if let Some(found) = memmem::find(&self.text[from..], PASTE_ENDS) {
                let end = from + found;
                let taken = (end + PASTE_ENDS.len()).saturating_sub(before);
                self.text.truncate(end);
                out.extend(pasted(&self.text));
                return Some(&bytes[taken..]);
            }
        }
        if self.text.len() > LARGEST {
            out.extend(pasted(&std::mem::take(&mut self.text)));
        }
        None
    }
}

/// Text with the line ends of a text.
fn pasted(bytes: &[u8]) -> Option<Msg> {
    let text = String::from_utf8_lossy(bytes);
    let text = if text.contains('\r') {
        text.replace("\r\n", "\n").replace('\r', "\n")
    } else {
        text.into_owned()
    };
    (!text.is_empty()).then_some(Msg::Paste(text))
}

/// More than anyone types between two reads. A key that is held down says nothing new.
fn is_burst(mut bytes: &[u8]) -> bool {
    if bytes.len() < TYPED {
        return false;
    }
    let (mut count, mut last) = (0, None);
    while let Some(Step { length, msg }) = step(bytes) {
        if let Some(Msg::Key(key)) = msg
            && (key.typed().is_some() || matches!(key.code, Code::Enter | Code::Tab))
        {
            count += usize::from(last.replace(key) != Some(key));
        }
        bytes = &bytes[length..];
        if bytes.is_empty() {
            break;
        }
    }
    count >= TYPED
}

/// What stands at the start of some bytes: how many they are, and what they mean, if anything.
struct Step {
    length: usize,
    msg: Option<Msg>,
}

#[expect(clippy::unnecessary_wraps, reason = "an arm of `step`")]
const fn is(length: usize, code: Code) -> Option<Step> {
    let msg = Some(Msg::Key(Key::plain(code)));
    Some(Step { length, msg })
}

#[expect(clippy::unnecessary_wraps, reason = "an arm of `step`")]
const fn held(length: usize, letter: u8) -> Option<Step> {
    let mut key = Key::plain(Code::Char(letter as char));
    key.ctrl = true;
    let msg = Some(Msg::Key(key));
    Some(Step { length, msg })
}

/// A sequence that means nothing here.
#[expect(clippy::unnecessary_wraps, reason = "an arm of `step`")]
const fn noise(length: usize) -> Option<Step> {
    Some(Step { length, msg: None })
}

const fn alt(mut key: Key) -> Key {
    key.alt = true;
    key
}

/// The first key or sequence; nothing while it is not whole.
fn step(bytes: &[u8]) -> Option<Step> {
    match *bytes {
        [] | [ESC] | [ESC, b'O'] => None,
        [ESC, ESC, ..] => is(1, Code::Esc),
        [ESC, b'[', ref rest @ ..] => csi(rest),
        [ESC, b'O', last, ..] => match cursor_key(last) {
            Some(code) => is(3, code),
            None => noise(3),
        },
        [ESC, ref rest @ ..] => {
            let Step { length, msg } = step(rest)?;
            let msg = msg.map(|msg| match msg {
                Msg::Key(key) => Msg::Key(alt(key)),
                other => other,
            });
            Some(Step {
                length: length + 1,
                msg,
            })
        }
        [b'\r' | b'\n', ..] => is(1, Code::Enter),
        [b'\t', ..] => is(1, Code::Tab),
        [0x7f, ..] => is(1, Code::Backspace),
        [0, ..] => held(1, b' '),
        [byte @ 0x01..=0x1a, ..] => held(1, byte - 1 + b'a'),
        [byte @ 0x1c..=0x1f, ..] => held(1, byte - 0x1c + b'4'),
        [byte @ 0x20..=0x7e, ..] => is(1, Code::Char(char::from(byte))),
        [..] => character(bytes),
    }
}

/// A character beyond ASCII.
fn character(bytes: &[u8]) -> Option<Step> {
    let length = match bytes[0] {
        0xc2..=0xdf => 2,
        0xe0..=0xef => 3,
        0xf0..=0xf4 => 4,
        _ => 1,
    };
    let piece = &bytes[..length.min(bytes.len())];
    match std::str::from_utf8(piece) {
        Ok(text) => is(length, Code::Char(text.chars().next()?)),
        Err(error) if error.error_len().is_none() && piece.len() < length => None,
        Err(error) => is(
            error.error_len().unwrap_or(1),
            Code::Char(char::REPLACEMENT_CHARACTER),
        ),
    }
}

/// A control sequence, from behind its `ESC [`.
fn csi(rest: &[u8]) -> Option<Step> {
    if let [b'[', more @ ..] = rest {
        // The Linux console's own F1 to F5.
        return match more {
            [] => None,
            [last @ b'A'..=b'E', ..] => is(4, Code::F(last - b'A' + 1)),
            _ => noise(3),
        };
    }
    let length = rest.iter().take_while(|byte| (0x20..0x40).contains(*byte));
    let length = length.take(LONGEST).count();
    let (parameters, last) = match rest.get(length) {
        None => return None,
        // Not one of ours: what does not belong to it is read anew.
        Some(last) if length == LONGEST || !(0x40..0x7f).contains(last) => {
            return noise(length + 2);
        }
        Some(last) => (&rest[..length], *last),
    };
    Some(Step {
        length: length + 3,
        msg: meaning(parameters, last),
    })
}

fn meaning(parameters: &[u8], last: u8) -> Option<Msg> {
    if let [b'<', report @ ..] = parameters {
        return mouse(report, last).map(Msg::Mouse);
    }
    match last {
        b'I' if parameters.is_empty() => return Some(Msg::Looks(Looks::Here)),
        b'O' if parameters.is_empty() => return Some(Msg::Looks(Looks::Away)),
        _ => {}
    }
    let mut numbers = parameters.split(|byte| *byte == b';').map(number);
    let first = numbers.next().flatten();
    let second = numbers.next().flatten().unwrap_or(1);
    let (code, modifiers) = match (last, first) {
        (b'Z', _) => (Code::Tab, 2),
        (b'~', Some(27)) => (code_point(numbers.next().flatten()?)?, second),
        (b'~', Some(number)) => (numbered_key(number)?, second),
        (b'u', Some(point)) => (code_point(point)?, second),
        _ => (cursor_key(last)?, second),
    };
    Some(Msg::Key(with_modifiers(code, modifiers)))
}

/// The number at the start of a parameter; sub-parameters behind a colon do not matter here.
fn number(parameter: &[u8]) -> Option<u32> {
    let digits = parameter.split(|byte| *byte == b':').next()?;
    std::str::from_utf8(digits).ok()?.parse().ok()
}

/// A key with xterm's modifier parameter: one more than a sum of 1, 2, 4.
fn with_modifiers(code: Code, modifiers: u32) -> Key {
    let held = modifiers.saturating_sub(1);
    let mut key = Key::plain(code);
    key.shift = held & 1 != 0;
    key.alt = held & 2 != 0;
    key.ctrl = held & 4 != 0;
    if let Code::Char(c) = code {
        // A character carries its shift itself.
        if std::mem::take(&mut key.shift) && !key.ctrl {
            key.code = Code::Char(c.to_uppercase().next().unwrap_or(c));
        }
    }
    key
}

/// A key by the code point that newer terminals send for it.
fn code_point(point: u32) -> Option<Code> {
    Some(match point {
        9 => Code::Tab,
        13 => Code::Enter,
        27 => Code::Esc,
        127 => Code::Backspace,
        _ => Code::Char(char::from_u32(point).filter(|c| !c.is_control())?),
    })
}

const fn cursor_key(last: u8) -> Option<Code> {
    Some(match last {
        b'A' => Code::Up,
        b'B' => Code::Down,
        b'C' => Code::Right,
        b'D' => Code::Left,
        b'H' => Code::Home,
        b'F' => Code::End,
        b'P'..=b'S' => Code::F(last - b'P' + 1),
        _ => return None,
    })
}

const fn numbered_key(number: u32) -> Option<Code> {
    Some(match number {
        1 | 7 => Code::Home,
        3 => Code::Delete,
        4 | 8 => Code::End,
        5 => Code::PageUp,
        6 => Code::PageDown,
        11..=15 => Code::F((number - 10) as u8),
        17..=21 => Code::F((number - 11) as u8),
        23..=26 => Code::F((number - 12) as u8),
        _ => return None,
    })
}

/// A report in SGR form: button, column, row, from 1.
fn mouse(report: &[u8], last: u8) -> Option<Mouse> {
    let mut numbers = report.split(|byte| *byte == b';').map(number);
    let (button, column, row) = (numbers.next()??, numbers.next()??, numbers.next()??);
    // Modifiers do not matter here.
    let action = match (button & !0b1_1100, last) {
        (0, b'M') => MouseAction::Press,
        (1, b'M') => MouseAction::PressMiddle,
        (0 | 32, b'm') => MouseAction::Release,
        (32, b'M') => MouseAction::Drag,
        (64, b'M') => MouseAction::WheelUp,
        (65, b'M') => MouseAction::WheelDown,
        _ => return None,
    };
    let cell = |number: u32| u16::try_from(number.saturating_sub(1)).ok();
    Some(Mouse {
        action,
        column: cell(column)?,
        row: cell(row)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// What some batches become, keys by name and pastes in quotes; `…` is a pause.
    fn read(batches: &[&[u8]]) -> String {
        let (mut decoder, mut out) = (Decoder::default(), VecDeque::new());
        for batch in batches {
            match *batch {
                b"..." => decoder.settle(&mut out),
                batch => decoder.push(batch, &mut out),
            }
        }
        let told = out.iter().map(|msg| match msg {
            Msg::Key(key) => key.to_string(),
            Msg::Paste(text) => format!("{text:?}"),
            other => format!("{other:?}"),
        });
        told.collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn every_usual_key_has_its_name() {
        for (bytes, name) in [
            ("aé你👩", "a é 你 👩"),
            ("\r\n\t\x7f", "enter enter tab backspace"),
            ("\0\x07\x1f", "ctrl+space ctrl+g ctrl+7"),
            ("\x1b[A\x1bOB\x1b[1;5C", "up down ctrl+right"),
            ("\x1b[Z\x1b[1;4D", "shift+tab alt+shift+left"),
            ("\x1b[Ia\x1b[O", "Looks(Here) a Looks(Away)"),
            ("\x1b[3~\x1b[5;5~\x1b[H", "delete ctrl+pageup home"),
            (
                "\x1bOP\x1b[15~\x1b[17;2~\x1b[24~\x1b[[C",
                "F1 F5 shift+F6 F12 F3",
            ),
            ("\x1bq\x1b\r\x1bé", "alt+q alt+enter alt+é"),
            ("\x1b[97;5u\x1b[27;2;13~\x1b[97;2u", "ctrl+a shift+enter A"),
            ("\x1b\x1b[A", "esc up"),
            ("\x1b[1I\x1b[?62;22c\x1b[999~x", "x"),
        ] {
            assert_eq!(read(&[bytes.as_bytes()]), name, "{bytes:?}");
        }
    }

    #[test]
    fn an_escape_is_one_key_only_when_nothing_follows() {
        assert_eq!(read(&[b"\x1b"]), "");
        assert_eq!(read(&[b"\x1b", b"..."]), "esc");
        assert_eq!(read(&[b"\x1b", b"[", b"A", b"..."]), "up");
        assert_eq!(read(&[b"\x1b[", b"..."]), "alt+[");
        assert_eq!(read(&[b"\xe4\xbd", b"\xa0"]), "你");
    }

    /// T7: whatever is in a paste that the terminal marked, it is text.
    #[test]
    fn a_marked_paste_is_text_wherever_it_is_cut() {
        let bytes = b"a\x1b[200~x\r\ny\rz\x07\x1b[Aq\x1b[201~b";
        for cut in 0..bytes.len() {
            let (left, right) = bytes.split_at(cut);
            assert_eq!(
                read(&[left, right]),
                r#"a "x\ny\nz\u{7}\u{1b}[Aq" b"#,
                "{cut}"
            );
        }
    }

    /// T7: nobody types that much between two reads.
    #[test]
    fn a_burst_is_a_paste_until_a_pause() {
        let text: &[u8] = b"first line\rsecond line\x07\x1b[15~ and on";
        assert_eq!(
            read(&[text, b"qR\x07", b"...", b"q"]),
            r#""first line\nsecond line\u{7}\u{1b}[15~ and onqR\u{7}" q"#
        );
    }

    #[test]
    fn a_key_held_down_and_words_typed_ahead_are_no_paste() {
        assert!(!read(&[&b"j".repeat(200)]).contains('"'));
        assert!(!read(&[&b"\x1b[B".repeat(200)]).contains('"'));
        assert_eq!(read(&[b"/blog\rKettles\x13"]).matches("ctrl+s").count(), 1);
    }

    #[test]
    fn a_paste_without_an_end_is_left_by_a_lone_escape() {
        assert_eq!(
            read(&[b"\x1b[200~abc", b"...", b"\x1b", b"...", b"q"]),
            r#""abc" q"#
        );
    }

    #[test]
    fn the_mouse_is_read_in_its_long_form() {
        let seen = read(&[b"\x1b[<0;300;2M\x1b[<65;1;1M\x1b[<35;4;4M\x1b[<0;0;99999M"]);
        assert_eq!(seen.matches("Mouse").count(), 4, "{seen}");
        assert!(seen.contains("Press, column: 299, row: 1"), "{seen}");
    }

    proptest! {
        /// T8: any bytes in any pieces are read, and nothing is held for ever.
        #[test]
        fn any_bytes_are_read_to_their_end(pieces in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..40), 0..6)) {
            let (mut decoder, mut out) = (Decoder::default(), VecDeque::new());
            for piece in &pieces {
                decoder.push(piece, &mut out);
            }
            decoder.settle(&mut out);
            prop_assert!(!decoder.waits());
        }
    }
}
