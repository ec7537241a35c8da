//! Routing: every message to the part of the model it concerns.

use super::command::Command;
use super::dialog::{Dialog, Outcome};
use super::editor::{OpenDocument, Tab, Typed};
use super::effect::{Ask, Effect, Keep, Selection, Wanted};
use super::key::Key;
use super::keymap::{self, Meaning};
use super::msg::{Looks, Msg, Now, Purpose, RunFact};
use super::payload::Copied;
use super::save::Place;
use super::{App, Pane, Weight};

impl App {
    /// Takes a fact; answers with what is to be done about it.
    pub fn update(&mut self, now: Now, msg: Msg) -> Vec<Effect> {
        self.now = now;
        self.expire(now);
        if self.editor.id.is_nil() {
            self.editor.id = self.fresh_id();
        }
        let fills = self.may_fill(&msg);
        let watched = self.watched_work();
        let mut effects = self.take(msg);
        effects.extend(self.tell_of_ended(watched));
        effects.extend(self.take_turns());
        self.refresh_find();
        self.refresh_refines();
        effects.extend(self.refresh_asks());
        let news = self.editor.all_mut().filter_map(OpenDocument::news);
        effects.extend(news.map(Effect::Keep));
        // The text that they went into comes first.
        effects.extend(self.used.drain(..).map(|run| Effect::Keep(Keep::Used(run))));
        if fills {
            effects.extend(self.form_news());
        }
        effects.extend(self.claim_open());
        effects.extend(self.look_at_files());
        effects.extend(self.measure());
        effects.extend(self.more_runs());
        effects
    }

    pub(super) fn take(&mut self, msg: Msg) -> Vec<Effect> {
        // Whoever types is there, whatever the terminal has said.
        if matches!(msg, Msg::Key(_) | Msg::Mouse(_) | Msg::Paste(_)) {
            self.looks = Looks::Here;
        }
        match msg {
            Msg::Key(_) | Msg::Mouse(_) | Msg::Paste(_) if self.is_setting_aside() => {
                self.on_leaving(&msg)
            }
            // Nobody would decide about it any more: the journal offers it again.
            Msg::Restored { .. } | Msg::AnswerRestored { .. } if self.has_left() => Vec::new(),
            Msg::Looks(looks) => {
                self.looks = looks;
                Vec::new()
            }
            Msg::Key(key) => self.on_key(key),
            Msg::Mouse(mouse) => self.on_mouse(mouse),
            Msg::Paste(text) => self.on_paste(&text),
            Msg::Clipboard(text) => self.on_clipboard(text),
            Msg::NotCopied { text, why } => vec![Effect::CopyByTerminal { text, why }],
            Msg::Resize => Vec::new(),
            Msg::Tick => self.on_tick(),
            Msg::Library {
                templates,
                snippets,
                stars,
            } => self.on_library(templates, snippets, stars),
            Msg::Drafts(result) => self.on_drafts(result),
            Msg::Changed { deed, result } => self.on_changed(&deed, result),
            Msg::ItemRead {
                result: Ok(text), ..
            } => vec![Effect::Copy(text)],
            Msg::Template {
                name,
                result,
                purpose,
                past,
            } => {
                if purpose == Purpose::Refine {
                    return self.on_verb(name, result, past);
                }
                if purpose == Purpose::Ask {
                    return self.on_ask_template(result);
                }
                if purpose == Purpose::Form {
                    self.recall(&name, past);
                }
                self.on_template(name, result, purpose)
            }
            Msg::Journal { left, uses } => self.on_journal(left, uses),
            Msg::Left(left) => self.on_left(left),
            Msg::Restored { unsaved, file } => self.on_restored(*unsaved, file.map(|file| *file)),
            Msg::Journaling(state) => self.on_journaling(state),
            Msg::SetAside { id, unkept, result } => self.on_set_aside(id, unkept, result),
            Msg::AnswerRestored { run, continues } => self.on_answer_restored(*run, continues),
            Msg::Asked { draft, turns } => self.on_asked(draft, turns),
            Msg::Runs(fact) => self.on_runs(fact),
            Msg::Versions { draft, versions } => self.on_versions(draft, versions),
            Msg::Version { id, text, purpose } => self.on_version(id, &text, purpose),
            Msg::DraftOpened { ticket, result } => self.on_opened(ticket, result),
            Msg::Payload { result, asked } => self.on_payload(result, *asked),
            Msg::DraftSaved { ticket, result } => self.on_saved(ticket, result),
            Msg::FileSeen(named, seen) => {
                self.on_seen(&named, &seen);
                Vec::new()
            }
            Msg::FilesRead { ticket, read, then } => self.on_files(ticket, read, then),
            Msg::Run(run, RunFact::KeyElsewhere(question)) => self.ask_about_key(run, question),
            Msg::Preferred(written) => self.on_preferred(written.map(|it| *it)),
            Msg::Settings(settings) => self.on_settings(*settings),
            Msg::Connect(ticket, fact) => self.on_connect(ticket, fact),
            Msg::Run(run, fact) if self.is_asking(run) => self.on_ask_run(run, fact),
            Msg::Run(run, fact) if self.is_refining(run) => self.on_refine_run(run, fact),
            Msg::Run(run, fact) => self.on_run(run, fact),
            Msg::Counted { .. } | Msg::Models { .. } | Msg::Spent { .. } | Msg::Usage(_) => {
                self.on_reckoning(msg)
            }
            Msg::Named(path) => self.open_named(path),
            Msg::Edited { draft, result } => self.on_edited(draft, result),
            Msg::ItemRead {
                result: Err(failure),
                ..
            }
            | Msg::Failed(failure) => self.fail(&failure),
            Msg::Statistics(statistics) => self.on_statistics(*statistics),
            Msg::Outside(sighting) => self.on_outside(sighting),
            Msg::UtcOffset(seconds) => {
                self.utc_offset = seconds;
                Vec::new()
            }
            Msg::Told(text) => self.tell(Weight::Good, text),
        }
    }

