//! `copydesk draft export`: drafts as Markdown, HTML, plain text, Word documents and emails.
//!
//! One goes to stdout, a file or the clipboard, several into a folder. All or nothing: where one
//! file is in the way, none is written.

use super::Outcome;
use super::outlet::Outlet;
use crate::config::session::{Session, Way};
use crate::config::{Overrides, language};
use crate::domain::failure::{Failure, FailureKind};
use crate::domain::rendition::{self, Format, Sheet};
use crate::store::renditions::{self, Existing};
use crate::store::trash::Before;
use crate::store::{Paths, drafts};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use clap::{Args, ValueEnum};
use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};

/// What a draft becomes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Kind {
    /// Markdown without front matter
    Md,
    /// One page, without scripts
    Html,
    /// Text without marks
    Txt,
    /// For word processors
    Docx,
    /// An email that is not sent yet
    Eml,
}

impl Kind {
    const fn format(self) -> Format {
        match self {
            Self::Md => Format::Markdown,
            Self::Html => Format::Html,
            Self::Txt => Format::Text,
            Self::Docx => Format::Docx,
            Self::Eml => Format::Email,
        }
    }
}

/// Which drafts, as what, and where to.
#[derive(Debug, Args)]
pub(super) struct RenditionArgs {
    /// File names, titles or starts of ids
    #[arg(value_name = "DRAFT", required = true)]
    names: Vec<String>,
    /// What they become; without it, what the name after -o ends in, else md
    #[arg(long = "to", value_name = "FORMAT")]
    kind: Option<Kind>,
    /// The file to write, or the folder; without it, one draft goes to stdout
    #[arg(short, long, value_name = "FILE|DIR")]
    output: Option<PathBuf>,
    /// Copy one draft to the clipboard, as md, html or txt
    #[arg(long, conflicts_with = "output")]
    clipboard: bool,
    /// Write over files that are there; what they held goes to the trash
    #[arg(long, requires = "output")]
    force: bool,
    /// The language of the text, as in de or pt-BR; else that of the locale
    #[arg(long, value_name = "TAG")]
    lang: Option<String>,
}

/// Runs the verb.
pub(super) fn run(paths: &Paths, args: &RenditionArgs, outlet: &Outlet) -> Outcome {
    let format = format(args);
    let made = sheets(paths, args)?;
    if let Some(output) = &args.output {
        return files(paths, args, (output, &made, format), outlet);
    }
    let [(_, sheet)] = made.as_slice() else {
        let what = if args.clipboard {
            "the clipboard takes one draft"
        } else {
            "several drafts need a folder"
        };
        return Err(usage(what, "name it with -o DIR"));
    };
    let bytes = sheet.render(format);
    if args.clipboard {
        if !format.is_text() {
            let what = format!("the clipboard takes no {}", format.ending());
            return Err(usage(&what, "use --to md, html or txt, or -o FILE"));
        }
        copy(paths, &String::from_utf8_lossy(&bytes))?;
    } else if format == Format::Docx && outlet.is_terminal() {
        let what = "a docx file is not for a terminal";
        return Err(usage(what, "name a file with -o FILE"));
    } else if format == Format::Docx || (format == Format::Email && !outlet.is_terminal()) {
        // The one is no text, and the other has line ends of its own.
        outlet.bytes(&bytes)?;
    } else {
        outlet.text(&String::from_utf8_lossy(&bytes))?;
    }
    Ok(0)
}

fn usage(what: &str, advice: &str) -> Failure {
    Failure::new(FailureKind::Usage, what).advice(advice)
}

fn format(args: &RenditionArgs) -> Format {
    let output = args.output.as_deref().and_then(Path::file_name);
    let named = || Format::of_name(&output?.to_string_lossy());
    let asked = args.kind.map(Kind::format);
    asked.or_else(named).unwrap_or_default()
}

