//! Keys and mouse as the model knows them, whatever library read them.
//!
//! Keys have names (`ctrl+g`, `shift+tab`, `f1`) that read the same in the command table, in
//! help texts and in tests.

use std::fmt;
use std::str::FromStr;

/// The key itself, without modifiers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Code {
    /// A character, shift already applied.
    Char(char),
    /// Function key by number.
    F(u8),
    /// Enter or return.
    Enter,
    /// Escape.
    Esc,
    /// Tab.
    Tab,
    /// Backspace.
    Backspace,
    /// Delete forward.
    Delete,
    /// Cursor left.
    Left,
    /// Cursor right.
    Right,
    /// Cursor up.
    Up,
    /// Cursor down.
    Down,
    /// Home.
    Home,
    /// End.
    End,
    /// Page up.
    PageUp,
    /// Page down.
    PageDown,
}

/// A key press with its modifiers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Key {
    /// The key.
    pub code: Code,
    /// Control was held.
    pub ctrl: bool,
    /// Alt was held.
    pub alt: bool,
    /// Shift was held; never set for characters, which carry it themselves.
    pub shift: bool,
}

impl Key {
    /// Rows that it moves a list by which takes letters for itself; `None` when it moves none.
    pub(super) const fn rows(self) -> Option<isize> {
        Some(match self.code {
            Code::Down => 1,
            Code::Up => -1,
            Code::PageDown => 10,
            Code::PageUp => -10,
            _ => return None,
        })
    }

    /// A key without modifiers.
    pub const fn plain(code: Code) -> Self {
        Self {
            code,
            ctrl: false,
            alt: false,
            shift: false,
        }
    }

    /// The key as a terminal tells it: a character carries its shift itself, and with ctrl it has
    /// none. `None` when nobody can say what shift makes of it.
    fn normal(mut self) -> Option<Self> {
        if let Code::Char(c) = self.code {
            if self.ctrl {
                self.code = Code::Char(c.to_ascii_lowercase());
            } else if self.shift && c.is_alphabetic() {
                self.code = Code::Char(c.to_uppercase().next()?);
            } else if self.shift && c != ' ' {
                return None;
            }
            self.shift = false;
        }
        Some(self)
    }

    /// True for a key that every terminal can tell from all others.
    pub const fn is_sent_everywhere(self) -> bool {
        match self.code {
            Code::Char(c) if self.ctrl => {
                matches!(c, 'a'..='z' | ' ' | '4'..='7') && !matches!(c, 'i' | 'm' | 'h' | 'j')
            }
            // They begin the sequences of other keys.
            Code::Char('[' | 'O') => !self.alt,
            Code::Enter | Code::Esc | Code::Backspace => !self.ctrl && !self.shift,
            Code::Tab => !self.ctrl,
            _ => true,
        }
    }

    /// The character this key types, if it types one.
    pub const fn typed(self) -> Option<char> {
        match self.code {
            Code::Char(c) if !self.ctrl && !self.alt => Some(c),
            _ => None,
        }
    }
}

impl fmt::Display for Key {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (held, name) in [
            (self.ctrl, "ctrl+"),
            (self.alt, "alt+"),
            (self.shift, "shift+"),
        ] {
            if held {
                out.write_str(name)?;
            }
        }
        match self.code {
            Code::Char(' ') => out.write_str("space"),
            Code::Char(c) => write!(out, "{c}"),
            Code::F(number) => write!(out, "F{number}"),
            code => {
                let name = NAMES
                    .iter()
                    .find(|(_, named)| *named == code)
                    .map_or("", |(name, _)| name);
                out.write_str(name)
            }
        }
    }
}

const NAMES: [(&str, Code); 14] = [
    ("enter", Code::Enter),
    ("esc", Code::Esc),
    ("tab", Code::Tab),
    ("backspace", Code::Backspace),
    ("delete", Code::Delete),
    ("left", Code::Left),
    ("right", Code::Right),
    ("up", Code::Up),
    ("down", Code::Down),
    ("home", Code::Home),
    ("end", Code::End),
    ("pageup", Code::PageUp),
    ("pagedown", Code::PageDown),
    ("space", Code::Char(' ')),
];

