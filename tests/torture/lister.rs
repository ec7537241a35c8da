//! A person who puts the lists in order: renames, deletes, takes back.

use super::support::studio::paths;
use super::victim::{Victim, files, home, look, moment, start};
use super::{Chance, Figures};
use copydesk::domain::draft::{Draft, Provenance};
use copydesk::store::{Paths, drafts};
use std::collections::BTreeSet;
use std::sync::Arc;
use tempfile::TempDir;

/// A kill comes within so many milliseconds after the first key.
const ROUND: u64 = 600;
/// Drafts that there are at least.
const DRAFTS: usize = 6;

/// Tortures one home.
pub(super) fn torture(chance: Chance, kills: u64) -> Figures {
    let home = home();
    let mut lister = Lister {
        paths: paths(home.path()),
        home,
        chance,
        figures: Figures::default(),
        bodies: BTreeSet::new(),
        titles: 0,
    };
    while lister.figures.kills < kills {
        lister.round();
    }
    lister.leave();
    lister.figures
}

struct Lister {
    home: Arc<TempDir>,
    paths: Paths,
    chance: Chance,
    figures: Figures,
    /// Every text that must be somewhere.
    bodies: BTreeSet<String>,
    titles: u64,
}

impl Lister {
    fn round(&mut self) {
        while files(&self.paths.drafts).0.len() < DRAFTS {
            self.add();
        }
        let studio = start(&self.home, &[]);
        studio.keys("<alt+1>]").wait_for_text("words · ");
        let after = moment(&mut self.chance, ROUND);
        let victim = Victim::new(studio, after);
        while self.act(&victim) {}
        victim.killed();
        self.figures.kills += 1;
        self.check();
    }

    fn add(&mut self) {
        self.titles += 1;
        let title = format!("Owl{:04}", self.titles);
        let body = format!("The text of {title}, which nobody changes.\n");
        let made = "2026-11-18T09:00:00+00:00[UTC]".parse().unwrap();
        let draft = Draft::new(&title, &body, &Provenance::default(), &made);
        drafts::save_new(&self.paths, &draft).unwrap();
        self.bodies.insert(body);
    }

    /// Does something to a random draft; false once the studio is dead.
    fn act(&mut self, victim: &Victim) -> bool {
        let down = "j".repeat(self.chance.below(DRAFTS as u64) as usize);
        if !victim.keys(&format!("g{down}")) {
            return false;
        }
        let (keys, told) = match self.chance.below(4) {
            0 => ("x".to_owned(), "moved to the trash"),
            1 => ("u".to_owned(), ""),
            _ => {
                self.titles += 1;
                let title = format!("Owl{:04}", self.titles);
                (format!("r<backspace*7>{title}<enter>"), "renamed, now in")
            }
        };
        victim.keys(&keys)
            && victim
                .sees(
                    |screen| {
                        let told_back =
                            screen.contains(" is back") || screen.contains("its name back");
                        let answered = told_back || screen.contains("nothing to take back");
                        if told.is_empty() {
                            answered
                        } else {
                            screen.contains(told) || screen.contains("nothing is highlighted")
                        }
                    },
                    &keys,
                )
                .is_some()
    }

    /// Every text is in a draft or in the trash, and every draft is a whole one.
    fn check(&mut self) {
        if let Err(why) = look(&self.paths) {
            self.figures.damaged.push(why);
        }
        let (drafts, _) = files(&self.paths.drafts);
        let (trash, _) = files(&self.paths.trash);
        let mut found = BTreeSet::new();
        for path in &drafts {
            let draft = Draft::parse(&std::fs::read_to_string(path).unwrap());
            if draft.problem().is_some() || !self.bodies.contains(draft.body()) {
                let path = path.display();
                self.figures
                    .damaged
                    .push(format!("{path} says {:?}", draft.body()));
            }
            // A rename writes the new file before the old one goes: a kill may leave both.
            found.insert(draft.body().to_owned());
        }
        for path in trash {
            let source = std::fs::read_to_string(path).unwrap();
            found.insert(Draft::parse(&source).body().to_owned());
        }
        let missing: Vec<_> = self.bodies.difference(&found).cloned().collect();
        self.figures.lost.extend(missing);
    }

    /// A new draft is saved and the studio left: no litter and no offer stays.
    fn leave(&mut self) {
        let mut studio = start(&self.home, &[]);
        studio
            .keys("<alt+2>The last one")
            .wait_for_text("The last one");
        studio.keys("<ctrl+s>").wait_for_text("saved drafts/");
        studio.keys("<ctrl+q>");
        studio.exit_code();
        self.figures.clean_exits += 1;
        for folder in [&self.paths.drafts, &self.paths.trash] {
            let (_, mut litter) = files(folder);
            litter.retain(|path| path.extension().is_none_or(|kind| kind != "json"));
            if !litter.is_empty() {
                self.figures.damaged.push(format!("litter: {litter:?}"));
            }
        }
    }
}