/// Each draft that was named, once, with its path.
fn sheets(paths: &Paths, args: &RenditionArgs) -> Result<Vec<(PathBuf, Sheet)>, Failure> {
    let language = match &args.lang {
        None => language(),
        Some(name) => rendition::language(name).ok_or_else(|| {
            let what = format!("`{name}` names no language");
            usage(&what, "write it like de or pt-BR")
        })?,
    };
    let mut made: Vec<(PathBuf, Sheet)> = Vec::new();
    for name in &args.names {
        let path = drafts::find(paths, name).map_err(|error| error.failure())?;
        if made.iter().any(|(known, _)| *known == path) {
            continue;
        }
        let opened = drafts::load(&path).map_err(|error| error.failure())?;
        if let Some(reason) = &opened.read_only {
            Outlet::complain(&format!(
                "copydesk: {}: {reason}; � stands for what is no text",
                path.display()
            ));
        }
        made.push((path, renditions::sheet(paths, &opened, &language)));
    }
    Ok(made)
}

fn files(
    paths: &Paths,
    args: &RenditionArgs,
    (output, made, format): (&Path, &[(PathBuf, Sheet)], Format),
    outlet: &Outlet,
) -> Outcome {
    let spelled = output.as_os_str().as_encoded_bytes();
    let places = if made.len() == 1 && !output.is_dir() && !spelled.ends_with(b"/") {
        vec![output.to_owned()]
    } else {
        let drafts: Vec<&Path> = made.iter().map(|(path, _)| path.as_path()).collect();
        renditions::places(output, &drafts, format)
    };
    let existing = if args.force {
        Existing::Replaced
    } else {
        refuse(&renditions::occupied(&places))?;
        Existing::Stays
    };
    for (place, (_, sheet)) in places.iter().zip(made) {
        let before = renditions::write(paths, place, &sheet.render(format), existing)
            .map_err(|error| error.failure())?;
        match before {
            Before::Nothing => {}
            Before::Kept => Outlet::complain(&format!(
                "copydesk: what {} held is in the trash; `copydesk draft undo` brings it back",
                place.display()
            )),
            Before::Gone(why) => Outlet::complain(&format!(
                "copydesk: what {} held is not kept: {why}",
                place.display()
            )),
        }
        outlet.line(&place.display().to_string())?;
    }
    Ok(0)
}

/// An error where files are in the way.
fn refuse(there: &[&Path]) -> Result<(), Failure> {
    let Some(first) = there.first() else {
        return Ok(());
    };
    let more = match there.len() {
        1 => String::new(),
        count => format!(" and {} more", count - 1),
    };
    let what = format!(
        "{}{more}: there already, so nothing was written",
        first.display()
    );
    Err(usage(
        &what,
        "name another place with -o, or give --force to put it in the trash",
    ))
}

/// Copies by the program of the session, else by the terminal.
fn copy(paths: &Paths, text: &str) -> Result<(), Failure> {
    let settings = super::settings(paths, &Overrides::default());
    let failed = |why: String| {
        Failure::new(FailureKind::Other, "nothing was copied")
            .why(why)
            .advice("leave --clipboard away and take the text from stdout")
    };
    match Session::of_process().way(settings.clipboard) {
        Way::None => Err(failed("`ui.clipboard` is off".to_owned())),
        Way::Program(program) => {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .map_err(|error| failed(error.to_string()))?;
            let secrets = settings.secret_variables();
            runtime
                .block_on(program.copy(text, &secrets))
                .map_err(failed)
        }
        Way::Terminal => {
            let sequence = format!("\x1b]52;c;{}\x1b\\", STANDARD.encode(text));
            let told = if io::stdout().is_terminal() {
                io::stdout().write_all(sequence.as_bytes())
            } else if io::stderr().is_terminal() {
                io::stderr().write_all(sequence.as_bytes())
            } else {
                let why = "there is neither a program for the clipboard nor a terminal";
                return Err(failed(why.to_owned()));
            };
            told.map_err(|error| failed(error.to_string()))
        }
    }
}
