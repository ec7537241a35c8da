//! The table of settings that a person can change from the studio: what each may be, what it is
//! for, when a change counts.
//!
//! Knows no file; `edit` writes and `Settings` reads. No setting here is a secret.

use super::edit::{self, Given};
use super::providers::Whence;
use super::settings::DEFAULT_MODEL;
use super::theme::{SHIPPED, USUAL};
use super::{Overrides, Settings};
use crate::domain::budget::OnLimit;

/// What a setting may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// True or false.
    Flag,
    /// One of these.
    Choice(&'static [&'static str]),
    /// A whole number from the first to the last.
    Whole(i64, i64),
    /// An amount of dollars.
    Amount,
    /// A text.
    Text,
    /// Names, separated by commas.
    Names,
    /// A program and its words, as a shell would split them; no shell runs it.
    Words,
}

/// When a change counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// At once.
    Now,
    /// From the next start.
    NextStart,
}

/// One setting.
#[derive(Debug, PartialEq, Eq)]
pub struct Setting {
    /// Its table; empty for the top of the file.
    pub table: &'static str,
    /// Its key.
    pub key: &'static str,
    /// What it may be.
    pub kind: Kind,
    /// What is built in, in words.
    pub usual: &'static str,
    /// What it is for.
    pub help: &'static str,
    /// When a change counts.
    pub when: When,
}

/// One line for each setting.
macro_rules! settings {
    ($($table:literal { $($key:literal $kind:expr, $usual:expr, $when:ident, $help:literal;)+ })+) => {
        &[$($(Setting {
            table: $table,
            key: $key,
            kind: $kind,
            usual: $usual,
            help: $help,
            when: When::$when,
        }),+),+]
    };
}

/// Every setting that is no provider's and no key, in the order of the page.
pub const TABLE: &[Setting] = settings! {
    "" {
        "provider" Kind::Text, "openai with its key, else practice", Now, "Who answers. “Connect” chooses it, too, and asks for what is needed.";
        "model" Kind::Text, DEFAULT_MODEL, Now, "The model that is asked where neither the template nor the provider names one.";
    }
    "ui" {
        "mouse" Kind::Flag, "true", NextStart, "The mouse places the cursor, scrolls and selects; false leaves it to the terminal.";
        "clipboard" Kind::Choice(&["auto", "osc52", "off"]), "auto", Now, "Where copied text goes: a program of the system, always through the terminal, or nowhere.";
        "notify" Kind::Choice(&["bell", "desktop", "off"]), "bell", NextStart, "How the end of a run is told while you look elsewhere.";
        "theme" Kind::Choice(&SHIPPED), USUAL, Now, "How the studio looks. A theme of your own is chosen in the box of themes.";
        "motion" Kind::Flag, "true", Now, "Signs of work turn; false lets none turn, and words tell it.";
        "linear" Kind::Flag, "false", NextStart, "One pane at a time, without borders, for a screen reader.";
    }
    "refine" {
        "tones" Kind::Names, "seven of them", Now, "What “Change tone…” offers, separated by commas.";
        "languages" Kind::Names, "fifteen of them", Now, "What “Translate to…” offers, separated by commas.";
    }
    "editor" {
        "focus" Kind::Flag, "false", Now, "All but the paragraph you are in is dimmed.";
        "typewriter" Kind::Flag, "false", Now, "The row of the cursor stays in the middle.";
        "keys" Kind::Choice(&["default", "vim"]), "default", Now, "Which keys the Editor has.";
    }
    "variants" {
        "at_once" Kind::Whole(1, 16), "4", Now, "How many requests for variants are under way together.";
    }
    "voice" {
        "read" Kind::Words, "off", Now, "The program that reads aloud what it gets on stdin, such as espeak-ng --stdin (alt+l).";
        "dictate" Kind::Words, "off", Now, "The program that listens and prints what was said, until it is ended (alt+m).";
    }
    "budget" {
        "monthly_usd" Kind::Amount, "none", Now, "What may be spent in a month, in dollars; empty for no limit.";
        "on_limit" Kind::Choice(&["warn", "stop"]), "warn", Now, "What happens when that is reached.";
    }
};

