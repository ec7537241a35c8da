//! Boxes over the panes. They form a stack; the front one is asked first about every key.

use super::command::Command;
use super::comparison::{Comparison, Other, Side};
use super::connect::{Connect, Wish};
use super::deed::Deed;
use super::editor::{GoToLine, LinePlace, StatisticsBox};
use super::exporting::ExportBox;
use super::form::earlier::{self, Earlier};
use super::form::named::{self, NamedBriefs};
use super::form::paths::{self, PathBox};
use super::help::Help;
use super::hidden::Inspector;
use super::key::{Code, Key};
use super::line::Line;
use super::look::Change;
use super::making::{self, Making};
use super::models::Picker;
use super::palette::Palette;
use super::payload::{Copied, Inspection};
use super::recovery::{Choice, Recovery, Timeline};
use super::refine::{Chooser, Wish as RefineWish};
use super::rival::{Lacking, Rival, Rivals};
use super::settings::SettingsBox;
use super::switcher::{self, Switcher, runs};
use super::themes::ThemeBox;
use super::usage::UsageBox;
use super::work::{self, WorkBox};
use crate::domain::brief::Brief;
use crate::domain::run::RunId;
use std::path::PathBuf;
use uuid::Uuid;

/// A box over the panes.
#[derive(Debug)]
pub enum Dialog {
    /// Keys and words for a pane.
    Help(Help),
    /// Every command, by name.
    Palette(Box<Palette>),
    /// A question before something is lost.
    Confirm(Confirm),
    /// Two texts compared.
    Comparison(Comparison),
    /// Text that was left behind.
    Recovery(Recovery),
    /// Versions of the draft.
    Timeline(Timeline),
    /// One line that is asked for.
    Line(Box<Line>),
    /// A template that is made of a text.
    Making(Box<Making>),
    /// What a form is compared with.
    Rivals(Box<Rivals>),
    /// What the other template of an A/B asks for beyond the brief.
    Lacking(Box<Lacking>),
    /// Hidden characters of a text.
    Hidden(Inspector),
    /// Models to choose from.
    Models(Box<Picker>),
    /// What this month used.
    Usage(UsageBox),
    /// A request as it would be sent.
    Payload(Box<Inspection>),
    /// Connecting a provider.
    Connect(Box<Connect>),
    /// What is to be done with a part of the draft.
    Refine(Box<Chooser>),
    /// What is open and what can be opened.
    Switcher(Box<Switcher>),
    /// All runs.
    Runs(Box<runs::Runs>),
    /// A line to go to.
    GoToLine(Box<GoToLine>),
    /// Words and sentences of a text.
    Statistics(Box<StatisticsBox>),
    /// What goes on.
    Work(WorkBox),
    /// Settings.
    Settings(Box<SettingsBox>),
    /// Themes to choose from.
    Themes(Box<ThemeBox>),
    /// What a field held before.
    Earlier(Box<Earlier>),
    /// A text that becomes another file.
    Export(Box<ExportBox>),
    /// What lies where a path leads.
    Paths(Box<PathBox>),
    /// Briefs under a name.
    Named(Box<NamedBriefs>),
}

/// A question with answers.
#[derive(Debug)]
pub struct Confirm {
    /// The question.
    pub question: String,
    /// What each key does.
    pub answers: Vec<(char, &'static str, Answer)>,
}

/// What follows an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// Save, then quit.
    SaveAndQuit,
    /// Quit without saving.
    Quit,
    /// Close this document, and do that with what is not saved.
    Close(Uuid, Closing),
    /// Take what the file says now.
    Reload,
    /// Save the text beside the file.
    KeepBoth,
    /// Show how the file and the text differ, and ask again.
    CompareOutside,
    /// Leave that open for now.
    DecideLater,
    /// Send what is over the budget all the same.
    SendAnyway,
    /// Throw the edits of the prompt away.
    Reattach,
    /// Send the key of a run to another server than its own.
    SendKey(RunId),
    /// Do not.
    KeepKey(RunId),
    /// Go back.
    Cancel,
}

/// What becomes of what is not saved when a document closes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Closing {
    /// It is saved.
    Save,
    /// The journal keeps it for a while.
    ForLater,
    /// It goes.
    Discard,
}

