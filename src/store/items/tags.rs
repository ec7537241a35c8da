//! Changing the tags of a draft or template.

use super::{Changed, Item, Own, Paths, StoreError, front_matter_changed};

/// Writes the tags of a draft or template, and nothing else in its file.
pub fn retag(paths: &Paths, item: &Item, tags: &[String]) -> Result<Changed, StoreError> {
    with_tags(paths, item, |_| tags.to_vec())
}

/// Writes the tags that `change` makes of those that there are.
fn with_tags(
    paths: &Paths,
    item: &Item,
    change: impl FnOnce(&[String]) -> Vec<String>,
) -> Result<Changed, StoreError> {
    if let Item::Snippet(name) = item {
        return Err(StoreError::NoTags { name: name.clone() });
    }
    let own = Own::open(paths, item)?;
    front_matter_changed(paths, (item, &own), |text| {
        let tags = change(text.tags());
        text.set_tags(&tags)
    })
}

/// Adds tags to a draft or template, and takes those away that begin with a minus.
pub fn adjust_tags(paths: &Paths, item: &Item, tags: &[String]) -> Result<Changed, StoreError> {
    with_tags(paths, item, |known| {
        let mut all = known.to_vec();
        for tag in tags {
            let gone = tag.strip_prefix('-').map(str::trim);
            all.retain(|known| Some(known.as_str()) != gone && known != tag);
            if gone.is_none() {
                all.push(tag.clone());
            }
        }
        all
    })
}
