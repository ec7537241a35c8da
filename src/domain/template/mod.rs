//! Templates: front matter that declares inputs, and a body that is a Jinja prompt.
//!
//! Owns the format of a template file: what it may say, what it declares, and what is wrong with
//! it, always with file, line and column. Never renders a prompt (that is `render`) and never
//! touches a disk: sources and snippets come in as text.

mod complaint;
mod day;
mod engine;
mod fields;
mod front;
mod headline;
mod input;
mod limits;
mod lists;
mod models;
mod place;
pub(crate) mod scan;
mod shape;
mod skeleton;
pub(crate) mod yaml;

pub(crate) use day::date_in_words;
pub(crate) use engine::{Engine, file_of as snippet_file};
pub use engine::{NoSnippets, Snippets};
pub(crate) use fields::bad_name as name_fault;
pub use headline::{Headline, headline};
pub(crate) use input::date_after;
pub use input::{Input, InputKind};
pub use limits::{Limits, Pattern};
pub use models::{MOST_MODELS, MOST_VARIANTS, ModelChoice};
pub use place::Problem;
pub(crate) use place::{Piece, Place, Written};
pub use skeleton::skeleton;

use crate::domain::brief::Brief;
use crate::domain::prompt::Example;
use crate::domain::rendition::Subject;
use crate::domain::schema::Schema;
use sha2::{Digest, Sha256};
use std::borrow::Cow;
use std::fmt::Write as _;

/// A template as written: its form, its texts and what it asks of the model.
#[derive(Debug, Clone, PartialEq)]
pub struct Template {
    /// The name it is called by: its file's name without `.md`.
    pub name: String,
    /// The title shown to people.
    pub title: String,
    /// One line about it; may be empty.
    pub description: String,
    /// Tags, in the order written.
    pub tags: Vec<String>,
    /// The system message, not rendered.
    pub system: Option<String>,
    /// The form: declared inputs first, then the inferred ones.
    pub inputs: Vec<Input>,
    /// Few-shot pairs, not rendered.
    pub examples: Vec<Example>,
    /// Models and parameters it asks for.
    pub model: ModelChoice,
    /// How many variants it asks of each model.
    pub variants: u8,
    /// What it says about the answer.
    pub output: Output,
    /// The user message, not rendered.
    pub body: String,
    /// SHA-256 of the source in hex.
    pub hash: String,
    /// The file as errors name it.
    pub file: String,
    /// What is odd but does no harm: unknown keys, inputs that nothing uses.
    pub warnings: Vec<Problem>,
    pub(crate) source: String,
    pub(crate) pieces: Vec<(Part, Piece)>,
}

/// What a template says about the answer.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Output {
    /// Words the answer should have: a number, or an expression that renders to one.
    pub target_words: Option<String>,
    /// The shape it must have; plain text when there is none.
    pub schema: Option<Schema>,
    /// Where it goes when it is about a part of a draft.
    pub destination: Destination,
    /// Where the subject stands, should it be exported as an email.
    pub subject: Subject,
}

/// Where an answer about a part of a draft goes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Destination {
    /// In place of the part.
    #[default]
    Instead,
    /// Behind the part, which stays.
    Behind,
}

/// One text of a template.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// The system message.
    System,
    /// The text of an example, counted through: even numbers are users, odd ones assistants.
    Example(usize),
    /// The user message: the body.
    User,
    /// The number of words wanted.
    TargetWords,
}

impl Template {
    /// Reads a template. `name` is what it is called by, `file` what errors call it.
    ///
    /// Windows line ends and a byte order mark are fine, and front matter may be missing. Names
    /// that nobody declared become required lines after the declared inputs.
    pub fn parse(name: &str, file: &str, source: &str) -> Result<Self, Problem> {
        let (mut template, faults) = Self::read(name, file, source)?;
        if let Some(first) = faults.into_iter().next() {
            return Err(first);
        }
        template.examine()?;
        Ok(template)
    }

    /// Reads a template as far as it can be read, and everything that is wrong with its front
    /// matter. Its texts are not looked at.
    pub(crate) fn read(
        name: &str,
        file: &str,
        source: &str,
    ) -> Result<(Self, Vec<Problem>), Problem> {
        if source.len() > scan::MAX_TEXT {
            let message = "the file is longer than 256 KB; split it into snippets";
            return Err(Place::START.problem(file, message));
        }
        let hash = hex(&Sha256::digest(source.as_bytes()));
        let source = normal(source).into_owned();
        let parts = yaml::split(&source).map_err(|yaml::Unclosed| {
            let message = "front matter is not closed; end it with a line of three dashes";
            Place::START.problem(file, message)
        })?;
        let (front, faults) = parts.yaml.map_or_else(
            || Ok((front::Front::default(), Vec::new())),
            |yaml| front::read(file, &source, yaml),
        )?;
        let body = &source[parts.body..];
        let pieces = pieces(&front, body, parts.body);
        let pairs = front.examples.iter().map(|(user, assistant)| Example {
            user: user.text.clone(),
            assistant: assistant.text.clone(),
        });
        let template = Self {
            name: name.to_owned(),
            title: front.title.clone().unwrap_or_else(|| input::label_of(name)),
            description: front.description,
            tags: front.tags,
            system: front.system.map(|piece| piece.text),
            inputs: front.inputs,
            examples: pairs.collect(),
            model: front.model,
            variants: front.variants.unwrap_or(1),
            output: Output {
                target_words: front.target_words.map(|piece| piece.text),
                schema: front.schema.map(|value| Schema::new(name, value)),
                destination: front.destination,
                subject: front.subject,
            },
            body: body.to_owned(),
            hash,
            file: file.to_owned(),
            warnings: front.warnings,
            source,
            pieces,
        };
        Ok((template, faults))
    }

