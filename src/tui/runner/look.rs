//! Errands about how the studio looks: what is kept of the panes, themes from files.

use super::Runner;
use crate::app::look::{Errand, Fact, Undo, Written};
use crate::app::msg::Msg;
use crate::config::edit::{self, Given};
use crate::config::theme::{self, Named, SHIPPED};
use crate::config::{Overrides, Settings, variable};
use crate::domain::failure::Failure;
use crate::store::layout::Layout;
use crate::store::{Paths, habits, layout, shelf, themes};
use crate::tui::queue::Job;

impl Runner {
    /// Does an errand about the look.
    pub(super) fn look(&mut self, errand: Errand) {
        match errand {
            Errand::Arrange(layout) => self.write(Job::Arrange(layout)),
            errand => self.blocking(move |paths| Msg::Look(done(paths, errand))),
        }
    }
}

/// Does an errand at once.
pub fn done(paths: &Paths, errand: Errand) -> Fact {
    match errand {
        Errand::Arrange(layout) => arranged(paths, &layout),
        Errand::Theme(name) => Fact::Theme(named(paths, &name).map(Box::new)),
        Errand::Themes => Fact::Themes(all(paths)),
        Errand::Prefer(name) => {
            let theme = ("ui", "theme");
            let written = written(paths, theme, &Given::Text(name));
            Fact::Preferred(written.map(|(settings, _)| Box::new(settings)))
        }
        Errand::Set(change) => {
            let place = (change.table.as_str(), change.key.as_str());
            let written = written(paths, place, &change.to);
            Fact::Set(written.map(Box::new), change.told)
        }
        Errand::TakeBack(undo, told) => {
            let settings = taken_back(paths, &undo);
            let settings = settings.map(Box::new).map_err(|failure| (failure, undo));
            Fact::TakenBack(settings, told)
        }
        Errand::Habits(kept) => {
            let kept = habits::save(paths, &kept);
            Fact::Habits(kept.map_err(|error| error.failure()))
        }
    }
}

/// Keeps how the panes stand.
pub(in crate::tui) fn arrange(paths: &Paths, layout: &Layout) -> Msg {
    Msg::Look(arranged(paths, layout))
}

fn arranged(paths: &Paths, layout: &Layout) -> Fact {
    let kept = layout::save(paths, layout);
    Fact::Arranged(kept.map_err(|error| error.failure()))
}

/// The theme of this name, or a sentence that there is none.
pub(in crate::tui) fn named(paths: &Paths, name: &str) -> Result<Named, String> {
    let own = themes::list(paths);
    theme::read(name, &own).ok_or_else(|| {
        let known: Vec<String> = all(paths).into_iter().map(|named| named.name).collect();
        format!("there is no theme `{name}`; there are {}", known.join(", "))
    })
}

/// Every theme: the shipped ones, then the person's own.
fn all(paths: &Paths) -> Vec<Named> {
    let own = themes::list(paths);
    let others = own.iter().map(|source| source.name.as_str());
    let others = others.filter(|name| !SHIPPED.contains(name));
    let names = SHIPPED.into_iter().chain(others);
    names.filter_map(|name| theme::read(name, &own)).collect()
}

/// Writes a setting and reads all of them again.
fn written(paths: &Paths, place: (&str, &str), to: &Given) -> Result<Written, Failure> {
    let shown = paths.config_file.display().to_string();
    let before = shelf::config(paths)?;
    let after = edit::set(&shown, before.as_deref(), place, to)?;
    let settings = put(paths, before.as_deref(), &after)?;
    let changed = before.as_deref().unwrap_or_default() != after;
    let undo = changed.then(|| Undo {
        table: place.0.to_owned(),
        key: place.1.to_owned(),
        before,
        after,
    });
    Ok((settings, undo))
}

/// Takes a change back: the file is as it was, comments included, if nothing was written into it
/// since; else the one setting is.
fn taken_back(paths: &Paths, undo: &Undo) -> Result<Settings, Failure> {
    let now = shelf::config(paths)?;
    let before = undo.before.clone().unwrap_or_default();
    if now.as_deref() == Some(undo.after.as_str()) {
        return put(paths, now.as_deref(), &before);
    }
    let place = (undo.table.as_str(), undo.key.as_str());
    let (settings, _) = written(paths, place, &edit::held(&before, place))?;
    Ok(settings)
}

/// Writes the file if it says something else then, and reads the settings that it makes.
fn put(paths: &Paths, before: Option<&str>, after: &str) -> Result<Settings, Failure> {
    let shown = paths.config_file.display().to_string();
    let file = Some((shown.as_str(), after));
    let settings = Settings::resolve(file, &variable, &Overrides::default());
    if before.unwrap_or_default() != after {
        shelf::save_config(paths, before, after)?;
    }
    Ok(settings)
}
