//! Text lent to another program: a private file in a fresh private folder.
//!
//! The file is read back by name, because an editor may replace it instead of writing into it.
//! The folder goes away with the value, and with it whatever that program left in it.

use super::{StoreError, read};
use std::fs;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// A text on loan; dropping it removes it from the disk.
#[derive(Debug)]
pub struct Scratch {
    /// Dropping it removes the folder.
    folder: TempDir,
    file: PathBuf,
}

/// A folder on loan; dropping it removes it with all that is in it.
#[derive(Debug)]
pub struct Folder(TempDir);

impl Folder {
    /// An empty one that only its owner can look into.
    ///
    /// # Errors
    /// When the folder for temporary files cannot be written to.
    pub fn new() -> Result<Self, StoreError> {
        let at = std::env::temp_dir();
        let folder = private_folder().map_err(|cause| StoreError::write(&at, cause))?;
        Ok(Self(folder))
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        self.0.path()
    }
}

impl Scratch {
    /// Writes `text` where only its owner can read it, as a file named `name`.
    ///
    /// # Errors
    /// When the folder for temporary files cannot be written to.
    pub fn new(name: &str, text: &str) -> Result<Self, StoreError> {
        let at = std::env::temp_dir();
        let folder = private_folder().map_err(|cause| StoreError::write(&at, cause))?;
        let file = folder.path().join(name);
        write_private(&file, text).map_err(|cause| StoreError::write(&file, cause))?;
        Ok(Self { folder, file })
    }

    /// The file to hand over.
    pub fn path(&self) -> &Path {
        &self.file
    }

    /// Leaves the file where it is, for a person to find. Returns where.
    pub fn keep(self) -> PathBuf {
        let _stays = self.folder.keep();
        self.file
    }

    /// What the file of this name holds now, at most `limit` bytes.
    ///
    /// # Errors
    /// When it is gone, no ordinary file, larger than `limit` or no UTF-8.
    pub fn text(&self, limit: u64) -> Result<String, StoreError> {
        read::text(&self.file, limit)
    }
}

/// On Unix the folder is made with mode 0700, so nobody else reaches what is in it.
fn private_folder() -> std::io::Result<TempDir> {
    let mut builder = tempfile::Builder::new();
    builder.prefix("copydesk-");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        builder.permissions(fs::Permissions::from_mode(0o700));
    }
    builder.tempdir()
}

fn write_private(file: &Path, text: &str) -> std::io::Result<()> {
    use std::io::Write;
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    options.open(file)?.write_all(text.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::atomic;

    #[test]
    fn a_replaced_file_is_read_by_its_name() {
        let scratch = Scratch::new("draft.md", "old").unwrap();
        atomic::save(scratch.path(), b"new").unwrap();
        assert_eq!(scratch.text(100).unwrap(), "new");
        assert!(scratch.text(2).is_err(), "the limit holds");
    }

    #[test]
    fn nothing_is_left_behind() {
        let scratch = Scratch::new("draft.md", "text").unwrap();
        let folder = scratch.path().parent().unwrap().to_owned();
        atomic::save(&folder.join(".draft.md.swp"), b"litter").unwrap();
        drop(scratch);
        assert!(!folder.exists());
    }

    #[cfg(unix)]
    #[test]
    fn nobody_else_can_read_it() {
        use std::os::unix::fs::PermissionsExt;
        let scratch = Scratch::new("draft.md", "text").unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(scratch.path()), 0o600);
        assert_eq!(mode(scratch.path().parent().unwrap()), 0o700);
    }
}
