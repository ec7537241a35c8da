//! The one way to write a file: whole or not at all.
//!
//! A temporary file in the same folder, created exclusively, is written, synced and then trades
//! names with the old one; the folder is synced before anyone is told "saved". What was traded
//! away is looked at before it goes, and traded back if it is not what was to be replaced or if
//! the folder cannot be synced. So a failure at any step leaves the old file whole and no litter.
//! Never writes into an existing file.

mod moved;

pub use moved::{move_new, remove};

use super::folder::{Entry, Folder, Rights, parent_of};
use super::{StoreError, fingerprint, read, within};
use std::ffi::{OsStr, OsString};
use std::fs;
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Links that a chain may have before it counts as a circle, as in the kernel.
const MAX_LINKS: usize = 40;
/// Numbers that [`create_new`] puts behind a name.
const MAX_NAMES: usize = 1_000_000;

/// How temporary files are called, with an id in between.
const PREFIX: &str = ".copydesk-";
const SUFFIX: &str = ".tmp";
/// How long a save waits for another one in the same folder, which is a matter of milliseconds.
const PATIENCE: Duration = Duration::from_secs(3);

/// What a save may replace.
#[derive(Debug, Clone, Copy)]
pub(super) enum Over<'a> {
    /// Whatever is there.
    Anything,
    /// Nothing, or a file of this content hash and at most this many bytes.
    Only(&'a str, u64),
}

/// Replaces or creates the file at `path`, which may be a chain of links to it.
///
/// Keeps the permissions of an old file; a new one is readable by its owner only. Missing folders
/// are made.
pub fn save(path: &Path, bytes: &[u8]) -> Result<(), StoreError> {
    save_over(path, bytes, Over::Anything)
}

/// The same if what is there may be replaced.
pub(super) fn save_over(path: &Path, bytes: &[u8], over: Over<'_>) -> Result<(), StoreError> {
    let fail = |cause| StoreError::write(path, cause);
    let target = resolved(path).map_err(fail)?;
    let folder = Folder::open_or_make(parent_of(&target)).map_err(fail)?;
    Place::new(folder, &target).map_err(fail)?.put(bytes, over)
}

/// The same for a file inside `library`, if what is there may be replaced. A link that leads out
/// is an error, whenever it was planted.
pub(super) fn save_within(
    library: &Path,
    path: &Path,
    bytes: &[u8],
    over: Over<'_>,
) -> Result<(), StoreError> {
    let fail = |cause| StoreError::write(path, cause);
    let target = resolved(path).map_err(fail)?;
    let folder = within::folder(library, parent_of(&target))?;
    Place::new(folder, &target).map_err(fail)?.put(bytes, over)
}

/// Creates `stem.extension` in a folder of `library`, or `stem-2.extension` and so on where that
/// exists, also when several processes do so at once. Returns where.
pub(super) fn create_new(
    library: &Path,
    folder: &Path,
    (stem, extension): (&str, &str),
    bytes: &[u8],
) -> Result<PathBuf, StoreError> {
    let name_of = |number: usize| match number {
        1 => format!("{stem}.{extension}"),
        _ => format!("{stem}-{number}.{extension}"),
    };
    let first = folder.join(name_of(1));
    let fail = |cause| StoreError::write(&first, cause);
    let open = within::folder(library, folder)?;
    if open.claim(Duration::ZERO) {
        sweep(&open);
    }
    open.share(PATIENCE);
    let mut temporary = Temporary::written(&open, bytes, None).map_err(fail)?;
    for number in first_free(&open, &name_of).map_err(fail)?..=MAX_NAMES {
        let name = name_of(number);
        match temporary.become_new(OsStr::new(&name)) {
            Ok(()) => return Ok(folder.join(name)),
            // Another process took it in between.
            Err(cause) if cause.kind() == ErrorKind::AlreadyExists => {}
            Err(cause) => return Err(fail(cause)),
        }
    }
    Err(fail(ErrorKind::AlreadyExists.into()))
}

