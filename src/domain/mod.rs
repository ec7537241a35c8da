//! Vocabulary and rules: templates, briefs, prompts, runs, drafts and the text in them.
//!
//! Owns every noun that more than one floor needs. Never touches a disk, a socket, a clock or a
//! thread: values come in, values go out.

pub mod ask;
pub mod attachment;
pub mod brief;
pub mod budget;
pub mod cost;
pub mod diff;
pub mod document;
pub mod draft;
pub mod endpoint;
pub mod export;
pub mod failure;
pub mod hidden;
pub mod image;
pub mod import;
pub mod ledger;
pub mod lint;
pub mod models;
pub mod named_brief;
pub mod prompt;
pub mod query;
pub mod refine;
pub mod render;
pub mod rendition;
pub mod run;
pub mod schema;
pub mod seam;
pub mod server;
pub mod shell;
pub mod statistics;
pub mod template;
pub mod text;
pub mod tokens;
mod wording;