    fn on_tick(&mut self) -> Vec<Effect> {
        let mut effects = self.stop_checking();
        effects.extend(self.keep_moving());
        effects.extend(self.drag_on());
        effects
    }

    fn on_key(&mut self, key: Key) -> Vec<Effect> {
        if self.is_ahead() && !self.passes(key) {
            self.typed_ahead.push(Msg::Key(key));
            return Vec::new();
        }
        self.notice = self
            .notice
            .take()
            .filter(|notice| !notice.is_read(self.now));
        if let Some(form) = self.form.as_mut().filter(|_| self.focus == Pane::Template) {
            form.first = None;
        }
        if !matches!(
            keymap::resolve(self, key),
            Meaning::Command(Command::CopyOrQuit)
        ) {
            self.quit_armed = None;
        }
        match keymap::resolve(self, key) {
            Meaning::Command(command) => self.run(command),
            Meaning::Variant(place) => {
                self.show_variants();
                self.output.show_in_group(place);
                Vec::new()
            }
            Meaning::Dialog(key) => self.on_dialog_key(key),
            Meaning::Text(key) => self.on_text(key),
            Meaning::Nothing => Vec::new(),
        }
    }

    fn on_dialog_key(&mut self, key: Key) -> Vec<Effect> {
        if self.pastes_by(key) {
            return self.paste_from(Selection::Clipboard);
        }
        let Some(dialog) = self.dialogs.last_mut() else {
            return Vec::new();
        };
        match dialog.key(key) {
            Outcome::Stay => return Vec::new(),
            Outcome::Close => {
                self.dialogs.pop();
            }
            Outcome::Run(command) => {
                self.dialogs.pop();
                return self.run(command);
            }
            Outcome::Answered(answer) => {
                self.dialogs.pop();
                return self.on_answer(answer);
            }
            Outcome::Chose(choice) => {
                return match self.dialogs.last() {
                    Some(Dialog::Timeline(_)) => self.on_timeline(choice),
                    _ => self.on_recovery(choice),
                };
            }
            Outcome::Do(deed) => {
                self.dialogs.pop();
                return self.begin(deed);
            }
            Outcome::GoTo(at) => {
                self.dialogs.pop();
                self.go_to(at);
            }
            Outcome::GoToLine(place) => {
                self.dialogs.pop();
                self.go_to_line(place);
            }
            Outcome::Connect(wish) => return self.on_connect_wish(wish),
            Outcome::GoToPlace(place) => {
                self.dialogs.pop();
                return self.go_to_place(place);
            }
            Outcome::OpenFile(path) => {
                self.dialogs.pop();
                return vec![self.ask_for(Wanted::Named(path))];
            }
            Outcome::CloseDocument(id) => return self.close_from_switcher(id),
            Outcome::Work(wish) => return self.on_work_wish(wish),
            Outcome::Search => self.search(),
            Outcome::Turn(typed) => {
                self.dialogs.pop();
                self.open_runs(&typed);
            }
            Outcome::Against(other) => return self.compare_with(other),
            Outcome::Runs(wish) => return self.on_runs_wish(wish),
            Outcome::TakeOut(only) => return self.take_hidden_out(only),
            Outcome::Copy(Copied { text, what }) => return vec![Effect::CopyAs { text, what }],
            Outcome::Refine(wish) => return self.on_refine_wish(wish),
            Outcome::AskModels => return self.ask_models(Ask::Anew),
            Outcome::Pick(id) => {
                self.dialogs.pop();
                return self.pick_model(&id);
            }
            Outcome::PickAll(ids) => {
                self.dialogs.pop();
                return self.pick_models(ids);
            }
            Outcome::Prefer(id) => {
                self.dialogs.pop();
                return self.prefer_model(&id);
            }
            Outcome::Say(text) => return self.tell(Weight::Note, text),
        }
        Vec::new()
    }

