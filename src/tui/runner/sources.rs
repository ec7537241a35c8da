//! Sources of templates and items: read for the form, lent to another program, and taken back.

use super::Runner;
use crate::app::deed::Deed;
use crate::app::msg::{Msg, Past, Purpose};
use crate::domain::failure::Failure;
use crate::domain::template::Template;
use crate::store::inbox::Post;
use crate::store::items::Item;
use crate::store::shelf;
use crate::tui::deeds;
use crate::tui::external::Editor;
use crate::tui::journal::Errand;
use std::sync::Arc;
use tokio::task::spawn_blocking;

impl Runner {
    /// Reads a template for what it is wanted for, with what was given to it before.
    pub(super) fn load_template(&mut self, name: String, purpose: Purpose) {
        let errands = self.keeper.handle();
        self.blocking(move |paths| {
            let result = shelf::template(paths, &name).map(Arc::new);
            let past = match (&result, purpose) {
                (Ok(template), Purpose::Form | Purpose::Refine | Purpose::Rival) => {
                    past(&errands, template)
                }
                _ => Past::default(),
            };
            Msg::Template {
                name,
                result: result.map_err(|failure| failure.to_string()),
                purpose,
                past,
            }
        });
    }

    /// The source of an item and its hash, to be edited by another program.
    ///
    /// # Errors
    /// When it cannot be read, or may not be changed.
    pub async fn source(&self, item: Item) -> Result<(String, String), Failure> {
        let paths = self.paths.clone();
        let work = spawn_blocking(move || deeds::source(&paths, &item));
        work.await.unwrap_or_else(|_| Err(deeds::broke_off()))
    }

    /// Writes what another program made of the source of an item.
    pub async fn keep_source(
        &self,
        item: Item,
        source: (String, String),
        edited: Result<String, Failure>,
    ) -> Msg {
        let (paths, deed) = (self.paths.clone(), Deed::EditSource(item.clone()));
        let work = spawn_blocking(move || deeds::keep_source(&paths, &item, source, &edited?));
        let result = work.await.unwrap_or_else(|_| Err(deeds::broke_off()));
        let result = result.map(Box::new);
        Msg::Changed { deed, result }
    }

    /// The person's editor, and the variables it must not see.
    pub fn editor(&self) -> Editor {
        let line = ["VISUAL", "EDITOR"].iter().find_map(|name| {
            std::env::var(name)
                .ok()
                .filter(|line| !line.trim().is_empty())
        });
        Editor {
            line,
            secrets: self.settings.secret_variables(),
        }
    }
}

/// What was given to a template before; nothing if the journal cannot tell.
fn past(errands: &Post<Errand>, template: &Template) -> Past {
    let inputs = template.inputs.iter().map(|input| input.name.clone());
    let (answer, told) = std::sync::mpsc::channel();
    errands.send(Errand::Past(
        template.name.clone(),
        inputs.collect(),
        answer,
    ));
    told.recv().unwrap_or_default()
}
