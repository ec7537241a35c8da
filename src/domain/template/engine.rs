//! The template engine, fenced in: what a template may use, and how far it may go.
//!
//! Owns the MiniJinja environment: strict, without escaping, without files, clock or network,
//! with fuel, and without the filters that build values faster than fuel can count. Snippets
//! are the only thing it includes. Never knows the values of a brief.

use super::complaint;
use super::lists;
use super::scan::{self, Fault, Scan};
use super::{InputKind, Part, Piece, Place, Problem, Template};
use minijinja::value::ValueKind;
use minijinja::{
    AutoEscape, Environment, Error, ErrorKind, Output, State, UndefinedBehavior, Value,
};
use std::collections::{BTreeMap, HashSet};
use std::error::Error as _;
use std::sync::OnceLock;

/// Work that one template may cause, over all its parts.
const FUEL: u64 = 200_000;
/// Depth of includes and macro calls; each costs the engine stack.
const DEPTH: usize = 60;
const MAX_SNIPPETS: usize = 64;
const MAX_SNIPPET_BYTES: usize = 1024 * 1024;

/// Filters and functions that build lists out of lists, repeat what they are given, or print
/// without end. Prompts have no use for them.
const REMOVED_FILTERS: [&str; 12] = [
    "tojson", "pprint", "zip", "chain", "batch", "slice", "groupby", "map", "attr", "items",
    "dictsort", "format",
];
const REMOVED_GLOBALS: [&str; 3] = ["debug", "dict", "namespace"];

/// Where included texts come from.
pub trait Snippets {
    /// The text of a snippet, if there is one of that name.
    fn get(&self, name: &str) -> Option<String>;

    /// Why a snippet that is there has no text. To leave it out would send another prompt.
    fn fault(&self, _name: &str) -> Option<String> {
        None
    }
}

/// A library without snippets.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoSnippets;

impl Snippets for NoSnippets {
    fn get(&self, _name: &str) -> Option<String> {
        None
    }
}

/// A template and its snippets, checked and ready to compile.
pub(crate) struct Engine<'t> {
    template: &'t Template,
    env: Environment<'static>,
    scans: Vec<Scan>,
    snippets: BTreeMap<String, (String, Scan)>,
}

impl<'t> Engine<'t> {
    /// Checks every text of the template and of the snippets it includes, directly or not.
    pub(crate) fn new(template: &'t Template, snippets: &dyn Snippets) -> Result<Self, Problem> {
        let mut engine = Self::without_snippets(template)?;
        let mut wanted: Vec<String> = engine
            .scans
            .iter()
            .flat_map(|s| s.includes.clone())
            .collect();
        let mut seen = HashSet::new();
        let mut bytes = 0;
        while let Some(name) = wanted.pop() {
            if !seen.insert(name.clone()) || !is_snippet_name(&name) {
                continue;
            }
            let Some(text) = snippets.get(&name) else {
                match snippets.fault(&name) {
                    Some(fault) => return Err(engine.unreadable(&name, &fault)),
                    None => continue,
                }
            };
            let text = super::normal(&text).into_owned();
            bytes += text.len();
            if seen.len() > MAX_SNIPPETS || bytes > MAX_SNIPPET_BYTES {
                let message = "includes more than 64 snippets or 1 MB of them";
                return Err(Place::START.problem(&template.file, message));
            }
            let scan = scan::scan(&text).map_err(|fault| {
                Place::of(&text, fault.offset).problem(&file_of(&name), fault.message)
            })?;
            wanted.extend(scan.includes.iter().cloned());
            let added = engine.env.add_template_owned(name.clone(), text.clone());
            engine.snippets.insert(name.clone(), (text, scan));
            if let Err(error) = added {
                return Err(engine.problem(&error, None));
            }
        }
        let own = engine.scans.len();
        let all = engine
            .scans
            .iter()
            .chain(engine.snippets.values().map(|(_, scan)| scan));
        let listed = engine.listed();
        lists::check(&all.collect::<Vec<_>>(), &listed).map_err(|(at, fault)| {
            match engine.snippets.iter().nth(at.wrapping_sub(own)) {
                Some((name, (text, _))) => {
                    Place::of(text, fault.offset).problem(&file_of(name), fault.message)
                }
                None => engine.own_fault(at, fault),
            }
        })?;
        Ok(engine)
    }

    /// The complaint about a snippet that is there and cannot be read.
    fn unreadable(&self, name: &str, fault: &str) -> Problem {
        let template = self.template;
        let included = |text: &str| text.find(&format!("\"{name}\""));
        let mut pieces = template.pieces.iter();
        let place = pieces.find_map(|(_, piece)| {
            let offset = included(&piece.text)?;
            Some(piece.place(&template.source, offset))
        });
        let message = format!("snippet \"{name}\" cannot be included: {fault}");
        place
            .unwrap_or(Place::START)
            .problem(&template.file, message)
    }

