//! How values of the domain stand in columns, and how they are read back.
//!
//! Times are milliseconds, ids and enumerations are words, structures are JSON. What a later
//! version wrote inside JSON and this one does not know reads as empty instead of hiding its row.

use crate::domain::brief::{Brief, Value};
use jiff::Timestamp;
use rusqlite::Row;
use rusqlite::types::{ToSqlOutput, ValueRef};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::path::{Path, PathBuf};
use uuid::Uuid;

/// A time of a row.
pub(super) fn time(row: &Row<'_>, column: &str) -> rusqlite::Result<Timestamp> {
    Ok(moment(row.get(column)?))
}

/// A time that may be absent.
pub(super) fn maybe_time(row: &Row<'_>, column: &str) -> rusqlite::Result<Option<Timestamp>> {
    let at: Option<i64> = row.get(column)?;
    Ok(at.map(moment))
}

/// Milliseconds since the epoch as a time; the epoch itself for what no calendar holds.
fn moment(millis: i64) -> Timestamp {
    Timestamp::from_millisecond(millis).unwrap_or(Timestamp::UNIX_EPOCH)
}

/// A size or a count of a row.
pub(super) fn count(row: &Row<'_>, column: &str) -> rusqlite::Result<u64> {
    let number: i64 = row.get(column)?;
    Ok(u64::try_from(number).unwrap_or(0))
}

/// A size or a count for a row.
pub(super) fn number(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// A length for a row.
pub(super) fn length(bytes: usize) -> i64 {
    number(bytes as u64)
}

/// An id of a row; the nil one where a failing disk left something else.
pub(super) fn id(row: &Row<'_>, column: &str) -> rusqlite::Result<Uuid> {
    Ok(text(row, column)?.parse().unwrap_or_default())
}

/// A text of a row. Bytes that are no UTF-8, which only a failing disk can leave, are replaced,
/// so that they do not hide the rest of it.
pub(super) fn text(row: &Row<'_>, column: &str) -> rusqlite::Result<String> {
    Ok(maybe_text(row, column)?.unwrap_or_default())
}

/// A text that may be absent.
pub(super) fn maybe_text(row: &Row<'_>, column: &str) -> rusqlite::Result<Option<String>> {
    Ok(match row.get_ref(column)? {
        ValueRef::Text(bytes) | ValueRef::Blob(bytes) => {
            Some(String::from_utf8_lossy(bytes).into_owned())
        }
        _ => None,
    })
}

/// A structure as JSON.
pub(super) fn json<T: Serialize>(value: &T) -> String {
    // No type of ours can fail here: keys are text, and numbers that are none become null.
    serde_json::to_string(value).unwrap_or_default()
}

/// A structure of a row, or its default where this version cannot read it.
pub(super) fn from_json<T: DeserializeOwned + Default>(
    row: &Row<'_>,
    column: &str,
) -> rusqlite::Result<T> {
    Ok(maybe_text(row, column)?
        .and_then(|text| serde_json::from_str(&text).ok())
        .unwrap_or_default())
}

/// A value that JSON can hold: a number that is none becomes its word.
pub(super) fn plain(value: &Value) -> Value {
    match value {
        Value::Number(number) if !number.is_finite() => Value::Text(number.to_string()),
        other => other.clone(),
    }
}

/// A brief as JSON.
pub(super) fn brief(brief: &Brief) -> String {
    let plain: Brief = brief
        .iter()
        .map(|(name, value)| (name, plain(value)))
        .collect();
    json(&plain)
}

/// A path for a row: as text where it is text, byte for byte otherwise.
pub(super) fn path(path: &Path) -> ToSqlOutput<'_> {
    ToSqlOutput::Borrowed(match path.to_str() {
        Some(text) => ValueRef::Text(text.as_bytes()),
        #[cfg(unix)]
        None => {
            use std::os::unix::ffi::OsStrExt;
            ValueRef::Blob(path.as_os_str().as_bytes())
        }
        #[cfg(not(unix))]
        None => ValueRef::Null,
    })
}

/// A path of a row.
pub(super) fn path_of(row: &Row<'_>, column: &str) -> rusqlite::Result<Option<PathBuf>> {
    let (ValueRef::Text(bytes) | ValueRef::Blob(bytes)) = row.get_ref(column)? else {
        return Ok(None);
    };
    #[cfg(unix)]
    {
        use std::os::unix::ffi::OsStrExt;
        Ok(Some(PathBuf::from(std::ffi::OsStr::from_bytes(bytes))))
    }
    #[cfg(not(unix))]
    Ok(std::str::from_utf8(bytes).ok().map(PathBuf::from))
}
