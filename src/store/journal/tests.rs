//! The journal as the rest of the program sees it: everything through its public calls, on real
//! files in a temporary folder. Damage and crashes are made by hand on those files.

mod buffers;
mod damage;
mod killing;
mod opening;
mod parts;
mod retention;
mod runs;
mod said;
mod sharing;
mod unused;
mod values;
mod versions;

use super::*;
use crate::domain::brief::{Brief, Value};
use crate::domain::prompt::{Example, Params, Prompt, Request};
use crate::domain::run::{FinishReason, RunId, Usage};
use jiff::Timestamp;
use std::fs;
use std::path::PathBuf;
use tempfile::TempDir;
use uuid::Uuid;

/// A folder for one journal.
struct Desk {
    home: TempDir,
}

impl Desk {
    fn new() -> Self {
        let home = tempfile::tempdir().unwrap();
        Self { home }
    }

    /// Opened so that a write does not wait for the disk, which many of them would.
    fn open_for_many(&self) -> Journal {
        let journal = self.open();
        let off = journal.db.pragma_update(None, "synchronous", "OFF");
        off.unwrap();
        journal
    }

    fn path(&self) -> PathBuf {
        self.home.path().join("data/journal.db")
    }

    fn folder(&self) -> PathBuf {
        self.home.path().join("data")
    }

    /// Opens a journal that needs nothing set aside.
    fn open(&self) -> Journal {
        let opened = Journal::open(&self.path()).unwrap();
        assert_eq!(opened.set_aside, None);
        opened.journal
    }

    /// Opens one that must be replaced.
    fn replace(&self) -> (Journal, SetAside) {
        let opened = Journal::open(&self.path()).unwrap();
        (opened.journal, opened.set_aside.expect("it was damaged"))
    }

    /// The files as a kill would leave them: copied while the journal is open.
    fn killed(&self) -> Self {
        let copy = Self::new();
        fs::create_dir(copy.folder()).unwrap();
        for entry in fs::read_dir(self.folder()).unwrap() {
            let entry = entry.unwrap();
            fs::copy(entry.path(), copy.folder().join(entry.file_name())).unwrap();
        }
        copy
    }

    /// Names in the folder.
    fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(self.folder()).unwrap();
        let mut names: Vec<String> = entries
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }
}

fn at(millis: i64) -> Timestamp {
    Timestamp::from_millisecond(1_763_900_000_000 + millis).unwrap()
}

fn run_id(number: u128) -> RunId {
    RunId(Uuid::from_u128(number))
}

fn session(number: u128) -> SessionId {
    SessionId(Uuid::from_u128(number))
}

fn brief() -> Brief {
    [
        ("topic", Value::Text("nul \0, quote \" and 😀".into())),
        ("words", Value::Number(800.0)),
        ("formal", Value::Toggle(true)),
    ]
    .into_iter()
    .collect()
}

fn record(number: u128) -> RunRecord {
    RunRecord {
        id: run_id(number),
        session: session(1),
        at: at(i64::try_from(number).unwrap()),
        purpose: Purpose::Generate,
        continues: None,
        together: None,
        draft: Some("a-draft".into()),
        template: Some("blog-post".into()),
        template_hash: Some("ab".repeat(32)),
        brief: brief(),
        provider: "practice".into(),
        origin: Some("http://127.0.0.1:1".into()),
        request: Request {
            model: "small".into(),
            prompt: Prompt {
                system: Some("Write.".into()),
                examples: vec![Example {
                    user: "a".into(),
                    assistant: "b\0".into(),
                }],
                user: "About\r\nterminals".into(),
                params: Params {
                    temperature: Some(0.7),
                    max_output_tokens: Some(900),
                    ..Params::default()
                },
                ..Prompt::default()
            },
        },
    }
}

fn outcome(millis: i64) -> Outcome {
    Outcome {
        at: at(millis),
        ending: Ending::Finished(FinishReason::Stop),
        usage: Some(Usage {
            input: 10,
            output: 20,
            cached: 3,
            reasoning: 4,
            ..Usage::default()
        }),
        model: Some("small-2026".into()),
        cost: Some(0.25),
    }
}

fn buffer(number: u128, text: &str) -> Buffer {
    Buffer {
        id: BufferId(Uuid::from_u128(number)),
        session: session(1),
        path: Some("/drafts/a.md".into()),
        base: Some("cd".repeat(32)),
        provenance: None,
        template: Some("blog-post".into()),
        title: "A title".into(),
        cursor: text.len() as u64,
        at: at(0),
        text: text.into(),
    }
}

fn checkpoint(text: &str, millis: i64) -> Checkpoint<'_> {
    Checkpoint {
        key: "a-draft",
        path: None,
        at: at(millis),
        cause: Cause::Save,
        text,
    }
}
