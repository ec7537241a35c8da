//! What stands in the tags of a template text, and whether it is small enough to compile.
//!
//! The engine's fuel covers running a template, not parsing one, and it lets lists that share
//! their parts grow without limit. This pass over the engine's own tokens refuses both before
//! anything is compiled. It also notes names, aliases and includes. It never evaluates anything.

use super::literals::collect_literals;
use minijinja::machinery::{Span, Token, tokenize};
use std::collections::HashSet;

/// Largest text that is compiled, in bytes.
pub(crate) const MAX_TEXT: usize = 256 * 1024;
const MAX_TAG: u32 = 2048;
const MAX_OPERATORS: usize = 200;
const MAX_ELIF: usize = 200;
const MAX_NESTING: usize = 40;

/// Why a text is not compiled, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Fault {
    pub offset: usize,
    pub message: String,
}

/// A name read by an expression.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Name {
    pub text: String,
    pub offset: usize,
    /// Whether it is called like a function.
    pub called: bool,
}

/// What a text's tags hold.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Scan {
    /// Names in expressions, in the order written.
    pub names: Vec<Name>,
    /// Variables the text sets itself, and the names their values come from.
    pub aliases: Vec<(String, Vec<String>)>,
    /// Texts that are included, imported or extended.
    pub includes: Vec<String>,
}