impl Setting {
    /// As it is called on the page: table, dot, key.
    pub fn name(&self) -> String {
        if self.table.is_empty() {
            self.key.to_owned()
        } else {
            format!("{}.{}", self.table, self.key)
        }
    }

    /// What it is in these settings, and where that comes from.
    pub fn of(&self, settings: &Settings) -> (Given, Whence) {
        let text = |text: &str| Given::Text(text.to_owned());
        let given = |by_file| {
            if by_file {
                Whence::File
            } else {
                Whence::BuiltIn
            }
        };
        match (self.table, self.key) {
            ("", "provider") => (text(&settings.provider), settings.provider_whence),
            ("", _) => match (settings.forced_model(), &settings.model) {
                (Some((model, whence)), _) => (text(model), whence),
                (None, Some(model)) => (text(model), Whence::File),
                (None, None) => (text(DEFAULT_MODEL), Whence::BuiltIn),
            },
            ("ui", "mouse") => (Given::Flag(settings.mouse), settings.mouse_whence),
            ("ui", "clipboard") => (text(settings.clipboard.name()), settings.clipboard_whence),
            ("ui", "notify") => (text(settings.notify.name()), settings.notify_whence),
            ("ui", key) => {
                let theme = settings.appearance.theme.as_deref().unwrap_or(USUAL);
                let value = match key {
                    "theme" => text(theme),
                    "linear" => Given::Flag(settings.appearance.linear),
                    _ => Given::Flag(settings.appearance.motion),
                };
                (value, settings.appearance.whence(key))
            }
            ("refine", "tones") => {
                let tones = settings.refine.tones.clone();
                (Given::List(tones), given(settings.refine.given[0]))
            }
            ("refine", _) => {
                let languages = settings.refine.languages.clone();
                (Given::List(languages), given(settings.refine.given[1]))
            }
            ("editor", key) => {
                let value = match key {
                    "focus" => Given::Flag(settings.editor.focus),
                    "typewriter" => Given::Flag(settings.editor.typewriter),
                    _ => text(settings.editor.keys.name()),
                };
                (value, settings.editor.whence(key))
            }
            ("variants", _) => {
                let count = settings.variants.at_once.into();
                (Given::Whole(count), settings.variants.whence)
            }
            ("voice", key) => {
                let words = settings.voice.words(key);
                let words = words.map_or(Given::Default, |it| Given::List(it.to_vec()));
                (words, settings.voice.whence(key))
            }
            ("budget", key) => {
                let Some(budget) = settings.budget else {
                    let usual = if key == "on_limit" {
                        text("warn")
                    } else {
                        Given::Default
                    };
                    return (usual, Whence::BuiltIn);
                };
                let value = match (key, budget.on_limit) {
                    ("monthly_usd", _) => Given::Number(budget.monthly.dollars()),
                    (_, OnLimit::Warn) => text("warn"),
                    (_, OnLimit::Stop) => text("stop"),
                };
                (value, Whence::File)
            }
            _ => (Given::Default, Whence::BuiltIn),
        }
    }

    /// A value of it as a person writes it.
    pub fn written(&self, value: &Given) -> String {
        match (self.kind, value) {
            (Kind::Words, Given::List(words)) => shell_words::join(words),
            (_, value) => value.to_string(),
        }
    }

