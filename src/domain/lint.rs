//! Everything that is wrong with a template, all at once, each with file, line and column.
//!
//! Owns what a person is told who checks a template before it is used. What keeps it from working
//! is an error; what is only odd is a warning. Changes nothing.

mod circle;
mod spot;

use circle::Circles;
pub use circle::{circular, included};
pub use spot::{Source, Spot, spots};

use crate::domain::brief::Brief;
use crate::domain::refine;
use crate::domain::render::{Rendered, preview};
use crate::domain::template::scan;
use crate::domain::template::{Engine, Piece, Place, Problem, Snippets, Template};

/// Tokens of a prompt, with nothing filled in, from which on many models cannot take it.
const LONG: usize = 32_000;
/// Characters that a token has, more or less.
const TOKEN: usize = 4;
/// How much alike two names are, from 0 to 1, for one to be a slip of the other.
const NEAR: f32 = 0.75;

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Where, and in which words.
    pub problem: Problem,
    /// How bad it is.
    pub gravity: Gravity,
}

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gravity {
    /// The template does not work.
    Error,
    /// It works, and somebody should look at it.
    Warning,
}

impl Gravity {
    /// The word for it in `--json`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
        }
    }
}

/// Looks through a template. `name` is what it is called by, `file` what the findings call it.
pub fn lint(name: &str, file: &str, source: &str, snippets: &dyn Snippets) -> Vec<Finding> {
    let mut check = Check {
        snippets,
        found: Vec::new(),
    };
    match Template::read(name, file, source) {
        Ok((template, faults)) => check.template(template, faults),
        Err(problem) => check.error(problem),
    }
    let mut found = check.found;
    found.sort_by(|a, b| place(a).cmp(&place(b)));
    found.dedup();
    found
}

fn place(finding: &Finding) -> (&str, usize, usize) {
    let Problem {
        file, line, column, ..
    } = &finding.problem;
    (file, *line, *column)
}

struct Check<'c> {
    snippets: &'c dyn Snippets,
    found: Vec<Finding>,
}

impl Check<'_> {
    fn error(&mut self, problem: Problem) {
        let gravity = Gravity::Error;
        self.found.push(Finding { problem, gravity });
    }

    fn warning(&mut self, problem: Problem) {
        let gravity = Gravity::Warning;
        self.found.push(Finding { problem, gravity });
    }

    fn template(&mut self, template: Template, faults: Vec<Problem>) {
        let declared = faults.is_empty();
        for fault in faults {
            self.error(fault);
        }
        for odd in &template.warnings {
            self.warning(odd.clone());
        }
        self.verb(&template);
        let texts = self.texts(&template);
        self.circles(&template);
        if texts && declared {
            self.whole(template);
        }
    }

    /// A part of a draft has one new text, whatever its template wishes.
    fn verb(&mut self, template: &Template) {
        if !template.name.starts_with(refine::FOLDER) {
            return;
        }
        let mut tell = |what: &str, instead: &str| {
            let message = format!(
                "{what} has no effect here: a part of a draft is rewritten once, by one model; {instead}"
            );
            self.warning(Place::START.problem(&template.file, message));
        };
        if template.variants > 1 {
            tell("`variants`", "take it out, `t` in the review asks again");
        }
        if !template.model.others.is_empty() {
            tell("a list of models", "name the one to ask");
        }
    }

    /// Checks each text by itself. True when all of them can be compiled.
    fn texts(&mut self, template: &Template) -> bool {
        let before = self.found.len();
        for piece in &template.pieces {
            let mut alone = template.clone();
            alone.pieces = vec![piece.clone()];
            let compiled = Engine::without_snippets(&alone)
                .and_then(|engine| engine.compile(&piece.1).map(|_| ()));
            if let Err(problem) = compiled {
                self.error(problem);
            }
        }
        self.found.len() == before
    }

    /// Checks what only shows when all texts are seen together.
    fn whole(&mut self, mut template: Template) {
        let engine = match Engine::new(&template, self.snippets) {
            Ok(engine) => engine,
            Err(problem) => return self.error(problem),
        };
        let unused = template.unused(&engine);
        let names = match engine.undeclared() {
            Ok(names) => names,
            Err(problem) => return self.error(problem),
        };
        for problem in unused {
            self.warning(problem);
        }
        // Where nothing is declared, every name is meant to be found by itself.
        if !template.inputs.is_empty() {
            for name in &names {
                self.warning(undeclared(&template, name));
            }
        }
        template.adopt(names);
        match preview(&template, &Brief::default(), self.snippets) {
            Ok(rendered) => self.length(&template, &rendered),
            // The circle has been told already.
            Err(problem) if problem.message.contains("without end") && self.has_circle() => {}
            Err(problem) => self.error(problem),
        }
    }

    fn length(&mut self, template: &Template, rendered: &Rendered) {
        let prompt = &rendered.prompt;
        let examples = prompt.examples.iter();
        let examples = examples.map(|pair| pair.user.len() + pair.assistant.len());
        let system = prompt.system.as_ref().map_or(0, String::len);
        let tokens = (prompt.user.len() + system + examples.sum::<usize>()) / TOKEN;
        if tokens > LONG {
            let message = format!(
                "the prompt has about {tokens} tokens before anything is filled in, and many models take fewer; shorten it"
            );
            self.warning(Place::START.problem(&template.file, message));
        }
    }

    fn has_circle(&self) -> bool {
        let told = |finding: &Finding| finding.problem.message.contains(" includes itself: ");
        self.found.iter().any(told)
    }

    /// Finds snippets that include themselves, directly or not.
    fn circles(&mut self, template: &Template) {
        let mut circles = Circles::new(self.snippets);
        for name in included(template) {
            circles.follow(&name);
        }
        for problem in circles.found {
            self.error(problem);
        }
    }
}

