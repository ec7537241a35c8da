//! `copydesk template import`: prompts of other tools as templates of the library.
//!
//! Without `--write` nothing is written. Never runs, fetches or opens anything but the files that
//! were named, and never writes over a template.

use super::Outcome;
use super::outlet::Outlet;
use super::report::Problem;
use crate::domain::failure::{Failure, FailureKind};
use crate::domain::import::{self, Descriptions, Format, Given, Guess, Hints, Imported};
use crate::domain::text::Printable;
use crate::store::foreign::{self, Found, Gathered, Kept, Taken};
use crate::store::{Paths, StoreError};
use clap::Args;
use clap::builder::PossibleValuesParser;
use serde_json::{Value, json};
use std::fmt::Write as _;
use std::path::PathBuf;

/// The file in which fabric says what its patterns are for.
const DESCRIPTIONS: &str = "pattern_descriptions.json";

/// What is taken over, and how.
#[derive(Debug, Args)]
pub(super) struct ImportArgs {
    /// Files and folders with prompts of other tools
    #[arg(value_name = "SOURCE", required = true)]
    sources: Vec<PathBuf>,
    /// Write the templates into the library; one whose name is taken gets a number behind it
    #[arg(long)]
    write: bool,
    /// Which tool the files are from, where nothing in them tells
    #[arg(long, value_name = "FORMAT", value_parser = PossibleValuesParser::new(Format::names()))]
    format: Option<String>,
    /// The name of the template, when there is only one; it must not be taken
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
    /// A name in braces that is text and no variable; can be repeated
    #[arg(long, value_name = "NAME")]
    literal: Vec<String>,
    /// Print a JSON object
    #[arg(long)]
    json: bool,
}

/// Runs the verb.
pub(super) fn run(paths: &Paths, args: &ImportArgs, outlet: &Outlet) -> Outcome {
    let mut sources = Vec::new();
    for source in &args.sources {
        sources.push((source, foreign::gather(source)?));
    }
    let mut work = Work {
        paths,
        format: args.format.as_deref().and_then(Format::named),
        write: args.write,
        named: None,
        taken: Taken::of(paths),
        report: Report::default(),
    };
    if let Some(name) = &args.name {
        work.named = Some(work.only_name(&sources, (name, &args.literal))?);
    }
    let ended = sources.iter().try_for_each(|(source, gathered)| {
        let shown = source.display().to_string();
        work.source(&shown, gathered, &args.literal)
    });
    // What was written before a disk was full is told all the same.
    let report = work.report;
    let failure = ended.err();
    if args.json {
        outlet.json(&report.json(args.write, failure.as_ref()))?;
        return Ok(failure.map_or_else(|| report.code(), |failure| failure.kind.exit_code()));
    }
    outlet.bytes(report.text.as_bytes())?;
    Outlet::complain(&report.summary(args.write));
    failure.map_or_else(|| Ok(report.code()), Err)
}

/// What goes on while files are read.
struct Work<'w> {
    paths: &'w Paths,
    format: Option<Format>,
    write: bool,
    /// The name that was asked for.
    named: Option<String>,
    taken: Taken,
    report: Report,
}

impl Work<'_> {
    /// The name that was asked for, if there is one prompt to have it.
    fn only_name(
        &self,
        sources: &[(&PathBuf, Gathered)],
        (name, literal): (&str, &[String]),
    ) -> Result<String, Failure> {
        foreign::callable(self.paths, name)?;
        if self.taken.has(name) {
            let (kind, name) = ("template", name.to_owned());
            return Err(StoreError::Taken { kind, name }.failure());
        }
        let mut found = 0;
        for (_, gathered) in sources {
            let hints = hints(gathered, literal);
            for file in &gathered.files {
                let read = self.read(file, gathered, &hints);
                found += read.map_or(0, |read| read.iter().flatten().count());
            }
        }
        if found != 1 {
            let what = format!("--name {name:?} is for one template, and there are {found}");
            return Err(
                Failure::new(FailureKind::Usage, what).advice("leave it out, or name one file")
            );
        }
        Ok(name.to_owned())
    }

    fn source(
        &mut self,
        shown: &str,
        gathered: &Gathered,
        literal: &[String],
    ) -> Result<(), Failure> {
        let hints = hints(gathered, literal);
        let from = |name: &str| {
            if gathered.single {
                shown.to_owned()
            } else {
                format!("{}/{name}", shown.trim_end_matches('/'))
            }
        };
        for (name, why) in &gathered.passed {
            self.report.passed(&from(name), why);
        }
        for file in &gathered.files {
            let from = from(&file.name);
            let read = match self.read(file, gathered, &hints) {
                Ok(read) => read,
                Err(Unread::Beside(why)) if gathered.single => {
                    self.report.unclear += 1;
                    self.report.refused(&from, why);
                    continue;
                }
                Err(Unread::Beside(why)) => {
                    self.report.passed(&from, why);
                    continue;
                }
                Err(Unread::Broken(why)) => {
                    self.report.refused(&from, &why);
                    continue;
                }
            };
            for one in read {
                match one {
                    Ok(imported) => self.keep(&from, &imported)?,
                    Err(refused) => self.report.refused(&at(&from, &refused.at), &refused.why),
                }
            }
        }
        Ok(())
    }

    /// The prompts of a file.
    fn read(
        &self,
        file: &Found,
        gathered: &Gathered,
        hints: &Hints,
    ) -> Result<Vec<Result<Imported, import::Refused>>, Unread> {
        let last = file.name.rsplit('/').next().unwrap_or_default();
        if let Some(format) = self.format.filter(|_| !gathered.single)
            && !format.reads(last)
        {
            return Err(Unread::Beside("not a file of this format"));
        }
        let text = file.text().map_err(Unread::Broken)?;
        let format = match self.format {
            Some(format) => format,
            None => match import::guess(&file.name, &text) {
                Guess::Is(format) => format,
                Guess::Beside(why) => return Err(Unread::Beside(why)),
                Guess::Broken(why) => return Err(Unread::Broken(why)),
                Guess::Unknown => {
                    return Err(Unread::Beside(
                        "nothing tells which tool it is from; say so with --format",
                    ));
                }
            },
        };
        let given = Given {
            path: &file.name,
            root: &gathered.root,
            text: &text,
            hints,
        };
        Ok(import::read(format, &given))
    }

    /// Keeps a template, or says what it would be.
    fn keep(&mut self, from: &str, imported: &Imported) -> Result<(), Failure> {
        let name = self.named.as_deref().unwrap_or(&imported.name);
        let kept = self.taken.choose(self.paths, name, &imported.source);
        let from = at(from, &imported.at);
        let (name, path) = match kept {
            Kept::Already(name) => {
                self.report
                    .row(&from, imported, (&name, "already there", None));
                return Ok(());
            }
            Kept::New(name) if self.write => {
                let path = foreign::keep(self.paths, &name, &imported.source)?;
                // Another process may have taken the name meanwhile.
                let stem = path.file_stem().unwrap_or_default().to_string_lossy();
                let name = match name.rsplit_once('/') {
                    Some((folder, _)) => format!("{folder}/{stem}"),
                    None => stem.into_owned(),
                };
                (name, Some(path.display().to_string()))
            }
            Kept::New(name) => (name, None),
        };
        let status = if self.write { "written" } else { "new" };
        self.report.row(&from, imported, (&name, status, path));
        Ok(())
    }
}

