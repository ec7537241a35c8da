//! The brief of a headless run: `-i key=value`, `-f key=PATH` and stdin.

use super::outlet::Outlet;
use crate::domain::attachment;
use crate::domain::brief::{Brief, Value};
use crate::domain::failure::{Failure, FailureKind};
use crate::domain::image::Image;
use crate::domain::template::{Input, InputKind, Template};
use crate::store::{self, Paths, StoreError, briefs};
use std::io::Read;
use std::path::Path;

/// Most bytes that an input takes from a file or from stdin.
const MAX_INPUT: u64 = 16 * 1024 * 1024;

/// Collects the values. Whatever is wrong or missing is told all at once.
pub(super) fn collect(
    template: &Template,
    (values, files): (&[String], &[String]),
    named: Option<Brief>,
) -> Result<Brief, Failure> {
    let mut given = Given {
        template,
        brief: Brief::default(),
        wrong: Vec::new(),
        tried: Vec::new(),
    };
    // More than one input may want it, and it can be read once.
    let mut piped = None;
    let mut stdin = || piped.get_or_insert_with(stdin).clone();
    for pair in values {
        given.take(pair, "-i", |input, text| match text {
            _ if input.takes_a_path() => {
                let article = if input.kind == InputKind::Image {
                    "an"
                } else {
                    "a"
                };
                let (name, kind) = (&input.name, input.kind.name());
                Err(usage(format!("`{name}` is {article} {kind}"))
                    .advice(format!("give its path with -f {name}=PATH")))
            }
            "-" => stdin(),
            text => Ok(text.to_owned()),
        });
    }
    for pair in files {
        given.take(pair, "-f", |input, path| {
            if input.takes_a_path() {
                return Ok(path.to_owned());
            }
            store::read::text(Path::new(path), MAX_INPUT).map_err(|error| of_use(&error))
        });
    }
    if let Some(input) = stdin_input(template).filter(|input| !given.tried.contains(&&*input.name))
        && stdin_is_piped()
    {
        match stdin() {
            Ok(text) if text.trim().is_empty() => {}
            text => given.set(input, text),
        }
    }
    given.fill_up(&named.unwrap_or_default());
    given.settle()
}

/// The values of a brief that was kept under a name. What the template does not ask for any more is
/// told and passed over.
pub(super) fn named(paths: &Paths, template: &Template, name: &str) -> Result<Brief, Failure> {
    let found = briefs::load(paths, &template.name, name).map_err(|error| of_use(&error))?;
    let mut values = found.values.map_err(|why| {
        usage(format!("the brief `{}` cannot be read: {why}", found.name))
            .advice(format!("mend briefs/{}/{}.yaml", template.name, found.name))
    })?;
    let unknown = values.iter().map(|(input, _)| input.to_owned());
    let unknown: Vec<String> = unknown
        .filter(|input| !template.inputs.iter().any(|known| known.name == *input))
        .collect();
    for input in unknown {
        Outlet::complain(&format!(
            "copydesk: the brief `{}` has a value for `{input}`, which the template does not ask for",
            found.name
        ));
        values.remove(&input);
    }
    Ok(values)
}

/// The brief with the texts of the files it names, and its images, in the order of the form.
/// Whatever is wrong is told all at once.
pub(super) fn attach(template: &Template, brief: &Brief) -> Result<(Brief, Vec<Image>), Failure> {
    let mut held = Vec::new();
    let mut wrong = Vec::new();
    for named in attachment::named(template, brief) {
        match store::attachment::load(&named) {
            Ok(what) => held.push((named, what)),
            Err(failure) => wrong.push(failure),
        }
    }
    all(wrong).map_or_else(|| Ok(attachment::attached(brief, &held)), Err)
}

/// A file that cannot be read is the wrong one to name.
fn of_use(error: &StoreError) -> Failure {
    Failure {
        kind: FailureKind::Usage,
        ..error.failure()
    }
}

/// The values so far.
struct Given<'t> {
    template: &'t Template,
    brief: Brief,
    wrong: Vec<Failure>,
    /// Inputs that somebody gave, rightly or wrongly.
    tried: Vec<&'t str>,
}

impl<'t> Given<'t> {
    /// Takes `name=…`, whose right side `read` turns into text.
    fn take(
        &mut self,
        pair: &str,
        flag: &str,
        read: impl FnOnce(&Input, &str) -> Result<String, Failure>,
    ) {
        match split(self.template, pair, flag) {
            Ok((input, right)) => self.set(input, read(input, right)),
            Err(failure) => self.wrong.push(failure),
        }
    }

