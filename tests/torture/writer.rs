//! A person who writes: types, pastes, takes back, saves, quits, opens drafts again.

use super::history::{History, Undone, brief};
use super::support::pty::Pty;
use super::support::studio::paths;
use super::victim::{Victim, files, home, kill, look, moment, overwrite, start};
use super::{Chance, Figures};
use copydesk::domain::draft::Draft;
use copydesk::store::journal::{Journal, Kept};
use copydesk::store::session::traces;
use copydesk::store::{Paths, fingerprint};
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;
use tempfile::TempDir;

/// A kill comes within so many milliseconds after the first key.
const ROUND: u64 = 1_100;
/// The same after a text was asked for.
const RESTORE: u64 = 120;

/// Tortures one home.
pub(super) fn torture(chance: Chance, kills: u64) -> Figures {
    let home = home();
    let mut writer = Writer {
        paths: paths(home.path()),
        home,
        chance,
        figures: Figures::default(),
        words: 0,
        files: BTreeMap::new(),
        owed: Owed::Nothing,
        open: None,
    };
    while writer.figures.kills < kills {
        writer.round();
    }
    writer.leave();
    writer.figures
}

/// What the next start has to offer.
enum Owed {
    /// Nothing.
    Nothing,
    /// This text, and whether its file is still what it was.
    Text(String, bool),
    /// One that nobody has looked at: it is read from the file that it is saved to.
    Unseen(Box<History>, Instant),
}

struct Writer {
    home: Arc<TempDir>,
    paths: Paths,
    chance: Chance,
    figures: Figures,
    words: u64,
    /// The text that each file must have.
    files: BTreeMap<PathBuf, String>,
    owed: Owed,
    /// The file of the text that is open.
    open: Option<PathBuf>,
}

impl Writer {
    fn round(&mut self) {
        if !matches!(self.owed, Owed::Nothing) && self.chance.one_in(4) {
            return self.end_during_restore();
        }
        let studio = start(&self.home, &[]);
        let text = self.take_up(&studio);
        let after = moment(&mut self.chance, ROUND);
        let victim = Victim::new(studio, after);
        let mut history = History::new(text);
        self.work(&victim, &mut history);
        let killed = victim.killed();
        self.figures.kills += 1;
        self.judge(history, killed);
        if self.chance.one_in(8) {
            self.leave();
        }
    }

    /// Takes up what the last kill left, or opens something; gives the text that is open then.
    fn take_up(&mut self, studio: &Pty) -> String {
        match std::mem::replace(&mut self.owed, Owed::Nothing) {
            Owed::Text(text, in_its_file) => {
                self.bring_back(studio, &brief(&text));
                if !in_its_file {
                    studio.wait_for_text("brought back as an unsaved draft");
                    self.open = None;
                }
                if self.chance.one_in(4) {
                    self.save(studio, &text);
                }
                text
            }
            Owed::Unseen(history, killed) => {
                let bar = history.acknowledged(killed);
                let owed = format!(
                    "state {bar} of {} or later, of {:?}: {}",
                    history.last(),
                    self.open,
                    brief(history.state(bar))
                );
                self.bring_back(studio, &owed);
                self.save_unseen(studio, &history, killed)
            }
            Owed::Nothing => {
                if self.chance.one_in(3) {
                    self.expect_nothing(studio);
                }
                self.open_something(studio)
            }
        }
    }

    /// Asks for the text that was left, and is killed or leaves in that very moment: the text is
    /// offered again.
    fn end_during_restore(&mut self) {
        let mut studio = start(&self.home, &[]);
        self.expect_offer(&studio, "what was to be brought back in the last moment");
        if self.chance.one_in(3) {
            studio.keys("<enter><ctrl+q>");
            let asks = |screen: &str| screen.contains("not saved").then_some(());
            if studio.watch(asks, "a question or the end").is_some() {
                kill(studio);
                self.figures.kills += 1;
            } else if studio.exit_code() == 0 {
                self.figures.clean_exits += 1;
            } else {
                let code = studio.exit_code();
                self.figures.damaged.push(format!("an exit with {code}"));
            }
        } else {
            let after = moment(&mut self.chance, RESTORE);
            let victim = Victim::new(studio, after);
            victim.keys("<enter>");
            victim.killed();
            self.figures.kills += 1;
        }
        let left = match look(&self.paths) {
            Ok(left) => left,
            Err(why) => return self.figures.damaged.push(why),
        };
        let mut texts = left.buffers.iter().map(|kept| kept.buffer.text.as_str());
        let (text, more) = (texts.next(), texts.next());
        let kept = more.is_none()
            && match &self.owed {
                Owed::Text(owed, _) => text == Some(owed),
                Owed::Unseen(history, killed) => {
                    text.is_some_and(|text| history.judge(text, *killed).is_ok())
                }
                Owed::Nothing => text.is_none(),
            };
        if !kept {
            let told = format!("after an end during a restore: {text:?}, {more:?}");
            self.figures.lost.push(told);
            self.owed = Owed::Nothing;
        }
    }

