//! Colours as a theme names them, and the nearest ones of a terminal that has fewer.
//!
//! The sixteen basic ones are the terminal's own and are never guessed at.

/// A colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Colour {
    /// One of sixteen, whatever the terminal makes of it.
    Basic(u8),
    /// One of 256.
    Index(u8),
    /// Red, green, blue.
    Rgb(u8, u8, u8),
}

/// How many colours a terminal has.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Depth {
    /// Any.
    #[default]
    True,
    /// 256.
    Indexed,
    /// Sixteen.
    Basic,
    /// None, or the person wants none.
    None,
}

/// Names of the basic colours; two of them have a second one.
const NAMES: [(&str, u8); 18] = [
    ("black", 0),
    ("red", 1),
    ("green", 2),
    ("yellow", 3),
    ("blue", 4),
    ("magenta", 5),
    ("cyan", 6),
    ("gray", 7),
    ("dark-gray", 8),
    ("bright-red", 9),
    ("bright-green", 10),
    ("bright-yellow", 11),
    ("bright-blue", 12),
    ("bright-magenta", 13),
    ("bright-cyan", 14),
    ("white", 15),
    ("grey", 7),
    ("dark-grey", 8),
];

/// What the basic ones usually are.
const USUAL: [[u8; 3]; 16] = [
    [0, 0, 0],
    [205, 0, 0],
    [0, 205, 0],
    [205, 205, 0],
    [0, 0, 238],
    [205, 0, 205],
    [0, 205, 205],
    [229, 229, 229],
    [127, 127, 127],
    [255, 0, 0],
    [0, 255, 0],
    [255, 255, 0],
    [92, 92, 255],
    [255, 0, 255],
    [0, 255, 255],
    [255, 255, 255],
];
/// The steps of the cube among the 256.
const STEPS: [u8; 6] = [0, 95, 135, 175, 215, 255];

impl Depth {
    /// What the environment says of the terminal.
    pub fn of(variable: &dyn Fn(&str) -> Option<String>) -> Self {
        let set = |name: &str| variable(name).filter(|value| !value.is_empty());
        if set("NO_COLOR").is_some() {
            return Self::None;
        }
        let colours = set("COLORTERM").unwrap_or_default();
        let term = set("TERM").unwrap_or_default();
        if ["truecolor", "24bit"].contains(&colours.as_str()) || term.ends_with("-direct") {
            Self::True
        } else if term.contains("256color") {
            Self::Indexed
        } else {
            Self::Basic
        }
    }
}

impl Colour {
    /// The colour that a word stands for: a name, an index or `#rrggbb`.
    pub(super) fn parse(word: &str) -> Option<Self> {
        if let Some((_, basic)) = NAMES.iter().find(|(name, _)| *name == word) {
            return Some(Self::Basic(*basic));
        }
        let Some(hex) = word.strip_prefix('#') else {
            return word.parse().ok().map(Self::Index);
        };
        if hex.len() != 6 || !hex.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return None;
        }
        let [_, red, green, blue] = u32::from_str_radix(hex, 16).ok()?.to_be_bytes();
        Some(Self::Rgb(red, green, blue))
    }

    /// The nearest one that a terminal has; none where it has no colours.
    pub fn within(self, depth: Depth) -> Option<Self> {
        Some(match (self, depth) {
            (_, Depth::None) => return None,
            (Self::Rgb(red, green, blue), Depth::Indexed) => {
                Self::Index(indexed([red, green, blue]))
            }
            (Self::Rgb(red, green, blue), Depth::Basic) => Self::Basic(basic([red, green, blue])),
            (Self::Index(index), Depth::Basic) => Self::Basic(match index {
                0..=15 => index,
                _ => basic(value(index)),
            }),
            (colour, _) => colour,
        })
    }
}

/// What one of the 256 looks like.
const fn value(index: u8) -> [u8; 3] {
    match index {
        0..=15 => USUAL[index as usize],
        16..=231 => {
            let at = index - 16;
            [
                STEPS[(at / 36) as usize],
                STEPS[(at / 6 % 6) as usize],
                STEPS[(at % 6) as usize],
            ]
        }
        _ => [8 + 10 * (index - 232); 3],
    }
}

fn distance(one: [u8; 3], other: [u8; 3]) -> u32 {
    let parts = one.iter().zip(other);
    let squares = parts.map(|(one, other)| u32::from(one.abs_diff(other)).pow(2));
    squares.sum()
}

/// The nearest of those that every terminal shows alike: the cube and the greys.
fn indexed(rgb: [u8; 3]) -> u8 {
    let nearest = (16..=255).min_by_key(|index| distance(rgb, value(*index)));
    nearest.unwrap_or(15)
}

fn basic(rgb: [u8; 3]) -> u8 {
    let nearest = (0..16).min_by_key(|index| distance(rgb, USUAL[usize::from(*index)]));
    nearest.unwrap_or(15)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_have_names_numbers_and_hex_digits() {
        assert_eq!(Colour::parse("cyan"), Some(Colour::Basic(6)));
        assert_eq!(Colour::parse("208"), Some(Colour::Index(208)));
        assert_eq!(Colour::parse("#0fA0ff"), Some(Colour::Rgb(15, 160, 255)));
        for wrong in ["", "#", "#12345", "#+12345", "256", "-1", "crimson", "#éé"] {
            assert_eq!(Colour::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_terminal_with_fewer_colours_gets_the_nearest() {
        let orange = Colour::Rgb(255, 135, 0);
        assert_eq!(orange.within(Depth::True), Some(orange));
        assert_eq!(orange.within(Depth::Indexed), Some(Colour::Index(208)));
        assert_eq!(
            Colour::Rgb(250, 4, 3).within(Depth::Basic),
            Some(Colour::Basic(9))
        );
        assert_eq!(
            Colour::Index(16).within(Depth::Basic),
            Some(Colour::Basic(0))
        );
        assert_eq!(
            Colour::Basic(6).within(Depth::Basic),
            Some(Colour::Basic(6))
        );
        assert_eq!(orange.within(Depth::None), None);
    }

    #[test]
    fn the_environment_tells_how_many_there_are() {
        let depth = |all: &'static [(&str, &str)]| {
            Depth::of(&move |name: &str| {
                let found = all.iter().find(|(key, _)| *key == name);
                found.map(|(_, value)| (*value).to_owned())
            })
        };
        assert_eq!(
            depth(&[("COLORTERM", "truecolor"), ("TERM", "xterm")]),
            Depth::True
        );
        assert_eq!(depth(&[("TERM", "xterm-256color")]), Depth::Indexed);
        assert_eq!(depth(&[("TERM", "linux")]), Depth::Basic);
        assert_eq!(
            depth(&[("NO_COLOR", "1"), ("COLORTERM", "24bit")]),
            Depth::None
        );
        assert_eq!(
            depth(&[("NO_COLOR", ""), ("COLORTERM", "24bit")]),
            Depth::True
        );
    }
}
