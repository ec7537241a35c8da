//! The command line: the studio when no verb is given, the same work headless otherwise.
//!
//! stdout is content only; everything else goes to stderr. Nothing here asks a question.

mod author;
pub mod breakdown;
mod brief;
mod check;
mod complete;
mod config;
mod doctor;
mod draft;
mod edit;
mod export;
mod import;
mod interruption;
mod looks;
mod man;
mod models;
mod outlet;
mod practice;
mod receive;
mod record;
mod renditions;
mod report;
mod run;
mod search;
mod spending;
mod template;
mod tour;
mod trash;
mod usage;
mod versions;

use crate::app::tour::Beginning;
use crate::config::theme::Depth;
use crate::config::{Overrides, Settings, variable};
use crate::domain::failure::{Failure, FailureKind};
use crate::store::{Paths, shelf};
use crate::tui::start;
use clap::{CommandFactory, Parser, Subcommand};
use outlet::Outlet;
use std::io::IsTerminal;
use std::path::PathBuf;
use std::process::ExitCode;

/// What stands below the list of commands.
const AFTER_HELP: &str = "\
Without a command the studio opens.

Exit codes: 0 done, 1 a file or the system, 2 wrong use, 3 network, 4 refused by the API,
5 rate limit or quota, 6 partial text (kept), 7 over budget, 129 hung up, 130 interrupted,
143 terminated.";

/// A content studio for the terminal: templates, a form, a streaming model, drafts as plain files.
#[derive(Debug, Parser)]
#[command(
    name = "copydesk",
    version,
    about,
    after_help = AFTER_HELP
)]
struct Cli {
    /// Use the library in this folder (templates, snippets, drafts)
    #[arg(long, global = true, value_name = "DIR")]
    library: Option<PathBuf>,
    /// Draw the studio for a screen reader: one pane, no borders, words for signs
    #[arg(long)]
    linear: bool,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Render a template, send it, print the answer
    Run(run::RunArgs),
    /// Five guided steps on the practice engine; nothing of yours is touched
    Tour,
    /// Open the studio on any text file, saved in its place
    Edit(edit::EditArgs),
    /// List, show, write, check and import templates
    #[command(subcommand)]
    Template(template::TemplateCommand),
    /// List, show, search and export drafts, go back to a version, take changes back
    #[command(subcommand)]
    Draft(draft::DraftCommand),
    /// List the models of a provider: window, prices, abilities, last day
    Models(models::ModelsArgs),
    /// Add up what runs used and cost
    Usage(usage::UsageArgs),
    /// Look at everything that can be wrong, and say what mends it
    Doctor(doctor::DoctorArgs),
    /// Serve the practice engine on loopback until interrupted
    Practice(practice::PracticeArgs),
    /// Where settings live, what they are, and what is wrong with them
    #[command(subcommand)]
    Config(config::ConfigCommand),
    /// Print completions for a shell: commands, flags, and the names in your library
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
    /// Print the names that the last of these words can be; completions ask for them
    Complete(complete::CompleteArgs),
    /// Print a manual page, or write all of them into a folder
    Man(man::ManArgs),
}

/// The command line as the parser knows it, for whoever writes about it.
pub fn command() -> clap::Command {
    Cli::command()
}

/// How a command ended, when it was not an error: its exit code.
type Outcome = Result<u8, Failure>;

/// Runs the command line of this process.
pub fn main() -> ExitCode {
    leave_no_core();
    let outlet = Outlet::of_process();
    let ended = match Cli::try_parse() {
        Ok(cli) => dispatch(cli, &outlet),
        Err(told) => unparsed(&told, &outlet),
    };
    let failure = match ended {
        Ok(code) => return ExitCode::from(code),
        Err(failure) => failure,
    };
    let told = wants_json() && outlet.bytes(report::failed(&failure).as_bytes()).is_ok();
    if !told {
        Outlet::complain(&format!("copydesk: {failure}"));
    }
    ExitCode::from(failure.kind.exit_code())
}

/// A crash must not write keys and prompts to a disk. Whoever debugs can raise the limit again.
fn leave_no_core() {
    #[cfg(unix)]
    {
        use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
        let none = Rlimit {
            current: Some(0),
            ..getrlimit(Resource::Core)
        };
        // To lower a limit is allowed to everybody.
        let _lowered = setrlimit(Resource::Core, none);
    }
}

