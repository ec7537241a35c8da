//! The box that exports the text in the Editor, or the drafts that are marked in their list: as
//! what, where to, and what became of it.
//!
//! Renders and writes nothing: the shell does, and says where it went. A file that is there is
//! written over only when that is said once more.

mod order;

pub use order::{Fact, Of, Order, Place};

use super::dialog::{Dialog, Outcome};
use super::effect::Effect;
use super::field::{Lines, TextEntry};
use super::key::{Code, Key};
use super::{App, Pane, Weight};
use crate::domain::draft::slug;
use crate::domain::rendition::Format;
use crate::store::files::Kind;
use crate::store::renditions::Existing;
use std::path::{Path, PathBuf};

/// Where an export goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// Into a file that is named.
    File,
    /// Each into a file of its own in a folder that is named.
    Folder,
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
            Self::Folder => "a folder",
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
    /// The path of the file or folder.
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
    /// The path of the file or folder, as it is typed.
    pub path: TextEntry,
    /// The focused row.
    pub row: Row,
    /// What stands in the way, or failed, in a sentence.
    pub told: Option<String>,
    /// Whether files are there that may be written over now.
    occupied: bool,
    /// The drafts that are exported; none for the text in the Editor.
    drafts: Vec<PathBuf>,
    /// The file of the draft, once it has one.
    file: Option<PathBuf>,
    /// The name without ending that the path begins with.
    stem: String,
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
            occupied: false,
            drafts: Vec::new(),
            file,
            stem,
        };
        shown.name_path();
        shown
    }

    /// The box for drafts that are marked.
    fn of_drafts(drafts: Vec<PathBuf>) -> Self {
        let name = match drafts.len() {
            1 => "1 draft".to_owned(),
            count => format!("{count} drafts"),
        };
        Self {
            target: Target::Folder,
            path: TextEntry::new("exports", Lines::One),
            drafts,
            ..Self::new(name, None, "")
        }
    }

    /// The path that goes with the format, unless another one was typed.
    fn name_path(&mut self) {
        let name = format!("{}.{}", self.stem, self.format.ending());
        self.path = TextEntry::new(&name, Lines::One);
    }

    fn targets(&self) -> Vec<Target> {
        if !self.drafts.is_empty() {
            let beside = (self.format != Format::Markdown).then_some(Target::Beside);
            return [Target::Folder].into_iter().chain(beside).collect();
        }
        let all = [Target::File, Target::Beside, Target::Clipboard];
        let fits = |target: &Target| match target {
            Target::File => true,
            Target::Folder => false,
            // The draft itself is the Markdown beside it.
            Target::Beside => self.file.is_some() && self.format != Format::Markdown,
            Target::Clipboard => self.format.is_text(),
        };
        all.into_iter().filter(fits).collect()
    }

    /// The rows there are.
    pub fn rows(&self) -> Vec<Row> {
        let named = matches!(self.target, Target::File | Target::Folder);
        let path = named.then_some(Row::Path);
        [Row::Format, Row::Target].into_iter().chain(path).collect()
    }

    /// Where it goes.
    fn place(&self) -> Place {
        let named = || PathBuf::from(self.path.text().trim());
        let own = self.file.as_ref();
        match self.target {
            Target::Clipboard => Place::Clipboard,
            Target::File => Place::File(named()),
            Target::Folder => Place::Folder(named()),
            Target::Beside => own.map_or(Place::Beside, |own| {
                let name = format!("{}.{}", self.stem, self.format.ending());
                Place::File(own.with_file_name(name))
            }),
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
                } else if self.target == Target::Folder {
                    // The files have the ending, not the folder.
                } else if let Some((stem, _)) = named.rsplit_once('.') {
                    let name = format!("{stem}.{}", self.format.ending());
                    self.path = TextEntry::new(&name, Lines::One);
                }
                let targets = self.targets();
                if !targets.contains(&self.target) {
                    self.target = targets.first().copied().unwrap_or(Target::File);
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
        self.occupied = false;
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

/// Where an export went.
fn went(files: &[PathBuf]) -> String {
    if let [file] = files {
        return format!("exported to {}", file.display());
    }
    let count = files.len();
    let mut folders = files.iter().filter_map(|file| file.parent());
    let first = folders.next();
    match first.filter(|first| folders.all(|other| other == *first)) {
        Some(folder) => format!("{count} drafts exported to {}", folder.display()),
        None => format!("{count} drafts exported, each beside itself"),
    }
}

/// What to do about files that are there.
fn in_the_way(files: &[PathBuf]) -> String {
    let first = files.first().map_or(Path::new(""), PathBuf::as_path);
    let (what, them) = match files.len() {
        1 => (format!("{} is there already", first.display()), "it"),
        count => (
            format!(
                "{count} files are there already, such as {}",
                first.display()
            ),
            "them",
        ),
    };
    format!("{what}: enter puts {them} in the trash and writes, esc leaves {them}")
}

impl App {
    /// `alt+E`: asks as what the text is exported, and where to.
    pub(super) fn open_export(&mut self) -> Vec<Effect> {
        let listed = self.focus == Pane::Template && self.form.is_none();
        if listed && self.browser.marked() > 0 {
            let drafts = self.meant();
            if drafts.is_empty() {
                return self.tell(Weight::Note, "only drafts can be exported; none is marked");
            }
            let shown = ExportBox::of_drafts(drafts);
            self.dialogs.push(Dialog::Export(Box::new(shown)));
            return Vec::new();
        }
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
        let Some(Dialog::Export(shown)) = self.dialogs.last_mut() else {
            return Vec::new();
        };
        let place = shown.place();
        let unnamed = match &place {
            Place::File(path) | Place::Folder(path) => path.as_os_str().is_empty(),
            Place::Clipboard | Place::Beside => false,
        };
        if unnamed {
            let what = if shown.drafts.is_empty() {
                "the file needs a name"
            } else {
                "the folder needs a name"
            };
            shown.told = Some(what.to_owned());
            return Vec::new();
        }
        let existing = if shown.occupied {
            Existing::Replaced
        } else {
            Existing::Stays
        };
        let of = if shown.drafts.is_empty() {
            let template = record.and_then(|record| record.template);
            Of::Text {
                title: open.title(),
                body: open.document.text(),
                template,
            }
        } else {
            Of::Drafts(shown.drafts.clone())
        };
        vec![Effect::Export(Box::new(Order {
            of,
            format: shown.format,
            place,
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
            Fact::Written(files, before) => {
                at.map(|at| self.dialogs.remove(at));
                let before = before
                    .map(|before| format!("; {before}"))
                    .unwrap_or_default();
                return self.tell(Weight::Good, format!("{}{before}", went(&files)));
            }
            Fact::Occupied(files) => {
                if let Some(Dialog::Export(shown)) = at.and_then(|at| self.dialogs.get_mut(at)) {
                    shown.occupied = true;
                }
                in_the_way(&files)
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
