//! Deeds on items of the library, done: from what was asked for to the message that answers it.

use crate::app::deed::{After, Deed, Done};
use crate::app::msg::Msg;
use crate::domain::failure::{Failure, FailureKind};
use crate::domain::template;
use crate::store::items::{self, Changed, Item};
use crate::store::scratch::Scratch;
use crate::store::trash::{self, Mark};
use crate::store::{Paths, StoreError, drafts, files};
use std::sync::Arc;
use tokio::task::spawn_blocking;

/// Does a deed off the loop's thread.
pub(super) async fn done(paths: Arc<Paths>, deed: Deed) -> Msg {
    let asked = deed.clone();
    let work = spawn_blocking(move || perform(&paths, deed));
    work.await.unwrap_or_else(|_| Msg::Changed {
        deed: asked,
        result: Err(broke_off()),
    })
}

pub(super) fn broke_off() -> Failure {
    Failure::new(FailureKind::Other, "the change of the file broke off")
}

/// Does a deed and answers it. What needs an editor changes nothing here.
pub fn perform(paths: &Paths, deed: Deed) -> Msg {
    let changed = match &deed {
        Deed::Delete(item) => items::delete(paths, item),
        Deed::Rename { item, title } => items::rename(paths, item, title),
        Deed::Duplicate(item) | Deed::MakeOwn(item) => items::duplicate(paths, item),
        Deed::Make { item, title } => items::make(paths, item, &skeleton(item, title)),
        Deed::Write { item, source, .. } => items::make(paths, item, source),
        Deed::Retag { item, tags } => items::retag(paths, item, tags),
        Deed::EditSource(_) => {
            let result = Ok(Box::default());
            return Msg::Changed { deed, result };
        }
        Deed::TakeBack => {
            let result = take_back(paths).map(Box::new);
            let result = result.map_err(|error| error.failure());
            return Msg::Changed { deed, result };
        }
    };
    let result = changed
        .map(|changed| Box::new(told(paths, changed)))
        .map_err(|error| error.failure());
    Msg::Changed { deed, result }
}

/// What a new source begins with.
fn skeleton(item: &Item, title: &str) -> String {
    match item {
        Item::Template(_) => template::skeleton(title),
        Item::Snippet(_) | Item::Draft(_) => {
            "Write plainly: short sentences, common words, no slogans.\n".to_owned()
        }
    }
}

fn told(paths: &Paths, changed: Changed) -> Done {
    Done {
        before: Some(changed.before),
        after: changed.after.and_then(|mark| after(paths, &mark)),
        restored: None,
    }
}

fn take_back(paths: &Paths) -> Result<Done, StoreError> {
    let restored = trash::undo_last(paths)?;
    let became = restored.record.became.clone();
    Ok(Done {
        before: became.filter(|_| restored.became_gone),
        after: after(paths, &restored.now),
        restored: Some(restored),
    })
}

/// An item as it is on disk now.
fn after(paths: &Paths, mark: &Mark) -> Option<After> {
    Some(After {
        item: Item::at(paths, &mark.path)?,
        draft: files::open(paths, &mark.path).ok(),
        beside: false,
    })
}

/// The text of an item as it is copied: a draft without its front matter, and as well as it can be
/// read.
pub fn text_of(paths: &Paths, item: &Item) -> Result<String, Failure> {
    let text = match item {
        Item::Draft(path) => drafts::open(paths, path).map(|opened| opened.draft.body().to_owned()),
        Item::Template(_) | Item::Snippet(_) => items::source(paths, item).map(|(text, _)| text),
    };
    text.map_err(|error| error.failure())
}

/// The source of an item and its hash, to be edited.
pub(super) fn source(paths: &Paths, item: &Item) -> Result<(String, String), Failure> {
    items::source(paths, item).map_err(|error| error.failure())
}

/// Writes what became of a source, beside it if it was changed outside meanwhile.
pub(super) fn keep_source(
    paths: &Paths,
    item: &Item,
    (text, hash): (String, String),
    edited: &str,
) -> Result<Done, Failure> {
    if edited == text {
        return Ok(Done::default());
    }
    match items::rewrite(paths, item, edited, &hash) {
        Ok(changed) => Ok(told(paths, changed)),
        Err(_) => match items::put_beside(paths, item, edited) {
            Ok(mark) => Ok(Done {
                after: after(paths, &mark).map(|after| After {
                    beside: true,
                    ..after
                }),
                ..Done::default()
            }),
            Err(error) => Err(kept(edited, error.failure())),
        },
    }
}

/// A failure that says where the text is.
fn kept(text: &str, failure: Failure) -> Failure {
    match Scratch::new("edited.md", text).map(Scratch::keep) {
        Ok(path) => failure.advice(format!("your text is in {}", path.display())),
        Err(_) => failure,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::atomic;

    fn edit_source(
        paths: &Paths,
        item: &Item,
        edit: impl FnOnce(&str) -> Result<String, Failure>,
    ) -> Result<Done, Failure> {
        let (text, hash) = source(paths, item)?;
        let edited = edit(&text)?;
        keep_source(paths, item, (text, hash), &edited)
    }

    fn home() -> (tempfile::TempDir, Paths, Item) {
        let folder = tempfile::tempdir().unwrap();
        let paths = Paths::below(folder.path());
        let path = paths.snippets.join("voice.md");
        atomic::save(&path, b"calm").unwrap();
        (folder, paths, Item::Snippet("voice".to_owned()))
    }

    fn text(paths: &Paths, name: &str) -> String {
        std::fs::read_to_string(paths.snippets.join(name)).unwrap()
    }

    #[test]
    fn an_edited_source_is_written_and_can_be_taken_back() {
        let (_home, paths, item) = home();
        let done = edit_source(&paths, &item, |text| Ok(format!("{text} and kind"))).unwrap();
        assert!(done.after.is_some_and(|after| !after.beside));
        assert_eq!(text(&paths, "voice.md"), "calm and kind");
        take_back(&paths).unwrap();
        assert_eq!(text(&paths, "voice.md"), "calm");
        let done = edit_source(&paths, &item, |text| Ok(text.to_owned())).unwrap();
        assert!(done.after.is_none() && trash::list(&paths).is_empty());
    }

    #[test]
    fn a_source_changed_outside_meanwhile_costs_neither_text() {
        let (_home, paths, item) = home();
        let done = edit_source(&paths, &item, |_| {
            atomic::save(&paths.snippets.join("voice.md"), b"theirs").unwrap();
            Ok("mine".to_owned())
        });
        assert!(done.unwrap().after.unwrap().beside);
        assert_eq!(text(&paths, "voice.md"), "theirs");
        assert_eq!(text(&paths, "voice-2.md"), "mine");
    }

    #[test]
    fn a_text_that_can_be_written_nowhere_is_kept_and_the_failure_says_where() {
        let (_home, paths, item) = home();
        let failure = edit_source(&paths, &item, |_| {
            std::fs::remove_dir_all(&paths.snippets).unwrap();
            atomic::save(&paths.snippets, b"in the way").unwrap();
            Ok("mine".to_owned())
        })
        .unwrap_err();
        let kept = failure.advice.strip_prefix("your text is in ").unwrap();
        assert_eq!(std::fs::read_to_string(kept).unwrap(), "mine");
        std::fs::remove_dir_all(std::path::Path::new(kept).parent().unwrap()).unwrap();
    }
}
