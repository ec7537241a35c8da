//! A conversation as a prompt: system messages together, pairs as examples, the rest to be sent.

use super::sketch::{Sketch, Text};

/// Who says a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// The instructions.
    System,
    /// The person.
    User,
    /// The model.
    Assistant,
}

impl Role {
    /// The role of a word.
    pub(super) fn named(word: &str) -> Option<Self> {
        match word {
            "system" | "developer" => Some(Self::System),
            "user" | "human" => Some(Self::User),
            "assistant" | "model" => Some(Self::Assistant),
            _ => None,
        }
    }
}

/// Fills a sketch with messages in their order.
pub(super) fn converse(sketch: &mut Sketch, messages: Vec<(Role, Text)>) {
    let mut asked = Text::default();
    for (role, text) in messages {
        if text.is_blank() {
            continue;
        }
        match role {
            Role::System => join(&mut sketch.system, text),
            Role::User => join(&mut asked, text),
            Role::Assistant if asked.is_blank() => match sketch.examples.last_mut() {
                Some((_, answer)) => join(answer, text),
                None => sketch.leave("an answer that stands before any question"),
            },
            Role::Assistant => sketch.examples.push((std::mem::take(&mut asked), text)),
        }
    }
    sketch.body = asked;
}

/// Adds a text below another.
pub(super) fn join(text: &mut Text, more: Text) {
    if !text.is_blank() {
        text.said("\n\n");
    }
    text.append(more);
}