/// What a dialog made of a key.
#[derive(Debug, PartialEq)]
pub enum Outcome {
    /// It stays.
    Stay,
    /// It closes.
    Close,
    /// It closes, and this command runs.
    Run(Command),
    /// It closes, and the variant shown is merged into this text.
    Merge(Side),
    /// It closes, and this command runs, which was chosen by its name.
    Chosen(Command),
    /// The row of the command table with this name has this key from now on, or its own again.
    Bind(&'static str, Option<Key>),
    /// It stays, and this is written into the settings file.
    Set(Change),
    /// It stays, and the last change of the settings file is taken back.
    TakeBack,
    /// It closes, and the box of settings opens at this one.
    Setting(usize),
    /// It closes with this answer.
    Answered(Answer),
    /// A choice about the highlighted row of a list of texts.
    Chose(Choice),
    /// It closes, and this is done.
    Do(Deed),
    /// It closes, and the draft is shown at this byte.
    GoTo(usize),
    /// It closes, and this line of the text is shown.
    GoToLine(LinePlace),
    /// Hidden characters go out of the draft, all or those of one kind.
    TakeOut(Option<char>),
    /// It closes, and this model is asked from now on.
    Pick(String),
    /// It closes, and all of these models are asked in the coming run.
    PickAll(Vec<String>),
    /// It closes, this model is asked from now on, and the settings file says so.
    Prefer(String),
    /// The server is asked for its models once more.
    AskModels,
    /// It closes, and this theme is used from now on.
    Theme(String),
    /// It stays until what it asks for is done.
    Export,
    /// It stays, and this is copied.
    Copy(Copied),
    /// It stays, and this is said.
    Say(String),
    /// The request to the model so many places on is looked at instead.
    InspectOther(isize),
    /// What connecting a provider takes next.
    Connect(Wish),
    /// What is to be done with a part of the draft.
    Refine(RefineWish),
    /// It closes, and what a row of the switcher stands for is shown.
    GoToPlace(switcher::Place),
    /// It closes, and the place is shown where a text says what was typed.
    GoToSaid(Box<switcher::texts::Said>, String),
    /// It stays, and this document closes.
    CloseDocument(Uuid),
    /// It closes, and a file that a person named is opened.
    OpenFile(PathBuf),
    /// What is to be done with a run that goes on.
    Work(work::Wish),
    /// Something else is looked for.
    Search,
    /// The list of runs opens in its place, with what is typed.
    Turn(String),
    /// The variant is compared with something else.
    Against(Other),
    /// What the list of runs takes next.
    Runs(runs::Wish),
    /// What the box takes that makes a template of a text.
    Making(making::Wish),
    /// It closes, and the form's brief is tried on this, too.
    Rival(Rival),
    /// It closes, and this goes into the other template beside the brief.
    Lacking(Brief),
    /// What is to be done with an earlier value of a field.
    Earlier(earlier::Wish),
    /// What the list under a field that takes a file needs next.
    Paths(paths::Wish),
    /// What is to be done with a brief under a name.
    Named(named::Wish),
}

impl Dialog {
    /// Takes a key.
    pub fn key(&mut self, key: Key) -> Outcome {
        match self {
            Self::Help(help) => help.key(key),
            Self::Comparison(comparison) => comparison.key(key),
            Self::Palette(palette) => palette.key(key),
            Self::Confirm(confirm) => confirm_key(confirm, key),
            Self::Recovery(recovery) => recovery.key(key).map_or(Outcome::Stay, Outcome::Chose),
            Self::Timeline(timeline) => timeline.key(key).map_or(Outcome::Stay, Outcome::Chose),
            Self::Line(line) => line.key(key),
            Self::Making(making) => making.key(key),
            Self::Rivals(rivals) => rivals.key(key),
            Self::Lacking(lacking) => lacking.key(key),
            Self::Hidden(inspector) => inspector.key(key),
            Self::Models(picker) => picker.key(key),
            Self::Usage(usage) => usage.key(key),
            Self::Payload(inspection) => inspection.key(key),
            Self::Connect(connect) => connect.key(key).map_or(Outcome::Stay, Outcome::Connect),
            Self::Refine(chooser) => chooser.key(key),
            Self::Switcher(switcher) => switcher.key(key),
            Self::Runs(runs) => runs.key(key),
            Self::GoToLine(wanted) => wanted.key(key),
            Self::Statistics(_) => StatisticsBox::key(key),
            Self::Work(_) => WorkBox::key(key),
            Self::Settings(shown) => shown.key(key),
            Self::Themes(shown) => shown.key(key),
            Self::Export(shown) => shown.key(key),
            Self::Earlier(earlier) => earlier.key(key),
            Self::Paths(shown) => shown.key(key),
            Self::Named(named) => named.key(key),
        }
    }

