//! The studio without a terminal: the pure model, a temporary library, and a drawing of it.
//!
//! Effects on files are done at once and in order; what would need a network, a clipboard or an
//! editor is only recorded. Clock, seed and dates stand still until a test moves them.

#![expect(clippy::unwrap_used, reason = "a rig fails by panicking")]

use copydesk::app::App;
use copydesk::app::areas::Areas;
use copydesk::app::browser::bodies;
use copydesk::app::deed::Deed;
use copydesk::app::effect::Effect;
use copydesk::app::key::Key;
use copydesk::app::look::Errand;
use copydesk::app::msg::{Msg, Now, OpenedDraft, Past, RunFact};
use copydesk::app::switcher::texts;
use copydesk::config::theme::Depth;
use copydesk::config::{Overrides, Settings};
use copydesk::domain::draft::Draft;
use copydesk::domain::failure::Failure;
use copydesk::domain::run::{Finish, FinishReason, RunId, StreamEvent, Usage};
use copydesk::domain::statistics::Statistics;
use copydesk::store::drafts::{self, Headline};
use copydesk::store::files::Kind;
use copydesk::store::library::{Entry, Origin};
use copydesk::store::{Paths, atomic, attachment, library, shelf, stars};
use copydesk::tui::runner::{briefs, exporting, files, finding, lists as reading, look};
use copydesk::tui::{deeds, outside, saved};
use copydesk::view::{self, Cache};
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::Position;
use std::collections::VecDeque;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tempfile::TempDir;
use unicode_width::UnicodeWidthStr;

/// When everything happens, until a test moves the clock.
const START: u64 = 1_795_000_000_000;
const DATE: &str = "2026-11-18T09:00:00+00:00[UTC]";
/// Shipped templates that the list shows, in this order.
const LISTED: [&str; 5] = [
    "blog-post",
    "email-reply",
    "product-description",
    "release-notes",
    "translate",
];

/// Keys written as in `keys`, as the model knows them.
pub fn keys(text: &str) -> Vec<Msg> {
    let mut out = Vec::new();
    let mut rest = text;
    while let Some(start) = rest.find('<') {
        out.extend(typed(&rest[..start]));
        let (inside, after) = rest[start + 1..].split_once('>').unwrap();
        out.extend(named(inside));
        rest = after;
    }
    out.extend(typed(rest));
    out
}

fn typed(text: &str) -> impl Iterator<Item = Msg> {
    let codes = text.chars().map(copydesk::app::key::Code::Char);
    codes.map(|code| Msg::Key(Key::plain(code)))
}

fn named(name: &str) -> Vec<Msg> {
    if let Some(text) = name.strip_prefix("paste:") {
        return vec![Msg::Paste(text.to_owned())];
    }
    let (name, times) = match name.rsplit_once('*') {
        Some((name, times)) => (name, times.parse().unwrap()),
        None => (name, 1),
    };
    let key: Key = if name == "lt" { "<" } else { name }.parse().unwrap();
    vec![Msg::Key(key); times]
}

/// Settings from an environment with these variables.
pub fn settings(env: &[(&str, &str)]) -> Settings {
    let lookup = |name: &str| {
        let found = env.iter().find(|(key, _)| *key == name);
        found.map(|(_, value)| (*value).to_owned())
    };
    Settings::resolve(None, &lookup, &Overrides::default())
}

/// Every place of the studio below `home`.
pub fn paths(home: &Path) -> Paths {
    Paths::below(home)
}

/// A screen as it was drawn.
#[derive(Debug, Clone, PartialEq)]
pub struct Drawn {
    /// The cells.
    pub cells: Buffer,
    /// Where the cursor is, if it shows.
    pub cursor: Option<Position>,
}

impl Drawn {
    /// Its lines, without trailing space.
    pub fn text(&self) -> String {
        self.lines(|cell| cell.symbol().to_owned())
    }

    /// Its lines, then one letter for the style of each cell, then what the letters mean.
    pub fn picture(&self) -> String {
        let mut styles: Vec<String> = Vec::new();
        let map = self.lines(|cell| {
            let style = look(cell);
            if style.is_empty() {
                return " ".repeat(cell.symbol().width().max(1));
            }
            let known = styles.iter().position(|known| *known == style);
            let place = known.unwrap_or_else(|| {
                styles.push(style);
                styles.len() - 1
            });
            let letter = char::from(b'a' + u8::try_from(place).unwrap());
            letter.to_string().repeat(cell.symbol().width().max(1))
        });
        let mut out = format!("{}\n--- styles\n{map}\n---\n", self.text());
        for (letter, style) in ('a'..).zip(&styles) {
            let _ = writeln!(out, "{letter}: {style}");
        }
        if let Some(cursor) = self.cursor {
            let _ = writeln!(out, "cursor: column {}, row {}", cursor.x, cursor.y);
        }
        out
    }