/// What follows arguments that name no command: help and the version are content, wrong use is
/// explained at length to a person and in one object to a script.
fn unparsed(told: &clap::Error, outlet: &Outlet) -> Outcome {
    if !told.use_stderr() {
        let text = told.render();
        let styled = outlet.is_terminal() && !no_colour();
        let text = if styled {
            text.ansi().to_string()
        } else {
            text.to_string()
        };
        outlet.bytes(text.as_bytes())?;
        return Ok(0);
    }
    let text = told.render().to_string();
    if !wants_json() {
        Outlet::complain(text.trim_end());
        return Ok(FailureKind::Usage.exit_code());
    }
    let first = text.lines().next().unwrap_or_default();
    let what = first.strip_prefix("error: ").unwrap_or(first);
    Err(Failure::new(FailureKind::Usage, what).advice("`copydesk help` lists every command"))
}

/// Whether a script reads the answer. Asked of the bare arguments, because a command line that
/// cannot be parsed has no flags.
fn wants_json() -> bool {
    let mut flags = std::env::args_os().skip(1).take_while(|arg| arg != "--");
    flags.any(|arg| arg == "--json")
}

fn no_colour() -> bool {
    std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty())
}

fn dispatch(cli: Cli, outlet: &Outlet) -> Outcome {
    let paths = Paths::resolve(&|name| std::env::var_os(name), cli.library.as_deref())
        .map_err(|error| error.failure())?;
    breakdown::guard(paths.state.clone());
    match cli.command {
        None => studio(paths, Beginning::Lists, cli.linear),
        Some(Command::Tour) => tour::run(&paths, cli.linear),
        Some(Command::Edit(args)) => edit::run(paths, &args, cli.linear),
        Some(Command::Run(args)) => run::run(&paths, &args, outlet),
        Some(Command::Template(command)) => template::run(paths, command, outlet, cli.linear),
        Some(Command::Draft(command)) => draft::run(&paths, command, outlet),
        Some(Command::Models(args)) => models::run(&paths, &args, outlet),
        Some(Command::Usage(args)) => usage::run(&paths, &args, outlet),
        Some(Command::Doctor(args)) => doctor::run(&paths, &args, outlet),
        Some(Command::Practice(args)) => practice::run(&args, outlet),
        Some(Command::Config(command)) => config::run(&paths, &command, outlet),
        Some(Command::Completions { shell }) => complete::script(Cli::command(), shell, outlet),
        Some(Command::Complete(args)) => complete::names(Cli::command(), paths, &args, outlet),
        Some(Command::Man(args)) => man::run(Cli::command(), &args, outlet),
    }
}

/// An error where there is no terminal for the studio.
fn needs_terminal() -> Result<(), Failure> {
    let dumb = std::env::var("TERM").is_ok_and(|term| term == "dumb");
    if dumb || !std::io::stdin().is_terminal() || !std::io::stdout().is_terminal() {
        return Err(Failure::new(FailureKind::Usage, "the studio needs a terminal")
            .advice("use `copydesk run TEMPLATE -i key=value` in scripts; `copydesk help` lists every command"));
    }
    Ok(())
}

fn studio(paths: Paths, beginning: Beginning, linear: bool) -> Outcome {
    needs_terminal()?;
    let mut settings = settings(&paths, &Overrides::default());
    if linear {
        settings.appearance.insist_on_linear();
    }
    opened(paths, settings, beginning)
}

/// The studio with these settings, until the person leaves.
fn opened(paths: Paths, settings: Settings, beginning: Beginning) -> Outcome {
    let exit = start(paths, (settings, Depth::of(&variable)), beginning).map_err(|error| {
        Failure::new(FailureKind::Other, "the terminal could not be used").why(error.to_string())
    })?;
    Ok(exit.code())
}

/// Settings for this process. A config file that cannot be read may say where to send.
fn settings(paths: &Paths, over: &Overrides) -> Settings {
    let shown = paths.config_file.display().to_string();
    let resolve = |file| Settings::resolve(file, &variable, over);
    match shelf::config(paths) {
        Ok(text) => resolve(text.as_deref().map(|text| (shown.as_str(), text))),
        Err(failure) => resolve(None).blocked(Failure {
            kind: FailureKind::Usage,
            ..failure
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }
}
