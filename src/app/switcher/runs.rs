//! The list of runs: everything that was ever generated, newest first, found by a few typed words.
//!
//! Owns the lines that were read so far, which of them fit, and what is still to be read. The
//! journal is read a page at a time, and only as far as somebody looks.

mod line;

pub use line::{Line, State};

use crate::app::dialog::{Dialog, Outcome};
use crate::app::effect::Effect;
use crate::app::filter::folded;
use crate::app::filtered::Filtered;
use crate::app::key::{Code, Key};
use crate::app::output::Brought;
use crate::app::{App, Pane, Weight};
use crate::domain::run::RunId;
use std::collections::HashSet;

/// Rows beyond the highlighted one that are there before anybody gets to them.
const AHEAD: usize = 100;

/// Which runs are meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scope {
    /// All of them.
    All,
    /// Those of a template.
    Template(String),
    /// Those of a draft: what its runs go by in the journal, the runs it names itself, and what it
    /// is called.
    Draft(String, HashSet<RunId>, String),
}

impl Scope {
    fn has(&self, line: &Line) -> bool {
        match self {
            Self::All => true,
            Self::Template(name) => line.template == *name,
            Self::Draft(key, runs, _) => {
                line.draft.as_ref() == Some(key) || runs.contains(&line.id)
            }
        }
    }
}

/// What the journal is to be looked at for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Look {
    /// The next lines of the list with this number: the newest, or those begun before a run.
    Page(u64, Option<RunId>),
    /// A run with its text.
    Run(RunId, Aim),
    /// Those that say what is typed, for the search with this number.
    Said(u64, String),
}

/// Why a run is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Aim {
    /// To be shown in the Output pane.
    Show,
    /// To see what was sent.
    Inspect,
}

/// What the journal tells of runs.
#[derive(Debug, Clone)]
pub enum Fact {
    /// Lines for the list with this number.
    Page {
        /// Its number.
        id: u64,
        /// The lines, newest first.
        lines: Vec<Line>,
        /// The run to go on from, if there are more.
        next: Option<RunId>,
    },
    /// A run with its text.
    Run {
        /// The run, and those whose variants stand together with its own.
        runs: Vec<Brought>,
        /// The run.
        shown: RunId,
        /// What for.
        aim: Aim,
    },
}

/// What a key in the list wishes for.
#[derive(Debug, PartialEq, Eq)]
pub enum Wish {
    /// The text of a run in the Output pane.
    Show(RunId),
    /// The request of a run.
    Inspect(RunId),
    /// The documents in place of the runs, with what is typed.
    Documents(String),
}

/// What is to be read next.
#[derive(Debug, PartialEq, Eq)]
enum Next {
    /// What was begun before this one.
    From(Option<RunId>),
    /// It was asked for.
    Asked,
    /// There is no more.
    Nothing,
}

/// The list.
#[derive(Debug)]
pub struct Runs {
    /// What is typed, and the lines that fit.
    pub list: Filtered<usize>,
    /// Which runs are meant, and what else can be.
    scopes: Vec<Scope>,
    scope: usize,
    lines: Vec<Line>,
    /// Runs that another one goes on with: their text is in that.
    continued: HashSet<RunId>,
    next: Next,
    id: u64,
}

impl Runs {
    /// A list of which nothing is read yet.
    pub fn new(id: u64, typed: &str, scopes: Vec<Scope>) -> Self {
        let mut list = Filtered::new(Vec::new());
        list.paste(typed);
        Self {
            list,
            scopes,
            scope: 0,
            lines: Vec::new(),
            continued: HashSet::new(),
            next: Next::From(None),
            id,
        }
    }

    /// The line of a row.
    pub fn line(&self, row: usize) -> Option<&Line> {
        self.lines.get(*self.list.rows.get(row)?)
    }

    /// Which runs are meant.
    pub fn scope(&self) -> &Scope {
        self.scopes.get(self.scope).unwrap_or(&Scope::All)
    }

    /// What `ctrl+t` turns to, if there is anything.
    pub fn other_scope(&self) -> Option<&Scope> {
        let next = (self.scope + 1) % self.scopes.len().max(1);
        self.scopes.get(next).filter(|_| next != self.scope)
    }

    /// Whether more may come.
    pub fn is_reading(&self) -> bool {
        self.next != Next::Nothing
    }

