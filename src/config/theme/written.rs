//! A theme as a person wrote it: `inherits`, and a look for each role that is to be another.
//!
//! A role that cannot be understood looks as in the theme that this one inherits.

use super::{Colour, Look, Mark, Named, Role, SHIPPED, Theme, USUAL};
use crate::config::file::place;
use crate::store::themes::Source;
use std::ops::Range;
use toml::de::{DeTable, DeValue};

const KEYS: [&str; 2] = ["inherits", "roles"];
/// Themes that a theme may have above it.
const MOST: usize = 8;

/// The theme of this name: the person's own before a shipped one. `None` when there is none.
pub fn read(name: &str, own: &[Source]) -> Option<Named> {
    let mut reader = Reader {
        own,
        odd: Vec::new(),
        above: Vec::new(),
    };
    let is_own = own.iter().any(|source| source.name == name);
    let theme = reader.theme(name)?;
    Some(Named {
        name: name.to_owned(),
        own: is_own,
        theme,
        odd: reader.odd,
    })
}

fn shipped(name: &str) -> Option<&'static str> {
    Some(match name {
        "dark" => include_str!("../../../assets/themes/dark.toml"),
        "light" => include_str!("../../../assets/themes/light.toml"),
        "high-contrast" => include_str!("../../../assets/themes/high-contrast.toml"),
        _ => return None,
    })
}

struct Reader<'a> {
    own: &'a [Source],
    odd: Vec<String>,
    /// Themes that inherit the one that is read.
    above: Vec<String>,
}

impl Reader<'_> {
    fn theme(&mut self, name: &str) -> Option<Theme> {
        let own = self.own.iter().find(|source| source.name == name);
        // A theme that inherits its own name means the shipped one.
        if let Some(source) = own.filter(|_| !self.above.iter().any(|above| above == name)) {
            let path = source.path.display().to_string();
            match &source.text {
                Ok(text) => return Some(self.written(name, &path, text)),
                Err(why) => self.odd.push(why.clone()),
            }
            return self.shipped(name).or(Some(Theme::TERMINAL));
        }
        self.shipped(name)
    }

    fn shipped(&mut self, name: &str) -> Option<Theme> {
        match name {
            USUAL => Some(Theme::TERMINAL),
            "plain" => Some(Theme::PLAIN),
            _ => Some(self.written(name, name, shipped(name)?)),
        }
    }

    fn written(&mut self, name: &str, path: &str, text: &str) -> Theme {
        let tree = match DeTable::parse(text) {
            Ok(tree) => tree,
            Err(error) => {
                let message = error.message().trim().replace('\n', "; ");
                let span = error.span().unwrap_or_default();
                self.odd.push(place(path, text, span, &message));
                return Theme::TERMINAL;
            }
        };
        let (mut theme, mut wrong) = (Theme::TERMINAL, Vec::new());
        if let Some(inherits) = tree.get_ref().get("inherits") {
            match self.inherited(name, inherits.get_ref()) {
                Ok(found) => theme = found,
                Err(why) => wrong.push((inherits.span(), why)),
            }
        }
        for (key, value) in tree.get_ref() {
            match (key.get_ref().as_ref(), value.get_ref()) {
                ("inherits", _) => {}
                ("roles", DeValue::Table(roles)) => wrong.extend(looks(&mut theme, roles)),
                ("roles", _) => {
                    let told = "`roles` must be a table: [roles]".to_owned();
                    wrong.push((value.span(), told));
                }
                (other, _) => wrong.push((key.span(), unknown_key(other))),
            }
        }
        wrong.sort_by_key(|(span, _)| span.start);
        let told = wrong.into_iter();
        self.odd
            .extend(told.map(|(span, why)| place(path, text, span, &why)));
        theme
    }

    fn inherited(&mut self, name: &str, value: &DeValue<'_>) -> Result<Theme, String> {
        let Some(wanted) = value.as_str() else {
            return Err("`inherits` must be the name of a theme".to_owned());
        };
        let circle = self
            .above
            .iter()
            .any(|above| above == wanted && wanted != name);
        if circle || self.above.len() >= MOST {
            return Err(format!(
                "`{wanted}` inherits this theme, or too many others; name one of {}",
                SHIPPED.join(", ")
            ));
        }
        self.above.push(name.to_owned());
        let found = self.theme(wanted);
        self.above.pop();
        found.ok_or_else(|| {
            let own = self.own.iter().map(|source| source.name.as_str());
            let known: Vec<&str> = SHIPPED.into_iter().chain(own).collect();
            format!(
                "there is no theme `{wanted}`; there are {}",
                known.join(", ")
            )
        })
    }
}

