//! What lists may hold, and what may be done with them.
//!
//! A list that holds another one twice, forty times over, needs no memory and takes for ever to
//! print or compare, and a long value repeated in a list becomes more text than memory holds; the
//! engine's fuel sees neither. So lists stay flat and short: a literal holds inputs and plain
//! values, never what the template set itself, and `+` and `*` are for numbers. The check never
//! runs anything: it follows names through the texts of a template together.

use super::scan::{Fault, Scan, closes, is_word};
use minijinja::machinery::{Span, Token};
use std::collections::HashSet;

/// Names that one literal may hold.
const MAX_NAMES: usize = 16;

/// What the tags of a text do with lists.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Lists {
    /// Names inside literals, with their places.
    literals: Vec<(String, usize)>,
    /// Variables the text sets, by any means.
    assigned: HashSet<String>,
    /// Variables that may hold a list.
    listy: HashSet<String>,
    /// Variables and the names their whole value may come from.
    flows: Vec<(String, Vec<String>)>,
    /// Tags with `+` or `*`: their place and names.
    sums: Vec<(usize, Vec<String>)>,
}

/// One tag, as far as lists are concerned.
pub(crate) struct TagUse<'t, 's> {
    /// The block's keyword; empty for a variable.
    pub keyword: &'s str,
    /// What is evaluated.
    pub tokens: &'t [(Token<'s>, Span)],
    /// Variables that it sets.
    pub targets: &'t [String],
    /// Where the tag starts.
    pub start: usize,
}

