//! Versions of templates that nobody has open in the Editor: what a form is made of, and what
//! another program made of it.
//!
//! What comes with Copydesk has none: an update of the program changes it, and no person.

use super::App;
use super::deed::Done;
use super::effect::{Effect, Keep};
use crate::domain::document::Snapshot;
use crate::domain::template::Template;
use crate::store::journal::Cause;
use crate::store::trash::Why;
use std::path::PathBuf;
use std::sync::Arc;

/// A version of a template as it is used; none of one that comes with Copydesk.
pub(super) fn version(template: &Template) -> Option<Effect> {
    let path = PathBuf::from(&template.file);
    // What comes with Copydesk has a name and no place.
    let own = path.is_absolute();
    let text = template.source_as_it_is()?;
    own.then(|| {
        Effect::Keep(Keep::Version {
            draft: template.file.clone(),
            path: Some(path),
            cause: Cause::OutsideChange,
            text: Snapshot::from(text),
        })
    })
}

impl App {
    /// A version of a template that was read again and is another one than was known.
    pub(super) fn version_if_changed(
        &self,
        name: &str,
        result: &Result<Arc<Template>, String>,
    ) -> Option<Effect> {
        let now = result.as_ref().ok()?;
        let shown = self.browser.preview.as_ref();
        let shown = shown.filter(|(known, _)| known == name);
        let shown = shown.and_then(|(_, template)| template.as_ref().ok());
        let open = self.form.as_ref().map(|form| &form.template);
        let open = open.filter(|open| open.name == name);
        let known = open.or(shown)?;
        (known.hash != now.hash).then(|| version(now)).flatten()
    }
}

/// What goes by the place of a file follows it there.
pub(super) fn moved(done: &Done) -> Option<Effect> {
    let (from, to) = match (&done.before, &done.after, &done.restored) {
        (_, _, Some(restored)) if restored.record.why == Why::Renamed => {
            let became = restored.record.became.as_ref()?;
            (became.path.clone(), restored.now.path.clone())
        }
        (Some(before), Some(after), None) => {
            (before.path.clone(), after.draft.as_ref()?.path.clone())
        }
        _ => return None,
    };
    (from != to).then_some(Effect::Keep(Keep::Moved { from, to }))
}