/// Removes what killed processes left. Nobody else is writing here: the folder is ours alone.
fn sweep(folder: &Folder) {
    for name in folder.names().into_iter().filter(|name| is_temporary(name)) {
        // What cannot be removed today can be tomorrow.
        let _gone = folder.remove(&name);
    }
}

/// Whether a name is one that saves give to temporary files.
pub(super) fn is_temporary(name: &OsStr) -> bool {
    let name = name.as_encoded_bytes();
    name.starts_with(PREFIX.as_bytes()) && name.ends_with(SUFFIX.as_bytes())
}

/// A number from which on names are free, found without trying them all.
fn first_free(folder: &Folder, name_of: &dyn Fn(usize) -> String) -> io::Result<usize> {
    let taken =
        |number| -> io::Result<bool> { Ok(folder.look(OsStr::new(&name_of(number)))?.is_some()) };
    let (mut below, mut free) = (0, 1);
    while taken(free)? && free < MAX_NAMES {
        (below, free) = (free, free * 2);
    }
    while free - below > 1 {
        let middle = below.midpoint(free);
        if taken(middle)? {
            below = middle;
        } else {
            free = middle;
        }
    }
    Ok(free)
}

/// Where a chain of links ends; the end need not exist.
pub(super) fn resolved(path: &Path) -> io::Result<PathBuf> {
    let mut at = path.to_owned();
    for _ in 0..MAX_LINKS {
        match fs::symlink_metadata(&at) {
            Ok(found) if found.is_symlink() => at = parent_of(&at).join(fs::read_link(&at)?),
            _ => return Ok(at),
        }
    }
    Err(io::Error::other("too many links, or links in a circle"))
}

/// One name in an open folder.
struct Place<'p> {
    folder: Folder,
    name: &'p OsStr,
    /// The same as a path, for messages.
    path: &'p Path,
}

impl<'p> Place<'p> {
    fn new(folder: Folder, path: &'p Path) -> io::Result<Self> {
        let is_folder = path.as_os_str().as_encoded_bytes().ends_with(b"/");
        let name = path.file_name().filter(|_| !is_folder);
        let name = name.ok_or_else(|| io::Error::other("it names no file"))?;
        Ok(Self { folder, name, path })
    }

    fn put(&self, bytes: &[u8], over: Over<'_>) -> Result<(), StoreError> {
        let fail = |cause| StoreError::write(self.path, cause);
        let old = match self.folder.look(self.name).map_err(fail)? {
            Some(Entry::File(rights)) => Some(rights),
            Some(Entry::Other) => return Err(read::not_a_file(self.path)),
            None => None,
        };
        // Held until the folder is closed, which the kernel sees to even if we are killed.
        if self.folder.claim(PATIENCE) {
            sweep(&self.folder);
        }
        // Nobody else should see a new version of a file that is then taken back.
        if old.is_some() {
            self.agree(self.name, over)?;
        }
        let existed = old.is_some();
        let temporary = Temporary::written(&self.folder, bytes, old).map_err(fail)?;
        if !existed {
            return self.settle(temporary, over);
        }
        match self.folder.exchange(&temporary.name, self.name) {
            Ok(()) => self.keep_or_undo(temporary, bytes, over),
            Err(cause) if cause.kind() == ErrorKind::NotFound => self.settle(temporary, over),
            Err(cause) if cause.kind() == ErrorKind::Unsupported => {
                temporary.become_this(self.name).map_err(fail)
            }
            Err(cause) => Err(fail(cause)),
        }
    }

    /// Puts the new file where there is none.
    fn settle(&self, mut temporary: Temporary<'_>, over: Over<'_>) -> Result<(), StoreError> {
        let fail = |cause| StoreError::write(self.path, cause);
        match (temporary.become_new(self.name), over) {
            (Err(cause), Over::Anything) if cause.kind() == ErrorKind::AlreadyExists => {
                temporary.become_this(self.name).map_err(fail)
            }
            (Err(cause), Over::Only(..)) if cause.kind() == ErrorKind::AlreadyExists => {
                Err(self.changed())
            }
            (done, _) => done.map_err(fail),
        }
    }