fn unknown_key(key: &str) -> String {
    let hint = if Role::named(key).is_some() {
        "; roles stand below [roles]"
    } else {
        ""
    };
    format!("unknown key `{key}`; known are {}{hint}", KEYS.join(", "))
}

/// Gives roles the looks that a table has for them; what is wrong comes back with its place.
fn looks(theme: &mut Theme, roles: &DeTable<'_>) -> Vec<(Range<usize>, String)> {
    let mut wrong = Vec::new();
    for (key, value) in roles {
        let Some(role) = Role::named(key.get_ref()) else {
            let known: Vec<&str> = Role::all().map(Role::name).collect();
            let told = format!(
                "there is no role `{}`; there are {}",
                key.get_ref(),
                known.join(", ")
            );
            wrong.push((key.span(), told));
            continue;
        };
        let look = match value.get_ref() {
            DeValue::String(words) => parsed(words),
            DeValue::Integer(number) => {
                let index = u8::from_str_radix(number.as_str(), number.radix()).ok();
                let fg = index.map(Colour::Index);
                fg.map(|fg| Look {
                    fg: Some(fg),
                    ..Look::default()
                })
                .ok_or_else(|| "a colour by its number is one from 0 to 255".to_owned())
            }
            _ => Err(format!(
                "`{}` must be a look, such as \"bold cyan on black\"",
                key.get_ref()
            )),
        };
        match look {
            Ok(look) => theme.set(role, look),
            Err(why) => wrong.push((value.span(), why)),
        }
    }
    wrong
}

/// The look that words describe: `bold cyan on #202020`.
fn parsed(words: &str) -> Result<Look, String> {
    let mut look = Look::default();
    let (mut behind, mut given) = (false, [false; 2]);
    for word in words.split_whitespace() {
        if let Some((mark, _)) = Mark::ALL.iter().find(|(_, name)| *name == word) {
            look = look.with(*mark);
            continue;
        }
        if word == "on" && !behind {
            behind = true;
            continue;
        }
        let place = usize::from(behind);
        if std::mem::replace(&mut given[place], true) {
            return Err(format!(
                "`{word}` is one colour too many: a look is like \"bold cyan on black\""
            ));
        }
        let colour = match word {
            "default" => None,
            word => Some(Colour::parse(word).ok_or_else(|| unknown(word))?),
        };
        if behind {
            look.bg = colour;
        } else {
            look.fg = colour;
        }
    }
    if behind && !given[1] {
        return Err("a colour must follow `on`".to_owned());
    }
    Ok(look)
}

