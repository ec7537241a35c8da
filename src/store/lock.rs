//! Kernel locks on small files, which tell other processes that somebody is at work.
//!
//! The kernel lets go of a lock however its holder ends. A file without a lock was left behind; it
//! is removed only by who holds it meanwhile, and only if it is still the one of its name. So
//! nobody's lock is ever on a file that others cannot see.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// The pause between two tries. Others hold a lock for a blink while they sweep, and for longer
/// only if the machine is busy with something else at that very moment.
const PAUSE: Duration = Duration::from_millis(1);

/// How long somebody who sweeps may take for a holder's lock what is that of another sweep.
const SWEEP: Duration = Duration::from_millis(100);

/// The same for somebody who only looks.
const LOOK: Duration = Duration::from_millis(10);

/// A file that is locked here. Dropping it removes the file.
#[derive(Debug)]
pub(super) struct Lock {
    place: PathBuf,
    /// Holds the lock.
    _held: File,
}

impl Lock {
    /// Makes the file if there is none, and locks it; `None` when somebody else holds it for all
    /// of `patience`.
    pub(super) fn take(place: PathBuf, patience: Duration) -> io::Result<Option<Self>> {
        if let Some(folder) = place.parent() {
            fs::create_dir_all(folder)?;
        }
        let start = Instant::now();
        loop {
            let held = open(OpenOptions::new().create(true), &place)?;
            match held.try_lock() {
                Ok(()) if is_at(&held, &place) => {
                    return Ok(Some(Self { place, _held: held }));
                }
                // Whoever had it removed the file after it was opened here: there is a new one.
                Ok(()) => {}
                // Somebody has it, or looks at this moment whether it was left over.
                Err(TryLockError::WouldBlock) if start.elapsed() < patience => {
                    std::thread::park_timeout(PAUSE);
                }
                Err(TryLockError::WouldBlock) => return Ok(None),
                Err(TryLockError::Error(cause)) => return Err(cause),
            }
        }
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        // Before the lock goes: later it could be the file of another process.
        let _gone = fs::remove_file(&self.place);
    }
}

/// Whether anybody holds a file; `None` when there is none that could be held.
pub(super) fn is_held(place: &Path) -> Option<bool> {
    let file = open(&mut OpenOptions::new(), place).ok()?;
    Some(!within(LOOK, || file.try_lock_shared().is_ok()))
}

/// Removes the file of a lock that nobody holds. True when it is gone, by whomever.
pub(super) fn clear(place: &Path) -> bool {
    let Ok(file) = open(&mut OpenOptions::new(), place) else {
        return true;
    };
    // Alone: of two who clear at once, the slower one would remove the file of whoever came next.
    if !within(SWEEP, || file.try_lock().is_ok()) {
        return false;
    }
    if is_at(&file, place) {
        let _gone = fs::remove_file(place);
    }
    true
}

/// Tries until it is done or the time is over; a sweep holds a lock for a blink.
fn within(patience: Duration, mut done: impl FnMut() -> bool) -> bool {
    let start = Instant::now();
    loop {
        if done() {
            return true;
        }
        if start.elapsed() >= patience {
            return false;
        }
        std::thread::park_timeout(PAUSE);
    }
}

/// Removes what killed processes left in a folder of locks.
pub(super) fn sweep(folder: &Path) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let place = entry.path();
        if place
            .extension()
            .is_some_and(|extension| extension == "lock")
        {
            clear(&place);
        }
    }
}

/// Opens for writing as well, so that no planted pipe can hold us up.
fn open(options: &mut OpenOptions, place: &Path) -> io::Result<File> {
    options.read(true).write(true).truncate(false).open(place)
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
    use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

    const PATIENCE: Duration = Duration::from_secs(10);

    /// Says that something is over, also when the test fails.
    struct Over<'a>(&'a AtomicBool);

    impl Drop for Over<'_> {
        fn drop(&mut self) {
            self.0.store(true, Ordering::Relaxed);
        }
    }

    #[test]
    fn never_do_two_hold_one_lock() {
        let home = tempfile::tempdir().unwrap();
        let place = home.path().join("a.lock");
        let holders = AtomicUsize::new(0);
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    for _ in 0..200 {
                        if let Some(lock) = Lock::take(place.clone(), PATIENCE).unwrap() {
                            assert_eq!(holders.fetch_add(1, Ordering::SeqCst), 0);
                            holders.fetch_sub(1, Ordering::SeqCst);
                            drop(lock);
                        }
                    }
                });
            }
        });
    }

    #[test]
    fn a_sweep_takes_what_was_left_and_nothing_that_is_held() {
        let home = tempfile::tempdir().unwrap();
        let place = |name: &str| home.path().join(name);
        let held = Lock::take(place("held.lock"), PATIENCE).unwrap().unwrap();
        for left in ["left.lock", "other.txt"] {
            File::create(place(left)).unwrap();
        }
        sweep(home.path());
        assert_eq!(is_held(&place("held.lock")), Some(true));
        assert_eq!(is_held(&place("left.lock")), None);
        assert!(place("other.txt").exists());
        drop(held);
        assert_eq!(is_held(&place("held.lock")), None);
    }

    #[test]
    fn whoever_begins_during_a_sweep_is_seen_by_everybody() {
        let home = tempfile::tempdir().unwrap();
        let over = AtomicBool::new(false);
        std::thread::scope(|scope| {
            for _ in 0..2 {
                scope.spawn(|| {
                    while !over.load(Ordering::Relaxed) {
                        sweep(home.path());
                    }
                });
            }
            let _over = Over(&over);
            for number in 0..300 {
                let place = home.path().join(format!("{number}.lock"));
                let lock = Lock::take(place.clone(), PATIENCE).unwrap();
                assert!(lock.is_some(), "{number}");
                // Nobody removes it, and it is the file that is locked.
                assert_eq!(is_held(&place), Some(true), "{number}");
            }
        });
    }
}
