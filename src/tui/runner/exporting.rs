//! Exports: what is made of a text, written off the loop's thread.
//!
//! What goes to the clipboard comes back, because the loop copies.

use crate::app::exporting::{Fact, Order};
use crate::config::language;
use crate::domain::rendition::Sheet;
use crate::store::renditions::{self, Existing};
use crate::store::trash::Before;
use crate::store::{Paths, files};

/// Does an export at once.
pub fn done(paths: &Paths, order: Order) -> Fact {
    let sheet = Sheet {
        title: order.title,
        body: order.body,
        language: language(),
        subject: renditions::subject(paths, order.template.as_deref()),
        at: jiff::Zoned::now(),
    };
    let bytes = sheet.render(order.format);
    let Some(named) = order.file else {
        return Fact::Text(String::from_utf8_lossy(&bytes).into_owned());
    };
    let home = std::env::home_dir();
    let path = match files::place(paths, &named, home.as_deref()) {
        Ok(path) => path,
        Err(error) => return Fact::Failed(error.failure()),
    };
    if order.existing == Existing::Stays && path.symlink_metadata().is_ok() {
        return Fact::Occupied(path);
    }
    match renditions::write(paths, &path, &bytes, order.existing) {
        Ok(Before::Nothing) => Fact::Written(path, None),
        Ok(Before::Kept) => Fact::Written(path, Some("what it held is in the trash".to_owned())),
        Ok(Before::Gone(why)) => {
            Fact::Written(path, Some(format!("what it held is not kept: {why}")))
        }
        Err(error) => Fact::Failed(error.failure()),
    }
}
