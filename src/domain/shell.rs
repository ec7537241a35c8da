//! Words of a POSIX shell: text as one word of a command line that can be pasted.

/// One word that a shell reads as exactly `text`, whatever stands in it. Not for NUL, which no
/// command line can carry.
pub fn quoted(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "_-./:=,+@%".contains(c);
    // A bare `=` or `~` in front means something to one shell or another.
    let starts = text.starts_with(|c: char| c.is_ascii_alphanumeric() || "_-./".contains(c));
    if starts && text.chars().all(plain) {
        return text.to_owned();
    }
    format!("'{}'", text.replace('\'', r"'\''"))
}

/// The value of an environment variable inside double quotes, whatever the variable is called.
pub fn variable(name: &str) -> String {
    let mut chars = name.chars();
    let first = chars.next();
    let usual = first.is_some_and(|c| c.is_ascii_alphabetic() || c == '_')
        && chars.all(|c| c.is_ascii_alphanumeric() || c == '_');
    if usual {
        format!("${name}")
    } else {
        format!("$(printenv {})", quoted(name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_needs_quotes_has_them() {
        for (text, word) in [
            ("blog-post", "blog-post"),
            ("-i", "-i"),
            ("topic=Rust", "topic=Rust"),
            ("a b", "'a b'"),
            ("it's", r"'it'\''s'"),
            ("$HOME `id` \"x\" \\", "'$HOME `id` \"x\" \\'"),
            ("one\ntwo", "'one\ntwo'"),
            ("~", "'~'"),
            ("=ls", "'=ls'"),
            ("é", "'é'"),
            ("", "''"),
        ] {
            assert_eq!(quoted(text), word);
        }
    }

    #[test]
    fn a_variable_with_an_odd_name_is_still_read() {
        assert_eq!(variable("OPENAI_API_KEY"), "$OPENAI_API_KEY");
        assert_eq!(variable("MY-KEY"), "$(printenv MY-KEY)");
        assert_eq!(variable("1'; x"), r"$(printenv '1'\''; x')");
    }
}
