//! Themes: what each role of the screen looks like, shipped and as a person writes them.
//!
//! Text in, values out; what is wrong in a theme is told with file, line and column and costs only
//! itself. Opens no file and knows no terminal.

mod colour;
mod role;
mod written;

pub use colour::{Colour, Depth};
pub use role::Role;
pub use written::read;

/// A look of a role: colours, and how the letters stand.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Look {
    /// The colour of letters; nothing leaves that to the screen.
    pub fg: Option<Colour>,
    /// The colour behind them.
    pub bg: Option<Colour>,
    /// Marks, one bit each.
    marks: u8,
}

/// How letters can stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Mark {
    /// Heavy.
    Bold = 1,
    /// Faint.
    Dim = 2,
    /// Slanted.
    Italic = 4,
    /// With a line below.
    Underlined = 8,
    /// Letters and what is behind them change places.
    Reversed = 16,
    /// With a line through.
    Struck = 32,
}

impl Mark {
    /// All of them, with the words they go by in a theme.
    pub const ALL: [(Self, &'static str); 6] = [
        (Self::Bold, "bold"),
        (Self::Dim, "dim"),
        (Self::Italic, "italic"),
        (Self::Underlined, "underlined"),
        (Self::Reversed, "reversed"),
        (Self::Struck, "struck"),
    ];
}

impl Look {
    const PLAIN: Self = Self {
        fg: None,
        bg: None,
        marks: 0,
    };

    const fn fg(colour: u8) -> Self {
        Self {
            fg: Some(Colour::Basic(colour)),
            ..Self::PLAIN
        }
    }

    const fn with(self, mark: Mark) -> Self {
        Self {
            marks: self.marks | mark as u8,
            ..self
        }
    }

    /// Whether letters stand so.
    pub const fn has(self, mark: Mark) -> bool {
        self.marks & mark as u8 != 0
    }
}

/// What every role looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Theme([Look; Role::COUNT]);

impl Default for Theme {
    fn default() -> Self {
        Self::TERMINAL
    }
}

impl Theme {
    /// Sixteen colours as the terminal has them.
    pub const TERMINAL: Self = Self::made(true);
    /// No colour at all: weight, lines and reverse only.
    pub const PLAIN: Self = Self::made(false);

    const fn made(colours: bool) -> Self {
        let mut looks = [Look::PLAIN; Role::COUNT];
        let mut place = 0;
        while place < Role::COUNT {
            let role = Role::at(place);
            looks[place] = if colours { coloured(role) } else { plain(role) };
            place += 1;
        }
        Self(looks)
    }

    /// The look of a role.
    pub const fn of(&self, role: Role) -> Look {
        let look = self.0[role.place()];
        match role {
            Role::InputHere(_) => look.with(Mark::Bold).with(Mark::Underlined),
            _ => look,
        }
    }

    fn set(&mut self, role: Role, look: Look) {
        self.0[role.place()] = look;
    }

    /// Whether what was added and what was removed can be told from each other, and from text, with
    /// no eye for colours.
    pub fn tells_changes(&self) -> bool {
        let marks = [Role::Text, Role::Added, Role::Removed].map(|role| self.of(role).marks);
        marks[0] != marks[1] && marks[0] != marks[2] && marks[1] != marks[2] && *self != Self::PLAIN
    }
}

/// A theme by its name, with what is wrong in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// Its name.
    pub name: String,
    /// The person wrote it.
    pub own: bool,
    /// What of it can be used.
    pub theme: Theme,
    /// What cannot, each with file, line and column.
    pub odd: Vec<String>,
}

/// The name of the theme that is used when none is named.
pub const USUAL: &str = "terminal";

/// Names of the shipped themes, as they are offered.
pub const SHIPPED: [&str; 5] = [USUAL, "dark", "light", "high-contrast", "plain"];

