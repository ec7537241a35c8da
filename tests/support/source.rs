//! Reads Rust source as tokens and lists the paths it names, for `tests/architecture.rs`.
//!
//! Not a parser: it knows comments, literals, identifiers, `::` and the braces of `use` trees,
//! and nothing else. It must never be fooled by text inside a comment or a string.

use std::io;
use std::path::Path;

/// A path as the source names it, `self` and `super` already resolved to `crate::…`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Usage {
    /// Line, from 1.
    pub(crate) line: usize,
    /// Segments; a single one for a bare identifier.
    pub(crate) path: Vec<String>,
}

impl Usage {
    /// One line that tells where the path stands and why it may not.
    pub(crate) fn breach(&self, source: &Source, why: &str) -> String {
        format!(
            "{}:{}: `{}`: {why}",
            source.path,
            self.line,
            self.path.join("::")
        )
    }
}

/// One file of the tree.
#[derive(Debug)]
pub(crate) struct Source {
    /// Path from the root of the repository, with `/`.
    pub(crate) path: String,
    /// What stands in it.
    pub(crate) text: String,
    /// Every path it names, tests included.
    pub(crate) usages: Vec<Usage>,
    names: Vec<String>,
}

impl Source {
    /// Reads `text` as the file at `path`.
    pub(crate) fn new(path: &str, text: &str) -> Self {
        let tokens = tokens(text);
        let names = snapshot_names(&tokens);
        let usages = usages(path, &tokens);
        Self {
            path: path.to_owned(),
            text: text.to_owned(),
            usages,
            names,
        }
    }

    /// Lines up to the trailing `#[cfg(test)] mod … {`, or all of them.
    pub(crate) fn lines_before_tests(&self) -> usize {
        let lines: Vec<&str> = self.text.lines().collect();
        let tests = lines.iter().enumerate().position(|(at, line)| {
            let next = lines.get(at + 1).copied().unwrap_or("");
            *line == "#[cfg(test)]" && next.starts_with("mod ") && next.ends_with('{')
        });
        tests.unwrap_or(lines.len())
    }

    /// True for a file that only tests are compiled from.
    pub(crate) fn is_test_file(&self) -> bool {
        self.path.ends_with("/tests.rs") || self.path.contains("/tests/")
    }

    /// Paths named before the trailing tests.
    pub(crate) fn usages_outside_tests(&self) -> impl Iterator<Item = &Usage> {
        let end = self.lines_before_tests();
        self.usages.iter().filter(move |usage| usage.line <= end)
    }

    /// Function names and string literals: whatever a snapshot may be called after.
    pub(crate) fn snapshot_names(&self) -> impl Iterator<Item = &str> {
        self.names.iter().map(String::as_str)
    }
}

/// The `.rs` files under `root/folder`, in order of path. A missing folder has none.
pub(crate) fn read_tree(root: &Path, folder: &str) -> io::Result<Vec<Source>> {
    let paths = list(root, folder, "rs")?;
    let read = |path: &String| {
        let text = std::fs::read_to_string(root.join(path))?;
        Ok(Source::new(path, &text))
    };
    paths.iter().map(read).collect()
}

/// Paths, from `root`, of the files under `root/folder` with this extension.
pub(crate) fn list(root: &Path, folder: &str, extension: &str) -> io::Result<Vec<String>> {
    let mut found = Vec::new();
    let mut open = vec![root.join(folder)];
    while let Some(folder) = open.pop().filter(|folder| folder.is_dir()) {
        for entry in std::fs::read_dir(folder)? {
            let path = entry?.path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|found| found == extension) {
                let path = path.strip_prefix(root).unwrap_or(&path);
                found.push(path.to_string_lossy().replace('\\', "/"));
            }
        }
    }
    found.sort();
    Ok(found)
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Kind {
    Word(String),
    Text(String),
    Joint,
    Other(char),
}

#[derive(Debug, Clone)]
struct Token {
    line: usize,
    kind: Kind,
}

fn tokens(text: &str) -> Vec<Token> {
    let mut found = Vec::new();
    let (mut rest, mut line) = (text, 1);
    while let Some(first) = rest.chars().next() {
        let (kind, length) = next_token(rest, first);
        if let Some(kind) = kind {
            found.push(Token { line, kind });
        }
        line += rest[..length].matches('\n').count();
        rest = &rest[length..];
    }
    found
}

/// The token at the start of `rest` and its length in bytes; no token for space and comments.
fn next_token(rest: &str, first: char) -> (Option<Kind>, usize) {
    if rest.starts_with("//") {
        return (None, rest.find('\n').unwrap_or(rest.len()));
    }
    if rest.starts_with("/*") {
        return (None, block_comment(rest));
    }
    if let Some((text, length)) = literal(rest) {
        return (Some(Kind::Text(text)), length);
    }
    if rest.starts_with("::") {
        return (Some(Kind::Joint), 2);
    }
    if first.is_alphabetic() || first == '_' {
        let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_');
        let end = end.unwrap_or(rest.len());
        return (Some(Kind::Word(rest[..end].to_owned())), end);
    }
    if first.is_whitespace() {
        return (None, first.len_utf8());
    }
    (Some(Kind::Other(first)), first.len_utf8())
}