    /// Its source, if that is byte for byte what its file holds: one without a byte order mark and
    /// without the line ends of Windows.
    pub fn source_as_it_is(&self) -> Option<&str> {
        let same = hex(&Sha256::digest(self.source.as_bytes())) == self.hash;
        same.then_some(self.source.as_str())
    }

    /// Adds an input for each name that the included snippets read and nobody declared.
    pub fn infer(&mut self, snippets: &dyn Snippets) -> Result<(), Problem> {
        let found = Engine::new(self, snippets)?.undeclared()?;
        self.adopt(found);
        Ok(())
    }

    /// Inputs that are required and have no value in `brief`, in the order of the form.
    pub fn missing(&self, brief: &Brief) -> Vec<&Input> {
        let missing = self
            .inputs
            .iter()
            .filter(|input| input.is_missing(brief.get(&input.name)));
        missing.collect()
    }

    /// The brief as it is used and recorded: in the order of the form, with the default of every
    /// input that `brief` does not mention.
    pub fn settled(&self, brief: &Brief) -> Brief {
        let values = self.inputs.iter().filter_map(|input| {
            let value = input.settled(brief.get(&input.name))?;
            Some((input.name.clone(), value))
        });
        values.collect()
    }

    /// Lets `today` in a date mean this day.
    pub fn dated(&mut self, today: jiff::civil::Date) {
        for input in &mut self.inputs {
            if input.kind == InputKind::Date {
                input.today = Some(today);
            }
        }
    }

    /// Whether it asks for a day, so that somebody has to tell which one today is.
    pub fn asks_for_a_day(&self) -> bool {
        self.inputs
            .iter()
            .any(|input| input.kind == InputKind::Date)
    }

    /// The input of a name.
    pub fn input(&self, name: &str) -> Option<&Input> {
        self.inputs.iter().find(|input| input.name == name)
    }

    /// Compiles every text once, infers inputs and notes unused ones.
    fn examine(&mut self) -> Result<(), Problem> {
        let engine = Engine::without_snippets(self)?;
        let found = engine.undeclared()?;
        let unused = self.unused(&engine);
        self.warnings.extend(unused);
        self.adopt(found);
        Ok(())
    }

    /// A complaint about each input that no text reads.
    pub(crate) fn unused(&self, engine: &Engine<'_>) -> Vec<Problem> {
        // An image goes along without being read.
        let read = |input: &&Input| input.kind == InputKind::Image || engine.may_read(&input.name);
        let unused = self.inputs.iter().filter(|input| !read(input));
        let told = unused.map(|input| {
            let message = format!("input `{}` is never used", input.name);
            input.place.problem(&self.file, message)
        });
        told.collect()
    }

    pub(crate) fn adopt(&mut self, names: Vec<String>) {
        for name in names {
            if self.input(&name).is_none() {
                self.inputs.push(Input::line(&name));
            }
        }
    }
}

/// Text without a byte order mark and with `\n` line ends.
fn normal(source: &str) -> Cow<'_, str> {
    let source = source.strip_prefix('\u{feff}').unwrap_or(source);
    if source.contains("\r\n") {
        return Cow::Owned(source.replace("\r\n", "\n"));
    }
    Cow::Borrowed(source)
}

fn pieces(front: &front::Front, body: &str, start: usize) -> Vec<(Part, Piece)> {
    let mut pieces = Vec::new();
    pieces.extend(front.system.clone().map(|piece| (Part::System, piece)));
    let texts = front
        .examples
        .iter()
        .flat_map(|(user, assistant)| [user, assistant]);
    pieces.extend(
        texts
            .enumerate()
            .map(|(at, piece)| (Part::Example(at), piece.clone())),
    );
    let body = Piece {
        text: body.to_owned(),
        start,
        written: Written::Verbatim,
    };
    pieces.push((Part::User, body));
    pieces.extend(
        front
            .target_words
            .clone()
            .map(|piece| (Part::TargetWords, piece)),
    );
    pieces
}

fn hex(bytes: &[u8]) -> String {
    bytes
        .iter()
        .fold(String::with_capacity(64), |mut out, byte| {
            let _ = write!(out, "{byte:02x}");
            out
        })
}

#[cfg(test)]
mod tests;
