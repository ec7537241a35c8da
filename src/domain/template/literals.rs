//! Which names stand inside list, tuple and mapping literals.
//!
//! A list that holds another one twice, forty times over, needs no memory and takes for ever to
//! print or compare; the engine's fuel does not see it. So a literal may not hold a variable that
//! the template sets itself; this finds the names to check. It never decides about them.

use super::scan::{closes, is_word};
use minijinja::machinery::{Span, Token};

/// One open bracket: whether it builds a value, and the names seen in it.
struct Open {
    builds: bool,
    is_group: bool,
    names: Vec<(String, usize)>,
}

/// Collects the names that stand in list, tuple and mapping literals of an expression. With
/// `bare`, commas outside brackets build a tuple too.
pub(crate) fn collect_literals(
    tokens: &[(Token<'_>, Span)],
    bare: bool,
    found: &mut Vec<(String, usize)>,
) {
    let outer = Open {
        builds: false,
        is_group: bare,
        names: Vec::new(),
    };
    let mut stack = vec![outer];
    let mut after_operand = false;
    for (at, (token, span)) in tokens.iter().enumerate() {
        match token {
            Token::ParenOpen | Token::BracketOpen | Token::BraceOpen => {
                let paren = matches!(token, Token::ParenOpen);
                stack.push(Open {
                    builds: !paren && !after_operand,
                    is_group: paren && !after_operand,
                    names: Vec::new(),
                });
            }
            Token::ParenClose | Token::BracketClose | Token::BraceClose if stack.len() > 1 => {
                close(&mut stack, found);
            }
            Token::Comma => {
                if let Some(open) = stack.last_mut() {
                    open.builds |= open.is_group;
                }
            }
            Token::Ident(name) if !is_word(name) => {
                let attribute = at > 0 && matches!(tokens[at - 1].0, Token::Dot | Token::Pipe);
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
        close(&mut stack, found);
    }
}

/// Ends a bracket: its names are in a literal, or belong to the bracket around it.
fn close(stack: &mut Vec<Open>, found: &mut Vec<(String, usize)>) {
    let Some(open) = stack.pop() else { return };
    if open.builds {
        found.extend(open.names);
    } else if let Some(outer) = stack.last_mut() {
        outer.names.extend(open.names);
    }
}
