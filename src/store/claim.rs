//! Claims: which draft is open in which studio.
//!
//! A studio holds a kernel lock on a small file named after the draft's real path. The kernel
//! lets go of it however the studio ends. It only tells: nobody is kept from a draft.

use super::lock::{Lock, sweep};
use super::{Paths, StoreError, fingerprint};
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// How long a draft that another studio may have open is tried for.
const PATIENCE: Duration = Duration::from_millis(30);

/// A draft that is open here. Dropping it says that it no longer is.
#[derive(Debug)]
pub struct Claim(#[expect(dead_code, reason = "is held until it is dropped")] Lock);

impl Claim {
    /// Claims a draft; `None` when another studio has it open.
    pub fn take(paths: &Paths, draft: &Path) -> Result<Option<Self>, StoreError> {
        let place = place(paths, draft);
        sweep(&folder(paths));
        let taken = Lock::take(place.clone(), PATIENCE);
        let taken = taken.map_err(|cause| StoreError::write(&place, cause))?;
        Ok(taken.map(Self))
    }
}

/// Where the files of drafts that are open lie.
pub(super) fn folder(paths: &Paths) -> PathBuf {
    paths.state.join("open")
}

fn place(paths: &Paths, draft: &Path) -> PathBuf {
    let real = fs::canonicalize(draft).unwrap_or_else(|_| draft.to_owned());
    let name = fingerprint(real.as_os_str().as_encoded_bytes());
    folder(paths).join(format!("{name}.lock"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs::File;

    fn home() -> (tempfile::TempDir, Paths, PathBuf) {
        let home = tempfile::tempdir().unwrap();
        let paths = Paths::below(home.path());
        let draft = paths.drafts.join("a.md");
        super::super::atomic::save(&draft, b"one").unwrap();
        (home, paths, draft)
    }

    fn left(paths: &Paths) -> usize {
        fs::read_dir(paths.state.join("open")).unwrap().count()
    }

    #[test]
    fn a_draft_is_claimed_once_under_whatever_name() {
        let (_home, paths, draft) = home();
        let claim = Claim::take(&paths, &draft).unwrap();
        assert!(claim.is_some());
        assert!(Claim::take(&paths, &draft).unwrap().is_none());
        let spelled = paths.drafts.join("../drafts/a.md");
        assert!(Claim::take(&paths, &spelled).unwrap().is_none());
        let other = paths.drafts.join("b.md");
        assert!(Claim::take(&paths, &other).unwrap().is_some());
        drop(claim);
        assert_eq!(left(&paths), 0);
        assert!(Claim::take(&paths, &draft).unwrap().is_some());
    }

    #[test]
    fn what_a_killed_studio_left_is_no_claim_and_goes_away() {
        let (_home, paths, draft) = home();
        for path in [draft.clone(), paths.drafts.join("b.md")] {
            let place = place(&paths, &path);
            fs::create_dir_all(place.parent().unwrap()).unwrap();
            File::create(place).unwrap();
        }
        let claim = Claim::take(&paths, &draft).unwrap();
        assert!(claim.is_some());
        assert_eq!(left(&paths), 1);
    }
}
