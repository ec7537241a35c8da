//! `copydesk man`: manual pages, made from the parser of the command line.

use super::Outcome;
use super::outlet::Outlet;
use crate::domain::failure::{Failure, FailureKind};
use crate::store::foreign;
use clap::{Args, Command};
use std::path::{Path, PathBuf};

/// Which page, or where to all of them.
#[derive(Debug, Args)]
pub(super) struct ManArgs {
    /// The command it is about: `template import`; without one, all of Copydesk
    #[arg(value_name = "COMMAND")]
    command: Vec<String>,
    /// Write a page for each command into this folder, which must not have them yet
    #[arg(long, value_name = "DIR", conflicts_with = "command")]
    dir: Option<PathBuf>,
}

/// Prints a page, or writes all of them.
pub(super) fn run(mut root: Command, args: &ManArgs, outlet: &Outlet) -> Outcome {
    root = root.disable_help_subcommand(true);
    root.build();
    if let Some(dir) = &args.dir {
        write(&root, dir, outlet)?;
        return Ok(0);
    }
    let mut command = &root;
    for word in &args.command {
        command = command.find_subcommand(word).ok_or_else(|| {
            let what = format!("there is no command `{}`", args.command.join(" "));
            Failure::new(FailureKind::Usage, what).advice("`copydesk help` lists every command")
        })?;
    }
    outlet.bytes(&page(command)?)?;
    Ok(0)
}

/// The page of a command in the language of `man`.
fn page(command: &Command) -> Result<Vec<u8>, Failure> {
    let name = command
        .get_display_name()
        .unwrap_or(command.get_name())
        .to_owned();
    let mut text = Vec::new();
    let page = clap_mangen::Man::new(command.clone()).title(name);
    page.render(&mut text).map_err(|error| {
        Failure::new(FailureKind::Other, "the page could not be made").why(error.to_string())
    })?;
    Ok(text)
}

fn write(command: &Command, dir: &Path, outlet: &Outlet) -> Result<(), Failure> {
    let name = command.get_display_name().unwrap_or(command.get_name());
    let path = dir.join(format!("{name}.1"));
    foreign::give(&path, &page(command)?)?;
    outlet.line(&path.display().to_string())?;
    command
        .get_subcommands()
        .try_for_each(|inner| write(inner, dir, outlet))
}
