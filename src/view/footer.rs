//! Which keys the status line shows: those of the focused pane that would do something now.
//!
//! Decides what is worth a place and in which order; how it looks is the line's.

use super::status::answers_here;
use crate::app::command::Command;
use crate::app::editor::Tab;
use crate::app::form::Field;
use crate::app::{App, Pane};
use crate::store::files::Kind;

/// The commands worth showing now, at most eight: those that would do something.
pub(super) fn commands(app: &App) -> Vec<Command> {
    use Command as C;
    let here: &[C] = match app.focus {
        Pane::Template if app.form.is_some() => form(app),
        Pane::Template => list(app),
        Pane::Editor if app.is_reviewing() => return review(app),
        Pane::Editor => editor(app),
        Pane::Output => &[C::Generate, C::Save, C::Palette, C::Help, C::Back],
    };
    let running = app.output.is_running() || app.refining_here().is_some() || answers_here(app);
    let works = |command: &C| match command {
        C::Generate => app.form.is_some() || writes_template(app),
        C::NextOption => takes_options(app),
        C::NextProblem => !app.editor.open.problems.spots().is_empty(),
        // What is not saved yet is saved first.
        C::TemplateFromDraft => app.editor.kind() == Kind::Draft && is_saved(app),
        C::Save => has_something_to_save(app),
        C::Refine => app.editor.tab == Tab::Draft && !app.editor.document.is_empty(),
        C::Open => !app.editor.others.is_empty(),
        C::Back => !running && (!app.rests_in_vim() || app.zoomed),
        _ => true,
    };
    let first = running.then_some(C::Back);
    let rest = here.iter().copied().filter(works);
    first.into_iter().chain(rest).collect()
}

/// The keys of a form. Once there is a text, the way to it is worth more than the prompt.
fn form(app: &App) -> &'static [Command] {
    use Command as C;
    if has_text(app) {
        return &[
            C::Generate,
            C::NextField,
            C::NextOption,
            C::NextPane,
            C::Back,
            C::Palette,
            C::SwitchEditorTab,
            C::Help,
        ];
    }
    &[
        C::Generate,
        C::NextField,
        C::NextOption,
        C::SwitchEditorTab,
        C::Back,
        C::Palette,
        C::Help,
    ]
}

/// The keys of the lists.
fn list(app: &App) -> &'static [Command] {
    use Command as C;
    match app.browser.highlighted() {
        _ if app.browser.is_filtering() => &[C::Activate, C::Back, C::Palette, C::Help],
        _ if clears(app) => &[
            C::Activate,
            C::Back,
            C::Filter,
            C::NextTab,
            C::Palette,
            C::Help,
        ],
        None => &[C::NextTab, C::NewItem, C::Help, C::Palette, C::Quit],
        Some(row) if row.shipped => &[
            C::Activate,
            C::Filter,
            C::NextTab,
            C::DuplicateItem,
            C::Help,
            C::Palette,
            C::Quit,
        ],
        Some(_) => &[
            C::Activate,
            C::Filter,
            C::NextTab,
            C::EditSource,
            C::DeleteItem,
            C::Palette,
            C::RenameItem,
            C::Help,
            C::Quit,
        ],
    }
}

/// The keys of the Editor.
fn editor(app: &App) -> &'static [Command] {
    use Command as C;
    if app.is_finding() {
        return &[
            C::NextPlace,
            C::PreviousPlace,
            C::ReplaceLine,
            C::ReplaceAll,
            C::FindPattern,
            C::Back,
        ];
    }
    if writes_template(app) {
        return &[
            C::Generate,
            C::Save,
            C::NextProblem,
            C::Open,
            C::SwitchEditorTab,
            C::Palette,
            C::Help,
            C::Back,
        ];
    }
    &[
        C::Generate,
        C::Save,
        C::Refine,
        C::TemplateFromDraft,
        C::Open,
        C::SwitchEditorTab,
        C::Palette,
        C::Help,
        C::Back,
    ]
}

/// The keys of a review: those that would do something.
fn review(app: &App) -> Vec<Command> {
    use Command as C;
    let job = app.reviewed().map(|(_, job)| job);
    let merges = job.is_some_and(crate::app::refine::Job::is_merge);
    let ready = job.and_then(|job| job.ready());
    let changes = ready.map_or(0, |ready| ready.changes.count());
    let keys: &[C] = match changes {
        0 => &[C::RefineAgain, C::AdjustRefine, C::RejectAll],
        _ => &[
            C::AcceptChange,
            C::RejectChange,
            C::NextChange,
            C::AcceptAll,
            C::RejectAll,
            C::RefineAgain,
            C::AdjustRefine,
        ],
    };
    let asks = |key: &C| matches!(key, C::RefineAgain | C::AdjustRefine);
    let keys = keys.iter().filter(|key| !(merges && asks(key)));
    keys.copied().chain([C::Back]).collect()
}

/// True while the source of a template has the keys.
fn writes_template(app: &App) -> bool {
    app.focus == Pane::Editor && app.editor.tab == Tab::Draft && app.editor.kind() == Kind::Template
}

/// True when there is a text in another pane to go to.
fn has_text(app: &App) -> bool {
    !app.editor.document.is_empty() || app.output.shown().is_some()
}

/// True in a field that is chosen and not written.
fn takes_options(app: &App) -> bool {
    let field = app.form.as_ref().and_then(|form| form.focused());
    field.is_some_and(Field::has_options)
}

/// True when the text shown is in its file.
fn is_saved(app: &App) -> bool {
    app.editor.tab == Tab::Draft
        && app.editor.file.is_some()
        && !app.editor.document.is_empty()
        && !app.editor.has_unsaved_text()
}

/// True when going back clears the filter of the list.
pub(super) fn clears(app: &App) -> bool {
    app.focus == Pane::Template && app.form.is_none() && app.browser.filter.is_some()
}

/// True when saving would write something: an unsaved draft, or a variant while there is none.
fn has_something_to_save(app: &App) -> bool {
    let editor = &app.editor;
    let fresh = editor.document.is_empty() && editor.file.is_none();
    let written = app
        .output
        .shown()
        .is_some_and(|shown| !shown.text.is_empty());
    editor.has_unsaved_text() || (fresh && written)
}