fn block_comment(text: &str) -> usize {
    let (mut depth, mut at) = (0_usize, 0);
    while at < text.len() {
        if text[at..].starts_with("/*") {
            depth += 1;
            at += 2;
        } else if text[at..].starts_with("*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                return at;
            }
        } else {
            at += text[at..].chars().next().map_or(1, char::len_utf8);
        }
    }
    text.len()
}

/// A string or character literal at the start of `text`: its inside and its length.
fn literal(text: &str) -> Option<(String, usize)> {
    let prefix = text.find(|c| !matches!(c, 'b' | 'c' | 'r'))?;
    let (raw, body) = (text[..prefix].contains('r'), &text[prefix..]);
    if prefix > 2 {
        return None;
    }
    if raw {
        let hashes = body.find(|c| c != '#')?;
        let inside = body[hashes..].strip_prefix('"')?;
        let close = format!("\"{}", &body[..hashes]);
        let end = inside.find(&close)?;
        let length = prefix + hashes + 1 + end + close.len();
        return Some((inside[..end].to_owned(), length));
    }
    let quote = body.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    if quote == '\'' && !is_character(body) {
        return None;
    }
    let mut escaped = false;
    for (at, c) in body.char_indices().skip(1) {
        if !escaped && c == quote {
            return Some((body[1..at].to_owned(), prefix + at + 1));
        }
        escaped = !escaped && c == '\\';
    }
    None
}

/// Tells `'a'` and `'\n'` from the lifetime `'a`.
fn is_character(body: &str) -> bool {
    let mut chars = body.chars().skip(1);
    matches!(
        (chars.next(), chars.next()),
        (Some('\\'), _) | (Some(_), Some('\''))
    )
}

fn snapshot_names(tokens: &[Token]) -> Vec<String> {
    let mut names = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        let after_fn = at > 0 && tokens[at - 1].kind == Kind::Word("fn".to_owned());
        match &token.kind {
            Kind::Word(word) if after_fn => names.push(word.clone()),
            Kind::Text(text) if text.len() > 2 => {
                // A format string names a family: what stands before its first hole.
                let stem = text.split('{').next().unwrap_or(text).trim_end_matches('_');
                names.extend((!stem.is_empty()).then(|| stem.to_owned()));
            }
            _ => {}
        }
    }
    names
}

fn usages(path: &str, tokens: &[Token]) -> Vec<Usage> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        match &tokens[at].kind {
            Kind::Word(word) if word == "use" => at = use_tree(tokens, at + 1, &[], &mut found),
            Kind::Word(_) => at = inline_path(tokens, at, &mut found),
            _ => at += 1,
        }
    }
    let home = module_of(path);
    for usage in &mut found {
        usage.path = resolved(std::mem::take(&mut usage.path), &home);
    }
    found
}

/// Collects every leaf of the tree at `at` and returns where it ends.
fn use_tree(tokens: &[Token], mut at: usize, prefix: &[String], found: &mut Vec<Usage>) -> usize {
    let mut path = prefix.to_vec();
    let mut open = true;
    while let Some(token) = tokens.get(at) {
        match &token.kind {
            Kind::Word(word) if word == "as" => at += 1,
            Kind::Word(word) if word == "self" && !path.is_empty() => {}
            Kind::Word(word) => path.push(word.clone()),
            Kind::Joint | Kind::Other('*') => {}
            Kind::Other('{') => {
                at += 1;
                while tokens
                    .get(at)
                    .is_some_and(|token| token.kind != Kind::Other('}'))
                {
                    at = use_tree(tokens, at, &path, found);
                    if tokens
                        .get(at)
                        .is_some_and(|token| token.kind == Kind::Other(','))
                    {
                        at += 1;
                    }
                }
                open = false;
            }
            _ => break,
        }
        at += 1;
    }
    let line = tokens
        .get(at.saturating_sub(1))
        .map_or(0, |token| token.line);
    if open && !path.is_empty() {
        found.push(Usage { line, path });
    }
    at
}

fn inline_path(tokens: &[Token], mut at: usize, found: &mut Vec<Usage>) -> usize {
    let line = tokens[at].line;
    let mut path = Vec::new();
    while let Some(Kind::Word(word)) = tokens.get(at).map(|token| &token.kind) {
        path.push(word.clone());
        at += 1;
        if tokens.get(at).is_none_or(|token| token.kind != Kind::Joint) {
            break;
        }
        at += 1;
    }
    found.push(Usage { line, path });
    at
}

/// Segments of the module that a file is: `src/app/update.rs` is `app::update`.
fn module_of(path: &str) -> Vec<String> {
    let inside = path.strip_prefix("src/").unwrap_or(path);
    let stem = inside.trim_end_matches(".rs").trim_end_matches("/mod");
    stem.split('/').map(str::to_owned).collect()
}

/// `super::super::x` as `crate::…::x`. A chain that leads to the root names a floor.
fn resolved(path: Vec<String>, home: &[String]) -> Vec<String> {
    let ups = path
        .iter()
        .take_while(|segment| *segment == "super")
        .count();
    if ups == 0 {
        return path;
    }
    let kept = home.len().saturating_sub(ups);
    let start = std::iter::once("crate".to_owned()).chain(home[..kept].iter().cloned());
    start.chain(path.into_iter().skip(ups)).collect()
}
