//! Routing: every message to the part of the model it concerns.

mod commands;
mod dialogs;

use super::command::Command;
use super::editor::{OpenDocument, Typed};
use super::effect::{Effect, Keep, Selection};
use super::key::Key;
use super::keymap::{self, Meaning};
use super::msg::{Looks, Msg, Now, Purpose, RunFact};
use super::{App, Pane, Weight};
use crate::domain::attachment::{Named, Sight};

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
        self.renew_comparison();
        effects.extend(self.refresh_asks());
        let news = self.editor.all_mut().filter_map(OpenDocument::news);
        effects.extend(news.map(Effect::Keep));
        effects.extend(self.refine_news());
        // The text that they went into comes first.
        effects.extend(self.used.drain(..).map(|run| Effect::Keep(Keep::Used(run))));
        if fills {
            effects.extend(self.form_news());
        }
        effects.extend(self.claim_open());
        effects.extend(self.look_at_files());
        effects.extend(self.measure());
        effects.extend(self.look_through());
        effects.extend(self.more_runs());
        effects.extend(self.seek());
        effects.extend(self.look_into_bodies());
        effects.extend(self.arranged());
        self.follow_tour();
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
            Msg::Restored { .. } | Msg::AnswerRestored { .. } | Msg::Refine(_)
                if self.has_left() =>
            {
                Vec::new()
            }
            Msg::Looks(looks) => self.on_looks(looks),
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
            Msg::FirstDrafts(drafts) => self.on_first_drafts(drafts),
            Msg::Beginning(path, text) => self.on_beginning(path, text),
            Msg::Changed { deed, result } => self.on_changed(&deed, result),
            Msg::ItemRead {
                result: Ok(text), ..
            } => vec![Effect::Copy(text)],
            Msg::Template {
                name,
                result,
                purpose,
                past,
            } => match purpose {
                Purpose::Refine => self.on_verb(name, result, past),
                Purpose::Ask => self.on_ask_template(result),
                Purpose::Rival => {
                    self.recall(&name, past);
                    self.on_rival_template(result)
                }
                Purpose::Form => {
                    self.recall(&name, past);
                    self.on_template(name, result, purpose)
                }
                Purpose::Preview => self.on_template(name, result, purpose),
            },
            Msg::Journal { left, uses } => self.on_journal(left, uses),
            Msg::Left(left) => self.on_left(left),
            Msg::Restored { unsaved, file } => self.on_restored(*unsaved, file.map(|file| *file)),
            Msg::Journaling(state) => self.on_journaling(state),
            Msg::SetAside { id, unkept, result } => self.on_set_aside(id, unkept, result),
            Msg::AnswerRestored { answers, shown } => self.on_answer_restored(answers, shown),
            Msg::Asked { draft, turns } => self.on_asked(draft, turns),
            Msg::Look(fact) => self.on_look_fact(fact),
            Msg::Exported(fact) => self.on_exported(fact),
            Msg::Briefs(fact) => self.on_briefs(fact),
            Msg::Voice(fact) => self.on_voice(fact),
            Msg::Runs(fact) => self.on_runs(fact),
            Msg::Found(found) => self.on_found(found),
            Msg::Bodies(found) => self.on_bodies(found),
            Msg::Refine(fact) => self.on_refine_fact(fact),
            Msg::Versions { draft, versions } => self.on_versions(draft, versions),
            Msg::Version { id, text, purpose } => self.on_version(id, &text, purpose),
            Msg::DraftOpened { ticket, result } => self.on_opened(ticket, result),
            Msg::Payload { result, asked } => self.on_payload(result, *asked),
            Msg::DraftSaved { ticket, result } => self.on_saved(ticket, result),
            Msg::FolderListed(wanted, listing) => self.on_listed(&wanted, listing),
            Msg::FileSeen(named, seen) => self.on_file_seen(&named, &seen),
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
            Msg::Problems(id, spots) => self.on_problems(id, spots),
            Msg::Statistics(statistics) => self.on_statistics(*statistics),
            Msg::Outside(sighting) => self.on_outside(sighting),
            Msg::UtcOffset(seconds) => self.on_utc_offset(seconds),
            Msg::Told(text) => self.tell(Weight::Good, text),
        }
    }

    fn on_looks(&mut self, looks: Looks) -> Vec<Effect> {
        self.looks = looks;
        Vec::new()
    }

    fn on_file_seen(&mut self, named: &Named, seen: &Result<Sight, String>) -> Vec<Effect> {
        self.on_seen(named, seen);
        Vec::new()
    }

    fn on_utc_offset(&mut self, seconds: i32) -> Vec<Effect> {
        self.utc_offset = seconds;
        Vec::new()
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
}