    /// Pastes into the dialog's entry, if it has one.
    pub fn paste(&mut self, text: &str) {
        match self {
            Self::Help(help) => help.paste(text),
            Self::Palette(palette) => palette.paste(text),
            Self::Line(line) => line.entry.insert(text),
            Self::Making(making) => making.paste(text),
            Self::Rivals(rivals) => rivals.paste(text),
            Self::Lacking(lacking) => lacking.paste(text),
            Self::Models(picker) => picker.paste(text),
            Self::Connect(connect) => connect.paste(text),
            Self::Refine(chooser) => chooser.paste(text),
            Self::Switcher(switcher) => switcher.list.paste(text),
            Self::Runs(runs) => runs.paste(text),
            Self::Settings(shown) => shown.paste(text),
            Self::Themes(shown) => shown.paste(text),
            Self::Export(shown) => shown.paste(text),
            Self::Earlier(earlier) => earlier.paste(text),
            Self::Named(named) => named.paste(text),
            Self::GoToLine(wanted) => wanted.entry.insert(text),
            // A path may lead to another folder, which `pasting` asks for.
            Self::Paths(_)
            | Self::Confirm(_)
            | Self::Comparison(_)
            | Self::Recovery(_)
            | Self::Timeline(_)
            | Self::Hidden(_)
            | Self::Usage(_)
            | Self::Payload(_)
            | Self::Work(_)
            | Self::Statistics(_) => {}
        }
    }

    /// Whether words that are said have a place in it. Addresses, keys, paths, numbers and the
    /// names of settings are none.
    pub(super) const fn takes_words(&self) -> bool {
        matches!(
            self,
            Self::Palette(_)
                | Self::Line(_)
                | Self::Making(_)
                | Self::Refine(_)
                | Self::Switcher(_)
                | Self::Runs(_)
                | Self::Earlier(_)
                | Self::Named(_)
        )
    }

    /// Scrolls by rows.
    pub fn wheel(&mut self, rows: isize) {
        match self {
            Self::Help(help) => help.scroll = help.scroll.saturating_add_signed(rows),
            Self::Comparison(comparison) => comparison.scroll(rows),
            Self::Palette(palette) => palette.list.step(rows.signum()),
            Self::Recovery(Recovery { cursor, left }) => {
                *cursor = cursor
                    .saturating_add_signed(rows.signum())
                    .min(left.len().saturating_sub(1));
            }
            Self::Timeline(Timeline {
                cursor, versions, ..
            }) => {
                *cursor = cursor
                    .saturating_add_signed(rows.signum())
                    .min(versions.len().saturating_sub(1));
            }
            Self::Hidden(inspector) => inspector.step(rows.signum()),
            Self::Models(picker) => picker.list.step(rows.signum()),
            Self::Usage(usage) => usage.scroll_by(rows),
            Self::Payload(inspection) => inspection.step(rows),
            Self::Connect(connect) => connect.wheel(rows),
            Self::Refine(chooser) => chooser.step(rows.signum()),
            Self::Switcher(switcher) => switcher.list.step(rows.signum()),
            Self::Runs(runs) => runs.list.step(rows.signum()),
            Self::Settings(shown) => shown.list.step(rows.signum()),
            Self::Themes(shown) => shown.list.step(rows.signum()),
            Self::Rivals(rivals) => rivals.list.step(rows.signum()),
            Self::Earlier(earlier) => earlier.list.step(rows.signum()),
            Self::Paths(shown) => shown.list.step(rows.signum()),
            Self::Named(named) => named.list.step(rows.signum()),
            Self::Confirm(_)
            | Self::Line(_)
            | Self::Making(_)
            | Self::Lacking(_)
            | Self::GoToLine(_)
            | Self::Export(_)
            | Self::Work(_)
            | Self::Statistics(_) => {}
        }
    }
}

fn confirm_key(confirm: &Confirm, key: Key) -> Outcome {
    if key.code == Code::Esc {
        let mut answers = confirm.answers.iter().map(|answer| answer.2);
        let refusing = answers.find(|answer| matches!(answer, Answer::KeepKey(_)));
        return Outcome::Answered(refusing.unwrap_or(Answer::Cancel));
    }
    let pressed = if key.code == Code::Enter {
        confirm.answers.first().map(|answer| answer.0)
    } else {
        key.typed()
    };
    let answer = confirm
        .answers
        .iter()
        .find(|answer| pressed.is_some_and(|c| c.eq_ignore_ascii_case(&answer.0)));
    answer.map_or(Outcome::Stay, |(_, _, answer)| Outcome::Answered(*answer))
}