/// How the same keys are called elsewhere.
const OTHER_NAMES: [(&str, Code); 6] = [
    ("escape", Code::Esc),
    ("return", Code::Enter),
    ("del", Code::Delete),
    ("pgup", Code::PageUp),
    ("pgdn", Code::PageDown),
    ("pgdown", Code::PageDown),
];

impl FromStr for Key {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let mut key = Self::plain(Code::Esc);
        let mut rest = text;
        while let Some((modifier, after)) =
            rest.split_once('+').filter(|(_, after)| !after.is_empty())
        {
            match modifier.to_ascii_lowercase().as_str() {
                "ctrl" => key.ctrl = true,
                "alt" => key.alt = true,
                "shift" => key.shift = true,
                _ => {
                    return Err(format!(
                        "`{modifier}` in key `{text}` is no modifier; use ctrl, alt or shift"
                    ));
                }
            }
            rest = after;
        }
        key.code = code(rest).ok_or_else(|| {
            format!("there is no key `{text}`; write one such as ctrl+g, alt+1, F5 or pagedown")
        })?;
        key.normal().ok_or_else(|| {
            format!("`{text}` is different on every keyboard; write the character that it types")
        })
    }
}

/// A key by its name.
fn code(name: &str) -> Option<Code> {
    let mut chars = name.chars();
    match (chars.next(), chars.as_str()) {
        (Some(c), "") => Some(Code::Char(c)),
        (Some('F' | 'f'), number) if number.parse::<u8>().is_ok() => {
            let number = number.parse().ok();
            number
                .filter(|number| (1..=24).contains(number))
                .map(Code::F)
        }
        _ => {
            let name = name.to_ascii_lowercase();
            let mut names = NAMES.iter().chain(&OTHER_NAMES);
            names
                .find(|(known, _)| *known == name)
                .map(|(_, code)| *code)
        }
    }
}

/// What the mouse did, and in which cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mouse {
    /// What happened.
    pub action: MouseAction,
    /// Column, from 0 at the left.
    pub column: u16,
    /// Row, from 0 at the top.
    pub row: u16,
}

/// What the mouse did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MouseAction {
    /// The left button went down.
    Press,
    /// The middle button went down.
    PressMiddle,
    /// The mouse moved with the left button down.
    Drag,
    /// The left button came up.
    Release,
    /// The wheel turned away from the person.
    WheelUp,
    /// The wheel turned towards the person.
    WheelDown,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_reads_back() {
        for name in [
            "ctrl+g",
            "shift+tab",
            "F12",
            "alt+1",
            "enter",
            "space",
            "ctrl+pagedown",
            "+",
            "=",
        ] {
            assert_eq!(name.parse::<Key>().unwrap().to_string(), name);
        }
    }

    #[test]
    fn one_key_has_one_spelling() {
        for (written, name) in [
            ("Ctrl+G", "ctrl+g"),
            ("shift+a", "A"),
            ("alt+shift+t", "alt+T"),
            ("f5", "F5"),
            ("Escape", "esc"),
            ("shift+ctrl+PgUp", "ctrl+shift+pageup"),
        ] {
            assert_eq!(written.parse::<Key>().unwrap().to_string(), name);
        }
        for nonsense in ["F0", "F25", "shift+1", "ctrl+", "", "+a"] {
            assert!(nonsense.parse::<Key>().is_err(), "{nonsense}");
        }
    }

    #[test]
    fn a_key_that_looks_like_another_is_not_sent_everywhere() {
        for (name, sent) in [
            ("ctrl+g", true),
            ("alt+enter", true),
            ("shift+tab", true),
            ("ctrl+space", true),
            ("ctrl+i", false),
            ("ctrl+m", false),
            ("ctrl+[", false),
            ("ctrl+,", false),
            ("ctrl+enter", false),
            ("shift+enter", false),
            ("alt+[", false),
        ] {
            let key: Key = name.parse().unwrap();
            assert_eq!(key.is_sent_everywhere(), sent, "{name}");
        }
    }

    #[test]
    fn nonsense_is_refused_with_its_text() {
        assert!("hyper+x".parse::<Key>().unwrap_err().contains("hyper"));
        assert!("nokey".parse::<Key>().unwrap_err().contains("nokey"));
    }
}
