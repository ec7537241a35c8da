//! What a command of the table does: those of the whole studio, those of a pane, those of the text.
//!
//! Only routes; a command's work is done in the room it belongs to.

use crate::app::command::Command;
use crate::app::editor::Tab;
use crate::app::effect::Effect;
use crate::app::save::Place;
use crate::app::{App, Pane};

impl App {
    /// Runs a command of the table.
    pub(in crate::app) fn run(&mut self, command: Command) -> Vec<Effect> {
        let in_talk = self.run_in_talk(command);
        in_talk.unwrap_or_else(|| self.run_elsewhere(command))
    }

    fn run_elsewhere(&mut self, command: Command) -> Vec<Effect> {
        use Command as C;
        match command {
            C::Help => self.open_help(),
            C::Palette => return self.open_palette(),
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
            C::CompareTemplates => return self.choose_rival(),
            C::TemplateFromDraft => return self.template_of_draft(),
            C::TemplateFromPrompt => return self.template_of_prompt(),
            C::SnippetFromSelection => return self.snippet_of_selection(),
            C::NewItem => return self.begin_listed(),
            C::ExternalEditor => return self.edit_externally(),
            C::Export => return self.open_export(),
            C::ReadAloud => return self.read_aloud(),
            C::Dictate => return self.dictate(),
            C::Undo | C::Redo => return self.undo_or_redo(command),
            C::NextPane => self.focus_on(self.focus.step(1)),
            C::PreviousPane => self.focus_on(self.focus.step(2)),
            C::TemplatePane => self.focus_on(Pane::Template),
            C::EditorPane => self.focus_on(Pane::Editor),
            C::OutputPane => self.focus_on(Pane::Output),
            C::Zoom => self.zoom(),
            C::HideTemplate => self.toggle_template(),
            C::WidenPane => return self.resize_pane(1),
            C::NarrowPane => return self.resize_pane(-1),
            C::ResetLayout => return self.reset_layout(),
            C::Theme => return self.choose_theme(),
            C::HiddenCharacters => return self.inspect_hidden(),
            C::Payload => return self.inspect_payload(),
            C::Connect => return self.connect(),
            C::Settings => return self.open_settings(None),
            C::Work => return self.list_work(),
            C::StopAll => return self.stop_all(),
            C::SwitchEditorTab => {
                self.show_tab(match self.editor.tab {
                    Tab::Draft => Tab::Prompt,
                    Tab::Prompt => Tab::Draft,
                });
                self.focus_on(Pane::Editor);
            }
            _ => return self.run_in_pane(command),
        }
        Vec::new()
    }

    /// What a command does that belongs to a pane.
    fn run_in_pane(&mut self, command: Command) -> Vec<Effect> {
        use Command as C;
        match command {
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
            | C::EarlierValues
            | C::CompletePath
            | C::NamedBriefs
            | C::FieldInFull
            | C::ResetField
            | C::ClearField
            | C::ResetForm
            | C::ClearForm
            | C::CopyBrief => return self.in_form(command),
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
            // An answer takes the key first: there it quotes.
            C::Quote => return self.resize_pane(1),
            C::Compare => return self.compare(),
            C::Merge => return self.merge(),
            C::Copy => return self.copy(),
            C::Reasoning => return self.unfold_reasoning(),
            C::StatusItem | C::MarkItem | C::OrderList | C::FilterTags => {
                return self.on_list(command);
            }
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