    fn lines(&self, mut text: impl FnMut(&Cell) -> String) -> String {
        let area = self.cells.area;
        let mut lines = Vec::new();
        for y in area.top()..area.bottom() {
            let mut line = String::new();
            let mut x = area.left();
            while x < area.right() {
                let cell = &self.cells[(x, y)];
                line += &text(cell);
                x += u16::try_from(cell.symbol().width().max(1)).unwrap();
            }
            lines.push(line.trim_end().to_owned());
        }
        lines.join("\n")
    }
}

/// The style of a cell in words; empty for plain text.
fn look(cell: &Cell) -> String {
    use ratatui::style::Color;
    let mut words = Vec::new();
    if cell.fg != Color::Reset {
        words.push(cell.fg.to_string());
    }
    if cell.bg != Color::Reset {
        words.push(format!("on {}", cell.bg));
    }
    words.extend(cell.modifier.iter_names().map(|(name, _)| name.to_owned()));
    words.join(" ").to_lowercase()
}

/// Draws a model once, at a size.
pub fn drawn(app: &App, cache: &mut Cache, (width, height): (u16, u16)) -> (Drawn, Areas) {
    let mut terminal = Terminal::new(TestBackend::new(width, height)).unwrap();
    let mut areas = Areas::default();
    terminal
        .draw(|frame| areas = view::draw(app, cache, frame))
        .unwrap();
    let backend = terminal.backend();
    let drawn = Drawn {
        cells: backend.buffer().clone(),
        cursor: backend.cursor_visible().then(|| backend.cursor_position()),
    };
    (drawn, areas)
}

/// The studio and what it asked for.
pub struct Studio {
    /// The model.
    pub app: App,
    /// Effects that were only recorded, oldest first.
    pub asked: Vec<Effect>,
    /// Every fact the model was told, with its time.
    pub told: Vec<(Now, Msg)>,
    /// The size of the screen.
    pub size: (u16, u16),
    /// Settings it started with.
    pub settings: Settings,
    pub cache: Cache,
    clock: u64,
    paths: Paths,
    home: TempDir,
    instead: Option<OpenedDraft>,
}

impl Studio {
    /// A studio that has read its library, with a key set and nothing else.
    pub fn new(size: (u16, u16)) -> Self {
        let env = [
            ("OPENAI_API_KEY", "sk-test"),
            ("OPENAI_MODEL", "test-model"),
        ];
        Self::with(settings(&env), size)
    }

    /// A studio that has read its library.
    pub fn with(settings: Settings, size: (u16, u16)) -> Self {
        let home = tempfile::tempdir().unwrap();
        let paths = paths(home.path());
        let mut studio = Self {
            app: App::new(settings.clone(), 7),
            asked: Vec::new(),
            told: Vec::new(),
            size,
            settings,
            cache: Cache::default(),
            clock: START,
            paths,
            home,
            instead: None,
        };
        studio.put("data/snippets/brand-voice.md", "Plain and warm.\n");
        studio.draw();
        studio.execute(App::start());
        studio.draw();
        studio
    }

    /// Draws without colour from now on.
    pub fn plain(&mut self) -> &mut Self {
        self.cache = Cache::new(Depth::None);
        self
    }

    /// Where everything lies.
    pub const fn paths(&self) -> &Paths {
        &self.paths
    }

    /// Puts a file below the folder that everything lies in.
    pub fn put(&self, path: &str, text: &str) {
        self.put_bytes(path, text.as_bytes());
    }

    /// The same of any bytes.
    pub fn put_bytes(&self, path: &str, bytes: &[u8]) {
        let path = self.home.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        atomic::save(&path, bytes).unwrap();
    }

    /// Opens a draft that lies nowhere, as if the list had it.
    pub fn open(&mut self, path: &str, draft: Draft) -> &mut Self {
        let path = PathBuf::from(path);
        let listed = Headline {
            path: path.clone(),
            name: "open".to_owned(),
            title: "Open".to_owned(),
            ..Headline::default()
        };
        self.instead = Some(OpenedDraft {
            draft,
            hash: "lies nowhere".to_owned(),
            path,
            read_only: None,
            kind: Kind::Draft,
        });
        self.tell(Msg::Drafts(Ok(vec![listed].into())));
        self.keys("<ctrl+o><enter>")
    }

