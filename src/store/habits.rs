//! How often each command was chosen from the palette, in one small file of the state folder.
//!
//! Losing the file loses the order of a list and nothing else.

use super::{Paths, StoreError, atomic, read};
use std::collections::BTreeMap;
use std::io::Error;
use std::path::PathBuf;

/// Largest file in bytes.
const MOST: u64 = 64 * 1024;

/// How often, by name.
pub type Habits = BTreeMap<String, u32>;

/// The habits as they were left; none when the file is not there or cannot be understood.
pub fn load(paths: &Paths) -> Habits {
    let text = read::text(&file(paths), MOST).unwrap_or_default();
    serde_json::from_str(&text).unwrap_or_default()
}

/// Keeps habits.
///
/// # Errors
/// When the file cannot be written.
pub fn save(paths: &Paths, habits: &Habits) -> Result<(), StoreError> {
    let file = file(paths);
    let failed = |error| StoreError::write(&file, Error::other(error));
    let json = serde_json::to_vec_pretty(habits).map_err(failed)?;
    atomic::save(&file, &json)
}

fn file(paths: &Paths) -> PathBuf {
    paths.state.join("palette.json")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_is_read_and_nonsense_is_none() {
        let home = tempfile::tempdir().unwrap();
        let paths = Paths::below(home.path());
        assert!(load(&paths).is_empty());
        let habits = Habits::from([("save".to_owned(), 3)]);
        save(&paths, &habits).unwrap();
        assert_eq!(load(&paths), habits);
        atomic::save(&file(&paths), b"{\"save\": -1}").unwrap();
        assert!(load(&paths).is_empty());
    }
}