    /// The new file has the name, the old one the temporary name: ends that in one way or the other.
    fn keep_or_undo(
        &self,
        temporary: Temporary<'_>,
        bytes: &[u8],
        over: Over<'_>,
    ) -> Result<(), StoreError> {
        let kept = self.agree(&temporary.name, over).and_then(|()| {
            let synced = self.folder.sync();
            synced.map_err(|cause| StoreError::write(self.path, cause))
        });
        if kept.is_err() {
            self.undo(temporary, bytes);
        }
        kept
    }

    /// Gives the old file its name back.
    fn undo(&self, mut temporary: Temporary<'_>, bytes: &[u8]) {
        if self.folder.exchange(&temporary.name, self.name).is_err() {
            // The name is gone, or nothing works any more. Then what lies under the temporary
            // name may be the only copy of somebody's work.
            if temporary.become_new(self.name).is_err() {
                temporary.leave();
            }
            return;
        }
        let ours = Over::Only(&fingerprint(bytes), bytes.len() as u64);
        if self.agree(&temporary.name, ours).is_err() {
            // Another program has written once more in between: its newest version stays.
            let _kept = self.folder.exchange(&temporary.name, self.name);
        }
    }

    /// Whether the file of a name is one that may be replaced.
    fn agree(&self, name: &OsStr, over: Over<'_>) -> Result<(), StoreError> {
        let Over::Only(hash, limit) = over else {
            return Ok(());
        };
        let read = match self.folder.read(name) {
            Err(cause) if cause.kind() == ErrorKind::NotFound => return Ok(()),
            opened => opened.map_err(|cause| StoreError::read(self.path, cause)),
        };
        match read.and_then(|file| read::contents(file, self.path, limit)) {
            Ok(bytes) if fingerprint(&bytes) == hash => Ok(()),
            Ok(_) | Err(StoreError::TooLarge { .. }) => Err(self.changed()),
            Err(error) => Err(error),
        }
    }

    fn changed(&self) -> StoreError {
        StoreError::ChangedOutside {
            path: self.path.to_owned(),
        }
    }
}

/// A synced file under a name of its own; dropping it removes whatever has that name.
struct Temporary<'f> {
    folder: &'f Folder,
    name: OsString,
    remains: bool,
}

impl<'f> Temporary<'f> {
    /// A private file, or one with the rights of the file it is to replace.
    fn written(folder: &'f Folder, bytes: &[u8], rights: Option<Rights>) -> io::Result<Self> {
        let name = format!("{PREFIX}{}{SUFFIX}", uuid::Uuid::now_v7().simple());
        let name = OsString::from(name);
        let mut file = folder.create(&name)?;
        let temporary = Self {
            folder,
            name,
            remains: false,
        };
        file.write_all(bytes)?;
        if let Some(rights) = rights {
            Folder::grant(&file, rights)?;
        }
        file.sync_all()?;
        Ok(temporary)
    }

    /// Takes the place of whatever has a name.
    fn become_this(mut self, name: &OsStr) -> io::Result<()> {
        self.folder.rename(&self.name, name)?;
        self.remains = true;
        self.folder.sync()
    }

    /// Takes a name that nothing has. It can be tried again with another one.
    fn become_new(&mut self, name: &OsStr) -> io::Result<()> {
        self.folder.rename_new(&self.name, name)?;
        let synced = self.folder.sync();
        if synced.is_err() {
            // What nobody was told to be saved must not turn up as a second copy later.
            name.clone_into(&mut self.name);
        } else {
            self.remains = true;
        }
        synced
    }

    /// Leaves what has the temporary name, under one that is never swept.
    fn leave(mut self) {
        let mut kept = self.name.clone();
        kept.push(".kept");
        let _same = self.folder.rename_new(&self.name, &kept);
        self.remains = true;
    }
}