/// Looks through a text. A text that the tokenizer refuses is left for the compiler to report.
pub(crate) fn scan(text: &str) -> Result<Scan, Fault> {
    if text.len() > MAX_TEXT {
        return Err(fault(
            0,
            "the text is longer than 256 KB; split it into snippets",
        ));
    }
    let mut scan = Scan::default();
    let mut blocks = Vec::new();
    let mut tag: Vec<(Token<'_>, Span)> = Vec::new();
    let mut literals = Vec::new();
    let mut assigned: HashSet<String> = ["loop", "self", "caller", "super"]
        .map(str::to_owned)
        .into();
    for token in tokenize(text, false, minijinja::syntax::SyntaxConfig::default()) {
        let Ok((token, at)) = token else { break };
        match token {
            Token::TemplateData(_) => {}
            Token::VariableStart | Token::BlockStart => {
                tag.clear();
                tag.push((token, at));
            }
            Token::VariableEnd | Token::BlockEnd => {
                check_size(&tag, at.end_offset)?;
                let tokens = Tag::new(&tag);
                tokens.check_blocks(&mut blocks)?;
                tokens.note(&mut scan, &mut assigned)?;
                tokens.literals(&mut literals);
                tag.clear();
            }
            _ => {
                tag.push((token, at));
                if tag.len() > MAX_TAG as usize {
                    return Err(fault(start(&tag), "a tag is longer than 2 KB"));
                }
            }
        }
    }
    // An unfinished tag is a syntax error, but the parser gets as far as its end.
    check_size(&tag, 0)?;
    literals.into_iter().find(|(name, _)| assigned.contains(name)).map_or(Ok(scan), |(name, at)| {
        Err(fault(
            at,
            format!("a list or mapping may hold inputs and plain values, not `{name}`, which the template sets itself"),
        ))
    })
}

fn fault(offset: usize, message: impl Into<String>) -> Fault {
    Fault {
        offset,
        message: message.into(),
    }
}

fn start(tag: &[(Token<'_>, Span)]) -> usize {
    tag.first()
        .map_or(0, |(_, span)| span.start_offset as usize)
}

/// Refuses tags that the engine's recursive parser should not see.
fn check_size(tag: &[(Token<'_>, Span)], end: u32) -> Result<(), Fault> {
    let at = start(tag);
    if (end as usize).saturating_sub(at) > MAX_TAG as usize {
        return Err(fault(at, "a tag is longer than 2 KB; use several tags"));
    }
    let operators = tag.iter().filter(|(token, _)| is_operator(token)).count();
    if operators > MAX_OPERATORS {
        return Err(fault(
            at,
            "a tag has more than 200 operators; use several tags",
        ));
    }
    let mut depth = 0_usize;
    for (token, span) in tag {
        if opens(token) {
            depth += 1;
        } else if closes(token) {
            depth = depth.saturating_sub(1);
        }
        if depth > MAX_NESTING {
            return Err(fault(
                span.start_offset as usize,
                "brackets are nested more than 40 deep",
            ));
        }
    }
    Ok(())
}

fn is_operator(token: &Token<'_>) -> bool {
    let is_number = matches!(token, Token::Int(_) | Token::Int128(_) | Token::Float(_));
    let is_text = matches!(token, Token::Str(_) | Token::String(_));
    match token {
        Token::Ident(name) => is_word(name),
        Token::Comma | Token::Colon => false,
        _ => !is_number && !is_text,
    }
}

/// Names that are part of the language inside an expression.
pub(crate) fn is_word(name: &str) -> bool {
    matches!(
        name,
        "and"
            | "or"
            | "not"
            | "in"
            | "is"
            | "if"
            | "else"
            | "true"
            | "false"
            | "none"
            | "True"
            | "False"
            | "None"
    )
}

pub(crate) const fn opens(token: &Token<'_>) -> bool {
    matches!(
        token,
        Token::ParenOpen | Token::BracketOpen | Token::BraceOpen
    )
}

pub(crate) const fn closes(token: &Token<'_>) -> bool {
    matches!(
        token,
        Token::ParenClose | Token::BracketClose | Token::BraceClose
    )
}

/// The tokens of one tag without its delimiters.
struct Tag<'t, 's> {
    keyword: &'s str,
    /// For a block: what follows the keyword. For a variable: everything.
    rest: &'t [(Token<'s>, Span)],
    start: usize,
}

impl<'t, 's> Tag<'t, 's> {
    fn new(tag: &'t [(Token<'s>, Span)]) -> Self {
        let start = start(tag);
        match tag {
            [
                (Token::BlockStart, _),
                (Token::Ident(keyword), _),
                rest @ ..,
            ] => Self {
                keyword,
                rest,
                start,
            },
            _ => Self {
                keyword: "",
                rest: tag.get(1..).unwrap_or_default(),
                start,
            },
        }
    }

    /// Follows the nesting of blocks; each entry counts the block's `elif`s.
    fn check_blocks(&self, blocks: &mut Vec<usize>) -> Result<(), Fault> {
        match self.keyword {
            "elif" => {
                let Some(count) = blocks.last_mut() else {
                    return Ok(());
                };
                *count += 1;
                if *count > MAX_ELIF {
                    return Err(fault(self.start, "an `if` has more than 200 `elif`"));
                }
            }
            "if" | "for" | "with" | "macro" | "call" | "filter" | "block" | "autoescape" => {
                blocks.push(0);
            }
            "set" if !self.has_assignment() => blocks.push(0),
            word if word.starts_with("end") => {
                blocks.pop();
            }
            _ => {}
        }
        if blocks.len() > MAX_NESTING {
            return Err(fault(self.start, "blocks are nested more than 40 deep"));
        }
        Ok(())
    }

    fn has_assignment(&self) -> bool {
        self.rest
            .iter()
            .any(|(token, _)| matches!(token, Token::Assign))
    }

    /// Notes names, aliases, assigned variables and includes.
    fn note(&self, scan: &mut Scan, assigned: &mut HashSet<String>) -> Result<(), Fault> {
        let split = match self.keyword {
            "include" | "extends" | "import" | "from" => self.note_include(scan)?,
            "set" => self.first(|token| matches!(token, Token::Assign)),
            "for" => self.first(|token| matches!(token, Token::Ident("in"))),
            "with" => self.last_target(),
            "macro" | "call" => self.rest.len(),
            "block" => return Ok(()),
            _ => 0,
        };
        let targets = targets(&self.rest[..split]);
        let sources = if matches!(self.keyword, "macro" | "with") {
            self.rest
        } else {
            &self.rest[split..]
        };
        let names: Vec<_> = idents(sources).collect();
        for target in targets {
            let from = names.iter().map(|name| name.text.clone());
            if matches!(self.keyword, "set" | "for" | "with") {
                scan.aliases.push((target.clone(), from.collect()));
            }
            assigned.insert(target);
        }
        if !matches!(self.keyword, "include" | "extends" | "import" | "from") {
            scan.names.extend(names);
        }
        Ok(())
    }

    fn first(&self, is_it: impl Fn(&Token<'_>) -> bool) -> usize {
        let found = self.rest.iter().position(|(token, _)| is_it(token));
        found.unwrap_or(self.rest.len())
    }

    /// Past the last target of a `with`: one that is followed by `=`.
    fn last_target(&self) -> usize {
        let found = self
            .rest
            .iter()
            .rposition(|(token, _)| matches!(token, Token::Assign));
        found.unwrap_or(0)
    }

    /// Takes the quoted names; a computed name could reach anywhere and is refused.
    fn note_include(&self, scan: &mut Scan) -> Result<usize, Fault> {
        for (token, span) in self.rest {
            match token {
                Token::Str(name) => scan.includes.push((*name).to_owned()),
                Token::String(name) => scan.includes.push(name.to_string()),
                Token::BracketOpen | Token::BracketClose | Token::Comma => {}
                Token::Ident("ignore" | "import" | "as" | "with" | "without") => break,
                _ => {
                    return Err(fault(
                        span.start_offset as usize,
                        format!("`{}` takes a name in quotes", self.keyword),
                    ));
                }
            }
        }
        let imports = matches!(self.keyword, "import" | "from");
        Ok(if imports { self.rest.len() } else { 0 })
    }

    /// Collects the names that stand inside list, tuple and mapping literals.
    fn literals(&self, found: &mut Vec<(String, usize)>) {
        if matches!(self.keyword, "macro" | "import" | "from" | "include") && !self.has_assignment()
        {
            return;
        }
        let bare = matches!(self.keyword, "set" | "for" | "");
        let skip = match self.keyword {
            "set" => self.first(|token| matches!(token, Token::Assign)),
            "for" => self.first(|token| matches!(token, Token::Ident("in"))),
            _ => 0,
        };
        let tokens = &self.rest[skip.min(self.rest.len())..];
        collect_literals(tokens, bare, found);
    }
}

/// Every name before an assignment; rather one too many than one too few.
fn targets(tokens: &[(Token<'_>, Span)]) -> Vec<String> {
    let names = tokens.iter().filter_map(|(token, _)| match token {
        Token::Ident(name) => Some((*name).to_owned()),
        _ => None,
    });
    names.collect()
}

/// Names in expressions: not attributes, filters, tests, keyword arguments or words.
fn idents<'t>(tokens: &'t [(Token<'_>, Span)]) -> impl Iterator<Item = Name> + 't {
    tokens.iter().enumerate().filter_map(|(at, (token, span))| {
        let Token::Ident(name) = token else {
            return None;
        };
        let before = at.checked_sub(1).map(|at| &tokens[at].0);
        let after = tokens.get(at + 1).map(|(token, _)| token);
        let is_test = matches!(before, Some(Token::Ident("is")))
            || (matches!(before, Some(Token::Ident("not")))
                && at >= 2
                && matches!(tokens[at - 2].0, Token::Ident("is")));
        let skipped = is_word(name)
            || is_test
            || matches!(before, Some(Token::Dot | Token::Pipe))
            || matches!(after, Some(Token::Assign)) && before.is_some();
        (!skipped).then(|| Name {
            text: (*name).to_owned(),
            offset: span.start_offset as usize,
            called: matches!(after, Some(Token::ParenOpen)),
        })
    })
}
