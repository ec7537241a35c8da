//! Work that is under way: every run, whatever it is for, what is read aloud or taken down, and the
//! box that lists them.
//!
//! Owns none of it: runs stand where their text goes. Says when one ends while the person looks
//! elsewhere.

use super::dialog::{Dialog, Outcome};
use super::editor::OpenDocument;
use super::effect::Effect;
use super::key::{Code, Key};
use super::msg::Looks;
use super::output::Variant;
use super::voice::{Going, Task};
use super::{App, Pane, Weight};
use crate::config::Notify;
use crate::domain::run::RunId;
use uuid::Uuid;

/// What a run is for, and where its text goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Goal {
    /// A variant.
    Text,
    /// A part of this document.
    Part(Uuid),
    /// An answer about this document.
    Answer(Uuid),
}

/// A run that goes on.
#[derive(Debug)]
pub struct Work<'a> {
    /// What it is for.
    pub goal: Goal,
    /// What it is called.
    pub title: String,
    /// The run.
    pub run: &'a Variant,
}

/// A row of the box.
#[derive(Debug)]
pub enum Row<'a> {
    /// A program that reads aloud or takes down.
    Voice(&'a Going),
    /// A run.
    Run(Work<'a>),
}

/// What a row stands for, as long as it goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Item {
    /// A program that reads aloud or takes down.
    Voice(Task),
    /// A run.
    Run(Goal, RunId),
}

impl Row<'_> {
    /// What it stands for.
    pub const fn item(&self) -> Item {
        match self {
            Self::Voice(going) => Item::Voice(going.task),
            Self::Run(work) => Item::Run(work.goal, work.run.run),
        }
    }
}

/// The box that lists what goes on.
#[derive(Debug)]
pub struct WorkBox {
    /// What is highlighted.
    pub chosen: Option<Item>,
}

/// What is to be done with a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wish {
    /// Highlight the one so many rows on.
    Step(isize),
    /// Stop it.
    Stop,
    /// Stop all of them.
    StopAll,
    /// Show where its text goes.
    GoTo,
}

impl WorkBox {
    pub(super) fn key(key: Key) -> Outcome {
        let wish = match key.code {
            Code::Esc | Code::Char('q') => return Outcome::Close,
            Code::Char('j') if key.alt => return Outcome::Close,
            Code::Char('x') => Wish::Stop,
            Code::Char('X') => Wish::StopAll,
            Code::Enter => Wish::GoTo,
            Code::Char('j') => Wish::Step(1),
            Code::Char('k') => Wish::Step(-1),
            _ => match key.rows() {
                Some(rows) => Wish::Step(rows),
                None => return Outcome::Stay,
            },
        };
        Outcome::Work(wish)
    }
}

impl App {
    /// Every run of this session, those of parts and questions included.
    pub(super) fn runs(&self) -> impl Iterator<Item = &Variant> {
        let variants = self.output.variants.iter();
        variants
            .chain(self.refines.answers())
            .chain(self.asks.answers())
    }

    /// How many runs go on.
    pub fn runs_at_work(&self) -> usize {
        self.runs().filter(|run| run.is_running()).count()
    }

