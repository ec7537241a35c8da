//! The looks that a theme gives to roles, as a terminal shows them.
//!
//! Drawing code names a role and never a colour.

pub use crate::config::theme::Role;
use crate::config::theme::{Colour, Depth, Mark, Theme};
use ratatui::style::{Color, Modifier, Style};

/// A theme, with no more colours than the terminal has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Styles {
    theme: Theme,
    depth: Depth,
}

impl Default for Styles {
    fn default() -> Self {
        Self::COLOUR
    }
}

impl Styles {
    /// The terminal's own sixteen colours.
    pub const COLOUR: Self = Self {
        theme: Theme::TERMINAL,
        depth: Depth::True,
    };
    /// No colour at all.
    pub const PLAIN: Self = Self {
        theme: Theme::PLAIN,
        depth: Depth::None,
    };

    /// A theme on a terminal.
    pub const fn of_theme(theme: Theme, depth: Depth) -> Self {
        match depth {
            Depth::None => Self::PLAIN,
            _ => Self { theme, depth },
        }
    }

    /// The style of a role.
    pub fn of(&self, role: Role) -> Style {
        let look = self.theme.of(role);
        let mut style = Style::new();
        style.fg = look.fg.and_then(|colour| self.colour(colour));
        style.bg = look.bg.and_then(|colour| self.colour(colour));
        for (mark, _) in Mark::ALL {
            if look.has(mark) {
                style = style.add_modifier(modifier(mark));
            }
        }
        style
    }

    /// Whether what was added or removed shows without brackets around it.
    pub fn tells_changes(&self) -> bool {
        self.depth != Depth::None && self.theme.tells_changes()
    }

    fn colour(&self, colour: Colour) -> Option<Color> {
        Some(match colour.within(self.depth)? {
            Colour::Basic(basic) => BASIC[usize::from(basic % 16)],
            Colour::Index(index) => Color::Indexed(index),
            Colour::Rgb(red, green, blue) => Color::Rgb(red, green, blue),
        })
    }
}

const BASIC: [Color; 16] = [
    Color::Black,
    Color::Red,
    Color::Green,
    Color::Yellow,
    Color::Blue,
    Color::Magenta,
    Color::Cyan,
    Color::Gray,
    Color::DarkGray,
    Color::LightRed,
    Color::LightGreen,
    Color::LightYellow,
    Color::LightBlue,
    Color::LightMagenta,
    Color::LightCyan,
    Color::White,
];

const fn modifier(mark: Mark) -> Modifier {
    match mark {
        Mark::Bold => Modifier::BOLD,
        Mark::Dim => Modifier::DIM,
        Mark::Italic => Modifier::ITALIC,
        Mark::Underlined => Modifier::UNDERLINED,
        Mark::Reversed => Modifier::REVERSED,
        Mark::Struck => Modifier::CROSSED_OUT,
    }
}
