//! Going on with a sample that was cut off: the rest of the same text.
//!
//! Any other conversation is not its business.

use super::{sample, wire};
use serde_json::Value;

/// What follows the part of a sample that the request has as the last answer; `None` when it has
/// none.
pub(super) fn rest(asked: &Value) -> Option<String> {
    let turns = asked.get("messages").or_else(|| asked.get("input"))?;
    let [.., user, answer, more] = turns.as_array()?.as_slice() else {
        return None;
    };
    let roles = [user, answer, more].map(|turn| turn["role"].as_str());
    if roles != [Some("user"), Some("assistant"), Some("user")] {
        return None;
    }
    let (prompt, begun) = (
        wire::plain(&user["content"]),
        wire::plain(&answer["content"]),
    );
    (0..sample::TURNS).find_map(|turn| {
        let whole = sample::write(&prompt, turn);
        let rest = whole.strip_prefix(begun.as_str())?;
        (!rest.trim().is_empty()).then(|| rest.to_owned())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_sample_goes_on_where_it_was_cut() {
        let whole = sample::write("Topic: Kettles", 0);
        let other = sample::write("Topic: Kettles", 1);
        let cut = other.len() - 50;
        let asked = |name: &str, text: &str| {
            json!({name: [
                {"role": "user", "content": "Topic: Kettles"},
                {"role": "assistant", "content": text},
                {"role": "user", "content": "Go on."},
            ]})
        };
        for name in ["messages", "input"] {
            assert_eq!(rest(&asked(name, &whole[..50])).unwrap(), whole[50..]);
            assert_eq!(rest(&asked(name, &other[..cut])).unwrap(), other[cut..]);
            assert_eq!(rest(&asked(name, &whole)), None);
            assert_eq!(rest(&asked(name, "Something else")), None);
        }
        assert_eq!(rest(&json!({"input": "Topic: Kettles"})), None);
    }
}