    /// The runs that go on, in the order they were sent.
    pub fn work(&self) -> Vec<Work<'_>> {
        let running = self.runs().filter(|run| run.is_running());
        let mut all: Vec<_> = running.map(|run| self.work_of(run)).collect();
        all.sort_by_key(|work| work.run.started);
        all
    }

    /// All that goes on: what is heard or said first, then the runs.
    pub fn work_rows(&self) -> Vec<Row<'_>> {
        let voices = self.voice.going().map(Row::Voice);
        voices
            .chain(self.work().into_iter().map(Row::Run))
            .collect()
    }

    fn work_of<'a>(&'a self, run: &'a Variant) -> Work<'a> {
        let about = |draft: Uuid| {
            let open = self.editor.get(draft).filter(|open| !open.is_blank());
            open.map(OpenDocument::title).unwrap_or_default()
        };
        let named = |what: &str, of: String| match of.as_str() {
            "" => what.to_owned(),
            of => format!("{what} · {of}"),
        };
        let mut jobs = self.refines.jobs().iter();
        let (goal, title) = if let Some(job) = jobs.find(|job| job.run == run.run) {
            let draft = job.draft();
            (Goal::Part(draft), named(&job.title, about(draft)))
        } else if let Some((draft, turn)) = self.asks.asked(run.run) {
            (Goal::Answer(draft), named(&turn.question, about(draft)))
        } else {
            (Goal::Text, run.origin.title.clone())
        };
        Work { goal, title, run }
    }

    /// `alt+j`: lists what goes on.
    pub(super) fn list_work(&mut self) -> Vec<Effect> {
        let chosen = self.work_rows().first().map(Row::item);
        if chosen.is_none() && self.awaits_models.is_none() {
            return self.tell(Weight::Note, "nothing is being written");
        }
        self.dialogs.push(Dialog::Work(WorkBox { chosen }));
        Vec::new()
    }

    /// What the front box wishes.
    pub(super) fn on_work_wish(&mut self, wish: Wish) -> Vec<Effect> {
        let Some(Dialog::Work(shown)) = self.dialogs.last() else {
            return Vec::new();
        };
        if wish == Wish::StopAll {
            self.dialogs.pop();
            return self.stop_all();
        }
        let chosen = shown.chosen;
        let all: Vec<Item> = self.work_rows().iter().map(Row::item).collect();
        let at = all.iter().position(|item| Some(*item) == chosen);
        let next = match (wish, at) {
            (Wish::Step(by), Some(at)) => at.saturating_add_signed(by).min(all.len() - 1),
            (_, None) => 0,
            (Wish::Stop | Wish::StopAll | Wish::GoTo, Some(at)) => {
                let item = all[at];
                let next = all.get(at + 1).or_else(|| all.get(at.checked_sub(1)?));
                let next = next.copied();
                return if wish == Wish::Stop {
                    let effects = self.stop_work(item);
                    // What was asked to end is still there until it does.
                    let stays = self.work_rows().iter().any(|row| row.item() == item);
                    self.highlight(if stays { Some(item) } else { next });
                    effects
                } else {
                    self.dialogs.pop();
                    self.go_to_work(item)
                };
            }
        };
        self.highlight(all.get(next).copied());
        match at {
            None if chosen.is_some() && !matches!(wish, Wish::Step(_)) => {
                self.tell(Weight::Note, "this has ended meanwhile")
            }
            _ => Vec::new(),
        }
    }

    fn highlight(&mut self, item: Option<Item>) {
        if let Some(Dialog::Work(shown)) = self.dialogs.last_mut() {
            shown.chosen = item;
        }
    }

    fn stop_work(&mut self, item: Item) -> Vec<Effect> {
        match item {
            Item::Voice(task) => self.stop_voice(task),
            Item::Run(Goal::Text, run) => self.stop(run),
            Item::Run(Goal::Part(_), run) => self.stop_refining(run),
            Item::Run(Goal::Answer(_), run) => self.stop_answer(run),
        }
    }

    /// Stops everything that goes on; what came of each is kept as when it is stopped alone.
    pub(super) fn stop_all(&mut self) -> Vec<Effect> {
        let all: Vec<Item> = self.work_rows().iter().map(Row::item).collect();
        let mut effects = Vec::new();
        for item in &all {
            effects.extend(self.stop_work(*item));
        }
        let told = match all.len() {
            0 => "nothing is being written".to_owned(),
            1 => return effects,
            count => format!("{count} stopped; what came of each is kept"),
        };
        effects.extend(self.tell(Weight::Note, told));
        effects
    }

    fn go_to_work(&mut self, item: Item) -> Vec<Effect> {
        let (goal, run) = match item {
            Item::Voice(task) => return self.go_to_voice(task),
            Item::Run(goal, run) => (goal, run),
        };
        let (Goal::Part(draft) | Goal::Answer(draft)) = goal else {
            self.show_variants();
            let place = self.output.variants.iter().position(|it| it.run == run);
            self.output.show(place.unwrap_or_default());
            self.focus_on(Pane::Output);
            return Vec::new();
        };
        let mut effects = Vec::new();
        if draft != self.editor.id && self.editor.get(draft).is_some() {
            effects.extend(self.show_open(draft));
        }
        if matches!(goal, Goal::Answer(_)) {
            effects.extend(self.ask());
            self.show_conversation_of(run);
        } else {
            self.focus_on(Pane::Editor);
        }
        effects
    }

    /// What goes on now, if somebody who looks elsewhere is to hear of its end.
    pub(super) fn watched_work(&self) -> Vec<(RunId, String)> {
        if self.looks == Looks::Here || self.settings.notify == Notify::Off {
            return Vec::new();
        }
        let all = self.work().into_iter();
        all.map(|work| (work.run.run, work.title)).collect()
    }

    /// Says what of that has ended. What a person stopped is no news to them.
    pub(super) fn tell_of_ended(&self, before: Vec<(RunId, String)>) -> Option<Effect> {
        let ended = before.into_iter().filter_map(|(run, title)| {
            let now = self.runs().find(|each| each.run == run);
            match now {
                Some(run) if run.is_running() => None,
                Some(run) => Some(format!("{title}: {}", run.state())),
                None => Some(format!("{title}: done")),
            }
        });
        let ended: Vec<String> = ended.collect();
        let how = self.settings.notify;
        let text = format!("Copydesk · {}", ended.join(" · "));
        (self.looks == Looks::Away && !ended.is_empty()).then_some(Effect::Notify(how, text))
    }
}
