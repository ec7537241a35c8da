//! Reading: bounded, and never waiting on a pipe or a device.

use super::StoreError;
use std::fs::{File, FileType, OpenOptions};
use std::io::{self, Read};
use std::path::Path;

/// The bytes of an ordinary file, which may be reached through links.
pub fn bytes(path: &Path, limit: u64) -> Result<Vec<u8>, StoreError> {
    let opened = open(path).map_err(|cause| StoreError::read(path, cause))?;
    contents(opened, path, limit)
}

/// The first bytes of an ordinary file, and how many it has in all.
pub(super) fn start(path: &Path, most: usize) -> Result<(Vec<u8>, u64), StoreError> {
    let fail = |cause| StoreError::read(path, cause);
    let file = open(path).map_err(fail)?;
    let found = file.metadata().map_err(fail)?;
    if !found.is_file() {
        return Err(StoreError::NotAFile {
            path: path.to_owned(),
            kind: kind_name(found.file_type()),
        });
    }
    let mut bytes = Vec::with_capacity(most);
    let read = file.take(most as u64).read_to_end(&mut bytes);
    read.map_err(fail)?;
    Ok((bytes, found.len()))
}

/// The same of what was opened at `path`, without blocking.
pub(super) fn contents(mut file: File, path: &Path, limit: u64) -> Result<Vec<u8>, StoreError> {
    let fail = |cause| StoreError::read(path, cause);
    let found = file.metadata().map_err(fail)?;
    if !found.is_file() {
        return Err(StoreError::NotAFile {
            path: path.to_owned(),
            kind: kind_name(found.file_type()),
        });
    }
    let mut bytes = Vec::with_capacity(found.len().min(limit) as usize + 1);
    // One byte more than allowed tells a file that is too large from one that fits.
    let mut bounded = file.by_ref().take(limit + 1);
    bounded.read_to_end(&mut bytes).map_err(fail)?;
    if bytes.len() as u64 > limit {
        let path = path.to_owned();
        return Err(StoreError::TooLarge { path, limit });
    }
    Ok(bytes)
}

/// The text of an ordinary file in UTF-8.
pub fn text(path: &Path, limit: u64) -> Result<String, StoreError> {
    String::from_utf8(bytes(path, limit)?).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        let words = format!("not UTF-8 at byte {at}");
        StoreError::read(path, io::Error::new(io::ErrorKind::InvalidData, words))
    })
}

/// The bytes of an ordinary file that is no link.
pub(super) fn unlinked(path: &Path, limit: u64) -> Result<Vec<u8>, StoreError> {
    let opened = open_as(path, Links::Refused).map_err(|cause| StoreError::read(path, cause))?;
    contents(opened, path, limit)
}

/// Whether a link is followed to its file.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Links {
    Followed,
    Refused,
}

/// Opens a file without blocking, should it turn out to be a pipe or a device.
fn open(path: &Path) -> io::Result<File> {
    open_as(path, Links::Followed)
}

#[cfg_attr(
    not(unix),
    expect(unused_variables, reason = "only Unix can refuse a link here")
)]
fn open_as(path: &Path, links: Links) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true);
    #[cfg(unix)]
    {
        use rustix::fs::OFlags;
        use std::os::unix::fs::OpenOptionsExt;
        let mut flags = OFlags::NONBLOCK | OFlags::NOCTTY;
        if links == Links::Refused {
            flags |= OFlags::NOFOLLOW;
        }
        options.custom_flags(flags.bits().cast_signed());
    }
    options.open(path)
}

/// The error for something at `path` that is no ordinary file.
pub(super) fn not_a_file(path: &Path) -> StoreError {
    let found = std::fs::symlink_metadata(path);
    StoreError::NotAFile {
        path: path.to_owned(),
        kind: found.map_or("special file", |found| kind_name(found.file_type())),
    }
}

/// What something that is no ordinary file is called.
pub(super) fn kind_name(kind: FileType) -> &'static str {
    #[cfg(unix)]
    {
        use std::os::unix::fs::FileTypeExt;
        if kind.is_fifo() {
            return "pipe";
        }
        if kind.is_socket() {
            return "socket";
        }
        if kind.is_char_device() || kind.is_block_device() {
            return "device";
        }
    }
    if kind.is_dir() {
        "folder"
    } else if kind.is_symlink() {
        "link"
    } else {
        "special file"
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::atomic;

    #[test]
    fn a_file_beyond_the_limit_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a");
        atomic::save(&path, b"12345").unwrap();
        assert_eq!(text(&path, 5).unwrap(), "12345");
        assert!(matches!(
            text(&path, 4),
            Err(StoreError::TooLarge { limit: 4, .. })
        ));
    }

    #[test]
    fn a_folder_is_no_file_and_bad_bytes_are_located() {
        let folder = tempfile::tempdir().unwrap();
        assert!(matches!(
            bytes(folder.path(), 9),
            Err(StoreError::NotAFile { kind: "folder", .. })
        ));
        let path = folder.path().join("a");
        atomic::save(&path, b"ab\xff").unwrap();
        let error = text(&path, 9).unwrap_err().to_string();
        assert!(error.contains("not UTF-8 at byte 2; convert"), "{error}");
    }

    #[cfg(unix)]
    #[test]
    fn a_pipe_is_refused_without_waiting() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("pipe");
        let made = std::process::Command::new("mkfifo")
            .arg(&path)
            .status()
            .unwrap();
        assert!(made.success());
        assert!(matches!(
            bytes(&path, 9),
            Err(StoreError::NotAFile { kind: "pipe", .. })
        ));
        assert!(matches!(
            atomic::save(&path, b""),
            Err(StoreError::NotAFile { kind: "pipe", .. })
        ));
    }
}
