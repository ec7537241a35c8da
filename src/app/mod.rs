//! The pure model: one value, one total function that changes it.
//!
//! `App::update` takes a fact and answers with effects. Nothing here touches a disk, a socket, a
//! clock or a terminal, so a recorded list of messages replays to the same screen.

mod address;
mod ahead;
pub mod areas;
pub mod arrangement;
pub mod ask;
pub mod attaching;
pub mod browser;
pub mod command;
pub mod comparison;
pub mod connect;
mod connecting;
mod contested;
pub mod deed;
pub mod dialog;
mod documents;
mod drawn;
pub mod editor;
pub mod effect;
pub mod exporting;
pub mod field;
mod filled;
mod filling;
mod filter;
pub mod filtered;
pub mod find;
mod first;
pub mod form;
mod generate;
pub mod help;
pub mod hidden;
mod items;
mod judged;
mod keeping;
pub mod key;
pub mod keymap;
mod leave;
pub mod line;
pub mod look;
pub mod making;
pub mod marked;
mod marks;
pub mod masked;
pub mod models;
mod mouse;
pub mod msg;
mod navigate;
mod notice;
mod opening;
pub mod output;
pub mod outside;
pub mod palette;
mod pane;
mod pasting;
pub mod payload;
pub mod picked;
pub mod prompt;
pub mod reasoning;
pub mod recovery;
pub mod refine;
pub mod rival;
mod rows;
mod save;
mod saving;
pub mod settings;
mod shelves;
mod spending;
mod stage;
pub mod switcher;
pub mod themes;
pub mod tour;
mod trying;
mod typing;
mod update;
pub mod usage;
mod versioned;
pub mod voice;
pub mod work;

use crate::config::Settings;
use crate::domain::failure::Failure;
use crate::domain::run::RunId;
use crate::store::habits::Habits;
use areas::Areas;
use browser::Browser;
use command::Command;
use dialog::Dialog;
use editor::Editor;
use effect::Effect;
use form::Form;
use keymap::Keymap;
use msg::{Journaling, Now, Past};
pub use notice::{Notice, Weight};
use output::Output;
pub use pane::Pane;
pub use shelves::SnippetShelf;
use stage::{Awaited, Stage};
use std::collections::{BTreeSet, HashMap};
use uuid::Uuid;

/// The whole interface, as one value.
#[derive(Debug)]
pub struct App {
    /// Settings in force.
    pub settings: Settings,
    /// What keys mean.
    pub keymap: Keymap,
    /// The focused pane.
    pub focus: Pane,
    /// Editor or Output, whichever was used last; shown beside the Template pane when two fit.
    pub work: Pane,
    /// The focused pane has the whole screen.
    pub zoomed: bool,
    /// The Template pane is hidden.
    pub template_hidden: bool,
    /// Where the person put the borders between panes.
    pub arrangement: arrangement::Arrangement,
    worn: themes::Worn,
    /// How often each command was chosen from the palette.
    pub habits: Habits,
    /// The guided tour, while it goes on.
    pub tour: Option<tour::Tour>,
    /// The lists.
    pub browser: Browser,
    /// The form, when a template is being filled in.
    pub form: Option<Form>,
    /// Draft and prompt.
    pub editor: Editor,
    /// Variants.
    pub output: Output,
    /// Boxes over the panes, front one last.
    pub dialogs: Vec<Dialog>,
    /// How the person likes to write.
    pub pen: editor::Pen,
    /// What is marked in the Output pane.
    pub marked: Option<marked::Marked>,
    /// What just happened.
    pub notice: Option<Notice>,
    /// The card that explains the practice engine.
    pub practice_card: bool,
    /// Seconds that the person's clock is ahead of UTC.
    pub utc_offset: i32,
    /// Where things were drawn last.
    pub areas: Areas,
    /// The latest moment the model knows of.
    pub now: Now,
    snippets: SnippetShelf,
    past: HashMap<String, Past>,
    journaling: Journaling,
    /// Runs whose text was just used.
    used: Vec<RunId>,
    /// What the journal knows of the open form.
    told_form: Option<filled::Filled>,
    /// What was filled in and has led to no text.
    unsent: filled::Unsent,
    prompts: HashMap<String, prompt::Detached>,
    /// What was looked for last.
    found_last: String,
    seed: u64,
    counter: u64,
    quit_armed: Option<Now>,
    moves_at: Option<Now>,
    /// The draft that was asked for last and is not there yet.
    opening: Option<u64>,
    seeker: switcher::texts::Seeker,
    /// What the external editor was given and has not given back yet.
    lent: Option<opening::Lent>,
    stage: Stage,
    /// Texts that the journal has to have before the person is gone.
    leaving: BTreeSet<Uuid>,
    awaited: Awaited,
    /// Keys and pastes that wait for it.
    typed_ahead: Vec<msg::Msg>,
    /// The other template of an A/B whose requests are being put together.
    rival: Option<rival::Trial>,
    /// The template that is being made of a text, while its box is away.
    kept_making: Option<Box<making::Making>>,
    /// The clipboard of the session, and what is to come from it.
    pub pasting: pasting::Pasting,
    /// What waits until a deed is done, because that may be moving the draft's file.
    after_deed: Option<Command>,
    clicks: mouse::Clicks,
    /// A drag beyond an edge.
    held: Option<key::Mouse>,
    meter: spending::Meter,
    attaching: attaching::Attaching,
    /// What waits for a provider's list of models.
    awaits_models: Option<first::Waiting>,
    watched: outside::Watched,
    refines: refine::Refines,
    asks: ask::Asks,
    voice: voice::Voice,
    /// What takes changes of the settings file back, the last one last.
    settings_before: Vec<look::Undo>,
    /// Where the person looks.
    looks: msg::Looks,
}