    /// Reads the library again, as a start does.
    pub fn read_again(&mut self) -> &mut Self {
        self.execute(App::start());
        self.draw();
        self
    }

    /// Presses keys and keeps back what the model asks for.
    pub fn keep_back(&mut self, text: &str) -> Vec<Effect> {
        let mut asked = Vec::new();
        for msg in keys(text) {
            let now = Now(self.clock);
            self.told.push((now, msg.clone()));
            asked.extend(self.app.update(now, msg));
        }
        self.draw();
        asked
    }

    /// Does what the model asked for when a test kept it back.
    pub fn perform(&mut self, effect: Effect) -> &mut Self {
        self.execute(vec![effect]);
        self.draw();
        self
    }

    /// The text of a file below the folder that everything lies in; `None` when there is none.
    pub fn file(&self, path: &str) -> Option<String> {
        std::fs::read_to_string(self.home.path().join(path)).ok()
    }

    /// Where a file below that folder lies.
    pub fn path(&self, path: &str) -> PathBuf {
        self.home.path().join(path)
    }

    /// Presses keys, drawing after each as the loop would.
    pub fn keys(&mut self, text: &str) -> &mut Self {
        for msg in keys(text) {
            self.tell(msg);
        }
        self
    }

    /// Lets time pass.
    pub const fn wait(&mut self, milliseconds: u64) -> &mut Self {
        self.clock += milliseconds;
        self
    }

    /// Tells the model a fact, does what it asks for, and draws.
    pub fn tell(&mut self, msg: Msg) -> &mut Self {
        self.feed(msg);
        self.draw();
        self
    }

    /// Tells a fact about the latest run.
    pub fn run(&mut self, fact: RunFact) -> &mut Self {
        let run = self.latest_run();
        self.tell(Msg::Run(run, fact))
    }

    /// The latest run that was asked for.
    pub fn latest_run(&self) -> RunId {
        let runs = self.asked.iter().rev().find_map(|effect| match effect {
            Effect::Generate { run, .. } => Some(*run),
            _ => None,
        });
        runs.unwrap()
    }

    /// Text of the latest run arrives.
    pub fn delta(&mut self, text: &str) -> &mut Self {
        self.run(RunFact::Event(StreamEvent::Delta(text.to_owned())))
    }

    /// The latest run comes to its end.
    pub fn finish(&mut self, reason: FinishReason) -> &mut Self {
        let usage = Usage {
            input: 120,
            output: 48,
            ..Usage::default()
        };
        self.run(RunFact::Event(StreamEvent::Finished(Finish {
            reason,
            usage: Some(usage),
        })))
    }

    /// The latest run fails.
    pub fn fail(&mut self, failure: Failure) -> &mut Self {
        self.run(RunFact::Failed(failure))
    }

    /// Draws as the loop does: once more when the document found out its size.
    pub fn draw(&mut self) -> Drawn {
        let (mut screen, areas) = drawn(&self.app, &mut self.cache, self.size);
        if self.app.on_drawn(areas) {
            let (again, areas) = drawn(&self.app, &mut self.cache, self.size);
            screen = again;
            self.app.on_drawn(areas);
        }
        screen
    }

    /// The screen with its colours, for a snapshot.
    pub fn picture(&mut self) -> String {
        self.draw().picture()
    }

    /// The screen as text.
    pub fn text(&mut self) -> String {
        self.draw().text()
    }

    fn feed(&mut self, msg: Msg) {
        let now = Now(self.clock);
        self.told.push((now, msg.clone()));
        let effects = self.app.update(now, msg);
        self.execute(effects);
    }

    fn execute(&mut self, effects: Vec<Effect>) {
        let mut waiting = VecDeque::from(effects);
        while let Some(effect) = waiting.pop_front() {
            // Nothing comes of these before the next start, and each is a file that is synced.
            if matches!(effect, Effect::Look(Errand::Habits(_))) {
                self.asked.push(effect);
                continue;
            }
            let made_up = match &effect {
                Effect::Open { ticket, .. } => self.instead.take().map(|file| {
                    let (ticket, result) = (*ticket, Ok(file));
                    Msg::DraftOpened { ticket, result }
                }),
                _ => None,
            };
            let Some(msg) = made_up.or_else(|| answer(&self.paths, &effect)) else {
                self.asked.push(effect);
                continue;
            };
            let now = Now(self.clock);
            self.told.push((now, msg.clone()));
            waiting.extend(self.app.update(now, msg));
        }
    }
}

