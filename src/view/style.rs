//! Roles that parts of the screen play, and the styles a theme gives them.
//!
//! Drawing code names a role and never a colour.

use ratatui::style::{Color, Modifier, Style};

/// What a piece of the screen is, as far as its looks go.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Role {
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
    /// Text that came from the input with this number; six steady colours that repeat.
    Input(u8),
    /// The same, of the input that is being filled in.
    InputHere(u8),
}

/// Which palette is in use.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Styles {
    /// Sixteen-colour palette that follows the terminal's own theme.
    #[default]
    Colour,
    /// No colour at all: weight, underline and reverse only (`NO_COLOR`).
    Plain,
}

impl Styles {
    /// The style of a role.
    pub const fn of(self, role: Role) -> Style {
        match self {
            Self::Colour => colour(role),
            Self::Plain => plain(role),
        }
    }
}

const fn colour(role: Role) -> Style {
    let style = Style::new();
    match role {
        Role::Text | Role::Bar => style,
        Role::Dim | Role::Border | Role::Marker => style.fg(Color::DarkGray),
        Role::Accent | Role::BorderFocused => style.fg(Color::Cyan),
        Role::Link => style.fg(Color::Cyan).add_modifier(Modifier::UNDERLINED),
        Role::Key => style.fg(Color::Cyan).add_modifier(Modifier::BOLD),
        Role::Cursor | Role::Selection => style.add_modifier(Modifier::REVERSED),
        Role::Heading => style.fg(Color::Blue).add_modifier(Modifier::BOLD),
        Role::Emphasis => style.add_modifier(Modifier::ITALIC),
        Role::Strong => style.add_modifier(Modifier::BOLD),
        Role::Struck => style.add_modifier(Modifier::CROSSED_OUT),
        Role::Code | Role::Warning => style.fg(Color::Yellow),
        Role::Quote | Role::Success => style.fg(Color::Green),
        Role::Error => style.fg(Color::Red),
        Role::Added => style.fg(Color::Green).add_modifier(Modifier::UNDERLINED),
        Role::Removed => style.fg(Color::Red).add_modifier(Modifier::CROSSED_OUT),
        Role::Part => style.fg(Color::Magenta),
        Role::Match => style.fg(Color::Yellow).add_modifier(Modifier::UNDERLINED),
        Role::InputHere(number) => {
            colour(Role::Input(number)).add_modifier(Modifier::BOLD.union(Modifier::UNDERLINED))
        }
        Role::Input(number) => style.fg(match number % 6 {
            0 => Color::Cyan,
            1 => Color::Magenta,
            2 => Color::Green,
            3 => Color::Yellow,
            4 => Color::Blue,
            _ => Color::Red,
        }),
    }
}

const fn plain(role: Role) -> Style {
    let style = Style::new();
    match role {
        Role::Key | Role::Heading | Role::Strong | Role::BorderFocused | Role::Error => {
            style.add_modifier(Modifier::BOLD)
        }
        Role::Cursor | Role::Selection => style.add_modifier(Modifier::REVERSED),
        Role::Emphasis => style.add_modifier(Modifier::ITALIC),
        Role::Link | Role::Part | Role::Added | Role::Input(_) | Role::Warning => {
            style.add_modifier(Modifier::UNDERLINED)
        }
        Role::Removed | Role::Struck => style.add_modifier(Modifier::CROSSED_OUT),
        Role::InputHere(_) | Role::Match => {
            style.add_modifier(Modifier::BOLD.union(Modifier::UNDERLINED))
        }
        Role::Dim => style.add_modifier(Modifier::DIM),
        _ => style,
    }
}
