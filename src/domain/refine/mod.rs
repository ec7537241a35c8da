//! Rewriting a part of a draft: where the part is, what a model's answer to it is worth, and the
//! changes between the two.
//!
//! Pure rules over texts. Never asks a model, never changes a document, and knows nothing of how a
//! change is shown or of who decides about it.

mod anchor;
mod answer;
mod changes;
mod passage;
mod place;

pub use anchor::Anchor;
pub use answer::{Wrapping, bare, continued};
pub use changes::Changes;
pub use passage::{Around, around, paragraph, trimmed};
pub use place::Place;

/// The folder of the library's templates that rewrite a part, as it begins their names.
pub const FOLDER: &str = "refine/";