/// The lists as the shell reads them, with few of the shipped templates.
fn lists(paths: &Paths) -> Msg {
    let mut templates = library::list(paths);
    let listed =
        |entry: &Entry| LISTED.contains(&entry.name.as_str()) || entry.name.starts_with("refine/");
    templates.retain(|entry| listed(entry) || entry.origin != Origin::Shipped);
    templates.sort_by(|one, other| one.name.cmp(&other.name));
    Msg::Library {
        templates,
        snippets: shelf::snippets(paths).into_iter().collect(),
        stars: stars::load(paths),
    }
}

/// What an effect on files leads to; `None` for any other effect.
fn answer(paths: &Paths, effect: &Effect) -> Option<Msg> {
    Some(match effect {
        Effect::ReadBeginning(path) => reading::beginning(paths, path.clone()),
        Effect::LoadLibrary => lists(paths),
        Effect::LoadDrafts => Msg::Drafts(Ok(drafts::list(paths).into())),
        Effect::LoadTemplate { name, purpose } => Msg::Template {
            name: name.clone(),
            result: shelf::template(paths, name)
                .map(Arc::new)
                .map_err(|failure| failure.to_string()),
            purpose: *purpose,
            past: Past::default(),
        },
        Effect::Open { ticket, wanted } => Msg::DraftOpened {
            ticket: *ticket,
            result: saved::load(paths, wanted),
        },
        Effect::Save { ticket, save } => Msg::DraftSaved {
            ticket: *ticket,
            result: saved::write(paths, save.clone(), &DATE.parse().unwrap()),
        },
        Effect::ReadItem(item) => Msg::ItemRead {
            item: item.clone(),
            result: deeds::text_of(paths, item),
        },
        Effect::Change(deed) if !matches!(deed, Deed::EditSource(_)) => {
            deeds::perform(paths, deed.clone())
        }
        Effect::ListFolder(wanted) => files::listed(wanted.clone()),
        Effect::LookAtFile(named) => Msg::FileSeen(named.clone(), attachment::look(named)),
        Effect::ReadFiles {
            ticket,
            named,
            then,
        } => {
            let read = named
                .iter()
                .map(|named| (named.clone(), attachment::load(named)));
            let (ticket, read, then) = (*ticket, read.collect(), *then);
            Msg::FilesRead { ticket, read, then }
        }
        Effect::LookAt { path, known } => outside::look(paths, path.clone(), known.clone()),
        Effect::Star(item, star) => {
            stars::set(paths, item, *star).unwrap();
            return None;
        }
        Effect::Search(texts::Errand::Look(look)) => finding::at_once(paths, look),
        Effect::Bodies(bodies::Errand::Look { ticket, typed }) => {
            finding::bodies_at_once(paths, *ticket, typed)
        }
        Effect::LookThrough { id, path, text } => files::looked_through(paths, *id, path, text),
        Effect::Measure { text, within } => {
            let part = within.clone();
            let counted = part.map_or_else(|| text.text(), |range| text.slice(range));
            let counted = Statistics::of(&counted, within.is_some());
            Msg::Statistics(Box::new(counted))
        }
        Effect::Look(errand) => Msg::Look(look::done(paths, errand.clone())),
        Effect::Export(order) => Msg::Exported(exporting::done(paths, (**order).clone())),
        Effect::Briefs(errand) => briefs::done(paths, errand.clone()),
        Effect::Generate { .. }
        | Effect::Inspect { .. }
        | Effect::Change(_)
        | Effect::Cancel(_)
        | Effect::Copy(_)
        | Effect::CopyByTerminal { .. }
        | Effect::ReadClipboard(_)
        | Effect::Cut(_)
        | Effect::Notify(..)
        | Effect::PutCardAway
        | Effect::CopyAs { .. }
        | Effect::EditExternally { .. }
        | Effect::OpenJournal
        | Effect::TellUtcOffset
        | Effect::LoadLeft
        | Effect::Keep(_)
        | Effect::Restore(_)
        | Effect::LoadAsked { .. }
        | Effect::Runs(_)
        | Effect::Search(_)
        | Effect::Bodies(_)
        | Effect::Voice(_)
        | Effect::Refine(_)
        | Effect::LoadVersions(_)
        | Effect::LoadVersion { .. }
        | Effect::Watch
        | Effect::Claim(_)
        | Effect::Count { .. }
        | Effect::LoadModels { .. }
        | Effect::StopModels
        | Effect::PreferModel { .. }
        | Effect::LoadSpent
        | Effect::LoadUsage
        | Effect::Connect(..)
        | Effect::AnswerKey(..)
        | Effect::ReadSettings
        | Effect::UseSettings(_)
        | Effect::WakeAt(_) => return None,
    })
}
