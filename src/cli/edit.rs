//! `copydesk edit FILE`: the studio on any text file, which is saved in its place.
//!
//! What cannot be opened is told before the terminal is taken.

use super::{Outcome, studio};
use crate::app::tour::Beginning;
use crate::store::{Paths, files};
use clap::Args;
use std::path::PathBuf;

/// Which file.
#[derive(Debug, Args)]
pub(super) struct EditArgs {
    /// The file; one that is not there is made when it is saved
    #[arg(value_name = "FILE")]
    file: PathBuf,
}

/// Runs the verb.
pub(super) fn run(paths: Paths, args: &EditArgs, linear: bool) -> Outcome {
    let place = files::place(&paths, &args.file, None).map_err(|error| error.failure())?;
    files::open(&paths, &place).map_err(|error| error.failure())?;
    studio(paths, Beginning::File(place), linear)
}