    fn bring_back(&mut self, studio: &Pty, owed: &str) {
        self.expect_offer(studio, owed);
        studio.keys("<enter>").wait_for_text("brought back");
        studio.wait_for(
            |screen| !screen.contains("Unsaved text was found"),
            "the text",
        );
        self.figures.restored += 1;
    }

    /// Waits for the offer; without one, tells what the journal has in its place.
    #[expect(clippy::panic, reason = "a test fails by panicking")]
    fn expect_offer(&self, studio: &Pty, owed: &str) {
        let offer = || studio.wait_for_text("Unsaved text was found");
        if catch_unwind(AssertUnwindSafe(offer)).is_err() {
            let journal = Journal::open(&self.paths.journal).unwrap().journal;
            let buffers = journal.buffers().unwrap();
            let told = buffers.iter().map(|Kept { buffer, kept }| {
                let (text, path) = (brief(&buffer.text), &buffer.path);
                format!(
                    "{text} of {path:?} by {}, put off: {kept:?}",
                    buffer.session
                )
            });
            let told: Vec<_> = told.collect();
            let sessions = traces(&self.paths);
            panic!("not offered: {owed}\nthe journal has {told:#?}\nat work: {sessions:#?}");
        }
    }

    fn expect_nothing(&mut self, studio: &Pty) {
        studio.keys("<alt+r>");
        let seen = studio.wait_for(
            |screen| {
                screen.contains("no unsaved text to bring back")
                    || screen.contains("Unsaved text was found")
            },
            "an answer about unsaved text",
        );
        if seen.contains("Unsaved text was found") {
            self.figures.false_offers.push(seen);
            studio.keys("<esc>");
        }
    }

    fn open_something(&mut self, studio: &Pty) -> String {
        let count = self.files.len() as u64;
        if count == 0 || self.chance.one_in(3) {
            self.open = None;
            studio.keys("<alt+2>");
            return String::new();
        }
        let index = self.chance.below(count) as usize;
        let text = self.files.values().nth(index).unwrap();
        // A kill in the first word leaves a shorter one.
        let title = text.chars().take_while(char::is_ascii_alphanumeric).take(9);
        let title = title.collect::<String>();
        let row = format!("│ {title}");
        studio.keys("<alt+1>]").wait_for_text("Drafts");
        studio.keys("/").keys(&title);
        studio.wait_for(|screen| screen.contains(&row), "the draft in the list");
        studio.keys("<enter>");
        let name_of = |screen: &str| screen.lines().next().unwrap_or_default().to_owned();
        let seen = studio.wait_for(|screen| name_of(screen).contains(".md"), "the open draft");
        // Two drafts may have one title; either was opened.
        let open = name_of(&seen);
        let mut words = open.split_whitespace();
        let name = words.find(|word| word.contains(".md")).unwrap();
        let path = self.paths.drafts.join(name);
        let text = self.files[&path].clone();
        self.open = Some(path);
        text
    }

    /// Works until the studio is dead.
    fn work(&mut self, victim: &Victim, history: &mut History) {
        if !victim.keys("<alt+2><ctrl+end>") {
            return;
        }
        let began = history.last();
        loop {
            let alive = match self.chance.below(20) {
                0 | 1 => self.paste(victim, history),
                2 if history.last() > began => return self.undo(victim, history),
                3 | 4 if history.saved != Some(history.last()) && history.last() > began => {
                    self.save_while(victim, history)
                }
                _ => self.type_word(victim, history),
            };
            if !alive {
                return;
            }
        }
    }

    fn word(&mut self, history: &History) -> (String, &'static str) {
        self.words += 1;
        let number = self.words;
        match number % 7 {
            // The first line is the title, and a word by which the draft is found again.
            _ if history.now().is_empty() => (format!("kite{number:05}"), "\r"),
            0 => (format!("t{number:05}é漢"), " "),
            1 => (format!("t{number:05}"), "\r"),
            _ => (format!("t{number:05}"), " "),
        }
    }

