//! Lists of models as servers told them, one small file for each in the cache folder.
//!
//! Losing one costs a question to its server and nothing else, so whatever is wrong with it, there
//! is none.

use super::{Paths, StoreError, atomic, fingerprint, read};
use crate::domain::models::Catalog;
use std::path::PathBuf;

/// Largest file of a list in bytes.
const MAX_LIST: u64 = 16 * 1024 * 1024;

/// The list of the server with this base URL, if it was ever told.
pub fn load(paths: &Paths, server: &str) -> Option<Catalog> {
    let text = read::text(&file(paths, server), MAX_LIST).ok()?;
    let catalog: Catalog = serde_json::from_str(&text).ok()?;
    (catalog.server == server).then_some(catalog)
}

/// Keeps a list.
pub fn save(paths: &Paths, catalog: &Catalog) -> Result<(), StoreError> {
    let file = file(paths, &catalog.server);
    let failed = |error| StoreError::write(&file, std::io::Error::other(error));
    let json = serde_json::to_vec(catalog).map_err(failed)?;
    atomic::save(&file, &json)
}

fn file(paths: &Paths, server: &str) -> PathBuf {
    let name: String = fingerprint(server.as_bytes())
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .take(16)
        .collect();
    paths.cache.join(format!("models-{name}.json"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::models::Listing;
    use jiff::Timestamp;
    use std::ffi::OsString;

    #[test]
    fn a_list_is_kept_for_its_own_server_and_a_damaged_one_is_none() {
        let home = tempfile::tempdir().unwrap();
        let root = OsString::from(home.path());
        let lookup = |name: &str| (name == "COPYDESK_HOME").then(|| root.clone());
        let paths = Paths::resolve(&lookup, None).unwrap();
        let catalog = Catalog {
            server: "https://api.example".to_owned(),
            at: Timestamp::UNIX_EPOCH,
            listings: vec![Listing {
                id: "m\u{1b}[2J".to_owned(),
                context: Some(1),
                ..Listing::default()
            }],
        };
        assert_eq!(load(&paths, &catalog.server), None);
        save(&paths, &catalog).unwrap();
        assert_eq!(load(&paths, &catalog.server), Some(catalog.clone()));
        assert_eq!(load(&paths, "https://other.example"), None);
        // A file of another server under this name is not believed.
        let text = read::text(&file(&paths, &catalog.server), MAX_LIST).unwrap();
        let foreign = text.replace("api.example", "evil.example");
        atomic::save(&file(&paths, &catalog.server), foreign.as_bytes()).unwrap();
        assert_eq!(load(&paths, &catalog.server), None);
        atomic::save(&file(&paths, &catalog.server), b"[1").unwrap();
        assert_eq!(load(&paths, &catalog.server), None);
    }
}
