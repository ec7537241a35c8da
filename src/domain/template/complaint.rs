//! What the template engine's errors mean for the author of a template, in words.
//!
//! Never says where: that is the engine's part.

use minijinja::{Error, ErrorKind};

/// The filters that a template may use.
pub(super) const FILTERS: [&str; 32] = [
    "abs",
    "bool",
    "capitalize",
    "count",
    "default",
    "first",
    "float",
    "indent",
    "int",
    "join",
    "last",
    "length",
    "lines",
    "list",
    "lower",
    "max",
    "min",
    "reject",
    "rejectattr",
    "replace",
    "reverse",
    "round",
    "select",
    "selectattr",
    "sort",
    "split",
    "string",
    "sum",
    "title",
    "trim",
    "unique",
    "upper",
];

/// What is wrong and what to do; `words` is the text that the error points at.
pub(super) fn message(error: &Error, words: Option<&str>) -> String {
    let detail = error.detail().unwrap_or_default();
    match error.kind() {
        ErrorKind::UndefinedError => {
            let what = words.map_or_else(|| "a value".to_owned(), |words| format!("`{words}`"));
            format!("{what} is not defined; declare it under `inputs` or check the spelling")
        }
        ErrorKind::OutOfFuel => {
            "the template does too much work; make it simpler or the values shorter".to_owned()
        }
        ErrorKind::TemplateNotFound => {
            let name = words.and_then(|words| words.get(words.find(['"', '\''])?..));
            let what = name.map_or_else(
                || "an included snippet".to_owned(),
                |name| format!("snippet {name}"),
            );
            format!("{what} is not in the library; add it or write `ignore missing`")
        }
        ErrorKind::UnknownFilter => {
            let name = detail.strip_prefix("filter ").unwrap_or(detail);
            let name = name.strip_suffix(" is unknown").unwrap_or(name);
            format!(
                "there is no filter `{name}`; there are {}",
                FILTERS.join(", ")
            )
        }
        ErrorKind::UnknownFunction => {
            let name = detail.strip_suffix(" is unknown").unwrap_or(detail);
            format!("there is no function `{name}`; there are `range` and macros of your own")
        }
        ErrorKind::InvalidOperation if detail.contains("recursion limit") => {
            "includes or macros call each other without end; take one of the calls out".to_owned()
        }
        ErrorKind::InvalidOperation if detail.contains("too many elements") => {
            "`range` would make too many numbers; give it a smaller bound".to_owned()
        }
        kind if detail.is_empty() => kind.to_string(),
        ErrorKind::SyntaxError => format!("syntax: {detail}"),
        kind => format!("{kind}: {detail}"),
    }
}