    fn type_word(&mut self, victim: &Victim, history: &mut History) -> bool {
        let (word, end) = self.word(history);
        for letter in format!("{word}{end}").chars() {
            let mut bytes = [0; 4];
            if !victim
                .studio
                .offer(letter.encode_utf8(&mut bytes).as_bytes())
            {
                return false;
            }
            history.push(if letter == '\r' {
                "\n"
            } else {
                letter.encode_utf8(&mut bytes)
            });
        }
        see(victim, history, &word)
    }

    fn paste(&mut self, victim: &Victim, history: &mut History) -> bool {
        let (word, _) = self.word(history);
        let lines = self.chance.below(80) as usize;
        let text = if history.now().is_empty() {
            format!("{word}\n")
        } else {
            format!(
                "\n{}\n{word} ",
                "pasted line of some length\n".repeat(lines)
            )
        };
        let bytes = format!("\x1b[200~{}\x1b[201~", text.replace('\n', "\r"));
        history.push(&text);
        victim.studio.offer(bytes.as_bytes()) && see(victim, history, &word)
    }

    /// Takes the last change back and waits for the end.
    fn undo(&mut self, victim: &Victim, history: &mut History) {
        let last = history.now().split_whitespace().last().unwrap_or_default();
        // A kill in a word joins the next one to it, and a row may end between the two.
        let last = last[last.rfind("t0").unwrap_or(0)..].to_owned();
        let file = self.open.as_ref().and_then(|path| self.files.get(path));
        history.undone = Some(Undone {
            shown: None,
            earlier: vec![file.cloned().unwrap_or_default(), String::new()],
        });
        if !victim.keys("<ctrl+z>") {
            return;
        }
        // The lists show words of other drafts.
        let text = history.now().to_owned();
        let stayed = victim.studio.watch(
            |screen| {
                let words = screen.split(|c: char| !c.is_alphanumeric());
                let words = words.filter(|word| word.starts_with("t0") && text.contains(*word));
                let words: Vec<String> = words.map(str::to_owned).collect();
                (!screen.contains(&last)).then_some(words)
            },
            "the word to go",
        );
        if let (Some(words), Some(undone)) = (stayed, &mut history.undone) {
            undone.shown = Some((Instant::now(), words, last));
            victim.sees(|_| false, "the kill");
        }
    }

    fn save_while(&mut self, victim: &Victim, history: &mut History) -> bool {
        history.saving = Some(history.last());
        if !victim.keys("<ctrl+s>") {
            return false;
        }
        let Some(_) = victim.sees(is_saved, "the save") else {
            return false;
        };
        history.saved = history.saving.take();
        self.saved(history.now());
        true
    }

    /// Saves with nobody to disturb.
    fn save(&mut self, studio: &Pty, text: &str) {
        studio.keys("<ctrl+s>").wait_for(is_saved, "the save");
        self.saved(text);
    }

    /// "Saved" was said: the file is there, and nothing else.
    fn saved(&mut self, text: &str) {
        self.figures.saves += 1;
        let (drafts, litter) = files(&self.paths.drafts);
        for path in litter {
            let path = path.display();
            self.figures.damaged.push(format!("litter: {path}"));
        }
        if self.open.is_none() {
            let new = drafts
                .into_iter()
                .find(|path| !self.files.contains_key(path));
            self.open = new;
        }
        let Some(path) = self.open.clone() else {
            return self.figures.lost.push("saved, and no file".to_owned());
        };
        self.files.insert(path, text.to_owned());
        self.check_files(None);
    }

    /// Brings what is in the editor into a file and reads it there.
    fn save_unseen(&mut self, studio: &Pty, history: &History, killed: Instant) -> String {
        studio.keys("<ctrl+s>").wait_for(is_saved, "the save");
        let (drafts, _) = files(&self.paths.drafts);
        let path = self.open.clone();
        let path = path.or_else(|| {
            drafts
                .into_iter()
                .find(|path| !self.files.contains_key(path))
        });
        let text = body(&path.unwrap());
        match history.judge(&text, killed) {
            Ok(bytes) => self.figures.acknowledged += bytes,
            Err(why) => self.figures.lost.push(format!("through the screen: {why}")),
        }
        self.saved(&text);
        text
    }

    /// Every file is whole; the one that was being written is old or new.
    fn check_files(&mut self, saving: Option<&str>) {
        let (drafts, _) = files(&self.paths.drafts);
        for path in self.files.keys().filter(|path| !drafts.contains(path)) {
            self.figures
                .damaged
                .push(format!("{} is gone", path.display()));
        }
        for path in drafts {
            let found = body(&path);
            let expected = self.files.get(&path);
            if expected == Some(&found) {
                continue;
            }
            let mine = expected.is_none() || self.open.as_ref() == Some(&path);
            if mine && saving == Some(found.as_str()) {
                self.open = Some(path.clone());
            } else {
                let path = path.display();
                let wrong = format!(
                    "{path} says {}, not {:?}",
                    brief(&found),
                    expected.map(|text| brief(text))
                );
                self.figures.damaged.push(wrong);
            }
            self.files.insert(path, found);
        }
    }

