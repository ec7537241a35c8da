//! Stars: which items a person wants on top, in one small file of the state folder.
//!
//! Losing the file loses an order and nothing else, so whatever is wrong with it, it is empty.

use super::items::Item;
use super::{Paths, StoreError, atomic, read};
use std::collections::BTreeSet;
use std::path::PathBuf;

/// Largest file of stars in bytes.
const MAX_STARS: u64 = 1024 * 1024;

/// Whether an item has a star.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Star {
    /// It has one.
    On,
    /// It has none.
    Off,
}

/// Every item with a star.
pub fn load(paths: &Paths) -> BTreeSet<Item> {
    let keys = keys(paths);
    keys.iter().filter_map(|key| item(paths, key)).collect()
}

/// Gives an item a star, or takes it.
pub fn set(paths: &Paths, wanted: &Item, star: Star) -> Result<(), StoreError> {
    let Some(key) = key(paths, wanted) else {
        return Ok(());
    };
    let mut keys = keys(paths);
    let changed = match star {
        Star::On => keys.insert(key),
        Star::Off => keys.remove(&key),
    };
    if !changed {
        return Ok(());
    }
    let file = file(paths);
    let failed = |error| StoreError::write(&file, std::io::Error::other(error));
    let json = serde_json::to_vec_pretty(&keys).map_err(failed)?;
    atomic::save(&file, &json)
}

fn file(paths: &Paths) -> PathBuf {
    paths.state.join("stars.json")
}

fn keys(paths: &Paths) -> BTreeSet<String> {
    let text = read::text(&file(paths), MAX_STARS).unwrap_or_default();
    serde_json::from_str(&text).unwrap_or_default()
}

/// `draft/2026-11-23-why`: the same wherever the library lies.
fn key(paths: &Paths, item: &Item) -> Option<String> {
    Some(match item {
        Item::Template(name) => format!("template/{name}"),
        Item::Snippet(name) => format!("snippet/{name}"),
        Item::Draft(path) => format!("draft/{}", path.strip_prefix(&paths.drafts).ok()?.to_str()?),
    })
}

fn item(paths: &Paths, key: &str) -> Option<Item> {
    let (kind, name) = key.split_once('/')?;
    Some(match kind {
        "template" => Item::Template(name.to_owned()),
        "snippet" => Item::Snippet(name.to_owned()),
        "draft" => Item::Draft(paths.drafts.join(name)),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stars_are_kept_and_a_damaged_file_has_none() {
        let home = tempfile::tempdir().unwrap();
        let paths = Paths::below(home.path());
        let items = [
            Item::Template("acme/mail".into()),
            Item::Draft(paths.drafts.join("2026-11-23-why.md")),
            Item::Snippet("voice".into()),
        ];
        assert!(load(&paths).is_empty());
        for item in &items {
            set(&paths, item, Star::On).unwrap();
        }
        assert_eq!(load(&paths), items.iter().cloned().collect());
        set(&paths, &items[1], Star::Off).unwrap();
        assert_eq!(load(&paths).len(), 2);
        let text = read::text(&file(&paths), 999).unwrap();
        assert!(!text.contains(home.path().to_str().unwrap()), "{text}");
        atomic::save(&file(&paths), b"[1").unwrap();
        assert!(load(&paths).is_empty());
    }
}
