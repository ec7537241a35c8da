//! The guided tour: five steps on the practice engine, each told with the key to press, each over
//! when the person did it.
//!
//! Looks at the model and never acts for the person. Where its files go is not its business.

use super::dialog::{Answer, Confirm, Dialog};
use super::editor::Tab;
use super::effect::Effect;
use super::output::Variant;
use super::refine::State;
use super::{App, Pane};
use std::path::PathBuf;

/// What a studio begins with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Beginning {
    /// The lists.
    Lists,
    /// A file that was named.
    File(PathBuf),
    /// The tour.
    Tour,
}

/// A step of the tour.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// Open the form of a template.
    #[default]
    Form,
    /// Fill it in and let the text be written.
    Generate,
    /// Make it the draft.
    Use,
    /// Rewrite a part of it, and decide about the changes.
    Refine,
    /// Save it.
    Save,
    /// Done with all of it.
    End,
}

impl Step {
    /// All that a person does.
    pub const ALL: [Self; 5] = [
        Self::Form,
        Self::Generate,
        Self::Use,
        Self::Refine,
        Self::Save,
    ];

    /// What it is called.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Form => "Open a form",
            Self::Generate => "Generate",
            Self::Use => "Use the text",
            Self::Refine => "Refine a part",
            Self::Save => "Save",
            Self::End => "That is all",
        }
    }

    const fn next(self) -> Self {
        match self {
            Self::Form => Self::Generate,
            Self::Generate => Self::Use,
            Self::Use => Self::Refine,
            Self::Refine => Self::Save,
            Self::Save | Self::End => Self::End,
        }
    }
}

/// How far the tour is.
#[derive(Debug, Default)]
pub struct Tour {
    /// The step that is to be done.
    pub step: Step,
    /// A part was rewritten and shown.
    has_reviewed: bool,
}

impl App {
    /// Begins the tour; its cards stand in for the one about the practice engine.
    pub fn begin_tour(&mut self) {
        self.tour = Some(Tour::default());
        self.practice_card = false;
    }

    /// Goes on to the step that is to be done next.
    pub(super) fn follow_tour(&mut self) {
        let Some(step) = self.tour.as_ref().map(|tour| tour.step) else {
            return;
        };
        let reviews = self.reviewed().is_some();
        let rewriting = self.refine_state().is_some();
        let written = |variant: &Variant| !variant.is_running() && !variant.text.is_empty();
        let done = match step {
            Step::Form => self.form.is_some(),
            Step::Generate => self.output.variants.iter().any(written),
            Step::Use => !self.editor.document.is_empty(),
            Step::Refine => {
                let before = self.tour.as_ref().is_some_and(|tour| tour.has_reviewed);
                before && !rewriting
            }
            Step::Save => self.editor.file.is_some() && !self.editor.has_unsaved_text(),
            Step::End => false,
        };
        let Some(tour) = self.tour.as_mut() else {
            return;
        };
        tour.has_reviewed |= reviews;
        if done {
            tour.step = step.next();
        }
    }

    /// What the card of the tour says now.
    pub fn tour_says(&self) -> Option<String> {
        let tour = self.tour.as_ref()?;
        let said = match tour.step {
            Step::Form => self.form_step(),
            Step::Generate => self.generate_step(),
            Step::Use if self.focus == Pane::Output => "The text is there; nothing of it is yours yet. Press {use-variant}: it becomes your draft. A draft that it replaces would be kept as a version.".to_owned(),
            Step::Use => "The text is there. Press alt+3 to go to it, then {use-variant}: it becomes your draft.".to_owned(),
            Step::Refine => self.refine_step(),
            Step::Save => "Press ctrl+s: the draft becomes a Markdown file. Here it goes into a library that is thrown away at the end.".to_owned(),
            Step::End => "You have been through all of it. ctrl+q leaves; what you wrote here goes away. Then `copydesk` opens your own library: F2 there connects a model, F1 explains what is focused, ctrl+p finds every command. docs/TUTORIAL.md goes on.".to_owned(),
        };
        Some(self.keymap.spelled(&said))
    }

    fn form_step(&self) -> String {
        if !self.dialogs.is_empty() {
            return "Press esc to close this box. Then go on with a template.".to_owned();
        }
        if self.focus != Pane::Template {
            return "Press alt+1 to go to the list of templates.".to_owned();
        }
        let highlighted = self.browser.highlighted();
        let named = highlighted.map_or("a template".to_owned(), |row| row.title.clone());
        format!(
            "On the left are templates: prompts with blanks to fill in. Press {{activate}} to open the form of the highlighted one, {named}."
        )
    }

    fn generate_step(&self) -> String {
        if self.output.is_running() {
            return "The text arrives in the Output pane. esc would stop it, and what came would stay.".to_owned();
        }
        if self.form.is_none() {
            return "Press alt+1, then {activate} on a template: its form opens again.".to_owned();
        }
        "Type something into the fields; {next-field} goes to the next one, and only what has a * is needed. Then press ctrl+g: the practice engine writes, offline.".to_owned()
    }

    fn refine_step(&self) -> String {
        if matches!(self.dialogs.last(), Some(Dialog::Refine(_))) {
            return "These are ways to rewrite that paragraph. Press enter to take the highlighted one.".to_owned();
        }
        match self.refine_state() {
            Some(State::Running(..)) => "The paragraph is being rewritten. You could type on meanwhile.".to_owned(),
            Some(State::Review(..)) if self.focus == Pane::Editor => "What would change stands in the text, marked. Press {accept-change} to accept this change, {reject-change} to leave it; {accept-all} accepts all of them, {reject-all} none.".to_owned(),
            Some(State::Failed) => "Nothing came of it. Press ctrl+k and enter to ask again.".to_owned(),
            Some(_) => "Press alt+2, then ctrl+k: the new text waits for you to decide.".to_owned(),
            None if self.focus != Pane::Editor || self.editor.tab != Tab::Draft => {
                "Press alt+2 to go to the draft.".to_owned()
            }
            None => "Type into your draft as you like, ctrl+z takes things back. Then press ctrl+k to have the paragraph at the cursor, or below its heading, rewritten.".to_owned(),
        }
    }

    /// Asks whether the tour is to end.
    pub(super) fn ask_to_leave_tour(&mut self) -> Vec<Effect> {
        self.dialogs.push(Dialog::Confirm(Confirm {
            question: "Leave the tour? What you wrote in it goes away.".to_owned(),
            answers: vec![
                ('l', "leave", Answer::Quit),
                ('c', "go on with the tour", Answer::Cancel),
            ],
        }));
        Vec::new()
    }
}
