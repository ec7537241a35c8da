//! What becomes of a key in the front box.
//!
//! Only routes what the box made of it; each outcome has a room of its own.

use crate::app::dialog::{Dialog, Outcome};
use crate::app::effect::{Ask, Effect, Selection, Wanted};
use crate::app::key::Key;
use crate::app::payload::Copied;
use crate::app::{App, Weight};

impl App {
    /// A key for the front box.
    pub(super) fn on_dialog_key(&mut self, key: Key) -> Vec<Effect> {
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
            Outcome::Merge(side) => {
                self.dialogs.pop();
                return self.merge_into(side);
            }
            Outcome::Chosen(command) => {
                self.dialogs.pop();
                return self.run_chosen(command);
            }
            Outcome::Set(change) => return Self::set(change),
            Outcome::TakeBack => return self.take_setting_back(),
            Outcome::Setting(place) => return self.go_to_setting(place),
            Outcome::Bind(name, key) => return self.bind(name, key),
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
            Outcome::GoToSaid(said, typed) => {
                self.dialogs.pop();
                return self.go_to_said(*said, typed);
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
            Outcome::Earlier(wish) => return self.on_earlier(wish),
            Outcome::Paths(wish) => return self.on_paths_wish(wish),
            Outcome::Named(wish) => return self.on_named_wish(wish),
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
            Outcome::Export => return self.export(),
            Outcome::Theme(name) => return self.take_theme(name),
            Outcome::InspectOther(by) => return self.inspect_other(by),
            Outcome::Making(wish) => return self.on_making(wish),
            Outcome::Rival(rival) => return self.on_rival(rival),
            Outcome::Lacking(given) => return self.on_lacking(given),
            Outcome::Say(text) => return self.tell(Weight::Note, text),
        }
        Vec::new()
    }
}
