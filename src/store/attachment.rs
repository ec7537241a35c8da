//! Files that a brief names, as they are now: looked at while their path is typed, read when the
//! prompt is sent. `~/` begins at the person's home. Never writes and never waits on a pipe.

use super::{StoreError, read};
use crate::domain::attachment::{Held, MAX_TEXT, Named, Sight, Wanted, size};
use crate::domain::failure::{Failure, FailureKind};
use crate::domain::image::{Image, MAX_IMAGE, told_by};
use std::io;
use std::path::PathBuf;

/// Bytes that tell what an image is.
const START: usize = 512;

/// What a file is, told in short; or why it cannot be used.
///
/// # Errors
/// A few words, without the path that the person has before them.
pub fn look(named: &Named) -> Result<Sight, String> {
    let path = path_of(named);
    match named.wanted {
        Wanted::Image => {
            let (start, bytes) = read::start(&path, START).map_err(|fault| brief(&fault))?;
            if bytes > MAX_IMAGE {
                return Err(too_large(MAX_IMAGE));
            }
            let kind = told_by(&start)?;
            Ok(Sight::image(kind, bytes))
        }
        Wanted::Text => {
            let text = read::text(&path, MAX_TEXT).map_err(|fault| brief(&fault))?;
            if text.trim().is_empty() {
                return Err("there is no text in it".to_owned());
            }
            Ok(Sight::text(text))
        }
    }
}

/// What a file holds.
///
/// # Errors
/// A usage failure: it cannot be read, is too large, or is not what is wanted.
pub fn load(named: &Named) -> Result<Held, Failure> {
    let path = path_of(named);
    let of_use = |fault: StoreError| Failure {
        kind: FailureKind::Usage,
        ..fault.failure()
    };
    match named.wanted {
        Wanted::Text => {
            let text = read::text(&path, MAX_TEXT).map_err(of_use)?;
            if text.trim().is_empty() {
                let what = format!("{} has no text in it", named.path);
                return Err(Failure::new(FailureKind::Usage, what)
                    .advice("name another file, or leave the input empty"));
            }
            Ok(Held::Text(text.into()))
        }
        Wanted::Image => {
            let bytes = read::bytes(&path, MAX_IMAGE).map_err(of_use)?;
            let image = Image::new(&named.input, bytes);
            image.map(Held::Image).map_err(|why| {
                let (path, input) = (&named.path, &named.input);
                let what = format!("{path} cannot be used for `{input}`");
                Failure::new(FailureKind::Usage, what).why(why)
            })
        }
    }
}

fn path_of(named: &Named) -> PathBuf {
    resolved(&named.path)
}

/// Where a path leads that a person typed: one that begins with `~/` begins at their home.
pub fn resolved(path: &str) -> PathBuf {
    let home = || std::env::var_os("HOME").filter(|home| !home.is_empty());
    match path.strip_prefix("~/") {
        Some(rest) => home().map_or_else(
            || PathBuf::from(path),
            |home| PathBuf::from(home).join(rest),
        ),
        None => PathBuf::from(path),
    }
}

fn too_large(limit: u64) -> String {
    format!("larger than {}, which is too large", size(limit as usize))
}

/// A fault for who has the path before them.
fn brief(fault: &StoreError) -> String {
    match fault {
        StoreError::Read { cause, .. } => match cause.kind() {
            io::ErrorKind::NotFound => "there is no such file".to_owned(),
            io::ErrorKind::NotADirectory => "a part of the path is no folder".to_owned(),
            io::ErrorKind::PermissionDenied => "you may not read it".to_owned(),
            io::ErrorKind::InvalidData => format!("{cause}; convert it to UTF-8 first"),
            _ => cause.to_string(),
        },
        StoreError::NotAFile { kind, .. } => format!("that is a {kind}, not a file"),
        StoreError::TooLarge { limit, .. } => too_large(*limit),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::attachment::Seen;
    use crate::store::atomic;
    use std::path::Path;

    fn named(path: &Path, wanted: Wanted) -> Named {
        Named {
            input: "it".to_owned(),
            path: path.display().to_string(),
            wanted,
        }
    }

    #[test]
    fn a_file_is_told_by_kind_and_size_before_it_is_sent() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a");
        atomic::save(&path, &[&b"GIF89a"[..], &[7; 4_000]].concat()).unwrap();
        let image = named(&path, Wanted::Image);
        assert_eq!(look(&image).unwrap().told, "GIF image, 4.0 kB");
        assert!(matches!(load(&image).unwrap(), Held::Image(it) if it.bytes.len() == 4_006));
        atomic::save(&path, "drei Äpfel\n".as_bytes()).unwrap();
        let text = named(&path, Wanted::Text);
        let seen = look(&text).unwrap();
        assert_eq!(seen.told, "text, 12 bytes");
        assert_eq!(seen.what, Seen::Text("drei Äpfel\n".into()));
        assert!(look(&image).unwrap_err().contains("PNG, JPEG, GIF or WebP"));
    }

    #[test]
    fn whatever_cannot_be_used_is_told_in_a_few_words() {
        let folder = tempfile::tempdir().unwrap();
        let missing = folder.path().join("none");
        let broken = folder.path().join("broken");
        atomic::save(&broken, b"ab\xff").unwrap();
        let blank = folder.path().join("blank");
        atomic::save(&blank, b" \n").unwrap();
        let large = folder.path().join("large");
        let vast = vec![b'x'; MAX_TEXT as usize + 1];
        atomic::save(&large, &vast).unwrap();
        for (path, wanted, says) in [
            (&missing, Wanted::Text, "there is no such file"),
            (&missing, Wanted::Image, "there is no such file"),
            (&missing.join("x"), Wanted::Image, "there is no such file"),
            (&broken.join("x"), Wanted::Image, "no folder"),
            (&folder.path().to_owned(), Wanted::Image, "a folder"),
            (&folder.path().to_owned(), Wanted::Text, "a folder"),
            (&broken, Wanted::Text, "not UTF-8 at byte 2"),
            (&blank, Wanted::Text, "there is no text in it"),
            (&large, Wanted::Text, "larger than 1.0 MB"),
        ] {
            let named = named(path, wanted);
            let told = look(&named).unwrap_err();
            assert!(told.contains(says), "{path:?}: {told}");
            assert_eq!(load(&named).unwrap_err().kind, FailureKind::Usage);
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_pipe_is_refused_without_waiting() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("pipe");
        let made = std::process::Command::new("mkfifo").arg(&path).status();
        assert!(made.unwrap().success());
        for wanted in [Wanted::Image, Wanted::Text] {
            assert_eq!(
                look(&named(&path, wanted)).unwrap_err(),
                "that is a pipe, not a file"
            );
        }
    }
}