    /// Holds what survived against the history.
    fn judge(&mut self, history: History, killed: Instant) {
        let saving = history.saving.map(|state| history.state(state).to_owned());
        self.check_files(saving.as_deref());
        let acknowledged = history.state(history.acknowledged(killed));
        let file = self.open.as_ref().and_then(|path| self.files.get(path));
        let sure = history.undone.is_none()
            && saving.is_none()
            && !acknowledged.trim().is_empty()
            && file.is_none_or(|file| acknowledged.starts_with(file) && file != acknowledged);
        if sure && self.chance.one_in(2) {
            self.owed = Owed::Unseen(Box::new(history), killed);
            return;
        }
        let left = match look(&self.paths) {
            Ok(left) => left,
            Err(why) => return self.figures.damaged.push(why),
        };
        let file = file.cloned();
        if left.buffers.len() > 1 {
            let many = format!("{} buffers of one text", left.buffers.len());
            self.figures.false_offers.push(many);
        }
        let kept = left.buffers.into_iter().next().map(|kept| kept.buffer);
        let mut texts = kept.iter().map(|kept| &kept.text).chain(&file);
        let best = match history.undone {
            // What was taken back is older than what was saved, and yet what counts.
            Some(_) => texts.next(),
            None => texts.max_by_key(|text| history.find(text)),
        };
        match history.judge(best.map_or("", String::as_str), killed) {
            Ok(bytes) => self.figures.acknowledged += bytes,
            Err(why) => self.figures.lost.push(why),
        }
        let Some(kept) = kept else {
            return;
        };
        let of_file = kept.path.as_ref().and_then(|path| self.files.get(path));
        // A new draft that was killed while "saved" was on its way to the journal.
        let first = kept.path.is_none() && file.as_ref() == Some(&kept.text);
        if kept.text.trim().is_empty() || first || of_file == Some(&kept.text) {
            return;
        }
        let mut same = kept
            .path
            .as_ref()
            .is_none_or(|path| hash(path) == kept.base);
        if let Some(path) = kept.path.clone().filter(|_| same && self.chance.one_in(5)) {
            // Another program writes the file: the text must not go over it.
            let text = format!("{}\nwritten outside\n", self.files[&path]);
            overwrite(&path, &text);
            self.files.insert(path, text);
            same = false;
        }
        if kept.path.is_none() {
            self.open = None;
        }
        self.owed = Owed::Text(kept.text, same);
    }

    /// Takes up what is owed, saves it and leaves properly: nothing is offered after that.
    fn leave(&mut self) {
        let mut studio = start(&self.home, &[]);
        let owed = !matches!(self.owed, Owed::Nothing);
        let text = self.take_up(&studio);
        if owed && self.files.get(self.open.as_deref().unwrap_or("".as_ref())) != Some(&text) {
            self.save(&studio, &text);
        }
        studio.keys("<ctrl+q>");
        let code = studio.exit_code();
        self.figures.clean_exits += 1;
        if code != 0 {
            self.figures
                .damaged
                .push(format!("a clean exit with {code}"));
        }
        match look(&self.paths) {
            Ok(left) if left.buffers.is_empty() => {}
            Ok(left) => {
                let texts = left.buffers.iter().map(|kept| brief(&kept.buffer.text));
                let texts: Vec<_> = texts.collect();
                self.figures
                    .false_offers
                    .push(format!("after a clean exit: {texts:?}"));
            }
            Err(why) => self.figures.damaged.push(why),
        }
        self.open = None;
    }
}

/// Waits until the last word is on the screen; false when the studio died before.
fn see(victim: &Victim, history: &mut History, word: &str) -> bool {
    let seen = victim.sees(|screen| screen.contains(word), word);
    if let Some(at) = seen {
        history.see(at);
    }
    seen.is_some()
}

/// A draft with unsaved text has a ● in the title.
fn is_saved(screen: &str) -> bool {
    let said = screen.contains("saved drafts/") || screen.contains("nothing changed in drafts/");
    said && !screen.contains('●')
}

fn body(path: &std::path::Path) -> String {
    Draft::parse(&std::fs::read_to_string(path).unwrap())
        .body()
        .to_owned()
}

fn hash(path: &std::path::Path) -> Option<String> {
    std::fs::read(path).ok().map(|bytes| fingerprint(&bytes))
}