/// Why a file gives no prompts.
enum Unread {
    /// It is none.
    Beside(&'static str),
    /// Something is wrong with it.
    Broken(String),
}

fn at(from: &str, at: &str) -> String {
    if at.is_empty() {
        from.to_owned()
    } else {
        format!("{from}, {at}")
    }
}

fn hints(gathered: &Gathered, literal: &[String]) -> Hints {
    let told = |file: &&Found| file.name.rsplit('/').next() == Some(DESCRIPTIONS);
    let text = gathered
        .files
        .iter()
        .find(told)
        .and_then(|file| file.text().ok());
    Hints {
        literal: literal.to_vec(),
        descriptions: Descriptions::read(&text.unwrap_or_default()),
    }
}

/// What was found, for a person and for a script.
#[derive(Default)]
struct Report {
    text: String,
    templates: Vec<Value>,
    refused: Vec<Value>,
    passed: Vec<Value>,
    already: usize,
    /// Files that were named and give no prompt whatever is in them.
    unclear: usize,
}

impl Report {
    fn row(
        &mut self,
        from: &str,
        imported: &Imported,
        (name, status, path): (&str, &str, Option<String>),
    ) {
        let inputs = &imported.template.inputs;
        let words = inputs.iter().map(|input| {
            let star = if input.required { "*" } else { "" };
            format!("{}{star} ({})", input.name, input.kind.name())
        });
        let words: Vec<String> = words.collect();
        let kind = imported.format.title();
        let mark = if status == "already there" {
            self.already += 1;
            " · already there"
        } else {
            ""
        };
        self.line(&format!("{name}  {kind}{mark}  {from}"));
        if !words.is_empty() {
            self.line(&format!("  inputs: {}", words.join(", ")));
        }
        for left in &imported.left {
            self.line(&format!("  not carried: {left}"));
        }
        let inputs: Vec<Value> = inputs
            .iter()
            .map(|input| {
                json!({
                    "name": input.name, "label": input.label, "type": input.kind.name(),
                    "required": input.required, "default": input.default,
                })
            })
            .collect();
        self.templates.push(json!({
            "name": name, "title": imported.template.title, "format": imported.format.name(),
            "from": from, "status": status, "path": path, "inputs": inputs,
            "not_carried": imported.left,
        }));
    }

    fn refused(&mut self, from: &str, why: &str) {
        self.line(&format!("! {from}: {why}"));
        self.refused.push(json!({"from": from, "why": why}));
    }

    fn passed(&mut self, from: &str, why: &str) {
        self.line(&format!("- {from}: {why}"));
        self.passed.push(json!({"from": from, "why": why}));
    }

    fn line(&mut self, line: &str) {
        // Writing to a string cannot fail.
        let _ = writeln!(self.text, "{}", Printable::line(line));
    }

    fn json(&self, write: bool, failure: Option<&Failure>) -> Value {
        json!({
            "written": write, "templates": self.templates, "refused": self.refused,
            "passed_over": self.passed, "error": failure.map(Problem::from),
        })
    }

    fn summary(&self, write: bool) -> String {
        let new = self.templates.len() - self.already;
        let mut told = match (new, write) {
            (1, true) => "1 template written".to_owned(),
            (new, true) => format!("{new} templates written"),
            (1, false) => "1 template would be written; --write writes it".to_owned(),
            (0, false) => "no template would be written".to_owned(),
            (new, false) => format!("{new} templates would be written; --write writes them"),
        };
        for (count, what) in [
            (self.already, "already there"),
            (self.refused.len(), "refused (!)"),
            (self.passed.len(), "passed over (-)"),
        ] {
            if count > 0 {
                let _ = write!(told, "; {count} {what}");
            }
        }
        told
    }

    /// 1 when something that is a prompt could not be taken, 2 when there was none at all.
    fn code(&self) -> u8 {
        if self.refused.len() > self.unclear {
            FailureKind::Other.exit_code()
        } else if self.templates.is_empty() || self.unclear > 0 {
            FailureKind::Usage.exit_code()
        } else {
            0
        }
    }
}