    fn on_text(&mut self, key: Key) -> Vec<Effect> {
        if self.pastes_by(key) {
            return self.paste_from(Selection::Clipboard);
        }
        match self.focus {
            Pane::Editor if self.is_finding() => self.on_find_key(key),
            Pane::Editor => {
                if let Some(effects) = self.on_prompt_key(key) {
                    return effects;
                }
                if let Some(effects) = self.on_vim_key(key) {
                    return effects;
                }
                return match self.editor.key(key, self.now.0) {
                    Typed::Done => {
                        self.follow_selection();
                        Vec::new()
                    }
                    Typed::Refused => self.refuse_to_edit(),
                };
            }
            Pane::Template => {
                if self.form.is_some() {
                    return self.on_form_key(key);
                }
                self.browser.key(key);
                return self.preview_highlighted();
            }
            Pane::Output if self.is_writing_question() => return self.on_question_key(key),
            Pane::Output => {}
        }
        Vec::new()
    }

    /// Runs a command of the table.
    pub(super) fn run(&mut self, command: Command) -> Vec<Effect> {
        let in_talk = self.run_in_talk(command);
        in_talk.unwrap_or_else(|| self.run_elsewhere(command))
    }

    fn run_elsewhere(&mut self, command: Command) -> Vec<Effect> {
        use Command as C;
        match command {
            C::Help => self.open_help(),
            C::Palette => self.open_palette(),
            C::Generate => return self.generate(),
            C::Back => return self.back(),
            C::CopyOrQuit => return self.copy_or_quit(),
            C::Quit => return self.quit(),
            C::Save => return self.save(),
            C::NewDraft => return self.new_draft(),
            C::Open => self.open_switcher(""),
            C::Runs => self.open_runs(""),
            C::Close => return self.close_shown(),
            C::OpenFile => self.ask_for_path(),
            C::NewItem => return self.begin_listed(),
            C::ExternalEditor => return self.edit_externally(),
            C::Undo | C::Redo => return self.undo_or_redo(command),
            C::NextPane => self.focus_on(self.focus.step(1)),
            C::PreviousPane => self.focus_on(self.focus.step(2)),
            C::TemplatePane => self.focus_on(Pane::Template),
            C::EditorPane => self.focus_on(Pane::Editor),
            C::OutputPane => self.focus_on(Pane::Output),
            C::Zoom => self.zoom(),
            C::HideTemplate => self.toggle_template(),
            C::HiddenCharacters => return self.inspect_hidden(),
            C::Payload => return self.inspect_payload(),
            C::Connect => return self.connect(),
            C::Work => return self.list_work(),
            C::SwitchEditorTab => {
                self.show_tab(match self.editor.tab {
                    Tab::Draft => Tab::Prompt,
                    Tab::Prompt => Tab::Draft,
                });
                self.focus_on(Pane::Editor);
            }
            C::Down | C::Up | C::PageDown | C::PageUp | C::First | C::Last => {
                return self.move_by(command);
            }
            C::Filter => self.browser.start_filter(),
            C::Activate => return self.activate(),
            C::NextTab | C::PreviousTab => {
                self.browser
                    .switch(if command == C::NextTab { 1 } else { -1 });
                return self.preview_highlighted();
            }
            C::NextField
            | C::PreviousField
            | C::NextOption
            | C::PreviousOption
            | C::EarlierValue
            | C::ResetField => {
                self.in_form(command);
            }
            C::Find => return self.find(),
            C::NextPlace
            | C::PreviousPlace
            | C::ReplaceLine
            | C::ReplaceAll
            | C::FindPattern
            | C::FindCase => {
                if !self.ends_search(command) {
                    return self.run_find(command);
                }
            }
            C::Refine => return self.refine(),
            C::NextChange
            | C::PreviousChange
            | C::AcceptChange
            | C::RejectChange
            | C::AcceptAll
            | C::RejectAll
            | C::RefineAgain
            | C::AdjustRefine => return self.run_review(command),
            C::Versions => return self.list_versions(),
            C::Recover => return vec![Effect::LoadLeft],
            C::Model => return self.open_picker(),
            C::Usage => return vec![Effect::LoadUsage],
            C::UseVariant => return self.use_variant(Place::Whole),
            C::AppendVariant => return self.use_variant(Place::End),
            C::InsertVariant => return self.use_variant(Place::Cursor),
            C::Regenerate | C::MoreVariants | C::Columns | C::StarVariant | C::Continue => {
                return self.run_on_variant(command);
            }
            C::Compare => return self.compare(),
            C::Merge => return self.merge(),
            C::Copy => return self.copy(),
            C::Reasoning => return self.unfold_reasoning(),
            C::DeleteItem
            | C::RenameItem
            | C::DuplicateItem
            | C::EditSource
            | C::TagItem
            | C::StarItem
            | C::TakeBack => return self.on_item(command),
            C::NextVariant => self.output.step(1),
            C::PreviousVariant => self.output.step(-1),
            _ => return self.in_draft(command),
        }
        Vec::new()
    }
}
