//! Errands about briefs under a name.

use crate::app::form::named::{Deed, Errand, Fact};
use crate::app::msg::Msg;
use crate::store::{Paths, briefs};

/// Does an errand, and tells which briefs there are then.
pub fn done(paths: &Paths, errand: Errand) -> Msg {
    let template = &errand.template;
    let result = match &errand.deed {
        Deed::List => Ok(None),
        Deed::Keep(title, values) => briefs::save(paths, template, title, values).map(Some),
        Deed::Rename { name, title } => briefs::rename(paths, template, name, title).map(Some),
        Deed::Delete(name) => briefs::delete(paths, template, name).map(|()| None),
    };
    Msg::Briefs(Fact {
        all: briefs::list(paths, template),
        result: result.map_err(|error| error.failure()),
        errand,
    })
}