    /// What is meant by what a person typed.
    ///
    /// # Errors
    /// A sentence when it cannot be that.
    pub fn read(&self, typed: &str) -> Result<Given, String> {
        let typed = typed.trim();
        if typed.is_empty() {
            return Ok(Given::Default);
        }
        let given = match self.kind {
            Kind::Flag => match typed {
                "true" => Given::Flag(true),
                "false" => Given::Flag(false),
                _ => return Err("true or false".to_owned()),
            },
            Kind::Whole(least, most) => {
                let number = typed.parse().ok();
                let number = number.filter(|number| (least..=most).contains(number));
                let wanted = format!("a whole number from {least} to {most}");
                Given::Whole(number.ok_or(wanted)?)
            }
            Kind::Amount => {
                let amount = typed.trim_start_matches('$').parse().ok();
                let amount = amount.filter(|amount: &f64| amount.is_finite());
                Given::Number(amount.ok_or("an amount of dollars, such as 5.0")?)
            }
            Kind::Names => {
                let names = typed.split(',').map(str::trim);
                Given::List(
                    names
                        .filter(|name| !name.is_empty())
                        .map(str::to_owned)
                        .collect(),
                )
            }
            Kind::Words => Given::List(shell_words::split(typed).map_err(|_| "a quote is open")?),
            Kind::Choice(_) | Kind::Text => Given::Text(typed.to_owned()),
        };
        self.check(&given).map(|()| given)
    }

    /// Whether a file with nothing but this is understood.
    fn check(&self, given: &Given) -> Result<(), String> {
        let place = (self.table, self.key);
        let text = edit::set("", None, place, given).map_err(|failure| failure.to_string())?;
        let none = Overrides::default();
        let settings = Settings::resolve(Some(("", &text)), &|_| None, &none);
        let unknown = settings.provider(None).err();
        let odd = settings.problem.as_ref().or(unknown.as_ref());
        let odd = odd.map(ToString::to_string).into_iter();
        match odd.chain(settings.warnings).next() {
            Some(odd) => Err(without_place(&odd)),
            None => Ok(()),
        }
    }
}

/// `:2:1: message` without the place, which is in no file of the person's.
fn without_place(odd: &str) -> String {
    let message = odd.split_once(": ").map_or(odd, |(_, message)| message);
    if odd.starts_with(':') { message } else { odd }.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is read of what is written is what was given, and where it came from.
    #[test]
    fn every_setting_can_be_given_and_found_again() {
        for setting in TABLE {
            let typed = match setting.kind {
                Kind::Flag => "false",
                Kind::Choice(names) => names[names.len() - 1],
                Kind::Whole(..) => "3",
                Kind::Amount => "7.5",
                Kind::Text => "groq",
                Kind::Names => "dry, warm",
                Kind::Words => "say -v 'a b'",
            };
            let given = setting.read(typed).unwrap();
            let mut text = edit::set("c", None, (setting.table, setting.key), &given).unwrap();
            if setting.key == "on_limit" {
                text += "monthly_usd = 5\n";
            }
            let settings = Settings::resolve(Some(("c", &text)), &|_| None, &Overrides::default());
            assert_eq!(settings.warnings, [""; 0], "{text}");
            assert_eq!(setting.of(&settings), (given, Whence::File), "{text}");
            let none = Settings::resolve(None, &|_| None, &Overrides::default());
            assert_eq!(setting.of(&none).1, Whence::BuiltIn, "{}", setting.name());
        }
    }

    #[test]
    fn what_cannot_be_is_refused_with_a_sentence() {
        let read = |name: &str, typed: &str| {
            let setting = TABLE.iter().find(|it| it.name() == name).unwrap();
            setting.read(typed)
        };
        for (name, typed, told) in [
            ("variants.at_once", "99", "from 1 to 16"),
            ("variants.at_once", "two", "from 1 to 16"),
            ("budget.monthly_usd", "much", "an amount of dollars"),
            ("budget.monthly_usd", "-5", "must be an amount"),
            ("provider", "nobody", "there is no provider `nobody`"),
            ("editor.keys", "emacs", "must be"),
        ] {
            let why = read(name, typed).unwrap_err();
            assert!(why.contains(told), "{name} {typed}: {why}");
        }
        assert_eq!(read("budget.monthly_usd", " "), Ok(Given::Default));
        assert_eq!(read("budget.monthly_usd", "$5"), Ok(Given::Number(5.0)));
    }
}