    /// The inputs whose values are lists.
    fn listed(&self) -> Vec<&'t str> {
        let inputs = self.template.inputs.iter();
        let listed = inputs.filter(|input| matches!(input.kind, InputKind::Choices { .. }));
        listed.map(|input| input.name.as_str()).collect()
    }

    /// The complaint about a place in one of the template's own texts.
    fn own_fault(&self, at: usize, fault: Fault) -> Problem {
        let piece = self.template.pieces.get(at);
        let place = piece.map_or(Place::START, |(_, piece)| {
            piece.place(&self.template.source, fault.offset)
        });
        place.problem(&self.template.file, fault.message)
    }

    /// Checks the template's own texts alone.
    pub(crate) fn without_snippets(template: &'t Template) -> Result<Self, Problem> {
        let mut engine = Self {
            template,
            env: base().clone(),
            scans: Vec::with_capacity(template.pieces.len()),
            snippets: BTreeMap::new(),
        };
        for (_, piece) in &template.pieces {
            let scan = scan::scan(&piece.text).map_err(|Fault { offset, message }| {
                piece
                    .place(&template.source, offset)
                    .problem(&template.file, message)
            })?;
            engine.scans.push(scan);
        }
        let scans: Vec<&Scan> = engine.scans.iter().collect();
        lists::check(&scans, &engine.listed())
            .map_err(|(at, fault)| engine.own_fault(at, fault))?;
        let parts = template
            .pieces
            .iter()
            .filter(|(_, piece)| piece.text.contains("{%") || piece.text.contains("{{"));
        let parts = u64::try_from(parts.count()).unwrap_or(1).max(1);
        engine.env.set_fuel(Some(FUEL / parts));
        Ok(engine)
    }

    /// The compiled template of a piece.
    pub(crate) fn compile<'e>(
        &'e self,
        piece: &'e Piece,
    ) -> Result<minijinja::Template<'e, 'e>, Problem> {
        let compiled = self.env.template_from_named_str(OWN, &piece.text);
        compiled.map_err(|error| self.problem(&error, Some(piece)))
    }

    /// Names that no text declares or sets, in the order they appear.
    pub(crate) fn undeclared(&self) -> Result<Vec<String>, Problem> {
        let mut found = Vec::new();
        for ((_, piece), scan) in self.template.pieces.iter().zip(&self.scans) {
            self.add_undeclared(&self.compile(piece)?, scan, &mut found);
        }
        for (name, (_, scan)) in &self.snippets {
            if let Ok(compiled) = self.env.get_template(name) {
                self.add_undeclared(&compiled, scan, &mut found);
            }
        }
        Ok(found)
    }

    fn add_undeclared(
        &self,
        compiled: &minijinja::Template<'_, '_>,
        scan: &Scan,
        found: &mut Vec<String>,
    ) {
        let undeclared = compiled.undeclared_variables(false);
        let called: HashSet<&str> = scan
            .names
            .iter()
            .filter(|n| n.called)
            .map(|n| n.text.as_str())
            .collect();
        for name in &scan.names {
            let text = name.text.as_str();
            let new = undeclared.contains(text)
                && !called.contains(text)
                && !found.iter().any(|known| known == text);
            if new
                && self.template.input(text).is_none()
                && !self.env.globals().any(|(global, _)| global == text)
            {
                found.push(text.to_owned());
            }
        }
    }

    /// Whether any text can read this input; an include might.
    pub(crate) fn may_read(&self, input: &str) -> bool {
        self.scans.iter().any(|scan| {
            !scan.includes.is_empty() || scan.names.iter().any(|name| name.text == input)
        })
    }

    /// What was scanned of the text that an output span names.
    pub(crate) fn scan_of(&self, part: usize, name: &str) -> Option<&Scan> {
        if name == OWN {
            return self.scans.get(part);
        }
        self.snippets.get(name).map(|(_, scan)| scan)
    }

    /// The complaint that an engine error amounts to; `piece` is what was compiled or rendered.
    pub(crate) fn problem(&self, error: &Error, piece: Option<&Piece>) -> Problem {
        let error = innermost(error);
        let mut range = error.range();
        let name = error.name().unwrap_or_default();
        let own = piece.filter(|_| name == OWN || name.is_empty());
        let snippet = self.snippets.get(name).map(|(text, _)| text);
        let text = own.map(|piece| &piece.text).or(snippet);
        if let (Some(range), Some(text)) = (&mut range, text) {
            range.start = start_of_path(text, range.start);
        }
        let words = range.as_ref().and_then(|range| text?.get(range.clone()));
        let message = complaint::message(error, words);
        let offset = range.map_or_else(
            || text.map_or(0, |text| line_offset(text, error.line().unwrap_or(1))),
            |range| range.start,
        );
        match (own, snippet) {
            (Some(piece), _) => piece
                .place(&self.template.source, offset)
                .problem(&self.template.file, message),
            (None, Some(text)) => Place::of(text, offset).problem(&file_of(name), message),
            (None, None) => Place::START.problem(&self.template.file, message),
        }
    }
}

