//! Claims: which draft is open in which studio.
//!
//! A studio holds a kernel lock on a small file named after the draft's real path. The kernel
//! lets go of it however the studio ends. It only tells: nobody is kept from a draft.

use super::{Paths, StoreError, fingerprint};
use std::fs::{self, File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};

/// How often a file may be removed by its last holder while it is being claimed.
const TRIES: usize = 16;

/// A draft that is open here. Dropping it says that it no longer is.
#[derive(Debug)]
pub struct Claim {
    place: PathBuf,
    /// Holds the lock.
    _held: File,
}

impl Claim {
    /// Claims a draft; `None` when another studio has it open.
    pub fn take(paths: &Paths, draft: &Path) -> Result<Option<Self>, StoreError> {
        let place = place(paths, draft);
        let fail = |cause| StoreError::write(&place, cause);
        if let Some(folder) = place.parent() {
            fs::create_dir_all(folder).map_err(fail)?;
            sweep(folder);
        }
        for _ in 0..TRIES {
            let held = open(&place).map_err(fail)?;
            match held.try_lock() {
                Ok(()) if is_at(&held, &place) => {
                    return Ok(Some(Self { place, _held: held }));
                }
                // Whoever had it removed the file after it was opened here: there is a new one.
                // Or another studio looks at this moment whether it was left over.
                Ok(()) | Err(TryLockError::WouldBlock) => std::thread::yield_now(),
                Err(TryLockError::Error(cause)) => return Err(fail(cause)),
            }
        }
        Ok(None)
    }
}

impl Drop for Claim {
    fn drop(&mut self) {
        // Before the lock goes: later it could be the file of another studio.
        let _gone = fs::remove_file(&self.place);
    }
}

fn place(paths: &Paths, draft: &Path) -> PathBuf {
    let real = fs::canonicalize(draft).unwrap_or_else(|_| draft.to_owned());
    let name = fingerprint(real.as_os_str().as_encoded_bytes());
    paths.state.join("open").join(format!("{name}.lock"))
}

/// Opens the file that is locked. For writing as well, so that no planted pipe can hold us up.
fn open(place: &Path) -> std::io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    options.open(place)
}

/// Removes what killed studios left. A file that is locked is in use.
fn sweep(folder: &Path) {
    let left = fs::read_dir(folder).into_iter().flatten().flatten();
    for place in left.map(|entry| entry.path()) {
        let opened = OpenOptions::new().read(true).write(true).open(&place);
        if let Ok(file) = opened
            && file.try_lock().is_ok()
            && is_at(&file, &place)
        {
            // While it is locked, nobody else can have claimed it.
            let _gone = fs::remove_file(&place);
        }
    }
}

/// Whether an open file is still the one of that name.
#[cfg(unix)]
fn is_at(file: &File, place: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let of = |found: fs::Metadata| (found.dev(), found.ino());
    match (file.metadata(), fs::symlink_metadata(place)) {
        (Ok(open), Ok(named)) => of(open) == of(named),
        _ => false,
    }
}

#[cfg(not(unix))]
fn is_at(_: &File, place: &Path) -> bool {
    place.exists()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::ffi::OsString;
    use std::sync::atomic::{AtomicUsize, Ordering};

    fn home() -> (tempfile::TempDir, Paths, PathBuf) {
        let home = tempfile::tempdir().unwrap();
        let root = OsString::from(home.path());
        let lookup = |name: &str| (name == "COPYDESK_HOME").then(|| root.clone());
        let paths = Paths::resolve(&lookup, None).unwrap();
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

    #[test]
    fn never_do_two_hold_one_draft() {
        let (_home, paths, draft) = home();
        let holders = AtomicUsize::new(0);
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    for _ in 0..200 {
                        if let Some(claim) = Claim::take(&paths, &draft).unwrap() {
                            assert_eq!(holders.fetch_add(1, Ordering::SeqCst), 0);
                            holders.fetch_sub(1, Ordering::SeqCst);
                            drop(claim);
                        }
                    }
                });
            }
        });
    }
}
