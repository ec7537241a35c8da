//! The box of themes: moving the highlight shows the whole screen in one, enter keeps it.
//!
//! Reads and writes no file; what a theme looks like comes with it.

use super::dialog::{Dialog, Outcome};
use super::effect::Effect;
use super::filter::{Filter, Subject};
use super::filtered::Filtered;
use super::key::{Code, Key};
use super::look::Errand;
use super::{App, Weight};
use crate::config::Settings;
use crate::config::theme::{self, Named, SHIPPED, Theme, USUAL};
use crate::domain::failure::Failure;

/// The theme in force.
#[derive(Debug)]
pub(super) struct Worn {
    name: String,
    theme: Theme,
}

impl Default for Worn {
    fn default() -> Self {
        Self {
            name: USUAL.to_owned(),
            theme: Theme::TERMINAL,
        }
    }
}

/// The box.
#[derive(Debug)]
pub struct ThemeBox {
    /// What is typed, and the places of the themes that fit.
    pub list: Filtered<usize>,
    /// All themes.
    pub all: Vec<Named>,
}

impl ThemeBox {
    fn new(all: Vec<Named>, chosen: &str) -> Self {
        let list = Filtered::new((0..all.len()).collect());
        let mut shown = Self { list, all };
        shown.highlight(chosen);
        shown
    }

    /// The highlighted theme.
    pub fn chosen(&self) -> Option<&Named> {
        self.all.get(*self.list.chosen()?)
    }

    fn highlight(&mut self, name: &str) {
        let mut rows = self.list.rows.iter();
        let place = rows.position(|row| self.all[*row].name == name);
        self.list.cursor = place.unwrap_or(0);
    }

    fn fitting(&self) -> Vec<usize> {
        let subjects = self.all.iter().map(|named| Subject {
            title: &named.name,
            names: "",
            text: "",
        });
        Filter::new(&self.list.typed()).ranked(subjects)
    }

    /// Takes all themes anew; the highlight stays.
    fn refill(&mut self, all: Vec<Named>) {
        let chosen = self.chosen().map(|named| named.name.clone());
        self.all = all;
        self.list.rows = self.fitting();
        self.highlight(&chosen.unwrap_or_default());
    }

    pub(super) fn key(&mut self, key: Key) -> Outcome {
        match key.code {
            Code::Esc => return Outcome::Close,
            Code::Enter => {
                let chosen = self.chosen().map(|named| named.name.clone());
                return chosen.map_or(Outcome::Stay, Outcome::Theme);
            }
            _ => {}
        }
        if self.list.key(key) {
            self.list.narrow(self.fitting());
        }
        Outcome::Stay
    }

    pub(super) fn paste(&mut self, text: &str) {
        self.list.paste(text);
        self.list.narrow(self.fitting());
    }
}

impl App {
    /// What the screen is drawn in: the highlighted theme while one is chosen.
    pub fn theme(&self) -> &Theme {
        let chosen = self.dialogs.iter().rev().find_map(|dialog| match dialog {
            Dialog::Themes(shown) => shown.chosen(),
            Dialog::Palette(palette) => palette.theme(),
            _ => None,
        });
        chosen.map_or(&self.worn.theme, |named| &named.theme)
    }

    /// Name of the theme in force.
    pub fn theme_name(&self) -> &str {
        &self.worn.name
    }

    /// Puts a theme on; what is wrong in it comes back as a sentence.
    pub fn wear(&mut self, named: Named) -> Option<String> {
        self.worn = Worn {
            name: named.name,
            theme: named.theme,
        };
        let first = named.odd.first()?;
        Some(match named.odd.len() {
            1 => first.clone(),
            all => format!("{first} · and {} more, see copydesk config check", all - 1),
        })
    }

    /// Opens the box.
    pub(super) fn choose_theme(&mut self) -> Vec<Effect> {
        let shipped = SHIPPED.iter().filter_map(|name| theme::read(name, &[]));
        let mut all: Vec<Named> = shipped.collect();
        if let Some(same) = all.iter_mut().find(|named| named.name == self.worn.name) {
            same.theme = self.worn.theme;
        } else {
            all.push(Named {
                name: self.worn.name.clone(),
                own: true,
                theme: self.worn.theme,
                odd: Vec::new(),
            });
        }
        let shown = ThemeBox::new(all, &self.worn.name);
        self.dialogs.push(Dialog::Themes(Box::new(shown)));
        vec![Effect::Look(Errand::Themes)]
    }

    /// All themes were read.
    pub(super) fn on_themes(&mut self, all: Vec<Named>) -> Vec<Effect> {
        self.fill_palette(&all);
        for dialog in &mut self.dialogs {
            if let Dialog::Themes(shown) = dialog {
                shown.refill(all);
                break;
            }
        }
        Vec::new()
    }

    /// A theme was chosen: it is on at once, and the settings file is to say so.
    pub(super) fn take_theme(&mut self, name: String) -> Vec<Effect> {
        let all = match self.dialogs.pop() {
            Some(Dialog::Themes(shown)) => shown.all,
            Some(Dialog::Palette(palette)) => palette.themes,
            _ => Vec::new(),
        };
        if let Some(named) = all.into_iter().find(|named| named.name == name) {
            self.wear(named);
        }
        vec![Effect::Look(Errand::Prefer(name))]
    }

    /// The settings file names the theme, or does not.
    pub(super) fn on_theme_preferred(&mut self, written: Result<Settings, Failure>) -> Vec<Effect> {
        match written {
            Ok(settings) => {
                self.adopt(settings.with_picks_of(&self.settings));
                let mut effects = vec![Effect::UseSettings(Box::new(self.settings.clone()))];
                let told = format!("theme {} from now on", self.worn.name);
                effects.extend(self.tell(Weight::Good, told));
                effects
            }
            Err(failure) => self.fail(&failure),
        }
    }

    /// The theme that the settings name is to be read, if that is another one now.
    pub(super) fn follow_theme(&self) -> Option<Effect> {
        let named = self.settings.appearance.theme.as_deref().unwrap_or(USUAL);
        (named != self.worn.name).then(|| Effect::Look(Errand::Theme(named.to_owned())))
    }

    /// Files of themes changed.
    pub(super) fn reread_themes(&self) -> Vec<Effect> {
        let mut effects = vec![Effect::Look(Errand::Theme(self.worn.name.clone()))];
        let open = |dialog: &Dialog| matches!(dialog, Dialog::Themes(_));
        if self.dialogs.iter().any(open) {
            effects.push(Effect::Look(Errand::Themes));
        }
        effects
    }

    /// The theme in force was read.
    pub(super) fn on_theme(&mut self, named: Result<Named, String>) -> Vec<Effect> {
        match named.map(|named| self.wear(named)) {
            Ok(None) => Vec::new(),
            Ok(Some(odd)) | Err(odd) => self.tell(Weight::Bad, odd),
        }
    }
}