/// The name of the template's own texts; no snippet can have it.
const OWN: &str = "<template>";

/// The environment that every template starts from.
fn base() -> &'static Environment<'static> {
    static BASE: OnceLock<Environment<'static>> = OnceLock::new();
    BASE.get_or_init(|| {
        let mut env = Environment::new();
        env.set_undefined_behavior(UndefinedBehavior::Strict);
        env.set_auto_escape_callback(|_| AutoEscape::None);
        env.set_recursion_limit(DEPTH);
        env.set_debug(true);
        for name in REMOVED_FILTERS {
            env.remove_filter(name);
        }
        for name in REMOVED_GLOBALS {
            env.remove_global(name);
        }
        env.add_filter("lines", lines);
        env.set_formatter(print_scalar);
        env
    })
}

/// Prints a value that has a text. A list has none: printing it is a slip of the author, and
/// where a list repeats a long value, a text that no memory holds.
fn print_scalar(
    out: &mut Output<'_>,
    state: &mut State<'_, '_>,
    value: &Value,
) -> Result<(), Error> {
    match value.kind() {
        ValueKind::Seq | ValueKind::Iterable | ValueKind::Map | ValueKind::Plain => {
            let message =
                "a list or mapping cannot be printed; loop over it or write `| join(\", \")`";
            Err(Error::new(ErrorKind::InvalidOperation, message))
        }
        _ => minijinja::escape_formatter(out, state, value),
    }
}

/// The lines of a text that say something, trimmed.
fn lines(text: &str) -> Vec<String> {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    lines.map(str::to_owned).collect()
}

/// A snippet's file as errors call it.
pub(crate) fn file_of(snippet: &str) -> String {
    format!(
        "snippets/{}.md",
        snippet.strip_suffix(".md").unwrap_or(snippet)
    )
}

/// Names of snippets are plain: nothing in them can leave the library.
fn is_snippet_name(name: &str) -> bool {
    let plain = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | ' ');
    !name.is_empty() && !name.starts_with('.') && !name.contains("..") && name.chars().all(plain)
}

/// Where the path begins whose later part is an attribute at `at`.
fn start_of_path(text: &str, at: usize) -> usize {
    let attribute = text.get(at..).is_some_and(|rest| rest.starts_with('.'));
    let before = text.get(..at).filter(|_| attribute).unwrap_or_default();
    let path = |c: char| c.is_alphanumeric() || matches!(c, '_' | '.');
    at - (before.len() - before.trim_end_matches(path).len())
}

/// An error in an include is wrapped by the include; the place that matters is inside.
fn innermost(error: &Error) -> &Error {
    let mut inner = error;
    let mut source = error.source();
    while let Some(next) = source {
        if let Some(next) = next
            .downcast_ref::<Error>()
            .filter(|next| next.line().is_some())
        {
            inner = next;
        }
        source = next.source();
    }
    inner
}

fn line_offset(text: &str, line: usize) -> usize {
    match line {
        0 | 1 => 0,
        line => memchr::memchr_iter(b'\n', text.as_bytes())
            .nth(line - 2)
            .map_or(text.len(), |at| at + 1),
    }
}

impl Part {
    /// Whether the part is a message of the prompt.
    pub(crate) const fn is_message(self) -> bool {
        !matches!(self, Self::TargetWords)
    }
}

#[cfg(test)]
mod tests {
    use super::complaint::FILTERS;
    use super::*;

    #[test]
    fn every_filter_that_is_named_is_there_and_no_other() {
        let known = |filter: &str| {
            let text = format!("{{{{ x|{filter} }}}}");
            let error = base()
                .render_str(&text, minijinja::context! { x => "1" })
                .err();
            error.is_none_or(|error| error.kind() != ErrorKind::UnknownFilter)
        };
        assert!(FILTERS.is_sorted());
        for filter in FILTERS {
            assert!(known(filter), "{filter}");
        }
        for filter in REMOVED_FILTERS {
            assert!(!known(filter), "{filter}");
        }
    }
}
