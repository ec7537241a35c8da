//! Prompts of other tools as templates of Copydesk.
//!
//! Owns what each format means: text goes in, the source of a template comes out, with a sentence
//! for everything that could not be carried. Nothing in a prompt is ever run, fetched or opened,
//! and no value is read as template language: what the other tool prints as it stands, ours does.

mod aichat;
mod braces;
mod commands;
mod csv;
mod dotprompt;
mod fabric;
mod format;
mod guess;
mod handlebars;
mod librechat;
mod llm;
mod made;
mod messages;
mod names;
mod open_webui;
mod parllama;
mod picoschema;
mod prompts_chat;
mod sketch;
mod tree;
mod vscode;
mod writing;

pub use fabric::Descriptions;
pub use format::Format;
pub use guess::{Guess, guess};
pub use made::{Blank, Material, of_material, of_snippet, places};

use crate::domain::template::{NoSnippets, Template};
use sketch::Sketch;

/// Prompts that are taken from one file.
const MOST: usize = 10_000;

/// One file of another tool.
#[derive(Debug, Clone, Copy)]
pub struct Given<'a> {
    /// Where it lies below what was named, with `/` between folders.
    pub path: &'a str,
    /// The name of the folder that was named, or that the named file lies in.
    pub root: &'a str,
    /// What it says.
    pub text: &'a str,
    /// What is known beside it.
    pub hints: &'a Hints,
}

/// What is known about the files of a source beside what they say.
#[derive(Debug, Clone, Default)]
pub struct Hints {
    /// Names in braces that are text and no variables.
    pub literal: Vec<String>,
    /// What patterns are for, from the file that lists them.
    pub descriptions: Descriptions,
}

/// A prompt as a template.
#[derive(Debug, Clone, PartialEq)]
pub struct Imported {
    /// The name it would have: lower case, words and dashes.
    pub name: String,
    /// Which prompt of its file it is, where a file has several: `row 3`.
    pub at: String,
    /// Where it comes from.
    pub format: Format,
    /// The source of the template.
    pub source: String,
    /// The same, read.
    pub template: Template,
    /// What could not be carried, and why.
    pub left: Vec<String>,
}

/// A prompt that cannot be a template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// Which prompt of its file it is; empty where a file is one prompt.
    pub at: String,
    /// Why.
    pub why: String,
}

/// One prompt on the way.
struct Thing {
    name: String,
    at: String,
    sketch: Result<Sketch, String>,
}

impl Thing {
    /// The only prompt of a file.
    fn only(name: String, sketch: Result<Sketch, String>) -> Vec<Self> {
        vec![Self {
            name,
            at: String::new(),
            sketch,
        }]
    }
}

impl Given<'_> {
    /// Whether a name in braces is text.
    fn is_literal(&self, name: &str) -> bool {
        self.hints.literal.iter().any(|literal| literal == name)
    }

    /// What follows the last folder in the path.
    fn file(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or(self.path)
    }

    /// Whether the file's name ends with one of these, behind its last dot.
    fn is_a(&self, endings: &[&str]) -> bool {
        let ending = self
            .file()
            .rsplit_once('.')
            .map_or("", |(_, ending)| ending);
        endings.iter().any(|one| ending.eq_ignore_ascii_case(one))
    }

    /// The file's name without what follows its first dot.
    fn stem(&self) -> &str {
        let file = self.file();
        file.split('.').next().unwrap_or(file)
    }
}

/// Reads the prompts of a file.
pub fn read(format: Format, given: &Given<'_>) -> Vec<Result<Imported, Refused>> {
    let text = tree::normal(given.text);
    let given = &Given {
        text: &text,
        ..*given
    };
    let mut things = match format {
        Format::Copydesk => return vec![own(given)],
        Format::Llm => llm::read(given),
        Format::Fabric => fabric::read(given),
        Format::Aichat => aichat::read(given),
        Format::Parllama => parllama::read(given),
        Format::Crush | Format::Claude | Format::Codex => commands::read(given, format),
        Format::VsCode => vscode::read(given),
        Format::Dotprompt => dotprompt::read(given),
        Format::OpenWebUi => open_webui::read(given),
        Format::LibreChat => librechat::read(given),
        Format::PromptsChat => prompts_chat::read(given),
        Format::Plain => Thing::only(given.stem().to_owned(), plain(given.text)),
    };
    let more = things.len() > MOST;
    things.truncate(MOST);
    let finished = things.into_iter().map(|thing| {
        let Thing { name, at, sketch } = thing;
        let name = names::of_template(&name);
        let made = sketch.and_then(|sketch| sketch.finish(&name));
        match made {
            Ok((source, template, left)) => Ok(Imported {
                name,
                at,
                format,
                source,
                template,
                left,
            }),
            Err(why) => Err(Refused { at, why }),
        }
    });
    let mut all: Vec<_> = finished.collect();
    if more {
        all.push(Err(Refused {
            at: String::new(),
            why: format!("it has more than {MOST} prompts; split the file to import the rest"),
        }));
    }
    all
}

/// The source of a template whose prompt is `text`, as it stands.
///
/// # Errors
/// When there is none, or it is too long for one template.
pub fn verbatim(title: &str, text: &str) -> Result<String, String> {
    let sketch = plain(&tree::normal(text)).map(|sketch| Sketch {
        title: title.to_owned(),
        description: "What it is for, in one line.".to_owned(),
        ..sketch
    });
    sketch
        .and_then(|sketch| sketch.finish("new"))
        .map(|(source, ..)| source)
}

fn plain(text: &str) -> Result<Sketch, String> {
    let body = sketch::Text::plain(text);
    if body.is_blank() {
        return Err("there is no prompt in it".to_owned());
    }
    Ok(Sketch {
        body,
        ..Sketch::default()
    })
}

/// A template of Copydesk: as it is, if it works.
fn own(given: &Given<'_>) -> Result<Imported, Refused> {
    let stem = given.file().strip_suffix(".md").unwrap_or(given.file());
    let name = names::of_template(stem);
    let refused = |why: String| Refused {
        at: String::new(),
        why,
    };
    let parsed = Template::parse(&name, given.file(), given.text);
    let mut template = parsed.map_err(|problem| {
        refused(format!(
            "line {}, column {}: {}",
            problem.line, problem.column, problem.message
        ))
    })?;
    let mut left = Vec::new();
    if let Err(problem) = template.infer(&NoSnippets) {
        left.push(problem.message);
    }
    Ok(Imported {
        name,
        at: String::new(),
        format: Format::Copydesk,
        source: given.text.to_owned(),
        template,
        left,
    })
}

#[cfg(test)]
mod tests;