    /// Takes a key.
    pub(in crate::app) fn key(&mut self, key: Key) -> Outcome {
        let chosen = self.line(self.list.cursor).map(|line| line.id);
        let wish =
            |wish: fn(RunId) -> Wish| chosen.map_or(Outcome::Stay, |run| Outcome::Runs(wish(run)));
        match key.code {
            Code::Esc => return Outcome::Close,
            Code::Char('e') if key.alt => return Outcome::Close,
            Code::Enter => return wish(Wish::Show),
            Code::F(8) => return wish(Wish::Inspect),
            Code::Tab => return Outcome::Runs(Wish::Documents(self.list.typed())),
            Code::Char('o') if key.ctrl => {
                return Outcome::Runs(Wish::Documents(self.list.typed()));
            }
            Code::Char('t') if key.ctrl => {
                self.scope = (self.scope + 1) % self.scopes.len().max(1);
                self.look_anew();
            }
            _ if self.list.key(key) => self.look_anew(),
            _ => {}
        }
        Outcome::Stay
    }

    /// Pastes into what is typed.
    pub(in crate::app) fn paste(&mut self, text: &str) {
        self.list.paste(text);
        self.look_anew();
    }

    fn look_anew(&mut self) {
        let rows = self.fitting(0);
        self.list.narrow(rows);
    }

    /// Which lines fit, from one on.
    fn fitting(&self, from: usize) -> Vec<usize> {
        let typed = folded(self.list.typed());
        let words: Vec<&str> = typed.split_whitespace().collect();
        let scope = self.scope();
        let lines = self.lines.iter().enumerate().skip(from);
        let fits = |line: &Line| {
            scope.has(line)
                && words.iter().all(|word| line.hay.contains(word))
                && !self.continued.contains(&line.id)
        };
        lines
            .filter(|(_, line)| fits(line))
            .map(|(place, _)| place)
            .collect()
    }

    /// Takes the lines that were asked for.
    fn take(&mut self, lines: Vec<Line>, next: Option<RunId>) {
        let from = self.lines.len();
        self.continued
            .extend(lines.iter().filter_map(|line| line.continues));
        self.lines.extend(lines);
        self.next = next.map_or(Next::Nothing, |run| Next::From(Some(run)));
        let more = self.fitting(from);
        self.list.rows.extend(more);
    }

    /// What is to be read now: as far as somebody looks, and a little further.
    fn wanted(&mut self) -> Option<Look> {
        let Next::From(before) = self.next else {
            return None;
        };
        if self.list.rows.len() > self.list.cursor + AHEAD {
            return None;
        }
        self.next = Next::Asked;
        Some(Look::Page(self.id, before))
    }
}

impl App {
    /// Opens the list of runs.
    pub(in crate::app) fn open_runs(&mut self, typed: &str) {
        self.counter += 1;
        let mut scopes = vec![Scope::All];
        let provenance = self.editor.provenance();
        let form = self.form.as_ref().map(|form| form.template.name.clone());
        let made = provenance.as_ref().and_then(|made| made.template.clone());
        scopes.extend(form.or(made).map(Scope::Template));
        if !self.editor.is_blank() {
            let made = provenance.iter();
            let parts = made
                .clone()
                .flat_map(|made| made.parts.iter().map(|part| part.run));
            let runs = made.filter_map(|made| made.run).chain(parts).collect();
            let key = self.editor.draft_key();
            scopes.push(Scope::Draft(key, runs, self.editor.title()));
        }
        let runs = Runs::new(self.counter, typed, scopes);
        self.dialogs.push(Dialog::Runs(Box::new(runs)));
    }

    /// Asks for more lines where somebody is about to see that they are missing.
    pub(in crate::app) fn more_runs(&mut self) -> Option<Effect> {
        match self.dialogs.last_mut() {
            Some(Dialog::Runs(runs)) => runs.wanted().map(Effect::Runs),
            _ => None,
        }
    }

    /// What a key in the list wishes for.
    pub(in crate::app) fn on_runs_wish(&mut self, wish: Wish) -> Vec<Effect> {
        match wish {
            Wish::Inspect(run) => vec![Effect::Runs(Look::Run(run, Aim::Inspect))],
            Wish::Documents(typed) => {
                self.dialogs.pop();
                self.open_switcher(&typed);
                Vec::new()
            }
            Wish::Show(run) => {
                self.dialogs.pop();
                self.bring_run(run)
            }
        }
    }

    /// Shows the text of a run in the Output pane, from wherever it is.
    pub(in crate::app) fn bring_run(&mut self, run: RunId) -> Vec<Effect> {
        if self.is_refining(run) {
            let told = "it rewrites a part of a draft; ctrl+k there shows the changes";
            return self.tell(Weight::Note, told);
        }
        if self.show_run(run) {
            return Vec::new();
        }
        vec![Effect::Runs(Look::Run(run, Aim::Show))]
    }

    /// Shows a run that is in the Output pane; false when it is not there.
    pub(in crate::app) fn show_run(&mut self, run: RunId) -> bool {
        let mut known = self.output.variants.iter();
        let Some(place) = known.position(|each| each.run == run) else {
            return false;
        };
        self.show_variants();
        self.output.show(place);
        self.focus_on(Pane::Output);
        true
    }

