//! Roles of aichat: Markdown with a little front matter, or `roles.yaml`, a list of them.
//!
//! What aichat fills in by itself about the machine becomes an input.

use super::braces::scan;
use super::messages::join;
use super::sketch::{Bit, Field, Sketch, Text};
use super::tree::{self, Keys};
use super::{Given, Thing};
use serde_json::Value;

/// What aichat knows by itself, and what it is called here.
const KNOWN: [(&str, &str, &str); 8] = [
    ("__os__", "os", "Operating system"),
    ("__os_distro__", "os_distro", "Distribution"),
    ("__os_family__", "os_family", "Family of systems"),
    ("__arch__", "arch", "Processor"),
    ("__shell__", "shell", "Shell"),
    ("__locale__", "locale", "Language and region"),
    ("__now__", "now", "Date and time"),
    ("__cwd__", "cwd", "Folder"),
];

pub(super) fn read(given: &Given<'_>) -> Vec<Thing> {
    if given.is_a(&["yaml", "yml"]) {
        return list(given);
    }
    Thing::only(given.stem().to_owned(), role(given))
}

fn role(given: &Given<'_>) -> Result<Sketch, String> {
    let (keys, body) = tree::front(given.text)?;
    let mut sketch = Sketch::default();
    settings(&mut sketch, &keys)?;
    let known = ["model", "temperature", "top_p", "use_tools"];
    for key in tree::others(&keys, &known) {
        sketch.leave(format!("{key}: aichat does not read it either"));
    }
    prompt(&mut sketch, body)?;
    Ok(sketch)
}

/// `roles.yaml`, as it was before each role had a file.
fn list(given: &Given<'_>) -> Vec<Thing> {
    let all = match tree::yaml(given.text) {
        Ok(Value::Array(all)) => all,
        Ok(other) => {
            let why = format!("it must be a list of roles, not {}", tree::what(&other));
            return Thing::only(String::new(), Err(why));
        }
        Err(why) => return Thing::only(String::new(), Err(why)),
    };
    let roles = all.iter().enumerate().map(|(at, role)| {
        let name = role.get("name").and_then(tree::scalar).unwrap_or_default();
        Thing {
            at: format!("role {}", at + 1),
            sketch: listed(role, &name),
            name,
        }
    });
    roles.collect()
}

fn listed(role: &Value, name: &str) -> Result<Sketch, String> {
    let Value::Object(keys) = role else {
        return Err(format!(
            "a role must be a mapping, not {}",
            tree::what(role)
        ));
    };
    if name.trim().is_empty() {
        return Err("a role without a `name`".to_owned());
    }
    let mut sketch = Sketch {
        title: name.to_owned(),
        ..Sketch::default()
    };
    settings(&mut sketch, keys)?;
    let known = [
        "name",
        "prompt",
        "model",
        "temperature",
        "top_p",
        "use_tools",
    ];
    for key in tree::others(keys, &known) {
        sketch.leave(format!("{key}: aichat does not read it either"));
    }
    let text = tree::text(keys, "prompt")?;
    prompt(&mut sketch, text.as_deref().unwrap_or_default())?;
    Ok(sketch)
}

fn settings(sketch: &mut Sketch, keys: &Keys) -> Result<(), String> {
    if let Some(model) = tree::text(keys, "model")? {
        // The client is aichat's word for a provider, which a template does not choose.
        match model.split_once(':') {
            Some((client, id)) => {
                sketch.model(id);
                sketch.leave(format!("client `{client}`: a template names no provider"));
            }
            None => sketch.model(&model),
        }
    }
    for (key, ours) in [("temperature", "temperature"), ("top_p", "top_p")] {
        if let Some(value) = keys.get(key) {
            sketch.param((key, ours), value);
        }
    }
    if keys.get("use_tools").is_some_and(|tools| !tools.is_null()) {
        sketch.leave("use_tools: a template calls no tools");
    }
    Ok(())
}

/// The three shapes of a role: one message with a place for the text, examples, or instructions.
fn prompt(sketch: &mut Sketch, body: &str) -> Result<(), String> {
    if body.trim().is_empty() {
        return Err("there is no prompt in it".to_owned());
    }
    sketch.field(Field::input());
    if body.contains("__INPUT__") {
        sketch.body = text(sketch, body);
        return Ok(());
    }
    let Some(first) = heading(body, "### INPUT:") else {
        sketch.system = text(sketch, body);
        sketch.body = Text::of("input");
        return Ok(());
    };
    sketch.system = text(sketch, &body[..first]);
    let mut rest = &body[first..];
    let mut asked = Text::default();
    while let Some(after) = rest.strip_prefix("### INPUT:") {
        let end = heading(after, "### INPUT:").unwrap_or(after.len());
        let part = &after[..end];
        rest = &after[end..];
        if let Some(at) = heading(part, "### OUTPUT:") {
            let user = text(sketch, part[..at].trim());
            let answer = text(sketch, part[at + "### OUTPUT:".len()..].trim());
            sketch.examples.push((user, answer));
            continue;
        }
        let user = text(sketch, part.trim());
        if !user.is_blank() {
            sketch.leave("an `### INPUT:` without `### OUTPUT:` stands before your text");
            join(&mut asked, user);
        }
    }
    join(&mut asked, Text::of("input"));
    sketch.body = asked;
    Ok(())
}

/// Where a line begins with a heading.
fn heading(text: &str, heading: &str) -> Option<usize> {
    let mut from = 0;
    while let Some(at) = text[from..].find(heading).map(|at| from + at) {
        if at == 0 || text.as_bytes()[at - 1] == b'\n' {
            return Some(at);
        }
        from = at + heading.len();
    }
    None
}

fn text(sketch: &mut Sketch, text: &str) -> Text {
    let braced = scan(text, "{{__", |here| {
        let (mark, name, label) = KNOWN.into_iter().find(|(mark, ..)| {
            here[2..]
                .strip_prefix(mark)
                .is_some_and(|rest| rest.starts_with("}}"))
        })?;
        sketch.leave(format!(
            "`{{{{{mark}}}}}`: aichat fills it in; here it is an input"
        ));
        sketch.field(Field {
            label: label.to_owned(),
            ..Field::line(name)
        });
        Some((mark.len() + 4, Bit::Value(name.to_owned(), None)))
    });
    let mut out = Text::default();
    for bit in braced.0 {
        match bit {
            Bit::Said(said) => out.append(marks(&said)),
            bit => out.push(bit),
        }
    }
    out
}

/// `__INPUT__` and the numbered arguments of old roles.
fn marks(text: &str) -> Text {
    scan(text, "__", |here| {
        if here.starts_with("__INPUT__") {
            return Some((9, Bit::Value("input".to_owned(), None)));
        }
        let number = here.strip_prefix("__ARG")?;
        let digits = number.find(|c: char| !c.is_ascii_digit())?;
        let whole = (1..=2).contains(&digits) && number[digits..].starts_with("__");
        let name = format!("arg{}", &number[..digits.min(2)]);
        whole.then(|| (5 + digits + 2, Bit::Value(name, None)))
    })
}