impl Lists {
    /// Notes a tag; refuses one that is wrong whatever the others do.
    pub(crate) fn note(&mut self, tag: &TagUse<'_, '_>) -> Result<(), Fault> {
        let is_set = matches!(tag.keyword, "set" | "with");
        let opaque = matches!(tag.keyword, "macro" | "call" | "import" | "from");
        let bare = matches!(tag.keyword, "set" | "for" | "");
        let built = if matches!(tag.keyword, "include" | "import" | "from") {
            false
        } else {
            collect_literals(tag.tokens, bare, &mut self.literals)?
        };
        let lists = built || tag.tokens.windows(2).any(makes_list);
        let names: Vec<String> = names(tag.tokens).collect();
        for target in tag.targets {
            self.assigned.insert(target.clone());
            if opaque || (is_set && lists) {
                self.listy.insert(target.clone());
            } else if is_set {
                self.flows.push((target.clone(), names.clone()));
            }
        }
        let sums = |(token, _): &(Token<'_>, Span)| matches!(token, Token::Plus | Token::Mul);
        if tag.tokens.iter().any(sums) {
            if lists {
                return Err(sum_fault(tag.start));
            }
            self.sums.push((tag.start, names));
        }
        Ok(())
    }
}

fn sum_fault(offset: usize) -> Fault {
    Fault {
        offset,
        message: "`+` and `*` are for numbers, and this tag handles a list; do one after the other"
            .to_owned(),
    }
}

/// Checks texts that can see each other's variables, and the inputs that are lists; says which of
/// them is at fault.
pub(crate) fn check(scans: &[&Scan], inputs: &[&str]) -> Result<(), (usize, Fault)> {
    let lists = || scans.iter().map(|scan| &scan.lists);
    let mut assigned: HashSet<&str> = ["loop", "self", "caller", "super"].into();
    assigned.extend(
        lists()
            .flat_map(|lists| &lists.assigned)
            .map(String::as_str),
    );
    let mut tainted: HashSet<&str> = lists().flat_map(|l| &l.listy).map(String::as_str).collect();
    tainted.extend(inputs);
    let mut grows = true;
    while grows {
        let before = tainted.len();
        for (target, from) in lists().flat_map(|lists| &lists.flows) {
            if from.iter().any(|name| tainted.contains(name.as_str())) {
                tainted.insert(target);
            }
        }
        grows = tainted.len() > before;
    }
    for (text, lists) in lists().enumerate() {
        let literal = lists
            .literals
            .iter()
            .find(|(name, _)| assigned.contains(name.as_str()));
        if let Some((name, offset)) = literal {
            let message = format!(
                "a list or mapping may hold inputs and plain values, not `{name}`, which the template sets itself"
            );
            return Err((
                text,
                Fault {
                    offset: *offset,
                    message,
                },
            ));
        }
        let sum = lists
            .sums
            .iter()
            .find(|(_, names)| names.iter().any(|name| tainted.contains(name.as_str())));
        if let Some((offset, _)) = sum {
            return Err((text, sum_fault(*offset)));
        }
    }
    Ok(())
}

/// Whether two tokens apply a filter or call a function that answers with a list.
fn makes_list(pair: &[(Token<'_>, Span)]) -> bool {
    match (&pair[0].0, &pair[1].0) {
        (Token::Pipe, Token::Ident(filter)) => matches!(
            *filter,
            "lines"
                | "list"
                | "split"
                | "sort"
                | "unique"
                | "reverse"
                | "select"
                | "reject"
                | "selectattr"
                | "rejectattr"
        ),
        (Token::Ident("range"), Token::ParenOpen) => true,
        _ => false,
    }
}

fn names<'t>(tokens: &'t [(Token<'_>, Span)]) -> impl Iterator<Item = String> + 't {
    tokens
        .iter()
        .enumerate()
        .filter_map(|(at, (token, _))| match token {
            Token::Ident(name) if !is_word(name) && !follows_mark(tokens, at) => {
                Some((*name).to_owned())
            }
            _ => None,
        })
}

/// Whether a token is an attribute or a filter.
fn follows_mark(tokens: &[(Token<'_>, Span)], at: usize) -> bool {
    at > 0 && matches!(tokens[at - 1].0, Token::Dot | Token::Pipe)
}

/// One open bracket: whether it builds a value, and the names seen in it.
struct Open {
    builds: bool,
    is_group: bool,
    holds_list: bool,
    start: usize,
    names: Vec<(String, usize)>,
}

/// Collects the names that stand in list, tuple and mapping literals of an expression, and says
/// whether there is one. With `bare`, commas outside brackets build a tuple too.
fn collect_literals(
    tokens: &[(Token<'_>, Span)],
    bare: bool,
    found: &mut Vec<(String, usize)>,
) -> Result<bool, Fault> {
    let outer = Open {
        builds: false,
        is_group: bare,
        holds_list: false,
        start: tokens
            .first()
            .map_or(0, |(_, span)| span.start_offset as usize),
        names: Vec::new(),
    };
    let mut stack = vec![outer];
    let mut after_operand = false;
    let mut built = false;
    for (at, (token, span)) in tokens.iter().enumerate() {
        match token {
            Token::ParenOpen | Token::BracketOpen | Token::BraceOpen => {
                let paren = matches!(token, Token::ParenOpen);
                stack.push(Open {
                    builds: !paren && !after_operand,
                    is_group: paren && !after_operand,
                    holds_list: false,
                    start: span.start_offset as usize,
                    names: Vec::new(),
                });
            }
            Token::ParenClose | Token::BracketClose | Token::BraceClose if stack.len() > 1 => {
                built |= close(&mut stack, found)?;
            }
            Token::Comma => {
                if let Some(open) = stack.last_mut() {
                    open.builds |= open.is_group;
                    if open.builds && open.holds_list {
                        return Err(nested(span.start_offset as usize));
                    }
                }
            }
            Token::Ident(name) if !is_word(name) => {
                let attribute = follows_mark(tokens, at);
                if let Some(open) = stack.last_mut().filter(|_| !attribute) {
                    open.names
                        .push(((*name).to_owned(), span.start_offset as usize));
                }
            }
            _ => {}
        }
        after_operand = match token {
            Token::Ident(name) => !is_word(name),
            Token::Str(_) | Token::String(_) => true,
            other => closes(other),
        };
    }
    while !stack.is_empty() {
        built |= close(&mut stack, found)?;
    }
    Ok(built)
}

fn nested(offset: usize) -> Fault {
    Fault {
        offset,
        message: "a list or mapping may not hold another one".to_owned(),
    }
}

/// Ends a bracket: its names are in a literal, or belong to the bracket around it. Says whether
/// it was a literal.
fn close(stack: &mut Vec<Open>, found: &mut Vec<(String, usize)>) -> Result<bool, Fault> {
    let Some(open) = stack.pop() else {
        return Ok(false);
    };
    let holds_list = open.builds || open.holds_list;
    if open.builds && open.holds_list {
        return Err(nested(open.start));
    }
    if open.builds && open.names.len() > MAX_NAMES {
        return Err(Fault {
            offset: open.start,
            message: "a list or mapping may hold at most 16 names".to_owned(),
        });
    }
    if let Some(outer) = stack.last_mut() {
        outer.holds_list |= holds_list;
    }
    if open.builds {
        found.extend(open.names);
    } else if let Some(outer) = stack.last_mut() {
        outer.names.extend(open.names);
    }
    Ok(holds_list)
}