/// The complaint about a name that a text reads and nobody declares.
fn undeclared(template: &Template, name: &str) -> Problem {
    let at = |piece: &Piece| {
        let scan = scan::scan(&piece.text).ok()?;
        let read = scan.names.iter().find(|read| read.text == name)?;
        Some(piece.place(&template.source, read.offset))
    };
    let place = template.pieces.iter().find_map(|(_, piece)| at(piece));
    let names: Vec<&str> = template.inputs.iter().map(|it| it.name.as_str()).collect();
    let near = similar::get_close_matches(name, &names, 1, NEAR);
    let message = match near.first() {
        Some(near) => format!("`{name}` is not declared; did you mean `{near}`?"),
        None => {
            format!("`{name}` is not declared, so it is a required line; declare it under `inputs`")
        }
    };
    place
        .unwrap_or(Place::START)
        .problem(&template.file, message)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::template::NoSnippets;

    struct Few(&'static [(&'static str, &'static str)]);

    impl Snippets for Few {
        fn get(&self, name: &str) -> Option<String> {
            // As in the library, where a name may have its ending.
            let name = name.strip_suffix(".md").unwrap_or(name);
            let found = self.0.iter().find(|(known, _)| *known == name);
            found.map(|(_, text)| (*text).to_owned())
        }
    }

    fn told(source: &str, snippets: &dyn Snippets) -> Vec<String> {
        let found = lint("t", "t.md", source, snippets);
        found
            .iter()
            .map(|finding| format!("{} {}", finding.gravity.name(), finding.problem))
            .collect()
    }

    #[test]
    fn everything_is_told_at_once_in_the_order_of_the_file() {
        let source = "---\ncolour: red\ninputs:\n  a: {type: number, default: x}\n  b: {type: nothing}\n  \
                      c: {pattern: \"(\"}\n  d: {kind: line}\nmodel: [m, m]\n---\n{{ a }} {% if %}";
        let all = told(source, &NoSnippets);
        let starts = [
            "warning t.md:2:1: unknown key `colour`",
            "error t.md:4:30: default of `a`: must be a number, not text",
            "error t.md:5:13: unknown input type `nothing`",
            "error t.md:6:16: `(` is not a regular expression",
            "warning t.md:7:7: unknown key `kind`",
            "error t.md:8:12: model `m` is listed twice",
            "error t.md:10:15: syntax",
        ];
        assert_eq!(all.len(), starts.len(), "{all:#?}");
        for (all, start) in all.iter().zip(starts) {
            assert!(all.starts_with(start), "{all}: {start}");
        }
    }

    #[test]
    fn names_nobody_declared_and_inputs_nobody_uses_are_told() {
        let source =
            "---\ninputs: {topic: {}, tone: {}}\n---\n{{ topc }} {{ other }} {{ topic }}\n";
        assert_eq!(
            told(source, &NoSnippets),
            [
                "warning t.md:2:21: input `tone` is never used",
                "warning t.md:4:4: `topc` is not declared; did you mean `topic`?",
                "warning t.md:4:15: `other` is not declared, so it is a required line; declare it under `inputs`",
            ]
        );
        assert_eq!(
            told("Write about {{ topic }}.", &NoSnippets),
            Vec::<String>::new()
        );
    }

    #[test]
    fn a_circle_of_snippets_is_told_where_it_closes() {
        let snippets = Few(&[
            ("a", "A {% include \"b\" %}"),
            ("b", "B\n{% include 'c.md' %}"),
            ("c", "{% include \"a\" %}"),
        ]);
        assert_eq!(
            told("{% include \"a\" %}", &snippets),
            [
                "error snippets/c.md:1:12: snippet `a` includes itself: a → b → c → a; take one of the includes out"
            ]
        );
    }

    #[test]
    fn a_prompt_that_is_long_before_it_is_filled_in_is_told() {
        let snippets = Few(&[(
            "long",
            "word word word word word word word word word word \n",
        )]);
        let many = "{% include \"long\" %}".repeat(3000);
        let all = told(&many, &snippets);
        assert!(
            all[0].starts_with("warning t.md:1:1: the prompt has about"),
            "{all:?}"
        );
    }
}
