//! The brief of a headless run: `-i key=value`, `-f key=PATH` and stdin.

use crate::domain::brief::{Brief, Value};
use crate::domain::failure::{Failure, FailureKind};
use crate::domain::template::{Input, Template};
use crate::store;
use std::io::Read;
use std::path::Path;

/// Most bytes that an input takes from a file or from stdin.
const MAX_INPUT: u64 = 16 * 1024 * 1024;

/// Collects the values; what is missing afterwards is told all at once.
pub(super) fn collect(
    template: &Template,
    values: &[String],
    files: &[String],
) -> Result<Brief, Failure> {
    let mut brief = template.brief_with_defaults();
    let mut given = Vec::new();
    for pair in values {
        let (input, text) = split(template, pair, "-i")?;
        let text = if text == "-" {
            stdin()?
        } else {
            text.to_owned()
        };
        brief.set(&input.name, checked(input, &text)?);
        given.push(input.name.as_str());
    }
    for pair in files {
        let (input, path) = split(template, pair, "-f")?;
        let text = store::read::text(Path::new(path), MAX_INPUT).map_err(|error| Failure {
            kind: FailureKind::Usage,
            ..error.failure()
        })?;
        brief.set(&input.name, checked(input, &text)?);
        given.push(input.name.as_str());
    }
    if let Some(input) = stdin_input(template).filter(|input| !given.contains(&input.name.as_str()))
        && stdin_is_piped()
    {
        let text = stdin()?;
        if !text.trim().is_empty() {
            brief.set(&input.name, checked(input, &text)?);
        }
    }
    let missing = template.missing(&brief);
    if missing.is_empty() {
        return Ok(in_order(template, &brief));
    }
    let names: Vec<String> = missing
        .iter()
        .map(|input| format!("{} ({})", input.name, input.label))
        .collect();
    let flags: Vec<String> = missing
        .iter()
        .map(|input| format!("-i {}=…", input.name))
        .collect();
    Err(
        usage(format!("`{}` needs {}", template.name, names.join(", ")))
            .advice(format!("add {}", flags.join(" "))),
    )
}

/// The values in the order of the template's form.
fn in_order(template: &Template, brief: &Brief) -> Brief {
    let names = template.inputs.iter().map(|input| input.name.as_str());
    names
        .filter_map(|name| Some((name, brief.get(name)?.clone())))
        .collect()
}

fn usage(what: String) -> Failure {
    Failure::new(FailureKind::Usage, what)
}

fn split<'t, 'p>(
    template: &'t Template,
    pair: &'p str,
    flag: &str,
) -> Result<(&'t Input, &'p str), Failure> {
    let known = || {
        template
            .inputs
            .iter()
            .map(|input| input.name.as_str())
            .collect::<Vec<_>>()
            .join(", ")
    };
    let (name, value) = pair.split_once('=').ok_or_else(|| {
        usage(format!("`{flag} {pair}` has no `=`"))
            .advice(format!("write {flag} NAME=VALUE with one of: {}", known()))
    })?;
    let input = template.inputs.iter().find(|input| input.name == name);
    let input = input.ok_or_else(|| {
        usage(format!("`{}` has no input `{name}`", template.name))
            .advice(format!("it has: {}", known()))
    })?;
    Ok((input, value))
}

fn checked(input: &Input, text: &str) -> Result<Value, Failure> {
    input
        .value_from(text)
        .map_err(|why| usage(format!("`{}` cannot be used", input.name)).why(why))
}

/// The input that stdin feeds: the one marked so, else the only required one.
fn stdin_input(template: &Template) -> Option<&Input> {
    let marked = template.inputs.iter().find(|input| input.stdin);
    let mut required = template.inputs.iter().filter(|input| input.required);
    marked.or_else(|| required.next().filter(|_| required.next().is_none()))
}

fn stdin() -> Result<String, Failure> {
    let mut bytes = Vec::new();
    let read = std::io::stdin()
        .lock()
        .take(MAX_INPUT + 1)
        .read_to_end(&mut bytes);
    read.map_err(|error| usage("stdin could not be read".to_owned()).why(error.to_string()))?;
    if bytes.len() as u64 > MAX_INPUT {
        return Err(usage("stdin is longer than 16 MiB".to_owned()).advice("send a smaller text"));
    }
    String::from_utf8(bytes).map_err(|_| {
        usage("stdin is not UTF-8 text".to_owned())
            .advice("convert it first, for example with iconv")
    })
}

/// True when somebody feeds stdin. A terminal and `/dev/null` are not read.
#[cfg(unix)]
fn stdin_is_piped() -> bool {
    use rustix::fs::{FileType, fstat};
    fstat(std::io::stdin()).is_ok_and(|stat| {
        matches!(
            FileType::from_raw_mode(stat.st_mode),
            FileType::Fifo | FileType::RegularFile | FileType::Socket
        )
    })
}

#[cfg(not(unix))]
fn stdin_is_piped() -> bool {
    use std::io::IsTerminal;
    !std::io::stdin().is_terminal()
}
