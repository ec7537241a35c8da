//! How a person arranged the panes, in one small file of the state folder.
//!
//! Losing the file loses sizes and nothing else: whatever is wrong with it, the panes stand as they
//! do in a fresh studio, and `doctor` says why.

use super::{Paths, StoreError, atomic, read};
use serde::{Deserialize, Serialize};
use std::io::{Error, ErrorKind};
use std::path::PathBuf;

/// Largest file in bytes.
const MOST: u64 = 16 * 1024;
/// What stands for the whole width.
pub const WHOLE: u16 = 10_000;

/// Where the person put the borders, as parts of the width in ten thousandths, and what is shown.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Layout {
    /// The Template pane beside two others.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub template: Option<u16>,
    /// The Template pane beside one other.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub template_beside: Option<u16>,
    /// The Editor, of what it shares with the Output pane.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub editor: Option<u16>,
    /// The Template pane is hidden.
    pub hidden: bool,
    /// The focused pane has the whole screen.
    pub zoomed: bool,
}

impl Layout {
    fn is_sound(&self) -> bool {
        let shares = [self.template, self.template_beside, self.editor];
        let sound = |share: &u16| (1..WHOLE).contains(share);
        shares.iter().flatten().all(sound)
    }
}

/// The layout as it was left; that of a fresh studio when there is none.
///
/// # Errors
/// When the file is there and cannot be understood.
pub fn load(paths: &Paths) -> Result<Layout, StoreError> {
    let file = file(paths);
    let text = match read::text(&file, MOST) {
        Ok(text) => text,
        Err(StoreError::Read { cause, .. }) if cause.kind() == ErrorKind::NotFound => {
            return Ok(Layout::default());
        }
        Err(error) => return Err(error),
    };
    let damaged = |why: String| StoreError::read(&file, Error::new(ErrorKind::InvalidData, why));
    let layout: Layout = serde_json::from_str(&text).map_err(|error| damaged(error.to_string()))?;
    if layout.is_sound() {
        Ok(layout)
    } else {
        Err(damaged("a size is no part of the screen".to_owned()))
    }
}

/// Keeps a layout.
///
/// # Errors
/// When the file cannot be written.
pub fn save(paths: &Paths, layout: &Layout) -> Result<(), StoreError> {
    let file = file(paths);
    let failed = |error| StoreError::write(&file, Error::other(error));
    let json = serde_json::to_vec_pretty(layout).map_err(failed)?;
    atomic::save(&file, &json)
}

/// Where it lies.
pub fn file(paths: &Paths) -> PathBuf {
    paths.state.join("layout.json")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_layout_comes_back_and_a_damaged_one_is_told() {
        let home = tempfile::tempdir().unwrap();
        let paths = Paths::below(home.path());
        assert_eq!(load(&paths).unwrap(), Layout::default());
        let layout = Layout {
            template: Some(2_500),
            zoomed: true,
            ..Layout::default()
        };
        save(&paths, &layout).unwrap();
        assert_eq!(load(&paths).unwrap(), layout);
        for damaged in [
            "",
            "[1",
            "{\"template\": 0}",
            "{\"editor\": 70000}",
            "\u{0}",
        ] {
            atomic::save(&file(&paths), damaged.as_bytes()).unwrap();
            assert!(load(&paths).is_err(), "{damaged:?}");
        }
        // What a later version adds does no harm.
        atomic::save(&file(&paths), b"{\"hidden\": true, \"more\": 1}").unwrap();
        assert!(load(&paths).unwrap().hidden);
    }
}