fn unknown(word: &str) -> String {
    let marks: Vec<&str> = Mark::ALL.iter().map(|(_, name)| *name).collect();
    format!(
        "`{word}` is no colour and no mark; colours are names such as cyan or bright-red, numbers from 0 to 255 and #rrggbb, marks are {}",
        marks.join(", ")
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use pretty_assertions::assert_eq;
    use std::path::PathBuf;

    fn source(name: &str, text: &str) -> Source {
        Source {
            name: name.to_owned(),
            path: PathBuf::from(format!("{name}.toml")),
            text: Ok(text.to_owned()),
        }
    }

    #[test]
    fn a_theme_changes_what_it_says_and_inherits_the_rest() {
        let text = "inherits = \"dark\"\n[roles]\nheading = \"bold #8a3b12 on 230\"\ndim = 244\ntext = \"default\"\n";
        let named = read("sepia", &[source("sepia", text)]).unwrap();
        let dark = read("dark", &[]).unwrap().theme;
        assert!(named.own && named.odd.is_empty(), "{:?}", named.odd);
        let heading = named.theme.of(Role::Heading);
        assert_eq!(heading.fg, Some(Colour::Rgb(0x8a, 0x3b, 0x12)));
        assert_eq!(heading.bg, Some(Colour::Index(230)));
        assert!(heading.has(Mark::Bold) && !heading.has(Mark::Italic));
        assert_eq!(named.theme.of(Role::Dim).fg, Some(Colour::Index(244)));
        assert_eq!(named.theme.of(Role::Text), Look::default());
        assert_eq!(named.theme.of(Role::Error), dark.of(Role::Error));
    }

    #[test]
    fn what_is_wrong_is_told_with_its_place_and_the_rest_holds() {
        let text = "inherit = \"dark\"\nheading = \"red\"\n[roles]\nkey = \"bold crimson\"\nhedding = \"red\"\n\
                    link = [1]\ndim = 300\nquote = \"red green\"\ncode = \"red on\"\ntext = \"italic blue\"\n";
        let named = read("mine", &[source("mine", text)]).unwrap();
        let told: Vec<&str> = named
            .odd
            .iter()
            .map(|it| it.split(';').next().unwrap())
            .collect();
        assert_eq!(
            told,
            [
                "mine.toml:1:1: unknown key `inherit`",
                "mine.toml:2:1: unknown key `heading`",
                "mine.toml:4:7: `bold crimson` is no colour and no mark"
                    .replace("bold ", "")
                    .as_str(),
                "mine.toml:5:1: there is no role `hedding`",
                "mine.toml:6:8: `link` must be a look, such as \"bold cyan on black\"",
                "mine.toml:7:7: a colour by its number is one from 0 to 255",
                "mine.toml:8:9: `green` is one colour too many: a look is like \"bold cyan on black\"",
                "mine.toml:9:8: a colour must follow `on`",
            ]
        );
        assert!(named.theme.of(Role::Text).has(Mark::Italic));
        assert_eq!(named.theme.of(Role::Key), Theme::TERMINAL.of(Role::Key));
    }

    #[test]
    fn an_own_theme_goes_before_a_shipped_one_which_it_can_inherit() {
        let own = [source(
            "dark",
            "inherits = \"dark\"\n[roles]\ntext = \"white\"\n",
        )];
        let named = read("dark", &own).unwrap();
        let shipped = read("dark", &[]).unwrap().theme;
        assert!(named.odd.is_empty(), "{:?}", named.odd);
        assert_eq!(named.theme.of(Role::Error), shipped.of(Role::Error));
        assert_eq!(named.theme.of(Role::Text).fg, Some(Colour::Basic(15)));
    }

    #[test]
    fn a_circle_and_a_stranger_are_told_and_cost_only_what_is_inherited() {
        let own = [
            source("a", "inherits = \"b\"\n[roles]\ntext = \"red\"\n"),
            source("b", "inherits = \"a\"\n[roles]\ndim = \"blue\"\n"),
            source("c", "inherits = \"nobody\"\n"),
            source("d", "roles = 1\n[[\n"),
        ];
        let named = read("a", &own).unwrap();
        assert_eq!(named.odd.len(), 1, "{:?}", named.odd);
        assert!(
            named.odd[0].starts_with("b.toml:1:12: `a` inherits this theme"),
            "{:?}",
            named.odd
        );
        assert_eq!(named.theme.of(Role::Text).fg, Some(Colour::Basic(1)));
        assert_eq!(named.theme.of(Role::Dim).fg, Some(Colour::Basic(4)));
        let told = read("c", &own).unwrap().odd;
        assert!(
            told[0].ends_with("there are terminal, dark, light, high-contrast, plain, a, b, c, d"),
            "{told:?}"
        );
        let broken = read("d", &own).unwrap();
        assert!(broken.odd[0].starts_with("d.toml:2:"), "{:?}", broken.odd);
        assert_eq!(broken.theme, Theme::TERMINAL);
    }
}