impl Drop for Temporary<'_> {
    fn drop(&mut self) {
        if !self.remains && self.folder.remove(&self.name).is_err() {
            // Once more: a second try costs nothing, litter does.
            let _gone = self.folder.remove(&self.name);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    fn names(folder: &Path) -> BTreeSet<String> {
        fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect()
    }

    #[test]
    fn a_save_makes_folders_and_leaves_nothing_else() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("a/b/c.md");
        save(&path, b"one").unwrap();
        save(&path, b"two").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"two");
        assert_eq!(names(path.parent().unwrap()), ["c.md".to_owned()].into());
    }

    #[cfg(unix)]
    #[test]
    fn a_new_file_is_private_and_an_old_mode_is_kept() {
        use std::os::unix::fs::PermissionsExt;
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("a");
        let mode = || fs::metadata(&path).unwrap().permissions().mode() & 0o777;
        save(&path, b"one").unwrap();
        assert_eq!(mode(), 0o600);
        fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
        save(&path, b"two").unwrap();
        assert_eq!(mode(), 0o644);
    }

    #[cfg(unix)]
    #[test]
    fn a_link_stays_a_link_and_its_end_is_written() {
        use std::os::unix::fs::symlink;
        let home = tempfile::tempdir().unwrap();
        let (first, second) = (home.path().join("first"), home.path().join("second"));
        symlink("second", &first).unwrap();
        symlink(home.path().join("end"), &second).unwrap();
        save(&first, b"x").unwrap();
        assert!(first.is_symlink() && second.is_symlink());
        assert_eq!(fs::read(home.path().join("end")).unwrap(), b"x");
    }

    #[cfg(unix)]
    #[test]
    fn links_in_a_circle_are_an_error() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("a");
        std::os::unix::fs::symlink("a", &path).unwrap();
        assert!(
            save(&path, b"x")
                .unwrap_err()
                .to_string()
                .contains("circle")
        );
    }

    #[test]
    fn a_folder_is_refused() {
        let home = tempfile::tempdir().unwrap();
        let error = save(home.path(), b"x").unwrap_err().to_string();
        assert!(
            error.ends_with("it is a folder; choose an ordinary file"),
            "{error}"
        );
    }

    #[test]
    fn a_failed_save_names_path_cause_and_advice() {
        let home = tempfile::tempdir().unwrap();
        let file = home.path().join("file");
        save(&file, b"x").unwrap();
        let path = file.join("below.md");
        let error = save(&path, b"y").unwrap_err();
        let text = error.to_string();
        assert!(text.contains(&*path.to_string_lossy()), "{text}");
        assert!(
            text.ends_with("check the path") || text.ends_with("try again"),
            "{text}"
        );
        assert_eq!(names(home.path()), ["file".to_owned()].into());
        assert_eq!(fs::read(&file).unwrap(), b"x");
    }

    fn create(folder: &Path, bytes: &[u8]) -> Result<PathBuf, StoreError> {
        create_new(folder, folder, ("name", "md"), bytes)
    }

    #[test]
    fn new_files_never_overwrite_also_in_parallel() {
        let home = tempfile::tempdir().unwrap();
        let folder = home.path();
        std::thread::scope(|scope| {
            for worker in 0..8_u8 {
                scope.spawn(move || {
                    for _ in 0..4 {
                        create(folder, &[worker]).unwrap();
                    }
                });
            }
        });
        let expected = (2..=32)
            .map(|n| format!("name-{n}.md"))
            .chain(["name.md".into()]);
        assert_eq!(names(folder), expected.collect());
        for worker in 0..8_u8 {
            let mine = names(folder)
                .iter()
                .filter(|name| fs::read(folder.join(name)).unwrap() == [worker])
                .count();
            assert_eq!(mine, 4);
        }
    }

    #[test]
    fn a_reader_sees_only_whole_files() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("a");
        save(&path, &vec![b'a'; 100_000]).unwrap();
        std::thread::scope(|scope| {
            let writer = scope.spawn(|| {
                for byte in [b'b', b'c', b'd', b'e'].repeat(5) {
                    save(&path, &vec![byte; 100_000]).unwrap();
                }
            });
            while !writer.is_finished() {
                let seen = fs::read(&path).unwrap();
                assert_eq!(seen.len(), 100_000);
                assert!(seen.iter().all(|byte| *byte == seen[0]));
            }
        });
    }
}
