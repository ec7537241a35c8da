//! The box that exports the text in the Editor: as what, where to, and what became of it.
//!
//! Renders and writes nothing: the shell does, and says where it went. A file that is there is
//! written over only when that is said once more.

use super::dialog::{Dialog, Outcome};
use super::effect::Effect;
use super::field::{Lines, TextEntry};
use super::key::{Code, Key};
use super::{App, Weight};
use crate::domain::draft::slug;
use crate::domain::failure::Failure;
use crate::domain::rendition::Format;
use crate::store::files::Kind;
use crate::store::renditions::Existing;
use std::path::{Path, PathBuf};

/// Where an export goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// Into a file that is named.
    File,
    /// Into a file beside the draft.
    Beside,
    /// To the clipboard.
    Clipboard,
}

impl Target {
    /// As the box calls it.
    pub const fn title(self) -> &'static str {
        match self {
            Self::File => "a file",
            Self::Beside => "beside the draft",
            Self::Clipboard => "the clipboard",
        }
    }
}

/// A row of the box.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Row {
    /// What it becomes.
    Format,
    /// Where it goes.
    Target,
    /// The path of the file.
    Path,
}

/// The box.
#[derive(Debug)]
pub struct ExportBox {
    /// What is exported, as the title of the box says it.
    pub name: String,
    /// What it becomes.
    pub format: Format,
    /// Where it goes.
    pub target: Target,
    /// The path of the file, as it is typed.
    pub path: TextEntry,
    /// The focused row.
    pub row: Row,
    /// What stands in the way, or failed, in a sentence.
    pub told: Option<String>,
    /// The file that is there and may be written over now.
    occupied: Option<PathBuf>,
    /// The file of the draft, once it has one.
    file: Option<PathBuf>,
    /// The name without ending that the path begins with.
    stem: String,
}

/// What the shell is asked to do.
#[derive(Debug, Clone, PartialEq)]
pub struct Order {
    /// The title.
    pub title: String,
    /// The text.
    pub body: String,
    /// The template that the text was made with, if there was one.
    pub template: Option<String>,
    /// What it becomes.
    pub format: Format,
    /// The file, as it was named; none for the clipboard.
    pub file: Option<PathBuf>,
    /// What may happen to a file that is there.
    pub existing: Existing,
}

/// What the shell says.
#[derive(Debug, Clone)]
pub enum Fact {
    /// It is to be copied.
    Text(String),
    /// It is in this file, and what that held before is told.
    Written(PathBuf, Option<String>),
    /// The file is there, and nothing was written.
    Occupied(PathBuf),
    /// It failed.
    Failed(Failure),
}

impl ExportBox {
    fn new(name: String, file: Option<PathBuf>, title: &str) -> Self {
        let own = file.as_deref().and_then(Path::file_stem);
        let stem = own.map_or_else(|| slug(title), |stem| stem.to_string_lossy().into_owned());
        let mut shown = Self {
            name,
            format: Format::Html,
            target: Target::File,
            path: TextEntry::new("", Lines::One),
            row: Row::Format,
            told: None,
            occupied: None,
            file,
            stem,
        };
        shown.name_path();
        shown
    }

    /// The path that goes with the format, unless another one was typed.
    fn name_path(&mut self) {
        let name = format!("{}.{}", self.stem, self.format.ending());
        self.path = TextEntry::new(&name, Lines::One);
    }

    fn targets(&self) -> Vec<Target> {
        let all = [Target::File, Target::Beside, Target::Clipboard];
        let fits = |target: &Target| match target {
            Target::File => true,
            // The draft itself is the Markdown beside it.
            Target::Beside => self.file.is_some() && self.format != Format::Markdown,
            Target::Clipboard => self.format.is_text(),
        };
        all.into_iter().filter(fits).collect()
    }

    /// The rows there are.
    pub fn rows(&self) -> Vec<Row> {
        let path = (self.target == Target::File).then_some(Row::Path);
        [Row::Format, Row::Target].into_iter().chain(path).collect()
    }

    /// The file that is meant; none for the clipboard.
    fn file(&self) -> Option<PathBuf> {
        match self.target {
            Target::Clipboard => None,
            Target::File => Some(PathBuf::from(self.path.text().trim())),
            Target::Beside => {
                let file = self.file.as_ref()?;
                Some(file.with_file_name(format!("{}.{}", self.stem, self.format.ending())))
            }
        }
    }

