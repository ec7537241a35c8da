//! Limits of a line or a text: how long it may be, and what it has to look like.
//!
//! Owns the pattern, compiled once. Never decides whether an input may be empty.

use regex::{Regex, RegexBuilder};

/// Most memory that a compiled pattern may take, in bytes.
const MAX_PATTERN: usize = 256 * 1024;

/// What a line or a text has to keep to. Without any limit, every text does.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Limits {
    /// The fewest characters.
    pub min: Option<usize>,
    /// The most characters.
    pub max: Option<usize>,
    /// What the whole of it has to look like.
    pub pattern: Option<Pattern>,
}

/// A regular expression that a whole text has to match.
#[derive(Debug, Clone)]
pub struct Pattern {
    written: String,
    regex: Regex,
}

impl Pattern {
    /// Compiles a pattern, or says what is wrong with it.
    pub fn new(written: &str) -> Result<Self, String> {
        let whole = format!(r"\A(?:{written})\z");
        match RegexBuilder::new(&whole).size_limit(MAX_PATTERN).build() {
            Ok(regex) => Ok(Self {
                written: written.to_owned(),
                regex,
            }),
            Err(regex::Error::CompiledTooBig(_)) => {
                Err("the pattern is too large; make it shorter".to_owned())
            }
            Err(error) => {
                // The last line says what; those before it draw the pattern.
                let words = error.to_string();
                let what = words.lines().last().unwrap_or_default();
                let what = what.trim().trim_start_matches("error: ");
                Err(format!("`{written}` is not a regular expression: {what}"))
            }
        }
    }

    /// The pattern as it is written.
    pub fn as_str(&self) -> &str {
        &self.written
    }
}

impl PartialEq for Pattern {
    fn eq(&self, other: &Self) -> bool {
        self.written == other.written
    }
}

impl Limits {
    /// Says why a text does not keep to the limits, if it does not.
    pub fn check(&self, text: &str) -> Result<(), String> {
        if self.min.is_some() || self.max.is_some() {
            let count = text.chars().count();
            if let Some(min) = self.min.filter(|min| count < *min) {
                return Err(format!("has {count} characters; at least {min} are needed"));
            }
            if let Some(max) = self.max.filter(|max| count > *max) {
                return Err(format!("has {count} characters; at most {max} are allowed"));
            }
        }
        match &self.pattern {
            Some(pattern) if !pattern.regex.is_match(text) => {
                Err(format!("does not match the pattern `{}`", pattern.written))
            }
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_is_about_the_whole_text() {
        let limits = Limits {
            pattern: Some(Pattern::new("[A-Z]+-[0-9]+|none").unwrap()),
            ..Limits::default()
        };
        assert_eq!(limits.check("ABC-12"), Ok(()));
        assert_eq!(limits.check("none"), Ok(()));
        for bad in ["ABC-12 and more", "x none", "", "ABC-12\n"] {
            let told = limits.check(bad).unwrap_err();
            assert_eq!(told, "does not match the pattern `[A-Z]+-[0-9]+|none`");
        }
    }

    #[test]
    fn a_length_counts_characters() {
        let limits = Limits {
            min: Some(2),
            max: Some(3),
            pattern: None,
        };
        assert_eq!(limits.check("äöü"), Ok(()));
        let short = limits.check("ä").unwrap_err();
        assert_eq!(short, "has 1 characters; at least 2 are needed");
        let long = limits.check("äöüß").unwrap_err();
        assert_eq!(long, "has 4 characters; at most 3 are allowed");
    }

    #[test]
    fn a_pattern_that_is_none_or_too_large_is_told() {
        let told = Pattern::new("a(b").unwrap_err();
        assert!(
            told.starts_with("`a(b` is not a regular expression:"),
            "{told}"
        );
        assert!(!told.contains('\n'), "{told}");
        let told = Pattern::new("(a{1000}){1000}").unwrap_err();
        assert_eq!(told, "the pattern is too large; make it shorter");
    }
}