    fn set(&mut self, input: &'t Input, text: Result<String, Failure>) {
        self.tried.push(&input.name);
        let before = self.brief.get(&input.name);
        match text.and_then(|text| checked(input, before, &text)) {
            Ok(value) => self.brief.set(&input.name, value),
            Err(failure) => self.wrong.push(failure),
        }
    }

    /// Takes the values of a brief for what was not given otherwise.
    fn fill_up(&mut self, named: &Brief) {
        for input in &self.template.inputs {
            let Some(value) = named.get(&input.name) else {
                continue;
            };
            if self.tried.contains(&&*input.name) {
                continue;
            }
            self.tried.push(&input.name);
            match input.check(value) {
                Err(why) if !value.is_blank() => {
                    let what = format!("`{}` of the brief: {why}", input.name);
                    let advice = format!("give it with -i {}=…", input.name);
                    self.wrong.push(usage(what).advice(advice));
                }
                _ => self.brief.set(&input.name, value.clone()),
            }
        }
    }

    /// The whole brief, or everything that is wrong with it.
    fn settle(mut self) -> Result<Brief, Failure> {
        let missing = self.template.missing(&self.brief);
        let missing: Vec<_> = missing
            .into_iter()
            .filter(|input| {
                // A wrong value has been told already.
                self.brief.get(&input.name).is_some() || !self.tried.contains(&&*input.name)
            })
            .collect();
        if !missing.is_empty() {
            let names = missing
                .iter()
                .map(|it| format!("{} ({})", it.name, it.label));
            let flags = missing.iter().map(|it| {
                let flag = if it.takes_a_path() { "-f" } else { "-i" };
                format!("{flag} {}=…", it.name)
            });
            let (names, flags): (Vec<_>, Vec<_>) = (names.collect(), flags.collect());
            let what = format!("`{}` needs {}", self.template.name, names.join(", "));
            self.wrong
                .push(usage(what).advice(format!("add {}", flags.join(" "))));
        }
        match all(self.wrong) {
            Some(failure) => Err(failure),
            None => Ok(self.template.settled(&self.brief)),
        }
    }
}

/// Several failures as one.
fn all(mut failures: Vec<Failure>) -> Option<Failure> {
    if failures.len() < 2 {
        return failures.pop();
    }
    let what = failures.iter().map(|failure| match failure.why.as_str() {
        "" => failure.what.clone(),
        why => format!("{}: {why}", failure.what),
    });
    let what: Vec<_> = what.collect();
    let mut advice: Vec<String> = failures.into_iter().map(|failure| failure.advice).collect();
    advice.retain(|advice| !advice.is_empty());
    advice.dedup();
    Some(usage(what.join("; ")).advice(advice.join("; ")))
}

fn usage(what: String) -> Failure {
    Failure::new(FailureKind::Usage, what)
}

fn split<'t, 'p>(
    template: &'t Template,
    pair: &'p str,
    flag: &str,
) -> Result<(&'t Input, &'p str), Failure> {
    let names: Vec<&str> = template.inputs.iter().map(|it| it.name.as_str()).collect();
    let known = match names.as_slice() {
        [] => "it has none".to_owned(),
        names => format!("it has: {}", names.join(", ")),
    };
    let (name, value) = pair.split_once('=').ok_or_else(|| {
        usage(format!("`{flag} {pair}` has no `=`"))
            .advice(format!("write {flag} NAME=VALUE; {known}"))
    })?;
    let input = template.inputs.iter().find(|input| input.name == name);
    let input = input.ok_or_else(|| {
        usage(format!("`{}` has no input `{name}`", template.name)).advice(known.clone())
    })?;
    Ok((input, value))
}

fn checked(input: &Input, before: Option<&Value>, text: &str) -> Result<Value, Failure> {
    input
        .value_with(before, text)
        .map_err(|why| usage(format!("`{}` cannot be used", input.name)).why(why))
}

/// The input that stdin feeds: the one marked so, else the only required one.
fn stdin_input(template: &Template) -> Option<&Input> {
    let text = || {
        let inputs = template.inputs.iter();
        inputs.filter(|input| !input.takes_a_path())
    };
    let marked = text().find(|input| input.stdin);
    let mut required = text().filter(|input| input.required);
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