    fn choose(&mut self, by: isize) {
        match self.row {
            Row::Format => {
                let named = self.path.text();
                let usual = format!("{}.{}", self.stem, self.format.ending());
                self.format = stepped(&Format::ALL, self.format, by);
                if named == usual {
                    self.name_path();
                } else if let Some((stem, _)) = named.rsplit_once('.') {
                    let name = format!("{stem}.{}", self.format.ending());
                    self.path = TextEntry::new(&name, Lines::One);
                }
                if !self.targets().contains(&self.target) {
                    self.target = Target::File;
                }
            }
            Row::Target => self.target = stepped(&self.targets(), self.target, by),
            Row::Path => {}
        }
        self.forget();
    }

    /// What was told is about something else now.
    fn forget(&mut self) {
        self.told = None;
        self.occupied = None;
    }

    fn step(&mut self, by: isize) {
        self.row = stepped(&self.rows(), self.row, by);
    }

    pub(super) fn key(&mut self, key: Key) -> Outcome {
        match key.code {
            Code::Esc => return Outcome::Close,
            Code::Enter => return Outcome::Export,
            Code::Down | Code::Tab if !key.shift => self.step(1),
            Code::Up | Code::Tab => self.step(-1),
            Code::Right | Code::Char(' ') if self.row != Row::Path => self.choose(1),
            Code::Left if self.row != Row::Path => self.choose(-1),
            _ if self.row == Row::Path => {
                self.path.key(key);
                self.forget();
            }
            _ => {}
        }
        Outcome::Stay
    }

    pub(super) fn paste(&mut self, text: &str) {
        if self.row == Row::Path {
            self.path.insert(text);
            self.forget();
        }
    }
}

/// The one so many places on, around the ends.
fn stepped<T: Copy + PartialEq>(all: &[T], from: T, by: isize) -> T {
    let at = all.iter().position(|each| *each == from).unwrap_or(0);
    let count = all.len().cast_signed();
    let next = (at.cast_signed() + by).rem_euclid(count.max(1));
    all.get(next.cast_unsigned()).copied().unwrap_or(from)
}

impl App {
    /// `alt+E`: asks as what the text is exported, and where to.
    pub(super) fn open_export(&mut self) -> Vec<Effect> {
        let open = &*self.editor;
        if open.document.is_empty() {
            return self.tell(Weight::Note, "there is no text to export yet");
        }
        let file = open.file.as_ref().map(|file| file.path.clone());
        // A file of the person's own is its own export; beside it there may be others.
        let shown = ExportBox::new(open.called(), file, &open.title());
        self.dialogs.push(Dialog::Export(Box::new(shown)));
        Vec::new()
    }

    /// What the box asks for is done.
    pub(super) fn export(&mut self) -> Vec<Effect> {
        let open = &*self.editor;
        let record = open.provenance().filter(|_| open.kind() == Kind::Draft);
        let (title, body) = (open.title(), open.document.text());
        let Some(Dialog::Export(shown)) = self.dialogs.last_mut() else {
            return Vec::new();
        };
        let file = shown.file();
        if file
            .as_ref()
            .is_some_and(|file| file.as_os_str().is_empty())
        {
            shown.told = Some("the file needs a name".to_owned());
            return Vec::new();
        }
        let again = file.is_some() && shown.occupied.is_some();
        let existing = if again {
            Existing::Replaced
        } else {
            Existing::Stays
        };
        vec![Effect::Export(Box::new(Order {
            title,
            body,
            template: record.and_then(|record| record.template),
            format: shown.format,
            file,
            existing,
        }))]
    }

    /// What became of it. Whoever has closed the box hears of it all the same.
    pub(super) fn on_exported(&mut self, fact: Fact) -> Vec<Effect> {
        let at = self
            .dialogs
            .iter()
            .position(|it| matches!(it, Dialog::Export(_)));
        let told = match fact {
            Fact::Text(text) => {
                at.map(|at| self.dialogs.remove(at));
                let what = "the text";
                return vec![Effect::CopyAs { text, what }];
            }
            Fact::Written(path, before) => {
                at.map(|at| self.dialogs.remove(at));
                let before = before
                    .map(|before| format!("; {before}"))
                    .unwrap_or_default();
                let told = format!("exported to {}{before}", path.display());
                return self.tell(Weight::Good, told);
            }
            Fact::Occupied(path) => {
                let told = format!(
                    "{} is there already: enter puts it in the trash and writes, esc leaves it",
                    path.display()
                );
                if let Some(Dialog::Export(shown)) = at.and_then(|at| self.dialogs.get_mut(at)) {
                    shown.occupied = Some(path);
                }
                told
            }
            Fact::Failed(failure) => failure.to_string(),
        };
        match at.and_then(|at| self.dialogs.get_mut(at)) {
            Some(Dialog::Export(shown)) => {
                shown.told = Some(told);
                Vec::new()
            }
            _ => self.tell(Weight::Bad, told),
        }
    }
}
