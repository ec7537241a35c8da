//! Roles: what a piece of the screen is, as far as its looks go, with the names that themes use.
//!
//! Knows no colour.

/// What a piece of the screen is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Role {
    /// Whatever nothing else is said about; its background is that of the whole screen.
    Screen,
    /// Ordinary text.
    Text,
    /// Secondary text: help, counts, hints.
    Dim,
    /// Names and marks that lead the eye.
    Accent,
    /// The border of a pane without focus.
    Border,
    /// The border of the focused pane.
    BorderFocused,
    /// The title line and the status line.
    Bar,
    /// A key in the footer or in help.
    Key,
    /// The highlighted row of a list.
    Cursor,
    /// Selected text.
    Selection,
    /// A heading in Markdown.
    Heading,
    /// Emphasised text.
    Emphasis,
    /// Strongly emphasised text.
    Strong,
    /// Struck-out text.
    Struck,
    /// Code, inline or fenced.
    Code,
    /// Quoted text.
    Quote,
    /// The text of a link.
    Link,
    /// Bullets, numbers, rules and table lines.
    Marker,
    /// Something failed.
    Error,
    /// Something needs attention.
    Warning,
    /// Something went well.
    Success,
    /// Text that a comparison added.
    Added,
    /// Text that a comparison removed.
    Removed,
    /// A part that is rewritten, or whose new text waits for a decision.
    Part,
    /// A place of what is looked for.
    Match,
    /// Text that came from the input with this number; six steady looks that repeat.
    Input(u8),
    /// The same, of the input that is being filled in: it stands out, too.
    InputHere(u8),
}

/// Roles with their names and what they are, in the order of the documentation.
const NAMED: [(Role, &str, &str); Role::COUNT] = [
    (
        Role::Screen,
        "screen",
        "whatever nothing else is said about; its background is that of the whole screen",
    ),
    (Role::Text, "text", "ordinary text"),
    (Role::Dim, "dim", "help, counts, hints"),
    (Role::Accent, "accent", "names and marks that lead the eye"),
    (Role::Border, "border", "the border of a pane without focus"),
    (
        Role::BorderFocused,
        "border-focused",
        "the border of the focused pane and of boxes",
    ),
    (Role::Bar, "bar", "the title line and the status line"),
    (Role::Key, "key", "a key in the footer or in help"),
    (Role::Cursor, "cursor", "the highlighted row of a list"),
    (Role::Selection, "selection", "selected text"),
    (Role::Heading, "heading", "a heading in Markdown"),
    (Role::Emphasis, "emphasis", "emphasised text"),
    (
        Role::Strong,
        "strong",
        "strongly emphasised text, and titles",
    ),
    (Role::Struck, "struck", "struck-out text"),
    (Role::Code, "code", "code, inline or fenced"),
    (Role::Quote, "quote", "quoted text"),
    (Role::Link, "link", "the text of a link"),
    (
        Role::Marker,
        "marker",
        "bullets, numbers, rules and table lines",
    ),
    (Role::Error, "error", "something failed"),
    (Role::Warning, "warning", "something needs attention"),
    (Role::Success, "success", "something went well"),
    (Role::Added, "added", "text that a comparison added"),
    (Role::Removed, "removed", "text that a comparison removed"),
    (
        Role::Part,
        "part",
        "a part of the draft that is being rewritten",
    ),
    (Role::Match, "match", "a place of what is looked for"),
    (
        Role::Input(0),
        "input-1",
        "in the prompt: text from the first input, the seventh and so on",
    ),
    (Role::Input(1), "input-2", "the same of the second"),
    (Role::Input(2), "input-3", "of the third"),
    (Role::Input(3), "input-4", "of the fourth"),
    (Role::Input(4), "input-5", "of the fifth"),
    (Role::Input(5), "input-6", "of the sixth"),
];

impl Role {
    /// How many there are.
    pub const COUNT: usize = 31;

    /// Where it stands among all of them.
    pub(super) const fn place(self) -> usize {
        match self {
            Self::Screen => 0,
            Self::Text => 1,
            Self::Dim => 2,
            Self::Accent => 3,
            Self::Border => 4,
            Self::BorderFocused => 5,
            Self::Bar => 6,
            Self::Key => 7,
            Self::Cursor => 8,
            Self::Selection => 9,
            Self::Heading => 10,
            Self::Emphasis => 11,
            Self::Strong => 12,
            Self::Struck => 13,
            Self::Code => 14,
            Self::Quote => 15,
            Self::Link => 16,
            Self::Marker => 17,
            Self::Error => 18,
            Self::Warning => 19,
            Self::Success => 20,
            Self::Added => 21,
            Self::Removed => 22,
            Self::Part => 23,
            Self::Match => 24,
            Self::Input(number) | Self::InputHere(number) => 25 + (number % 6) as usize,
        }
    }

    pub(super) const fn at(place: usize) -> Self {
        NAMED[place].0
    }

    /// All of them.
    pub fn all() -> impl Iterator<Item = Self> {
        NAMED.iter().map(|(role, ..)| *role)
    }

    /// Its name in a theme.
    pub const fn name(self) -> &'static str {
        NAMED[self.place()].1
    }

    /// What it is, in words.
    pub const fn what(self) -> &'static str {
        NAMED[self.place()].2
    }

    /// The role with this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::all().find(|role| role.name() == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_role_stands_where_it_says() {
        for (place, role) in Role::all().enumerate() {
            assert_eq!(role.place(), place, "{}", role.name());
            assert_eq!(Role::named(role.name()), Some(role));
        }
    }
}