impl App {
    /// A studio at its start. `seed` makes run ids unique between processes.
    pub fn new(settings: Settings, seed: u64) -> Self {
        let practice_card = settings.practising;
        let pen = editor::Pen::new(&settings.editor);
        let keymap = Keymap::of(&settings.keys);
        Self {
            settings,
            keymap,
            focus: Pane::Template,
            work: Pane::Editor,
            zoomed: false,
            template_hidden: false,
            arrangement: arrangement::Arrangement::default(),
            worn: themes::Worn::default(),
            habits: Habits::default(),
            tour: None,
            browser: Browser::default(),
            form: None,
            editor: Editor::default(),
            output: Output::default(),
            dialogs: Vec::new(),
            pen,
            marked: None,
            notice: None,
            practice_card,
            utc_offset: 0,
            areas: Areas::default(),
            now: Now::default(),
            snippets: SnippetShelf::default(),
            past: HashMap::new(),
            journaling: Journaling::Off,
            used: Vec::new(),
            told_form: None,
            unsent: filled::Unsent::default(),
            prompts: HashMap::new(),
            found_last: String::new(),
            seed,
            counter: 0,
            quit_armed: None,
            moves_at: None,
            opening: None,
            seeker: switcher::texts::Seeker::default(),
            lent: None,
            stage: Stage::Open,
            leaving: BTreeSet::new(),
            awaited: Awaited::Library,
            typed_ahead: Vec::new(),
            kept_making: None,
            rival: None,
            pasting: pasting::Pasting::default(),
            after_deed: None,
            clicks: mouse::Clicks::default(),
            held: None,
            meter: spending::Meter::default(),
            attaching: attaching::Attaching::default(),
            awaits_models: None,
            watched: outside::Watched::default(),
            refines: refine::Refines::default(),
            asks: ask::Asks::default(),
            voice: voice::Voice::default(),
            settings_before: Vec::new(),
            looks: msg::Looks::default(),
        }
    }

    /// What the shell does first.
    pub fn start() -> Vec<Effect> {
        vec![
            Effect::LoadLibrary,
            Effect::LoadDrafts,
            Effect::OpenJournal,
            Effect::Watch,
            Effect::TellUtcOffset,
        ]
    }

    /// True once the person has left and nothing is being saved.
    pub const fn is_done(&self) -> bool {
        matches!(self.stage, Stage::Done)
    }

    /// Says something for a few seconds.
    fn tell(&mut self, weight: Weight, text: impl Into<String>) -> Vec<Effect> {
        let until = (weight != Weight::Bad).then_some(Now(self.now.0 + 5_000));
        self.notice = Some(Notice {
            text: text.into(),
            weight,
            since: self.now,
            until,
        });
        until
            .map(|until| Effect::WakeAt(until.0))
            .into_iter()
            .collect()
    }

    /// Says something that was found out before the first message.
    pub fn warn(&mut self, now: Now, text: impl Into<String>) {
        self.now = now;
        self.tell(Weight::Bad, text);
    }

    /// Says what failed, until the next key.
    fn fail(&mut self, failure: &Failure) -> Vec<Effect> {
        self.tell(Weight::Bad, failure.to_string())
    }

    fn focus_on(&mut self, pane: Pane) {
        self.focus = pane;
        if pane != Pane::Editor {
            // What happens to the text from elsewhere is a step of its own.
            self.editor.document.close_group();
        }
        if pane == Pane::Template {
            self.template_hidden = false;
        } else {
            self.work = pane;
        }
    }

    /// A new run id: time first, then seed and counter.
    fn next_run(&mut self) -> RunId {
        self.counter += 1;
        let mut rest = [0; 10];
        rest[..8].copy_from_slice(
            &self
                .seed
                .rotate_left(17)
                .wrapping_add(self.counter)
                .to_be_bytes(),
        );
        rest[8..].copy_from_slice(&(self.counter as u16).to_be_bytes());
        RunId(uuid::Builder::from_unix_timestamp_millis(self.now.0, &rest).into_uuid())
    }
}

/// A sentence as a box begins it.
fn sentence(text: &str) -> String {
    let mut chars = text.chars();
    let first = chars.next().into_iter().flat_map(char::to_uppercase);
    first.chain(chars).collect()
}