    /// Takes what the journal tells.
    pub(in crate::app) fn on_runs(&mut self, fact: Fact) -> Vec<Effect> {
        match fact {
            Fact::Page { id, lines, next } => {
                let mut dialogs = self.dialogs.iter_mut();
                let open = dialogs.find_map(|dialog| match dialog {
                    Dialog::Runs(runs) if runs.id == id => Some(runs),
                    _ => None,
                });
                if let Some(runs) = open {
                    runs.take(lines, next);
                }
                Vec::new()
            }
            Fact::Run { runs, shown, aim } => self.on_run_read(runs, shown, aim),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::journal::{Ending, Listed, Purpose, SessionId};
    use jiff::Timestamp;
    use pretty_assertions::assert_eq;
    use uuid::Uuid;

    fn id(number: usize) -> RunId {
        RunId(Uuid::from_u128(number as u128))
    }

    fn listed(number: usize, template: &str, beginning: &str) -> Line {
        let listed = Listed {
            id: id(number),
            session: SessionId(Uuid::nil()),
            at: Timestamp::UNIX_EPOCH,
            purpose: Purpose::Generate,
            continues: None,
            template: Some(template.to_owned()),
            draft: Some("d".to_owned()),
            model: "gpt-6-luna".to_owned(),
            ending: Some(Ending::Stopped),
            beginning: beginning.to_owned(),
            starred: beginning.starts_with("Kept"),
        };
        Line::of(listed, false)
    }

    fn runs(lines: Vec<Line>, next: Option<RunId>) -> Runs {
        let scopes = vec![Scope::All, Scope::Template("b".to_owned())];
        let mut runs = Runs::new(1, "", scopes);
        assert_eq!(runs.wanted(), Some(Look::Page(1, None)));
        runs.take(lines, next);
        runs
    }

    fn typed(runs: &mut Runs, text: &str) -> Vec<usize> {
        for c in text.chars() {
            runs.key(Key::plain(Code::Char(c)));
        }
        runs.list.rows.clone()
    }

    #[test]
    fn every_word_narrows_the_list_and_capitals_and_accents_need_not_be_typed() {
        let lines = vec![
            listed(3, "b", "Café at Noon"),
            listed(2, "a", "Cafeteria"),
            listed(1, "b", "Tea"),
        ];
        let mut runs = runs(lines, None);
        assert_eq!(typed(&mut runs, "cafe"), [0, 1]);
        assert_eq!(typed(&mut runs, " LUNA noon"), [0]);
        assert_eq!(typed(&mut runs, " stopped"), [0]);
        assert_eq!(typed(&mut runs, "x"), [0_usize; 0]);
        assert_eq!(runs.key(Key::plain(Code::Enter)), Outcome::Stay);
    }

    #[test]
    fn what_has_a_star_is_found_by_that_word() {
        let lines = vec![listed(2, "a", "Tea"), listed(1, "a", "Kept")];
        let mut runs = runs(lines, None);
        assert_eq!(typed(&mut runs, "starred"), [1]);
    }

    #[test]
    fn another_scope_shows_other_lines() {
        let lines = vec![listed(2, "a", "one"), listed(1, "b", "two")];
        let mut runs = runs(lines, None);
        runs.key("ctrl+t".parse().unwrap());
        assert_eq!(runs.list.rows, [1]);
        runs.key("ctrl+t".parse().unwrap());
        assert_eq!(runs.list.rows, [0, 1]);
    }

    #[test]
    fn what_another_run_goes_on_with_is_part_of_that() {
        let mut newer = listed(2, "a", "one and two");
        newer.continues = Some(id(1));
        let runs = runs(vec![newer, listed(1, "a", "one")], None);
        assert_eq!(runs.list.rows, [0]);
    }

    /// A list is read only as far as somebody looks, and all of it when nothing fits.
    #[test]
    fn pages_are_read_as_far_as_somebody_looks() {
        let page = |from: usize| (0..80).map(move |at| listed(1_000 - from - at, "a", "text"));
        let mut runs = runs(page(0).collect(), Some(id(921)));
        assert_eq!(runs.wanted(), Some(Look::Page(1, Some(id(921)))));
        assert_eq!(runs.wanted(), None);
        runs.take(page(80).collect(), Some(id(841)));
        assert_eq!(runs.wanted(), None);
        for _ in 0..10 {
            runs.key(Key::plain(Code::PageDown));
        }
        assert_eq!(runs.wanted(), Some(Look::Page(1, Some(id(841)))));
        runs.take(Vec::new(), Some(id(841)));
        assert_eq!(typed(&mut runs, "nothing"), [0_usize; 0]);
        assert_eq!(runs.wanted(), Some(Look::Page(1, Some(id(841)))));
        runs.take(Vec::new(), None);
        assert!(!runs.is_reading() && runs.wanted().is_none());
    }
}