const fn coloured(role: Role) -> Look {
    const RED: u8 = 1;
    const GREEN: u8 = 2;
    const YELLOW: u8 = 3;
    const BLUE: u8 = 4;
    const MAGENTA: u8 = 5;
    const CYAN: u8 = 6;
    const DARK_GRAY: u8 = 8;
    match role {
        Role::Screen | Role::Text | Role::Bar => Look::PLAIN,
        Role::Dim | Role::Border | Role::Marker => Look::fg(DARK_GRAY),
        Role::Accent | Role::BorderFocused => Look::fg(CYAN),
        Role::Link => Look::fg(CYAN).with(Mark::Underlined),
        Role::Key => Look::fg(CYAN).with(Mark::Bold),
        Role::Cursor | Role::Selection => Look::PLAIN.with(Mark::Reversed),
        Role::Heading => Look::fg(BLUE).with(Mark::Bold),
        Role::Emphasis => Look::PLAIN.with(Mark::Italic),
        Role::Strong => Look::PLAIN.with(Mark::Bold),
        Role::Struck => Look::PLAIN.with(Mark::Struck),
        Role::Code | Role::Warning => Look::fg(YELLOW),
        Role::Quote | Role::Success => Look::fg(GREEN),
        Role::Error => Look::fg(RED),
        Role::Added => Look::fg(GREEN).with(Mark::Underlined),
        Role::Removed => Look::fg(RED).with(Mark::Struck),
        Role::Part => Look::fg(MAGENTA),
        Role::Match => Look::fg(YELLOW).with(Mark::Underlined),
        Role::Input(number) | Role::InputHere(number) => Look::fg(match number % 6 {
            0 => CYAN,
            1 => MAGENTA,
            2 => GREEN,
            3 => YELLOW,
            4 => BLUE,
            _ => RED,
        }),
    }
}

const fn plain(role: Role) -> Look {
    let look = Look::PLAIN;
    match role {
        Role::Key | Role::Heading | Role::Strong | Role::BorderFocused | Role::Error => {
            look.with(Mark::Bold)
        }
        Role::Cursor | Role::Selection => look.with(Mark::Reversed),
        Role::Emphasis => look.with(Mark::Italic),
        Role::Link
        | Role::Part
        | Role::Added
        | Role::Input(_)
        | Role::InputHere(_)
        | Role::Warning => look.with(Mark::Underlined),
        Role::Removed | Role::Struck => look.with(Mark::Struck),
        Role::Match => look.with(Mark::Bold).with(Mark::Underlined),
        Role::Dim => look.with(Mark::Dim),
        _ => look,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Relative luminance as WCAG 2.2 defines it.
    fn luminance(colour: Colour) -> f64 {
        let Colour::Rgb(red, green, blue) = colour else {
            panic!("{colour:?} is what the terminal makes of it");
        };
        let part = |value: u8| {
            let value = f64::from(value) / 255.0;
            if value <= 0.04045 {
                value / 12.92
            } else {
                ((value + 0.055) / 1.055).powf(2.4)
            }
        };
        0.2126 * part(red) + 0.7152 * part(green) + 0.0722 * part(blue)
    }

    fn contrast(one: Colour, other: Colour) -> f64 {
        let (one, other) = (luminance(one), luminance(other));
        (one.max(other) + 0.05) / (one.min(other) + 0.05)
    }

    #[test]
    fn black_on_white_is_the_most_there_is() {
        let most = contrast(Colour::Rgb(0, 0, 0), Colour::Rgb(255, 255, 255));
        assert!((most - 21.0).abs() < 0.01, "{most}");
        let grey = contrast(Colour::Rgb(0x76, 0x76, 0x76), Colour::Rgb(255, 255, 255));
        assert!((grey - 4.54).abs() < 0.01, "{grey}");
    }

    #[test]
    fn shipped_themes_can_be_read_by_anybody_who_sees_little_contrast() {
        for (name, text, rest) in [
            ("dark", 4.5, 3.0),
            ("light", 4.5, 3.0),
            ("high-contrast", 7.0, 4.5),
        ] {
            let theme = read(name, &[]).unwrap().theme;
            let screen = theme.of(Role::Screen);
            let mut short = Vec::new();
            for role in Role::all() {
                let look = theme.of(role);
                let fg = look.fg.or(screen.fg).unwrap();
                let bg = look.bg.or(screen.bg).unwrap();
                let least = match role {
                    Role::Border | Role::Dim | Role::Marker => rest,
                    _ => text,
                };
                let found = contrast(fg, bg);
                if found < least {
                    short.push(format!("{} {found:.2} < {least}", role.name()));
                }
            }
            assert!(short.is_empty(), "{name}: {short:?}");
        }
    }

    #[test]
    fn every_shipped_theme_is_whole_and_tells_changes_without_colour() {
        for name in SHIPPED {
            let named = read(name, &[]).unwrap();
            assert!(named.odd.is_empty() && !named.own, "{:?}", named.odd);
            let told = named.theme.tells_changes();
            assert_eq!(told, name != "plain", "{name}");
        }
        assert_eq!(read("nothing", &[]), None);
    }
}
